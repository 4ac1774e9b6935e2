"""Which referrals were made with this number? Found by a keyed index, so that no number stands in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import phonenumbers

from bot.referrals import store
from bot.referrals.house import ReferralHouse
from bot.referrals.record import Reader, Referral
from bot.security.keyring import Keyring
from bot.security.store import append_audit
from bot.triage.vocabulary import SKIPPED


def index_of(keyring: Keyring, number: Any) -> str | None:
    """The index of a safe-contact number; None when there is none, or it was not said."""
    if not isinstance(number, str) or not number.strip() or number == SKIPPED:
        return None
    return keyring.blind_index(in_full(number))


def in_full(number: str) -> str:
    """The number as +447700900123, however it was written; what is no number is kept without its spaces."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number, "GB"), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return "".join(number.split())


def find_by_number(house: ReferralHouse, number: str, *, reader: Reader, now: dt.datetime) -> list[Referral]:
    """The referrals of a number that the reader may see, the oldest first; each search is one audit row."""
    indexes = house.keyring.blind_indexes(in_full(number))
    with house.db.transaction() as session:
        found = [r for r in store.list_referrals(session, contact_indexes=indexes) if reader.may_read(r)]
        append_audit(
            session,
            actor=reader.actor,
            action="referral.searched",
            subject="referrals",
            details={"by": "number", "found": len(found)},
            now=now,
        )
    return found
