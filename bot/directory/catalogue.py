"""Which services does this house know, and where do they serve? The Directory, read once and never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError, parse_obj_as
from pydantic.dataclasses import dataclass as checked

from bot.directory.area import AreaMatch, find_area
from bot.directory.atlas import HERE, SAFE, Atlas, CaseReview, load_atlas
from bot.directory.bank_holidays import Announced
from bot.directory.hours import Opening, Timetable, next_open, timetable, within
from bot.directory.record import LocalContact, Service, State

_NO_CONTACT: dict[str, Any] = {"phone": None, "sms": None, "email": None, "web": None, "by_authority": {}}


class DirectoryError(ValueError):
    """The directory's files cannot be used; the words say which block and why."""


class _Strict:
    extra = "forbid"


@checked(frozen=True, config=_Strict)
class SignalRoute:
    """Contacts for one safety signal, in order; `never` names what must not be offered with it."""

    first: tuple[str, ...]
    under_18: tuple[str, ...] = ()
    by_area: Mapping[str, tuple[str, ...]] | None = None
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Directory:
    """Services, areas and safety routes. Everything here is data; no method reads a clock, a file or a network.

    Two directories are the same only when they are one object, so that what is made from one may be kept for it.
    `withheld` are the ids of services whose contact is known but not given, because no check of it holds.
    """

    services: Mapping[str, Service]
    signals: Mapping[str, SignalRoute]
    atlas: Atlas
    withheld: frozenset[str] = frozenset()
    #: Bank holidays announced after the list of their year was made.
    announced: frozenset[dt.date] = frozenset()

    def service(self, service_id: str) -> Service:
        """The service of that id. Raises KeyError, in words, when there is none."""
        if service_id not in self.services:
            raise KeyError(f"no such service: {service_id}")
        return self.services[service_id]

    def find_area(self, text: str, lenient: bool = False) -> AreaMatch | None:
        """The area a text names, or None. `lenient`: the text answers "where" (see bot.directory.area)."""
        return find_area(self.atlas, text, lenient)

    def opening(self, service_id: str, at: dt.datetime) -> Opening:
        """Its state at an aware instant, and when that changes. A service not yet or no longer valid is closed."""
        return self._timetables[self.service(service_id).id].at(at)

    def state(self, service_id: str, at: dt.datetime) -> State:
        """Its state alone at an aware instant, as `opening` says it."""
        return self._timetables[self.service(service_id).id].state(at)

    def next_opening(self, service_id: str, at: dt.datetime) -> dt.datetime | None:
        """The first instant (UTC) from `at` on when it is known to be open; `at` itself when it is open now."""
        return next_open(self._timetables[self.service(service_id).id], at)

    def covers(self, service: Service, authority: str | None, group: str | None) -> bool:
        """True when the service works in that council or group of councils."""
        areas = self.atlas.areas_of(authority, group)
        return "national" in service.areas or any(area in areas for area in service.areas)

    def council(self, authority: str | None, group: str | None) -> Service | None:
        """The council's own ASB service: the one for this council alone before the one for the whole area."""
        areas = self.atlas.areas_of(authority, group)
        found = [s for s in self.services.values() if s.kind == "council" and any(area in areas for area in s.areas)]
        return min(found, key=lambda s: areas.index(next(a for a in areas if a in s.areas)), default=None)

    def police(self, group: str | None) -> Service:
        """The police force of an area, or 101 elsewhere."""
        forces = (s for s in self.services.values() if s.kind == "police" and group in s.areas)
        return next(forces, self.service("police_101"))

    def local_contact(self, service: Service, authority: str | None) -> LocalContact | None:
        """A council's own number inside a service that stands for many councils, where one is known."""
        return service.by_authority.get(authority or "")

    def case_review(self, authority: str | None, group: str | None) -> CaseReview | None:
        """When a case review may be asked for there: the council's own line, else its area's, else None (ask)."""
        areas = self.atlas.areas_of(authority, group)
        return next((self.atlas.case_reviews[area] for area in areas if area in self.atlas.case_reviews), None)

    def on(self, day: dt.date) -> Directory:
        """The same directory as it stands that day: changes of provider, name or number that have come are made."""
        return replace(self, services={one.id: _changed(one, day) for one in self.services.values()})

    def without_unchecked(self, day: dt.date) -> Directory:
        """The directory of that day with the contact details withheld wherever no check by a person holds."""
        today = self.on(day)
        doubtful = {one.id: one for one in today.services.values() if not one.is_relied_on(day)}
        bare = {name: replace(one, **_NO_CONTACT) for name, one in doubtful.items()}
        withheld = frozenset(name for name, one in doubtful.items() if one.has_contact or one.by_authority)
        return replace(today, services={**today.services, **bare}, withheld=withheld)

    @cached_property
    def _timetables(self) -> dict[str, Timetable]:
        return {
            one.id: timetable(within(one.hours, one.valid_from, one.valid_to), self.services, self.announced)
            for one in self.services.values()
        }


