"""Does the chat page work without JavaScript, and does it keep to itself?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from channels.doors import Doors
from channels.web.app import create_app
from tests.channels.conftest import SAFETY, Clock, Script
from tests.channels.serving import served


class Person:
    """Somebody with a browser that runs no script: follows forms and links."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url, self.html, self.status = http, url, "", 0

    async def get(self, path: str, **headers: str) -> str:
        async with self.http.get(self.url + path, headers=headers) as answer:
            self.status, self.html = answer.status, await answer.text()
            assert answer.headers["Cache-Control"] == "no-store"
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        return self.html

    async def post(self, path: str, follow: bool = True, **fields: str) -> aiohttp.ClientResponse:
        async with self.http.post(self.url + path, data=fields, allow_redirects=follow) as answer:
            self.status, self.html = answer.status, await answer.text()
            return answer

    def hidden(self, name: str) -> str:
        return re.findall(rf'name="{name}" value="([^"]+)"', self.html)[-1]

    async def say(self, text: str) -> None:
        await self.post("/chat/messages", key=self.hidden("key"), id=self.hidden("id"), text=text)

    def log(self) -> list[str]:
        """Each message as "Who said: text"."""
        found = re.findall(r'<p class="who"[^>]*><b>(.*?)</b>.*?<p class="said"[^>]*>(.*?)</p>', self.html, re.DOTALL)
        return [f"{re.sub('<.*?>', '', who)}: {said}" for who, said in found]


@pytest.fixture
async def person(url: str) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Person(http, url)


