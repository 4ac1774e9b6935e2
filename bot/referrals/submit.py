"""How does a referral come to be? Consent, record, letter and outbox in one transaction: all of it or nothing."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import uuid
from collections.abc import Sequence

from bot.db import Session
from bot.evidence import store as evidence
from bot.referrals import consent as ledger
from bot.referrals import store
from bot.referrals.contact import index_of
from bot.referrals.envelopes import send_letter
from bot.referrals.house import ReferralHouse
from bot.referrals.letter import letter_for
from bot.referrals.record import ConsentMissing, Referral, ReferralRequest, State
from bot.security.store import append_audit

#: Letters and digits that cannot be taken for one another when read aloud or copied by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_ATTEMPTS = 5


def submit_referral(house: ReferralHouse, request: ReferralRequest, now: dt.datetime) -> Referral:
    """Keep one referral and put it in the outbox; see `submit_referrals`."""
    return submit_referrals(house, [request], now)[0]


def submit_referrals(house: ReferralHouse, requests: Sequence[ReferralRequest], now: dt.datetime) -> list[Referral]:
    """Keep referrals and put them in the outbox, all or none; one Referral for each request, in order.

    Its state is `open` until a service has taken it. The same case, service and purpose again gives the referral that
    is there. Raises ConsentMissing, and then nothing is kept, unless each has a live consent or a duty to act.
    """
    with house.db.transaction() as session:
        submitted = [_submit(session, house, request, now) for request in requests]
        for (referral, is_new), request in zip(submitted, requests, strict=True):
            if is_new:
                _audit(session, referral, request, now)
    return [referral for referral, _ in submitted]


def make_reference() -> str:
    """A human reference, HV-7K3M-9QX2: to be read aloud. It is no secret and opens nothing."""
    letters = [secrets.choice(ALPHABET) for _ in range(8)]
    return f"HV-{''.join(letters[:4])}-{''.join(letters[4:])}"


def _submit(
    session: Session, house: ReferralHouse, request: ReferralRequest, now: dt.datetime
) -> tuple[Referral, bool]:
    key = {
        "case_key": request.case_key,
        "service_id": request.recipient.service_id,
        "purpose": request.recipient.purpose,
    }
    existing = store.find_referral(session, key)
    if existing is not None:
        return existing, False
    _need_consent(session, house, request, now)
    # Photos are the person's to give: what is shared without their yes goes without them.
    photos = (
        []
        if request.exception
        else evidence.photos_of(session, house.keyring, conversation_id=request.conversation_id, lock=True)
    )
    for _ in range(_ATTEMPTS):
        referral_id, reference = uuid.uuid4().hex, make_reference()
        letter = letter_for(request, reference, now, photos)
        sealed = house.keyring.seal(json.dumps(letter), table="referrals", row=referral_id, field="letter")
        inserted = store.insert_referral(
            session,
            id=referral_id,
            reference=reference,
            conversation_id=request.conversation_id,
            service_name=request.recipient.name,
            team=request.recipient.team,
            kind=request.assessment.kind,
            priority=request.recipient.priority,
            channel=request.channel,
            language=request.language,
            state=State.OPEN.value,
            contact_index=index_of(house.keyring, letter["safe_contact"]["number"]),
            letter=sealed,
            created_at=now,
            due_at=request.due_at,
            updated_at=now,
            **key,
        )
        referral = store.find_referral(session, key)
        if referral is not None and not inserted:
            return referral, False  # the same case was submitted at the same moment, and the other was first
        if referral is not None:
            store.insert_state(session, referral_id=referral_id, to_state=State.OPEN.value, actor="person", at=now)
            evidence.attach_photos(session, referral.id, photos, now)
            send_letter(session, house, referral, letter, now)
            return referral, True
    raise RuntimeError("no free reference was found")


def _need_consent(session: Session, house: ReferralHouse, request: ReferralRequest, now: dt.datetime) -> None:
    recipient, consent = request.recipient, request.consent
    place = {"case_key": request.case_key, "conversation_id": request.conversation_id}
    if consent is not None and (consent.recipient, consent.purpose) == (recipient.service_id, recipient.purpose):
        ledger.add_consent(session, consent, actor="person", **place)
    if request.exception is not None:
        ledger.add_exception(
            session, house.keyring, request.exception, recipient, channel=request.channel, now=now, **place
        )
        return
    standing = ledger.latest_consent(
        session, case_key=request.case_key, recipient=recipient.service_id, purpose=recipient.purpose
    )
    if standing is None or not standing.is_live or consent is None or not consent.is_live:
        raise ConsentMissing(f"no consent that {recipient.service_id} is told, for {recipient.purpose}")


def _audit(session: Session, referral: Referral, request: ReferralRequest, now: dt.datetime) -> None:
    details = {"service": referral.service_id, "purpose": referral.purpose, "priority": referral.priority}
    if request.exception is not None:
        details["duty_to_act"] = request.exception.reason
    append_audit(
        session,
        actor=request.exception.actor if request.exception else "person",
        action="referral.submitted",
        subject=referral.id,
        details=details,
        now=now,
    )
