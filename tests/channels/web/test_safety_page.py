"""Does the safety page name the right numbers, say how to leave no trace, and stand when nothing else does?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import requests

from bot.directory import load_directory
from channels.doors import Doors, HelpNumber
from channels.web.app import create_app
from channels.web.services_page import IN_DANGER, TO_TALK
from tests.channels.conftest import Clock
from tests.channels.serving import served
from tests.house.plain_english import reading_age
from tests.house.test_wording import shown
from tests.house.tree import ROOT

KEPT = Path("deploy/safety.html")


def dialled(html: str) -> list[str]:
    return re.findall(r'href="(?:tel|sms):(\d+)"', html.split("<main", 1)[1].split("</main>")[0])


def test_its_numbers_are_the_directory_s(url: str, clock: Clock) -> None:
    html = requests.get(f"{url}/safety", timeout=10).text
    directory = load_directory().on(clock.now.date())
    services = [directory.service(one) for one in (*IN_DANGER, *TO_TALK)]
    assert dialled(html) == [re.sub(r"\D", "", one.phone or one.sms or "") for one in services if one.phone or one.sms]
    assert {"999", "18000", "116123", "08001111", "08081689111"} <= set(dialled(html))
    assert {one.hours.rule for one in services} == {"always"}
    for said in ("press 55", "private window", "library", "Shift key three times", "does not clear"):
        assert said in html


def test_a_number_that_is_withheld_is_not_named(doors: Doors, clock: Clock) -> None:
    careful = load_directory().without_unchecked(clock.now.date())
    assert not careful.service("victim_support_supportline").phone
    with served(create_app(replace(doors, directory=lambda: careful), "careful")) as url:
        html = requests.get(f"{url}/safety", timeout=10).text
    assert "08081689111" not in dialled(html)
    assert "Victim Support" not in html.split("<main", 1)[1]
    assert "116123" in dialled(html)


def test_the_page_that_a_proxy_keeps_is_the_page_we_serve(doors: Doors, clock: Clock) -> None:
    """When this fails: fetch /safety.html from a fresh Haven and put it in place of the file."""
    directory = load_directory().on(clock.now.date())
    help_numbers = [
        HelpNumber("Emergency", directory.service("emergency_999").phone or ""),
        HelpNumber(
            directory.service("victim_support_supportline").name,
            directory.service("victim_support_supportline").phone or "",
        ),
    ]
    shown = replace(doors, directory=lambda: directory, help_numbers=help_numbers)
    with served(create_app(shown, "kept")) as url:
        html = requests.get(f"{url}/safety.html", timeout=10).text
    assert html == (ROOT / KEPT).read_text(encoding="utf-8")
    assert not re.findall(r'href="/(?!static/)[^"]*"', html), "it leads nowhere that would not answer either"


def test_it_is_one_tap_away(url: str) -> None:
    for path in ("/", "/chat", "/services", "/about"):
        assert 'href="/safety"' in requests.get(f"{url}{path}", timeout=10).text


def test_before_the_start_it_says_what_leaving_does_and_does_not(url: str) -> None:
    html = requests.get(f"{url}/chat", timeout=10).text
    main = html.split("<main", 1)[1].split("</main>")[0]
    for said in (
        "automated assistant",
        "not the police",
        'href="tel:999"',
        "press 55",
        "It closes the chat",
        "does not clear the list of pages",
        "A private window keeps none",
        "library",
        'href="/safety"',
        "Nothing is sent to anyone",
        "10 minutes",
    ):
        assert said in main
    assert main.count("<button") == 1, "one tap to pass"


def test_what_is_said_about_safety_is_read_at_nine() -> None:
    for name in ("start.html", "safety.html", "help.html"):
        template = (ROOT / "channels/web/templates" / name).read_text(encoding="utf-8")
        assert reading_age("\n".join(shown(template))) <= 9, name
