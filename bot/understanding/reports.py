"""Who has been told already, how often, and with what reference? Reads the fact `reported_before`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.understanding.dates import NUMBERS, find_days
from bot.understanding.words import Sentence, sentences_of, split_words, word_set

_RECIPIENTS = {
    "police": r"police|101|999|pc (?!world)[a-z]+|pcso|pcsos|cops|coppers|policeman|police ?officer|bobby|bobbies"
    r"|crimestoppers|action fraud|british transport police|btp|neighbourhood team|safer neighbourhood team",
    "council": r"council|environmental (?:health|team)|env health|noise (?:team|patrol|app|people)|asb (?:team"
    r"|officer|unit)"
    r"|anti ?social behaviour (?:team|officer|unit)|community safety(?: team)?|local authority|councillor"
    r"|council officer",
    "landlord": r"landlord|landlady|housing (?:association|officer|team|provider|company|people)|housing"
    r"|letting agents?"
    r"|estate agents?|management company|managing agents?|tenancy officer|sanctuary|concierge|wardens?|scheme manager",
    "school": r"school|headteacher|head ?teacher|the head|head of year|teachers?|college|university|uni|tutor",
    "employer": r"(?:my|our|his|her) (?:boss|manager|supervisor|employer|work|union)|hr|human resources"
    r"|occupational health",
    "transport": r"bus driver|bus company|train company|train staff|transport for \w+|driver",
    "victim_support": r"victim support|citizens advice|harmony|true vision|stop hate uk|tell mama|galop|samaritans",
    "gp": r"my gp|my doctor|the doctor|gp",
    "mp": r"my mp|mp",
    "social_services": r"social services|social worker|social care|safeguarding",
    "site": r"facebook|instagram|snapchat|tiktok|twitter|the site|the platform",
    "family": r"my (?:mum|dad|parents|family|sister|brother|wife|husband|partner)",
    "friend": r"my friends?|a friend|my mates?",
}
_ANY_RECIPIENT = re.compile("|".join(rf"(?P<{name}>\b(?:{ways})\b)" for name, ways in _RECIPIENTS.items()))
#: Forms that say it was done. The plain form ("call", "ring") counts after somebody who did it: "I call the police".
_DONE = (
    r"reported|told|rang|rung|called|phoned|complained|spoke|spoken|contacted|emailed|logged|informed|notified|raised"
    r"|messaged|wrote|written|involved|asked|approached|dialled|texted|tweeted|alerted|flagged|submitted|mentioned"
)
_PLAIN = (
    r"reports?|reporting|tell|telling|ring|ringing|call|calling|phone|phoning|complain|complaining|complaints?|contact"
    r"|contacting|email|emailing|been to|went to|gone to|go to|been on to|been onto|been in touch|got in touch|onto"
    r"|on to"
    r"|speak|speaking|chased|chasing|had the|let|involving|asking|logging"
)
_TELLING = re.compile(rf"\b(?:{_DONE}|{_PLAIN})\b")
_IS_DONE = re.compile(_DONE)
_OF_US = re.compile(
    r"\b(?:i|we|my \w+|mum|dad|hubby|she|he|they|neighbours?|everyone|residents|somebody|someone|have|has|had|been"
    r"|already"
    r"|several|many|numerous|multiple|\d+|and|then|also|even|keep|kept|after|tried)(?: \w+){0,3} $"
)
#: "my phone", "a call": things, not somebody telling.
_THING = re.compile(r"\b(?:my|his|her|the|a|their|your|our|this|that|mobile|ice cream|phone|door) $")
_THINGS = frozenset({"phone", "ring", "call", "text", "contact", "email", "let"})
#: "if I ring", "I want to report it", "he will call": it has not been done.
_NOT_DONE = re.compile(
    r"\b(?:(?:if|unless) (?:i|we|he|she|they|you)(?: \w+){0,2}|(?:want|wants|like|love|going|need|hope|hoping"
    r"|thinking|should|could|would|can|might|may|will|threatened|threatening|threatens|how|about|best|whether|please"
    r"|before|without|unable|not able|way)(?: (?:i|we|me|us|it|this|him|them"
    r"|her))?(?: (?:to|of|do|be))?|(?:somebody|someone|anyone|anybody|people) to) $"
)
_NAME_CALLING = re.compile(r"\b(?:gets?|got|getting|being|been|was|were|is|are|am|be) $")
_PASSIVE = re.compile(
    r"^(?: \w+){0,2} (?:were|was|been|got|get|are|is|being) (?:\w+ )?(?:called|informed|told|contacted|notified"
    r"|involved|rung"
    r"|aware|alerted)\b"
)
_ONE_TOLD = re.compile(r" (?:me|us|him|her|them)\b(?! (?:back|in|to|about))")
_BETWEEN = word_set("from home outside near names name way because when while that who which by word bitch slag")
_ON_US = re.compile(r"^(?: \w+){0,2} on (?:me|us)\b")
_OTHERS = re.compile(r"\b(?:he|she|they|neighbours?|her|him|someone|somebody|people) (?:\w+ ){0,2}$")
#: What those whose work it is did or did not do once they knew.
_STRONG = ("police", "council")
#: Told by "him" or "them", these were still told; "he keeps ringing my work" is something else.
#: People go to these for other reasons than to tell.
_GONE_TO_DAILY = ("school", "employer", "family", "friend", "transport", "site")
_OFFICIAL = ("police", "council", "landlord", "school", "social_services", "gp")
_THEY_ACTED = re.compile(
    r"^(?: (?!i |we |he |she |they |my |his |her |their |our )\w+){0,3} (?:do nothing|did nothing|done nothing"
    r"|does nothing|do not|did not"
    r"|does not|not"
    r"|no help|useless|hopeless|rubbish|come|came|came out|attended|turned up|visited|have been|has been|say|says|said"
    r"|told (?:me|us)|tell (?:me|us)|advised|gave (?:me|us)|sent|are aware|is aware|aware|know|knows|knew|will not"
    r"|ignored?|ignoring|closed|issued|took|take|asked|keep|keeps|fobbed|just|never|could not|can not)\b"
)
_THEY_KNOW = re.compile(
    r"^(?: \w+){0,3} (?:do nothing|did nothing|done nothing|does nothing|(?:will|do|does|did|have|has) not (?:do|help"
    r"|care|listen"
    r"|done|want|seem|bother|answer|reply|respond|deal|act|take|been)|not (?:helping|interested|bothered)|no help"
    r"|useless"
    r"|hopeless|know|knows|knew|aware|ignored?|ignoring|fobbed|fobs?|closed|sent (?:a letter|letters|me|us|them|him"
    r"|her)"
    r"|sa(?:y|ys|id) (?:it|they|there|that|keep|to (?:keep|report|ring|call|contact)|he can|she can|we))\b"
)
_HOUSING = re.compile(r"housing|agent|company|officer|association|manager")
_NOBODY = r"(?:no one|nobody|none|not a soul)"
_DENIES = re.compile(
    rf"\b(?:not|never)(?! (?:want|wanna|going|like|need|know|think|sure|only|just|stop|stopped|been told"
    rf"|told me))(?: \w+){{0,3}} "
    rf"(?:{_DONE}|reports?|reporting|tell|telling|ring|call|phone|contact|involve|ringing|calling|phoning|contacting"
    rf"|been to"
    r"|gone to|went to|go to|said anything|mentioned)\b"
    rf"|\b(?:told|telling|tell|spoken to|reported it to) {_NOBODY}\b|\b{_NOBODY} (?:knows|else knows|has been told"
    rf"|i have told)\b"
    r"|\bkept (?:it|this|quiet|everything) (?:to myself|quiet|about)\b|\bkept quiet\b"
    r"|\bfirst time i (?:have|am|has|ve)? ?(?:\w+ )?(?:told|telling|reporting|reported|said|mentioned|spoken)\b"
    r"|\byou are the first\b|\bfirst (?:person|one) i have (?:told|spoken)\b"
    r"|\b(?:too scared|scared|afraid|frightened|embarrassed|ashamed|not want) to (?:report|tell|call|ring|say"
    r"|involve)\b"
)
#: "Please do not involve the police" asks; it does not say that they have not.
_ASKING = re.compile(r"(?:^|\b(?:please|you|can you|if you) )do $")
_ANYONE = re.compile(
    r"\b(?:anyone|anybody|any one|no one|nobody|it to anyone|a soul|to myself|kept quiet|reported|reporting|report"
    r"|first|police)\b"
)
_COUNT = re.compile(
    r"\b(once|twice|thrice|(?:about |around |at least |over |more than )?(\d{1,3}|two|three|four|five|six|seven|eight"
    r"|nine"
    r"|ten|eleven|twelve|twenty|a few|several|a couple of|couple of|couple|few|many|lots of|loads of|countless|numerous"
    r"|multiple|dozens of|hundreds of|so many|too many|how many) (?:times?|reports|complaints|occasions|calls|emails"
    r"|visits|logs)"
    r"|(?:again and again|repeatedly|constantly|numerous|every time|each time|over and over))\b"
)
_REFERENCE = re.compile(
    r"\b(?P<what>ref(?:erence)?|crime|incident|log|case|urn|job|cad|complaint)\b\.?\s*(?:ref(?:erence)?|number"
    r"|no\b\.?|num|nr|#)?"
    r"\s*(?:is|was|:|#|=|,|of)?\s*#?(?P<ref>(?=[A-Z0-9/*\-]*\d)(?!\d+(?:st|nd|rd|th)\b)[A-Z0-9][A-Z0-9/*\-]{2,})",
    re.IGNORECASE,
)
_OF_POLICE = ("crime", "incident", "cad", "urn", "log")
_LOGGED = re.compile(
    r"\breported (?:it|this|them|him|her|to)\b|\b(?:i|we) (?:have )?(?:already )?reported\b|\bbeen reported\b"
    r"|\b(?:got|have|given|gave us|gave me|with|was|is) (?:a |an |the )?(?:crime|incident|log) (?:number|ref\w*)\b"
    r"|\breports? (?:was |were )?(?:logged|made|filed|submitted)\b"
)
_WANTED = re.compile(r"\b(?:want|like|need|get|should|could|can|to be|wish|how|if)(?: \w+){0,3} $")
#: Nothing in a sentence without one of these can be about a report: saves trying the rest.
_WORTH_READING = re.compile(
    rf"{_ANY_RECIPIENT.pattern}|\b(?:{_DONE}|kept|reports?|reporting|tell|no one|nobody|first|scared to|afraid to|quiet"
    rf"|crime|incident)\b"
)
_VAGUE_COUNTS = {
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "a few": 3,
    "few": 3,
    "a couple of": 2,
    "couple of": 2,
    "couple": 2,
}
#: Counts people give without a number are kept low: they only ever support a hint.
_MANY = 3
_MOST_RECIPIENTS = 5


@dataclass(frozen=True)
class Reported:
    """The fact's value, and the stretch of text that shows it."""

    start: int
    end: int
    value: dict[str, Any]


