"""Where are referrals, their history and the consent ledger? Tables and queries; letters and notes are ciphertext."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.db import Session, UtcDateTime, metadata, rows_changed
from bot.referrals.record import Referral, State

_referrals = Table(
    "referrals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("case_key", Text, nullable=False),
    Column("conversation_id", Text, nullable=False, index=True),
    Column("service_id", Text, nullable=False, index=True),
    Column("service_name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("team", Text),
    Column("kind", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", String(64)),
    Column("contact_index", String(64), index=True),
    Column("letter", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("case_key", "service_id", "purpose"),
)
_states = Table(
    "referral_states",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("referral_id", String(32), ForeignKey("referrals.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("from_state", String(16)),
    Column("to_state", String(16), nullable=False),
    Column("reason", String(64)),
    Column("note", Text),
    Column("actor", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
#: One row for each thing said about a consent; rows are only ever added.
_consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("row_key", String(32), nullable=False, unique=True),
    Column("case_key", Text, nullable=False, index=True),
    Column("conversation_id", Text, nullable=False, index=True),
    Column("recipient", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("event", String(16), nullable=False),
    Column("wording", Text, nullable=False),
    Column("wording_version", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("note", Text),
    Column("at", UtcDateTime, nullable=False),
)


def insert_referral(session: Session, **values: Any) -> bool:
    """Add a referral; False when the case already has one for this service and purpose."""
    try:
        with session.begin_nested():
            session.execute(insert(_referrals).values(**values))
    except IntegrityError:
        return False
    return True


def find_referral(session: Session, by: Mapping[str, str], *, lock: bool = False) -> Referral | None:
    """The one referral with these column values; `lock` keeps others from changing it until the commit."""
    query = select(_referrals)
    for name, value in by.items():
        query = query.where(_referrals.c[name] == value)
    if lock:
        query = query.with_for_update()
    row = session.execute(query).one_or_none()
    return None if row is None else _referral(row)


def list_referrals(
    session: Session,
    *,
    conversation_id: str | None = None,
    case_key: str | None = None,
    service_id: str | None = None,
    contact_indexes: Sequence[str] | None = None,
    states: Sequence[State] = (),
    limit: int = 500,
) -> list[Referral]:
    """Referrals that match everything given, the oldest first."""
    query = select(_referrals).order_by(_referrals.c.created_at, _referrals.c.id).limit(limit)
    for name, value in (("conversation_id", conversation_id), ("case_key", case_key), ("service_id", service_id)):
        if value is not None:
            query = query.where(_referrals.c[name] == value)
    if contact_indexes is not None:
        query = query.where(_referrals.c.contact_index.in_(list(contact_indexes)))
    if states:
        query = query.where(_referrals.c.state.in_([state.value for state in states]))
    return [_referral(row) for row in session.execute(query)]


def sealed_letter(session: Session, referral_id: str) -> str | None:
    """The letter's ciphertext; None once it was removed."""
    query = select(_referrals.c.letter).where(_referrals.c.id == referral_id)
    return session.execute(query).scalar_one_or_none()


def sealed_letters(session: Session, *, after: str = "", limit: int = 100) -> list[tuple[str, str]]:
    """(id, sealed letter) by id: for a change of keys."""
    query = select(_referrals.c.id, _referrals.c.letter).where(
        _referrals.c.letter.is_not(None), _referrals.c.id > after
    )
    return [(row.id, row.letter) for row in session.execute(query.order_by(_referrals.c.id).limit(limit))]


def replace_letter(session: Session, referral_id: str, *, old: str, new: str | None) -> bool:
    """Swap a sealed letter, unless it changed meanwhile."""
    statement = update(_referrals).where(_referrals.c.id == referral_id, _referrals.c.letter == old)
    return bool(rows_changed(session, statement.values(letter=new)))


def move_referral(session: Session, referral_id: str, *, was: State, now_is: State, **values: Any) -> bool:
    """Set the state, unless someone else moved it first."""
    statement = update(_referrals).where(_referrals.c.id == referral_id, _referrals.c.state == was.value)
    return bool(rows_changed(session, statement.values(state=now_is.value, **values)))


def insert_state(session: Session, **values: Any) -> None:
    """Add one row of a referral's history."""
    session.execute(insert(_states).values(**values))


def list_states(session: Session, referral_id: str) -> list[Any]:
    """A referral's history, the oldest first; notes sealed for (referral_states, referral id, note)."""
    return list(session.execute(select(_states).where(_states.c.referral_id == referral_id).order_by(_states.c.id)))


def insert_consent(session: Session, **values: Any) -> None:
    """Add one row to the consent ledger."""
    session.execute(insert(_consents).values(**values))


def list_consents(
    session: Session,
    *,
    case_key: str | None = None,
    conversation_id: str | None = None,
    recipient: str | None = None,
    purpose: str | None = None,
) -> list[Any]:
    """Rows of the ledger that match, in the order they were said."""
    query = select(_consents).order_by(_consents.c.at, _consents.c.id)
    for name, value in (
        ("case_key", case_key),
        ("conversation_id", conversation_id),
        ("recipient", recipient),
        ("purpose", purpose),
    ):
        if value is not None:
            query = query.where(_consents.c[name] == value)
    return list(session.execute(query))


def replace_sealed_notes(session: Session, reseal: Any) -> int:
    """Seal notes again: `reseal(table, row, value)` gives the new value or None to leave it. How many changed."""
    changed = 0
    for table, owner in ((_states, _states.c.referral_id), (_consents, _consents.c.row_key)):
        for row in session.execute(
            select(table.c.id, owner.label("owner"), table.c.note).where(table.c.note.is_not(None))
        ):
            new = reseal(table.name, row.owner, row.note)
            if new is not None:
                changed += rows_changed(session, update(table).where(table.c.id == row.id).values(note=new))
    return changed


def erase_referrals(session: Session, case_key: str) -> dict[str, int]:
    """Remove a case's referrals, history and consents; rows removed per table."""
    ids = select(_referrals.c.id).where(_referrals.c.case_key == case_key)
    return {
        "referral_states": rows_changed(session, delete(_states).where(_states.c.referral_id.in_(ids))),
        "referrals": rows_changed(session, delete(_referrals).where(_referrals.c.case_key == case_key)),
        "consents": rows_changed(session, delete(_consents).where(_consents.c.case_key == case_key)),
    }


def drop_letters_before(session: Session, before: dt.datetime) -> list[str]:
    """Remove the letters and notes of referrals that ended before then, and keep the outcome rows; whose."""
    ended = [
        State.CLOSED.value,
        State.OUTCOME.value,
        State.WITHDRAWN.value,
        State.RE_ROUTED.value,
        State.DECLINED.value,
    ]
    old = select(_referrals.c.id).where(_referrals.c.updated_at < before, _referrals.c.state.in_(ended))
    session.execute(update(_states).where(_states.c.referral_id.in_(old)).values(note=None))
    query = select(_referrals.c.id).where(_referrals.c.id.in_(old), _referrals.c.letter.is_not(None))
    ids = list(session.execute(query.with_for_update()).scalars())
    session.execute(update(_referrals).where(_referrals.c.id.in_(ids)).values(letter=None, contact_index=None))
    return ids


def _referral(row: Any) -> Referral:
    fields = {name: getattr(row, name) for name in Referral.__dataclass_fields__}
    return Referral(**{**fields, "state": State(row.state)})
