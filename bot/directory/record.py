"""What is known about one service? The shape of a block in services.yml; anything else in the file is refused."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import field
from typing import Any, Literal

from pydantic import validator
from pydantic.dataclasses import dataclass

AGE_RANGES = {"under_16": (0, 15), "16_17": (16, 17), "18_25": (18, 25), "26_64": (26, 64), "65_over": (65, 120)}
#: What must be said beside a number for it to be of use. Words for each live in domain.yml.
CONTACT_NOTES = (
    "press_55",
    "register_first",
    "text_relay",
    "video_call",
    "mental_health_option",
    "emergency_first",
    "no_police_needed",
    "safe_device",
    "online_report",
)
Confidence = Literal["high", "medium", "low"]
#: By which link to its areas a service takes people; "unknown": no source says, so it has to be asked.
Serves = Literal["anyone", "residents", "place", "residents_or_place", "unknown"]
#: How far a contact may be relied on. standing: a national number that needs no verifying; checked: a person has
#: verified it and the check still holds; expired: a check or the whole entry has run out.
Reliance = Literal["standing", "checked", "unchecked", "expired"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
State = Literal["open", "closed", "unknown"]

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_PHONE = re.compile(r"\d[\d ]{1,18}\d")
_SMS = re.compile(r"(?:[A-Z]+ to )?\d[\d ]{1,18}\d")
_AGES = re.compile(r"any|(\d{1,3})\+|(\d{1,3})-(\d{1,3})")
#: How long a check holds when nobody said until when.
CHECK_HOLDS = dt.timedelta(days=365)


class _Strict:
    extra = "forbid"


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise ValueError(f"'{value}' is not a time: write it as \"09:00\"")
    return value


@dataclass(frozen=True, config=_Strict)
class Source:
    """Where a fact was read, and the date of that page (None when not known)."""

    url: str
    date: str | None = None


@dataclass(frozen=True, config=_Strict)
class Change:
    """A change that is known to come (or came and is not confirmed). `when` is YYYY, YYYY-MM or YYYY-MM-DD.

    `then` names the fields of the service that are different from that day on: a new provider, name or number.
    A check made before the change does not hold after it.
    """

    when: str
    what: str
    source: str
    then: dict[str, Any] = field(default_factory=dict)

    @validator("when")
    def _is_a_date(cls, value: str) -> str:
        if not re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", value):
            raise ValueError(f'\'{value}\' is not a date: write it as "2027-04-01", "2027-04" or "2027"')
        dt.date.fromisoformat(value + "-01-01"[3 * value.count("-") :])
        return value

    @validator("then")
    def _then_has_a_day(cls, value: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        if value and values.get("when", "").count("-") < 2:
            raise ValueError('what is different from then on needs the day: write `when` as "2027-04-01"')
        return value

    @property
    def earliest(self) -> dt.date:
        """The first day on which it may have happened."""
        return dt.date.fromisoformat(self.when + "-01-01"[3 * self.when.count("-") :])


@dataclass(frozen=True, config=_Strict)
class Span:
    """Opening on certain days, London time; `close` before `open` means past midnight."""

    days: tuple[Day, ...]
    open: str
    close: str

    @validator("open", "close")
    def _is_a_time(cls, value: str) -> str:
        return _time(value)


@dataclass(frozen=True, config=_Strict)
class Closure:
    """Whole days shut, first and last included, whatever the week says."""

    first: dt.date
    last: dt.date
    reason: str = ""


@dataclass(frozen=True, config=_Strict)
class Special:
    """One day's own opening, in place of what the week and bank holidays say; list a day twice when it is split.

    A night that began the day before ends at midnight; a closure on that day counts for more.
    """

    date: dt.date
    open: str
    close: str
    reason: str = ""

    @validator("open", "close")
    def _is_a_time(cls, value: str) -> str:
        return _time(value)


@dataclass(frozen=True, config=_Strict)
class Alert:
    """Words that the public must see beside a service from `first` to `last` (None: until they are taken out)."""

    first: dt.date
    words: str
    last: dt.date | None = None

    def is_on(self, day: dt.date) -> bool:
        """True on the days on which it is shown, both ends included."""
        return self.first <= day <= (self.last or dt.date.max)


@dataclass(frozen=True, config=_Strict)
class Hours:
    """When a service answers. `of` names the service whose closed time this one covers (rule complement_of)."""

    rule: Literal["always", "weekly", "unknown", "complement_of"]
    bank_holidays: Literal["open", "closed", "reduced", "unknown"]
    of: str | None = None
    weekly: tuple[Span, ...] = ()
    doubtful_days: tuple[Literal["christmas_day", "easter_sunday"], ...] = ()
    closures: tuple[Closure, ...] = ()
    special: tuple[Special, ...] = ()


@dataclass(frozen=True, config=_Strict)
class LocalContact:
    """One council's own contact, inside a service that stands for many councils."""

    source: str
    confidence: Confidence
    phone: str | None = None
    email: str | None = None
    web: str | None = None


