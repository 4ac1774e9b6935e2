"""What does the golden table ask? Every council, ten outside, no place and no fixed address, by kind, age and hour."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from bot.clock import LONDON
from bot.directory import Directory, Route, load_directory, route
from bot.triage.vocabulary import OTHER_HARM

DIRECTORY = load_directory()
#: As in production when nobody has checked anything yet.
PRODUCTION = DIRECTORY.without_unchecked(dt.date(2026, 11, 20))
KINDS = ("asb", "hate", "both", "not_asb", "off_topic", *OTHER_HARM)
AGES = {"under 16": "under_16", "16 or 17": "16_17", "26 to 64": "26_64", "65 or over": "65_over", "not known": None}
TIMES = {
    "in hours": "2026-11-20T11:00",
    "evening": "2026-11-19T19:30",
    "Saturday night": "2026-11-21T23:30",
    "bank holiday": "2026-12-28T11:00",
    "Christmas Day": "2026-12-25T11:00",
}
#: Some beside our border, some far from it.
OUTSIDE = (
    "barnet",
    "birmingham",
    "cheshire_east",
    "epping_forest",
    "luton",
    "north_warwickshire",
    "sefton",
    "shropshire",
    "wigan",
    "wolverhampton",
)
NOWHERE, NO_ADDRESS = "place not known", "no fixed address"

Area = dict[str, Any] | None


def _areas() -> dict[str, Area]:
    atlas = DIRECTORY.atlas
    councils = {one.id: one.name for one in atlas.authorities.values() if one.served or one.id in OUTSIDE}
    inside = {one: atlas.service_area(one) for one in councils}
    facts: dict[str, Area] = {
        name: {"authority": one, "words": name, **({"group": inside[one]} if inside[one] else {"outside": True})}
        for one, name in councils.items()
    }
    return {**facts, NOWHERE: None, NO_ADDRESS: {"no_fixed_address": True, "words": "sofa surfing"}}


#: Name of the place, and the fact "area" for it.
AREAS = _areas()


class Asked(NamedTuple):
    """One question to the route: labels, each of which stands for what is handed in."""

    kind: str
    area: str
    age: str
    time: str


def instant(time: str) -> dt.datetime:
    """The instant a label of TIMES stands for."""
    return dt.datetime.fromisoformat(TIMES[time]).replace(tzinfo=LONDON)


def go(directory: Directory, asked: Asked, happened_in: Area = None, **more: Any) -> Route:
    """The route's answer to one question."""
    harm = asked.kind in OTHER_HARM
    return route(
        directory,
        area=AREAS[asked.area],
        kind="other_harm" if harm else asked.kind,
        other_harm=(asked.kind,) if harm else (),
        age_band=AGES[asked.age],
        at=instant(asked.time),
        happened_in=happened_in,
        **more,
    )


@lru_cache(maxsize=2)
def answers(directory: Directory) -> dict[Asked, Route]:
    """The route's answer to every question of the table."""
    every = (Asked(*one) for one in product(KINDS, AREAS, AGES, TIMES))
    return {asked: go(directory, asked) for asked in every}
