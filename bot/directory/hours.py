"""Is a service open, and when will it next be? Weeks, bank holidays, closures and clock changes, London time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from opening_hours import OpeningHours

from bot.clock import LONDON
from bot.directory.bank_holidays import COVERED_YEARS, bank_holidays, named_day
from bot.directory.record import Hours, Service, State

_DAYS = {"mon": "Mo", "tue": "Tu", "wed": "We", "thu": "Th", "fri": "Fr", "sat": "Sa", "sun": "Su"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Nobody said that a service with weekly hours works on bank holidays, so it is shut. A line said to be there at any
#: hour, and one with other hours on holidays, may well answer: that is unknown. Neither is ever open.
_WEEKLY_ON_HOLIDAY = {"closed": "off", "reduced": "unknown", "unknown": "off"}
_ALWAYS_ON_HOLIDAY = {"closed": "off", "reduced": "unknown", "unknown": "unknown"}
#: Bound of the search for the next opening: changes of state looked at, about a year of an ordinary week.
_MOST_CHANGES = 1000


@dataclass(frozen=True)
class Opening:
    """`state` at one instant; only "open" means that somebody answers. `changes_at` (UTC): the next change, if any."""

    state: State
    changes_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """True only when it is known to be open."""
        return self.state == "open"


@dataclass(frozen=True)
class Timetable:
    """Hours made ready to be asked: an expression for the engine, perhaps turned inside out (complement_of)."""

    expression: str
    inverted: bool = False

    def at(self, instant: dt.datetime) -> Opening:
        """The state at an aware instant, and its next change. Raises ValueError when the instant has no offset."""
        state = self.state(instant)
        local = instant.astimezone(LONDON)
        engine = _engine(self.expression)
        moment = local
        for _ in range(_MOST_CHANGES):
            change = engine.next_change(moment)
            if change is None:
                break
            moment = change.astimezone(LONDON)
            if self._state(engine, moment) != state:
                return Opening(state, moment.astimezone(dt.timezone.utc))
        return Opening(state, None)

    def state(self, instant: dt.datetime) -> State:
        """The state alone: far cheaper than looking for its next change."""
        if instant.tzinfo is None:
            raise ValueError("opening times need an instant with its offset")
        return self._state(_engine(self.expression), instant.astimezone(LONDON))

    def _state(self, engine: Any, local: dt.datetime) -> State:
        said = str(engine.state(local)[0])
        if self.inverted:
            if local.year not in COVERED_YEARS:
                return "unknown"
            return "closed" if said == "open" else "open"
        if said == "open":
            return "open"
        return "closed" if said == "closed" else "unknown"


def timetable(hours: Hours, services: Mapping[str, Service]) -> Timetable:
    """The timetable of some hours. `services` is needed only to find the other side of complement_of."""
    if hours.rule == "complement_of":
        other = services[hours.of or ""].hours
        return replace(timetable(other, services), inverted=True)
    return Timetable(_expression(hours))


def next_open(table: Timetable, at: dt.datetime) -> dt.datetime | None:
    """The first instant (UTC), `at` itself included, when it is known to be open; None when none is known."""
    moment = at.astimezone(dt.timezone.utc)
    for _ in range(_MOST_CHANGES):
        now = table.at(moment)
        if now.is_open:
            return moment
        if now.changes_at is None:
            return None
        moment = now.changes_at
    return None


def london_day(at: dt.datetime) -> dt.date:
    """The day it is in London at an aware instant."""
    return at.astimezone(LONDON).date()


def _expression(hours: Hours) -> str:
    """Hours in the OpenStreetMap notation that the engine reads. Its own `PH` is wrong for England: never used."""
    if hours.rule == "unknown":
        return "24/7 unknown"
    if hours.rule == "always":
        rules = ["24/7"]
    else:
        # one additive rule a day and span, so that split days and spans past midnight do not wipe each other out
        spans = [f"{_DAYS[day]} {span.open}-{span.close}" for span in hours.weekly for day in span.days]
        rules = [", ".join(spans) or "24/7 unknown"]
    if hours.bank_holidays != "open":
        word = (_ALWAYS_ON_HOLIDAY if hours.rule == "always" else _WEEKLY_ON_HOLIDAY)[hours.bank_holidays]
        rules += [f"{_date(day)} {word}" for year in COVERED_YEARS for day in bank_holidays(year)]
        # a year whose holidays we do not know might be nothing but holidays
        rules += [f"1900-{COVERED_YEARS[0] - 1} {word}", f"{COVERED_YEARS[-1] + 1}-9999 {word}"]
    rules += [f"{_date(named_day(name, year))} unknown" for name in hours.doubtful_days for year in COVERED_YEARS]
    for closure in hours.closures:
        length = (closure.last - closure.first).days + 1
        rules += [f"{_date(closure.first + dt.timedelta(days=n))} off" for n in range(length)]
    return "; ".join(rules)


def _date(day: dt.date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d}"


@lru_cache(maxsize=256)
def _engine(expression: str) -> Any:
    # without the bound, a year of unknown holidays is searched to the year 9999
    return OpeningHours(expression, timezone=LONDON, max_interval_days=400)
