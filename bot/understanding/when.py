"""When did it happen? Days and times put together into the fact `when`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from bot.understanding.clock_time import Time, find_time
from bot.understanding.dates import Day, find_days, lowered

#: From such a day on it went on: it has a first day and no last one. Up to a few words may stand between.
_SINCE = re.compile(
    r"(?:\b(?:since|ever since|going back(?: to)?|dating back(?: to)?|goes back(?: to)?)(?: [\w']+){0,7}"
    r"|\b(?:started|began|begun) (?:when|after|as soon as)(?: [\w']+){1,9}"
    r"|\b(?:started|starting|began|begun|kicked off|all started)(?: (?:again|up|off|about|around|roughly|on|in|back|the"
    r"|early|late|last|maybe|it|all|approx\w*|sometime|at|some|time|a|nearly|over|properly)){0,4}"
    r"|\bfrom(?: (?:about|around|roughly|the|early|late|last|mid|as)){0,2}"
    r"|\b(?:until|till?|til|when)(?: [\w']+){1,6} (?:came|moved in|arrived|started|took over|moved"
    r"|turned up)(?: (?:in|on|back))?"
    r"|\b(?:they|he|she|neighbours?|tenants?|family|couple|man|woman|lot|who) (?:\w+ )?moved in(?: \w+){0,3}"
    r"(?: (?:in|on|back|about|around)){0,2})[ ]*$"
)
_SINCE_WORD = re.compile(
    r"\b(?:since|from|starting|started|began)\s*(?:about|around|roughly|the|last|early|late|on|in)*\s*$"
)
_ABOUT_BEFORE = re.compile(
    r"\b(?:about|around|roughly|approx\w*|maybe|probably|abt|some ?time|nearly|think|or so)\s*(?:on|in|the)?\s*$"
)
#: The day is when somebody was told, not when it happened ("he told me" is something else).
_TOLD = re.compile(
    r"\b(?:report\w*|told(?! me| us)|rang(?! me| us| my| our| the (?:door|bell|buzzer))|rung|phoned(?! me| us)"
    r"|called (?:the |my |our )?(?:police|council|101|landlord|housing)|complain\w*|spoke|emailed|contacted(?! me| us)"
    r"|logged|wrote(?! on)|visited|(?:police|officers?|council|they) came out|(?:crime|log|incident|case|cad"
    r"|ref\w*)(?: (?:no|number|ref\w*|is|was))*"
    r"[ .,:#]*[\w/*-]*\d[\w/*-]*)\b[^,;]*$"
)
#: The day is one to come, or of something else in their life.
_TO_COME = re.compile(
    r"\b(?:appointment|court|hearing|trial|meeting|exams?|operation|due|ends?|expires?|booked|will|'ll|wont|going to"
    r"|gonna|want(?:ed)? (?:it|to|this)|need to|hope|hoping|before|by|until we|coming up|next)\b[^,;]*$"
)
_OF_THEIR_LIFE = re.compile(
    r"\b(?:(?:i|we|i've|we've|ive|weve|have|who|had) (?:have )?(?:only )?(?:lived|worked|been here|been (?:at"
    r"|in) (?:this|the|my)"
    r"|been (?:living|married|together|a tenant|clean|sober|ill|disabled|off|on)|known|owned|had the|rented|bought"
    r"|moved into|moved to"
    r"|moved)|moved (?:into|to|here|up|down|back|house|home)"
    r"|live here|lived here|living here|been here|here for|off (?:work|sick)|waiting|waited|list|on hold|married"
    r"|widowed"
    r"|diagnosed|retired|birthday|turned|born|passed away|died|pregnant|sober|together|friends|dating|known (?:him"
    r"|her|them)"
    r"|tenan(?:t|cy)|mortgage|lease|contract|signed off)\b[^,;]*$"
)
_PEACE_BEFORE = re.compile(r"\b(?:no(?! \d)|never|nothing|without|not|quiet|peace\w*|fine|happy|happily)\b[^,;]{0,40}$")
_NOT_THEN = re.compile(r"\b(?:not|and not|wasn'?t|nor)(?: (?:on|in|the|last|it|was)){0,2} *$")
_LIFE_AFTER = re.compile(r" (?:i|we)(?:'ve| have|ve)? (?:lived|worked|been here|known|owned)")
#: An abbreviation's full stop ("no. 552") ends nothing.
_STOP = re.compile(r"(?<!\bno)(?<!\bref)[.!?\n]")
#: How far apart two pieces may stand and still be shown as one.
_NEAR = 25


@dataclass(frozen=True)
class When:
    """The fact's value, and the stretch of text that shows it."""

    start: int
    end: int
    value: dict[str, Any]


