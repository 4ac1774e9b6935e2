"""Do the pages of services tell the truth to somebody without JavaScript: who answers now, and nothing unchecked?"""

from __future__ import annotations

import datetime as dt
import html
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.directory import Directory, load_directory
from bot.directory.record import CONTACT_NOTES, Alert, Closure, Special
from bot.directory.routing import REFERRAL_REASONS
from bot.directory.signposting import SIGNPOST_REASONS
from channels.doors import Doors
from channels.web.app import create_app
from channels.web.service_list import NEEDS
from channels.web.services_page import POSTCODES_OF, said
from tests.channels.conftest import SAFETY, Clock
from tests.channels.serving import served

FRIDAY_NIGHT = dt.datetime(2026, 11, 20, 21, 5, tzinfo=dt.timezone.utc)


class Reader:
    """Somebody whose browser runs no script."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url, self.html, self.status, self.address = http, url, "", 0, ""

    async def get(self, path: str) -> str:
        async with self.http.get(self.url + path, headers={"Accept": "text/html"}) as answer:
            return await self._read(answer)

    async def ask(self, **fields: str) -> str:
        async with self.http.post(f"{self.url}/services", data=fields) as answer:
            return await self._read(answer)

    async def _read(self, answer: aiohttp.ClientResponse) -> str:
        self.status, self.address, self.html = answer.status, str(answer.real_url), await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        return self.html

    def main(self) -> str:
        """What the main part shows, as plain words."""
        inner = re.search(r"<main.*?</main>", self.html, re.DOTALL)
        assert inner is not None
        return " ".join(html.unescape(re.sub("<[^>]+>", " ", inner[0])).split())

    def part(self, title: str) -> list[str]:
        """The names under a heading, in order."""
        found = re.search(rf'<section aria-labelledby="{title}-title".*?</section>', self.html, re.DOTALL)
        return re.findall(r'<a href="/services/([a-z0-9_]+)">', found[0]) if found else []

    def said_of(self, service_id: str) -> str:
        found = re.search(
            rf'<article class="card" aria-labelledby="s-{service_id}">.*?</article>', self.html, re.DOTALL
        )
        assert found is not None, f"{service_id} is not shown"
        return " ".join(html.unescape(re.sub("<[^>]+>", " ", found[0])).split())

    def links(self) -> list[str]:
        return [html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', self.html)]


@asynccontextmanager
async def reading(doors: Doors) -> AsyncIterator[Reader]:
    with served(create_app(doors, f"test-{secrets.token_hex(8)}")) as url:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            yield Reader(http, url)


@pytest.fixture
def night(clock: Clock) -> Iterator[None]:
    clock.now = FRIDAY_NIGHT
    return


@pytest.fixture
async def reader(doors: Doors, night: None) -> AsyncIterator[Reader]:
    async with reading(doors) as found:
        yield found


def careful(day: dt.date) -> Directory:
    return load_directory().without_unchecked(day)


async def test_whoever_only_opens_the_page_sees_who_answers_now(reader: Reader) -> None:
    page = await reader.get("/services")
    assert "<title>Chat</title>" in page
    assert reader.part("now")[0] == "victim_support_supportline"
    assert 'href="tel:0808168911' in page
    assert "samaritans" in reader.part("now")
    assert "harmony" in reader.part("names")
    assert "harmony" not in reader.part("now") + reader.part("later"), "no area, so no local number to ring"
    assert "As at 20 November 2026, 21:05." in reader.main()


async def test_a_list_for_a_need_and_a_postcode(reader: Reader) -> None:
    await reader.ask(need="asb", place="st42qy")
    assert reader.status == 200
    assert "For Stoke-on-Trent" in reader.main()
    assert reader.part("now")[0] == "victim_support_supportline"
    assert reader.part("later")[0] == "harmony"
    harmony = reader.said_of("harmony")
    assert "Closed now. It opens Monday 23 November at 9am." in harmony
    assert "0330 1757 258" in harmony
    assert "We have not checked it ourselves yet" in harmony
    assert "We do not know the opening hours." in reader.said_of("stoke_council_asb")
    assert "staffordshire_police" in reader.part("now")
    assert "police_101" not in reader.part("now"), "101 once is enough"
    assert "lancashire_victim_services" not in reader.html


async def test_what_was_asked_stays_out_of_the_address(reader: Reader) -> None:
    await reader.ask(need="domestic_abuse", place="ST4 2QY", words="refuge")
    address = reader.address.lower()
    assert not [word for word in ("st4", "2qy", "domestic", "refuge", "stoke") if word in address]
    again = reader.html
    assert (await reader.get(reader.address.removeprefix(reader.url))) == again, "back and reload work"


async def test_an_old_or_a_forged_list_shows_nothing_of_it(reader: Reader, clock: Clock) -> None:
    await reader.ask(need="domestic_abuse", place="ST4 2QY")
    address = reader.address.removeprefix(reader.url)
    clock.now += dt.timedelta(minutes=21)
    await reader.get(address)
    assert "Your last list was closed" in reader.main()
    assert "ST4" not in reader.html
    assert "new_era" not in reader.part("now")
    for forged in ("/services?k=h1.test.AAAA", "/services?k=nonsense", address.replace("h1.", "h1.x", 1)):
        await reader.get(forged)
        assert reader.status == 200
        assert "Your last list was closed" in reader.main()


async def test_a_plain_link_may_name_a_need_and_nonsense_in_it_does_no_harm(reader: Reader) -> None:
    await reader.get("/services?need=hate&age=wizard&council=atlantis&open=1")
    assert "true_vision" in reader.part("now")
    assert reader.part("later") == []


async def test_on_a_border_nothing_is_guessed_and_the_councils_are_links(reader: Reader) -> None:
    await reader.ask(need="asb", place="ST7")
    assert "We need the full postcode" in reader.main()
    assert "harmony" not in reader.part("now") + reader.part("later")
    choices = {name: link for link, name in re.findall(r'<li><a href="(/services\?k=[^"]+)">([^<]+)', reader.html)}
    assert {"Newcastle-under-Lyme", "Cheshire East"} <= set(choices)
    await reader.get(choices["Newcastle-under-Lyme"])
    assert reader.part("later")[:1] == ["harmony"]
    assert "newcastle_ul_council_asb" in reader.part("later")


async def test_outside_it_is_said_and_no_local_service_is_named(reader: Reader) -> None:
    await reader.ask(need="asb", place="Crewe")
    assert "outside the three areas" in reader.main()
    named = reader.part("now") + reader.part("later")
    directory = load_directory()
    assert {"victim_support_supportline", "police_101"} <= set(named)
    assert not [one for one in named if "national" not in directory.service(one).areas]
    assert reader.part("names") == []


@pytest.mark.parametrize(
    ("typed", "name"), [("Staford", "Stafford"), ("Lichfeild", "Lichfield"), ("wattford", "Watford")]
)
async def test_a_slip_in_a_town_does_not_matter(reader: Reader, typed: str, name: str) -> None:
    await reader.ask(need="asb", place=typed)
    assert name in reader.main()


async def test_a_place_that_is_not_known_is_said(reader: Reader) -> None:
    await reader.ask(need="asb", place="Qwertyton")
    assert "We do not know the place “Qwertyton”" in reader.main()
    assert reader.part("now")


async def test_nobody_needs_an_address(reader: Reader) -> None:
    await reader.ask(need="asb", place="no fixed abode")
    assert "You do not need an address to get help. For local help, put the town you stay in most." in reader.main()
    await reader.ask(need="domestic_abuse", place="I am in a refuge")
    assert "You do not need an address to get help." in reader.main()
    assert "put the town" not in reader.main()
    await reader.ask(need="asb", place="sofa surfing in Hanley")
    assert "For Stoke-on-Trent" in reader.main()


async def test_a_child_sees_childline_first_and_no_line_for_adults(reader: Reader) -> None:
    await reader.ask(need="under_18")
    assert reader.part("now")[0] == "childline"
    await reader.ask(need="domestic_abuse", age="under_16", place="Stoke-on-Trent")
    assert "national_da_helpline" not in reader.html
    assert reader.part("now")[0] == "childline"


async def test_a_word_finds_a_service_even_when_misspelt(reader: Reader) -> None:
    for word in ("Harmony", "harmny", "mediaton"):
        await reader.ask(words=word)
        assert reader.part("names") == ["harmony"], word
    await reader.ask(words="mediation", place="Hanley")
    assert reader.part("later") == ["harmony"]
    assert reader.part("now"), "somebody answers now, whatever was looked for"
    await reader.ask(words="zzzzzz")
    assert "Nothing we know fits all of that" in reader.main()
    assert reader.part("now")


async def test_danger_in_a_search_is_answered_first(reader: Reader) -> None:
    await reader.ask(words="he has a knife")
    assert SAFETY in reader.main()
    await reader.ask(words="harmony")
    assert SAFETY not in reader.main()


async def test_markup_is_shown_as_words(reader: Reader) -> None:
    await reader.ask(place='<script>alert(1)</script>"><img src=x>', words="{{7*7}}")
    assert "<script>alert" not in reader.html
    assert "<img" not in reader.html
    assert "{{7*7}}" in reader.html


async def test_in_production_no_unchecked_contact_stands_anywhere(doors: Doors, night: None) -> None:
    whole, shown = load_directory(), careful(FRIDAY_NIGHT.date())
    known = {way for one in shown.services.values() for way in (one.phone, one.sms, one.email, one.web) if way}
    hidden = {way for one in whole.services.values() for way in (one.phone, one.sms, one.email, one.web) if way} - known
    hidden |= {
        way
        for one in whole.services.values()
        for own in one.by_authority.values()
        for way in (own.phone, own.email)
        if way and way not in known
    }
    hidden = {way for way in hidden if len(way) > 5}  # "111" is part of a name
    assert len(hidden) > 20
    async with reading(replace(doors, directory=lambda: shown)) as reader:
        for path in [f"/services/{one.id}" for one in whole.services.values() if one.public_contact]:
            page = await reader.get(path)
            assert reader.status == 200
            main = page.split("<h2>Where this comes from</h2>")[0]  # a source is a page that was read, not a contact
            assert not [way for way in hidden if re.search(rf"(?<![\w.]){re.escape(way)}(?![\w/])", main)], path
        for need in ("", *NEEDS):
            page = await reader.get(f"/services?need={need}&place=Hanley")
            assert not [way for way in hidden if f">{way}" in page or f" {way} " in page], need
        await reader.get("/services?need=asb&place=Hanley")
        assert "We have not checked this number yet, so we do not show it. Until then: Samaritans Call 116 123" in (
            reader.said_of("harmony")
        )
        assert "Blackpool" in await reader.get("/services/blackpool_adult_safeguarding")
        assert "01253" not in reader.main()


async def test_the_page_of_one_service(reader: Reader) -> None:
    await reader.get("/services/galop")
    main = reader.main()
    assert "0800 999 5428" in main
    assert "Monday to Thursday: 10am to 8:30pm" in main
    assert "We do not know about bank holidays." in main
    assert "If you need someone now Victim Support Supportline" in main
    assert "Where this comes from" in main
    assert "February 2023" in main
    unsure = "We do not know for sure who runs it now."
    assert unsure not in main
    await reader.get("/services/harmony")  # whose contract reached its end in September
    assert unsure in reader.main()
    await reader.get("/services/lancashire_victim_services")  # whose contract runs into 2027
    assert unsure not in reader.main()
    await reader.get("/services/shout")
    assert 'href="sms:85258?body=SHOUT"' in reader.html


@pytest.mark.parametrize("path", ["/services/nobody", "/services/beacon_safeguarding_hub", "/services/..%2fabout"])
async def test_an_unknown_or_private_service_is_not_found_and_says_the_numbers(reader: Reader, path: str) -> None:
    await reader.get(path)
    assert reader.status == 404
    assert "999" in reader.html
    assert "0808 168 9111" in reader.html
    assert "There is nothing at this address." in reader.main()


async def test_alerts_checks_and_endings_are_said(doors: Doors, night: None) -> None:
    whole, day = load_directory(), FRIDAY_NIGHT.date()
    shut = Alert(day, "The line is down this week.", day + dt.timedelta(days=5))
    over = Alert(day - dt.timedelta(days=9), "Old words.", day - dt.timedelta(days=2))
    karma = whole.service("karma_nirvana")
    closed = Closure(dt.date(2026, 12, 29), dt.date(2026, 12, 31), "Christmas week")
    late = Special(dt.date(2026, 12, 24), "09:00", "12:00", "Christmas Eve")
    changed = {
        "galop": replace(whole.service("galop"), alerts=(shut, over), last_checked=dt.date(2026, 11, 2)),
        "harmony": replace(whole.service("harmony"), last_checked=dt.date(2024, 1, 5), check_by=dt.date(2025, 1, 4)),
        "karma_nirvana": replace(karma, hours=replace(karma.hours, closures=(closed,), special=(late,))),
        "usah": replace(whole.service("usah"), valid_to=dt.date(2026, 3, 31)),
    }
    directory = replace(whole, services={**whole.services, **changed})
    async with reading(replace(doors, directory=lambda: directory)) as reader:
        await reader.ask(need="hate", place="Hanley")
        galop = reader.said_of("galop")
        assert "The line is down this week. (from 20 November 2026 to 25 November 2026)" in galop
        assert "Old words" not in galop
        assert "Checked on 2 November 2026." in galop
        await reader.get("/services/harmony")
        assert "Last checked on 5 January 2024, so it may have changed." in reader.main()
        await reader.get("/services/karma_nirvana")
        assert "24 December 2026: 9am to midday (Christmas Eve)." in reader.main()
        assert "Closed from 29 December 2026 to 31 December 2026 (Christmas week)." in reader.main()
        await reader.get("/services/usah")
        assert "This service ended on 31 March 2026." in reader.main()
        assert "casns.org.uk" not in reader.main().split("Where this comes from")[0]


async def test_about_says_who_we_are_and_whose_the_map_is(reader: Reader) -> None:
    await reader.get("/about")
    main = reader.main()
    assert "It is not a person, not the police, and not an emergency service." in main
    notice = (Path(__file__).parents[3] / "bot/directory/README.md").read_text("utf-8").split("## Licence notice")[1]
    assert f"OS Code-Point Open ({POSTCODES_OF})" in notice
    for sentence in ("Contains OS data", "Contains Royal Mail data", "Source: Office for National Statistics"):
        owed = " ".join(notice[notice.index(sentence) :].split()).split(". ")[0].removesuffix(".")
        assert owed in main, owed


async def test_every_link_leads_somewhere(reader: Reader) -> None:
    seen: set[str] = set()
    for path in ("/", "/services", "/about", "/services/harmony", "/services/nobody"):
        await reader.get(path)
        seen |= {link.split("#")[0] for link in reader.links()}
    assert {"/services", "/about", "/chat", "/api/directory/"} <= seen
    for link in seen:
        async with reader.http.get(reader.url + link) as answer:
            assert answer.status == 200, link


def test_every_code_that_is_shown_has_words() -> None:
    assert set(said()["needs"]) == set(NEEDS)
    assert set(said()["notes"]) == set(CONTACT_NOTES)
    assert set(said()["reasons"]) == {*REFERRAL_REASONS, *SIGNPOST_REASONS}
    assert set(said()["search"]) <= {theme for one in load_directory().services.values() for theme in one.themes}
