"""Does every referral that was acknowledged exist, whole and once, when the program is killed at any moment?"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import text

from bot.db import Database
from bot.referrals.access import open_referral
from bot.referrals.record import Reader
from bot.security.store import verify_audit
from tests.bot.referrals.samples import NOW, make_house

ROOT = Path(__file__).parents[3]
KILLS = 6
SUBMIT = """
import sys
from bot.db import Database
from bot.referrals.submit import submit_referral
from tests.bot.referrals.samples import NOW, make_house, request

house = make_house(Database(sys.argv[1]), webhook="http://127.0.0.1:9/")
for number in range(10_000):
    made = submit_referral(house, request(case_key=f"{sys.argv[2]}-{number}"), NOW)
    print(made.reference, flush=True)
"""


def test_killed_at_random_moments_nothing_acknowledged_is_lost(db: Database, database_url: str) -> None:
    acknowledged: list[str] = []
    for kill in range(KILLS):
        program = subprocess.Popen(
            [sys.executable, "-c", SUBMIT, database_url, f"run{kill}"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert program.stdout is not None
        acknowledged.append(program.stdout.readline().strip())
        time.sleep(random.uniform(0.0, 0.2))  # noqa: S311 - a moment, not a secret
        program.send_signal(signal.SIGKILL)
        # A last line cut short was not acknowledged.
        lines = program.stdout.read().splitlines(keepends=True)
        acknowledged += [line.strip() for line in lines if line.endswith("\n")]
        program.wait(timeout=10)

    with db.transaction() as session:
        kept = set(session.execute(text("SELECT reference FROM referrals")).scalars())
        whole = session.execute(
            text(
                "SELECT count(*) FROM referrals r WHERE"
                " (SELECT count(*) FROM outbox o WHERE o.subject = r.id) = 2"
                " AND (SELECT count(*) FROM receiver_links l WHERE l.subject = r.id) = 1"
                " AND (SELECT count(*) FROM referral_states s WHERE s.referral_id = r.id) = 1"
                " AND (SELECT count(*) FROM audit a WHERE a.subject = r.id) = 1"
                " AND (SELECT count(*) FROM consents c WHERE c.case_key = r.case_key) = 1"
            )
        ).scalar_one()
        counts = {
            table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - names below
            for table in ("outbox", "receiver_links", "referral_states", "consents", "audit")
        }
        assert verify_audit(session) is None
    assert len(acknowledged) >= KILLS
    assert set(acknowledged) <= kept
    assert len(kept) - len(acknowledged) <= KILLS
    assert whole == len(kept)
    assert counts["outbox"] == 2 * len(kept)
    assert {counts[t] for t in ("receiver_links", "referral_states", "consents", "audit")} == {len(kept)}
    opened = open_referral(make_house(db), acknowledged[-1], reader=Reader("a", lambda _: True), now=NOW)
    assert opened.letter is not None
