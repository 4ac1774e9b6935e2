"""Do the words say that somebody has no fixed address, or that it happened elsewhere than where they live?"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from bot.directory.area import AreaMatch, find_area
from bot.directory.atlas import Atlas
from bot.directory.spotting import happened_there

Unsettled = Literal["refuge", "no_fixed_address"]

_REFUGE = re.compile(r"\b(?:refuge|safe\s*house)\b", re.IGNORECASE)
_HOMELESS = (
    r"homeless|nfa|(?:sofa|couch)[\s-]*(?:surf|hop)\w*|rough\s+sle\w+|sle\w+\s+rough|between\s+(?:homes|houses|places)"
    r"|(?:no|without\s+an?y?|have\s?n'?t\s+(?:got\s+)?an?y?|(?:do\s?n'?t|do\s+not)\s+have\s+an?y?|not\s+got\s+an?y?)\s+"
    r"(?:(?:fixed|permanent|settled|proper|current)\s+)?(?:abode|address|home)"
)
_SHELTER = (
    r"(?:cars?(?!\s+park)|vans?|tents?|sofas?|couch(?:es)?|floors?|hostels?|b\s*(?:&|and|n)\s*b|shelters?|doorways?|(?:canal\s+|narrow|"
    r"house)?\s?boats?|caravans?|lay-?by|(?:temporary|emergency)\s+(?:accommodation|housing)|(?:travell?ers?|gyps\w+)'?s?'?"
    r"\s+(?:and\s+travell?ers?\s+)?(?:site|camp\w*))"
)
_STAYING = (
    r"(?:liv|stay|sleep|doss|kipp)\w*\s+(?:(?:in|on|at|out\s+of)\s+(?:[\w']+\s+){0,2}?"
    rf"{_SHELTER}|with\s+(?:(?:my|a|some|different)\s+)?(?:mates?|friends?))"
)
_MINE = r"\b(?:i'?m|i\s+am|i'?ve\s+(?:got|been)|we'?re|we\s+are|i\s+have|been)\s+(?:\w+\s+){0,2}?"
_SAID_OF_ONESELF = re.compile(rf"{_MINE}(?:{_HOMELESS}|{_STAYING})\b", re.IGNORECASE)
_ANSWERED = re.compile(
    rf"\b(?:{_HOMELESS}|{_STAYING}|on\s+the\s+streets?|nowhere|anywhere)\b|^\W*(?:(?:in|on|at|out\s+of|my|a|the|we'?re|i'?m)\s+)*"
    rf"{_SHELTER}\b",
    re.IGNORECASE,
)
_FULL_CODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b")
_ENDS = re.compile(r"[.!?\n;,(]|\s+(?:but|and|when|while|where|because|so|then|last|on|at|about)\b", re.IGNORECASE)


def unsettled(text: str, lenient: bool = False) -> Unsettled | None:
    """ "refuge" or "no_fixed_address" when the words say that the speaker lives so, else None.

    `lenient`: the text answers "where do you live?", so bare words are enough ("no fixed abode", "hostel").
    """
    plain = text.replace("\u2019", "'")
    if lenient and _REFUGE.search(plain):
        return "refuge"
    said = _ANSWERED if lenient else _SAID_OF_ONESELF
    return "no_fixed_address" if said.search(plain) else None


def find_happened(atlas: Atlas, text: str) -> AreaMatch | None:
    """Where the words say that it happened ("I live in Crewe but it happened in Hanley": Hanley), or None.

    Only when they say so outright; a place that is merely named is not taken for it.
    """
    for start in happened_there(text):
        end = _ENDS.search(text, start + 1)
        tail = text[start : end.start() if end else len(text)]
        county = re.match(r",\s*[A-Za-z-]+", text[start + len(tail) :])
        match = find_area(atlas, tail + (county.group() if county else ""), lenient=True)
        if match and match.start == 0:
            return replace(match, start=start, end=start + match.end)
    return None


def holds_postcode(text: str) -> bool:
    """True when the words hold what looks like a whole postcode."""
    return bool(_FULL_CODE.search(text))
