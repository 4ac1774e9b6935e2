"""The directory as other systems read it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from bot.directory import load_directory
from bot.directory.command import run_export
from bot.directory.export import export_services


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return {service["name"]: service for service in export_services(load_directory())}


def test_every_public_service_is_there_once_with_steady_ids(services: dict[str, Any]) -> None:
    assert len(services) == 72
    assert not any("Safeguarding Hub" in name for name in services)
    ids = [service["id"] for service in services.values()]
    assert len(set(ids)) == len(ids)
    assert all(str(uuid.UUID(one)) == one for one in ids)
    assert [service["id"] for service in export_services(load_directory())] == ids


def test_what_a_service_says(services: dict[str, Any]) -> None:
    harmony = services["Harmony ASB & Mediation Service"]
    assert harmony["phones"][0]["number"] == "0330 1757 258"
    assert harmony["schedules"][0]["byday"] == "MO,TU,WE,TH,FR"
    assert (harmony["schedules"][0]["opens_at"], harmony["schedules"][0]["closes_at"]) == ("09:00", "17:00")
    assert harmony["service_areas"][0]["name"] == "Staffordshire and Stoke-on-Trent"
    assert "Not yet checked" in harmony["alert"]
    assert services["Childline"]["maximum_age"] == 18
    assert services["Shout"]["phones"][0]["type"] == "text"
    assert "assured_date" not in harmony


def test_the_command_prints_json() -> None:
    assert len(json.loads(run_export(load_directory()).text)) == 72
