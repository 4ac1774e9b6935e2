"""Does every envelope arrive, under one id, whatever fails on the way?"""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.db import Database, Session
from bot.delivery.outbox import DeliveryHouse, deliver_due, enqueue, list_troubled, retry_held, wait_before
from bot.delivery.record import DeliveryFailed, DeliveryStatus, Envelope
from bot.delivery.store import list_deliveries
from bot.security.keyring import Keyring
from bot.security.store import list_audit, verify_audit

KEY = Keyring({"k1": b"1" * 32})
NOW = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.timezone.utc)
ROOT = Path(__file__).parents[3]


class Post:
    """A sender that fails with these codes in turn, then takes everything."""

    def __init__(self, *failures: str) -> None:
        self.failures = list(failures)
        self.taken: list[Envelope] = []
        self.tried: list[str] = []

    async def __call__(self, envelope: Envelope) -> None:
        await asyncio.sleep(0)
        self.tried.append(envelope.id)
        if self.failures:
            raise DeliveryFailed(self.failures.pop(0))
        self.taken.append(envelope)


def house(db: Database, post: Callable[[Envelope], Awaitable[None]], keyring: Keyring = KEY) -> DeliveryHouse:
    return DeliveryHouse(db, keyring, {"mail": post}, chance=lambda: 0.0)


def put(
    db: Database, subject: str = "r1", priority: str = "standard", kind: str = "mail", now: dt.datetime = NOW
) -> str:
    with db.transaction() as session:
        return enqueue(
            session,
            KEY,
            kind=kind,
            subject=subject,
            destination="harmony",
            priority=priority,
            payload={"subject": "s", "body": "sealed words"},
            now=now,
        )


def statuses(db: Database) -> list[DeliveryStatus]:
    with db.transaction() as session:
        return list_deliveries(session)


def deliver(house: DeliveryHouse, now: dt.datetime) -> int:
    return asyncio.run(deliver_due(house, now))


def test_an_envelope_is_delivered_once(db: Database) -> None:
    post = Post()
    delivery = put(db)
    assert deliver(house(db, post), NOW) == 1
    assert deliver(house(db, post), NOW + dt.timedelta(days=9)) == 0
    (envelope,) = post.taken
    assert (envelope.id, envelope.attempt, envelope.payload["body"]) == (delivery, 1, "sealed words")
    (status,) = statuses(db)
    assert (status.state, status.delivered_at, status.last_error) == ("delivered", NOW, None)


def test_a_failure_is_tried_again_later_under_the_same_id(db: Database) -> None:
    post = Post("smtp_451", "timeout")
    delivery = put(db)
    assert deliver(house(db, post), NOW) == 1
    (status,) = statuses(db)
    assert (status.state, status.last_error, status.attempts) == ("waiting", "smtp_451", 1)
    assert deliver(house(db, post), NOW + dt.timedelta(seconds=4)) == 0
    assert deliver(house(db, post), NOW + dt.timedelta(seconds=5)) == 1
    assert deliver(house(db, post), NOW + dt.timedelta(seconds=60)) == 1
    assert post.tried == [delivery] * 3
    assert [status.state for status in statuses(db)] == ["delivered"]


def test_the_wait_grows_from_five_seconds_to_half_an_hour() -> None:
    waits = [wait_before(attempt, 0).total_seconds() for attempt in (1, 2, 3, 9, 10, 500)]
    assert waits == [5, 10, 20, 1280, 1800, 1800]
    assert wait_before(1, 1).total_seconds() == 3.75


def test_five_days_of_failure_lose_nothing_and_are_shouted(db: Database) -> None:
    class Dead(Post):
        async def __call__(self, envelope: Envelope) -> None:
            self.tried.append(envelope.id)
            raise DeliveryFailed("unreachable")

    dead, now = Dead(), NOW
    delivery = put(db)
    with capture_logs() as logs:
        for _ in range(1000):
            assert deliver(house(db, dead), now) == 1
            (status,) = statuses(db)
            if status.state == "held":
                break
            assert status.state == "waiting"
            assert now < status.next_try_at <= now + dt.timedelta(minutes=30)
            now = status.next_try_at
    assert now - NOW >= dt.timedelta(hours=120)
    assert now - NOW < dt.timedelta(hours=121)
    assert set(dead.tried) == {delivery}
    assert len(dead.tried) > 200
    assert [line["event"] for line in logs if line["log_level"] == "error"][-1] == "delivery.held"
    assert deliver(house(db, dead), now + dt.timedelta(days=30)) == 0
    with db.transaction() as session:
        assert [row.action for row in list_audit(session)] == ["delivery.held"]
    assert [status.id for status in list_troubled(db, now)] == [delivery]
    assert retry_held(db, delivery, actor="adviser:1", now=now)
    assert not retry_held(db, delivery, actor="adviser:1", now=now)
    post = Post()
    assert deliver(house(db, post), now) == 1
    assert post.taken[0].payload["body"] == "sealed words"


