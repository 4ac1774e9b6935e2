"""Who may read a referral? One function: it checks, reads and writes the audit row in the same transaction."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from bot.db import Session
from bot.referrals import store
from bot.referrals.house import ReferralHouse
from bot.referrals.record import Change, NotPermitted, Reader, Referral, State, UnknownReferral
from bot.security.keyring import Keyring
from bot.security.store import append_audit


@dataclass(frozen=True)
class OpenedReferral:
    """A referral as staff read it. `letter` is None once its time to be kept has passed."""

    referral: Referral
    letter: dict[str, Any] | None
    history: tuple[Change, ...]


def open_referral(house: ReferralHouse, reference: str, *, reader: Reader, now: dt.datetime) -> OpenedReferral:
    """The referral with its letter and history, for someone who may read it; each call is one audit row.

    Raises UnknownReferral, or NotPermitted (audited as well) for a referral that is not theirs to read.
    """
    with house.db.transaction() as session:
        found = store.find_referral(session, {"reference": reference})
        opened = read_in(session, house.keyring, found, reader=reader, now=now) if found else None
    if found is None:
        raise UnknownReferral
    if opened is None:
        raise NotPermitted
    return opened


def read_in(
    session: Session, keyring: Keyring, referral: Referral, *, reader: Reader, now: dt.datetime
) -> OpenedReferral | None:
    """The same inside a caller's transaction; None, with the refusal audited, when the reader may not."""
    permitted = reader.may_read(referral)
    opened = (
        OpenedReferral(referral, _letter(session, keyring, referral.id), _history(session, keyring, referral.id))
        if permitted
        else None
    )
    append_audit(
        session,
        actor=reader.actor,
        action="referral.read" if permitted else "referral.read_refused",
        subject=referral.id,
        now=now,
    )
    return opened


def _letter(session: Session, keyring: Keyring, referral_id: str) -> dict[str, Any] | None:
    sealed = store.sealed_letter(session, referral_id)
    if sealed is None:
        return None
    letter: dict[str, Any] = json.loads(keyring.open_sealed(sealed, table="referrals", row=referral_id, field="letter"))
    return letter


def _history(session: Session, keyring: Keyring, referral_id: str) -> tuple[Change, ...]:
    place = {"table": "referral_states", "row": referral_id, "field": "note"}
    return tuple(
        Change(
            from_state=State(row.from_state) if row.from_state else None,
            to_state=State(row.to_state),
            reason=row.reason,
            note=keyring.open_sealed(row.note, **place) if row.note else None,
            actor=row.actor,
            at=row.at,
        )
        for row in store.list_states(session, referral_id)
    )