@lru_cache(maxsize=8)
def load_directory(overrides: Path | None = None) -> Directory:
    """The directory, with an operator's own file (services.local.yml) laid over it when that file exists, and with
    the operator's own postcode tables when they lie beside that file.

    Each block under `services:` in that file replaces the named fields of a known service, or adds a whole new one;
    `bank_holidays:` lists days announced of late, each with its date, name and source.
    Raises DirectoryError with every block that cannot be used.
    """
    blocks = {block["id"]: block for block in _read(HERE / "services.yml")["services"]}
    announced: frozenset[dt.date] = frozenset()
    if overrides is not None and overrides.exists():
        laid_over = _read(overrides)
        local = laid_over.get("services", {})
        try:
            announced = frozenset(one.date for one in parse_obj_as(list[Announced], laid_over.get("bank_holidays", [])))
        except ValidationError as error:
            raise DirectoryError(f"{overrides.name}: bank_holidays: {' '.join(str(error).split())}") from error
        if not isinstance(local, dict):
            raise DirectoryError(f"{overrides.name}: services: must be a list of ids, each with its fields")
        for service_id, changed in local.items():
            blocks[service_id] = _overlaid(blocks.get(service_id, {}), {"id": service_id, **(changed or {})})
    signals = parse_obj_as(dict[str, SignalRoute], _read(HERE / "routes.yml")["signals"])
    try:
        atlas = load_atlas(overrides.parent if overrides else None)
    except ValueError as error:
        raise DirectoryError(str(error)) from error
    return replace(build_directory(blocks, signals, atlas), announced=announced)


def _overlaid(block: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """A block with an operator's fields laid over it. How long a new check holds is theirs to say, not ours."""
    fresh = {"check_by": None} if "last_checked" in changed else {}
    return {**block, **fresh, **changed}


def build_directory(
    blocks: Mapping[str, Mapping[str, Any]], signals: Mapping[str, SignalRoute], atlas: Atlas | None = None
) -> Directory:
    """A directory from raw blocks, in the shipped atlas unless another is given.

    Raises DirectoryError naming every field that is wrong, and every missing link.
    """
    services: dict[str, Service] = {}
    wrong: list[str] = []
    for service_id, block in blocks.items():
        try:
            services[service_id] = _parse(block)
            _changed(services[service_id], dt.date.max)
        except ValueError as error:
            wrong += [f"{service_id}: {words}" for words in str(error).split("; ")]
    for service in services.values():
        other = service.hours.of
        if service.hours.rule == "complement_of" and (other not in services or services[other].hours.of is not None):
            wrong.append(f"{service.id}: hours.of: '{other}' is not a service with hours of its own")
    if wrong:
        raise DirectoryError("; ".join(wrong))
    return Directory(services, signals, atlas or load_atlas())


def _changed(service: Service, day: dt.date) -> Service:
    """The service with the changes that have come. Only a check that a change brings along holds after it."""
    for change in sorted(service.changes_ahead, key=lambda change: change.earliest):
        if change.then and change.earliest <= day:
            ahead = tuple(one for one in service.changes_ahead if one.earliest > change.earliest)
            unsigned = {"last_checked": None, "checked_by": None, "check_by": None, "verify_before_use": True}
            service = _parse({**_as_block(service), **unsigned, "changes_ahead": ahead, **change.then})
    return service


def _as_block(service: Service) -> dict[str, Any]:
    return {one.name: getattr(service, one.name) for one in fields(Service)}


def _parse(block: Mapping[str, Any]) -> Service:
    """A service from a block. Raises ValueError with one line for each field that is wrong, its name first."""
    if misnamed := _misnamed(block):
        raise ValueError("; ".join(misnamed))
    try:
        return parse_obj_as(Service, block)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors()]
        raise ValueError("; ".join(wrong)) from None


def _misnamed(block: Mapping[str, Any]) -> list[str]:
    """Fields of a block that are not known, and those it must have and has not."""
    known = {one.name: one for one in fields(Service)}
    needed = [name for name, one in known.items() if one.default is MISSING and one.default_factory is MISSING]
    found = [f"{name}: no such field" for name in block if name not in known]
    return found + [f"{name}: is missing" for name in needed if name not in block]


def _read(path: Path) -> dict[str, Any]:
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE)  # noqa: S506  # the safe loader, in C
    except yaml.YAMLError as error:
        raise DirectoryError(f"{path.name} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(loaded, dict):
        raise DirectoryError(f"{path.name} does not hold a list of named parts")
    return loaded
