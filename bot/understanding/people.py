"""How old is the person, what are they called, which language do they speak?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.understanding.words import word_set

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate([*_ONES, *_TEENS], start=1)}
_WORDS |= {ten: 10 * (number + 2) for number, ten in enumerate(_TENS)}
_NUMBER = rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES)}))?|{'|'.join([*_TEENS, *_ONES])})"
_NOT_YEARS = (
    r"(?!\s*(?:weeks?|months?|minutes?|mins?|miles?|stone|foot|feet|ft|hours?|days?|doors?|st\b|"
    r"nd\b|rd\b|th\b|%|times|of\b|"
    r"floors?|am\b|pm\b|metres?|pounds|kids|children|years? (?:in|into|on|clean|sober|ago|now)|[:.]\d))"
)
_OWN_AGE = re.compile(
    rf"\b(?:i ?['’]?\s?a?m|im|i be|being|age[ds]?(?: is|:)?|my age is)\s+(?:only |just |now |"
    rf"nearly |almost |a |an |about |turning )?(?P<n>{_NUMBER}){_NOT_YEARS}(?![\w/])",
    re.IGNORECASE,
)
#: The speaker's, in other words: "we are 19 and 20", "I turned 65", "me (34F)", "at 83 years of age", "19 yr old here".
_OWN_AGE_TOO = re.compile(
    rf"\b(?:we(?:['’]?re| are| r)(?: both)?\s+(?:only |just |both )?(?P<n>{_NUMBER})(?=\s*(?:and|n|&|,|\.|$| year| yr"
    rf"| now))"
    rf"|i(?:['’]?ve| have)?(?: just)? turned (?P<n2>{_NUMBER}){_NOT_YEARS}|i(?:['’]?ll"
    rf"| will) be (?P<n3>{_NUMBER}) (?:in|next|this|soon)"
    rf"|(?:me|i)\s*\(\s*[mf]?\s?(?P<n4>\d{{2}})\s?[mf]?\s*\)|at (?P<n5>{_NUMBER}) years (?:of age|old)"
    rf"|^(?P<n13>1\d|[2-8]\d|(?:{'|'.join([*_TEENS, *_TENS])}))(?=, (?!\d))|(?P<n14>{_NUMBER}) (?:next birthday"
    rf"|years young)"
    rf"|at my age,? (?P<n6>{_NUMBER})"
    rf"|(?P<n7>{_NUMBER})[ -]?(?:years?|yrs?|yo)[ -]?(?:old )?(?:here|female|male)|[mf](?P<n8>[1-8]\d) here"
    rf"|me and my (?:\w+ )?(?:partner|husband|wife|girlfriend|boyfriend|gf|bf|mate|friend|sister"
    rf"|brother) (?:are )?\(?(?:both |we are )?(?P<n9>{_NUMBER})|\(both (?P<n10>{_NUMBER})"
    rf"|we are both (?P<n11>{_NUMBER})"
    rf"|\bi['’]?m (?:an? )?(?:[\w-]+ ){{0,3}}[\w-]+, (?P<n12>\d{{2}})(?=,| and| from|\.))"
    r"(?![\w/])",
    re.IGNORECASE,
)
#: Of somebody already named: read only where the story is somebody else's.
_HIS_OR_HER_AGE = re.compile(
    rf"\b(?:s?he(?:['’]?s| is)|they(?:['’]?re| are)|aged|(?:tenant|lady|resident|pupil|client|patient)(?: \w+){{0,2}},)"
    rf"\s+(?:only |just |now |nearly |about )?(?P<n>{_NUMBER}){_NOT_YEARS}(?![\w/'’-])",
    re.IGNORECASE,
)
#: Of one who has no name yet: "one of my clients, 34,", "my father, aged 81", "my son who's 11", "a lad of 15".
_THEIR_AGE_TOO = re.compile(
    rf"\b(?:(?:my|our|his|her|the|a|an|one of (?:my|our))\s+(?:\w+[- ]+){{0,3}}?|^|[.!?]\s+)(?:son|daughter|mum|mam"
    rf"|mother|dad"
    rf"|father|brother|sister"
    r"|nan|nana|gran|grandma|grandmother|grandad|grandfather|friend|nephew|niece|grandson|granddaughter|husband|wife"
    r"|partner|aunt"
    r"|auntie|uncle|boy|girl|lad|lass|youngest|eldest|clients?|tenants?|pupils?|students?|patients?|service users?"
    r"|gentleman|d[dsh]"
    r"|resident|kid|child|cousin|stepson|stepdaughter|foster child)\s*(?:of|,|\(|[-–]|who(?:['’]?s| is| was"
    r"| turned)(?: only| just)?"
    rf"|is(?: only| just)?|['’]?s(?: only)?"
    rf"|was)?\s*(?:aged?\s*)?(?P<n>{_NUMBER}){_NOT_YEARS}(?![\w/'’:-])(?! [a-z]+s\b)",
    re.IGNORECASE,
)
_SCHOOL_YEAR = re.compile(
    r"\b(?P<own>i(?:['’]?m| am) (?:only |just |still )?)?(?:in|my|our|teach|teaching) (?:(?:year|yr) ?(?P<y>1[0-3]"
    r"|[1-9])s?\b(?! (?:old|ago|of))"
    r"|(?P<stage>sixth form|primary school|infant school|junior school|reception class)\b)",
    re.IGNORECASE,
)
_AS_A = re.compile(
    rf"\b(?:as )?an? (?P<n>{_NUMBER})[ -]?(?:year|yr)s?[ -]?old (?P<who>man|woman|male|female|lady|"
    rf"mum|mother|dad|father|student|girl|boy|pensioner|gay|black|asian|trans|disabled|muslim)",
    re.IGNORECASE,
)
_THEIR_AGE = re.compile(
    rf"\b(?:my|our)\s+(?:\w+\s+){{0,3}}?(?:(?P<n>{_NUMBER})[ -]?(?:years?|yrs?|yo)[ -]?olds?\b|"
    rf"(?:son|daughter|mum|mother|dad|father|brother|sister|nan|gran|grandad|friend|nephew|niece|"
    rf"grandson|granddaughter)\s*,?\s*(?:who is|who['’]s|is|['’]?s|aged?|\()\s*(?P<n2>{_NUMBER}){_NOT_YEARS})",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"^\W*(?:i ?['’]?a?m |im |about |aged? |nearly |over |i'm )?(?P<n>{_NUMBER})(?:\s*(?:years?|"
    rf"yrs?|y)?\s*(?:old|of age|o)?)\W*$",
    re.IGNORECASE,
)
_BANDS = (
    (
        r"\b(?:i(?:['’]?m| am) (?:a |an )?(?:pensioner|retired|oap|senior citizen)|old age pensioner|as a pensioner)\b",
        "65_over",
    ),
    (r"\b(?:i(?:['’]?m| am) )?in my (?:late |early |mid[ -]?)?(?:sixties|60'?s) and retired\b", "65_over"),
    (r"\bin (?:my|our) (?:late |early |mid[ -]?)?(?:seventies|eighties|nineties|[789]0'?s)\b", "65_over"),
    (r"\bin (?:my|our) (?:late |early |mid[ -]?)?(?:thirties|forties|fifties|[345]0'?s)\b", "26_64"),
    (r"\bin my early (?:twenties|20'?s)\b", "18_25"),
    (r"\bin my late (?:twenties|20'?s)\b", "26_64"),
    (r"\bin my early (?:sixties|60'?s)\b", "26_64"),
)
_THEIR_BANDS = (
    (r"(?:\b(?:his|her|their) |, )(?:late |early |mid[ -]?)?(?:seventies|eighties|nineties|[789]0['’]?s)\b", "65_over"),
    (r"(?:\b(?:his|her|their) |, )(?:late |early |mid[ -]?)?(?:thirties|forties|fifties|[345]0['’]?s)\b", "26_64"),
)
_BARE_BANDS = (
    (
        r"^\W*(?:i(?:['’]?m| am) )?(?:over|above|older than|more than) ?(?:6[4-9]|[789]\d)\b|"
        r"^\W*(?:6[5-9]|[789]\d) ?(?:or over|\+|plus|and over)",
        "65_over",
    ),
    (r"^\W*(?:i(?:['’]?m| am) )?(?:under|below|younger than) ?(?:16|sixteen)\b", "under_16"),
    (r"^\W*(?:16|sixteen) ?(?:or|to|-|–|/) ?(?:17|seventeen)\b", "16_17"),
    (r"^\W*18 ?(?:to|-|–) ?25\b", "18_25"),
    (r"^\W*26 ?(?:to|-|–) ?64\b", "26_64"),
)
_NAME = re.compile(
    r"\b(?:my name(?:['’]?s| is)|i(?:['’]m| am) called|you can call me|"
    r"name\s*:)\s+(?P<name>[^\W\d_][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,3})",
    re.IGNORECASE,
)
_TITLE = r"(?:(?:[Mm]rs?|[Mm]iss|[Mm]s|[Dd]r)\.? )?"
#: Written like a name, and where a name is given: "Hi, this is Mohammed.", "I'm Mrs Patel from", "Thanks, Sarah".
_SAID_FIRST = re.compile(
    rf"(?:^|[.!]\s+)(?:[Hh](?:i|ello|ey|iya)(?: there)?|[Gg]ood (?:morning|afternoon|evening))?[,.! ]*"
    rf"(?:(?:[Tt]his is|[Ii]t['’]?s|[Ii] ?['’]?a?m|[Mm]y name['’]?s"
    rf"|[Cc]all me)\s+)(?P<name>{_TITLE}[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){{0,2}})"
    r"(?=\s*(?:[.,!?\n(-]|$|here\b|from\b|again\b|and (?:i|I)\b|calling|writing|at (?:no|number|flat)|i\b|I\b))"
)
_SIGNED = re.compile(
    r"(?:[Tt]hanks|[Tt]hank you|[Mm]any thanks|[Cc]heers|[Rr]egards|[Kk]ind regards|[Bb]est wishes|[Yy]ours \w+"
    r"|[Ss]incerely)"
    rf"[,.! \n]+(?P<name>{_TITLE}[A-Z][a-z'’-]*(?: [A-Z][a-z'’-]*){{0,2}})\s*\.?\s*$"
)
_NO_NAMES = word_set(
    "on not in the a an and my his her mud dirt being been is was private never ever bad back names what anything "
    "nothing mrs mr miss ms dr secret confidential irrelevant registered listed down so very really just sick fed "
    "scared getting having happening going only about still writing calling asking all gay trans bi black white "
    "brown asian muslim jewish hindu sikh christian english british irish scottish welsh indian chinese african "
    "american disabled deaf blind autistic pregnant anonymous mum monday tuesday wednesday thursday friday "
    "saturday sunday i im you everyone ok okay late ages good from "
)
#: "I'm Polish", "I'm Nigerian": where from, not who.
_ENDS_LIKE_A_PEOPLE = re.compile(r"(?:ish|ian|ese|ani|eshi|ati|sexual)$")
_LANGUAGES = (
    "polish|romanian|urdu|punjabi|panjabi|bengali|arabic|gujarati|hindi|tamil|somali|turkish|"
    "kurdish|portuguese|spanish|italian|french|german|"
    "lithuanian|latvian|bulgarian|hungarian|czech|slovak|albanian|ukrainian|russian|farsi|"
    "persian|dari|pashto|mandarin|cantonese|chinese|"
    "vietnamese|thai|japanese|korean|tigrinya|amharic|swahili|yoruba|igbo|greek|welsh|sylheti|"
    "nepali|sinhala|malayalam|romani|tagalog|estonian"
)
_LANGUAGE = re.compile(
    rf"\b(?:(?:i|we|she|he|they|mum|dad)(?: only| just| mainly)? speaks? (?:only "
    rf")?(?P<a>{_LANGUAGES})|(?P<b>{_LANGUAGES}) (?:interpreter|translator|speaker|speaking)|"
    rf"(?:first|main|own|my) language (?:is )?(?P<c>{_LANGUAGES})|(?:need|prefer|in|talk in) "
    rf"(?P<d>{_LANGUAGES})(?: please|$))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """A value and the stretch of text that shows it."""

    start: int
    end: int
    value: Any


def years_of(text: str) -> int | None:
    """A number in digits or words, 1 to 120; None when it is not one."""
    said = text.lower().replace("-", " ").split()
    if len(said) == 1 and said[0].isdigit():
        years = int(said[0])
    elif all(word in _WORDS for word in said):
        years = sum(_WORDS[word] for word in said)
    else:
        return None
    return years if 1 <= years <= 120 else None


def band_of(years: int) -> str:
    """The age band of `vocabulary.AGE_BANDS` that an age falls in."""
    for top, band in ((15, "under_16"), (17, "16_17"), (25, "18_25"), (64, "26_64")):
        if years <= top:
            return band
    return "65_over"


def find_age(text: str, affected_other: bool) -> Told | None:
    """The age of the person it is about: the speaker, or, when `affected_other`, the relative they speak for."""
    theirs = (_THEIR_AGE, _THEIR_AGE_TOO, _HIS_OR_HER_AGE, _AS_A, _OWN_AGE)
    for pattern in theirs if affected_other else (_OWN_AGE, _OWN_AGE_TOO, _AS_A):
        for match in pattern.finditer(text):
            years = years_of(next((n for name, n in match.groupdict().items() if n and name[0] == "n"), ""))
            if years and not (pattern in (_OWN_AGE, _OWN_AGE_TOO) and years < 5):
                return Told(match.start(), match.end(), {"band": band_of(years), "years": years})
    for wording, band in (*_BANDS, *_THEIR_BANDS) if affected_other else _BANDS:
        found = re.search(wording, text, re.IGNORECASE)
        if found:
            return Told(found.start(), found.end(), {"band": band})
    school = next((m for m in _SCHOOL_YEAR.finditer(text) if affected_other or m["own"]), None)
    if school is None or school["y"] == "11":  # fifteen or sixteen
        return None
    older = (school["stage"] or "").lower() == "sixth form" or (school["y"] or "") in ("12", "13")
    return Told(school.start(), school.end(), {"band": "16_17" if older else "under_16"})


def age_in_answer(text: str) -> dict[str, Any] | None:
    """An age given as the answer to "how old are you?": "16", "im sixteen", "over 65", "in my 40s"."""
    for wording, band in _BARE_BANDS:
        if re.search(wording, text, re.IGNORECASE):
            return {"band": band}
    match = _BARE.match(text.strip())
    if match:
        years = years_of(match["n"])
        return {"band": band_of(years), "years": years} if years else None
    found = find_age(text, affected_other=False) or find_age(text, affected_other=True)
    value: dict[str, Any] | None = found.value if found else None
    return value


#: "My 8 yr old got called", "Mum's 79", "my son (12) had": the story is theirs.
_SPOKEN_FOR = re.compile(
    rf"\b(?:my|our) (?:\w+ )?{_NUMBER}[- ]?(?:years?|yrs?|yo)[- ]?(?:olds?)?(?: (?:son|daughter|boy|girl|lad|grandson"
    rf"|granddaughter|nephew"
    r"|niece|brother|sister|mum|dad|nan|mother|father))?(?:['’]s)? (?:is (?:being|getting)|was|got|gets|has been|had"
    r"|came|being|been"
    r")\b"
    rf"|\b(?:my|our) (?:lad|lass|boy|girl|youngest|eldest|middle one|son|daughter)(?:['’]?s| is) (?:only "
    rf"|just )?{_NUMBER}(?=[,. ]){_NOT_YEARS}"
    rf"|(?:^|[.!?\n]\s*|\bmy )(?:mum|mam|dad|nan|nana|gran|grandad|grandma|mother|father|auntie?|uncle)(?:['’]?s"
    rf"| is) (?:only |nearly |now )?"
    rf"(?:{_NUMBER})(?=[,. ]){_NOT_YEARS}"
    rf"|\b(?:my (?:\w+ )?(?:son|daughter|mum|dad|nan|gran|grandad|brother|sister|mother|father|grandson|granddaughter"
    rf"|nephew|niece)|d[dsh])"
    rf",? ?\((?:aged? )?{_NUMBER}\),? (?:is|was|got|gets|has|had|keeps|came|can|won|sits|goes|walks)\b",
    re.IGNORECASE,
)


def find_spoken_for(text: str) -> Told | None:
    """Whether somebody close is told of, by their age: the role `family_friend`."""
    match = _SPOKEN_FOR.search(text)
    return Told(match.start(), match.end(), "family_friend") if match else None


def find_name(text: str) -> Told | None:
    """A name the person gives as theirs ("my name is Sam Okoro", "Hi, this is Sam", "Thanks, Sam")."""
    for match in _NAME.finditer(text):
        words = match["name"].split()
        # Without the pattern's case: only words written like names go on after the first.
        kept = words[:1] + [w for w in words[1:] if w[0].isupper()]
        if words[0].lower() in _NO_NAMES:
            continue
        start = match.start("name")
        end = start + len(" ".join(kept))
        if text[start:end].split() != kept:
            end = start + len(kept[0])
        said = text[start:end]
        return Told(start, end, said if any(c.isupper() for c in said) else said.title())
    for pattern in (_SAID_FIRST, _SIGNED):
        signed = pattern.search(text)
        if signed:
            first = signed["name"].split()[-1 if signed["name"][0:2] in ("Mr", "Ms", "Dr", "Mi") else 0]
            if first.lower() not in _NO_NAMES and not _ENDS_LIKE_A_PEOPLE.search(first.lower()):
                return Told(signed.start("name"), signed.end("name"), signed["name"])
    return None


def find_language(text: str) -> Told | None:
    """A language other than English that they speak or ask for."""
    match = _LANGUAGE.search(text)
    if not match:
        return None
    said = next(group for group in match.groups() if group)
    return Told(match.start(), match.end(), said.capitalize())
