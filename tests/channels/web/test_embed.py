"""Who may frame the chat, and does a token in a header do what the cookie does on the page?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from channels.doors import Doors
from channels.web.embed import LOADER, loader_hash

A, B, C = "https://a.example", "https://b.example:8443", "https://c.example"
JSON = {"Accept": "application/json"}
GUIDE = Path("docs/embed.md")


@pytest.fixture
def doors(doors: Doors) -> Doors:
    return replace(doors, embed_sites={"harmony": (A, B), "*": (C,)}, public_url="https://haven.example")


@pytest.fixture
async def http(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(url) as made:
        yield made


@pytest.mark.parametrize(
    ("service", "parent", "ancestor"),
    [
        ("harmony", A, A),
        ("harmony", B, B),
        ("beacon", C, C),
        ("", C, C),
        ("harmony", "https://haven.example", "'self'"),
        ("harmony", C, None),
        ("beacon", A, None),
        ("harmony", "https://a.example.evil.example", None),
        ("harmony", "http://a.example", None),
        ("harmony", f"{A} *", None),
        ("harmony", f"{A};script-src *", None),
        ("harmony", "*", None),
        ("harmony", "null", None),
        ("harmony", "", None),
    ],
)
async def test_only_a_listed_site_may_frame_it(
    http: aiohttp.ClientSession, service: str, parent: str, ancestor: str | None
) -> None:
    asked = {"service": service, "parent": parent}
    async with http.get("/embed", params=asked, allow_redirects=False) as answer:
        policy = answer.headers["Content-Security-Policy"]
        if ancestor is None:
            assert (answer.status, answer.headers["Location"]) == (303, "/chat")
            assert policy.endswith("frame-ancestors 'none'")
            assert answer.headers["X-Frame-Options"] == "DENY"
        else:
            assert answer.status == 200
            assert policy.endswith(f"frame-ancestors {ancestor}")
            assert "X-Frame-Options" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in answer.headers
            html = await answer.text()
            assert f'data-parent="{parent}"' in html
            assert "automated assistant" in html
            assert "style=" not in html
            assert not re.search(r"<script(?![^>]*src=)", html)


@pytest.mark.parametrize("path", ["/", "/chat", "/chat/return", "/services", "/about", "/static/chat.js", "/nowhere"])
async def test_nothing_else_may_be_framed(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path) as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_a_token_in_the_header_opens_what_the_cookie_opens_and_no_cookie_is_set(
    http: aiohttp.ClientSession,
) -> None:
    async with http.post("/chat/start", data={"service": "harmony", "lang": "en-GB"}, headers=JSON) as answer:
        assert answer.status == 201
        assert "Set-Cookie" not in answer.headers
        body = await answer.json()
    assert 'role="log"' in body["main"]
    assert "Is it safe for you to chat on this device?" in body["main"]
    assert "<header" not in body["main"]
    assert "/static/chat.js" in body["head"]
    bearer = {**JSON, "Authorization": f"Bearer {body['token']}"}
    async with http.post("/chat/messages", data={"id": "1", "text": "loud music"}, headers=bearer) as answer:
        assert answer.status == 200
        assert (await answer.json())["messages"][-1]["spoken"].endswith("loud music")
    async with http.post("/chat/messages", data={"id": "2", "text": "forged"}, headers=JSON) as answer:
        assert answer.status == 401
    async with http.get("/chat/events", headers={**bearer, "Accept": "text/event-stream"}) as answer:
        assert answer.content_type == "text/event-stream"
    async with http.post("/chat/stay", data={}, headers=bearer) as answer:
        assert answer.status == 204
    async with http.post("/chat/leave", data={}, headers=bearer) as answer:
        assert answer.status == 204
        assert "Set-Cookie" not in answer.headers
        assert "Clear-Site-Data" in answer.headers
    async with http.get("/chat/since", headers=bearer) as answer:
        assert answer.status == 401


async def test_what_names_no_service_or_language_is_not_kept(http: aiohttp.ClientSession) -> None:
    async with http.post("/chat/start", data={"service": '"><x', "lang": "<en>"}, headers=JSON) as answer:
        assert answer.status == 201


async def test_a_wrong_code_is_refused_as_data(http: aiohttp.ClientSession) -> None:
    async with http.post("/chat/return", data={"code": "1", "word": "teapot"}, headers=JSON) as answer:
        assert answer.status == 403
        assert "do not open anything" in (await answer.json())["error"]["message"]


async def test_the_loader_may_be_read_from_anywhere_and_the_numbered_one_for_a_year(
    http: aiohttp.ClientSession,
) -> None:
    for path, age in (("/chat.js", "public, max-age=3600"), ("/chat-1.js", "public, max-age=31536000, immutable")):
        async with http.get(path) as answer:
            assert await answer.read() == LOADER.read_bytes()
            assert answer.content_type == "text/javascript"
            assert answer.headers["Cache-Control"] == age
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert "Set-Cookie" not in answer.headers


def test_the_guide_tells_the_hash_the_words_and_the_options_of_the_loader(doors: Doors) -> None:
    guide, loader = GUIDE.read_text("utf-8"), LOADER.read_text("utf-8")
    assert f'integrity="{loader_hash()}"' in guide
    frame = LOADER.with_name("embed.js").read_text("utf-8")
    said = set(re.findall(r'"haven:(\w+)"', loader)) | {"focus"}
    assert set(re.findall(r"`haven:(\w+)`", guide)) == said
    assert set(re.findall(r'tell\("(\w+)"\)', frame)) <= said
    options = {re.sub("([A-Z])", r"-\1", name).lower() for name in re.findall(r"\bset\.(\w+)", loader)}
    assert set(re.findall(r"`data-([a-z-]+)`", guide)) == options
    assert set(re.findall(r'emit\("(\w+)"\)', loader)) == set(re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE))
    assert doors.exit_url in loader
