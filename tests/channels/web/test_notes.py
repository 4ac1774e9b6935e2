"""Do the notes hold what was said and when, after a warning, and nothing that opens the chat again?"""

from __future__ import annotations

import re
from dataclasses import replace

import aiohttp

from bot.conversations.record import Message, Reply, Said, Turn
from channels.doors import Doors
from channels.web.app import create_app
from channels.web.notes import as_text
from tests.bot.referrals.samples import NOW
from tests.channels.serving import served

SENT = [{"reference": "HV-7K3M-9QX2", "service": "Harmony", "status": "sent"}]


def message(sender: str, text: str, asks: str | None = None) -> Message:
    return Message("id-sentinel", sender, text, (), asks, None, NOW)  # type: ignore[arg-type]


def test_who_said_what_and_when_with_the_reference() -> None:
    notes = as_text(
        [message("assistant", "What is <happening>?"), message("person", "They bang & shout.\nEvery night.")], SENT
    )
    assert "Reference: HV-7K3M-9QX2 (Harmony)" in notes
    assert "20 November 2026, 14:30\nAssistant: What is <happening>?" in notes
    assert "You: They bang & shout.\nEvery night." in notes
    assert "id-sentinel" not in notes


def test_the_word_and_the_code_to_come_back_are_left_out() -> None:
    notes = as_text(
        [
            message("assistant", "Choose a word.", "return_word"),
            message("person", "ab"),
            message("assistant", "That is short. Choose another."),
            message("person", "buttercup"),
            message("assistant", "Your code is 1234 5678 9012 3456.", "anything_else"),
            message("person", "no, thank you"),
        ],
        [],
    )
    for secret in ("buttercup", "You: ab", "1234", "3456"):
        assert secret not in notes
    assert "no, thank you" in notes
    assert "Choose a word." in notes


async def test_a_warning_first_and_then_a_file_with_a_neutral_name(doors: Doors) -> None:
    async def dialogue(said: Said, _state: object) -> Turn:
        return Turn((Reply(f"heard {said.text or 'nothing'}"),), {})

    own = replace(doors, dialogue=dialogue, referrals_of=lambda _id: SENT)
    with served(create_app(own, "notes")) as url:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            async with http.get(f"{url}/chat/notes.txt") as answer:
                assert answer.url.path == "/chat"  # nobody's notes
            async with http.post(f"{url}/chat/start") as answer:
                html = await answer.text()
            key, mark = (re.findall(rf'name="{name}" value="([^"]+)"', html)[-1] for name in ("key", "id"))
            async with http.post(f"{url}/chat/messages", data={"key": key, "id": mark, "text": "It is loud"}) as answer:
                assert answer.status == 200
            async with http.get(f"{url}/chat/notes") as answer:
                html = await answer.text()
            assert "Anybody who uses this device could find it" in html
            assert html.index("could find it") < html.index("/chat/notes.txt")
            async with http.get(f"{url}/chat/notes.txt") as answer:
                notes = await answer.text()
                assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.txt"'
                assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
                assert answer.headers["Cache-Control"] == "no-store"
    assert "You: It is loud" in notes
    assert "HV-7K3M-9QX2" in notes
    token = next(cookie.value for cookie in http.cookie_jar)
    ids = [*re.findall(r"[0-9a-f]{32}", html), key, token, mark]
    assert not [one for one in ids if one in notes]