def _is_of_something_else(day: Day, low: str) -> bool:
    """True when the day is of a report, of one's own life, or of what is still to come."""
    before = _STOP.split(low[max(0, day.start - 70) : day.start])[-1]
    if _NOT_THEN.search(before):
        return True
    since = _SINCE.search(before)
    if _TOLD.search(before) and not (since and since.start() > 0 and "since" in since.group()):
        return True
    if since and not _OF_THEIR_LIFE.search(before[max(0, since.start() - 25) : since.start()]):
        return False
    if day.going_on and (_PEACE_BEFORE.search(before) or _LIFE_AFTER.match(low, day.end)):
        return True
    return bool(_TO_COME.search(before) or _OF_THEIR_LIFE.search(before))


def find_when(text: str, now: dt.datetime, is_answer: bool = False) -> When | None:
    """When it happened, or None. `is_answer`: the text answers the question, so every day in it counts."""
    low = lowered(text)
    days = [
        day
        for day in find_days(text, now)
        if not (
            _NOT_THEN.search(low[max(0, day.start - 16) : day.start]) if is_answer else _is_of_something_else(day, low)
        )
    ]
    if not days and not is_answer:
        return None
    time = find_time(low, [(day.start, day.end) for day in days])
    if not days and time is None:
        return None
    return _together(text, low, days, time)


def _together(text: str, low: str, days: list[Day], time: Time | None) -> When:
    first: dt.date | None = None
    last: dt.date | None = None
    about = False
    pieces = []
    for day in days[:6]:
        start = day.start
        before = _STOP.split(low[max(0, start - 70) : start])[-1]
        since = _SINCE.search(before)
        shown = _SINCE_WORD.search(before)
        vague = _ABOUT_BEFORE.search(before)
        if shown or vague:
            start -= max(len(match.group()) for match in (shown, vague) if match)
        about = about or day.about or bool(vague) or bool(since and re.search("about|around|roughly", since.group()))
        first = min(first, day.first) if first else day.first
        still = day.going_on and not (vague and day.first == day.last)
        if not since and not (still and day.first <= first):
            last = max(last, day.last) if last else day.last
        pieces.append((start, day.end))
    if time:
        about = about or time.about
        pieces.append((time.start, time.end))
    pieces.sort()
    start, end = pieces[0]
    for begin, finish in pieces[1:]:
        if begin - end <= _NEAR and not _STOP.search(text[end:begin]):
            end = max(end, finish)
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    value: dict[str, Any] = {"about": about, "words": " … ".join(_joined(pieces, text))}
    if first:
        value["first"] = first.isoformat()
    if last and not (first and last < first):
        value["last"] = last.isoformat()
    if time:
        value["time"] = time.clock
    return When(start, end, value)


def _joined(pieces: list[tuple[int, int]], text: str) -> list[str]:
    """The words of the pieces, those close together as one."""
    runs: list[list[int]] = []
    for begin, finish in pieces:
        if runs and begin - runs[-1][1] <= _NEAR and not _STOP.search(text[runs[-1][1] : begin]):
            runs[-1][1] = max(runs[-1][1], finish)
        else:
            runs.append([begin, finish])
    return [text[begin:finish].strip() for begin, finish in runs]