async def test_a_conversation_by_forms_alone(person: Person, script: Script) -> None:
    html = await person.get("/")
    assert 'href="/chat"' in html
    html = await person.get("/chat")
    assert "automated assistant" in html
    assert not script.heard
    answer = await person.post("/chat/start", follow=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/chat")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Max-Age" not in cookie
    html = await person.get("/chat")
    assert 'role="log"' in html
    assert "<title>Chat</title>" in html
    assert "Assistant said: Is it safe for you to chat on this device?" in person.log()
    choice = re.findall(r'name="choice" value="([^"]+)"><bdi>Yes', html)[0]
    await person.post("/chat/messages", key=person.hidden("key"), id=person.hidden("id"), choice=choice, text="")
    assert person.status == 200
    assert person.log()[-2:] == ["You said: Yes", "Assistant said: 2: /choose{&#34;choice&#34;: &#34;yes&#34;}"]
    assert 'name="choice"' not in person.html
    await person.say("It is about the neighbours")
    assert person.log()[-1] == "Assistant said: 3: It is about the neighbours"
    await person.say("when")
    assert "last Tuesday" in person.html


async def test_after_a_form_the_page_opens_at_what_is_new(person: Person) -> None:
    await person.post("/chat/start")
    assert 'id="latest"' not in person.html
    answer = await person.post(
        "/chat/messages", False, key=person.hidden("key"), id=person.hidden("id"), text="he has a knife"
    )
    assert answer.headers["Location"] == "/chat#latest"
    html = await person.get("/chat")
    said, latest = html.index("he has a knife"), html.index('id="latest"')
    assert said < latest < html.index("Assistant said", said), "the answer, numbers first, must be in sight"


async def test_sending_the_same_form_twice_says_it_once(person: Person, script: Script) -> None:
    await person.post("/chat/start")
    fields = {"key": person.hidden("key"), "id": person.hidden("id"), "text": "once"}
    await person.post("/chat/messages", **fields)
    await person.post("/chat/messages", **fields)
    assert [line for line in person.log() if line == "You said: once"] == ["You said: once"]


async def test_markup_is_shown_as_words(person: Person) -> None:
    await person.post("/chat/start")
    await person.say('<script>alert(1)</script>{{7*7}}"><img src=x onerror=alert(1)>')
    assert "<script>alert" not in person.html
    assert "<img" not in person.html
    assert "{{7*7}}" in person.html


async def test_too_long_keeps_the_words_in_the_box_and_says_the_numbers(person: Person) -> None:
    await person.post("/chat/start")
    story = "knife " + "x" * 5_000
    await person.say(story)
    assert person.status == 413
    assert f">{story}</textarea>" in person.html
    assert SAFETY in person.html
    assert "0808 168 9111" in person.html


async def test_a_form_of_another_site_does_nothing(person: Person, script: Script) -> None:
    await person.post("/chat/start")
    answer = await person.post("/chat/messages", key="0" * 64, id="x", text="forged")
    assert answer.status == 403
    async with person.http.post(f"{person.url}/chat/start", headers={"Sec-Fetch-Site": "cross-site"}) as refused:
        assert refused.status == 403
    assert [said.text for said in script.heard] == [""]
    assert 'http-equiv="refresh"' in await person.get("/chat", **{"Sec-Fetch-Site": "cross-site"})


async def test_leaving_goes_to_the_weather_and_back_shows_nothing(person: Person) -> None:
    await person.post("/chat/start")
    await person.say("KANARIE my story")
    stale = person.http.cookie_jar.filter_cookies(aiohttp.client.URL(person.url))["chat"].value
    answer = await person.post("/chat/leave", follow=False, key=person.hidden("key"))
    assert answer.status == 303
    assert answer.headers["Location"] == "https://www.bbc.co.uk/weather"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "KANARIE" not in await person.get("/chat")
    async with person.http.get(f"{person.url}/chat", cookies={"chat": stale}) as again:
        assert "KANARIE" not in await again.text()


async def test_leaving_works_even_with_a_form_that_is_not_ours(person: Person) -> None:
    answer = await person.post("/chat/leave", follow=False, key="x")
    assert (answer.status, answer.headers["Location"]) == (303, "https://www.bbc.co.uk/weather")


@pytest.mark.parametrize(("site", "is_left"), [("same-origin", True), ("cross-site", False), ("same-site", False)])
async def test_only_pages_of_ours_end_a_chat_without_its_key(person: Person, site: str, is_left: bool) -> None:
    await person.post("/chat/start")
    async with person.http.post(
        f"{person.url}/chat/leave", headers={"Sec-Fetch-Site": site, "Accept": "application/json"}
    ) as answer:
        assert answer.status == 204
        token = answer.request_info.headers["Cookie"].partition("=")[2]
    bearer = {"Authorization": f"Bearer {token}"}
    async with person.http.get(f"{person.url}/api/conversations/current", headers=bearer) as answer:
        assert answer.status == (401 if is_left else 200)


async def test_twenty_idle_minutes_close_the_page_but_not_a_long_story(person: Person, clock: Clock) -> None:
    await person.post("/chat/start")
    clock.now += dt.timedelta(minutes=45)
    await person.say("a story that took long to write")
    assert person.log()[-1] == "Assistant said: 2: a story that took long to write"
    clock.now += dt.timedelta(minutes=21)
    html = await person.get("/chat")
    assert "closed because nothing happened for 20 minutes" in html
    assert "a story" not in html


async def test_start_again_begins_with_nothing_of_before(person: Person) -> None:
    await person.post("/chat/start")
    await person.say("KANARIE my story")
    await person.post("/chat/start")
    assert "KANARIE" not in person.html
    assert "automated assistant" in person.log()[0]


async def test_a_wrong_return_code_is_said_kindly(person: Person) -> None:
    await person.get("/chat/return")
    await person.post("/chat/return", code="1234 5678 1234 5678", word="teapot")
    assert person.status == 403
    assert "do not open anything" in person.html


async def test_over_https_the_cookie_is_bound_to_this_host(doors: Doors) -> None:
    app = create_app(replace(doors, public_url="https://haven.example"), "https-cookies")
    with served(app) as base:
        async with aiohttp.ClientSession() as http, http.post(f"{base}/chat/start", allow_redirects=False) as answer:
            cookie = answer.headers["Set-Cookie"]
            assert cookie.startswith("__Host-chat=")
            assert "Secure" in cookie
            assert "Path=/" in cookie
            assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


async def test_an_unknown_page_is_a_page_with_numbers(person: Person) -> None:
    html = await person.get("/nowhere", Accept="text/html")
    assert person.status == 404
    assert "999" in html
