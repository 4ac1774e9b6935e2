"""How old does an answer say that someone is, when it is not a plain number?"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from bot.understanding.people import band_of, years_of

_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_NUMBER = rf"(?:\d{{1,3}}|(?:{_TENS})(?:[ -](?:{_ONES}))?|{_TEENS}|{_ONES})"
_ANY_AGE = re.compile(rf"\b({_NUMBER})(?: ?(?:yrs?|years?|y ?o|yo)(?: old)?)?\b")
_NEXT = re.compile(
    rf"\b(?:i will be|i am going to be|will be|turning|turn|going on|be) ({_NUMBER})\b(?=.*\b(?:in|next|soon|on|"
    rf"this)\b|$)"
)
_SOON = re.compile(
    rf"\b({_NUMBER})\b.*\b(?:in (?:a|an|one|two|three|\d+|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
    r"|next (?:week|month)|soon)\b"
)
_NOT_YET = re.compile(rf"^\W*(?:i am )?(?:nearly|almost|not quite|coming up to|pushing) ({_NUMBER})\b")
_DECADES = {
    **{"teens": 10, "twenties": 20, "thirties": 30, "forties": 40, "fourties": 40, "fifties": 50, "sixties": 60},
    **{"seventies": 70, "eighties": 80, "nineties": 90},
}
_DECADE = re.compile(rf"\b(?:(early|mid|late|low|high)[ -]*)?(?:({'|'.join(_DECADES)})|([1-9]0)'?s)\b")
_ODD = re.compile(rf"\b({_TENS}|\d0)[ -]?(?:odd|something|ish|plus)\b|\b(\d0)\s*\+")
_SCHOOL_YEAR = re.compile(r"\b(?:year|yr|y) ?(\d{1,2}|seven|eight|nine|ten|eleven|twelve|thirteen)\b")
_BORN = re.compile(r"\b(?:19[2-9]\d|20[0-2]\d)\b")
_PENSION = re.compile(
    r"\b(?:pensioner|oap|retired|senior citizen|state pension|on (?:a|my) pension|have my pension|old age)\b"
)
_YOUNG = re.compile(r"\b(?:only a (?:kid|child)|at primary school|in primary|just a (?:kid|child))\b")
_MIDDLE = re.compile(r"\bmiddle aged?\b")


def band_in_answer(text: str, now: dt.datetime) -> dict[str, Any] | None:
    """Age as `{"band", "years"?}` from "fifty-odd", "born in 1950", "I'll be 70 in March", "13 nearly 14", "year 9"."""
    said = text.lower().replace("\u2019", "'").replace("i'll", "i will").replace("i'm", "i am")
    said = re.sub(r"\bim\b|\bam\b(?<!i am)", "i am", re.sub(r"\bill\b", "i will", said)).replace("fourty", "forty")
    born = _BORN.search(said)
    if born:
        since = now.year - int(born.group())
        return _aged(since) if 4 <= since <= 105 else None
    year = _SCHOOL_YEAR.search(said)
    if year and not re.search(r"\byears? (?:old|of age)\b", said):
        number = years_of(year.group(1)) or 0
        if 1 <= number <= 13:
            return {"band": "under_16" if number <= 11 else "16_17"}
    for pattern in (_NOT_YET, _NEXT, _SOON):
        found = pattern.search(said)
        if found and (years := years_of(found.group(1))):
            # "17 in a month" is still 16: what they are now decides who may help
            return _aged(years - 1)
    odd = _ODD.search(said)
    if odd:
        tens = years_of(odd.group(1) or odd.group(2)) or 0
        return {"band": band_of(tens + 5)} if tens >= 10 else None
    decade = _DECADE.search(said)
    if decade:
        start = _DECADES[decade.group(2)] if decade.group(2) else int(decade.group(3))
        if start == 10:
            return None  # "in my teens" may be a child or not: ask again
        return {"band": band_of(start + {"early": 2, "low": 2, "late": 8, "high": 8}.get(decade.group(1) or "", 4))}
    if _PENSION.search(said):
        return {"band": "65_over"}
    if _YOUNG.search(said):
        return {"band": "under_16"}
    if _MIDDLE.search(said):
        return {"band": "26_64"}
    numbers = [y for y in (years_of(m.group(1)) for m in _ANY_AGE.finditer(said)) if y]
    if len(said.split()) <= 8 and numbers:
        return _aged(min(numbers) if "nearly" in said or "almost" in said else numbers[-1])
    return None


def _aged(years: int) -> dict[str, Any] | None:
    return {"band": band_of(years), "years": years} if 1 <= years <= 120 else None
