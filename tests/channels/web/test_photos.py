"""Can a person add photos by forms alone, and does no one else, no log and no copy learn what they should not?"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.conversations.house import ConversationHouse
from bot.evidence.record import MOST_BYTES, MOST_PHOTOS
from channels.doors import Doors
from channels.web.app import create_app
from tests.channels.serving import served
from tests.pictures import OWNER, PLACE, looked_at, picture

NAME = "IMG_filename_sentinel.jpg"
WORDS = "A broken kitchen window"


class Person:
    """Somebody with a browser that runs no script."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url, self.html = http, url, ""

    async def get(self, path: str) -> str:
        async with self.http.get(self.url + path) as answer:
            self.html = await answer.text()
            return self.html

    async def begin(self) -> None:
        async with self.http.post(f"{self.url}/chat/start") as answer:
            assert answer.status == 200
        await self.get("/chat/photos")

    async def send(self, data: bytes, words: str = WORDS, key: str | None = None) -> int:
        form = aiohttp.FormData()
        form.add_field("key", self.key if key is None else key)
        form.add_field("description", words)
        form.add_field("photo", data, filename=NAME, content_type="image/jpeg")
        async with self.http.post(f"{self.url}/chat/photos", data=form) as answer:
            self.html = await answer.text()
            return answer.status

    @property
    def key(self) -> str:
        return re.findall(r'name="key" value="([0-9a-f]{64})"', self.html)[-1]

    @property
    def addresses(self) -> list[str]:
        return re.findall(r'<img src="([^"]+)"', self.html)


@pytest.fixture
async def person(url: str) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Person(http, url)


@pytest.fixture
async def stranger(url: str) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        someone = Person(http, url)
        await someone.begin()
        yield someone


async def test_a_photo_is_added_seen_and_taken_out_by_forms_alone(person: Person) -> None:
    await person.begin()
    assert "10 MB" in person.html
    assert "What does it show?" in person.html
    assert await person.send(picture("heic")) == 200
    assert f'alt="{WORDS}"' in person.html
    async with person.http.get(person.url + person.addresses[0]) as answer:
        shown = await answer.read()
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "img-src" not in answer.headers["Content-Security-Policy"]
    assert looked_at(shown).size == (64, 48)
    assert PLACE not in shown
    assert OWNER not in shown
    gone = person.addresses[0]
    async with person.http.post(f"{person.url}{gone}/remove", data={"key": person.key}) as answer:
        person.html = await answer.text()
    assert not person.addresses
    async with person.http.get(person.url + gone) as answer:
        assert answer.status == 404


async def test_the_chat_page_leads_to_photos_and_notes(person: Person) -> None:
    await person.begin()
    html = await person.get("/chat")
    assert 'href="/chat/photos"' in html
    assert 'href="/chat/notes"' in html


async def test_the_name_of_the_file_is_nowhere(
    person: Person, house: ConversationHouse, caplog: pytest.LogCaptureFixture
) -> None:
    whole = picture()
    caplog.set_level(logging.DEBUG)
    await person.begin()
    for data in (whole, b"<svg/>", whole[:200]):
        await person.send(data)
    await person.get("/chat/photos")
    assert NAME not in person.html
    logged = " ".join(record.getMessage() for record in caplog.records)
    for private in (NAME, WORDS, "Sentinel", "sentinel", hashlib.sha256(whole).hexdigest()):
        assert private not in logged


async def test_nobody_else_can_see_or_remove_it_and_all_is_answered_alike(person: Person, stranger: Person) -> None:
    await person.begin()
    await person.send(picture())
    mine = person.addresses[0]
    nowhere = "/chat/photos/" + "0" * 32
    answers = []
    for path in (mine, nowhere):
        async with stranger.http.get(stranger.url + path) as answer:
            answers.append((answer.status, await answer.read()))
    async with aiohttp.ClientSession() as nobody, nobody.get(person.url + mine) as answer:
        answers.append((answer.status, await answer.read()))
    assert {status for status, _ in answers} == {404}
    assert len(set(answers)) == 1
    async with stranger.http.post(f"{stranger.url}{mine}/remove", data={"key": stranger.key}) as answer:
        await answer.read()
    await person.get("/chat/photos")
    assert person.addresses == [mine]
    async with person.http.post(f"{person.url}{mine}/remove", data={"key": "0" * 64}) as answer:
        assert answer.status == 403
    assert await person.send(picture("png"), key="0" * 64) == 403


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", 422, "Choose a photo first"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "not a photo we can take"),
        (b"%PDF-1.4", 422, "not a photo we can take"),
        (picture()[:300], 422, "could not read"),
        (picture() + b"<script>", 422, "not a photo we can take"),
    ],
    ids=["nothing", "svg", "pdf", "cut", "polyglot"],
)
async def test_a_file_that_is_no_photo_is_refused_in_plain_words(
    person: Person, data: bytes, status: int, said: str
) -> None:
    await person.begin()
    assert await person.send(data) == status
    assert said in person.html
    assert f'value="{WORDS}"' in person.html  # what was typed is not lost
    assert not person.addresses


async def test_a_file_that_is_too_large_is_answered_on_the_page(person: Person) -> None:
    await person.begin()
    assert await person.send(picture() + bytes(MOST_BYTES + 200_000)) == 413
    assert "larger than 10 MB" in person.html
    # Just under the limit of the form, over that of the photo: refused by its own size.
    assert await person.send(picture() + bytes(MOST_BYTES)) == 413
    assert not person.addresses


