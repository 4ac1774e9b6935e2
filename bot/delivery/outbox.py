"""What is to be sent next, and what became of it? Claimed with a lease, tried for five days, never dropped."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.db import Database, Session
from bot.delivery import store
from bot.delivery.record import KEEP_TRYING, DeliveryFailed, DeliveryStatus, Envelope, Sender
from bot.security.keyring import KeyMissing, Keyring, SealBroken
from bot.security.store import append_audit

FIRST_WAIT = dt.timedelta(seconds=5)
LONGEST_WAIT = dt.timedelta(minutes=30)
#: Longer than any sender may take, so that a delivery is never sent by two workers at once.
LEASE = dt.timedelta(seconds=90)
SEND_SECONDS = 45
BATCH = 20
#: From when a person must hear that something is late (trust.md 4, F12).
LATE_AFTER = {"urgent": dt.timedelta(minutes=15)}
LATE_OTHERWISE = dt.timedelta(minutes=60)

_ACTOR = "system:delivery"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DeliveryHouse:
    """What delivery works with. `senders` by kind; `on_delivered` runs in the transaction that records a delivery.

    `chance` gives the jitter, 0..1.
    """

    db: Database
    keyring: Keyring
    senders: Mapping[str, Sender]
    on_delivered: Callable[[Session, Envelope, dt.datetime], None] = lambda _session, _envelope, _now: None
    chance: Callable[[], float] = field(default=random.SystemRandom().random)


def enqueue(
    session: Session,
    keyring: Keyring,
    *,
    kind: str,
    subject: str,
    destination: str,
    priority: str,
    payload: Mapping[str, Any],
    now: dt.datetime,
) -> str:
    """Put one envelope in the outbox, in the caller's transaction; its delivery id. The payload is sealed."""
    delivery_id = uuid.uuid4().hex
    store.insert_delivery(
        session,
        id=delivery_id,
        kind=kind,
        subject=subject,
        destination=destination,
        priority=priority,
        payload=keyring.seal(json.dumps(payload), table="outbox", row=delivery_id, field="payload"),
        created_at=now,
        next_try_at=now,
        give_up_at=now + KEEP_TRYING,
    )
    return delivery_id


