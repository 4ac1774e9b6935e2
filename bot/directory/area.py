"""Where is this, and is it one of our areas? From a postcode, part of one, a council, a county or a town."""

from __future__ import annotations

import importlib.util
import logging
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from uk_postcodes_parsing import is_in_ons_postcode_directory, parse_from_corpus

from bot.directory.atlas import NON_GEOGRAPHIC, Atlas, Place
from bot.directory.spotting import Hit, area_key, areas_of_name, goes_on, guess_place, is_where_it_happened, spot_places

_AS_DIGIT = {"O": "0", "I": "1", "L": "1", "S": "5"}
_AS_LETTER = {"0": "O", "1": "I", "5": "S"}
# the library writes postcodes that it cannot read into its log; a person's words never belong there
logging.getLogger("uk_postcodes_parsing").setLevel(logging.CRITICAL)

_OUTCODE = re.compile(r"(?<![\w-])([A-Za-z]{1,2}\d[A-Za-z\d]?)(?:\s?(\d))?(?![\w-])")
_SPACED_OUTCODE = re.compile(r"(?<![\w-])([A-Za-z]{1,2})\s(\d{1,2})(?![\w-])")
_CODE_CUE = re.compile(r"\bpost\s?code\b[^.!?\n]{0,20}$", re.IGNORECASE)
_PLACE_CUE = re.compile(r"\b(?:in|at|near|around|from)\s+$", re.IGNORECASE)
_HOME_CUE = re.compile(r"\b(?:my|our|live|living|home)\b[^.!?\n]{0,30}$", re.IGNORECASE)


@dataclass(frozen=True)
class AreaMatch:
    """Where some words point to; `words == text[start:end]`.

    `group` is our service area, None when outside (`outside` True) or not decided. `certain`: inside which service
    area, or outside all of them, is settled. When it is not, `candidates` are the council ids it may be, most likely
    first, and the person should be asked for a full postcode or their council. `authority` is None when it may be
    several councils, even where the service area is certain. `police_area`: the service id of its force, None where it
    is not known (then 101).
    """

    words: str
    start: int
    end: int
    postcode: str | None = None
    outcode: str | None = None
    place: str | None = None
    authority: str | None = None
    group: str | None = None
    county: str | None = None
    police_area: str | None = None
    outside: bool = False
    certain: bool = True
    candidates: tuple[str, ...] = ()

    def as_value(self) -> dict[str, Any]:
        """The fact "area": known parts only. `outside` and `certain` are there only as True and False."""
        parts = ("postcode", "outcode", "place", "authority", "group")
        value: dict[str, Any] = {name: getattr(self, name) for name in parts if getattr(self, name)}
        value["words"] = self.words
        if self.outside:
            value["outside"] = True
        if not self.certain:
            value["certain"] = False
        return value


def find_area(atlas: Atlas, text: str, lenient: bool = False) -> AreaMatch | None:
    """The area that the text names, or None. `lenient`: the text is an answer to "where", so bare and misspelt
    names and parts of postcodes count; in a story only what is clearly a place does."""
    code = _full_postcode(atlas, text, lenient) or _part_postcode(atlas, text, lenient)
    if code and code.certain and code.authority:
        return code
    hits = spot_places(atlas, text, lenient)
    if not hits and not code and lenient:
        guess = guess_place(atlas, text)
        hits = [guess] if guess else []
    named = _named(atlas, text, hits) if hits else None
    if code and named:
        return narrow(atlas, code, named)
    return code or named


def _full_postcode(atlas: Atlas, text: str, lenient: bool) -> AreaMatch | None:
    found: list[AreaMatch] = []
    cursor = 0
    for parsed in parse_from_corpus(text):
        spot = re.compile(rf"(?<!\w){re.escape(parsed.original)}(?!\w)").search(text, cursor)
        if spot is None:
            continue  # part of a longer word or number: "5T4 2QY" is not "T4 2QY"
        cursor = spot.end()
        real = parsed.postcode in atlas.exact or is_in_ons_postcode_directory(parsed.postcode)
        # postcodes newer than the library, or mistyped at the end, still tell their outcode
        known = parsed.outcode in atlas.shares
        if not real and not known:
            continue
        match = AreaMatch(spot.group(), spot.start(), spot.end(), outcode=parsed.outcode)
        if real:
            match = replace(match, postcode=parsed.postcode)
        if lenient or not is_where_it_happened(text[: spot.start()]):
            found.append(_placed(atlas, match, parsed.sector))
    if not found and lenient and (mended := _mend(text)):
        bare = text.strip()
        start = text.index(bare)
        match = AreaMatch(bare, start, start + len(bare), postcode=mended, outcode=mended.split()[0])
        return _placed(atlas, match, mended[:-2])
    home = [match for match in found if _HOME_CUE.search(text[: match.start])]
    there = [match for match in found if not is_where_it_happened(text[: match.start])]
    return next(iter([*home, *there, *found]), None)


def _mend(text: str) -> str | None:
    """The postcode meant by an answer that is nothing else, with letters and digits that look alike put right."""
    code = "".join(text.upper().split())
    if not re.fullmatch(r"[A-Z0-9]{5,7}", code):
        return None
    for shape in ("ANNAA", "AANNAA", "ANNNAA", "AANNNAA"):
        if len(shape) == len(code):
            put = [
                (_AS_DIGIT if kind == "N" else _AS_LETTER).get(char, char)
                for kind, char in zip(shape, code, strict=True)
            ]
            mended = f"{''.join(put[:-3])} {''.join(put[-3:])}"
            if is_in_ons_postcode_directory(mended):
                return mended
    return None


