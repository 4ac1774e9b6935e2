"""How is one service shown to the public: how to reach it, whether it answers now, and how sure are we?"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Literal

from bot.clock import LONDON
from bot.directory import Directory, Service
from bot.directory.hours import london_day
from bot.directory.record import Alert, Closure, Day, Reliance, Special, State

_WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: Nobody withholds a number that stands in a sentence, so none is shown from there: only `ways` gives numbers.
_NUMBER = re.compile(r"\s*\(?\b0(?: ?\d){9,10}\b\)?")


@dataclass(frozen=True)
class Way:
    """One way to reach a service: what people read, and the link behind it."""

    kind: Literal["phone", "sms", "web", "email"]
    shown: str
    href: str


@dataclass(frozen=True)
class Open:
    """Days in a row with the same hours: first and last day, and the two times as people say them."""

    first: Day
    last: Day
    opens: str
    closes: str


@dataclass(frozen=True)
class Card:
    """A service at one instant. `changes`: when `state` ends (open) or when it next opens (closed), in words.

    `ways` is empty when nothing may be given out; `instead` then says whom to turn to. `areas`: names, none for the
    whole country. `special`: days with times of their own. `reason`: a code of routing, or nothing.
    """

    service: Service
    does: tuple[str, ...]
    for_whom: str
    ways: tuple[Way, ...]
    state: State
    changes: str | None
    reliance: Reliance
    areas: tuple[str, ...]
    week: tuple[Open, ...]
    alerts: tuple[Alert, ...]
    closures: tuple[Closure, ...]
    special: tuple[tuple[Special, str, str], ...]
    covers_for: str | None
    ended: str | None
    reason: str = ""
    instead: tuple[Card, ...] = ()

    @property
    def can_be_reached_now(self) -> bool:
        """True only when it is known to be open and there is a way to reach it."""
        return self.state == "open" and bool(self.ways)


def make_card(
    directory: Directory, service_id: str, at: dt.datetime, authority: str | None = None, reason: str = ""
) -> Card:
    """The card of a service, with its fallbacks. Raises KeyError for an unknown id."""
    card = _alone(directory, directory.service(service_id), at, authority, reason)
    return card if card.can_be_reached_now else replace(card, instead=_instead(directory, card.service, at, authority))


def ways_of(directory: Directory, service: Service, authority: str | None, day: dt.date) -> tuple[Way, ...]:
    """How to reach a service that day; a council's own number inside a service that stands for many councils."""
    if not service.is_current(day):
        return ()
    own = directory.local_contact(service, authority)
    phone, web, email = (own.phone, own.web, own.email) if own else (service.phone, service.web, service.email)
    found: list[Way] = []
    if phone:
        found.append(Way("phone", phone, f"tel:{''.join(phone.split())}"))
    if service.sms:
        word, _, number = service.sms.rpartition(" to ")
        found.append(Way("sms", service.sms, f"sms:{''.join(number.split())}" + (f"?body={word}" if word else "")))
    if web:
        bare = web.removeprefix("https://").removeprefix("http://").rstrip("/")
        found.append(Way("web", bare, f"https://{bare}"))
    if email:
        found.append(Way("email", email, f"mailto:{email}"))
    return tuple(found)


def area_name(directory: Directory, area: str) -> str:
    """What people call an area: a group of councils or one council."""
    atlas = directory.atlas
    return atlas.groups[area].name if area in atlas.groups else atlas.authorities[area].name


def moment(at: dt.datetime, now: dt.datetime) -> str:
    """An instant as people say it in London: "Monday 23 November at 9am", or "9am" when that is today.

    Midnight belongs to the evening it ends: what closes at 24:00 today closes at "midnight", not tomorrow.
    """
    local = at.astimezone(LONDON)
    day = (local - dt.timedelta(minutes=1)).date() if (local.hour, local.minute) == (0, 0) else local.date()
    clock = time_of_day(f"{local:%H:%M}")
    return clock if day == london_day(now) else f"{day:%A} {day.day} {day:%B} at {clock}"


def time_of_day(said: str) -> str:
    """ "20:30" as people say it: "8:30pm"."""
    hour, minute = int(said[:2]), said[3:]
    if minute == "00" and hour in (0, 12, 24):
        return "midday" if hour == 12 else "midnight"
    return f"{hour % 12 or 12}{f':{minute}' if minute != '00' else ''}{'am' if hour % 24 < 12 else 'pm'}"


def said_date(written: str) -> str:
    """A date as sources are dated (2026, 2026-01, 2026-01-18), as people say it; anything else stays as it is."""
    try:
        day = dt.date.fromisoformat(written + "-01-01"[3 * written.count("-") :])
    except ValueError:
        return written
    return f"{day:%-d %B %Y}" if written.count("-") == 2 else f"{day:%B %Y}" if "-" in written else written


def _alone(directory: Directory, service: Service, at: dt.datetime, authority: str | None, reason: str) -> Card:
    day = london_day(at)
    state = directory.state(service.id, at)
    changes = directory.opening(service.id, at).changes_at if state == "open" else None
    if state == "closed":
        changes = directory.next_opening(service.id, at)
    return Card(
        service=service,
        does=tuple(_NUMBER.sub("", offer) for offer in service.offers),
        for_whom=_NUMBER.sub("", service.for_whom),
        ways=ways_of(directory, service, authority, day),
        state=state,
        changes=moment(changes, at) if changes else None,
        reliance=service.reliance(day),
        areas=tuple(area_name(directory, area) for area in service.areas if area != "national"),
        week=_week(service),
        alerts=tuple(alert for alert in service.alerts if alert.is_on(day)),
        closures=tuple(shut for shut in service.hours.closures if shut.last >= day),
        special=tuple(
            (one, time_of_day(one.open), time_of_day(one.close)) for one in service.hours.special if one.date >= day
        ),
        ended=said_date(service.valid_to.isoformat()) if service.valid_to and service.valid_to < day else None,
        covers_for=directory.service(service.hours.of).name if service.hours.of else None,
        reason=reason,
    )


def _instead(directory: Directory, service: Service, at: dt.datetime, authority: str | None) -> tuple[Card, ...]:
    """Its fallbacks that can be reached now; for one that cannot, that one's own. 999 only when there is no other."""
    found: list[Card] = []
    waiting, seen = list(service.out_of_hours_fallback), {service.id}
    while waiting:
        one = directory.service(waiting.pop(0))
        if one.id in seen or not one.public_contact:
            continue
        seen.add(one.id)
        card = _alone(directory, one, at, authority, "")
        if card.can_be_reached_now:
            found.append(card)
        else:
            waiting += one.out_of_hours_fallback
    return tuple(card for card in found if card.service.kind != "emergency") or tuple(found)


def _week(service: Service) -> tuple[Open, ...]:
    found: list[Open] = []
    for span in service.hours.weekly:
        run: list[Day] = []
        for day in (*(one for one in _WEEK if one in span.days), None):
            if run and (day is None or _WEEK.index(day) != _WEEK.index(run[-1]) + 1):
                found.append(Open(run[0], run[-1], time_of_day(span.open), time_of_day(span.close)))
                run = []
            if day is not None:
                run.append(day)
    return tuple(found)
