"""Which council does a postcode, a town or a county belong to? Read once from the tables beside this file."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import parse_obj_as
from pydantic.dataclasses import dataclass as checked

from bot.directory.record import Change, Confidence

HERE = Path(__file__).parent
#: libyaml where it is built in (ten times as fast); what it refuses is the same.
SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: An operator's own tables, laid over the shipped ones: shares by outcode and sector, full postcodes, councils.
LOCAL = {"shares": "postcodes.local.csv", "exact": "postcodes_exact.local.csv", "councils": "authorities.local.csv"}
COLUMNS = {
    "shares": ("code", "lad_code", "share"),
    "exact": ("postcode", "lad_code"),
    "councils": ("lad_code", "id", "name", "county", "served"),
}

How = Literal["plain", "name", "word"]

#: The rule that most of England uses: a norm, and no council's own.
NORM = "norm"


#: Large users' own outcodes, which lie nowhere (postcode table, note on each).
NON_GEOGRAPHIC = ("BB94", "PR0", "PR11", "ST55", "WD99")


class _Strict:
    extra = "forbid"


@dataclass(frozen=True)
class Authority:
    """A council. `id` is ours; `lad_code` is the national one. `served`: inside our three service areas."""

    id: str
    name: str
    county: str
    lad_code: str
    served: bool


@checked(frozen=True, config=_Strict)
class Group:
    """A group of councils. `service_area`: one of the three areas that services are commissioned for.

    `police_area`: the service id of the one force that polices all of it.
    """

    id: str
    name: str
    members: tuple[str, ...]
    service_area: bool = False
    police_area: str | None = None


@checked(frozen=True, config=_Strict)
class CaseReview:
    """When somebody may ask for an ASB case review in an area: a council's id, a group's, or NORM.

    Numbers are None where the source does not say. `months`: reports of the last so many count; `within_days`: those
    made so soon after the incident; `latest_within_months`: how new the newest must be; `people`: so many different
    people are enough; `hate_reports`: so many reports of hate are enough, in `hate_months`, and with
    `hate_unless_acted` only where nothing was done. `weighs_below`: one may ask with less, and harm is weighed.
    `ask`: id of the service to ask. `assumed`: fields that the council's own words do not give, taken from the rule
    for the whole area. `not_found`: councils whose own words were not found at all.
    """

    area: str
    reports: int
    threshold: str
    source: str
    confidence: Confidence
    months: int | None = None
    within_days: int | None = None
    latest_within_months: int | None = None
    people: int | None = None
    hate_reports: int | None = None
    hate_months: int | None = None
    hate_unless_acted: bool = False
    going_on: bool = False
    consent: bool = False
    named: bool = False
    weighs_below: bool = False
    ask: str | None = None
    how: str = ""
    appeal: str = ""
    assumed: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()

    def is_assumed_for(self, authority: str | None) -> bool:
        """True where some of it, or all, is not in that council's own words."""
        return bool(self.assumed) or authority in self.not_found


@checked(frozen=True, config=_Strict)
class Place:
    """A name that people say for where they live: a town, a council, a county, or somewhere outside our areas.

    `also`: councils of ours that have a place of the same name. `elsewhere`: one lies outside our areas.
    """

    name: str
    outcode: str | None = None
    authority: str | None = None
    group: str | None = None
    aliases: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    how: How = "plain"
    elsewhere: bool = False

    @property
    def is_outside(self) -> bool:
        """True for a place known to lie outside our areas."""
        return self.authority is None and self.group is None


