"""Does the text name a place as somebody's own? "Stone" in "in Stone, Staffordshire", not in "they threw a stone"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.directory.atlas import Atlas, Place, plain

_STREET = re.compile(
    r"\s+(?:road|rd|street|avenue|ave|lane|close|drive|way|crescent|terrace|gardens|grove|row|arms|hotel|inn|pub|fc"
    r"|united|rovers|north\s+end|fans?|supporters?|city(?!\s+(?:centre|council)))\b",
    re.IGNORECASE,
)
_NOT_HOME = re.compile(
    r"(?:used\s+to\s+live\s+(?:in|at|near)|(?:moved|came|comes?|driv\w+|drove|travel\w*)\s+(?:\w+\s+){0,2}from"
    r"|originally\s+from"
    r"|(?:support\w*|against|versus|vs?|playing|beat)"
    r"|(?:at\s+work|mates?|friends?|lads?|people|m[ae]n|wom[ae]n|blokes?|guys?|family|couple|gangs?|fans?|someone"
    r"|visitors?"
    r"|police|cousins?)\s+from"
    r"|\b(?:s?he|they)(?:['’]?(?:s|re)|\s+(?:is|are|was|were))?\s+from)\s+$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:\b(?:in|at|near|around|outside|across|from|to|of|into|through|by|over)\s+"
    r"(?:(?:the|central|north|south|east|west)\s+)?|,\s*)$",
    re.IGNORECASE,
)
_LIVING = re.compile(
    r"\b(?:(?:live|lives|living|based|staying|stay|moved|home|house|flat|bungalow|address)"
    r"(?:\s+(?!but\b|and\b|work)[\w'’]+){0,3}?\s+(?:in|at|near|around|to|is)|(?:i|we)\s*(?:['’]?(?:m|re)|\s+am"
    r"|\s+are)(?:\s+\w+)?\s+(?:in|from|near|at))"
    r"\s+(?:(?:the|central|north|south|east|west)\s+)?$",
    re.IGNORECASE,
)
#: A name that is a sentence of its own, or has only "here" after it: "... every night. hanley", "Nelson here."
_ENDS_BEFORE = re.compile(r"(?:^|[.!?\n;:(-])\s*(?:area\s*[:=-]?\s*|location\s*[:=-]?\s*)?$", re.IGNORECASE)
_STARTS_AFTER = re.compile(r"\s*(?:$|[.!?\n;,)]|-\s)|\s+(?:here|area|way)\b", re.IGNORECASE)
_TOWN_AFTER = re.compile(
    r"\s+(?:town|high\s+street|market\s+place|precinct|council|borough|district|city\s+(?:centre"
    r"|council))\b",
    re.IGNORECASE,
)
_SOMEONES = (
    r"(?:my|our|his|her|their|a)\s+(?:mum|mam|dad|nan|nana|gran\w*|sister|brother|friend|mate|boyfriend|girlfriend|partner"
    r"|aunt\w*|uncle|son|daughter|parent|cousin|work\w*|school|college)(?:['’]?s['’]?)?(?:\s+(?:house|flat|place))?"
)
#: Right before a name: it happened there, which is not to say that they live there.
_HAPPENED = re.compile(
    r"\b(?:(?:happen\w*|took\s+place|occurr\w+)(?:\s+(?!but\b|and\b|liv\w+)[\w'’]+){0,7}?"
    rf"|it\s+was(?:\s+all)?(?:\s+(?:at|outside|round)\s+{_SOMEONES})?"
    rf"|(?:at|outside|round|visiting)\s+{_SOMEONES}"
    r"|at\s+work|(?:visiting|shopping|on\s+holiday|night\s+out|day\s+out)(?:\s+\w+)?)"
    r"\s+(?:in|at|near|outside)\s+(?:(?:the|central|north|south|east|west)\s+)?$",
    re.IGNORECASE,
)
_AT_SOMEONES = re.compile(rf"\b{_SOMEONES}\s+(?:in|at|near)\s+$", re.IGNORECASE)
_LIVES = re.compile(r"\b(?:live|lives|living|stay|stays|staying|moved)(?:\s+[\w'’]+){0,5}\s+$", re.IGNORECASE)
_BEFORE_A_NAME = re.compile(r"\b(?:in|at|near|outside)\s+(?:(?:the|central|north|south|east|west)\s+)?(?=\w)", re.I)
#: Likeness (0..100) above which a misspelt name is taken, and the lead it needs over a name in another area.
_LIKE_ENOUGH, _CLEAR_LEAD = 84.0, 6.0
_SHORTEST_GUESS = 5
#: To say more than a name that is spelt right, a misspelt one must be very like a longer name.
_LIKE_ENOUGH_TO_WIDEN = 90.0
#: In a longer answer a likeness must be closer: "present" is 86 like Preston.
_LIKE_ENOUGH_IN_LONG = 90.0
#: In a story, a likeness must be closer still, and the name longer: it was not asked for.
_LIKE_ENOUGH_IN_STORY, _SHORTEST_STORY_GUESS = 85.0, 6
_HOME_NAMED = re.compile(
    r"\b(?:(?:live|living|based|stay|staying|flat|house|home)\s+(?:in|at|near)|i\s?['’]?a?m\s+(?:in|from)"
    r"|we\s?(?:['’]?re|\s+are)\s+(?:in|from))\s+"
    r"(?P<name>[A-Za-z'’-]+(?:[ -][A-Za-z'’-]+){0,2})",
    re.IGNORECASE,
)
#: An answer of no more words than this is a name and little else ("Stone", "in the centre of Leek").
_BARE_ANSWER = 5


@dataclass(frozen=True)
class Hit:
    """A place named at text[start:end]. `own`: the words say that somebody lives there. `sure`: spelt as we know it."""

    place: Place
    start: int
    end: int
    own: bool
    sure: bool = True


def spot_places(atlas: Atlas, text: str, lenient: bool) -> list[Hit]:
    """Every place the text names, in order. `lenient`: the text answers "where", so a bare name is enough."""
    hits = []
    for match in atlas.pattern.finditer(text):
        place = atlas.lexicon[plain(match.group())]
        before, after = text[: match.start()], text[match.end() :]
        if _STREET.match(after) or (_NOT_HOME.search(before) and not lenient):
            continue
        own = (lenient and _is_answer(place, match.group(), before, text)) or bool(_LIVING.search(before))
        if own or _is_meant(atlas, place, match.group(), before, after):
            hits.append(Hit(place, match.start(), match.end(), own))
    hits = _at_home(text, hits, lenient)
    if lenient and hits and len(text.split()) <= _BARE_ANSWER:
        hits = _widened(atlas, text, hits)
    counties_only = all(hit.place.group for hit in hits)
    return hits if lenient or not counties_only else [*_guess_home(atlas, text), *hits]


def _at_home(text: str, hits: list[Hit], lenient: bool) -> list[Hit]:
    """Without the places where it happened; an answer that names no other place keeps them."""
    home: list[Hit] = []
    last, elsewhere = 0, False
    for hit in hits:
        elsewhere = (elsewhere and goes_on(text[last : hit.start])) or is_where_it_happened(text[: hit.start])
        last = hit.end
        if not elsewhere:
            home.append(hit)
    return hits if lenient and not home else home


def goes_on(between: str) -> bool:
    """True when the words between two places make them one: "Hanley, Stoke", "Leek in Staffordshire"."""
    return re.fullmatch(r"\s*,?\s*(?:in\s+)?", between) is not None


def _widened(atlas: Atlas, text: str, hits: list[Hit]) -> list[Hit]:
    """A longer name, misspelt, around the one that was spelt right: "Newcastle undr Lyme" is no Newcastle."""
    wider = guess_place(atlas, text, _LIKE_ENOUGH_TO_WIDEN)
    if wider is None or not wider.sure:
        return hits
    inside = [hit for hit in hits if wider.start <= hit.start and hit.end <= wider.end]
    longer = inside and all(wider.end - wider.start > hit.end - hit.start + 1 for hit in inside)
    return [wider, *(hit for hit in hits if hit not in inside)] if longer else hits


def is_where_it_happened(before: str) -> bool:
    """True when the words before a place say that it happened there, and not that somebody lives there."""
    if not _HAPPENED.search(before) or _LIVES.search(before):
        return False
    return bool(_AT_SOMEONES.search(before)) or not _LIVING.search(before)  # "my mum's house" is not "my house"


def happened_there(text: str) -> Iterator[int]:
    """Where in the text the names begin of places at which it is said to have happened."""
    for match in _BEFORE_A_NAME.finditer(text):
        if is_where_it_happened(text[: match.end()]):
            yield match.end()


def _guess_home(atlas: Atlas, text: str) -> list[Hit]:
    """A misspelt place right after "I live in" or "I'm from", in a story: only when it can hardly be another."""
    for match in _HOME_NAMED.finditer(text):
        said = re.findall(r"[A-Za-z'’-]+", match["name"])
        for size in range(min(3, len(said)), 0, -1):
            named = " ".join(said[:size])
            if len(named) < _SHORTEST_STORY_GUESS or plain(named) in atlas.lexicon:
                continue
            hit = guess_place(atlas, named)
            if hit and hit.sure and fuzz.ratio(plain(named), plain(hit.place.name)) >= _LIKE_ENOUGH_IN_STORY:
                end = match.start("name") + match["name"].index(said[size - 1]) + len(said[size - 1])
                return [Hit(hit.place, match.start("name"), end, own=True, sure=not hit.place.is_outside)]
    return []


def _is_answer(place: Place, said: str, before: str, text: str) -> bool:
    """True when a name in an answer to "where" is the answer: not the stone or the reading in a long sentence."""
    if len(text.split()) <= _BARE_ANSWER:
        return True
    preceded = bool(_PREPOSITION.search(before))
    if place.is_outside or place.how == "word":
        last = before + said == text.rstrip(" .!")
        return preceded and (said[0].isupper() or last)
    return preceded or place.how == "plain"


def _is_meant(atlas: Atlas, place: Place, said: str, before: str, after: str) -> bool:
    if place.is_outside:
        return False  # a story may mention any city; only the person's own counts
    if place.how == "plain" or _TOWN_AFTER.match(after) or _area_follows(atlas, place, after):
        return True
    alone = bool(_ENDS_BEFORE.search(before) and _STARTS_AFTER.match(after))
    preceded = bool(_PREPOSITION.search(before)) or not (before.strip() or after.strip(" .!"))
    if place.how == "name":
        return preceded or alone
    if alone and (not before.strip() or not after.strip(" .!")):
        return True  # the first or last thing they say; between, "Stone." may be what was thrown
    return preceded and said[0].isupper() and not said.isupper()


def _area_follows(atlas: Atlas, place: Place, after: str) -> bool:
    """True before the county or a bigger place of the same area: "Stone, Staffordshire", "Hanley, Stoke-on-Trent"."""
    comma = re.match(r"\s*(,)?\s*(?:in\s+)?", after)
    match = atlas.pattern.match(after, comma.end() if comma else 0)
    if match is None:
        return False
    bigger = atlas.lexicon[plain(match.group())]
    same = area_key(atlas, bigger) == area_key(atlas, place)
    return same and bool(bigger.group or (comma and comma.group(1)))


def guess_place(atlas: Atlas, text: str, enough: float | None = None) -> Hit | None:
    """A misspelt place in an answer to "where". Not `sure` when a place in another area is nearly as like.

    `enough`: the likeness (0..100) it takes; by default more in a long answer than in a bare one.
    """
    tokens = list(re.finditer(r"[A-Za-z'’-]+", text))[:30]
    runs = [(tokens[i].start(), tokens[j].end()) for i in range(len(tokens)) for j in range(i, min(i + 3, len(tokens)))]
    if enough is None:
        enough = _LIKE_ENOUGH if len(text.split()) <= _BARE_ANSWER else _LIKE_ENOUGH_IN_LONG
    best: tuple[float, str, int, int] | None = None
    for start, end in runs:
        said = plain(text[start:end])
        if len(said) < _SHORTEST_GUESS or said in atlas.lexicon:
            continue  # spelt as we know it, so it has been judged already
        found = process.extractOne(said, atlas.lexicon.keys(), scorer=fuzz.ratio, score_cutoff=enough)
        if found and (best is None or found[1] > best[0]):
            best = (found[1], found[0], start, end)
    if best is None:
        return None
    score, name, start, end = best
    place = atlas.lexicon[name]
    rivals = process.extract(plain(text[start:end]), atlas.lexicon.keys(), scorer=fuzz.ratio, limit=5)
    home = area_key(atlas, place)
    close = [r for r in rivals if score - r[1] < _CLEAR_LEAD and area_key(atlas, atlas.lexicon[r[0]]) != home]
    return Hit(place, start, end, own=True, sure=not close)


def areas_of_name(atlas: Atlas, place: Place) -> set[str]:
    """Every service area that has a place of this name, or "outside"."""
    return {area_key(atlas, place), *(atlas.service_area(council) or "outside" for council in place.also)}


def area_key(atlas: Atlas, place: Place) -> str:
    """The service area a place lies in, or "outside"."""
    return place.group or atlas.service_area(place.authority) or "outside"