def test_what_is_late_is_shown_by_its_urgency(db: Database) -> None:
    urgent, standard = put(db, priority="urgent"), put(db)
    assert list_troubled(db, NOW + dt.timedelta(minutes=15)) == []
    assert [s.id for s in list_troubled(db, NOW + dt.timedelta(minutes=16))] == [urgent]
    assert {s.id for s in list_troubled(db, NOW + dt.timedelta(minutes=61))} == {urgent, standard}


def test_urgent_ones_go_first(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.outbox.BATCH", 1)
    put(db, "late", now=NOW - dt.timedelta(hours=1))
    put(db, "high", priority="high")
    put(db, "urgent", priority="urgent")
    post = Post()
    for _ in range(3):
        deliver(house(db, post), NOW)
    assert [envelope.subject for envelope in post.taken] == ["urgent", "high", "late"]


def test_workers_at_once_send_each_envelope_once(db: Database) -> None:
    ids = {put(db, f"r{number}") for number in range(30)}
    post, counts = Post(), []

    def work() -> None:
        counts.append(sum(deliver(house(db, post), NOW) for _ in range(4)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 30
    assert sorted(post.tried) == sorted(ids)
    assert {status.state for status in statuses(db)} == {"delivered"}
    with db.transaction() as session:
        assert verify_audit(session) is None


KILLED = """
import asyncio, datetime, os, signal, sys
from bot.db import Database
from bot.delivery.outbox import DeliveryHouse, deliver_due
from bot.security.keyring import Keyring

async def die(envelope):
    print(envelope.id, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

house = DeliveryHouse(Database(sys.argv[1]), Keyring({"k1": b"1" * 32}), {"mail": die})
asyncio.run(deliver_due(house, datetime.datetime.fromisoformat(sys.argv[2])))
"""


def test_a_worker_killed_while_sending_is_made_good(db: Database, database_url: str) -> None:
    delivery = put(db)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database_url, NOW.isoformat()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert killed.stdout.strip() == delivery
    post = Post()
    assert deliver(house(db, post), NOW + dt.timedelta(seconds=60)) == 0
    assert deliver(house(db, post), NOW + dt.timedelta(seconds=91)) == 1
    assert post.tried == [delivery]
    assert post.taken[0].attempt == 2


def test_a_worker_that_lost_its_lease_changes_nothing(db: Database) -> None:
    put(db)
    quick = Post()

    async def slow(_envelope: Envelope) -> None:
        later = NOW + dt.timedelta(seconds=91)
        assert await deliver_due(house(db, quick), later) == 1
        raise DeliveryFailed("timeout")

    assert deliver(house(db, slow), NOW) == 1
    (status,) = statuses(db)
    assert (status.state, status.last_error) == ("delivered", None)


def test_a_sender_that_breaks_or_hangs_loses_nothing(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.outbox.SEND_SECONDS", 0.05)
    put(db)

    async def broken(_envelope: Envelope) -> None:
        raise ZeroDivisionError

    async def hangs(_envelope: Envelope) -> None:
        await asyncio.Event().wait()

    deliver(house(db, broken), NOW)
    assert statuses(db)[0].last_error == "unexpected_ZeroDivisionError"
    deliver(house(db, hangs), NOW + dt.timedelta(minutes=1))
    assert statuses(db)[0].last_error == "timeout"
    assert statuses(db)[0].state == "waiting"


def test_a_missing_key_or_an_unknown_way_waits_for_repair(db: Database) -> None:
    put(db)
    deliver(house(db, Post(), Keyring({"k9": b"9" * 32})), NOW)
    assert statuses(db)[0].last_error == "KeyMissing"
    put(db, kind="pigeon")
    deliver(house(db, Post()), NOW + dt.timedelta(minutes=1))
    assert {(s.kind, s.state) for s in statuses(db)} == {("mail", "delivered"), ("pigeon", "waiting")}


def test_what_happens_on_delivery_is_one_with_it(db: Database) -> None:
    put(db)

    def refuse(_session: Session, _envelope: Envelope, _now: dt.datetime) -> None:
        raise KeyError("cannot be noted")

    post = Post()
    with pytest.raises(KeyError):
        deliver(DeliveryHouse(db, KEY, {"mail": post}, refuse), NOW)
    assert statuses(db)[0].state == "delivering"
    noted: list[Any] = []
    later = NOW + dt.timedelta(seconds=91)
    deliver(DeliveryHouse(db, KEY, {"mail": post}, lambda _s, e, now: noted.append((e.subject, now))), later)
    assert noted == [("r1", later)]


def test_logs_hold_ids_and_codes_only(db: Database) -> None:
    put(db)
    with capture_logs() as logs:
        deliver(house(db, Post("smtp_550")), NOW)
        deliver(house(db, Post()), NOW + dt.timedelta(minutes=1))
    assert [line["event"] for line in logs] == ["delivery.failed", "delivery.delivered"]
    assert "sealed words" not in str(logs)