@dataclass(frozen=True)
class Atlas:
    """Councils, groups, postcode shares and place names. `shares`: outcode or sector -> {authority id: 0..1}.

    `exact`: full postcode -> authority id, from an operator's own table; empty where there is none.
    """

    authorities: dict[str, Authority]
    groups: dict[str, Group]
    shares: dict[str, dict[str, float]]
    places: tuple[Place, ...]
    case_reviews: dict[str, CaseReview]
    changes_ahead: tuple[Change, ...] = ()
    exact: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def lexicon(self) -> dict[str, Place]:
        """Every name and alias in its plain form, and the place it means."""
        return {plain(word): place for place in reversed(self.places) for word in (place.name, *place.aliases)}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds any of the names in text, whatever its capitals, hyphens and apostrophes; the longest name wins."""
        names = sorted(self.lexicon, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(_as_said, names))})(?!\w)", re.IGNORECASE)

    def service_area(self, authority: str | None) -> str | None:
        """The service area (group id) of a council, or None outside our areas."""
        return next((g.id for g in self.groups.values() if g.service_area and authority in g.members), None)

    def police_area(self, group: str | None) -> str | None:
        """The service id of the force that polices a service area; None elsewhere (101 finds the right one)."""
        return self.groups[group].police_area if group in self.groups else None

    def areas_of(self, authority: str | None, group: str | None) -> tuple[str, ...]:
        """Ids of every area that holds this place, the smallest first: council, county council, service area."""
        held = [g for g in self.groups.values() if authority in g.members]
        ids = [authority] if authority else []
        ids += [g.id for g in sorted(held, key=lambda g: len(g.members))]
        return tuple(dict.fromkeys([*ids, *([group] if group else [])]))


def plain(name: str) -> str:
    """A name without capitals, apostrophes, full stops and hyphens; "Saint" is "st"."""
    bare = re.sub(r"['’.]", "", name.lower())
    return re.sub(r"\bsaint\b", "st", re.sub(r"[\s-]+", " ", bare)).strip()


def _as_said(name: str) -> str:
    words = [r"(?:st|saint)\.?" if word == "st" else _with_apostrophe(word) for word in name.split(" ")]
    return r"[\s-]+".join(words)


def _with_apostrophe(word: str) -> str:
    return re.escape(word[:-1]) + r"['’]?s" if word.endswith("s") and len(word) > 2 else re.escape(word)


def load_atlas(folder: Path | None = None) -> Atlas:
    """Read authorities.csv, postcodes.csv, areas.yml and places.yml; an operator's tables in `folder` are laid over.

    Those are named in LOCAL and made by `haven directory postcodes`. Raises ValueError when one cannot be used.
    """
    present = folder is not None and any((folder / name).exists() for name in LOCAL.values())
    return _load(folder if present else None)


@lru_cache(maxsize=4)
def _load(folder: Path | None) -> Atlas:
    councils = {row["lad_code"]: row for row in [*_rows(HERE / "authorities.csv"), *_local(folder, "councils")]}
    authorities = {
        row["id"]: Authority(row["id"], row["name"], row["county"], row["lad_code"], row["served"] == "yes")
        for row in councils.values()
    }
    by_code = {code: row["id"] for code, row in councils.items()}
    shares = _shares(_rows(HERE / "postcodes.csv"), by_code) | _shares(_local(folder, "shares"), by_code)
    exact = {row["postcode"]: _council(row, by_code) for row in _local(folder, "exact")}
    areas = _yaml("areas.yml")
    reviews = parse_obj_as(tuple[CaseReview, ...], areas["case_reviews"])
    return Atlas(
        authorities=authorities,
        groups={group.id: group for group in parse_obj_as(tuple[Group, ...], areas["groups"])},
        shares=shares,
        places=tuple(_places(authorities)),
        case_reviews={review.area: review for review in reviews},
        changes_ahead=parse_obj_as(tuple[Change, ...], areas["changes_ahead"]),
        exact=exact,
    )


def _shares(rows: list[dict[str, str]], by_code: Mapping[str, str]) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for row in rows:
        held, council = shares.setdefault(row["code"], {}), _council(row, by_code)
        held[council] = held.get(council, 0.0) + float(row["share"])
    return shares


def _council(row: Mapping[str, str], by_code: Mapping[str, str]) -> str:
    if row["lad_code"] not in by_code:
        raise ValueError(f"a table of postcodes names {row['lad_code']}, which no list of councils has")
    return by_code[row["lad_code"]]


def _places(authorities: dict[str, Authority]) -> Iterator[Place]:
    listed = _yaml("places.yml")
    named: set[str] = set()
    for section in ("places", "councils", "counties"):
        for place in parse_obj_as(tuple[Place, ...], listed[section]):
            named |= {word.lower() for word in (place.name, *place.aliases)}
            yield place
    for authority in authorities.values():
        if authority.name.lower() not in named:
            named.add(authority.name.lower())
            yield Place(authority.name, authority=authority.id if authority.served else None)
    ours = {authority.county for authority in authorities.values() if authority.served}
    counties = sorted({authority.county for authority in authorities.values()} - ours)
    for name in [*listed["outside"], *counties]:
        if name.lower() not in named:
            yield Place(name)


def _rows(path: Path, columns: Collection[str] = ()) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if missing := sorted(set(columns) - set(table.fieldnames or ())):
            raise ValueError(f"{path.name}: column {missing[0]} is missing: make it with `haven directory postcodes`")
        return list(table)


def _local(folder: Path | None, table: str) -> list[dict[str, str]]:
    path = folder / LOCAL[table] if folder else None
    return _rows(path, COLUMNS[table]) if path and path.exists() else []


def _yaml(name: str) -> dict[str, Any]:
    loaded = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=SAFE)  # noqa: S506  # the safe loader, in C
    if not isinstance(loaded, dict):
        raise ValueError(f"{name} is not a list of named parts")
    return loaded