async def deliver_due(house: DeliveryHouse, now: dt.datetime) -> int:
    """Try at most one batch of what is due; how many were tried. Run it again while it says BATCH.

    Nothing is open in the database while something is being sent. When this process dies on the way, the lease runs
    out and the same envelope, under the same id, is sent again. Raises DatabaseUnavailable.
    """
    lease = uuid.uuid4().hex
    claimed = await asyncio.to_thread(_claim, house, lease, now)
    results = await asyncio.gather(*(_deliver(house, row, lease, now) for row in claimed), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return len(claimed)


def list_troubled(db: Database, now: dt.datetime) -> list[DeliveryStatus]:
    """What a person must look at: held, or under way for longer than its priority allows."""
    with db.transaction() as session:
        found = store.list_deliveries(session, states=("waiting", "delivering", "held"))
    return [status for status in found if status.state == "held" or _is_late(status.priority, status.created_at, now)]


def retry_held(db: Database, delivery_id: str, *, actor: str, now: dt.datetime) -> bool:
    """Let a held delivery be tried again, for another five days; False when it is not held."""
    with db.transaction() as session:
        done = store.requeue_held(session, delivery_id, now=now, give_up_at=now + KEEP_TRYING)
        if done:
            append_audit(session, actor=actor, action="delivery.retried", subject=delivery_id, now=now)
    return done


def reseal_payloads(db: Database, keyring: Keyring, batch: int = 200) -> int:
    """Seal again what an older key sealed, a batch a transaction; how many. Safe to stop and to run again."""
    changed, after = 0, ""
    while True:
        with db.transaction() as session:
            rows = store.sealed_payloads(session, after=after, limit=batch)
            for delivery_id, old in rows:
                after = delivery_id
                if keyring.needs_resealing(old):
                    place = {"table": "outbox", "row": delivery_id, "field": "payload"}
                    new = keyring.seal(keyring.open_sealed(old, **place), **place)
                    changed += store.replace_payload(session, delivery_id, old=old, new=new)
        if not rows:
            return changed


def wait_before(attempt: int, chance: float) -> dt.timedelta:
    """How long to wait after the attempt of this number: 5 s, doubling to 30 min, each shortened by up to a quarter."""
    doubled = FIRST_WAIT * int(2 ** min(attempt - 1, 12))
    return min(doubled, LONGEST_WAIT) * (1 - chance / 4)


def _claim(house: DeliveryHouse, lease: str, now: dt.datetime) -> list[Any]:
    with house.db.transaction() as session:
        return store.claim_due(session, lease=lease, now=now, until=now + LEASE, limit=BATCH)


async def _deliver(house: DeliveryHouse, row: Any, lease: str, now: dt.datetime) -> None:
    failure = None
    try:
        envelope = _open(house, row)
        await asyncio.wait_for(house.senders[row.kind](envelope), SEND_SECONDS)
    except DeliveryFailed as error:
        failure = error.code
    except (asyncio.TimeoutError, TimeoutError):
        failure = "timeout"
    except (SealBroken, KeyMissing) as error:
        failure = type(error).__name__
    except Exception as error:
        # A sender that breaks must not lose the envelope: it is tried again like any other failure, and shouted.
        failure = f"unexpected_{type(error).__name__}"[:64]
        _log.error("delivery.sender_broke", delivery=row.id, kind=row.kind, error=type(error).__name__)
    if failure is None:
        await asyncio.to_thread(_record_delivered, house, envelope, lease, now)
    else:
        await asyncio.to_thread(_record_failure, house, row, lease, failure, now)


def _open(house: DeliveryHouse, row: Any) -> Envelope:
    opened = house.keyring.open_sealed(row.payload, table="outbox", row=row.id, field="payload")
    return Envelope(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        destination=row.destination,
        priority=row.priority,
        payload=json.loads(opened),
        attempt=row.attempts,
        created_at=row.created_at,
    )


def _record_delivered(house: DeliveryHouse, envelope: Envelope, lease: str, now: dt.datetime) -> None:
    details = {"kind": envelope.kind, "to": envelope.destination, "attempt": envelope.attempt}
    with house.db.transaction() as session:
        # What was delivered is kept in the referral; the envelope's copy is not needed any more.
        done = store.finish_delivery(
            session, envelope.id, lease=lease, state="delivered", delivered_at=now, payload=None, last_error=None
        )
        if done:
            house.on_delivered(session, envelope, now)
            append_audit(
                session, actor=_ACTOR, action="delivery.delivered", subject=envelope.subject, details=details, now=now
            )
    _log.info("delivery.delivered", delivery=envelope.id, **details)


def _record_failure(house: DeliveryHouse, row: Any, lease: str, code: str, now: dt.datetime) -> None:
    gives_up = now >= row.give_up_at
    next_try = now + wait_before(row.attempts, house.chance())
    details = {"kind": row.kind, "to": row.destination, "attempt": row.attempts, "error": code}
    with house.db.transaction() as session:
        done = store.finish_delivery(
            session,
            row.id,
            lease=lease,
            state="held" if gives_up else "waiting",
            # The last try falls on the very end, not up to half an hour after it.
            next_try_at=now if gives_up else min(next_try, max(row.give_up_at, now + FIRST_WAIT)),
            last_error=code,
        )
        if done and gives_up:
            append_audit(session, actor=_ACTOR, action="delivery.held", subject=row.subject, details=details, now=now)
    if gives_up:
        _log.error("delivery.held", delivery=row.id, subject=row.subject, **details)
    elif _is_late(row.priority, row.created_at, now):
        _log.error("delivery.late", delivery=row.id, subject=row.subject, **details)
    else:
        _log.warning("delivery.failed", delivery=row.id, **details)


def _is_late(priority: str, created_at: dt.datetime, now: dt.datetime) -> bool:
    return now - created_at > LATE_AFTER.get(priority, LATE_OTHERWISE)
