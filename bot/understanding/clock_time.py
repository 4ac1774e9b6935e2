"""What time of day is said? "half 11", "about 4ish", "2am", "1630hrs", "at 7", "tea time"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HOURS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12},
}
_MINUTES = {"half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20, "twenty five": 25}
_WORDS = {"midnight": "00:00", "noon": "12:00", "midday": "12:00", "mid day": "12:00"}
_ROUGHLY = {"lunchtime": "12:00", "lunch time": "12:00", "dinnertime": "12:00", "teatime": "17:00", "tea time": "17:00"}
_HOUR_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_HALF_OF_DAY = r"(?P<ap>[ap]\.?m\b|in the (?:morning|afternoon|evening)|at night)"
_ABOUT = r"(?P<about>about|around|roughly|approx(?:imately)?|abt|just after|just before|gone|nearly|circa|say)?\s*"
#: What may follow a bare hour after "at": it ends, or a new thought begins. "At 12 Church Road" is no hour.
_NEXT = (
    r"(?=\s*(?:$|[.,;!?)-]|(?:and|when|on|in the|last|yesterday|this|tonight|today|someone|somebody|he|she|they|i|we|it"
    r"|there|every|each|most|a|the|some|two|three|my|our|then|to|till?|until|so|but|with|while|as|sharp|ish)\b))"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_ABOUT}(?P<h>[01]?\d|2[0-3])[:.](?P<m>[0-5]\d)(?![\d/.])\s*{_HALF_OF_DAY}?",
        rf"\b{_ABOUT}(?P<h>1[0-2]|0?[1-9])(?P<ish>ish)?\s*(?P<ap>[ap]\.?m)(?P<ish2>ish)?\b",
        r"\b(?P<about>)(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d) ?(?:hrs|hours|h)\b",
        rf"\b{_ABOUT}(?P<part>half|quarter|twenty five|ten|twenty|five|5|10|20|25)(?: (?P<way>past|to|after))?\s+"
        rf"(?P<h>1[0-2]|[1-9]\b|{_HOUR_WORD})\b"
        rf"(?!\s+(?:times|days|weeks|wks|months|years|yrs|minutes|mins|of|people|men|kids|lads|hours"
        rf"|pounds))\s*{_HALF_OF_DAY}?",
        rf"\b{_ABOUT}(?P<h>1[0-2]|[1-9]|{_HOUR_WORD})(?: ?o'?clock)?(?P<ish>ish)?\s+"
        r"(?P<ap>in the morning|in the afternoon|in the evening|at night)\b",
        rf"\b{_ABOUT}(?P<h>1[0-2]|[1-9]|{_HOUR_WORD}) ?o'?clock\b",
        rf"\b{_ABOUT}(?P<h>1[0-2]|[1-9])(?P<ish>ish)\b",
        rf"\b(?:at|about|around|from) {_ABOUT}(?P<h>1[0-2]|[1-9]|{_HOUR_WORD}){_NEXT}",
        rf"\b{_ABOUT}(?P<word>midnight|noon|mid ?day|lunch ?time|tea ?time|dinnertime)\b",
    )
)
_UNTIL = re.compile(r"(?:until|till?|til|to|past|by)\s*(?:about|around|gone|at least)?\s*$")
_EVENING = re.compile(r"\b(?:ton(?:ight|ite)|2nite|(?:last )?ni(?:ght|te)|evening|eve|dark|pub)\b")
_HOUR_OF_DAY_AT_MOST = 24


@dataclass(frozen=True)
class Time:
    """A time of day as "HH:MM", where it is said; `about` when it is near enough only."""

    start: int
    end: int
    clock: str
    about: bool


def _clock(match: re.Match[str], low: str) -> str | None:
    groups = match.groupdict()
    word = groups.get("word")
    if word:
        return _WORDS.get(word) or _ROUGHLY[word]
    said = groups["h"]
    hour = _HOURS.get(said) or int(said)
    minute = int(groups["m"]) if groups.get("m") else 0
    part = groups.get("part") or ""
    if part:
        minute = _MINUTES.get(part) or int(part)
        way = groups.get("way") or ""
        if not way and part != "half":
            return None
        if way == "to":
            hour, minute = (hour - 1) or 12, 60 - minute
    half_of_day = (groups.get("ap") or "").replace(".", "")
    if half_of_day in ("pm", "in the afternoon", "in the evening") or (half_of_day == "at night" and 5 <= hour < 12):
        hour += 12 if hour < 12 else 0
    elif half_of_day in ("am", "in the morning") or half_of_day == "at night":
        hour = 0 if hour == 12 else hour
    elif 5 <= hour < 12 and _EVENING.search(low[max(0, match.start() - 60) : match.end() + 40]):
        hour += 12
    return f"{hour:02d}:{minute:02d}" if hour < _HOUR_OF_DAY_AT_MOST else None


def find_time(low: str, days: Sequence[tuple[int, int]]) -> Time | None:
    """The first time of day in the lower-case text that is not the end of something ("until 3") nor part of a date."""
    found: list[Time] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(low):
            if _UNTIL.search(low[max(0, match.start() - 20) : match.start()]):
                continue
            spot = match.start("h") if match.groupdict().get("h") else -1
            if any(start <= spot < end for start, end in days):
                continue
            clock = _clock(match, low)
            if clock:
                groups = match.groupdict()
                shown = match.group()
                about = bool(
                    groups.get("about") or groups.get("ish") or groups.get("ish2") or groups.get("word") in _ROUGHLY
                )
                about = about or "around" in shown or "about" in shown
                start = match.start() + len(shown) - len(shown.lstrip())
                found.append(Time(start, match.end(), clock, about))
    return min(found, key=lambda time: (time.start, -time.end), default=None)
