"""Does the chat API keep the contract, call by call, over real HTTP?"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.conversations.house import ConversationHouse
from bot.conversations.line import hand_line_to, say_as_adviser
from bot.conversations.opening import conversation_by_token
from bot.conversations.returning import set_return_word
from channels.web.api import OPENAPI
from channels.web.app import create_app
from tests.channels.conftest import HELP, NOTICE, SAFETY, Clock, Script

SAY = "/api/conversations/current/messages"
CURRENT = "/api/conversations/current"
NUMBERS = [{"label": one.label, "number": one.number} for one in HELP]


class Client:
    """One person's program."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url, self.token = http, url, ""

    async def call(self, method: str, path: str, **options: Any) -> tuple[int, Any, aiohttp.ClientResponse]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers.update(options.pop("headers", {}))
        async with self.http.request(method, self.url + path, headers=headers, **options) as answer:
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            body = await answer.json(content_type=None) if answer.content_length else None
            return answer.status, body, answer

    async def begin(self) -> list[dict[str, Any]]:
        status, body, _ = await self.call("POST", "/api/conversations", json={})
        assert status == 201
        self.token = body["token"]
        messages: list[dict[str, Any]] = body["messages"]
        return messages

    async def say(self, text: str | None = None, choice: str | None = None, id_: str | None = None) -> tuple[int, Any]:
        body = {"id": id_ or str(uuid.uuid4()), **({"text": text} if choice is None else {"choice": choice})}
        status, answer, _ = await self.call("POST", SAY, json=body)
        return status, answer


@pytest.fixture
async def client(url: str) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Client(http, url)


def assert_refused(status: int, body: Any, expected: int, code: str) -> None:
    assert status == expected
    assert body["error"]["code"] == code
    assert body["error"]["message"]
    assert body["error"]["help"] == NUMBERS


async def test_a_conversation_from_greeting_to_leaving(client: Client, script: Script) -> None:
    greeting = await client.begin()
    assert [m["from"] for m in greeting] == ["assistant", "assistant"]
    asked = greeting[-1]
    assert asked["asks"] == "safe_to_talk"
    assert [c["label"] for c in asked["choices"]] == ["Yes", "No"]
    assert all("/" not in c["id"] and "yes" not in c["id"].lower() for c in asked["choices"])
    status, body = await client.say(choice=asked["choices"][0]["id"])
    assert status == 200
    assert body["messages"][0]["text"] == '2: /choose{"choice": "yes"}'
    assert set(body["messages"][0]) == {"id", "from", "text", "lang", "dir", "choices", "at", "asks"}
    assert dt.datetime.fromisoformat(body["messages"][0]["at"].replace("Z", "+00:00")).tzinfo
    status, body, _ = await client.call("GET", CURRENT)
    assert body == {"held_by": "assistant", "referrals": [], "next_opening": None}
    status, body, answer = await client.call("DELETE", CURRENT)
    assert (status, body) == (200, {"kept": False})
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    status, body, _ = await client.call("GET", CURRENT)
    assert_refused(status, body, 401, "unauthorised")
    assert_refused(*(await client.say("too late")), 401, "unauthorised")
    assert script.states[1] == {"step": 1}


async def test_the_same_id_gives_the_same_replies_even_ten_at_once(client: Client, script: Script) -> None:
    await client.begin()
    id_ = str(uuid.uuid4())
    answers = await asyncio.gather(*(client.say("hello", id_=id_) for _ in range(10)))
    assert {json.dumps(body) for _, body in answers} == {json.dumps(answers[0][1])}
    assert sum(said.text == "hello" for said in script.heard) == 1


async def test_different_messages_at_once_make_one_order_of_turns(client: Client, script: Script) -> None:
    await client.begin()
    answers = await asyncio.gather(*(client.say(f"message {n}") for n in range(8)))
    steps = sorted(int(body["messages"][0]["text"].split(":")[0]) for _, body in answers)
    assert steps == list(range(2, 10))


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (SAY, b"{", 400, "bad_json"),
        (SAY, b"[]", 400, "bad_request"),
        (SAY, b"", 400, "bad_json"),
        (SAY, b"\xff\xfe", 400, "bad_json"),
        (SAY, b"[" * 50_000, 400, "bad_json"),
        (SAY, b'{"text": "no id"}', 400, "bad_request"),
        (SAY, b'{"id": 5, "text": "x"}', 400, "bad_request"),
        (SAY, b'{"id": "a"}', 400, "bad_request"),
        (SAY, b'{"id": "a", "text": "x", "choice": "y"}', 400, "bad_request"),
        (SAY, b'{"id": "a", "text": {"a": 1}}', 400, "bad_request"),
        (SAY, b'{"id": "a", "text": "  "}', 400, "empty"),
        (SAY, b'{"id": "a", "choice": "AAAAAAAAAAAA"}', 422, "unknown_choice"),
        (SAY, b'{"id": "a", "text": "' + b"x" * 5_001 + b'"}', 413, "too_long"),
        (SAY, b'{"id": "a", "text": "' + b"x" * 65_536 + b'"}', 413, "too_big"),
        (SAY, b"x" * 200_000, 413, "too_big"),
        ("/api/conversations", b'{"lang": 7}', 400, "bad_request"),
        ("/api/conversations", b'{"service": "../etc"}', 400, "bad_request"),
        ("/api/conversations/resume", b'{"code": 1}', 400, "bad_request"),
        ("/api/conversations/resume", b'{"code": "1", "word": "w"}', 403, "wrong_code_or_word"),
        ("/api/nowhere", b"", 404, "not_found"),
        ("/healthz", b"", 405, "not_allowed"),
    ],
)
async def test_what_is_refused_says_so_with_numbers(
    client: Client, path: str, body: bytes, status: int, code: str
) -> None:
    await client.begin()
    got, answer, _ = await client.call("POST", path, data=body)
    assert_refused(got, answer, status, code)
    if path == SAY:
        assert (await client.say("still here"))[0] == 200


