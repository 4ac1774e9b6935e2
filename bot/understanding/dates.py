"""Which day is meant? "last fri nite", "three weeks ago", "since about Easter", "3/4/26", as seen in London."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bot.clock import LONDON
from bot.understanding.feasts import Span, back, easter, feast, month_of, season, so_far, stretch

__all__ = ["NUMBERS", "Day", "back", "easter", "find_days", "lowered", "today_in_london"]


class Day(NamedTuple):
    """A stretch of text that means some days; the rest as in `feasts.Span`."""

    start: int
    end: int
    first: dt.date
    last: dt.date
    about: bool
    going_on: bool = False


NUMBERS = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30},
    **{"couple": 2, "few": 3, "several": 3, "half": 0.5},
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = r"(?:mon|tu(?:e|es|s)?|wed(?:nes|nez|ens|s)?|we(?:n|nds)|th(?:u|er|ur|urs|ers)|fri|sat(?:ur|er)?|sun)day"
_SHORT = r"(?:mon|tue?s?|weds?|thu(?:rs?)?|fri|sat)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_COUNT = (
    r"(?:\d{1,3}(?:\.5)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty"
    r"|thirty|half an?|(?:a )?couple(?: of)?|(?:a )?few|several)"
)
_UNIT = (
    r"(?:days?|nights?|weeks?|wks?|fortnights?|months?|mo?n?ths?|years?|yrs?|decades?|hours?|hrs?|mins?|minutes?"
    r"|year and a half|yr and a half|month and a half)"
)
_LONG_UNIT = r"(?:months?|mo?n?ths?|weeks?|wks?|fortnights?|years?|yrs?|decades?|year and a half|nights|days)"
_VAGUE = (
    r"(?:about|around|roughly|approx(?:imately)?|maybe|probably|abt|some ?time|nearly|almost|over|well over|just over"
    r"|just under|more than|at least|coming up to|going on|getting on for|a good)"
)
_PART = r"(?:early(?: on)?(?: in)?|late|mid|(?:the )?(?:start|beginning|middle|end|back end|first week|last week) of)"
_TIME_OF_DAY = r"(?:night|nite|evening|eve|morning|morn|afternoon|aft|lunchtime|teatime)"

_SOURCES = {
    # a pattern, and what must be there for it to be worth trying
    "numeric": (r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})", "/.-"),
    "short_numeric": (r"(?:on|since|dated|from|date:?) (?:the )?(?P<d>\d{1,2})/(?P<m>1[0-2]|0?[1-9])(?![/\d])", "/"),
    "iso": (r"(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})", "-"),
    "day_month": (
        rf"(?:the )?(?P<d>\d{{1,2}})(?: ?(?:st|nd|rd|th))?(?: of)? ?(?P<mon>{_MONTH})(?:,? (?P<y>20\d\d"
        rf"|['’]?\d\d(?!:)))?",
        "123456789",
    ),
    "month_day": (
        rf"(?P<mon>{_MONTH}) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!:|\.\d| ?[ap]\.?m|\d)(?:,? (?P<y>20\d\d))?",
        "123456789",
    ),
    "nth": (
        r"(?:on |since )?the (?P<d>\d{1,2})(?:st|nd|rd|th)(?: of (?P<this>this|last) month)?"
        r"(?! (?:floor|time|year|birthday|one|person|house|door|flat|report|complaint|week|day|lot|night in))",
        "snrt",
    ),
    "ago": (
        rf"(?P<n>{_COUNT})(?: ?(?:or|to|-) ?(?P<n2>{_COUNT}))? ?(?P<unit>{_UNIT})(?P<half> and a half)?(?: or (?:so"
        rf"|two)"
        rf"| now)? (?:ago|agos|back|earlier|before now)(?: today| tonight| on)?",
        ("ago", "back", "earlier", "before"),
    ),
    "week_of_day": (
        rf"(?:a |the )?(?P<shift>week|fortnight) (?:ago )?(?P<rel>last |on |yesterday|past )?(?P<day>{_DAYS}|{_SHORT})?"
        r"(?: gone| just gone)?",
        ("week", "fortnight"),
    ),
    "day_of_week": (rf"(?:on |the )?(?P<day>{_DAYS}|{_SHORT})(?: of)? (?P<rel>last|this) (?:week|wk)", ("week", "wk")),
    "day_before_last": (rf"(?:the )?(?P<day>{_DAYS}|{_SHORT}) before last", ("before last",)),
    "before_last": (r"(?:the )?(?P<unit>weekend|wkend|wknd|week|wk|month|year) before last", ("before last",)),
    "lasting": (
        rf"(?:(?:for|over|in|during|within|these|been) (?:{_VAGUE} )?(?:the )?(?:(?:past|last|previous) )?"
        rf"|the (?:past|last) "
        rf"|(?:past|last) (?={_COUNT} ?\w)|{_VAGUE} )(?:{_VAGUE} )?(?P<n>{_COUNT}(?: and a half)?)(?: or (?:so"
        rf"|{_COUNT}))? ?"
        rf"(?P<unit>{_LONG_UNIT})(?P<half> and a half)?(?! (?:old|ago|back|earlier|later|pregnant|before|after|to"
        rf"|until|in))",
        ("day", "night", "week", "wk", "month", "mth", "mnth", "year", "yr", "decade"),
    ),
    "the_last": (
        r"(?:over|in|during|within|for|these) (?:the )?(?:past|last) (?P<unit>weeks?|months?|yr|year)",
        ("past", "last", "previous"),
    ),
    "now_lasting": (
        rf"(?P<n>{_COUNT})\+? ?(?P<unit>{_LONG_UNIT})(?P<half> and a half)? (?:now|already|and counting|of (?:this|it"
        rf"|hell"
        rf"|abuse|noise|torment|harassment|misery|grief))",
        ("now", "already", "counting", "of "),
    ),
    "bare_lasting": (
        rf"(?<=[.!?]\x20)(?P<n>{_COUNT}) ?(?P<unit>(?:months?|years?|yrs?|weeks?|wks?))(?=\s*(?:[.!?]|$))",
        ("month", "year", "yr", "week", "wk"),
    ),
    "all_of": (r"all (?:this )?(?P<unit>week|month|year|summer|weekend)(?: long)?", ("all ",)),
    "last_unit": (
        rf"(?P<part>{_PART} )?last (?P<unit>weekend|wknd|wkend|week|wk|month|year|summer|autumn|winter|spring)",
        ("last",),
    ),
    "season": (
        rf"(?:(?P<part>{_PART})|in|since|over|during|through|all|this|of) (?:the |last |this )?(?P<unit>spring|summer"
        rf"|autumn|winter)(?: (?:of )?(?P<y>20\d\d))?(?! (?:holidays?|house|job|term|coat|fair))",
        ("spring", "summer", "autumn", "winter"),
    ),
    "year": (
        rf"(?:(?P<part>{_PART})|in|since|back in|from|during|until|till|between|and|to) (?:about |around )?"
        r"(?P<y>20[0-4]\d)(?![\d/-])",
        ("20",),
    ),
    "weekday": (
        rf"(?:(?P<which>last|this|on|this past|past|since|from|it was|was|were|happened|yes) )(?P<day>{_DAYS}|{_SHORT})"
        rf"(?P<part> {_TIME_OF_DAY}| just gone| gone)?",
        "",
    ),
    "bare_weekday": (rf"(?P<day>{_DAYS})(?: (?:{_TIME_OF_DAY}|just gone|gone))?", ("day",)),
    "short_weekday": (
        rf"(?P<day>{_SHORT}) (?:{_TIME_OF_DAY}|just gone|gone)|(?<=and\x20)(?P<day2>{_SHORT})|(?P<day3>weds?|thurs?"
        rf"|tues|fri)"
        rf"(?= (?:and|&|n) (?:{_DAYS}|{_SHORT})\b)",
        "",
    ),
    "month": (
        rf"(?:(?P<part>{_PART})|in|since|from|last|until|till|during|back in|around|about|through|to|and"
        rf"|between|mean|meant|was) (?:about |around "
        rf"|the )?(?:(?P<part2>{_PART}) )?(?P<mon>{_MONTH})(?:,? (?:of )?(?P<y>20\d\d))?(?: time)?(?! (?:be|have"
        rf"|i|or|as)\b)(?:(?<!may)|(?! not\b))",
        _MONTHS,
    ),
    "month_year": (rf"(?P<mon>{_MONTH}),? (?P<y>20[012]\d)", ("20",)),
    "named": (
        r"(?P<name>the day before yest(?:er)?day|day b4 y(?:ester|est|est?e?r)?day|yest(?:er|ur|ar|u)?day|yday|yest"
        r"|today"
        r"|2day|tonight|tonite|2nite|tonigt|last ?ni(?:ght|te|gt)|the other (?:day|night|nite|week|evening|morning"
        r"|weekend)"
        r"|this (?:morning|morn|afternoon|aft|evening|week|wk|month|year|weekend|wkend|wknd)|just now|earlier(?: today"
        r"| tonight| this year| this month| this week| on(?! in))?|the (?:weekend|wkend|wknd)(?: just gone)?)",
        "",
    ),
    "feast": (
        r"(?P<name>christmas eve|xmas eve|christmas(?: day)?|xmas(?: day)?|crimbo|boxing day|new year'?s? eve|nye"
        r"|new year'?s?(?: day)?|easter (?:monday|sunday|weekend)|easter|good friday|hallowe'?en|bonfire ni(?:ght|te)"
        r"|guy fawkes(?: night)?|fireworks? night|valentine'?s(?: day)?|st george'?s day|st pa(?:trick|ddy)'?s day"
        r"|(?:august|summer|may) bank holiday|remembrance (?:day|sunday)|(?:the )?(?:first )?lockdown|covid"
        r"|the pandemic|half ?term"
        r"|(?:the )?summer holidays"
        r"|six weeks? holidays?|start of term|start of the school year|went back to school)",
        "",
    ),
}


def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{source.replace(' ?', chr(0)).replace(' ', '[ ]+').replace(chr(0), '[ ]*')})(?!\w)")


_PATTERNS = {name: (_compiled(source), tuple(needs)) for name, (source, needs) in _SOURCES.items()}
#: Before or after a weekday: it is a habit, an end or a day to come, not a day on which it happened.
_HABIT_BEFORE = re.compile(
    r"\b(?:every|each|most|any|next|coming|until|till?|by|till|alternate|normal|other|a|weekend|bank holiday)[ ]+$"
    r"|\b(?:to|-"
    r"|through)[ ]?$"
)
_HABIT_AFTER = re.compile(
    rf"[ ]*(?:to|-|till?|until|through|thru)[ ]*(?:{_DAYS}|{_SHORT})\b|[ ]+(?:week|next|to come|club)\b"
)
_CURLY = str.maketrans({"’": "'", "‘": "'", "\n": " ", "\t": " ", "\r": " ", "\xa0": " "})


def lowered(text: str) -> str:
    """The text in lower case, with straight apostrophes and plain spaces, letter for letter in the same places."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_CURLY)


