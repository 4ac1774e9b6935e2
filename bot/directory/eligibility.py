"""Does this service take this person? By where they live, where it happened, their age and the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.directory.catalogue import Directory
from bot.directory.record import Service

#: Why it must be asked first: their rule is not known to fit, and nothing known rules the person out.
ASK_REASONS = ("ask_where_they_live", "ask_lives_elsewhere", "ask_happened_elsewhere")
Answer = Literal["yes", "no", "ask_where_they_live", "ask_lives_elsewhere", "ask_happened_elsewhere"]


@dataclass(frozen=True)
class Spot:
    """A place as far as it is decided. `group` is a service area; neither that nor `outside`: not known."""

    group: str | None = None
    authority: str | None = None
    outside: bool = False
    no_fixed_address: bool = False

    @classmethod
    def of(cls, area: Mapping[str, Any] | None) -> Spot:
        """The spot of a fact of the shape of "area"."""
        known = area or {}
        group = known.get("group")
        return cls(
            group,
            known.get("authority"),
            bool(known.get("outside")) and not group,
            bool(known.get("no_fixed_address")),
        )

    @property
    def is_known(self) -> bool:
        """True when it is decided: inside one of our areas, or certainly in none."""
        return bool(self.group) or self.outside


@dataclass(frozen=True)
class Person:
    """What eligibility asks about: where they live, where it happened, their age band, and the London day."""

    home: Spot
    place: Spot
    age_band: str | None
    day: dt.date

    @property
    def near(self) -> Spot:
        """Whose local lines to name: those of the home, and of the place when the home is not known."""
        return self.home if self.home.is_known else self.place


def person_of(
    area: Mapping[str, Any] | None, happened_in: Mapping[str, Any] | None, age_band: str | None, day: dt.date
) -> Person:
    """Both facts have the shape of "area". What was not said to be elsewhere happened where the person lives."""
    home, place = Spot.of(area), Spot.of(happened_in)
    return Person(home, place if place.is_known else home, age_band, day)


def takes(directory: Directory, service: Service, person: Person) -> Answer:
    """Whether the service takes the person that day, by its own rule (`Service.serves`), or what must be asked.

    No fixed address is never a bar: then the place stands for the home.
    """
    if not service.is_current(person.day) or not service.accepts_age(person.age_band):
        return "no"
    if "national" in service.areas:
        return "yes"
    there = directory.covers(service, person.place.authority, person.place.group)
    lives = directory.covers(service, person.home.authority, person.home.group)
    lives = lives or (there and person.home.no_fixed_address)
    if not (lives or there):
        return "no"
    if service.serves in ("anyone", "residents_or_place") or (lives and there):
        return "yes"
    if service.serves == "place":
        return "yes" if there else "no"
    if service.serves == "residents":
        return "yes" if lives else "no" if person.home.is_known else "ask_where_they_live"
    if lives:
        return "ask_happened_elsewhere"
    return "ask_lives_elsewhere" if person.home.is_known else "ask_where_they_live"