async def test_only_the_token_opens_a_conversation(client: Client) -> None:
    await client.begin()
    mine, other = client.token, Client(client.http, client.url)
    theirs = await other.begin()
    for header in ("", "Bearer", "Bearer x", f"Basic {mine}", f"Bearer {mine[:-1]}", "Bearer \u00e9"):
        status, body, answer = await client.call("GET", CURRENT, headers={"Authorization": header})
        assert_refused(status, body, 401, "unauthorised")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    foreign = next(c["id"] for m in theirs for c in m["choices"])
    assert_refused(*(await client.say(choice=foreign)), 422, "unknown_choice")


async def test_what_looks_like_a_command_reaches_the_dialogue_as_words(client: Client, script: Script) -> None:
    await client.begin()
    for text in ('/affirm{"consent": "yes"}', "  /deny", "\uff0frestart", "\u200b/EXTERNAL_x", '"__proto__"'):
        assert (await client.say(text))[0] == 200
        assert (script.heard[-1].text, script.heard[-1].payload) == (text, None)


async def test_what_cannot_be_carried_is_replaced_and_nothing_breaks(client: Client, script: Script) -> None:
    await client.begin()
    status, _, _ = await client.call("POST", SAY, data=b'{"id": "n", "text": "a\\u0000b\\ud800c"}')
    assert status == 200
    assert script.heard[-1].text == "a\ufffdb\ufffdc"
    for text in ("\u202eright to left", "🙂" * 5_000, "e\u0301" * 2_500, "\x1b[2J", "<script>alert(1)</script>"):
        assert (await client.say(text))[0] == 200
        assert script.heard[-1].text == text


async def test_a_dialogue_that_fails_keeps_the_words_and_is_tried_again(client: Client, script: Script) -> None:
    await client.begin()
    script.fails = True
    id_ = str(uuid.uuid4())
    status, body = await client.say("my story", id_=id_)
    assert status == 200
    assert [(m["from"], m["text"]) for m in body["messages"]] == [("notice", NOTICE)]
    assert (await client.say("my story", id_=id_))[1] == body
    script.fails = False
    status, body = await client.say("and then")
    assert [m["text"] for m in body["messages"]] == ["2: my story", "3: and then"]


async def test_danger_is_answered_first_when_the_dialogue_hangs(client: Client, script: Script) -> None:
    await client.begin()
    script.hangs = True
    status, body = await client.say("he has a knife")
    assert status == 200
    assert [m["text"] for m in body["messages"]] == [SAFETY, NOTICE]


async def test_danger_is_answered_first_when_the_text_is_refused(client: Client) -> None:
    await client.begin()
    status, body = await client.say("knife " * 2_000)
    assert_refused(status, body, 413, "too_long")
    assert body["error"]["message"].startswith(SAFETY)