def today_in_london(now: dt.datetime) -> dt.date:
    """The date on a clock in London."""
    return now.astimezone(LONDON).date()


def _named(name: str, today: dt.date, hour: int) -> Span | None:
    name = re.sub(r"\s+", " ", name)
    night = today - dt.timedelta(days=1) if hour < 5 else today
    yesterday = today - dt.timedelta(days=1)
    if name.startswith(("the day before", "day b4")):
        return Span(yesterday - dt.timedelta(days=1), yesterday - dt.timedelta(days=1))
    if name.startswith(("yest", "yday", "last")):
        return Span(yesterday, yesterday)
    if name in ("tonight", "tonite", "2nite", "tonigt", "this evening", "earlier tonight"):
        return Span(night, night)
    if name.startswith("the other"):
        return Span(today - dt.timedelta(days=7 if "week" in name else 3), today, True)
    unit = name.split()[-1] if not name.endswith("just gone") else "weekend"
    if name.startswith(("this ", "earlier this", "the ")) and unit in ("week", "wk", "month", "year"):
        return so_far(unit, today)
    if unit in ("weekend", "wkend", "wknd"):
        return so_far(unit, today)
    return Span(today, today)


def _number(text: str) -> float:
    words = text.lower().replace(" and a half", "").replace(" of", "").split()
    word = "half" if words[0] == "half" else words[-1]
    return float(word) if word.replace(".", "").isdigit() else NUMBERS.get(word, 1)