def _part_postcode(atlas: Atlas, text: str, lenient: bool) -> AreaMatch | None:
    for spot in _OUTCODE.finditer(text):
        outcode, digit = spot.group(1).upper(), spot.group(2)
        asked = lenient or bool(_CODE_CUE.search(text[: spot.start()]))
        if outcode in atlas.shares:
            meant = asked or spot.group(1).isupper() or _is_cued(text, spot.start())
        else:
            # in a story an unlisted code is more likely a motorway, a bus or a size than an address
            meant = asked and _is_outcode(outcode)
        if meant:
            sector = f"{outcode} {digit}" if digit and asked else None
            end = spot.end() if sector else spot.end(1)
            return _placed(atlas, AreaMatch(text[spot.start() : end], spot.start(), end, outcode=outcode), sector)
    if lenient:
        for spot in _SPACED_OUTCODE.finditer(text):
            outcode = (spot.group(1) + spot.group(2)).upper()
            if outcode in atlas.shares:
                return _placed(atlas, AreaMatch(spot.group(), spot.start(), spot.end(), outcode=outcode), None)
    return None


def _is_cued(text: str, start: int) -> bool:
    return bool(_PLACE_CUE.search(text[:start]) or _CODE_CUE.search(text[:start]))


def _is_outcode(outcode: str) -> bool:
    """True for any outcode in use in the United Kingdom (the postcode library keeps one small file for each)."""
    return importlib.util.find_spec(f"uk_postcodes_parsing.outcodes.{outcode.lower()}") is not None


def _placed(atlas: Atlas, match: AreaMatch, sector: str | None) -> AreaMatch:
    """Decide a postcode, or part of one: by the exact table where it has it, else by all the postcodes around it.

    A single postcode over a border leaves the whole sector open: there is no telling which one it is.
    """
    if match.outcode in NON_GEOGRAPHIC:
        return replace(match, certain=False)
    exact = atlas.exact.get(match.postcode or "")
    shares = {exact: 1.0} if exact else atlas.shares.get(sector or "") or atlas.shares.get(match.outcode or "")
    if not shares:
        return replace(match, outside=True)
    order = sorted(shares, key=lambda authority: -shares[authority])
    return _decided(atlas, match, tuple(order))


def _decided(atlas: Atlas, match: AreaMatch, councils: tuple[str, ...]) -> AreaMatch:
    """What these councils, and no other, leave decided: the council if one, the service area if they share it."""
    homes = {atlas.service_area(authority) for authority in councils}
    counties = {atlas.authorities[authority].county for authority in councils}
    group = homes.pop() if len(homes) == 1 else None
    return replace(
        match,
        authority=councils[0] if len(councils) == 1 else None,
        group=group,
        county=counties.pop() if len(counties) == 1 else None,
        police_area=atlas.police_area(group),
        outside=not homes and group is None,
        certain=not homes,
        candidates=councils if len(councils) > 1 else (),
    )


def _named(atlas: Atlas, text: str, hits: list[Hit]) -> AreaMatch:
    """Decide between the places a text names: the person's own first, then towns before counties."""
    chosen = [hit for hit in hits if hit.own] or hits
    towns = [hit for hit in chosen if not hit.place.group]
    counties = {hit.place.group for hit in hits if hit.place.group}
    if counties and towns:
        # "Cheadle, Staffordshire": the county settles which one is meant
        towns = [hit for hit in towns if areas_of_name(atlas, hit.place) & counties] or towns
    first = towns[0] if towns else chosen[0]
    match = AreaMatch(text[first.start : first.end], first.start, first.end, place=first.place.name)
    beside = [hit for before, hit in pairwise(hits) if goes_on(text[before.end : hit.start])]  # "Longton, Stoke"
    known = [areas_of_name(atlas, hit.place) for hit in (*towns, *beside)]
    settled = counties.union(*(areas for areas in known if len(areas) == 1))
    councils = tuple(dict.fromkeys(council for hit in towns for council in _meant(atlas, hit.place, settled)))
    areas = {area_key(atlas, hit.place) for hit in towns or chosen if not hit.place.also}
    areas |= {atlas.service_area(council) or "outside" for council in councils}
    doubtful = all(hit.place.elsewhere for hit in towns) and bool(towns) and not counties
    if len(areas) > 1 or doubtful or not all(hit.sure for hit in towns):
        return replace(match, certain=False, candidates=councils)
    area = areas.pop()
    if area == "outside":
        return replace(match, outside=True)
    if councils:
        return _decided(atlas, match, councils)
    return replace(match, group=area, police_area=atlas.police_area(area))


def _meant(atlas: Atlas, place: Place, settled: Collection[str]) -> tuple[str, ...]:
    """The councils a name may lie in; where another word has settled the area, only those in it."""
    councils = (*((place.authority,) if place.authority else ()), *place.also)
    return tuple(c for c in councils if atlas.service_area(c) in settled) or councils


def narrow(atlas: Atlas, code: AreaMatch, named: AreaMatch) -> AreaMatch:
    """A postcode that may be several councils, and a place beside it: the place decides if the postcode allows it."""
    if not code.candidates:
        return code if code.certain else named
    if named.authority:
        left = tuple(one for one in code.candidates if one == named.authority)
    elif named.group:
        left = tuple(one for one in code.candidates if atlas.service_area(one) == named.group)
    elif named.outside:
        left = tuple(one for one in code.candidates if atlas.service_area(one) is None)
    else:
        left = tuple(one for one in code.candidates if one in named.candidates)
    if not left or (not named.certain and len(left) > 1):
        return code
    return replace(_decided(atlas, code, left), place=named.place)