class _To(NamedTuple):
    name: str
    start: int
    end: int


def _count(plain: str) -> int:
    match = _COUNT.search(plain)
    if not match:
        return 1
    said = (match.group(2) or match.group(1)).strip()
    if said.isdigit():
        return max(1, int(said))
    return _VAGUE_COUNTS.get(said) or int(NUMBERS.get(said, _MANY))


def _recipients(plain: str) -> list[_To]:
    return [_To(str(m.lastgroup), m.start(), m.end()) for m in _ANY_RECIPIENT.finditer(plain)]


def _tellings(plain: str, is_answer: bool) -> Iterator[re.Match[str]]:
    """The words that say somebody was told, by the person or for them."""
    for match in _TELLING.finditer(plain):
        before, after = plain[: match.start()], plain[match.end() :]
        if match.group() in _THINGS and _THING.search(before):
            continue
        if _NOT_DONE.search(before) or _ONE_TOLD.match(after):
            continue
        if match.group() in ("called", "told") and _NAME_CALLING.search(before):
            continue
        done = bool(_IS_DONE.fullmatch(match.group()))
        if (
            is_answer
            or (done and not before.strip())
            or _OF_US.search(before)
            or (done and match.group() == "reported")
        ):
            yield match


def _told_to(plain: str, known: Sequence[_To], is_answer: bool) -> list[tuple[_To, int]]:
    """Who was told, each with where in the sentence that begins."""
    found: dict[int, tuple[_To, int]] = {}
    tellings = list(_tellings(plain, is_answer))
    for index, to in enumerate(known):
        before = [t for t in tellings if t.end() <= to.start]
        if before:
            between = plain[before[-1].end() : to.start].split()
            others = sum(1 for other in known[:index] if other.start > before[-1].end())
            listed = others == 0 or index - 1 in found
            near = (
                len(between) <= (9 if before[-1].group() == "reported" else 6) + 6 * others
                and listed
                and not _BETWEEN.intersection(between)
            )
            if before[-1].group().endswith(" to") and to.name in _GONE_TO_DAILY:
                continue
            by_others = bool(_OTHERS.search(plain[: before[-1].start()]))
            on_us = by_others and bool(_ON_US.match(plain[to.end :]))
            if on_us:
                continue
            if near and not (by_others and to.name not in _OFFICIAL):
                found[index] = (to, before[-1].start() if not others else to.start)
                continue
        after = plain[to.end :]
        strong = to.name in _STRONG or (to.name == "landlord" and _HOUSING.search(plain[to.start : to.end]))
        acted = _THEY_ACTED if strong else _THEY_KNOW if to.name in ("landlord", "school", "employer") else None
        knew = bool(acted and acted.match(after) and not _NOT_DONE.search(plain[: to.start]))
        if knew or _PASSIVE.match(after) or (is_answer and not tellings):
            found[index] = (to, to.start)
    return [found[index] for index in sorted(found)]


