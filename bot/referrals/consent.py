"""Did they agree, and do they still? The consent ledger: every answer is added, none is overwritten."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from bot.db import Session
from bot.referrals import store
from bot.referrals.house import ReferralHouse
from bot.referrals.record import Consent, DutyToAct, Recipient
from bot.security.keyring import Keyring
from bot.security.store import append_audit


def record_consent(
    house: ReferralHouse, consent: Consent, *, case_key: str, conversation_id: str, actor: str = "person"
) -> None:
    """Keep an answer, above all a refusal, which no referral would keep."""
    with house.db.transaction() as session:
        add_consent(session, consent, case_key=case_key, conversation_id=conversation_id, actor=actor)
        append_audit(
            session,
            actor=actor,
            action=f"consent.{consent.given}",
            subject=case_key,
            details={"recipient": consent.recipient, "purpose": consent.purpose},
            now=consent.at,
        )


def withdraw_consent(
    house: ReferralHouse, *, case_key: str, recipient: str, purpose: str, channel: str, actor: str, now: dt.datetime
) -> bool:
    """Keep that a consent was taken back; False when there is none. It withdraws no referral: see withdrawal.py."""
    with house.db.transaction() as session:
        live = latest_consent(session, case_key=case_key, recipient=recipient, purpose=purpose)
        if live is None or not live.is_live:
            return False
        rows = store.list_consents(session, case_key=case_key, recipient=recipient, purpose=purpose)
        add_withdrawal(session, rows[-1], channel=channel, actor=actor, now=now)
        append_audit(
            session,
            actor=actor,
            action="consent.withdrawn",
            subject=case_key,
            details={"recipient": recipient, "purpose": purpose},
            now=now,
        )
    return True


def consents_of(house: ReferralHouse, case_key: str) -> list[Consent]:
    """What stands now for each recipient and purpose of a case, in the order first asked."""
    with house.db.transaction() as session:
        rows = store.list_consents(session, case_key=case_key)
    pairs = dict.fromkeys((row.recipient, row.purpose) for row in rows)
    folded = (_fold([row for row in rows if (row.recipient, row.purpose) == pair]) for pair in pairs)
    return [consent for consent in folded if consent is not None]


def latest_consent(session: Session, *, case_key: str, recipient: str, purpose: str) -> Consent | None:
    """What stands now between one case, recipient and purpose; None when it was never asked."""
    return _fold(store.list_consents(session, case_key=case_key, recipient=recipient, purpose=purpose))


def add_consent(session: Session, consent: Consent, *, case_key: str, conversation_id: str, actor: str) -> None:
    """Add an answer to the ledger, in the caller's transaction; the same answer twice is kept once."""
    rows = store.list_consents(session, case_key=case_key, recipient=consent.recipient, purpose=consent.purpose)
    if any(row.event == consent.given and row.at == consent.at for row in rows):
        return
    _add(
        session,
        case_key=case_key,
        conversation_id=conversation_id,
        recipient=consent.recipient,
        purpose=consent.purpose,
        event=consent.given,
        wording=consent.wording,
        wording_version=consent.wording_version,
        channel=consent.channel,
        actor=actor,
        at=consent.at,
    )


def add_exception(
    session: Session,
    keyring: Keyring,
    duty: DutyToAct,
    recipient: Recipient,
    *,
    case_key: str,
    conversation_id: str,
    channel: str,
    now: dt.datetime,
) -> None:
    """Add an adviser's decision to share without consent; its reason in words is sealed."""
    row_key = uuid.uuid4().hex
    _add(
        session,
        row_key=row_key,
        case_key=case_key,
        conversation_id=conversation_id,
        recipient=recipient.service_id,
        purpose=recipient.purpose,
        event="exception",
        wording=duty.reason,
        wording_version="duty-to-act/1",
        channel=channel,
        actor=duty.actor,
        note=keyring.seal(duty.note, table="consents", row=row_key, field="note"),
        at=now,
    )


def add_withdrawal(session: Session, row: Any, *, channel: str, actor: str, now: dt.datetime) -> None:
    """Add to the ledger that the consent of this row was taken back."""
    kept = ("case_key", "conversation_id", "recipient", "purpose", "wording", "wording_version")
    _add(
        session,
        **{name: getattr(row, name) for name in kept},
        event="withdrawn",
        channel=channel,
        actor=actor,
        at=now,
    )


def _add(session: Session, row_key: str | None = None, **values: Any) -> None:
    store.insert_consent(session, row_key=row_key or uuid.uuid4().hex, **values)


def _fold(rows: list[Any]) -> Consent | None:
    found: Consent | None = None
    for row in rows:
        if row.event in ("given", "refused"):
            found = Consent(
                recipient=row.recipient,
                purpose=row.purpose,
                given=row.event,
                wording=row.wording,
                wording_version=row.wording_version,
                at=row.at,
                channel=row.channel,
            )
        elif row.event == "withdrawn" and found is not None:
            found = replace(found, withdrawn_at=row.at)
    return found
