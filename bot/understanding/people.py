"""How old is the person, what are they called, which language do they speak?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

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
#: Of somebody already named: read only where the story is somebody else's.
_HIS_OR_HER_AGE = re.compile(
    rf"\b(?:s?he(?:['’]?s| is)|they(?:['’]?re| are)|aged|(?:tenant|lady|resident|pupil|client|patient)(?: \w+){{0,2}},)"
    rf"\s+(?:only |just |now |nearly |about )?(?P<n>{_NUMBER}){_NOT_YEARS}(?![\w/'’-])",
    re.IGNORECASE,
)
_AS_A = re.compile(
    rf"\b(?:as )?an? (?P<n>{_NUMBER})[ -]?(?:year|yr)s?[ -]?old (?P<who>man|woman|male|female|lady|"
    rf"mum|mother|dad|father|student|girl|boy|pensioner|gay|black|asian|trans|disabled|muslim)",
    re.IGNORECASE,
)
_THEIR_AGE = re.compile(
    rf"\b(?:my|our)\s+(?:\w+\s+){{0,3}}?(?:(?P<n>{_NUMBER})[ -]?(?:years?|yrs?|yo)[ -]?old\b|"
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
    (r"\bin my (?:late |early |mid[ -]?)?(?:seventies|eighties|nineties|[789]0'?s)\b", "65_over"),
    (r"\bin my (?:late |early |mid[ -]?)?(?:thirties|forties|fifties|[345]0'?s)\b", "26_64"),
    (r"\bin my early (?:twenties|20'?s)\b", "18_25"),
    (r"\bin my late (?:twenties|20'?s)\b", "26_64"),
    (r"\bin my early (?:sixties|60'?s)\b", "26_64"),
    (r"\bi(?:['’]?m| am) in (?:year|yr) ?(?:[5-9]|10)\b", "under_16"),
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
_NO_NAMES = frozenset(
    [
        "on",
        "not",
        "in",
        "the",
        "a",
        "an",
        "and",
        "my",
        "his",
        "her",
        "mud",
        "dirt",
        "being",
        "been",
        "is",
        "was",
        "private",
        "never",
        "ever",
        "bad",
        "back",
        "names",
        "what",
        "anything",
        "nothing",
        "mrs",
        "mr",
        "miss",
        "ms",
        "dr",
        "secret",
        "confidential",
        "irrelevant",
        "registered",
        "listed",
        "down",
    ]
)
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
    patterns = (_THEIR_AGE, _HIS_OR_HER_AGE, _AS_A, _OWN_AGE) if affected_other else (_OWN_AGE, _AS_A)
    for pattern in patterns:
        for match in pattern.finditer(text):
            years = years_of(match.groupdict().get("n") or match.groupdict().get("n2") or "")
            if years and not (pattern is _OWN_AGE and years < 5):
                return Told(match.start(), match.end(), {"band": band_of(years), "years": years})
    for wording, band in _BANDS:
        found = re.search(wording, text, re.IGNORECASE)
        if found:
            return Told(found.start(), found.end(), {"band": band})
    return None


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


def find_name(text: str) -> Told | None:
    """A name the person gives as theirs ("my name is Sam Okoro")."""
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
    return None


def find_language(text: str) -> Told | None:
    """A language other than English that they speak or ask for."""
    match = _LANGUAGE.search(text)
    if not match:
        return None
    said = next(group for group in match.groups() if group)
    return Told(match.start(), match.end(), said.capitalize())
