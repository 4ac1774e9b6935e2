"""What waits to be sent, and which links are out? Tables and queries of the outbox and of receiver links."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.db import Session, UtcDateTime, metadata, rows_changed
from bot.delivery.record import DeliveryStatus

_outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("destination", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("payload", Text),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("give_up_at", UtcDateTime, nullable=False),
    Column("lease", String(32)),
    Column("last_error", String(64)),
    Column("delivered_at", UtcDateTime),
    Index("ix_outbox_state_next_try_at", "state", "next_try_at"),
)
_links = Table(
    "receiver_links",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("subject", Text, nullable=False, index=True),
    Column("destination", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)
_sessions = Table(
    "receiver_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("link_id", String(32), ForeignKey("receiver_links.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)


def insert_delivery(session: Session, **values: Any) -> None:
    """Add one waiting row."""
    session.execute(insert(_outbox).values(state="waiting", attempts=0, **values))


def claim_due(session: Session, *, lease: str, now: dt.datetime, until: dt.datetime, limit: int) -> list[Any]:
    """Take at most `limit` rows that are due, urgent first, for as long as `until`; other workers pass them by.

    A row whose lease ran out (its worker died) is due again. On SQLite the transaction itself keeps others out.
    """
    due = and_(_outbox.c.state.in_(("waiting", "delivering")), _outbox.c.next_try_at <= now)
    urgency: Any = case((_outbox.c.priority == "urgent", 0), (_outbox.c.priority == "high", 1), else_=2)
    ids = list(
        session.execute(
            select(_outbox.c.id)
            .where(due)
            .order_by(urgency, _outbox.c.next_try_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).scalars()
    )
    if not ids:
        return []
    session.execute(
        update(_outbox)
        .where(_outbox.c.id.in_(ids))
        .values(state="delivering", lease=lease, next_try_at=until, attempts=_outbox.c.attempts + 1)
    )
    rows = {row.id: row for row in session.execute(select(_outbox).where(_outbox.c.id.in_(ids)))}
    return [rows[row_id] for row_id in ids]


def finish_delivery(session: Session, delivery_id: str, *, lease: str, **values: Any) -> bool:
    """Write the result of an attempt; False when the lease was lost and another worker's result counts."""
    done = rows_changed(
        session,
        update(_outbox)
        .where(_outbox.c.id == delivery_id, _outbox.c.lease == lease, _outbox.c.state == "delivering")
        .values(lease=None, **values),
    )
    return bool(done)


def requeue_held(session: Session, delivery_id: str, *, now: dt.datetime, give_up_at: dt.datetime) -> bool:
    """Let a held delivery wait again; False when it is not held."""
    done = rows_changed(
        session,
        update(_outbox)
        .where(_outbox.c.id == delivery_id, _outbox.c.state == "held")
        .values(state="waiting", next_try_at=now, give_up_at=give_up_at, attempts=0),
    )
    return bool(done)


def cancel_undelivered(session: Session, subject: str) -> int:
    """Stop what is not known to have arrived, and forget what it held; how many.

    What is being sent at this very moment may still arrive, but will not be tried again.
    """
    done = rows_changed(
        session,
        update(_outbox)
        .where(_outbox.c.subject == subject, _outbox.c.state.in_(("waiting", "delivering", "held")))
        .values(state="cancelled", payload=None, lease=None),
    )
    return done


def has_left(session: Session, subject: str) -> bool:
    """True when something about this subject was delivered or tried: a failed try may have arrived all the same."""
    query = select(_outbox.c.id).where(_outbox.c.subject == subject, _outbox.c.attempts > 0)
    return session.execute(query.limit(1)).first() is not None


def list_deliveries(
    session: Session, *, subject: str | None = None, states: tuple[str, ...] = ()
) -> list[DeliveryStatus]:
    """Deliveries of a subject, or in these states, the oldest first."""
    query = select(_outbox).order_by(_outbox.c.created_at, _outbox.c.id)
    if subject is not None:
        query = query.where(_outbox.c.subject == subject)
    if states:
        query = query.where(_outbox.c.state.in_(states))
    return [
        DeliveryStatus(
            **{name: getattr(row, name) for name in DeliveryStatus.__dataclass_fields__},
        )
        for row in session.execute(query)
    ]


def sealed_payloads(session: Session, *, after: str = "", limit: int = 200) -> list[tuple[str, str]]:
    """(id, sealed payload) of what is still kept, by id: for a change of keys."""
    query = select(_outbox.c.id, _outbox.c.payload).where(_outbox.c.payload.is_not(None), _outbox.c.id > after)
    return [(row.id, row.payload) for row in session.execute(query.order_by(_outbox.c.id).limit(limit))]


def replace_payload(session: Session, delivery_id: str, *, old: str, new: str) -> bool:
    """Swap a sealed payload for its resealed one, unless it changed or went meanwhile."""
    done = rows_changed(
        session, update(_outbox).where(_outbox.c.id == delivery_id, _outbox.c.payload == old).values(payload=new)
    )
    return bool(done)


def insert_link(session: Session, **values: Any) -> None:
    """Add one link that was not opened yet."""
    session.execute(insert(_links).values(**values))


def mark_link_used(session: Session, token_hash: str, now: dt.datetime) -> bool:
    """True for the one caller who opens the link first, in its time."""
    done = rows_changed(
        session,
        update(_links)
        .where(_links.c.token_hash == token_hash, _links.c.used_at.is_(None), _links.c.ended_at.is_(None))
        .where(_links.c.expires_at > now)
        .values(used_at=now),
    )
    return bool(done)


def find_link(session: Session, token_hash: str) -> Any:
    """The link's row, or None."""
    return session.execute(select(_links).where(_links.c.token_hash == token_hash)).one_or_none()


def count_links_since(session: Session, subject: str, since: dt.datetime) -> int:
    """How many links about a subject were made since then."""
    query = select(func.count()).select_from(_links).where(_links.c.subject == subject, _links.c.created_at > since)
    return int(session.execute(query).scalar_one())


def insert_session(session: Session, **values: Any) -> None:
    """Add one receiver session."""
    session.execute(insert(_sessions).values(**values))


def find_session(session: Session, token_hash: str, now: dt.datetime) -> Any:
    """The link of a live session, or None."""
    query = (
        select(_links)
        .join(_sessions, _sessions.c.link_id == _links.c.id)
        .where(_sessions.c.token_hash == token_hash, _sessions.c.expires_at > now, _links.c.ended_at.is_(None))
    )
    return session.execute(query).one_or_none()


def end_links(session: Session, subject: str, now: dt.datetime) -> None:
    """End every link and session about a subject."""
    ids = select(_links.c.id).where(_links.c.subject == subject)
    session.execute(delete(_sessions).where(_sessions.c.link_id.in_(ids)))
    session.execute(update(_links).where(_links.c.subject == subject, _links.c.ended_at.is_(None)).values(ended_at=now))


def erase_subject(session: Session, subject: str) -> dict[str, int]:
    """Remove every trace of a subject; rows removed per table."""
    ids = select(_links.c.id).where(_links.c.subject == subject)
    return {
        "receiver_sessions": rows_changed(session, delete(_sessions).where(_sessions.c.link_id.in_(ids))),
        "receiver_links": rows_changed(session, delete(_links).where(_links.c.subject == subject)),
        "outbox": rows_changed(session, delete(_outbox).where(_outbox.c.subject == subject)),
    }
