"""Can a service read and answer one referral behind its link, and does looking change nothing?"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import aiohttp
import pytest
from sqlalchemy import text

from bot.referrals.house import ReferralHouse
from bot.referrals.receiving import Receiver
from bot.referrals.submit import submit_referral
from channels.desk.letter import marked
from channels.doors import Doors
from channels.web.app import create_app
from tests.bot.referrals.samples import NOW, STORY, make_house, request
from tests.channels.conftest import Clock
from tests.channels.serving import served


@pytest.fixture
def referrals(doors: Doors) -> ReferralHouse:
    return make_house(doors.house.db)


@pytest.fixture
def site(doors: Doors, referrals: ReferralHouse, clock: Clock) -> Iterator[str]:
    clock.now = NOW + dt.timedelta(hours=1)
    with served(create_app(replace(doors, receiver=Receiver(referrals)), "receiver-pages")) as base:
        yield base


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield http


def newest_link(house: ReferralHouse) -> str:
    with house.db.transaction() as session:
        row = session.execute(text("SELECT id, payload FROM outbox WHERE kind = 'mail' ORDER BY rowid DESC")).first()
    assert row is not None
    mail = json.loads(house.keyring.open_sealed(row.payload, table="outbox", row=row.id, field="payload"))
    return str(re.findall(r"/r/(\S+)", mail["body"])[0])


async def opened(site: str, browser: aiohttp.ClientSession, house: ReferralHouse) -> str:
    """The case page, reached as a service reaches it."""
    await asyncio.to_thread(submit_referral, house, request(), NOW)
    link = await asyncio.to_thread(newest_link, house)
    async with browser.post(f"{site}/r/{link}") as answer:
        assert answer.status == 200
        assert answer.url.path == "/r"
        return await answer.text()


def key_in(html: str) -> str:
    return re.findall(r'name="key" value="([0-9a-f]{64})"', html)[0]


async def state_of(house: ReferralHouse) -> str:
    def read() -> str:
        with house.db.transaction() as session:
            return str(session.execute(text("SELECT state FROM referrals")).scalar_one())

    return await asyncio.to_thread(read)


async def test_ten_scanners_that_follow_the_link_change_and_see_nothing(
    site: str, browser: aiohttp.ClientSession, referrals: ReferralHouse
) -> None:
    await asyncio.to_thread(submit_referral, referrals, request(), NOW)
    link = await asyncio.to_thread(newest_link, referrals)
    before = await state_of(referrals)
    for method in ("GET", "HEAD") * 5:
        async with browser.request(method, f"{site}/r/{link}") as answer:
            assert answer.status == 200
            body = await answer.text()
            assert STORY[:20] not in body
            assert "Set-Cookie" not in answer.headers
    assert await state_of(referrals) == before
    async with browser.post(f"{site}/r/{link}") as answer:
        assert answer.status == 200
        assert "in their own words" in await answer.text()


async def test_the_whole_letter_is_there_with_the_words_marked(
    site: str, browser: aiohttp.ClientSession, referrals: ReferralHouse
) -> None:
    html = await opened(site, browser, referrals)
    for heading in ("Safe contact", "What happened", "Risk", "Person", "Access needs", "Incident", "Other party"):
        assert heading in html
    for heading in ("History", "Wishes", "Mediation", "Consent"):
        assert heading in html
    assert html.count("<mark>") >= 1
    assert html.index("Safe contact") < html.index("What happened")


async def test_accept_then_outcome_and_a_reason_is_compulsory(
    site: str, browser: aiohttp.ClientSession, referrals: ReferralHouse
) -> None:
    key = key_in(await opened(site, browser, referrals))
    async with browser.post(f"{site}/r", data={"key": key, "action": "decline"}) as answer:
        assert answer.status == 400
        assert "Choose a reason first" in await answer.text()
    async with browser.post(f"{site}/r", data={"key": key, "action": "accept"}) as answer:
        assert answer.status == 200
    assert await state_of(referrals) == "accepted"
    async with browser.post(f"{site}/r", data={"key": key, "action": "accept"}) as answer:
        assert answer.status in (200, 409)
    async with browser.post(f"{site}/r", data={"key": key, "action": "outcome", "reason": "advice_given"}) as answer:
        assert answer.status == 200
    assert await state_of(referrals) == "outcome"


async def test_decline_with_a_reason(site: str, browser: aiohttp.ClientSession, referrals: ReferralHouse) -> None:
    key = key_in(await opened(site, browser, referrals))
    form = {"key": key, "action": "decline", "reason": "outside_area", "note": "Moved away"}
    async with browser.post(f"{site}/r", data=form) as answer:
        assert "Outside our area" in await answer.text()
    assert await state_of(referrals) == "declined"


async def test_a_form_from_elsewhere_or_without_a_session_changes_nothing(
    site: str, browser: aiohttp.ClientSession, referrals: ReferralHouse
) -> None:
    html = await opened(site, browser, referrals)
    async with browser.post(f"{site}/r", data={"key": "0" * 64, "action": "accept"}) as answer:
        assert answer.status == 403
    async with aiohttp.ClientSession() as stranger:
        async with stranger.post(f"{site}/r", data={"key": key_in(html), "action": "accept"}) as answer:
            assert answer.status == 403
        async with stranger.get(f"{site}/r") as answer:
            assert answer.status == 401
            assert STORY[:20] not in await answer.text()
    assert await state_of(referrals) == "sent"


async def test_a_used_link_offers_a_fresh_one(
    site: str, browser: aiohttp.ClientSession, referrals: ReferralHouse
) -> None:
    await opened(site, browser, referrals)
    link = await asyncio.to_thread(newest_link, referrals)
    async with browser.post(f"{site}/r/{link}") as answer:
        assert answer.status == 410
        assert f"/r/{link}/renew" in await answer.text()
    async with browser.post(f"{site}/r/{link}/renew") as answer:
        assert answer.status == 200
    assert await asyncio.to_thread(newest_link, referrals) != link
    async with browser.post(f"{site}/r/unknown") as answer:
        assert answer.status == 404


def test_marked_pieces_join_to_the_story_again() -> None:
    evidence = [
        {"label": "noise", "start": 0, "end": 5, "text": "loud "},
        {"label": "repeat", "start": 2, "end": 8, "text": "ud mus"},
        {"label": "wrong", "start": 1, "end": 3, "text": "xx"},
        {"label": "beyond", "start": 5, "end": 99, "text": ""},
    ]
    pieces = marked("loud music", evidence)
    assert pieces == [("lo", ("noise",)), ("ud ", ("noise", "repeat")), ("mus", ("repeat",)), ("ic", ())]
    assert "".join(piece for piece, _ in pieces) == "loud music"
    assert marked("", []) == []
