"""What the command line prints about the directory, and with which exit code."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.directory import load_directory
from bot.directory.command import band_of, run_check, run_hours, run_route

DIRECTORY = load_directory()
CHRISTMAS = dt.datetime(2026, 12, 25, 10, tzinfo=dt.timezone.utc)
WORKDAY = dt.datetime(2026, 11, 20, 11, tzinfo=dt.timezone.utc)


def test_check_ends_well_on_what_is_shipped() -> None:
    found = run_check(dt.date(2026, 11, 20))
    assert found.code == 0
    assert found.text.splitlines()[-1].startswith("73 services, 0 errors, ")


def test_check_fails_on_a_wrong_file(tmp_path: Path) -> None:
    path = tmp_path / "services.local.yml"
    path.write_text("services: {harmony: {phone: none}}", encoding="utf-8")
    found = run_check(dt.date(2026, 11, 20), path)
    assert found.code == 1
    assert "error: harmony: phone" in found.text


def test_hours_say_the_real_next_opening_and_who_is_there_meanwhile() -> None:
    found = run_hours(DIRECTORY, "harmony", CHRISTMAS)
    assert found.code == 0
    assert "at Fri 25 Dec 2026 10:00 GMT: closed" in found.text
    assert "next open: Tue 29 Dec 2026 09:00 GMT" in found.text
    assert "meanwhile: victim_support_supportline" in found.text


def test_hours_refuse_what_they_cannot_answer() -> None:
    assert run_hours(DIRECTORY, "nobody", CHRISTMAS).code == 2
    assert run_hours(DIRECTORY, "harmony", dt.datetime(2026, 12, 25, 10)).code == 2  # noqa: DTZ001  # the missing offset is the point


def test_route_says_who_and_why() -> None:
    found = run_route(DIRECTORY, "ST1 4LA", "both", WORKDAY, 30, ["race"])
    assert found.code == 0
    lines = found.text.splitlines()
    assert lines[0] == "area: staffordshire_stoke, stoke_on_trent, staffordshire_police"
    assert lines[1].startswith("refer: Harmony ASB & Mediation Service (harmony, asb): asb_staffordshire")
    assert lines[2].startswith("refer: Uniting Staffordshire Against Hate (USAH) (usah, hate): hate_staffordshire")
    assert "never: mediation" in lines


def test_route_tells_the_home_from_the_place() -> None:
    words = {"utter_signpost_report_to_police": "to tell the police"}
    found = run_route(DIRECTORY, "Crewe", "asb", WORKDAY, 30, (), "Hanley", words)
    assert "area: outside our areas\nhappened in: staffordshire_stoke, stoke_on_trent" in found.text
    assert "signpost: Staffordshire Police (staffordshire_police), 101: to tell the police" in found.text
    assert run_route(DIRECTORY, "Crewe", "asb", WORKDAY, None, (), "Atlantis").code == 2


def test_route_says_when_a_number_is_not_given() -> None:
    found = run_route(DIRECTORY.without_unchecked(WORKDAY.date()), "Hanley", "asb", WORKDAY, 30)
    assert "(stoke_council_asb), not given: nobody has checked it" in found.text
    assert "01782" not in found.text


def test_route_takes_a_harm_as_the_kind() -> None:
    found = run_route(DIRECTORY, "Watford", "domestic_abuse", WORKDAY)
    assert "herts_da_helpline" in found.text
    assert "beacon_safeguarding_hub" not in found.text


@pytest.mark.parametrize(
    ("place", "kind", "needs"), [("nowhere at all", "asb", []), ("ST1", "sad", []), ("ST1", "asb", ["sad"])]
)
def test_route_refuses_what_it_does_not_know(place: str, kind: str, needs: list[str]) -> None:
    assert run_route(DIRECTORY, place, kind, WORKDAY, None, needs).code == 2


@pytest.mark.parametrize(
    ("age", "band"),
    [(None, None), (9, "under_16"), (17, "16_17"), (18, "18_25"), (64, "26_64"), (90, "65_over"), (-1, None)],
)
def test_age_bands(age: int | None, band: str | None) -> None:
    assert band_of(age) == band
