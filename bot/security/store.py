"""Who did what, when? An append-only chain: each audit row carries the hash of the one before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, func, insert, select, update

from bot.db import JsonText, Session, UtcDateTime, metadata
from bot.security.redaction import redact

_FIRST = "0" * 64
_LONGEST_DETAIL = 200

_audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("details", JsonText, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

#: One row: the end of the chain. Whoever appends holds it until the commit, so rows follow one another.
_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_id", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)


@dataclass(frozen=True)
class AuditRow:
    """One thing that was done. `actor` and `subject` are ids, never names; `details` holds codes and counts."""

    id: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


def append_audit(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    details: Mapping[str, Any] | None = None,
    now: dt.datetime,
) -> int:
    """Add a row at the end of the chain; its id. Call it last: until the commit every other writer waits.

    `details` is for codes and counts: text in it is redacted and cut at 200 characters.
    """
    # The update takes the row's lock, so that what is read next is the newest end of the chain.
    session.execute(update(_head).where(_head.c.id == 1).values(last_id=_head.c.last_id + 1))
    row_id, previous = session.execute(select(_head.c.last_id, _head.c.hash).where(_head.c.id == 1)).one()
    row = AuditRow(
        id=row_id,
        at=now.astimezone(dt.timezone.utc),
        actor=actor,
        action=action,
        subject=subject,
        details={key: _impersonal(value) for key, value in (details or {}).items()},
    )
    digest = _digest(row, previous)
    session.execute(
        insert(_audit).values(
            id=row.id,
            at=row.at,
            actor=row.actor,
            action=row.action,
            subject=row.subject,
            details=row.details,
            previous=previous,
            hash=digest,
        )
    )
    session.execute(update(_head).where(_head.c.id == 1).values(hash=digest))
    return row.id


def verify_audit(session: Session) -> int | None:
    """The id of the first row that was changed, removed or put in by another hand; None when the chain is whole."""
    expected, previous = 1, _FIRST
    last_id, last_hash = session.execute(select(_head.c.last_id, _head.c.hash).where(_head.c.id == 1)).one()
    up_to_here = select(_audit).where(_audit.c.id <= last_id).order_by(_audit.c.id)
    for kept in session.execute(up_to_here).yield_per(500):
        if kept.id != expected or kept.previous != previous or _digest(_row(kept), previous) != kept.hash:
            return min(int(kept.id), expected)
        expected, previous = expected + 1, kept.hash
    if last_id != expected - 1:
        return expected
    if last_hash != previous:
        return int(last_id)
    # Anything behind the end was put there by another hand. One statement sees one moment, so a row that is lawfully
    # added while this reads is never taken for one.
    end = select(_head.c.last_id).where(_head.c.id == 1).scalar_subquery()
    beyond = session.execute(select(func.min(_audit.c.id)).where(_audit.c.id > end)).scalar_one()
    return None if beyond is None else int(beyond)


def list_audit(session: Session, *, subject: str | None = None, after: int = 0, limit: int = 200) -> list[AuditRow]:
    """Rows in the order they were written, after a row id, of one subject or of all."""
    query = select(_audit).where(_audit.c.id > after)
    if subject is not None:
        query = query.where(_audit.c.subject == subject)
    return [_row(kept) for kept in session.execute(query.order_by(_audit.c.id).limit(limit))]


def count_audit(session: Session) -> int:
    """How many rows the chain has."""
    return int(session.execute(select(func.count()).select_from(_audit)).scalar_one())


def _row(kept: Any) -> AuditRow:
    return AuditRow(kept.id, kept.at, kept.actor, kept.action, kept.subject, kept.details)


def _digest(row: AuditRow, previous: str) -> str:
    fields = [row.id, row.at.isoformat(timespec="microseconds"), row.actor, row.action, row.subject, row.details]
    text = json.dumps([previous, *fields], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _impersonal(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)[:_LONGEST_DETAIL]
    if isinstance(value, Mapping):
        return {str(key): _impersonal(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_impersonal(part) for part in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise TypeError(f"an audit detail cannot be a {type(value).__name__}")
