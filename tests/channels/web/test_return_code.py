"""Does the door for coming back tell a guesser anything? The same answer, the same work and the same lock for all."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.conversations import returning
from bot.conversations.house import ConversationHouse
from bot.conversations.opening import start_conversation
from bot.conversations.returning import MAX_TRIES, WINDOW, set_return_word
from channels.doors import Doors
from channels.web.app import create_app
from tests.channels.conftest import Clock
from tests.channels.serving import served

WORD = "blue teapot"
#: What a guesser may know: nothing, the code, or that codes have 16 digits.
UNKNOWN = "1234 5678 1234 5678"
#: Headers that are made anew for each answer, or count it.
FRESH = {"Date", "Content-Length"}


@pytest.fixture
async def code(house: ConversationHouse, clock: Clock) -> str:
    def make() -> str:
        conversation, _ = start_conversation(house, "web", "en", clock())
        return set_return_word(house, conversation.id, WORD, clock())

    return await asyncio.to_thread(make)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The parameters of each hash that a word was checked against, and the length of the hash."""
    checked: list[tuple[str, int]] = []
    real = returning._matches

    def matches(word_hash: str, word: str) -> bool:
        checked.append((word_hash.rsplit("$", 2)[0], len(word_hash)))
        return real(word_hash, word)

    monkeypatch.setattr(returning, "_matches", matches)
    return checked


Answer = tuple[int, dict[str, str], str]


async def by_page(http: aiohttp.ClientSession, url: str, code: str, word: str, **headers: str) -> Answer:
    form = {"code": code, "word": word}
    async with http.post(f"{url}/chat/return", data=form, headers=headers, allow_redirects=False) as answer:
        shown = {name: value for name, value in answer.headers.items() if name not in FRESH}
        return answer.status, shown, await answer.text()


async def by_api(http: aiohttp.ClientSession, url: str, code: str, word: str, **headers: str) -> Answer:
    body = {"code": code, "word": word}
    async with http.post(f"{url}/api/conversations/resume", json=body, headers=headers) as answer:
        shown = {name: value for name, value in answer.headers.items() if name not in FRESH}
        return answer.status, shown, await answer.text()


@pytest.mark.parametrize("ask", [by_page, by_api])
async def test_a_wrong_word_and_an_unknown_code_look_alike_and_cost_alike(
    url: str, http: aiohttp.ClientSession, code: str, hashed: list[tuple[str, int]], ask: object
) -> None:
    assert callable(ask)
    answers = [await ask(http, url, *guess) for guess in ((code, "red teapot"), (UNKNOWN, WORD), ("", ""), (code, ""))]
    assert [status for status, _, _ in answers] == [403] * 4
    assert all(answer == answers[0] for answer in answers)
    assert hashed == [hashed[0]] * 4, "each guess is checked against one hash of the same cost"
    assert hashed[0][0] == "$argon2id$v=19$m=19456,t=2,p=1"
    assert code not in answers[0][2]
    assert "Set-Cookie" not in answers[0][1]


@pytest.mark.parametrize("ask", [by_page, by_api])
async def test_the_lock_is_the_same_for_every_code_and_then_nothing_is_checked(
    url: str, http: aiohttp.ClientSession, code: str, hashed: list[tuple[str, int]], ask: object, clock: Clock
) -> None:
    assert callable(ask)
    for number in range(MAX_TRIES):
        assert (await ask(http, url, code, f"wrong word {number}"))[0] == 403
    locked = [await ask(http, url, *guess) for guess in ((code, WORD), (UNKNOWN, WORD), (code, "red teapot"))]
    assert [status for status, _, _ in locked] == [429] * 3
    assert all(answer == locked[0] for answer in locked)
    assert "999" in locked[0][2]
    assert len(hashed) == MAX_TRIES, "a locked door costs no hash"
    clock.now += WINDOW + dt.timedelta(seconds=1)
    assert (await ask(http, url, code, WORD))[0] in (201, 303)


async def test_page_and_api_are_one_door(url: str, http: aiohttp.ClientSession, code: str) -> None:
    for number in range(MAX_TRIES):
        assert (await (by_page, by_api)[number % 2](http, url, code, "red teapot"))[0] == 403
    assert (await by_page(http, url, code, WORD))[0] == 429
    assert (await by_api(http, url, code, WORD))[0] == 429


async def test_guesses_at_once_are_no_way_round_the_lock(
    url: str, http: aiohttp.ClientSession, code: str, hashed: list[tuple[str, int]]
) -> None:
    answers = await asyncio.gather(*(by_api(http, url, code, f"guess {number}") for number in range(30)))
    statuses = [status for status, _, _ in answers]
    assert statuses.count(403) <= MAX_TRIES
    assert len(hashed) <= MAX_TRIES
    assert set(statuses) <= {403, 429, 503}


async def test_another_address_in_a_header_is_no_way_round_the_lock(
    url: str, http: aiohttp.ClientSession, code: str
) -> None:
    statuses = []
    for number in range(MAX_TRIES + 1):
        unknown = f"{number:016d}"
        answer = await by_api(http, url, unknown, WORD, **{"X-Forwarded-For": f"203.0.113.{number}"})
        statuses.append(answer[0])
    assert statuses == [403] * MAX_TRIES + [429]


async def test_all_guesses_together_are_bounded_whatever_their_addresses(doors: Doors) -> None:
    few = replace(doors, trusted_proxies=1, limits=replace(doors.limits, resumes_an_hour=8))
    with served(create_app(few, "few-returns")) as url:
        async with aiohttp.ClientSession() as http:
            statuses = [
                (await by_api(http, url, f"{n:016d}", WORD, **{"X-Forwarded-For": f"203.0.113.{n}"}))[0]
                for n in range(12)
            ]
    assert statuses == [403] * 8 + [429] * 4


async def test_neither_code_nor_word_is_written_to_the_log_or_the_answer(
    url: str, http: aiohttp.ClientSession, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await by_page(http, url, code, "red teapot")
        status, headers, body = await by_page(http, url, code, WORD)
    assert status == 303
    assert headers["Location"] == "/chat"
    for secret in (code, WORD, "red teapot"):
        assert secret not in caplog.text
        assert secret not in body
        assert secret not in str(headers)
