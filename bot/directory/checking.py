"""Is the directory fit to be used today? Every fault an operator can mend, in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.directory.bank_holidays import COVERED_YEARS
from bot.directory.catalogue import Directory
from bot.directory.record import Address, Service

#: A number checked longer ago than this is due to be checked again; a change this near is announced.
CHECK_AGAIN_AFTER, ANNOUNCE_BEFORE = dt.timedelta(days=365), dt.timedelta(days=60)
_HOLIDAYS_AHEAD = dt.timedelta(days=183)
#: Lines that other parts name without asking, so they must be there.
_NEEDED = ("emergency_999", "police_101", "samaritans", "victim_support_supportline", "childline", "true_vision")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")
_WEBHOOK = re.compile(r"https://\S+|http://(?:127\.0\.0\.1|localhost)[:/]\S*")


@dataclass(frozen=True)
class Problem:
    """`level` error: must be mended before use. warning: somebody should look. `where` is a service id or a file."""

    level: Literal["error", "warning"]
    where: str
    words: str


def check(directory: Directory, today: dt.date) -> list[Problem]:
    """Everything that is wrong or soon will be, errors first."""
    found = [*_links(directory), *_hours(directory, today), *_areas(directory), *_freshness(directory, today)]
    return sorted(found, key=lambda problem: (problem.level != "error", problem.where))


def _links(directory: Directory) -> Iterator[Problem]:
    services, areas = directory.services, {"national", *directory.atlas.groups, *directory.atlas.authorities}
    for needed in _NEEDED:
        if needed not in services:
            yield Problem("error", needed, "this service must be in the directory: other parts rely on it")
    for service in services.values():
        for other in service.out_of_hours_fallback:
            if other not in services:
                yield Problem("error", service.id, f"out_of_hours_fallback names an unknown service: {other}")
            elif not services[other].public_contact:
                yield Problem("error", service.id, f"out_of_hours_fallback: {other} has no public contact")
        for area in [*service.areas, *service.by_authority]:
            if area not in areas:
                yield Problem("error", service.id, f"unknown area: {area}")
        if not service.sources:
            yield Problem("error", service.id, "no source says any of this")
        yield from _addresses(service)
    for signal, route in directory.signals.items():
        by_area = route.by_area or {}
        for area in by_area:
            if area not in areas:
                yield Problem("error", "routes.yml", f"{signal}: unknown area: {area}")
        for named in [*route.first, *route.under_18, *route.also, *(one for ids in by_area.values() for one in ids)]:
            if named not in services:
                yield Problem("error", "routes.yml", f"{signal}: unknown service: {named}")
            elif not services[named].public_contact:
                yield Problem("error", "routes.yml", f"{signal}: {named} has no public contact")


def _addresses(service: Service) -> Iterator[Problem]:
    named: dict[str, Address] = {"referral": service.referral, **service.team_addresses}
    for team in service.team_addresses:
        if team not in service.teams:
            yield Problem("error", service.id, f"team_addresses names an unknown team: {team}")
    for name, address in named.items():
        if address.email and not _EMAIL.fullmatch(address.email):
            yield Problem("error", service.id, f"{name}: email is not an e-mail address")
        if address.webhook and not _WEBHOOK.fullmatch(address.webhook):
            yield Problem("error", service.id, f"{name}: webhook must begin with https:// (http only on this machine)")
    if not service.takes_referrals and any(a.email or a.webhook for a in named.values()):
        yield Problem("error", service.id, "has an address for referrals but takes_referrals is not true")


def _hours(directory: Directory, today: dt.date) -> Iterator[Problem]:
    for service in directory.services.values():
        hours = service.hours
        if (hours.rule == "weekly") != bool(hours.weekly):
            yield Problem("error", service.id, "hours: rule weekly and a list of weekly spans belong together")
        if hours.rule == "complement_of" and directory.services[hours.of or ""].hours.rule != "weekly":
            yield Problem("error", service.id, f"hours: {hours.of} has no weekly hours to be the other side of")
        for span in hours.weekly:
            if span.open == span.close:
                yield Problem("error", service.id, f"hours: opens and closes at {span.open}")
        for closure in hours.closures:
            if closure.last < closure.first:
                yield Problem("error", service.id, f"closures: ends {closure.last}, before it begins")
        if service.public_contact and service.kind != "emergency" and not _reaches_always(directory, service):
            yield Problem("warning", service.id, "nobody is offered round the clock when this service is shut")
    if today.year not in COVERED_YEARS:
        yield Problem("error", "bank_holidays.py", f"bank holidays of {today.year} are not known: nothing is open")
    elif (today + _HOLIDAYS_AHEAD).year not in COVERED_YEARS:
        yield Problem("warning", "bank_holidays.py", f"bank holidays end with {COVERED_YEARS[-1]}: add the next year")


def _reaches_always(directory: Directory, service: Service) -> bool:
    seen: set[str] = set()
    waiting = [service.id]
    while waiting:
        one = directory.services.get(waiting.pop())
        if one is None or one.id in seen:
            continue
        seen.add(one.id)
        if one.hours.rule == "always" and one.has_contact:
            return True
        waiting += one.out_of_hours_fallback
    return False


def _areas(directory: Directory) -> Iterator[Problem]:
    atlas = directory.atlas
    for group in atlas.groups.values():
        for member in group.members:
            if member not in atlas.authorities:
                yield Problem("error", "areas.yml", f"{group.id}: unknown council: {member}")
    for code, shares in atlas.shares.items():
        if abs(sum(shares.values()) - 1) > 0.01:
            yield Problem("error", "postcodes.csv", f"{code}: shares add up to {sum(shares.values()):.3f}, not 1")
    for place in atlas.places:
        if place.authority and place.authority not in atlas.authorities:
            yield Problem("error", "places.yml", f"{place.name}: unknown council: {place.authority}")
        elif place.outcode and place.authority not in atlas.shares.get(place.outcode, {}):
            yield Problem("error", "places.yml", f"{place.name}: {place.outcode} has no share in {place.authority}")


def _freshness(directory: Directory, today: dt.date) -> Iterator[Problem]:
    for service in directory.services.values():
        if not service.is_checked:
            yield Problem("warning", service.id, f"not yet checked by a person (confidence {service.confidence})")
        elif service.last_checked and service.last_checked > today:
            yield Problem("error", service.id, f"last_checked {service.last_checked} is in the future")
        elif service.last_checked and today - service.last_checked > CHECK_AGAIN_AFTER:
            yield Problem("warning", service.id, f"last checked {service.last_checked}: ring it again")
        if service.public_contact and not service.has_contact and not service.by_authority:
            yield Problem("warning", service.id, "has no number, text line or web address to give")
        for change in service.changes_ahead:
            if change.earliest - ANNOUNCE_BEFORE <= today:
                yield Problem("warning", service.id, f"{change.when}: {change.what}")
    for change in directory.atlas.changes_ahead:
        if change.earliest - ANNOUNCE_BEFORE <= today:
            yield Problem("warning", "areas.yml", f"{change.when}: {change.what}")
