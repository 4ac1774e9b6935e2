"""Which number, address or name is given? Tolerant readers for how people write them."""

from __future__ import annotations

import re
from typing import Any

import phonenumbers

from bot.understanding.people import find_name
from bot.understanding.words import word_set

#: Ofcom's numbers for drama and tests: never in use, so "possible" has to do for them. 07700 900000-900999.
_DRAMA = re.compile(r"\+447700900\d{3}")
_DIGIT_WORDS = {"o": "0", "oh": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"} | {
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_INTRODUCED = re.compile(
    r"^\W*(?:hi|hello|hey)?\W*(?:(?:it|this|that)(?:['’]?s| is)|i(?:['’]?m| am)|im|just|you can|"
    r"please|pls|people|everyone|my friends)?\s*(?:call(?:s)? me|called|me)?\s*"
    r"(?P<name>[^\W\d_][\w'’.-]*(?:\s+[^\W\d_][\w'’.-]*){0,3})(?:\s+(?:please|pls|thanks|is fine|will do|is ok))?\W*$",
    re.IGNORECASE,
)
_NOT_A_NAME = word_set(
    "no yes yeah nope skip none nothing anonymous anything whatever not why what who dont don't "
    "rather i i'd id the a my stop help prefer nobody sorry "
    "can you do is it that they he she we maybe later never ok okay hello hi hey pass"
)
_SMALL = word_set("please pls thanks is fine will do ok")


def parse_phone(text: str) -> dict[str, Any] | None:
    """The first phone number in a reply, British unless it says otherwise: `{"number": E.164, "mobile": bool}`."""
    spoken = re.sub(r"[A-Za-z]+", lambda m: _DIGIT_WORDS.get(m.group().lower(), m.group()), text)
    spoken = re.sub(r"(?<=\d)[ ](?=\d(?: |$))", "", spoken)
    for candidate in (text, spoken):
        for match in phonenumbers.PhoneNumberMatcher(candidate, "GB", leniency=phonenumbers.Leniency.POSSIBLE):
            number = match.number
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            if _DRAMA.fullmatch(written):
                return {"number": written, "mobile": True}
            if phonenumbers.is_valid_number(number):
                kind = phonenumbers.number_type(number)
                return {"number": written, "mobile": kind == phonenumbers.PhoneNumberType.MOBILE}
    return None


def parse_email(text: str) -> str | None:
    """The first e-mail address in a reply ("sam at example dot org" too); None when there is none."""
    spoken = re.sub(r"\s+at\s+(?=\S+(?:\s+dot\s+|\.))", "@", text, flags=re.IGNORECASE)
    spoken = re.sub(r"\s+dot\s+", ".", spoken, flags=re.IGNORECASE)
    match = _EMAIL.search(text) or _EMAIL.search(spoken)
    if not match or ".." in match.group() or len(match.group()) > 254:
        return None
    local, _, domain = match.group().strip(".'").rpartition("@")
    return f"{local}@{domain.lower()}"


def parse_name(text: str) -> str | None:
    """The name in a reply to "what shall we call you?": "my name is Sam", "call me Sam", "Sam" -> "Sam"."""
    told = find_name(text)
    if told is not None:
        return str(told.value)
    match = _INTRODUCED.match(text.strip()[:120])
    if not match:
        return None
    words = match["name"].split()
    while len(words) > 1 and words[-1].lower() in _SMALL:
        words.pop()
    if words[0].lower().strip(".'") in _NOT_A_NAME or any("@" in word for word in words):
        return None
    name = " ".join(words).rstrip(".")
    return name if any(c.isupper() for c in name) else name.title()
