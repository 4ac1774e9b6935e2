"""Which date does a named day or season mean? Easter, Boxing Day, half term, last summer, "the week before last"."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import NamedTuple


class Span(NamedTuple):
    """Some days: from `first` to `last`; `about` when not exact; `going_on` when it may not have ended."""

    first: dt.date
    last: dt.date
    about: bool = False
    going_on: bool = False


_DAY = dt.timedelta(days=1)
#: The first lockdown in England began on 23 March 2020.
_LOCKDOWN = dt.date(2020, 3, 23)
_FEASTS = {
    **{"christmas": (12, 25), "xmas": (12, 25), "crimbo": (12, 25), "christmas eve": (12, 24), "xmas eve": (12, 24)},
    **{"boxing": (12, 26), "new years eve": (12, 31), "new year eve": (12, 31), "nye": (12, 31), "new year": (1, 1)},
    **{"new years": (1, 1), "valentines": (2, 14), "valentine": (2, 14), "st georges": (4, 23), "st patricks": (3, 17)},
    **{"st paddys": (3, 17), "halloween": (10, 31), "bonfire": (11, 5), "guy fawkes": (11, 5), "fireworks": (11, 5)},
    **{"remembrance": (11, 11), "armistice": (11, 11)},
}
#: First and last month, for those that are spoken of as a stretch of the year.
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
#: School weeks in England, near enough to be said with "about": (month, day) of the first and the last.
_SCHOOL = {
    "summer holidays": ((7, 22), (9, 1)),
    "six weeks holidays": ((7, 22), (9, 1)),
    "start of term": ((9, 1), (9, 7)),
    "start of the school year": ((9, 1), (9, 7)),
    "went back to school": ((9, 1), (9, 7)),
}
_HALF_TERMS = (((2, 15), (2, 21)), ((5, 25), (5, 31)), ((10, 25), (10, 31)))


def easter(year: int) -> dt.date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm, as in Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    week = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * week) // 451
    month, day = divmod(h + week - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def back(today: dt.date, count: float, unit: str) -> dt.date:
    """`count` units before `today`; a day of the month that is not there becomes the last that is."""
    unit = unit.lower()
    if unit.startswith(("hour", "hr", "min")):
        return today
    days = {"day": 1, "nig": 1, "wee": 7, "wk": 7, "wks": 7, "for": 14}.get(unit[:3])
    if days:
        return today - dt.timedelta(days=round(min(count, 5_000) * days))
    months = round(min(count, 99) * (120 if unit.startswith("d") else 12 if unit.startswith("y") else 1))
    year, month = divmod(today.year * 12 + today.month - 1 - min(months, 1_200), 12)
    return dt.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def month_of(year: int, month: int, today: dt.date, part: str = "") -> Span | None:
    """A month, or the start, the middle or the end of one; None when it is still to come."""
    if (year, month) > (today.year, today.month):
        return None
    end = calendar.monthrange(year, month)[1]
    low, high = {"start": (1, 10), "mid": (11, 20), "end": (21, end)}.get(part, (1, end))
    first = dt.date(year, month, low)
    return Span(first, max(first, min(dt.date(year, month, high), today)), True)


def season(name: str, year: int | None, today: dt.date, last: bool = False, part: str = "") -> Span | None:
    """A season: of `year`, or the one that is on (unless `last`) or was last."""
    start, end = _SEASONS[name]
    starts_in = year if year is not None else today.year
    first = dt.date(starts_in, start, 1)
    if year is None and (first > today or (last and _season_ends(first, end) >= today)):
        first = dt.date(starts_in - 1, start, 1)
    if first > today:
        return None
    until = _season_ends(first, end)
    if part == "end":
        first = until.replace(day=1)
    elif part == "start":
        until = dt.date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
    return Span(first, max(first, min(until, today)), True)


def _season_ends(first: dt.date, month: int) -> dt.date:
    year = first.year + (month < first.month)
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _most_recent(today: dt.date, month: int, day: int) -> dt.date:
    date = dt.date(today.year, month, day)
    return date if date <= today else dt.date(today.year - 1, month, day)


def _bank_holiday(month: int, today: dt.date) -> Span:
    """The first Monday in May, or the last in August."""
    for year in (today.year, today.year - 1):
        days = [dt.date(year, month, day) for day in range(1, 32)]
        mondays = [day for day in days if day.weekday() == 0]
        date = mondays[0] if month < 6 else mondays[-1]
        if date <= today:
            break
    return Span(date, date)


def feast(name: str, today: dt.date) -> Span | None:
    """The last time a named day came round; None for a name that is not known."""
    plain = name.lower().replace("'", "").replace("’", "").replace("hallowe en", "halloween")
    if "lockdown" in plain or "covid" in plain or "pandemic" in plain:
        return Span(_LOCKDOWN, today, True, True)
    if "easter" in plain or plain == "good friday":
        shift = {"easter monday": 1, "good friday": -2}.get(plain, 0)
        year = today.year if easter(today.year) + shift * _DAY <= today else today.year - 1
        date = easter(year) + shift * _DAY
        return Span(date, date, plain == "easter")
    if "bank holiday" in plain:
        return _bank_holiday(5 if plain.startswith("may") else 8, today)
    if "half term" in plain:
        starts = [(_most_recent(today, *start), length) for start, length in _HALF_TERMS]
        start, (month, day) = max(starts)
        return Span(start, min(dt.date(start.year, month, day), today), True)
    if plain in _SCHOOL:
        (month, day), (to_month, to_day) = _SCHOOL[plain]
        start = _most_recent(today, month, day)
        return Span(start, min(dt.date(start.year, to_month, to_day), today), True)
    for ending in (" day", " night", " nite", ""):
        stem = plain.removesuffix(ending)
        if ending in plain and stem in _FEASTS:
            date = _most_recent(today, *_FEASTS[stem])
            return Span(date, date, plain in ("christmas", "xmas", "crimbo", "new year"))
    return None


def stretch(unit: str, today: dt.date, before: int = 1) -> Span:
    """The week, weekend, month or year that ended last (`before` 1), or the one before that (2)."""
    monday = today - today.weekday() * _DAY
    if unit.startswith(("weekend", "wknd", "wkend", "wk end")):
        # on a Saturday or Sunday, last weekend is the one before this
        saturday = monday - 2 * _DAY - (before - 1) * 7 * _DAY
        return Span(saturday, saturday + _DAY)
    if unit.startswith(("week", "wk")):
        return Span(monday - 7 * before * _DAY, monday - (7 * (before - 1) + 1) * _DAY, True)
    if unit.startswith("month"):
        first = back(today.replace(day=1), before, "month")
        return Span(first, back(first, -1, "month") - _DAY, True)
    return Span(dt.date(today.year - before, 1, 1), dt.date(today.year - before, 12, 31), True)


def so_far(unit: str, today: dt.date) -> Span:
    """This week, month or year, up to today."""
    if unit.startswith(("weekend", "wknd", "wkend")):
        saturday = today - ((today.weekday() - 5) % 7) * _DAY
        return Span(saturday, min(saturday + _DAY, today))
    if unit.startswith(("week", "wk")):
        return Span(today - today.weekday() * _DAY, today, True, True)
    return Span(today.replace(day=1) if unit.startswith("month") else dt.date(today.year, 1, 1), today, True, True)
