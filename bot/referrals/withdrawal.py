"""How is a referral taken back? At once: nothing more leaves, links end, and who has it is told to stop."""

from __future__ import annotations

import datetime as dt

from bot.delivery import store as delivery_store
from bot.referrals import consent as ledger
from bot.referrals import store
from bot.referrals.envelopes import send_withdrawal
from bot.referrals.house import ReferralHouse
from bot.referrals.record import Referral, State, UnknownReferral
from bot.referrals.states import audit_move, move


def withdraw(
    house: ReferralHouse, reference: str, *, actor: str, reason: str, channel: str, now: dt.datetime
) -> Referral:
    """Withdraw a referral and the consent for it. `reason` is one of record.WITHDRAWAL_REASONS.

    Raises UnknownReferral, or NotLawful when it is too late for that.
    """
    with house.db.transaction() as session:
        found = store.find_referral(session, {"reference": reference}, lock=True)
        if found is None:
            raise UnknownReferral
        may_have_arrived = delivery_store.has_left(session, found.id)
        moved = move(session, house.keyring, found, State.WITHDRAWN, actor=actor, now=now, reason=reason)
        rows = store.list_consents(session, case_key=found.case_key, recipient=found.service_id, purpose=found.purpose)
        standing = ledger.latest_consent(
            session, case_key=found.case_key, recipient=found.service_id, purpose=found.purpose
        )
        if standing is not None and standing.is_live:
            ledger.add_withdrawal(session, rows[-1], channel=channel, actor=actor, now=now)
        if may_have_arrived:
            send_withdrawal(session, house, moved, now)
        audit_move(session, found, State.WITHDRAWN, actor=actor, reason=reason, now=now)
    return moved