def _how_many(match: re.Match[str]) -> tuple[float, str]:
    unit = match["unit"]
    half = 0.5 if "and a half" in match["n"] or "and a half" in unit or match.groupdict().get("half") else 0
    return _number(match["n"]) + half, unit


def _calendar_day(match: re.Match[str], today: dt.date) -> dt.date | None:
    groups = match.groupdict()
    month = int(groups["m"]) if groups.get("m") else 0
    if groups.get("mon"):
        month = _MONTHS.index(groups["mon"][:3]) + 1
    year = int(groups["y"].strip("'")) if groups.get("y") else 0
    year += 2000 if 0 < year < 100 else 0
    day = int(groups["d"])
    try:
        if year:
            date = dt.date(year, month, day)
            return date if date <= today else None
        if month:
            date = dt.date(today.year, month, day)
            return date if date <= today else dt.date(today.year - 1, month, day)
        earlier = groups.get("this") == "last" or (day > today.day and groups.get("this") is None)
        base = back(today.replace(day=1), 1, "month") if earlier else today
        date = base.replace(day=day)
        return date if date <= today else None
    except ValueError:
        return None


def _weekday(match: re.Match[str], today: dt.date) -> Span | None:
    groups = match.groupdict()
    said = groups.get("day") or groups.get("day2") or groups.get("day3")
    low, at, end = match.string, match.start(), match.end()
    if not said or low[end : end + 1] == "s" or _HABIT_AFTER.match(low, end):
        return None
    # "on a Saturday", "any Friday": a habit; but "on Saturday", "last Friday" are days
    if not groups.get("which") and _HABIT_BEFORE.search(low[max(0, at - 14) : at]):
        return None
    behind = (today.weekday() - _day_number(said)) % 7
    if behind == 0 and groups.get("which") == "last":
        behind = 7
    date = today - dt.timedelta(days=behind)
    return Span(date, date)


