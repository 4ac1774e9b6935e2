"""Coming back: a word and a code open a summary; nothing is asked twice, and the words are never shown."""

from __future__ import annotations

import re

import requests

from tests.journeys.haven import Haven, Talk

STORY = (
    "My neighbour plays loud music nearly every night since August. I live in Hanley, ST1 3AB. "
    "I've told the council twice. I can't sleep."
)


def resume(haven: Haven, code: str, word: str) -> requests.Response:
    return requests.post(f"{haven.url}/api/conversations/resume", json={"code": code, "word": word}, timeout=20)


def test_a_word_and_a_code_bring_back_a_summary_and_the_open_question(haven: Haven) -> None:
    talk = Talk.begin(haven)
    talk.choose("Yes, it is safe")
    talk.say(STORY)
    talk.choose("Yes, that is right")
    talk.choose("No")
    assert talk.asks == "targeted"
    talk.say("can I come back later?")
    assert talk.asks == "return_word"
    talk.say("blue teapot")
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", talk.text)
    assert found, talk.text
    assert talk.asks == "targeted"

    assert resume(haven, found[0], "red teapot").status_code == 403
    answer = resume(haven, found[0], "Blue  Teapot")
    assert answer.status_code == 201, answer.text
    assert talk.post({"id": "a-late-message", "text": "hello"}).status_code == 401, "the old key is dead"
    back = Talk(haven, answer.json()["token"], answer.json()["messages"])
    assert "Welcome back. We talked about noise." in back.text
    assert "Nothing has been sent" in back.text
    assert not any(words in back.text for words in ("loud music", "August", "ST1 3AB"))
    assert back.asks == "safe_to_talk", "it may be another device, and another room"
    back.choose("Yes, it is safe")
    assert back.asks == "targeted"
    back.choose("Yes")
    assert back.asks == "risk:1"
    kept = requests.get(f"{haven.url}/api/conversations/current", headers=back.key, timeout=10)
    assert "loud music" not in kept.text
