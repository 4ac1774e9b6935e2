"""How do other directories read ours? As Open Referral HSDS 3 objects, on which Open Referral UK builds."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.directory.catalogue import Directory
from bot.directory.checking import ANNOUNCE_BEFORE
from bot.directory.record import Service
from bot.directory.schedules import schedules, words

Record = dict[str, Any]

_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:haven:directory")
#: A telephone number inside prose. A number belongs where it can be withheld, so prose is given without.
_NUMBER = re.compile(r"[ (]*\b0\d[\d ]{7,}\d\b\)?")
_TEXT_WORD = re.compile(r"([A-Z]+) to (.+)")


@dataclass(frozen=True)
class Export:
    """What the public may be given, in the order of the directory. `services` are nested whole, by our own ids."""

    services: dict[str, Record]
    organizations: tuple[Record, ...]
    taxonomies: tuple[Record, ...]
    terms: tuple[Record, ...]


def export(directory: Directory, day: dt.date) -> Export:
    """The whole directory as it stands that day (London). The same data gives the same ids."""
    public = {one.id: one for one in directory.services.values() if one.public_contact}
    runs: dict[str, list[str]] = {}
    for service in public.values():
        runs.setdefault(service.provider, []).append(service.name)
    terms = {(list_, code): _term(list_, code) for list_, one in words()["taxonomies"].items() for code in one["terms"]}
    terms |= {("themes", code): _term("themes", code) for service in public.values() for code in service.themes}
    run_by = {provider: _organization(provider, names) for provider, names in runs.items()}
    return Export(
        services={one.id: _service(directory, one, run_by[one.provider], day) for one in public.values()},
        organizations=tuple(run_by.values()),
        taxonomies=tuple(
            {"id": _id("taxonomy", name), "name": one["name"], "description": one["description"]}
            for name, one in words()["taxonomies"].items()
        ),
        terms=tuple(terms.values()),
    )


def export_services(directory: Directory, day: dt.date) -> list[Record]:
    """Every service that the public may be given, one HSDS `service` object each."""
    return list(export(directory, day).services.values())


def _service(directory: Directory, service: Service, organization: Record, day: dt.date) -> Record:
    own = _id("service", service.id)
    low, _, high = service.ages.replace("+", "-").partition("-")
    police = words()["needs_police_report"][service.needs_police_report]
    found: Record = {
        "id": own,
        "organization_id": organization["id"],
        "name": service.name,
        "description": _prose("; ".join(service.offers)),
        "url": _address(service.web),
        "email": service.email,
        "status": _status(service, day),
        "application_process": " ".join(_application(directory, service)),
        "eligibility_description": " ".join(filter(None, (f"{_prose(service.for_whom)}.", police))),
        "minimum_age": int(low) if low.isdigit() else None,
        "maximum_age": int(high) if high.isdigit() else None,
        "assured_date": service.last_checked.isoformat() if service.last_checked else None,
        "alert": " ".join(_alerts(directory, service, day)),
        "organization": organization,
        "phones": _phones(service.phone, service.sms, service.contact_note, own),
        "contacts": list(_contacts(directory, service, own)),
        "schedules": [
            {"id": _id(own, "schedule", str(number)), "service_id": own, **one}
            for number, one in enumerate(schedules(service, directory.services, day, directory.announced))
        ],
        "service_areas": [_area(directory, service, area, own) for area in service.areas],
        "attributes": list(_attributes(service, day, own)),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _status(service: Service, day: dt.date) -> str:
    if service.valid_to and service.valid_to < day:
        return "defunct"
    if service.valid_from and service.valid_from > day:
        return "inactive"
    shut = any(closure.first <= day <= closure.last for closure in service.hours.closures)
    return "temporarily closed" if shut else "active"


def _alerts(directory: Directory, service: Service, day: dt.date) -> Iterator[str]:
    said = words()["alert"]
    if service.valid_to and service.valid_to < day:
        yield said["ended"].format(day=service.valid_to.isoformat())
    if service.valid_from and service.valid_from > day:
        yield said["begins"].format(day=service.valid_from.isoformat())
    yield from (alert.words for alert in service.alerts if alert.is_on(day))
    reliance = service.reliance(day)
    if reliance in ("unchecked", "expired"):
        withheld = service.id in directory.withheld
        yield said["withheld"].format(others=_others(directory, service, day)) if withheld else said[reliance]
    for change in service.changes_ahead:
        if change.earliest - ANNOUNCE_BEFORE <= day:
            yield f"{change.when}: {change.what}"


def _others(directory: Directory, service: Service, day: dt.date) -> str:
    """Names and numbers to turn to instead: only such as may be relied on; 999 alone when there is no other."""
    named = dict.fromkeys((*service.out_of_hours_fallback, "victim_support_supportline", "emergency_999"))
    listed = [directory.services[one] for one in named if one in directory.services]
    sure = [one for one in listed if one.has_contact and one.is_relied_on(day)]
    others = [one for one in sure if one.id != "emergency_999"] or sure
    return "; ".join(f"{one.name}, {one.phone or one.sms or one.web}" for one in others)


def _application(directory: Directory, service: Service) -> Iterator[str]:
    if service.contact_note:
        yield words()["notes"][service.contact_note]
    for area, local in service.by_authority.items():
        if local.web:
            yield words()["in_area"].format(area=_area_name(directory, area), web=_address(local.web)) + "."


def _phones(phone: str | None, sms: str | None, note: str | None, owner: str) -> list[Record]:
    found = []
    texted = _TEXT_WORD.fullmatch(sms or "")
    how = words()["notes"][note] if note else ""
    voice = "textphone" if note == "text_relay" else "voice"
    for kind, number in ((voice, phone), ("text", texted[2] if texted else sms)):
        if number:
            word = words()["text_word"].format(word=texted[1]) if texted and kind == "text" else ""
            one = {"id": _id(owner, "phone", kind), "number": number, "type": kind}
            found.append(one | ({"description": word or how} if word or how else {}))
    return found


def _contacts(directory: Directory, service: Service, own: str) -> Iterator[Record]:
    """The service's own desk, because Open Referral UK looks for numbers here alone, and each council's own."""
    reached = [(service.name, "", service.phone, service.sms, service.email, service.contact_note)]
    reached += [
        (_area_name(directory, area), area, local.phone, None, local.email, None)
        for area, local in service.by_authority.items()
    ]
    for name, area, phone, sms, email, note in reached:
        contact = _id(own, "contact", area)
        parts: Record = {"email": email, "phones": _phones(phone, sms, note, contact)}
        if any(parts.values()):
            held = {key: value for key, value in parts.items() if value}
            yield {"id": contact, "service_id": own, "name": name, **held}


def _area(directory: Directory, service: Service, area: str, own: str) -> Record:
    atlas = directory.atlas
    group = atlas.groups.get(area)
    members = [atlas.authorities[one] for one in (group.members if group else (area,)) if one in atlas.authorities]
    councils = words()["areas"]["councils"].format(councils=", ".join(one.name for one in members)) if group else ""
    found: Record = {
        "id": _id(own, "area", area),
        "service_id": own,
        "name": _area_name(directory, area),
        "description": " ".join(filter(None, (words()["serves"][service.serves], councils))),
    }
    if members:
        # the national codes of the councils: HSDS allows text where there is no polygon
        found |= {"extent": ",".join(one.lad_code for one in members), "extent_type": "text"}
    return {name: value for name, value in found.items() if value}


def _area_name(directory: Directory, area: str) -> str:
    atlas = directory.atlas
    if area in atlas.groups:
        return atlas.groups[area].name
    return str(atlas.authorities[area].name if area in atlas.authorities else words()["areas"]["national"])


def _attributes(service: Service, day: dt.date, own: str) -> Iterator[Record]:
    """What it helps with, and where what we say comes from: HSDS has no place for sources but these."""
    said = [("themes", theme, "") for theme in service.themes]
    values = [("source", ", ".join(filter(None, (one.url, one.date)))) for one in service.sources]
    values += [("confidence", service.confidence), ("reliance", service.reliance(day))]
    values += [("relied_until", until.isoformat())] if (until := service.relied_until) else []
    values += [("alternative", _id("service", other)) for other in service.out_of_hours_fallback]
    said += [("provenance", term, value) for term, value in values]
    for list_, code, value in said:
        term = _term(list_, code)
        one = {
            "id": _id(own, "attribute", list_, code, value),
            "link_id": own,
            "link_entity": "service",
            "link_type": list_,
            "taxonomy_term_id": term["id"],
            "taxonomy_term": term,
        }
        yield one | ({"value": value} if value else {})


def _term(list_: str, code: str) -> Record:
    taxonomy = words()["taxonomies"][list_]
    # an operator's own theme has no words of ours, and is given all the same
    name, description = taxonomy["terms"].get(code, [code.replace("_", " ")] * 2)
    return {
        "id": _id("term", list_, code),
        "code": code,
        "name": name,
        "description": description,
        "taxonomy": taxonomy["name"],
        "taxonomy_id": _id("taxonomy", list_),
        "language": "en",
    }


def _organization(provider: str, services: list[str]) -> Record:
    return {"id": _id("organization", provider), "name": provider, "description": f"Runs {', '.join(services)}"}


def _prose(text: str) -> str:
    return _NUMBER.sub("", text)


def _address(web: str | None) -> str | None:
    return web if not web or "://" in web else f"https://{web}"


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_OURS, "/".join(parts)))
