"""What becomes of kept referrals in time? Removed with a case, thinned when old, sealed again with a new key."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from bot.delivery import store as delivery_store
from bot.delivery.outbox import reseal_payloads
from bot.evidence import store as evidence
from bot.referrals import store
from bot.referrals.house import ReferralHouse
from bot.security.store import append_audit


def erase_case(house: ReferralHouse, case_key: str, *, actor: str, now: dt.datetime) -> dict[str, int]:
    """Remove everything referrals and delivery know of a case; rows removed per table. The audit keeps the counts."""
    counts: Counter[str] = Counter()
    with house.db.transaction() as session:
        referrals = store.list_referrals(session, case_key=case_key)
        for referral in referrals:
            counts.update(delivery_store.erase_subject(session, referral.id))
            counts["photos"] += evidence.remove_unsent(session, referral.conversation_id)
        counts["photos"] += evidence.remove_sent(session, [referral.id for referral in referrals])
        counts.update(store.erase_referrals(session, case_key))
        append_audit(session, actor=actor, action="case.erased", subject=case_key, details=dict(counts), now=now)
    return dict(counts)


def thin_ended(house: ReferralHouse, *, before: dt.datetime, now: dt.datetime) -> int:
    """Remove letters, notes and photos of referrals that ended before then; the rows that count outcomes stay.

    How many.
    """
    with house.db.transaction() as session:
        thinned = store.drop_letters_before(session, before)
        evidence.remove_sent(session, thinned)
        if thinned:
            append_audit(
                session,
                actor="system:retention",
                action="referral.thinned",
                subject="referrals",
                details={"count": len(thinned)},
                now=now,
            )
    return len(thinned)


def reseal(house: ReferralHouse, batch: int = 100) -> int:
    """Seal letters, notes, photos and waiting envelopes again with the active key; how many. Safe to run again."""
    changed, after, keyring = 0, "", house.keyring
    while True:
        with house.db.transaction() as session:
            rows = store.sealed_letters(session, after=after, limit=batch)
            for referral_id, old in rows:
                after = referral_id
                new = _resealed(house, "referrals", referral_id, "letter", old)
                if new is not None:
                    changed += store.replace_letter(session, referral_id, old=old, new=new)
        if not rows:
            break
    after = ""
    while True:
        with house.db.transaction() as session:
            after, fresh = evidence.reseal_photos(session, keyring, after=after, limit=1)  # a photo is large
        changed += fresh
        if not after:
            break
    with house.db.transaction() as session:
        changed += store.replace_sealed_notes(
            session, lambda table, row, value: _resealed(house, table, row, "note", value)
        )
    return changed + reseal_payloads(house.db, keyring, batch)


def _resealed(house: ReferralHouse, table: str, row: str, field: str, value: str) -> str | None:
    if not house.keyring.needs_resealing(value):
        return None
    opened = house.keyring.open_sealed(value, table=table, row=row, field=field)
    return house.keyring.seal(opened, table=table, row=row, field=field)
