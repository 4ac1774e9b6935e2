"""What goes into the outbox for a referral? The letter for a machine; a mail with only a link for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.clock import LONDON
from bot.db import Session
from bot.delivery.links import LINK_LIFE, issue_link
from bot.delivery.outbox import enqueue
from bot.referrals.house import ReferralHouse
from bot.referrals.letter import TEMPLATES
from bot.referrals.record import Referral


def send_letter(
    session: Session, house: ReferralHouse, referral: Referral, letter: Mapping[str, Any], now: dt.datetime
) -> None:
    """Queue the referral by each of the service's ways, in the caller's transaction."""
    for way in house.addresses.ways(referral.service_id):
        if way == "webhook":
            _queue(session, house, referral, way, {"document": dict(letter)}, now)
        else:
            token = issue_link(session, subject=referral.id, destination=referral.service_id, now=now)
            send_link(session, house, referral, token, now)


def send_link(
    session: Session, house: ReferralHouse, referral: Referral, token: str, now: dt.datetime, *, fresh: bool = False
) -> None:
    """Queue the mail that carries a one-time link."""
    body = TEMPLATES.get_template("mail.txt").render(
        referral=referral,
        fresh=fresh,
        link=f"{house.public_url}/r/{token}",
        due=_in_london(referral.due_at) if referral.due_at else None,
        expires=_in_london(now + LINK_LIFE),
    )
    urgency = " (urgent)" if referral.priority == "urgent" else ""
    subject = f"Haven referral {referral.reference}{urgency}"
    _queue(session, house, referral, "mail", {"subject": subject, "body": body}, now)


def send_withdrawal(session: Session, house: ReferralHouse, referral: Referral, now: dt.datetime) -> None:
    """Queue word that the referral was withdrawn, by each of the service's ways; no reason is given."""
    document = {
        "schema": "haven/withdrawal/1",
        "reference": referral.reference,
        "service": {"id": referral.service_id, "name": referral.service_name},
        "withdrawn_at": now.astimezone(dt.timezone.utc).isoformat(timespec="seconds"),
    }
    body = TEMPLATES.get_template("withdrawn.txt").render(referral=referral)
    for way in house.addresses.ways(referral.service_id):
        mail = {"subject": f"Haven referral {referral.reference} withdrawn", "body": body}
        _queue(session, house, referral, way, {"document": document} if way == "webhook" else mail, now)


def _queue(
    session: Session, house: ReferralHouse, referral: Referral, kind: str, payload: Mapping[str, Any], now: dt.datetime
) -> None:
    enqueue(
        session,
        house.keyring,
        kind=kind,
        subject=referral.id,
        destination=referral.service_id,
        priority=referral.priority,
        payload=payload,
        now=now,
    )


def _in_london(instant: dt.datetime) -> str:
    local = instant.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
