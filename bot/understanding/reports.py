"""Who has been told already, how often, and with what reference? Reads the fact `reported_before`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.dates import NUMBERS, find_days
from bot.understanding.words import Sentence, sentences_of, split_words

_RECIPIENTS = {
    "police": r"police|101|999|pc (?!world)[a-z]+|pcso|pcsos|cops|coppers|policeman|police officer"
    r"|crimestoppers|action fraud|british transport police|btp",
    "council": r"council|environmental health|noise team|noise patrol|environmental team|asb team|anti "
    r"social behaviour team|"
    r"community safety team|local authority|councillor|council officer|noise app|community safety",
    "landlord": r"landlord|landlady|housing association|housing officer|housing team|housing|letting agent|"
    r"estate agent|housing provider|"
    r"management company|tenancy officer|sanctuary|concierge|wardens?",
    "school": r"school|headteacher|head teacher|head of year|teachers?|college|university|uni|tutor",
    "employer": r"my boss|my manager|hr|human resources|my employer|my union|my work",
    "transport": r"bus driver|bus company|train company|train staff|transport for|driver",
    "victim_support": r"victim support|citizens advice|harmony|true vision|stop hate uk|tell mama|galop|samaritans",
    "gp": r"my gp|my doctor|the doctor|gp",
    "mp": r"my mp|mp",
    "social_services": r"social services|social worker|social care|safeguarding",
    "site": r"facebook|instagram|snapchat|tiktok|twitter|the site|the platform",
    "family": r"my mum|my dad|my parents|my family|my sister|my brother",
    "friend": r"my friends?|a friend|my mates?",
}
_TOLD = (
    r"report|reports|reported|reporting|told|tell|rang|rung|ring|called|call|phone|phoned|"
    r"complain|complained|complaining|complaints?|spoke|spoken|contacted|contact|"
    r"emailed|email|logged|informed|notified|been to|went to|gone to|raised|messaged|wrote|"
    r"written|involved|been on to|been onto|"
    r"asked|approached|let|spoken|dialled|texted|tweeted|had the|made a complaint"
)
_REPORT = re.compile(rf"\b(?:{_TOLD})\b")
_OF_US = r"(?:i|we|my \w+|mum|dad|hubby|she|he|they|neighbours?)"
_DONE_NOTHING = re.compile(
    r"\b(?:police|council|landlord|housing(?: association| officer)?|101)\b(?: \w+){0,3} "
    r"(?:do nothing|did nothing|have done nothing|has done nothing|not help|did not help|not "
    r"interested|no help|useless|came|"
    r"said they can not|will not do|do not do|does not do|did not do|not done|have not done|has "
    r"not done|not bothered|say|said|told|are aware|is aware|know about|knows about|"
    r"have been|attended|turned up|visited|will not help|not listen|ignored?|ignoring|not care)\b"
)
_DENIES = re.compile(
    rf"\b(?:not|never)(?: \w+){{0,3}} (?:{_TOLD}|telling|ringing|calling|phoning|contacting)\b|"
    rf"\b(?:no one|nobody|not anyone) (?:knows|else "
    rf"knows|has been told)\b|"
    rf"\bfirst time i (?:have|am|has|ve)? ?(?:\w+ )?(?:{_TOLD}|telling|reporting|said|mentioned)\b|"
    rf"\byou are the first\b|\bfirst (?:person|one) i have (?:told|spoken)\b|"
    r"\b(?:too scared|scared|afraid|frightened|embarrassed|not want) to (?:report|tell|call|ring)\b"
)
#: "my phone", "a call": things, not somebody telling.
_THING = re.compile(r"\b(?:my|his|her|the|a|their|s|your|our|this|that|mobile) $")
_THINGS = frozenset({"phone", "ring", "call", "text", "contact", "email", "let"})
#: "if I ring", "I want to report it", "he will call": it has not been done.
_NOT_DONE = re.compile(
    r"\b(?:(?:if|unless) (?:i|we|he|she|they|you)(?: \w+){0,2}|(?:want|wants|like|love|going|need|hope|hoping"
    r"|thinking|should|could|would|can|might|may|will|threatened|threatening|threatens|how|about|best|whether)"
    r"(?: (?:i|we|me|us))?(?: (?:to|of|do))?) $"
)
_ONE_TOLD = re.compile(r" (?:me|us)\b(?! (?:back|in))")
_OTHERS = re.compile(r"\b(?:he|she|they|neighbours?) (?:\w+ ){0,4}$")
_ANYONE = re.compile(r"\b(?:anyone|anybody|any one|no one|nobody|it to anyone|a soul)\b")
_COUNT = re.compile(
    r"\b(once|twice|thrice|(?:about |around |at least |over |more than )?(\d{1,3}|two|three|four|"
    r"five|six|seven|eight|nine|ten|eleven|twelve|a few|several|a couple of|couple of|many|lots "
    r"of|loads of|countless|numerous|multiple|dozens of) (?:times|reports|complaints|occasions|"
    r"calls)|(?:again and again|repeatedly|constantly|numerous))\b"
)
_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?|crime|incident|log|case|urn|job)\b\.?\s*(?:ref(?:erence)?|number|no\.?|"
    r"num|#)?\s*(?:is|was|:|#|=|,|of)?\s*#?"
    r"((?=[A-Z0-9/\-]*\d)[A-Z0-9][A-Z0-9/\-]{2,})",
    re.IGNORECASE,
)
#: Nothing in a sentence without one of these can be about a report: saves trying the rest.
_WORTH_READING = re.compile(
    rf"\b(?:{_TOLD}|police|council|landlord|housing|101|no one|nobody|not anyone|first time|scared to|afraid to"
    r"|reference|crime|incident)\b"
)
#: Counts people give without a number are kept low: they only ever support a hint.
_VAGUE_COUNTS = {"once": 1, "twice": 2, "thrice": 3, "a few": 3, "several": 3, "a couple of": 2, "couple of": 2}


@dataclass(frozen=True)
class Reported:
    """The fact's value, and the stretch of text that shows it."""

    start: int
    end: int
    value: dict[str, Any]


