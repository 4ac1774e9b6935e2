"""Do the tables go up and down with data in them, and match what the stores say?"""

from __future__ import annotations

import importlib
import threading
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot.db import Database, metadata

ROOT = Path(__file__).parents[3]
MIGRATIONS = ROOT / "bot" / "db" / "migrations"
ROWS = (
    "INSERT INTO audit (id, at, actor, action, subject, details, previous, hash)"
    " VALUES (1, '2026-01-01 00:00:00', 'a', 'b', 'c', '{}', '0', '1')",
    "INSERT INTO referrals (id, reference, case_key, conversation_id, service_id, service_name, purpose, kind,"
    " priority, channel, language, state, created_at, updated_at) VALUES ('r', 'HV-AAAA-AAAA', 'k', 'c', 's', 'S',"
    " 'p', 'asb', 'standard', 'web', 'en', 'open', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
    "INSERT INTO referral_states (referral_id, to_state, actor, at) VALUES ('r', 'open', 'a', '2026-01-01 00:00:00')",
)


def tables(db: Database) -> set[str]:
    with db.transaction() as session:
        return set(inspect(session.connection()).get_table_names())


def test_every_step_goes_down_and_up_again_with_rows_in_it(database_url: str) -> None:
    db = Database(database_url)
    steps = [script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]
    assert steps[0] == "0001"
    for number, step in enumerate(steps):
        db.migrate(step)
        full = tables(db)
        if step == "0001":
            with db.transaction() as session:
                for row in ROWS:
                    session.execute(text(row))
        else:
            db.downgrade(steps[number - 1])
            db.migrate(step)
            assert tables(db) == full
    with db.transaction() as session:
        assert session.execute(text("SELECT reference FROM referrals")).scalar_one() == "HV-AAAA-AAAA"
    db.downgrade("base")
    assert tables(db) == {"alembic_version"}
    db.migrate()
    assert "referrals" in tables(db)


def test_migrations_and_stores_agree(db: Database) -> None:
    for store in (ROOT / "bot").rglob("store.py"):
        importlib.import_module(".".join(store.relative_to(ROOT).with_suffix("").parts))
    with db.transaction() as session:
        differences = compare_metadata(MigrationContext.configure(session.connection()), metadata)
    assert differences == []


def test_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Database(database_url).migrate()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert "outbox" in tables(Database(database_url))
