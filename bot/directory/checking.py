"""Is the directory fit to be used today? Every fault an operator can mend, in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import shortnumberinfo

from bot.directory.bank_holidays import COVERED_YEARS
from bot.directory.catalogue import Directory, DirectoryError
from bot.directory.record import Address, Service

#: A change, or the end of a check, this near is announced.
ANNOUNCE_BEFORE = dt.timedelta(days=60)
_HOLIDAYS_AHEAD = dt.timedelta(days=183)
#: Lines that other parts name without asking, so they must be there.
_NEEDED = ("emergency_999", "police_101", "samaritans", "victim_support_supportline", "childline", "true_vision")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")
_WEBHOOK = re.compile(r"https://\S+|http://(?:127\.0\.0\.1|localhost)[:/]\S*")
_WEB = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_NUMBER = re.compile(r"\b0\d[\d ]{7,}\d\b")
#: One number for many: the police of every area, and the emergency number by voice and by text.
_SHARED = ("emergency", "police")


@dataclass(frozen=True)
class Problem:
    """`level` error: must be mended before use. warning: somebody should look.

    `where` is a service id or a file, `field` the field or part of it that is wrong ("" for the whole).
    """

    level: Literal["error", "warning"]
    where: str
    field: str
    words: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.field, self.words) if part)


def check(directory: Directory, today: dt.date) -> list[Problem]:
    """Everything that is wrong or soon will be, errors first."""
    on_the_day = directory.on(today)
    found = [
        *_links(on_the_day),
        *_contacts(on_the_day),
        *_hours(on_the_day, today),
        *_areas(on_the_day),
        *_freshness(on_the_day, today),
    ]
    return sorted(found, key=lambda problem: (problem.level != "error", problem.where))


def refuse_errors(directory: Directory, today: dt.date) -> None:
    """Raise DirectoryError, naming entry and field, when the directory has an error that day."""
    errors = [str(problem) for problem in check(directory, today) if problem.level == "error"]
    if errors:
        raise DirectoryError("the directory cannot be used: " + "; ".join(errors))


def _links(directory: Directory) -> Iterator[Problem]:
    services, areas = directory.services, {"national", *directory.atlas.groups, *directory.atlas.authorities}
    for needed in _NEEDED:
        if needed not in services:
            yield Problem("error", needed, "", "this service must be in the directory: other parts rely on it")
    for service in services.values():
        if service.public_contact and service.kind != "emergency" and not service.out_of_hours_fallback:
            yield Problem("error", service.id, "out_of_hours_fallback", "nobody is offered when this service is shut")
        for other in service.out_of_hours_fallback:
            if other not in services:
                yield Problem("error", service.id, "out_of_hours_fallback", f"unknown service: {other}")
            elif not services[other].public_contact:
                yield Problem("error", service.id, "out_of_hours_fallback", f"{other} has no public contact")
        for name, held in (("areas", service.areas), ("by_authority", tuple(service.by_authority))):
            for area in held:
                if area not in areas:
                    yield Problem("error", service.id, name, f"unknown area: {area}")
        for name, prose in (("offers", " ".join(service.offers)), ("for_whom", service.for_whom)):
            if _NUMBER.search(prose):
                yield Problem("error", service.id, name, "a telephone number in prose cannot be withheld: take it out")
        if not service.sources:
            yield Problem("error", service.id, "sources", "no source says any of this")
        yield from _addresses(service)
    for signal, route in directory.signals.items():
        by_area = route.by_area or {}
        for area in by_area:
            if area not in areas:
                yield Problem("error", "routes.yml", signal, f"unknown area: {area}")
        for named in [*route.first, *route.under_18, *route.also, *(one for ids in by_area.values() for one in ids)]:
            if named not in services:
                yield Problem("error", "routes.yml", signal, f"unknown service: {named}")
            elif not services[named].public_contact:
                yield Problem("error", "routes.yml", signal, f"{named} has no public contact")


def _addresses(service: Service) -> Iterator[Problem]:
    named: dict[str, Address] = {"referral": service.referral}
    named |= {f"team_addresses.{team}": address for team, address in service.team_addresses.items()}
    for team in service.team_addresses:
        if team not in service.teams:
            yield Problem("error", service.id, "team_addresses", f"unknown team: {team}")
    for name, address in named.items():
        if address.email and not _EMAIL.fullmatch(address.email):
            yield Problem("error", service.id, f"{name}.email", "not an e-mail address")
        if address.webhook and not _WEBHOOK.fullmatch(address.webhook):
            yield Problem(
                "error", service.id, f"{name}.webhook", "must begin with https:// (http only on this machine)"
            )
    if not service.takes_referrals and any(a.email or a.webhook for a in named.values()):
        yield Problem("error", service.id, "referral", "has an address for referrals but takes_referrals is not true")


def _contacts(directory: Directory) -> Iterator[Problem]:
    """Numbers that nobody can dial, addresses that nobody can open, and one number under the names of two providers."""
    owners: dict[str, Service] = {}
    for service in directory.services.values():
        local = {f"by_authority.{area}.phone": one.phone for area, one in service.by_authority.items()}
        numbers = {"phone": service.phone, "sms": service.sms, **local}
        for name, written in numbers.items():
            if not written:
                continue
            number = re.sub(r"\D", "", written.rpartition(" to ")[2])
            if not _is_dialable(number):
                yield Problem("error", service.id, name, f"'{written}' is not a number that can be dialled in England")
            first = owners.setdefault(number, service)
            if first.provider != service.provider and not {first.kind, service.kind} <= set(_SHARED):
                yield Problem("error", service.id, name, f"'{written}' is the number of {first.id} as well")
        if service.email and not _EMAIL.fullmatch(service.email):
            yield Problem("error", service.id, "email", f"'{service.email}' is not an e-mail address")
        if service.web and not _WEB.fullmatch(service.web):
            yield Problem("error", service.id, "web", f"'{service.web}' is not a web address")
        if service.public_contact and not service.has_contact and not service.by_authority:
            yield Problem("warning", service.id, "phone", "no number, text line or web address to give")


def _is_dialable(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) or shortnumberinfo.is_valid_short_number_for_region(parsed, "GB")


def _hours(directory: Directory, today: dt.date) -> Iterator[Problem]:
    for service in directory.services.values():
        hours = service.hours
        if (hours.rule == "weekly") != bool(hours.weekly):
            yield Problem("error", service.id, "hours.weekly", "rule weekly and a list of weekly spans belong together")
        if hours.rule == "complement_of" and directory.services[hours.of or ""].hours.rule != "weekly":
            yield Problem("error", service.id, "hours.of", f"{hours.of} has no weekly hours to be the other side of")
        for span in hours.weekly:
            if span.open == span.close:
                yield Problem("error", service.id, "hours.weekly", f"opens and closes at {span.open}")
            if not span.days:
                yield Problem("error", service.id, "hours.weekly", f"{span.open}-{span.close} names no day")
        for closure in hours.closures:
            if closure.last < closure.first:
                yield Problem("error", service.id, "hours.closures", f"ends {closure.last}, before it begins")
        for one in hours.special:
            if one.open == one.close:
                yield Problem("error", service.id, "hours.special", f"{one.date} opens and closes at {one.open}")
            if any(closure.first <= one.date <= closure.last for closure in hours.closures):
                yield Problem(
                    "warning", service.id, "hours.special", f"{one.date} is in a closure, which counts for more"
                )
        if service.public_contact and service.kind != "emergency" and not _reaches_always(directory, service):
            words = "none of them, nor theirs in turn, is there round the clock"
            yield Problem("error", service.id, "out_of_hours_fallback", words)
    if today.year not in COVERED_YEARS:
        yield Problem("error", "bank_holidays.py", "", f"bank holidays of {today.year} are not known: nothing is open")
    elif (today + _HOLIDAYS_AHEAD).year not in COVERED_YEARS:
        words = f"bank holidays end with {COVERED_YEARS[-1]}: add the next year"
        yield Problem("warning", "bank_holidays.py", "", words)


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
                yield Problem("error", "areas.yml", group.id, f"unknown council: {member}")
    for code, shares in atlas.shares.items():
        if abs(sum(shares.values()) - 1) > 0.01:
            yield Problem("error", "postcodes.csv", code, f"shares add up to {sum(shares.values()):.3f}, not 1")
    for place in atlas.places:
        if place.authority and place.authority not in atlas.authorities:
            yield Problem("error", "places.yml", place.name, f"unknown council: {place.authority}")
        elif place.outcode and place.authority not in atlas.shares.get(place.outcode, {}):
            yield Problem("error", "places.yml", place.name, f"{place.outcode} has no share in {place.authority}")


def _freshness(directory: Directory, today: dt.date) -> Iterator[Problem]:
    for service in directory.services.values():
        yield from _dates(service, today)
        until = service.relied_until
        if service.last_checked and service.last_checked > today:
            yield Problem("error", service.id, "last_checked", f"{service.last_checked} is in the future")
        elif until and until < today:
            words = f"the check of {service.last_checked} held until {until}: check it again and write the day down"
            yield Problem("error", service.id, "check_by", words)
        elif until and until - ANNOUNCE_BEFORE <= today:
            yield Problem("warning", service.id, "check_by", f"check it again by {until}")
        elif not until and service.verify_before_use:
            due = f"; due by {service.check_by}" if service.check_by else ""
            words = f"not yet checked by a person (confidence {service.confidence}){due}"
            yield Problem("warning", service.id, "last_checked", words)
        elif not until and service.check_by and service.check_by < today:
            yield Problem("warning", service.id, "check_by", f"was to be looked at by {service.check_by}")
        for change in service.changes_ahead:
            if change.earliest - ANNOUNCE_BEFORE <= today and not change.then:
                yield Problem("warning", service.id, "changes_ahead", f"{change.when}: {change.what}")
        for alert in service.alerts:
            if alert.last and alert.last < today:
                yield Problem("warning", service.id, "alerts", f"ended {alert.last}: take it out")
    for change in directory.atlas.changes_ahead:
        if change.earliest - ANNOUNCE_BEFORE <= today:
            yield Problem("warning", "areas.yml", "changes_ahead", f"{change.when}: {change.what}")


def _dates(service: Service, today: dt.date) -> Iterator[Problem]:
    if service.valid_from and service.valid_to and service.valid_to < service.valid_from:
        yield Problem("error", service.id, "valid_to", f"{service.valid_to} is before valid_from {service.valid_from}")
    elif service.valid_to and service.valid_to < today:
        words = f"ended {service.valid_to}: say who follows (changes_ahead, then) or take it out everywhere"
        yield Problem("error", service.id, "valid_to", words)
    elif service.valid_to and service.valid_to - ANNOUNCE_BEFORE <= today:
        yield Problem("warning", service.id, "valid_to", f"ends {service.valid_to}: say who follows")
    if service.check_by and service.last_checked and service.check_by < service.last_checked:
        words = f"{service.check_by} is before last_checked {service.last_checked}"
        yield Problem("error", service.id, "check_by", words)
    for alert in service.alerts:
        if alert.last and alert.last < alert.first:
            yield Problem("error", service.id, "alerts", f"ends {alert.last}, before it begins")
