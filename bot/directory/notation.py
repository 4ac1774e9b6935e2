"""How do opening hours read in the OpenStreetMap notation? Weeks, nights, holidays and single days, as one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bot.directory.bank_holidays import COVERED_YEARS, bank_holidays, named_day
from bot.directory.record import Hours

_DAYS = {"Mo": "mon", "Tu": "tue", "We": "wed", "Th": "thu", "Fr": "fri", "Sa": "sat", "Su": "sun"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ONE_DAY = dt.timedelta(days=1)
#: Opening and closing time as they are written; a night closes before it opens.
_Span = tuple[str, str]
#: What a whole day is ("off" or "unknown"), its own times in place of the week's, or None for an ordinary day.
_Day = str | tuple[_Span, ...] | None


@lru_cache(maxsize=256)
def written(hours: Hours, announced: frozenset[dt.date] = frozenset()) -> str:
    """Some hours as an expression for the engine, `complement_of` as if it were always open.

    The notation's own `PH` is wrong for England and never used. Nights are cut at midnight, so that each rule means one
    day, whole: the engine would work the night of a day that is shut, and take 09:00-09:00 for a day and a night.
    """
    week = _Week(hours, announced)
    rules = [_rule(week.ordinary()) or week.base]
    if week.unlisted:
        rules += [f"1900-{COVERED_YEARS[0] - 1} {week.unlisted}", f"{COVERED_YEARS[-1] + 1}-9999 {week.unlisted}"]
    alike: dict[tuple[str, ...], list[str]] = {}
    for day in sorted(week.exceptions()):
        alike.setdefault(tuple(week.dated(day)), []).append(_date(day))
    # one rule for all days that are alike: the engine looks at every rule for every question
    rules += [_rule((",".join(days), times) for times in dated) for dated, days in alike.items()]
    closures = [f"{_date(one.first)}-{_date(one.last)}" for one in hours.closures if one.first <= one.last]
    return "; ".join([*rules, *([f"{','.join(closures)} off"] if closures else ())])


class _Week:
    """Some hours, asked day by day."""

    def __init__(self, hours: Hours, announced: frozenset[dt.date]) -> None:
        self.hours = hours
        self.holidays = announced.union(*map(bank_holidays, COVERED_YEARS))
        self.doubtful = {named_day(name, year) for name in hours.doubtful_days for year in COVERED_YEARS}
        self.special = {one.date for one in hours.special}
        weekly = {day: [(s.open, s.close) for s in hours.weekly if _DAYS[day] in s.days] for day in _DAYS}
        self.weekly: list[list[_Span]] = list(weekly.values()) if hours.rule == "weekly" else [[]] * 7
        #: What an ordinary day is where no weekly time says otherwise.
        self.base = "24/7" if hours.rule in ("always", "complement_of") else "24/7 unknown"
        if hours.rule == "weekly" and hours.weekly:
            self.base = "off"
        self.on_holiday = None if hours.bank_holidays == "open" else self._on_holiday()
        #: What every day is in a year whose holidays we do not know: it might be nothing but holidays. The other side
        #: of a service that is shut for want of a list is not open for want of one.
        self.unlisted = self.on_holiday or ("unknown" if hours.rule == "complement_of" else None)

    def _on_holiday(self) -> str:
        # Nobody said that a service with weekly hours works on bank holidays, so it is shut. A line said to be there
        # at any hour, and one with other hours on holidays, may well answer: that is unknown. Neither is ever open.
        unsaid = "off" if self.hours.rule == "weekly" else "unknown"
        return {"closed": "off", "reduced": "unknown"}.get(self.hours.bank_holidays, unsaid)

    def of(self, day: dt.date) -> _Day:
        """What a day is; what is said of a smaller part of the year counts for more, and a closure above all."""
        if any(one.first <= day <= one.last for one in self.hours.closures):
            return "off"
        if day in self.special:
            return tuple((one.open, one.close) for one in self.hours.special if one.date == day)
        if day in self.doubtful:
            return "unknown"
        if day.year not in COVERED_YEARS:
            return self.unlisted
        return self.on_holiday if day in self.holidays else None

    def exceptions(self) -> set[dt.date]:
        """The days that need a rule of their own: those that are not as the week says, and the mornings after."""
        listed = self.doubtful | self.special | (self.holidays if self.on_holiday else set())
        ends = {one.last for one in self.hours.closures if one.last < dt.date.max}
        return listed | {day + _ONE_DAY for day in listed | ends if self.night(day) or self.weekly_night(day)}

    def ordinary(self) -> Iterator[tuple[str, str]]:
        """The days and times of the week."""
        days: dict[str, list[str]] = {}
        for number, day in enumerate(_DAYS):
            for times in (*_mornings(self.weekly[number - 1]), *_evenings(self.weekly[number])):
                days.setdefault(times, []).append(day)
        return ((",".join(listed), times) for times, listed in days.items())

    def dated(self, day: dt.date) -> Iterator[str]:
        """The times of one day, the first of which takes the place of what the week says of it."""
        here = self.of(day)
        if isinstance(here, str):
            yield here
            return
        yield "off" if here else self.base.replace("24/7", "00:00-24:00")
        yield from () if here else self.night(day - _ONE_DAY)
        yield from _evenings(here or self.weekly[day.weekday()])

    def night(self, day: dt.date) -> list[str]:
        """The morning after a day, as far as it belongs to that day."""
        said = self.of(day)
        if said == "off":
            return []
        if said == "unknown":
            return [f"{times} unknown" for times in self.weekly_night(day)]
        return _mornings(said) if isinstance(said, tuple) else self.weekly_night(day)

    def weekly_night(self, day: dt.date) -> list[str]:
        """The same as the week has it."""
        return _mornings(self.weekly[day.weekday()])


def _rule(parts: Iterable[tuple[str, str]]) -> str:
    # one additive part for each span, so that they do not wipe each other out
    return ", ".join(f"{days} {times}" for days, times in parts)


def _evenings(spans: Sequence[_Span]) -> list[str]:
    """The parts of spans on the day they begin."""
    ends = [(opens, closes if opens <= closes else "24:00") for opens, closes in spans]
    return [f"{opens}-{closes}" for opens, closes in ends if opens < closes]


def _mornings(spans: Sequence[_Span]) -> list[str]:
    """The parts of spans on the day after they begin."""
    return [f"00:00-{closes}" for opens, closes in spans if "00:00" < closes < opens]


def _date(day: dt.date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d}"
