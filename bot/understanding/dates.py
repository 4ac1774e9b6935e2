"""Which day is meant? "last fri nite", "three weeks ago", "since about Easter", "3/4/26", as seen in London."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.clock import LONDON


class Day(NamedTuple):
    """A stretch of text that means a day: from `first` to `last`; `about` when it is not exact."""

    start: int
    end: int
    first: dt.date
    last: dt.date
    about: bool


NUMBERS = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple": 2, "few": 3, "several": 3},
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?s?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_COUNT = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:a )?couple(?: "
    r"of)?|(?:a )?few|several)"
)
_UNIT = r"(?:days?|nights?|weeks?|wks?|fortnights?|months?|mnths?|years?|yrs?|hours?|hrs?|mins?|minutes?)"
_VAGUE = (
    r"(?:about|around|roughly|approx(?:imately)?|maybe|probably|abt|some ?time|nearly|almost|over|more than|at least)"
)

_PATTERNS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b{pattern}\b", re.IGNORECASE)
    for name, pattern in {
        "numeric": r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})",
        "iso": r"(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        "day_month": rf"(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mon>{_MONTH})(?:,? (?P<y>20\d\d))?",
        "month_day": rf"(?P<mon>{_MONTH}) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!:|\.\d| ?[ap]\.?m)(?:,? "
        rf"(?P<y>20\d\d))?",
        "nth": r"(?:on |since )?the (?P<d>\d{1,2})(?:st|nd|rd|th)(?! (?:floor|time|year|birthday))",
        "ago": rf"(?P<n>{_COUNT})(?: (?:or|to) (?P<n2>{_COUNT}))?(?: and a half)? ?(?P<unit>{_UNIT}) "
        rf"(?:ago|back|earlier)",
        "lasting": rf"(?:for|over|in|during) (?:{_VAGUE} )?(?:the )?(?:past|last)? ?(?:{_VAGUE} "
        rf")?(?P<n>{_COUNT}) ?(?P<unit>months?|mnths?|weeks?|wks?|fortnights?|years?|yrs?|nights|"
        rf"days)(?: now)?",
        "last_unit": r"last (?P<unit>week|wk|weekend|wknd|wkend|month|year|summer|autumn|winter|spring)",
        "weekday": rf"(?:(?P<which>last|this|on|this past|past|since|every) )(?P<day>{_WEEKDAY})(?: (?:night|"
        rf"nite|evening|morning|afternoon|just gone))?",
        "bare_weekday": r"(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: (?:night|nite|evening|morning|"
        r"afternoon|just gone))",
        "month": rf"(?:in|since|from|last|until|till|early|late|mid|during|back in|end of|start of|"
        rf"beginning of|to|and|between) (?:about |around |early |late |mid |the end of "
        rf")?(?P<mon>{_MONTH})(?: (?P<y>20\d\d))?(?! (?:be|have|not|i)\b)",
        "named": r"(?P<name>the day before yesterday|day b4 yesterday|yesterday|yest|today|tonight|tonite|"
        r"2nite|last ni(?:ght|te)|the other (?:day|night|week)|this (?:morning|afternoon|evening|"
        r"week|month|year)|just now|earlier(?: today| on)?|the weekend|this weekend|christmas eve|"
        r"xmas eve|christmas(?: day)?|xmas|boxing day|new year'?s? eve|new year'?s?(?: day)?|"
        r"easter (?:monday|sunday|weekend)|easter|good friday|hallowe'?en|bonfire night|guy "
        r"fawkes(?: night)?|valentine'?s(?: day)?|lockdown)",
    }.items()
}


def today_in_london(now: dt.datetime) -> dt.date:
    """The date on a clock in London."""
    return now.astimezone(LONDON).date()


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


def _most_recent(today: dt.date, of_year: dict[str, tuple[int, int]], name: str) -> dt.date:
    month, day = of_year[name]
    date = dt.date(today.year, month, day)
    return date if date <= today else dt.date(today.year - 1, month, day)


_FEASTS = {"christmas eve": (12, 24), "xmas eve": (12, 24), "boxing day": (12, 26), "bonfire night": (11, 5)} | {
    "christmas": (12, 25),
    "xmas": (12, 25),
    "halloween": (10, 31),
    "guy fawkes": (11, 5),
    "valentines": (2, 14),
}


def _named(name: str, today: dt.date, hour: int) -> tuple[dt.date, dt.date, bool] | None:
    name = re.sub(r"\s+", " ", name.lower().replace("'", ""))
    night = today - dt.timedelta(days=1) if hour < 5 else today
    simple = {"today": today, "this afternoon": today, "this morning": today, "just now": today, "earlier": today}
    simple |= {"earlier today": today, "earlier on": today, "tonight": night, "tonite": night, "2nite": night}
    simple |= {"this evening": night, "yesterday": today - dt.timedelta(days=1), "yest": today - dt.timedelta(days=1)}
    simple |= {"last night": today - dt.timedelta(days=1), "last nite": today - dt.timedelta(days=1)}
    simple |= {
        "the day before yesterday": today - dt.timedelta(days=2),
        "day b4 yesterday": today - dt.timedelta(days=2),
    }
    if name in simple:
        return simple[name], simple[name], False
    if name.startswith("the other"):
        return today - dt.timedelta(days=7 if "week" in name else 3), today, True
    if name.endswith("weekend") and "easter" not in name:
        saturday = today - dt.timedelta(days=(today.weekday() - 5) % 7)
        return saturday, min(saturday + dt.timedelta(days=1), today), False
    if name.startswith("this "):
        first = {"week": today - dt.timedelta(days=today.weekday()), "month": today.replace(day=1)}
        start = first.get(name.split()[1], today.replace(month=1, day=1))
        return start, today, True
    if "easter" in name or name == "good friday":
        shift = {"easter monday": 1, "good friday": -2}.get(name, 0)
        year = today.year if easter(today.year) + dt.timedelta(days=shift) <= today else today.year - 1
        date = easter(year) + dt.timedelta(days=shift)
        return date, date, name == "easter"
    if name.startswith("new year"):
        month, day = (12, 31) if name.endswith("eve") else (1, 1)
        date = _most_recent(today, {"x": (month, day)}, "x")
        return date, date, False
    feast = name.removesuffix(" day").removesuffix(" night") if name not in _FEASTS else name
    if feast in _FEASTS:
        date = _most_recent(today, _FEASTS, feast)
        return date, date, False
    return None


def _number(text: str) -> int:
    word = text.lower().replace("a couple", "couple").replace(" of", "").replace("a few", "few").strip()
    return int(word) if word.isdigit() else NUMBERS.get(word, 1)


def back(today: dt.date, count: int, unit: str) -> dt.date:
    """`count` units before `today`; a day of the month that is not there becomes the last that is."""
    unit = unit.lower()
    if unit.startswith(("hour", "hr", "min")):
        return today
    days = {"day": 1, "nig": 1, "wee": 7, "wk": 7, "wks": 7, "for": 14}.get(unit[:3])
    if days:
        return today - dt.timedelta(days=min(count, 9_999) * days)
    months = min(count, 99) * (12 if unit.startswith("y") else 1)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return dt.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _calendar_day(match: re.Match[str], today: dt.date) -> dt.date | None:
    groups = match.groupdict()
    month = int(groups["m"]) if groups.get("m") else 0
    if groups.get("mon"):
        month = _MONTHS.index(groups["mon"][:3].lower()) + 1
    year = int(groups["y"]) if groups.get("y") else 0
    year += 2000 if 0 < year < 100 else 0
    day = int(groups["d"])
    try:
        if year:
            date = dt.date(year, month, day)
            return date if date <= today else None
        if month:
            date = dt.date(today.year, month, day)
            return date if date <= today else dt.date(today.year - 1, month, day)
        base = today if day <= today.day else back(today.replace(day=1), 1, "month")
        return base.replace(day=day)
    except ValueError:
        return None


def _reading(name: str, match: re.Match[str], today: dt.date, hour: int) -> tuple[dt.date, dt.date, bool] | None:
    if name in ("numeric", "iso", "day_month", "month_day", "nth"):
        date = _calendar_day(match, today)
        return (date, date, False) if date else None
    if name == "named":
        return _named(match["name"], today, hour)
    if name == "ago":
        date = back(today, _number(match["n"]), match["unit"])
        vague = match["n"].lower().startswith(("couple", "few", "several", "a couple", "a few")) or bool(match["n2"])
        return date, date, vague or not match["unit"].lower().startswith(("day", "night", "hour", "hr", "min"))
    if name == "lasting":
        return back(today, _number(match["n"]), match["unit"]), today, True
    if name == "last_unit":
        return _last_unit(match["unit"].lower(), today)
    if name in ("weekday", "bare_weekday"):
        if name == "weekday" and (match["which"].lower() == "every" or match["day"].lower().endswith("days")):
            return None
        behind = (today.weekday() - _WEEKDAYS.index(match["day"][:3].lower())) % 7
        if behind == 0 and (match.groupdict().get("which") or "").lower() == "last":
            behind = 7
        date = today - dt.timedelta(days=behind)
        return date, date, False
    month = _MONTHS.index(match["mon"][:3].lower()) + 1
    year = int(match["y"]) if match["y"] else today.year - (month > today.month)
    if (year, month) > (today.year, today.month):
        return None
    end = dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date(year, month, 1), min(end, today), True


def _last_unit(unit: str, today: dt.date) -> tuple[dt.date, dt.date, bool]:
    monday = today - dt.timedelta(days=today.weekday())
    if unit in ("weekend", "wknd", "wkend"):
        saturday = monday - dt.timedelta(days=2)
        return saturday, saturday + dt.timedelta(days=1), False
    if unit in ("week", "wk"):
        return monday - dt.timedelta(days=7), monday - dt.timedelta(days=1), True
    if unit == "month":
        end = today.replace(day=1) - dt.timedelta(days=1)
        return end.replace(day=1), end, True
    if unit == "year":
        return dt.date(today.year - 1, 1, 1), dt.date(today.year - 1, 12, 31), True
    first_month = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}[unit]
    year = today.year if first_month + 2 < today.month else today.year - 1
    first = dt.date(year, first_month, 1)
    last = back(first, -3, "month") - dt.timedelta(days=1)
    return first, min(last, today), True


def _start_of(match: re.Match[str]) -> int:
    """Where the day starts: "since" and "from" are left before it, for they say something else."""
    named = next((name for name in ("mon", "day") if match.groupdict().get(name)), None)
    if named and match.group().lower().startswith(("since", "from")):
        return match.start(named)
    return match.start()


def find_days(text: str, now: dt.datetime) -> Iterator[Day]:
    """Every day that the text means, in order, none overlapping (the longest wins). Days to come are left out."""
    local = now.astimezone(LONDON)
    found: list[Day] = []
    for name, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            reading = _reading(name, match, local.date(), local.hour)
            if reading is not None:
                found.append(Day(_start_of(match), match.end(), *reading))
    taken = 0
    for day in sorted(found, key=lambda d: (d.start, -d.end)):
        if day.start >= taken:
            taken = day.end
            yield day
