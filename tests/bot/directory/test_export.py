"""The directory as other systems read it: the required fields, types, lists of values and formats of HSDS 3.0."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.clock import LONDON
from bot.directory import Directory, load_directory
from bot.directory.command import run_export
from bot.directory.export import Export, export, export_services
from bot.directory.record import Alert, Change, Closure, Hours, Service, Span, Special

DAY = dt.date(2026, 11, 20)

#: Written out from the specification: what each object must have, and what each field may be.
REQUIRED = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "phones": {"id", "number"},
    "contacts": {"id"},
    "schedules": {"id"},
    "service_areas": {"id"},
    "attributes": {"id"},
    "taxonomy_term": {"id", "name", "description"},
}
ALLOWED = {
    "service": {
        "id", "organization_id", "name", "alternate_name", "description", "url", "email", "status",
        "interpretation_services", "application_process", "fees_description", "wait_time", "fees", "accreditations",
        "eligibility_description", "minimum_age", "maximum_age", "assured_date", "assurer_email", "licenses", "alert",
        "last_modified", "phones", "schedules", "service_areas", "service_at_locations", "languages", "organization",
        "funding", "cost_options", "program", "required_documents", "contacts", "attributes", "metadata",
    },
    "organization": {"id", "name", "alternate_name", "description", "email", "website", "services"},
    "phones": {"id", "service_id", "contact_id", "number", "extension", "type", "description", "languages"},
    "contacts": {"id", "service_id", "name", "title", "department", "email", "phones"},
    "schedules": {
        "id", "service_id", "valid_from", "valid_to", "freq", "interval", "byday", "description", "opens_at",
        "closes_at", "notes",
    },
    "service_areas": {"id", "service_id", "name", "description", "extent", "extent_type", "uri"},
    "attributes": {"id", "link_id", "taxonomy_term_id", "link_type", "link_entity", "value", "taxonomy_term"},
    "taxonomy_term": {
        "id", "code", "name", "description", "parent_id", "taxonomy", "taxonomy_detail", "language", "taxonomy_id",
        "term_uri",
    },
}  # fmt: skip
VALUES = {
    "status": {"active", "inactive", "defunct", "temporarily closed"},
    "freq": {"WEEKLY", "MONTHLY"},
    "type": {"text", "voice", "fax", "cell", "video", "pager", "textphone"},
    "extent_type": {"geojson", "topojson", "kml", "text"},
}
NUMBERS = {"minimum_age", "maximum_age"}
DATES = {"assured_date", "valid_from", "valid_to"}
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
BYDAY = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*")


def faults(kind: str, found: dict[str, Any]) -> Iterator[str]:
    """What is against the specification in one object and in those inside it."""
    for field in REQUIRED[kind] - set(found):
        yield f"{kind}: {field} is missing"
    for field in set(found) - ALLOWED[kind]:
        yield f"{kind}: {field} is not a field"
    for field, value in found.items():
        if field in REQUIRED:
            for inner in value if isinstance(value, list) else [value]:
                yield from faults(field, inner)
        elif field in NUMBERS:
            if type(value) is not int:
                yield f"{kind}: {field} is not a number"
        elif not isinstance(value, str) or not value or (problem(field, value)):
            yield f"{kind}: {field} = {value!r}"


def problem(field: str, value: str) -> bool:
    if field == "id" or field.endswith("_id"):
        return str(uuid.UUID(value)) != value
    if field in VALUES:
        return value not in VALUES[field]
    if field in DATES:
        return dt.date.fromisoformat(value).isoformat() != value
    if field in ("opens_at", "closes_at"):
        return not TIME.fullmatch(value)
    if field == "byday":
        return not BYDAY.fullmatch(value)
    if field == "url":
        return urlsplit(value).scheme not in ("http", "https") or "." not in urlsplit(value).netloc
    return field == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory().on(DAY)


@pytest.fixture(scope="module")
def made(directory: Directory) -> Export:
    return export(directory, DAY)


def one(directory: Directory, service_id: str, day: dt.date = DAY, **changed: Any) -> dict[str, Any]:
    """One service of a directory in which some of its fields are different."""
    service = replace(directory.service(service_id), **changed)
    return export(replace(directory, services={**directory.services, service_id: service}), day).services[service_id]


def values(service: dict[str, Any], code: str) -> list[str]:
    return [it.get("value", "") for it in service["attributes"] if it["taxonomy_term"]["code"] == code]


@pytest.mark.parametrize("careful", [False, True])
def test_every_service_keeps_to_the_specification(careful: bool) -> None:
    known = load_directory()
    found = export(known.without_unchecked(DAY) if careful else known.on(DAY), DAY)
    assert len(found.services) == sum(service.public_contact for service in known.services.values())
    assert not [words for service in found.services.values() for words in faults("service", service)]
    assert not [words for organization in found.organizations for words in faults("organization", organization)]
    assert not [words for term in found.terms for words in faults("taxonomy_term", term)]


def test_a_fault_would_be_found() -> None:
    wrong = {"id": "1", "name": "", "status": "open", "colour": "red", "minimum_age": "4", "schedules": [{"freq": "x"}]}
    with pytest.raises(ValueError, match="UUID"):
        list(faults("service", wrong))
    found = list(faults("service", {**wrong, "id": str(uuid.uuid4())}))
    assert sorted(words.split(" ")[1] for words in found) == ["colour", "freq", "id", "minimum_age", "name", "status"]


def test_ids_are_steady_and_each_stands_for_one_thing(made: Export) -> None:
    again = export(load_directory().on(DAY), DAY)
    assert again == made
    seen: dict[str, str] = {}
    for service in made.services.values():
        inner = [it for name in ("phones", "contacts", "schedules", "service_areas") for it in service.get(name, ())]
        inner += [phone for contact in service.get("contacts", ()) for phone in contact.get("phones", ())]
        for it in [service, *inner, *service["attributes"]]:
            assert seen.setdefault(it["id"], json.dumps(it)) == json.dumps(it)
    assert len({service["id"] for service in made.services.values()}) == len(made.services)
    runs = {organization["id"] for organization in made.organizations}
    assert {service["organization_id"] for service in made.services.values()} == runs
    terms = {term["id"]: term for term in made.terms}
    used = [it["taxonomy_term"] for service in made.services.values() for it in service["attributes"]]
    assert all(terms[term["id"]] == term for term in used)
    assert {term["taxonomy_id"] for term in made.terms} == {taxonomy["id"] for taxonomy in made.taxonomies}


def test_whoever_is_not_for_the_public_is_left_out(made: Export, directory: Directory) -> None:
    hidden = directory.service("beacon_safeguarding_hub")
    assert not hidden.public_contact
    assert hidden.id not in made.services
    assert hidden.name not in str(made)
    assert hidden.provider not in str(made)


def test_a_service_with_weekly_hours(made: Export) -> None:
    harmony = made.services["harmony"]
    assert harmony["phones"] == [{"id": harmony["phones"][0]["id"], "number": "0330 1757 258", "type": "voice"}]
    assert harmony["contacts"][0]["phones"][0]["number"] == "0330 1757 258"
    (week,) = harmony["schedules"]
    assert (week["freq"], week["byday"]) == ("WEEKLY", "MO,TU,WE,TH,FR")
    assert (week["opens_at"], week["closes_at"]) == ("09:00", "17:00")
    assert "Europe/London" in week["description"]
    assert "timezone" not in week
    assert "2026-12-25, 2026-12-26, 2026-12-28, 2027-01-01" in week["notes"]
    (area,) = harmony["service_areas"]
    assert area["name"] == "Staffordshire and Stoke-on-Trent"
    assert "E06000021" in area["extent"].split(",")
    assert "does not have to be reported" in harmony["eligibility_description"]
    assert values(harmony, "source")
    assert values(harmony, "reliance") == ["unchecked"]
    assert values(harmony, "alternative")[0] == made.services["victim_support_supportline"]["id"]
    assert "not been checked" in harmony["alert"]
    assert "1 October 2021" in harmony["alert"]
    assert "assured_date" not in harmony


def test_what_must_be_known_beside_a_number(made: Export) -> None:
    (voice,) = made.services["emergency_999"]["phones"]
    assert "press 55" in voice["description"]
    assert "alert" not in made.services["emergency_999"]
    (text,) = made.services["shout"]["phones"]
    assert (text["number"], text["type"], text["description"]) == ("85258", "text", "Text the word SHOUT.")
    assert made.services["relay_18000"]["phones"][0]["type"] == "textphone"
    assert "phones" not in made.services["bsl_999"]
    assert "Sign Language" in made.services["bsl_999"]["application_process"]
    assert (made.services["childline"]["minimum_age"], made.services["childline"]["maximum_age"]) == (0, 18)


def test_round_the_clock_and_not_known(made: Export) -> None:
    (always,) = made.services["samaritans"]["schedules"]
    assert always["byday"] == "MO,TU,WE,TH,FR,SA,SU"
    assert (always["opens_at"], always["closes_at"]) == ("00:00", "24:00")
    assert "notes" not in always
    (unknown,) = made.services["papyrus"]["schedules"]
    assert "not known" in unknown["description"]
    assert not {"freq", "opens_at"} & set(unknown)
    assert "2026-12-25, 2027-03-28" in made.services["victim_support_supportline"]["schedules"][0]["notes"]


def test_a_team_that_is_there_when_another_is_not(made: Export) -> None:
    spans = {(s["byday"], s["opens_at"], s["closes_at"]) for s in made.services["stoke_edt"]["schedules"]}
    assert spans == {
        ("MO,TU,WE,TH,FR", "00:00", "08:30"),
        ("MO,TU,WE,TH", "17:00", "24:00"),
        ("FR", "16:30", "24:00"),
        ("SA,SU", "00:00", "24:00"),
    }
    assert "Also open all day when Stoke-on-Trent children" in made.services["stoke_edt"]["schedules"][0]["notes"]


def test_the_rest_of_a_week_with_a_night(directory: Directory) -> None:
    night = Hours(rule="weekly", bank_holidays="open", weekly=(Span(("sun",), "22:00", "02:00"),))
    other = replace(directory.service("stoke_children_safeguarding"), hours=night)
    changed = replace(directory, services={**directory.services, "stoke_children_safeguarding": other})
    spans = [
        (s["byday"], s["opens_at"], s["closes_at"]) for s in export(changed, DAY).services["stoke_edt"]["schedules"]
    ]
    assert spans == [
        ("MO", "02:00", "24:00"),
        ("TU,WE,TH,FR,SA", "00:00", "24:00"),
        ("SU", "00:00", "22:00"),
    ]


TIMES = [
    dt.time(0),
    dt.time(8, 29),
    dt.time(9),
    dt.time(12),
    dt.time(16, 30),
    dt.time(17),
    dt.time(20, 59),
    dt.time(23),
]


def is_open(schedules: list[dict[str, str]], at: dt.datetime) -> bool:
    """What a reader of the exported schedules takes a moment of London's time for."""
    today = at.date().isoformat()
    for words in re.findall(r"[^.]+\.", schedules[0].get("notes", "")):
        for dates in re.findall(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?", words):
            if dates[0] <= today <= (dates[1] or dates[0]):
                times = re.findall(r"(\d\d:\d\d) to (\d\d:\d\d)", words)
                inside = any(first <= at.strftime("%H:%M") < last for first, last in times)
                return inside != ("all day" in words)
    day, time = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[at.weekday()], at.strftime("%H:%M")
    spans = [one for one in schedules if day in one.get("byday", "").split(",")]
    return any(one["opens_at"] <= time < one["closes_at"] for one in spans)


def test_the_schedules_say_what_we_act_upon_on_every_day_of_the_year(directory: Directory) -> None:
    week = (Span(("mon", "sat"), "09:00", "12:30"), Span(("mon", "sun"), "13:00", "24:00"))
    shut = (Closure(dt.date(2026, 12, 29), dt.date(2027, 1, 3), "Christmas"), Closure(DAY, DAY))
    special = (Special(dt.date(2026, 12, 24), "09:00", "12:30"), Special(dt.date(2026, 12, 24), "17:00", "20:00"))
    on_holidays = (Special(dt.date(2026, 12, 25), "09:00", "12:00"), Special(dt.date(2026, 12, 29), "09:00", "12:00"))
    made_up = [
        Hours(rule="weekly", bank_holidays="reduced", weekly=week, closures=shut),
        Hours(rule="weekly", bank_holidays="open", weekly=week, doubtful_days=("easter_sunday", "christmas_day")),
        Hours(rule="always", bank_holidays="unknown", closures=shut),
        Hours(rule="always", bank_holidays="closed", special=special + on_holidays),
        Hours(rule="weekly", bank_holidays="closed", weekly=week, closures=shut, special=special + on_holidays),
    ]
    ours = directory.services
    changed = {str(number): replace(ours["harmony"], id=str(number), hours=one) for number, one in enumerate(made_up)}
    for number in (one for one, hours in enumerate(made_up) if hours.rule == "weekly"):
        rest = replace(ours["stoke_edt"].hours, of=str(number))
        changed[f"rest of {number}"] = replace(ours["stoke_edt"], id=f"rest of {number}", hours=rest)
    whole = replace(directory, services={**ours, **changed})
    found = export(whole, DAY).services
    alike = {(service.hours, service.valid_from, service.valid_to): service.id for service in whole.services.values()}
    assert len(alike) > 20
    days = [DAY + dt.timedelta(days=number) for number in range(365)]
    moments = [dt.datetime.combine(day, time, LONDON) for day in days for time in TIMES]
    for service_id in (one for one in alike.values() if one in found):
        schedules = found[service_id]["schedules"]
        wrong = [at for at in moments if is_open(schedules, at) != (whole.state(service_id, at) == "open")]
        assert not wrong, (service_id, wrong[:3], schedules)


def test_the_rest_of_hours_that_are_not_known_is_not_known(directory: Directory) -> None:
    rest = replace(directory.service("stoke_edt").hours, of="papyrus")
    (schedule,) = one(directory, "stoke_edt", hours=rest)["schedules"]
    assert "not known" in schedule["description"]
    assert "freq" not in schedule


def test_closed_for_a_while_not_yet_and_no_longer(directory: Directory) -> None:
    hours = replace(
        directory.service("harmony").hours,
        closures=(Closure(dt.date(2026, 12, 29), dt.date(2026, 12, 31), "Christmas week"),),
    )
    assert (
        "2026-12-29 to 2026-12-31 (Christmas week)" in one(directory, "harmony", hours=hours)["schedules"][0]["notes"]
    )
    assert one(directory, "harmony", dt.date(2026, 12, 30), hours=hours)["status"] == "temporarily closed"
    assert one(directory, "harmony", dt.date(2027, 1, 2), hours=hours)["status"] == "active"
    assert "Christmas week" not in str(one(directory, "harmony", dt.date(2027, 1, 2), hours=hours))
    ended = one(directory, "harmony", valid_to=dt.date(2026, 11, 19))
    assert (ended["status"], ended["schedules"][0]["valid_to"]) == ("defunct", "2026-11-19")
    assert "ended on 2026-11-19" in ended["alert"]
    begins = one(directory, "harmony", valid_from=dt.date(2027, 4, 1))
    assert begins["status"] == "inactive"
    assert "begins on 2027-04-01" in begins["alert"]


def test_a_check_counts_until_its_last_day(directory: Directory) -> None:
    signed = {"last_checked": dt.date(2026, 10, 1), "check_by": DAY, "changes_ahead": ()}
    checked = one(directory, "harmony", **signed)
    assert checked["assured_date"] == "2026-10-01"
    assert "alert" not in checked
    assert values(checked, "relied_until") == [DAY.isoformat()]
    run_out = one(directory, "harmony", DAY + dt.timedelta(days=1), **signed)
    assert "run out" in run_out["alert"]


def test_dated_words_are_shown_in_their_time(directory: Directory) -> None:
    alerts = (Alert(DAY, "The line is down today.", DAY),)
    changes = (Change("2027-04-01", "Another provider.", "a"), Change("2027-01-01", "Another number.", "a"))
    found = one(directory, "samaritans", alerts=alerts, changes_ahead=changes)
    assert found["alert"] == "The line is down today. 2027-01-01: Another number."
    assert "down" not in str(one(directory, "samaritans", DAY + dt.timedelta(days=1), alerts=alerts))


def test_a_councils_own_number_is_given_as_that_councils_alone(made: Export) -> None:
    councils = made.services["lancs_council_asb"]
    assert "phones" not in councils
    assert {contact["name"]: contact["phones"][0]["number"] for contact in councils["contacts"]} == {
        "Burnley": "01282 425011",
        "Wyre": "01253 891000",
    }
    assert "https://lancaster.gov.uk" in councils["application_process"]


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def numbers_of(services: list[Service]) -> set[str]:
    found = [one for service in services for one in (service.phone, service.sms)]
    found += [local.phone for service in services for local in service.by_authority.values()]
    return {digits(number) for number in found if number}


def test_what_is_withheld_is_nowhere_and_somebody_is_named_instead() -> None:
    known = load_directory()
    careful = export(known.without_unchecked(DAY), DAY)
    sure = [service for service in known.services.values() if service.is_relied_on(DAY)]
    doubtful = [service for service in known.services.values() if not service.is_relied_on(DAY)]
    named = {digits(service.name) for service in doubtful}  # NHS 111 cannot be named without its number
    secret = numbers_of(doubtful) - numbers_of(sure) - named
    assert len(secret) > 30
    for service in careful.services.values():
        shown = {**service, "attributes": []}  # sources are addresses of pages, with numbers of their own in them
        assert not [number for number in re.findall(r"\d[\d ]+\d", json.dumps(shown)) if digits(number) in secret]
    harmony = careful.services["harmony"]
    assert not {"phones", "contacts", "url", "email"} & set(harmony)
    assert "no number is given. Until then: Emergency services (999), 999." in harmony["alert"]
    assert "Until then: Police non-emergency (101), 101." in careful.services["stoke_edt"]["alert"]
    assert careful.services["samaritans"]["phones"][0]["number"] == "116 123"


def test_an_operators_own_theme_is_exported_without_words_of_ours(tmp_path: Path) -> None:
    (tmp_path / "services.local.yml").write_text("services:\n  harmony: {themes: [asb, loud_parties]}\n")
    found = export(load_directory(tmp_path / "services.local.yml"), DAY)
    assert "loud parties" in [term["name"] for term in found.terms]


def test_the_command_prints_json(directory: Directory) -> None:
    assert json.loads(run_export(directory, DAY).text) == export_services(directory, DAY)