async def test_ten_and_no_more(person: Person) -> None:
    await person.begin()
    for number in range(MOST_PHOTOS):
        assert await person.send(picture("png", (8 + number, 8))) == 200
    key = person.key
    assert 'type="file"' not in person.html
    assert await person.send(picture("png", (99, 8)), key=key) == 409
    assert len(person.addresses) == MOST_PHOTOS


#: What an answer's status counts as when the server shut the line instead: a refusal too.
SHUT = 0


async def status_of(call: Any) -> int:
    try:
        async with call as answer:
            return int(answer.status)
    except (aiohttp.ClientError, ConnectionError):
        return SHUT


class Endless:
    """A body of many bytes, told piece by piece; counts what was asked for."""

    def __init__(self, pieces: int) -> None:
        self.pieces, self.sent = pieces, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            self.sent += 64 * 1024
            yield bytes(64 * 1024)


async def test_every_other_address_keeps_its_small_limit(url: str) -> None:
    for path in ("/chat/messages", "/chat/photos/" + "0" * 32 + "/remove", "/api/conversations", "/chat/start"):
        async with aiohttp.ClientSession() as http:
            assert await status_of(http.post(url + path, data=b"x" * 200_000)) in (413, SHUT)
    async with aiohttp.ClientSession() as http:
        assert await status_of(http.get(f"{url}/healthz")) == 200


async def test_without_a_session_no_large_body_is_read(url: str) -> None:
    body = Endless(2_000)
    async with aiohttp.ClientSession() as http:
        assert await status_of(http.post(f"{url}/chat/photos", data=body)) in (401, SHUT)
    assert body.sent < 30_000_000


async def test_a_body_without_end_is_cut(person: Person) -> None:
    await person.begin()
    body = Endless(400)
    assert await status_of(person.http.post(f"{person.url}/chat/photos", data=body)) in (413, SHUT)
    await person.get("/chat/photos")
    assert not person.addresses


async def test_after_sending_no_photo_is_taken(doors: Doors) -> None:
    sent = [{"reference": "HV-AAAA-BBBB", "service": "Harmony", "status": "sent"}]
    with served(create_app(replace(doors, referrals_of=lambda _id: sent), "photos-late")) as url:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            person = Person(http, url)
            await person.begin()
            assert 'type="file"' not in person.html
            assert "You have sent this" in person.html
            assert await person.send(picture()) == 409


async def test_leaving_takes_the_photos_with_it(person: Person) -> None:
    await person.begin()
    await person.send(picture())
    mine, key = person.addresses[0], person.key
    async with person.http.post(f"{person.url}/chat/leave", data={"key": key}, allow_redirects=False) as answer:
        assert answer.status == 303
    async with person.http.get(person.url + mine) as answer:
        assert answer.status == 404


async def api(http: aiohttp.ClientSession, url: str) -> dict[str, str]:
    async with http.post(f"{url}/api/conversations", json={}) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}


def form(data: bytes) -> Any:
    made = aiohttp.FormData()
    made.add_field("photo", data, filename=NAME)
    made.add_field("description", WORDS)
    return made


async def test_the_same_by_api(url: str) -> None:
    data = picture("webp")
    photos = f"{url}/api/conversations/current/photos"
    async with aiohttp.ClientSession() as http:
        mine, other = await api(http, url), await api(http, url)
        async with http.post(photos, data=form(data), headers=mine) as answer:
            assert answer.status == 201
            photo = (await answer.json())["photo"]
        assert photo["sha256"] == hashlib.sha256(data).hexdigest()
        assert (photo["kind"], photo["description"], photo["sent"]) == ("webp", WORDS, False)
        assert NAME not in str(photo)
        async with http.get(photos, headers=mine) as answer:
            assert (await answer.json())["photos"] == [photo]
        one = f"{photos}/{photo['id']}"
        async with http.get(one, headers=mine) as answer:
            assert looked_at(await answer.read()).size == (64, 48)
        for way in (http.get, http.delete):
            async with way(one, headers=other) as answer:
                assert answer.status == 404
                assert (await answer.json())["error"]["help"]
            async with way(one) as answer:
                assert answer.status == 401
        async with http.post(photos, data=form(b"<svg/>"), headers=mine) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (422, "photo_kind")
        async with http.delete(one, headers=mine) as answer:
            assert answer.status == 204
        async with http.get(photos, headers=mine) as answer:
            assert (await answer.json())["photos"] == []


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\nnonsense\xff\r\n--x--"),
        ({"Content-Type": "multipart/form-data"}, b"--x"),
        ({"Content-Type": "application/json"}, b"{}"),
        ({}, b""),
    ],
    ids=["broken", "no-boundary", "json", "empty"],
)
async def test_a_form_that_is_none_is_refused(url: str, headers: dict[str, str], body: bytes) -> None:
    async with aiohttp.ClientSession() as http:
        token = await api(http, url)
        photos = f"{url}/api/conversations/current/photos"
        async with http.post(photos, data=body, headers={**headers, **token}) as answer:
            assert answer.status == 422
            assert (await answer.json())["error"]["code"] == "photo_empty"
