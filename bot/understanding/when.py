"""When did it happen? Days and times put together into the fact `when`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from bot.understanding.dates import Day, find_days

_HOURS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12},
}
_HOUR_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_ABOUT = r"(?P<about>about|around|roughly|approx(?:imately)?|abt|just after|just before|gone|nearly|circa)?\s*"
_TIMES = (
    re.compile(rf"\b{_ABOUT}(?P<h>[01]?\d|2[0-3])[:.](?P<m>[0-5]\d)\s*(?P<ap>[ap]\.?m\b)?", re.IGNORECASE),
    re.compile(rf"\b{_ABOUT}(?P<h>1[0-2]|0?[1-9])\s*(?P<ap>[ap]\.?m)\b", re.IGNORECASE),
    re.compile(
        rf"\b{_ABOUT}(?P<part>half|quarter|ten|twenty|five)(?: (?P<way>past|to))?\s+(?P<h>1[0-2]|"
        rf"[1-9]\b|{_HOUR_WORD})\b"
        r"(?!\s+(?:times|days|weeks|months|years|minutes|of))\s*(?P<ap>[ap]\.?m\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_ABOUT}(?P<h>1[0-2]|[1-9]|{_HOUR_WORD})(?: ?o'?clock)?\s+(?P<ap>in the morning|in "
        rf"the afternoon|in the evening|at night)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_ABOUT}(?P<h>1[0-2]|[1-9]|{_HOUR_WORD}) ?o'?clock\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:at|about|around) {_ABOUT}(?P<h>1[0-2]|[1-9]|{_HOUR_WORD})(?=\s*(?:$|[.,;!?)]|and\b|when\b|on\b))",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_ABOUT}(?P<word>midnight|noon|midday)\b", re.IGNORECASE),
)
_UNTIL = re.compile(r"(?:until|till?|til|to|past|by)\s*(?:about|around)?\s*$", re.IGNORECASE)
_EVENING = re.compile(r"\b(?:ton(?:ight|ite)|2nite|(?:last )?ni(?:ght|te)|evening|dark|pub)\b", re.IGNORECASE)
_SINCE = re.compile(
    r"\b(?:since|from|starting|started|began)\s*(?:about|around|roughly|the|last|early|late)*\s*$", re.IGNORECASE
)
_ABOUT_BEFORE = re.compile(
    r"\b(?:about|around|roughly|approx\w*|maybe|probably|abt|some ?time|nearly|think)\s*(?:on|in|the)?\s*$",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:report\w*|told|rang|rung|phoned|called|complain\w*|spoke|emailed|contacted|logged|"
    r"wrote|moved in|visited|came out)\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?\n]")


@dataclass(frozen=True)
class When:
    """The fact's value, and the stretch of text that shows it."""

    start: int
    end: int
    value: dict[str, Any]


@dataclass(frozen=True)
class _Time:
    start: int
    end: int
    clock: str
    about: bool


def _clock(match: re.Match[str], text: str) -> str | None:
    groups = match.groupdict()
    if groups.get("word"):
        return "00:00" if groups["word"].lower() == "midnight" else "12:00"
    said = groups["h"].lower()
    hour = _HOURS.get(said) or int(said)
    minute = int(groups["m"]) if groups.get("m") else 0
    part = (groups.get("part") or "").lower()
    if part:
        minute = {"half": 30, "quarter": 15, "ten": 10, "twenty": 20, "five": 5}[part]
        way = (groups.get("way") or "").lower()
        if not way and part != "half":
            return None
        if way == "to":
            hour, minute = (hour - 1) or 12, 60 - minute
    half_of_day = (groups.get("ap") or "").lower().replace(".", "")
    if half_of_day in ("pm", "in the afternoon", "in the evening") or (half_of_day == "at night" and 5 <= hour < 12):
        hour += 12 if hour < 12 else 0
    elif half_of_day in ("am", "in the morning") or half_of_day == "at night":
        hour = 0 if hour == 12 else hour
    elif 5 <= hour < 12 and _EVENING.search(text[max(0, match.start() - 60) : match.end() + 40]):
        hour += 12
    return f"{hour:02d}:{minute:02d}" if hour < 24 else None


def _find_time(text: str, days: list[Day]) -> _Time | None:
    """The first time of day that is not the end of something ("until 3") and not part of a date."""
    found: list[_Time] = []
    for pattern in _TIMES:
        for match in pattern.finditer(text):
            if _UNTIL.search(text[max(0, match.start() - 20) : match.start()]):
                continue
            if any(day.start <= match.start() < day.end for day in days):
                continue
            clock = _clock(match, text)
            if clock:
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                about = bool(match.groupdict().get("about")) or "around" in match.group() or "about" in match.group()
                found.append(_Time(start, match.end(), clock, about))
    return min(found, key=lambda time: (time.start, -time.end), default=None)


def _is_of_a_report(day: Day, text: str) -> bool:
    """True when the day is when someone was told, not when it happened."""
    before = _STOP.split(text[max(0, day.start - 60) : day.start])[-1]
    return bool(_TOLD.search(before))


def find_when(text: str, now: dt.datetime, is_answer: bool = False) -> When | None:
    """When it happened, or None. `is_answer`: the text answers the question, so every day in it counts."""
    days = [day for day in find_days(text, now) if is_answer or not _is_of_a_report(day, text)]
    time = _find_time(text, days)
    if not days and (time is None or not is_answer):
        return None
    first: dt.date | None = None
    last: dt.date | None = None
    about = False
    pieces = []
    for day in days[:6]:
        start = day.start
        since = _SINCE.search(text[max(0, start - 30) : start])
        vague = _ABOUT_BEFORE.search(text[max(0, start - 20) : start])
        lasting = day.first != day.last and day.about and day.last == now.date() and not vague
        if since:
            start -= len(since.group())
        elif vague:
            start -= len(vague.group())
        about = about or day.about or bool(vague) or bool(since and re.search("about|around|roughly", since.group()))
        first = min(first, day.first) if first else day.first
        if not since and not lasting:
            last = max(last, day.last) if last else day.last
        pieces.append((start, day.end))
    if time:
        about = about or time.about
        pieces.append((time.start, time.end))
    pieces.sort()
    start, end = pieces[0]
    for begin, finish in pieces[1:]:
        if begin - end <= 25 and not _STOP.search(text[end:begin]):
            end = max(end, finish)
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    value: dict[str, Any] = {"about": about, "words": " … ".join(_joined(pieces, text))}
    if first:
        value["first"] = first.isoformat()
    if last:
        value["last"] = last.isoformat()
    if time:
        value["time"] = time.clock
    return When(start, end, value)


def _joined(pieces: list[tuple[int, int]], text: str) -> list[str]:
    """The words of the pieces, those close together as one."""
    runs: list[list[int]] = []
    for begin, finish in pieces:
        if runs and begin - runs[-1][1] <= 25 and not _STOP.search(text[runs[-1][1] : begin]):
            runs[-1][1] = max(runs[-1][1], finish)
        else:
            runs.append([begin, finish])
    return [text[begin:finish].strip() for begin, finish in runs]
