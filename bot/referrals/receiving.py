"""How does the receiving service answer? It opens a one-time link, reads the one referral, and says what it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.db import Session
from bot.delivery import links
from bot.evidence import store as evidence
from bot.evidence.record import Copy, Photo
from bot.referrals import store
from bot.referrals.access import read_in
from bot.referrals.envelopes import send_link
from bot.referrals.house import ReferralHouse
from bot.referrals.record import REASONS, Change, NotLawful, Reader, Referral, State
from bot.referrals.states import audit_move, mark_sent, move
from bot.security.store import append_audit

#: What a receiver may do, and the state it leads to.
ACTIONS: Mapping[str, State] = {"accept": State.ACCEPTED, "decline": State.DECLINED, "outcome": State.OUTCOME}
_ALLOWED: Mapping[State, tuple[str, ...]] = {
    State.SENT: ("accept", "decline"),
    State.ACCEPTED: ("outcome", "decline"),
    State.OUTCOME: ("outcome",),
}


@dataclass(frozen=True)
class CaseView:
    """What the receiver sees. `letter` is None once it is no longer kept; `reasons` are the codes each action needs."""

    reference: str
    state: str
    letter: dict[str, Any] | None
    allowed_actions: tuple[str, ...]
    reasons: Mapping[str, tuple[str, ...]]
    history: tuple[Change, ...]
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Receiver:
    """The receiver's side. A session token is for one referral, for eight hours; every call with it is audited.

    Raises links.LinkUnknown, LinkUsed, LinkExpired and TooManyLinks, and record.NotLawful.
    """

    house: ReferralHouse

    def exchange_link(self, token: str, now: dt.datetime) -> str:
        """A session token for the first who asks; the link is used up. For POST only: scanners follow links."""
        with self.house.db.transaction() as session:
            session_token, referral_id = links.open_link(session, token, now)
            referral = _referral(session, referral_id)
            # Whoever holds the link has the mail, even if this process died before it could write that down.
            mark_sent(session, referral_id, actor=_actor(referral), now=now)
            append_audit(session, actor=_actor(referral), action="referral.link_opened", subject=referral_id, now=now)
        return session_token

    def view_case(self, session_token: str, now: dt.datetime) -> CaseView:
        """The whole referral."""
        with self.house.db.transaction() as session:
            referral = _of_session(session, session_token, now)
            reader = Reader(_actor(referral), lambda found: found.service_id == referral.service_id)
            opened = read_in(session, self.house.keyring, referral, reader=reader, now=now)
            photos = evidence.photos_of(session, self.house.keyring, referral_id=referral.id)
        if opened is None:
            raise links.LinkUnknown
        allowed = _ALLOWED.get(referral.state, ())
        return CaseView(
            reference=referral.reference,
            state=referral.state.value,
            letter=opened.letter,
            allowed_actions=allowed,
            reasons={action: REASONS.get(ACTIONS[action], ()) for action in allowed},
            history=opened.history,
            photos=tuple(photos),
        )

    def read_photo(
        self, session_token: str, photo_id: str, copy: Copy, now: dt.datetime
    ) -> tuple[Referral, Photo, bytes] | None:
        """A photo of the referral, to be shown or as it came; None when none went with it under this id."""
        with self.house.db.transaction() as session:
            referral = _of_session(session, session_token, now)
            went = evidence.photos_of(session, self.house.keyring, referral_id=referral.id)
            photo = next((photo for photo in went if photo.id == photo_id), None)
            append_audit(
                session,
                actor=_actor(referral),
                action="referral.photo_read" if photo else "referral.read_refused",
                subject=referral.id,
                details={"photo": photo.id, "copy": copy} if photo else {},
                now=now,
            )
            return (referral, photo, evidence.read_copy(session, self.house.keyring, photo_id, copy)) if photo else None

    def act(
        self, session_token: str, action: str, reason: str | None, now: dt.datetime, *, note: str | None = None
    ) -> str:
        """Accept, decline or record an outcome; the new state.

        `reason` is a code of record.REASONS; other words are kept, sealed, as a note under the code `other`. Doing
        again what was just done changes nothing. Raises NotLawful for anything that is not allowed now.
        """
        if action not in ACTIONS:
            raise NotLawful(f"there is no such action; there are {', '.join(ACTIONS)}")
        to = ACTIONS[action]
        code, note = _reason(to, reason, note)
        with self.house.db.transaction() as session:
            referral = _of_session(session, session_token, now, lock=True)
            if referral.state is to and referral.reason == code and note is None:
                return to.value
            if action not in _ALLOWED.get(referral.state, ()):
                raise NotLawful(f"a referral that is {referral.state.value} cannot be answered with {action}")
            actor = _actor(referral)
            move(session, self.house.keyring, referral, to, actor=actor, now=now, reason=code, note=note)
            audit_move(session, referral, to, actor=actor, reason=code, now=now)
        return to.value

    def renew(self, token: str, now: dt.datetime) -> None:
        """Send a fresh link to the service's own address, for one that was used or is too old."""
        with self.house.db.transaction() as session:
            fresh, referral_id, _ = links.replace_link(session, token, now)
            referral = _referral(session, referral_id)
            send_link(session, self.house, referral, fresh, now, fresh=True)
            append_audit(session, actor=_actor(referral), action="referral.link_renewed", subject=referral_id, now=now)


def _reason(to: State, reason: str | None, note: str | None) -> tuple[str | None, str | None]:
    codes = REASONS.get(to, ())
    said = (reason or "").strip()
    if not codes:
        return None, note
    if said in codes:
        return said, note
    if not said:
        raise NotLawful(f"{to.value} needs a reason")
    return "other", "\n".join(filter(None, (said, note)))


def _of_session(session: Session, session_token: str, now: dt.datetime, *, lock: bool = False) -> Referral:
    referral_id, _ = links.subject_of(session, session_token, now)
    return _referral(session, referral_id, lock=lock)


def _referral(session: Session, referral_id: str, *, lock: bool = False) -> Referral:
    found = store.find_referral(session, {"id": referral_id}, lock=lock)
    if found is None:
        raise links.LinkUnknown
    return found


def _actor(referral: Referral) -> str:
    return f"receiver:{referral.service_id}"
