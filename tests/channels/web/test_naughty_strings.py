"""Do strings that break programs pass as words? The big list of naughty strings, through the chat and the letter."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text

from bot.conversations.inbox import storable
from bot.referrals.house import ReferralHouse
from bot.referrals.receiving import Receiver
from bot.referrals.submit import submit_referral
from bot.settings import ROOT
from channels.doors import Doors, Limits
from channels.web.app import create_app
from tests.bot.referrals.samples import CASE, NOW, make_house, request
from tests.channels.conftest import Clock
from tests.channels.serving import served
from tests.channels.web.test_network_live import aside

LIST = ROOT / "build/npm/node_modules/big-list-of-naughty-strings/blns.json"
#: Nothing on a page may run, and nothing may even try: a policy that had to stop something counts as well.
WATCH = """window.ran = [];
for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => window.ran.push(name);
addEventListener('securitypolicyviolation', e => window.ran.push(e.violatedDirective + ' ' + e.blockedURI));
addEventListener('error', e => window.ran.push(String(e.message)));"""
#: Says each string as a person would who presses Enter after it, one after the other.
SAY_ALL = """strings => { const box = document.getElementById('text'), form = document.getElementById('composer');
for (const one of strings) { box.value = one; form.requestSubmit(form.querySelector('.send')); } }"""
SAID = (
    """() => [...document.querySelectorAll('#log article.person .said')].map(e => [e.textContent, e.children.length])"""
)
PARTS = 4


@pytest.fixture(scope="module")
def naughty() -> list[str]:
    assert LIST.is_file(), "the list is missing: run deploy/npm.sh"
    found: list[str] = json.loads(LIST.read_text(encoding="utf-8"))
    assert len(found) == 461
    return found


@pytest.fixture
def doors(doors: Doors) -> Doors:
    return replace(doors, limits=Limits(messages_a_minute=1_000))


@pytest.fixture
def watched(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(WATCH)
    yield context
    context.close()


def nothing_ran(page: Page) -> bool:
    found: list[str] = page.evaluate("window.ran")
    assert found == []
    return page.evaluate("document.querySelectorAll('main script, main iframe, main img, main object').length") == 0


@pytest.mark.parametrize("part", range(PARTS))
def test_every_naughty_string_is_said_and_shown_as_it_is(
    watched: BrowserContext, url: str, naughty: list[str], part: int
) -> None:
    page = watched.new_page()
    page.goto(f"{url}/chat")
    page.click("text=Start the chat")
    page.wait_for_load_state()
    expect(page.locator("#log article")).to_have_count(2)
    strings = naughty[part::PARTS]
    said = [[storable(one), 0] for one in strings if page.evaluate("one => one.trim()", one)]
    page.evaluate(SAY_ALL, strings)
    expect(page.locator("#log article.person[data-id]")).to_have_count(len(said), timeout=60_000)
    expect(page.locator("#log article.sending, #log article.unsent")).to_have_count(0)
    expect(page.locator("#troubles")).to_be_empty()
    assert page.evaluate(SAID) == said, "as the script shows it"
    assert nothing_ran(page)
    page.reload()
    assert page.evaluate(SAID) == said, "as the server renders the whole page"
    assert nothing_ran(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def referrals(doors: Doors) -> ReferralHouse:
    return make_house(doors.house.db)


@pytest.fixture
def site(doors: Doors, referrals: ReferralHouse, clock: Clock) -> Iterator[str]:
    clock.now = NOW + dt.timedelta(hours=1)
    with served(create_app(replace(doors, receiver=Receiver(referrals)), "naughty-letters")) as base:
        yield base


def refer(house: ReferralHouse, case_key: str, strings: list[str]) -> str:
    """Refer a case all of whose words are naughty; the path of the link its service is sent."""
    name, times, neutral, *references = strings * 3  # the last part is short
    whole = "\n".join(strings)
    answers: dict[str, Any] = {
        **CASE.answers,
        "story": whole,
        "name": name,
        "safe_contact": {"channel": ["text"], "number": "+447700900123", "times": times, "neutral_name": neutral},
        "reported_before": {"any": True, "reports": [{"to": "police", "reference": one} for one in references]},
    }
    submit_referral(
        house, request(case_key=case_key, case=replace(CASE, story=whole, findings=(), answers=answers)), NOW
    )
    with house.db.transaction() as session:
        row = session.execute(text("SELECT id, payload FROM outbox WHERE kind = 'mail' ORDER BY rowid DESC")).first()
    assert row is not None
    mail = json.loads(house.keyring.open_sealed(row.payload, table="outbox", row=row.id, field="payload"))
    return re.findall(r"/r/\S+", mail["body"])[0]


def test_every_naughty_string_reaches_the_service_as_it_is(
    watched: BrowserContext, site: str, referrals: ReferralHouse, naughty: list[str]
) -> None:
    page = watched.new_page()
    for at in range(0, len(naughty), 20):
        strings = naughty[at : at + 20]
        page.goto(site + aside(refer, referrals, f"case-{at}", strings))
        page.click("text=Show this referral")
        story = page.locator("blockquote.said")
        assert story.text_content() == "\n".join(strings)
        assert story.locator("*").count() == 0
        values = page.locator("dd").all_text_contents()
        for one in strings:
            assert any(one in value for value in values), one
        assert page.evaluate("[...document.querySelectorAll('dd')].every(e => e.children.length === 0)")
        assert nothing_ran(page)