def _day_of(said: str, now: dt.datetime) -> dict[str, Any]:
    day = next((day for day in find_days(said, now) if not day.about and day.first == day.last), None)
    return {"when": day.first.isoformat()} if day else {}


def _read_sentence(sentence: Sentence, text: str, now: dt.datetime, is_answer: bool) -> Reported | None:
    plain = sentence.plain
    if not is_answer and not _WORTH_READING.search(plain):
        return None
    known = _recipients(plain)
    denies = _DENIES.search(plain)
    if denies and _ASKING.search(plain[: denies.start()]):
        denies = None
    if denies and (known or _ANYONE.search(plain)):
        start, end = sentence.span(denies.start(), max([denies.end(), *(r.end for r in known[:1])]))
        return Reported(start, end, {"any": False, "reports": []})
    told = _told_to(plain, known, is_answer)[:_MOST_RECIPIENTS]
    logged = _LOGGED.search(plain)
    if logged and _WANTED.search(plain[: logged.start()]):
        logged = None
    answers = is_answer and (known or re.search(r"\b(?:reported|complained)\b", plain))
    if not told and not logged and not answers:
        return None
    extra = _day_of(text[sentence.words[0].start : sentence.words[-1].end + 1], now) if told else {}
    reports = []
    for place, (to, begins) in enumerate(told):
        until = told[place + 1][0].start if place + 1 < len(told) else len(plain)
        from_ = max(0, begins - (40 if len(told) == 1 else 16)) if begins < to.start else to.start
        count = _count(plain[from_:until])
        reports.append({"to": to.name, "count": count, **extra})
    spans = [(begins, to.end) for to, begins in told] + ([logged.span()] if logged else [])
    if not spans:
        return Reported(sentence.words[0].start, sentence.words[-1].end, {"any": True, "reports": []})
    counted = _COUNT.search(plain, spans[0][0])
    ends = [end for _, end in spans] + ([counted.end()] if counted and told else [])
    start, end = sentence.span(min(s for s, _ in spans), max(ends))
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
    reference = _REFERENCE.search(text) if any(c.isdigit() for c in text) else None
    if not made and not reference:
        return found[0] if found else None
    reports: dict[str, dict[str, Any]] = {}
    for reading in made:
        for report in reading.value["reports"]:
            known = reports.setdefault(report["to"], dict(report))
            known.update({**report, "count": max(known["count"], report["count"])})
    if reference:
        _keep_reference(reference, made, reports)
    if not made and reference:
        return Reported(reference.start(), reference.end(), {"any": True, "reports": list(reports.values())})
    return Reported(made[0].start, made[0].end, {"any": True, "reports": list(reports.values())})


def _keep_reference(reference: re.Match[str], made: Sequence[Reported], reports: dict[str, dict[str, Any]]) -> None:
    """Puts the reference with the report it belongs to: the police's by its name, or the one told of last before it."""
    number = reference["ref"].upper().rstrip("-/")
    before = [r for r in made if r.start <= reference.start() and r.value["reports"]]
    nearest = before[-1].value["reports"][0]["to"] if before else next(iter(reports), "other" if made else "police")
    to = "police" if reference["what"].lower() in _OF_POLICE and ("police" in reports or not reports) else nearest
    reports.setdefault(to, {"to": to, "count": 1})["reference"] = number
