"""How does a referral move on? Every change is lawful, kept in its history and audited, in one transaction."""

from __future__ import annotations

import datetime as dt

from bot.db import Session
from bot.delivery import store as delivery_store
from bot.referrals import store
from bot.referrals.house import ReferralHouse
from bot.referrals.record import NotLawful, Referral, ReferralStatus, State, UnknownReferral, check_move
from bot.security.keyring import Keyring
from bot.security.store import append_audit


def list_for_conversation(house: ReferralHouse, conversation_id: str) -> list[ReferralStatus]:
    """What the person may be told about their referrals: where each stands, and nothing of what it says."""
    with house.db.transaction() as session:
        found = store.list_referrals(session, conversation_id=conversation_id)
    return [
        ReferralStatus(
            reference=referral.reference,
            service_id=referral.service_id,
            service_name=referral.service_name,
            state=referral.state,
            reason=referral.reason,
            updated_at=referral.updated_at,
        )
        for referral in found
    ]


def referral_by_reference(house: ReferralHouse, reference: str) -> Referral:
    """The referral without its letter. Raises UnknownReferral."""
    with house.db.transaction() as session:
        found = store.find_referral(session, {"reference": reference.strip().upper()})
    if found is None:
        raise UnknownReferral
    return found


def change_state(
    house: ReferralHouse,
    reference: str,
    to: State,
    *,
    actor: str,
    now: dt.datetime,
    reason: str | None = None,
    note: str | None = None,
) -> Referral:
    """Move a referral. `actor` is an id; `reason` a code of record.REASONS; `note` words, which are sealed.

    Raises UnknownReferral, or NotLawful when the move is not in record.LAWFUL.
    """
    with house.db.transaction() as session:
        found = store.find_referral(session, {"reference": reference}, lock=True)
        if found is None:
            raise UnknownReferral
        moved = move(session, house.keyring, found, to, actor=actor, now=now, reason=reason, note=note)
        audit_move(session, found, to, actor=actor, reason=reason, now=now)
    return moved


def move(
    session: Session,
    keyring: Keyring,
    referral: Referral,
    to: State,
    *,
    actor: str,
    now: dt.datetime,
    reason: str | None = None,
    note: str | None = None,
) -> Referral:
    """The same inside a caller's transaction, without its audit row; a withdrawal also ends the service's links."""
    check_move(referral.state, to, reason)
    if not store.move_referral(session, referral.id, was=referral.state, now_is=to, reason=reason, updated_at=now):
        raise NotLawful("someone else changed this referral at the same moment: look again")
    store.insert_state(
        session,
        referral_id=referral.id,
        from_state=referral.state.value,
        to_state=to.value,
        reason=reason,
        note=keyring.seal(note, table="referral_states", row=referral.id, field="note") if note else None,
        actor=actor,
        at=now,
    )
    if to is State.WITHDRAWN:
        delivery_store.cancel_undelivered(session, referral.id)
        delivery_store.end_links(session, referral.id, now)
    moved = store.find_referral(session, {"id": referral.id})
    if moved is None:
        raise UnknownReferral
    return moved


def audit_move(
    session: Session, referral: Referral, to: State, *, actor: str, reason: str | None, now: dt.datetime
) -> None:
    """The audit row of a move. Last in the transaction, because the chain lets one writer through at a time."""
    append_audit(
        session,
        actor=actor,
        action=f"referral.{to.value}",
        subject=referral.id,
        details={"from": referral.state.value, "reason": reason},
        now=now,
    )


def mark_sent(session: Session, referral_id: str, *, actor: str, now: dt.datetime) -> bool:
    """Say that the service has it, the first time that is confirmed; False when it was known, or has moved on."""
    if not store.move_referral(session, referral_id, was=State.OPEN, now_is=State.SENT, sent_at=now, updated_at=now):
        return False
    store.insert_state(
        session,
        referral_id=referral_id,
        from_state=State.OPEN.value,
        to_state=State.SENT.value,
        actor=actor,
        at=now,
    )
    return True
