"""Where is this, and is it one of our areas? From a postcode, part of one, a council, a county or a town."""

from __future__ import annotations

import importlib.util
import logging
import re
from dataclasses import dataclass, replace
from typing import Any

from uk_postcodes_parsing import is_in_ons_postcode_directory, parse_from_corpus

from bot.directory.atlas import NON_GEOGRAPHIC, Atlas
from bot.directory.spotting import Hit, area_key, guess_place, spot_places

#: A share of an outcode's postcodes from which it counts as lying wholly in one place (as in the source table).
WHOLE = 0.995

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
    several councils, even where the service area is certain.
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
        return _together(code, named)
    return code or named


def _full_postcode(atlas: Atlas, text: str, lenient: bool) -> AreaMatch | None:
    found: list[AreaMatch] = []
    cursor = 0
    for parsed in parse_from_corpus(text):
        spot = re.compile(rf"(?<!\w){re.escape(parsed.original)}(?!\w)").search(text, cursor)
        if spot is None:
            continue  # part of a longer word or number: "5T4 2QY" is not "T4 2QY"
        cursor = spot.end()
        real = is_in_ons_postcode_directory(parsed.postcode)
        # postcodes newer than the library, or mistyped at the end, still tell their outcode
        known = parsed.outcode in atlas.shares
        if not real and not known:
            continue
        match = AreaMatch(spot.group(), spot.start(), spot.end(), outcode=parsed.outcode)
        if real:
            match = replace(match, postcode=parsed.postcode)
        found.append(_placed(atlas, match, parsed.sector))
    if not found and lenient and (mended := _mend(text)):
        bare = text.strip()
        start = text.index(bare)
        match = AreaMatch(bare, start, start + len(bare), postcode=mended, outcode=mended.split()[0])
        return _placed(atlas, match, mended[:-2])
    home = (match for match in found if _HOME_CUE.search(text[: match.start]))
    return next(home, found[0] if found else None)


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
    """Decide a postcode, or part of one, by the shares of its sector or else its outcode."""
    if match.outcode in NON_GEOGRAPHIC:
        return replace(match, certain=False)
    shares = atlas.shares.get(sector or "") or atlas.shares.get(match.outcode or "")
    if not shares:
        return replace(match, outside=True)
    order = sorted(shares, key=lambda authority: -shares[authority])
    areas: dict[str, float] = {}
    for authority in order:
        home = atlas.service_area(authority) or "outside"
        areas[home] = areas.get(home, 0.0) + shares[authority]
    likeliest = max(areas, key=lambda name: areas[name])
    certain = areas[likeliest] >= WHOLE
    single = order[0] if shares[order[0]] >= WHOLE else None
    inside = certain and likeliest != "outside"
    counties = {atlas.authorities[authority].county for authority in order[: 1 if single else None]}
    return replace(
        match,
        authority=single,
        group=likeliest if inside else None,
        county=counties.pop() if len(counties) == 1 else None,
        outside=certain and not inside,
        certain=certain,
        candidates=() if single else tuple(order),
    )


def _named(atlas: Atlas, text: str, hits: list[Hit]) -> AreaMatch:
    """Decide between the places a text names: the person's own first, then towns before counties."""
    chosen = [hit for hit in hits if hit.own] or hits
    towns = [hit for hit in chosen if not hit.place.group]
    counties = {hit.place.group for hit in hits if hit.place.group}
    if counties and towns:
        # "Cheadle, Staffordshire": the county settles which one is meant
        towns = [hit for hit in towns if area_key(atlas, hit.place) in counties] or towns
    first = towns[0] if towns else chosen[0]
    match = AreaMatch(text[first.start : first.end], first.start, first.end, place=first.place.name)
    areas = {area_key(atlas, hit.place) for hit in towns or chosen}
    councils = tuple(dict.fromkeys(hit.place.authority for hit in towns if hit.place.authority))
    doubtful = all(hit.place.elsewhere for hit in towns) and bool(towns) and not counties
    if len(areas) > 1 or doubtful or not all(hit.sure for hit in towns):
        return replace(match, certain=False, candidates=councils)
    area = areas.pop()
    authority = councils[0] if len(councils) == 1 else None
    return replace(
        match,
        authority=authority,
        group=None if area == "outside" else area,
        county=atlas.authorities[authority].county if authority else None,
        outside=area == "outside",
        candidates=councils if len(councils) > 1 else (),
    )


def _together(code: AreaMatch, named: AreaMatch) -> AreaMatch:
    """A postcode that may be several councils, and a town beside it: the town decides if the postcode allows it."""
    if named.authority and named.authority in code.candidates:
        return replace(
            code,
            place=named.place,
            authority=named.authority,
            group=named.group,
            county=named.county,
            outside=named.outside,
            certain=named.certain,
            candidates=(),
        )
    if not code.certain and not code.candidates:
        return named
    return code