def _day_number(said: str) -> int:
    return _WEEKDAYS.index({"wen": "wed", "the": "thu", "tud": "tue", "tus": "tue"}.get(said[:3], said[:3]))


def _ago(match: re.Match[str], today: dt.date) -> Span:
    count, unit = _how_many(match)
    date = back(today, count, unit)
    vague = any(word in match["n"] for word in ("couple", "few", "several")) or bool(match["n2"])
    exact = unit.startswith(("day", "night", "hour", "hr", "min")) and not vague
    return Span(date, date, not exact)


def _week_of_day(match: re.Match[str], today: dt.date) -> Span | None:
    """ "a week last Sunday", "a fortnight ago on Friday", "a week yesterday": counted back from that day."""
    shift = 14 if match["shift"] == "fortnight" else 7
    if (match["rel"] or "").startswith("yesterday"):
        date = today - dt.timedelta(days=shift + 1)
    elif match["rel"] and match["day"]:
        behind = (today.weekday() - _day_number(match["day"])) % 7 or 7
        date = today - dt.timedelta(days=behind + shift)
    else:
        return None
    return Span(date, date)


def _part(match: re.Match[str]) -> str:
    said = (match.groupdict().get("part") or "") + (match.groupdict().get("part2") or "")
    if "mid" in said:
        return "mid"
    return "end" if "late" in said or " end" in f" {said}" or "last" in said else "start" if said else ""


def _month(match: re.Match[str], today: dt.date) -> Span | None:
    month = _MONTHS.index(match["mon"][:3]) + 1
    year = int(match["y"]) if match["y"] else today.year - (month > today.month)
    if not match["y"] and match.group().startswith("last ") and month == today.month:
        year -= 1
    return month_of(year, month, today, _part(match))