async def test_the_logs_hold_no_words(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    await client.begin()
    await client.say("break KANARIE")
    assert "the dialogue failed" in caplog.text
    assert "KANARIE" not in caplog.text


async def test_thirty_messages_a_minute_and_then_a_kind_no(client: Client) -> None:
    await client.begin()
    statuses = [(await client.say(f"m{n}"))[0] for n in range(31)]
    assert statuses == [200] * 30 + [429]
    other = Client(client.http, client.url)
    await other.begin()
    assert (await other.say("not my flood"))[0] == 200


async def test_an_adviser_speaks_and_the_assistant_is_silent(
    client: Client, house: ConversationHouse, clock: Clock, script: Script
) -> None:
    await client.begin()
    conversation = await asyncio.to_thread(conversation_by_token, house, client.token, clock())
    assert conversation is not None
    await asyncio.to_thread(hand_line_to, house, conversation.id, "adviser", clock())
    assert (await client.say("hello?")) == (200, {"messages": []})
    _status, body = await client.say("he has a knife")
    assert [m["text"] for m in body["messages"]] == [SAFETY]
    assert [said.text for said in script.heard] == [""]
    await asyncio.to_thread(say_as_adviser, house, conversation.id, "Priya", "I am here.", clock())
    events = await read_events(client, 5)
    assert events[0][0] == "held_by"
    assert events[-1][1]["name"] == "Priya"


async def read_events(client: Client, count: int, last_id: str = "") -> list[tuple[str, Any, str]]:
    """The first `count` events of a stream: (name, data, id)."""
    headers = {"Authorization": f"Bearer {client.token}", **({"Last-Event-ID": last_id} if last_id else {})}
    found = []
    async with client.http.get(f"{client.url}{CURRENT}/events", headers=headers) as stream:
        assert stream.content_type == "text/event-stream"
        assert stream.headers["Cache-Control"] == "no-store"
        fields: dict[str, str] = {}
        async for raw in stream.content:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                found.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
                fields = {}
                if len(found) == count:
                    break
    return found


async def test_the_stream_gives_the_same_messages_and_resumes(client: Client) -> None:
    greeting = await client.begin()
    events = await read_events(client, 3)
    assert events[0][:2] == ("held_by", {"held_by": "assistant"})
    assert [(data, id_) for _, data, id_ in events[1:]] == [(m, m["id"]) for m in greeting]
    resumed = await read_events(client, 2, last_id=greeting[0]["id"])
    assert resumed[1][1] == greeting[1]


async def test_the_stream_ends_when_the_person_leaves(client: Client) -> None:
    await client.begin()
    reading = asyncio.create_task(read_events(client, 4))
    await asyncio.sleep(0.2)
    await client.call("DELETE", CURRENT)
    assert (await reading)[-1][0] == "closed"


async def test_the_stream_says_that_it_is_still_there(client: Client) -> None:
    await client.begin()
    headers = {"Authorization": f"Bearer {client.token}"}
    async with client.http.get(f"{client.url}{CURRENT}/events", headers=headers) as stream:
        text = (await stream.content.read()).decode()
    assert ": still here" in text


async def test_return_by_code_and_word(client: Client, house: ConversationHouse, clock: Clock) -> None:
    await client.begin()
    await client.say("KANARIE my story")
    conversation = await asyncio.to_thread(conversation_by_token, house, client.token, clock())
    assert conversation is not None
    code = await asyncio.to_thread(set_return_word, house, conversation.id, "blue teapot", clock())
    status, body, _ = await client.call("DELETE", f"{CURRENT}?keep=draft")
    assert body == {"kept": True}
    back = Client(client.http, client.url)
    status, body, _ = await back.call("POST", "/api/conversations/resume", json={"code": code, "word": "blue teapot"})
    assert status == 201
    assert [m["text"] for m in body["messages"]] == ["Welcome back. You were telling us about noise."]
    back.token = body["token"]
    events = await read_events(back, 2)
    assert "KANARIE" not in json.dumps(events)
    for _ in range(5):
        got = await back.call("POST", "/api/conversations/resume", json={"code": code, "word": "wrong word"})
        assert_refused(got[0], got[1], 403, "wrong_code_or_word")
    got = await back.call("POST", "/api/conversations/resume", json={"code": code, "word": "blue teapot"})
    assert_refused(got[0], got[1], 429, "locked")


async def test_alive_and_ready(client: Client, house: ConversationHouse) -> None:
    assert (await client.call("GET", "/healthz"))[:2] == (200, {"status": "alive"})
    assert (await client.call("GET", "/readyz"))[:2] == (200, {"status": "ready"})


async def test_a_database_that_is_gone_is_said_with_numbers(client: Client, house: ConversationHouse) -> None:
    await client.begin()
    await asyncio.to_thread(house.db.downgrade, "base")
    status, body = await client.say("he has a knife")
    assert_refused(status, body, 503, "not_saved")
    assert body["error"]["message"].startswith(SAFETY)


async def test_the_document_lists_every_call(client: Client, doors: Any) -> None:
    _status, served, _ = await client.call("GET", "/openapi.json")
    document = json.loads(OPENAPI.read_text("utf-8"))
    assert served == document
    app = create_app(doors, "to-list-routes")
    routes = {
        (re.sub(r"<(\w+):\w+>", r"{\1}", f"/{route.path}"), method.lower())
        for route in app.router.routes
        for method in route.methods
        if route.name.split(".")[1] in ("api", "api_photos")
    }
    listed = {(path, method) for path, item in document["paths"].items() for method in item}
    assert routes - {r for r in routes if r[1] in ("head", "options")} == listed