def _count(plain: str) -> int:
    match = _COUNT.search(plain)
    if not match:
        return 1
    said = (match.group(2) or match.group(1)).strip()
    if said.isdigit():
        return max(1, int(said))
    return _VAGUE_COUNTS.get(said) or NUMBERS.get(said) or 3


def _recipients(plain: str) -> list[tuple[str, int, int]]:
    found = []
    for name, pattern in _RECIPIENTS.items():
        match = re.search(rf"\b(?:{pattern})\b", plain)
        if match:
            found.append((name, match.start(), match.end()))
    return sorted(found, key=lambda recipient: recipient[1])


def _details(said: str, now: dt.datetime) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    reference = _REFERENCE.search(said)
    if reference:
        extra["reference"] = reference.group(1).upper().rstrip("-/")
    day = next((day for day in find_days(said, now) if not day.about and day.first == day.last), None)
    if day:
        extra["when"] = day.first.isoformat()
    return extra


def _telling(plain: str, recipients: Sequence[tuple[str, int, int]]) -> re.Match[str] | None:
    """The first word that says somebody was told, by the person or for them."""
    for match in _REPORT.finditer(plain):
        before, after = plain[: match.start()], plain[match.end() :]
        if match.group() in _THINGS and _THING.search(before):
            continue
        if _NOT_DONE.search(before) or _ONE_TOLD.match(after):
            continue
        if _OTHERS.search(before) and not any(start > match.start() for _, start, _ in recipients):
            continue
        return match
    return None


def _read_sentence(sentence: Sentence, text: str, now: dt.datetime, is_answer: bool) -> Reported | None:
    plain = sentence.plain
    if not is_answer and not _WORTH_READING.search(plain):
        return None
    recipients = _recipients(plain)
    told = _telling(plain, recipients)
    denies = _DENIES.search(plain)
    if denies and (recipients or _ANYONE.search(plain) or re.search(r"report|first", denies.group())):
        start, end = sentence.span(denies.start(), max([denies.end(), *(r[2] for r in recipients[:1])]))
        return Reported(start, end, {"any": False, "reports": []})
    nothing_done = _DONE_NOTHING.search(plain)
    by_us = told and (told.start() == 0 or re.search(rf"\b{_OF_US} (?:\w+ ){{0,4}}$", plain[: told.start()]))
    reported_it = re.search(
        r"\breported (?:it|this|them|him|her|to)\b|\bbeen reported\b"
        r"|\breports? (?:was |were )?(?:logged|made|filed|submitted)\b|\b(?:crime|incident|log) (?:ref|number)",
        plain,
    )
    if not (nothing_done or reported_it or is_answer or (told and by_us)):
        return None
    if not recipients and not (reported_it or re.search(r"\b(?:reported|complained)\b", plain)):
        return None
    said = text[sentence.words[0].start : sentence.words[-1].end + 1]
    extra = _details(said, now)
    reports = [
        {"to": name, "count": _count(plain[start:][:60]) if len(recipients) > 1 else _count(plain), **extra}
        for name, start, _ in recipients[:5]
    ]
    count = _COUNT.search(plain)
    spans = [m.span() for m in (told or nothing_done, count) if m] + [(r[1], r[2]) for r in recipients[:5]]
    start, end = (
        sentence.span(min(s for s, _ in spans), max(e for _, e in spans))
        if spans
        else (sentence.words[0].start, sentence.words[-1].end)
    )
    return Reported(start, end, {"any": True, "reports": reports})


def find_reports(
    text: str, now: dt.datetime, is_answer: bool = False, sentences: Sequence[Sentence] | None = None
) -> Reported | None:
    """Everything said about having told someone, as one fact; None when nothing was said.

    `{"any": bool, "reports": [{"to", "count", "reference"?, "when"?}]}`; reports to the same place are joined.
    """
    told_apart = sentences_of(split_words(text)) if sentences is None else sentences
    found = [r for s in told_apart if (r := _read_sentence(s, text, now, is_answer))]
    made = [reading for reading in found if reading.value["any"]]
    if not made:
        return found[0] if found else None
    reports: dict[str, dict[str, Any]] = {}
    for reading in made:
        for report in reading.value["reports"]:
            known = reports.setdefault(report["to"], dict(report))
            known.update({**report, "count": max(known["count"], report["count"])})
    return Reported(made[0].start, made[0].end, {"any": True, "reports": list(reports.values())})