def _year(match: re.Match[str], today: dt.date) -> Span | None:
    year = int(match["y"])
    if year > today.year:
        return None
    low, high = {"start": (1, 4), "mid": (5, 8), "end": (9, 12)}.get(_part(match), (1, 12))
    last = back(dt.date(year, high, 28), -1, "month").replace(day=1) - dt.timedelta(days=1)
    first = dt.date(year, low, 1)
    return Span(first, max(first, min(last, today)), True) if first <= today else None


def _last_unit(match: re.Match[str], today: dt.date) -> Span | None:
    unit = match["unit"]
    if unit in ("spring", "summer", "autumn", "winter"):
        return season(unit, None, today, last=True, part=_part(match))
    span = stretch(unit, today)
    if unit == "month" and _part(match):
        return month_of(span.first.year, span.first.month, today, _part(match))
    return span


def _day_before_last(match: re.Match[str], today: dt.date) -> Span:
    behind = (today.weekday() - _day_number(match["day"])) % 7 or 7
    date = today - dt.timedelta(days=behind + 7)
    return Span(date, date)


def _day_of_week(match: re.Match[str], today: dt.date) -> Span | None:
    """ "Thursday last week"."""
    monday = today - dt.timedelta(days=today.weekday() + (7 if match["rel"] == "last" else 0))
    date = monday + dt.timedelta(days=_day_number(match["day"]))
    return Span(date, date) if date <= today else None


def _dated(match: re.Match[str], today: dt.date) -> Span | None:
    date = _calendar_day(match, today)
    return Span(date, date) if date else None


def _lasting(match: re.Match[str], today: dt.date) -> Span:
    return Span(back(today, *_how_many(match)), today, True, True)


_READERS: dict[str, Callable[[re.Match[str], dt.date], Span | None]] = {
    **dict.fromkeys(("numeric", "short_numeric", "iso", "day_month", "month_day", "nth"), _dated),
    **dict.fromkeys(("weekday", "bare_weekday", "short_weekday"), _weekday),
    **dict.fromkeys(("lasting", "now_lasting", "bare_lasting"), _lasting),
    **dict.fromkeys(("month", "month_year"), _month),
    "ago": _ago,
    "week_of_day": _week_of_day,
    "day_before_last": _day_before_last,
    "day_of_week": _day_of_week,
    "before_last": lambda match, today: stretch(match["unit"], today, 2),
    "the_last": lambda match, today: Span(back(today, 1, match["unit"]), today, True, True),
    "all_of": lambda m, today: season(m["unit"], None, today) if m["unit"][0] == "s" else so_far(m["unit"], today),
    "last_unit": _last_unit,
    "season": lambda m, today: season(m["unit"], int(m["y"]) if m["y"] else None, today, "last" in m[0], _part(m)),
    "year": _year,
    "feast": lambda match, today: feast(re.sub(r"^the (?=summer|first|lock)", "", match["name"]), today),
}


_LEFT_OUT = ("since", "from", "until", "till", "on ", "it was", "was", "were", "happened", "yes")


def _start_of(match: re.Match[str]) -> int:
    """Where the day starts: "since" and "from" are left before it, for they say something else."""
    groups = match.groupdict()
    named = next((name for name in ("part", "mon", "day", "y", "unit") if groups.get(name)), None)
    if named and match.start(named) > match.start() and match.group().startswith(_LEFT_OUT):
        return match.start(named)
    return match.start()


def find_days(text: str, now: dt.datetime) -> Iterator[Day]:
    """Every day that the text means, in order, none overlapping (the longest wins). Days to come are left out."""
    local = now.astimezone(LONDON)
    today, low = local.date(), lowered(text)
    found: list[Day] = []
    for name, (pattern, needs) in _PATTERNS.items():
        if needs and not any(need in low for need in needs):
            continue
        for match in pattern.finditer(low):
            read = _READERS.get(name)
            span = read(match, today) if read else _named(match["name"], today, local.hour)
            if span is not None:
                found.append(Day(_start_of(match), match.end(), *span))
    taken = 0
    for day in sorted(found, key=lambda d: (d.start, -d.end)):
        if day.start >= taken:
            taken = day.end
            yield day