@dataclass(frozen=True, config=_Strict)
class Address:
    """Where a service, or one of its teams, receives referrals. Only an operator's own file says this."""

    email: str | None = None
    webhook: str | None = None


@dataclass(frozen=True, config=_Strict)
class Service:
    """A service: who it is, how it is reached, when, for whom, and how sure we are. Field meanings: services.yml."""

    id: str
    name: str
    provider: str
    kind: Literal["emergency", "police", "crisis", "support", "specialist", "safeguarding", "reporting", "council"]
    offers: tuple[str, ...]
    for_whom: str
    ages: str
    themes: tuple[str, ...]
    areas: tuple[str, ...]
    hours: Hours
    out_of_hours_fallback: tuple[str, ...]
    needs_police_report: Literal["yes", "no", "unknown", "not_applicable"]
    sources: tuple[Source, ...]
    confidence: Confidence
    verify_before_use: bool
    serves: Serves
    phone: str | None = None
    sms: str | None = None
    email: str | None = None
    web: str | None = None
    contact_note: str | None = None
    public_contact: bool = True
    takes_referrals: bool = False
    teams: tuple[str, ...] = ()
    referral: Address = Address()
    team_addresses: dict[str, Address] = field(default_factory=dict)
    by_authority: dict[str, LocalContact] = field(default_factory=dict)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    last_checked: dt.date | None = None
    checked_by: str | None = None
    check_by: dt.date | None = None
    alerts: tuple[Alert, ...] = ()
    changes_ahead: tuple[Change, ...] = ()
    notes: str = ""

    @validator("phone")
    def _phone_can_be_dialled(cls, value: str | None) -> str | None:
        if value is not None and not _PHONE.fullmatch(value):
            raise ValueError(f"'{value}' cannot be dialled: digits and spaces only")
        return value

    @validator("sms")
    def _text_can_be_sent(cls, value: str | None) -> str | None:
        if value is not None and not _SMS.fullmatch(value):
            raise ValueError(f'\'{value}\' cannot be texted: write "85258" or "SHOUT to 85258"')
        return value

    @validator("ages")
    def _ages_are_readable(cls, value: str) -> str:
        if not _AGES.fullmatch(value):
            raise ValueError(f"'{value}' is not an age range: any, 16+ or 8-18")
        return value

    @validator("contact_note")
    def _note_is_listed(cls, value: str | None) -> str | None:
        if value is not None and value not in CONTACT_NOTES:
            raise ValueError(f"'{value}' is not one of the notes that have words: {', '.join(CONTACT_NOTES)}")
        return value

    @property
    def relied_until(self) -> dt.date | None:
        """The last day on which the newest check holds: `check_by` or a year, and never beyond a change of hands.

        None when nobody has checked it.
        """
        if self.last_checked is None:
            return None
        ends = [change.earliest for change in self.changes_ahead if change.earliest > self.last_checked]
        return min([self.check_by or self.last_checked + CHECK_HOLDS, *(end - dt.timedelta(days=1) for end in ends)])

    def reliance(self, day: dt.date) -> Reliance:
        """How far the contact may be relied on that day. Only "standing" and "checked" may be given as certain."""
        if not self.is_current(day):
            return "expired"
        until = self.relied_until
        if until is not None:
            return "checked" if day <= until else "expired"
        return "unchecked" if self.verify_before_use else "standing"

    def is_relied_on(self, day: dt.date) -> bool:
        """True when the contact may be given as certain that day."""
        return self.reliance(day) in ("standing", "checked")

    @property
    def has_contact(self) -> bool:
        """True when there is something to ring, text or open."""
        return any((self.phone, self.sms, self.web))

    def address_for(self, team: str | None = None) -> Address:
        """Where a referral goes: the team's own address, else the service's (both may be empty: default webhook)."""
        return self.team_addresses.get(team, self.referral) if team else self.referral

    def accepts_age(self, band: str | None) -> bool:
        """True when the whole age band is served. Not knowing the age rules out only services for the young."""
        if self.ages == "any":
            return True
        low, _, high = self.ages.replace("+", "-120").partition("-")
        if band is None:
            return int(high) >= 120
        youngest, oldest = AGE_RANGES[band]
        return int(low) <= youngest and oldest <= int(high)

    def is_current(self, day: dt.date) -> bool:
        """True between `valid_from` and `valid_to`, both included."""
        return (self.valid_from or dt.date.min) <= day <= (self.valid_to or dt.date.max)
