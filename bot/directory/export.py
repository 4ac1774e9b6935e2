"""How do other directories read ours? Services as Open Referral HSDS 3 objects, on which Open Referral UK builds."""

from __future__ import annotations

import uuid
from typing import Any

from bot.directory.catalogue import Directory
from bot.directory.record import Service

_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:haven:directory")
_SHUT = "Not open, or not known, on bank holidays in England."


def export_services(directory: Directory) -> list[dict[str, Any]]:
    """Every service that the public may be given, one HSDS `service` object each; the same data gives the same ids."""
    return [_service(directory, service) for service in directory.services.values() if service.public_contact]


def _service(directory: Directory, service: Service) -> dict[str, Any]:
    low, _, high = service.ages.replace("+", "-").partition("-")
    found: dict[str, Any] = {
        "id": _id("service", service.id),
        "name": service.name,
        "description": "; ".join(service.offers),
        "status": "active",
        "eligibility_description": service.for_whom,
        "organization": {
            "id": _id("organization", service.provider),
            "name": service.provider,
            "description": service.provider,
        },
        "phones": _phones(service),
        "schedules": _schedules(service),
        "service_areas": [
            {"id": _id("area", service.id, area), "name": _area_name(directory, area)} for area in service.areas
        ],
    }
    optional: dict[str, Any] = {
        "url": f"https://{service.web}" if service.web and "://" not in service.web else service.web,
        "email": service.email,
        "minimum_age": int(low) if low.isdigit() else None,
        "maximum_age": int(high) if high.isdigit() else None,
        "assured_date": service.last_checked.isoformat() if service.last_checked else None,
        "alert": None if not service.verify_before_use else f"Not yet checked by a person (confidence {service.confidence}).",
    }
    return found | {name: value for name, value in optional.items() if value is not None}


def _phones(service: Service) -> list[dict[str, str]]:
    numbers = [("voice", service.phone), ("text", service.sms)]
    return [
        {"id": _id("phone", service.id, kind), "number": number, "type": kind} for kind, number in numbers if number
    ]


def _schedules(service: Service) -> list[dict[str, str]]:
    """Weekly spans in London's local time; HSDS has only a fixed UTC offset, which would be wrong half the year."""
    hours = service.hours
    notes = {} if hours.bank_holidays == "open" else {"notes": _SHUT}
    if hours.rule == "always":
        return [{"id": _id("schedule", service.id), "description": "24 hours, every day (Europe/London)", **notes}]
    if hours.rule == "complement_of":
        other = f"Whenever the service {hours.of} is closed (Europe/London)"
        return [{"id": _id("schedule", service.id), "description": other}]
    return [
        {
            "id": _id("schedule", service.id, str(number)),
            "freq": "WEEKLY",
            "byday": ",".join(day[:2].upper() for day in span.days),
            "opens_at": span.open,
            "closes_at": span.close,
            "description": "Local time, Europe/London",
            **notes,
        }
        for number, span in enumerate(hours.weekly)
    ]


def _area_name(directory: Directory, area: str) -> str:
    atlas = directory.atlas
    if area in atlas.groups:
        return atlas.groups[area].name
    return atlas.authorities[area].name if area in atlas.authorities else "United Kingdom or England and Wales"


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_OURS, "/".join(parts)))
