"""What is a referral? Its states and the lawful ways between them, consent, and the words of the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Protocol

from bot.triage.assess import Assessment
from bot.triage.case import Case

#: The version of the letter, see docs/referral.schema.json.
SCHEMA = "haven/referral/1"


class State(str, Enum):
    """Where a referral stands. What is shown is the last thing that was confirmed."""

    OPEN = "open"  # kept and on its way
    SENT = "sent"  # the service's mailbox or system has taken it
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RE_ROUTED = "re_routed"
    OUTCOME = "outcome"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


#: The only moves there are; nothing goes back.
LAWFUL: Mapping[State, tuple[State, ...]] = {
    State.OPEN: (State.SENT, State.WITHDRAWN),
    State.SENT: (State.ACCEPTED, State.DECLINED, State.WITHDRAWN),
    State.ACCEPTED: (State.OUTCOME, State.DECLINED, State.WITHDRAWN),
    State.DECLINED: (State.RE_ROUTED, State.CLOSED, State.WITHDRAWN),
    State.RE_ROUTED: (State.CLOSED,),
    State.OUTCOME: (State.OUTCOME, State.CLOSED),
    State.CLOSED: (),
    State.WITHDRAWN: (),
}

DECLINE_REASONS = (
    "outside_area",
    "not_eligible",
    "another_service_is_better",
    "already_supported",
    "duplicate",
    "no_capacity",
    "could_not_make_contact",
    "other",
)
OUTCOMES = (
    "support_started",
    "support_completed",
    "advice_given",
    "referred_on",
    "support_not_wanted",
    "could_not_make_contact",
    "other",
)
WITHDRAWAL_REASONS = ("asked_by_person", "consent_withdrawn", "sent_in_error")

#: The states that must say why, and the codes they may say it with.
REASONS: Mapping[State, tuple[str, ...]] = {
    State.DECLINED: DECLINE_REASONS,
    State.OUTCOME: OUTCOMES,
    State.WITHDRAWN: WITHDRAWAL_REASONS,
}

#: Why something may be shared without consent. Never by the assistant alone: a named adviser decides.
DUTIES_TO_ACT = ("vital_interests", "safeguarding_child", "safeguarding_adult", "emergency_services")

Priority = Literal["urgent", "high", "standard"]


class NotLawful(Exception):
    """A referral cannot go from its state to that one, or not with that reason."""


class ConsentMissing(Exception):
    """The person has not agreed that this service is told, or has taken it back."""


class UnknownReferral(Exception):
    """There is no such referral. The same answer is given for one that may not be seen."""


class NotPermitted(Exception):
    """Whoever asks may not see this referral."""


@dataclass(frozen=True)
class Consent:
    """One answer to "may we pass this on to them, for this?". `wording` is what the person read; `at` is aware UTC."""

    recipient: str
    purpose: str
    given: Literal["given", "refused"]
    wording: str
    wording_version: str
    at: dt.datetime
    channel: str
    withdrawn_at: dt.datetime | None = None

    @property
    def is_live(self) -> bool:
        """True when it was given and has not been taken back."""
        return self.given == "given" and self.withdrawn_at is None


@dataclass(frozen=True)
class DutyToAct:
    """A named adviser's decision to share without consent. `reason` is one of DUTIES_TO_ACT; `note` says why."""

    reason: str
    actor: str
    note: str

    def __post_init__(self) -> None:
        if self.reason not in DUTIES_TO_ACT:
            raise ValueError(f"a duty to act must be one of {', '.join(DUTIES_TO_ACT)}")
        if not self.actor.startswith("adviser:") or not self.note.strip():
            raise ValueError("a duty to act is decided by a named adviser, who says why")


@dataclass(frozen=True)
class Recipient:
    """Who a referral goes to, and why: the directory's recommendation, as plain values. `reason` is a code."""

    service_id: str
    name: str
    purpose: str
    team: str | None = None
    reason: str | None = None
    priority: Priority = "standard"


class Screen(Protocol):
    """What a risk screen of `bot.triage` says: `reasons` are (item, points, words)."""

    @property
    def instrument(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def answers(self) -> Mapping[str, Any]: ...
    @property
    def score(self) -> int: ...
    @property
    def level(self) -> str: ...
    @property
    def reasons(self) -> tuple[tuple[str, int, str], ...]: ...


class Mediation(Protocol):
    """What the mediation screen of `bot.triage` says: `reasons` are codes."""

    @property
    def suitable(self) -> bool: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class ReferralRequest:
    """Everything one referral is made of. `case_key` is the same whenever the same case is submitted again.

    `due_at` is when the service should have read it; `test` marks practice and demonstration.
    """

    case_key: str
    conversation_id: str
    case: Case
    assessment: Assessment
    recipient: Recipient
    consent: Consent | None
    channel: str
    screens: tuple[Screen, ...] = ()
    mediation: Mediation | None = None
    exception: DutyToAct | None = None
    language: str = "en"
    due_at: dt.datetime | None = None
    area_pack: str | None = None
    test: bool = False


@dataclass(frozen=True)
class Referral:
    """A referral without its letter: what may be listed. No personal data in it."""

    id: str
    reference: str
    case_key: str
    conversation_id: str
    service_id: str
    service_name: str
    purpose: str
    team: str | None
    kind: str
    priority: str
    channel: str
    language: str
    state: State
    reason: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    due_at: dt.datetime | None
    updated_at: dt.datetime


@dataclass(frozen=True)
class ReferralStatus:
    """What "what happened to my referral?" may answer: a state, never what was told."""

    reference: str
    service_id: str
    service_name: str
    state: State
    reason: str | None
    updated_at: dt.datetime


@dataclass(frozen=True)
class Change:
    """One move of a referral. `note` is the receiver's own words, opened; `actor` is an id."""

    from_state: State | None
    to_state: State
    reason: str | None
    note: str | None
    actor: str
    at: dt.datetime


@dataclass(frozen=True)
class Reader:
    """Who asks to read a referral: `actor` for the audit, and the rule that says which ones they may see."""

    actor: str
    may_read: Callable[[Referral], bool]


def check_move(now: State, to: State, reason: str | None) -> None:
    """Raises NotLawful, in words, unless the move is lawful and says why where it must."""
    if to not in LAWFUL[now]:
        raise NotLawful(f"a referral that is {now.value} cannot become {to.value}")
    if to in REASONS and reason not in REASONS[to]:
        raise NotLawful(f"{to.value} needs one of these reasons: {', '.join(REASONS[to])}")
