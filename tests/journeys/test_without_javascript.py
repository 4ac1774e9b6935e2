"""A whole referral by form posts alone: what a page without JavaScript, or an old phone, can do."""

from __future__ import annotations

import re
from html import unescape

import requests

from tests.journeys.haven import Haven
from tests.journeys.test_at_any_time import STEPS, STORY


class Page:
    """The chat page as a browser without scripts sees it."""

    def __init__(self, haven: Haven) -> None:
        self.haven, self.browser = haven, requests.Session()
        self.html = self.browser.get(f"{haven.url}/chat", timeout=20).text
        self.html = self.browser.post(f"{haven.url}/chat/start", timeout=20).text

    @property
    def asks(self) -> str:
        return re.findall(r'<form id="composer"[^>]*data-asks="([^"]*)"', self.html)[0]

    def answer(self, text: str) -> None:
        form = {name: re.findall(rf'name="{name}" value="([^"]*)"', self.html)[-1] for name in ("key", "id")}
        choices = re.findall(r'name="choice" value="([^"]*)"[^>]*><bdi>(.*?)</bdi>', self.html)
        wanted = next((value for value, label in choices if unescape(label) == text.removeprefix("#")), None)
        said = {"choice": wanted, "text": ""} if wanted else {"text": text}
        answer = self.browser.post(f"{self.haven.url}/chat/messages", data={**form, **said}, timeout=20)
        assert answer.status_code == 200, answer.text[:2000]
        self.html = answer.text


def test_a_whole_referral_by_form_posts(haven: Haven) -> None:
    page = Page(haven)
    for question, text in STEPS:
        assert page.asks == question
        page.answer(text)
    assert re.search(r"HV-[2-9A-Z]{4}-[2-9A-Z]{4}", page.html)
    letter = haven.wait_for_letters(1)[0]
    assert letter["incident"]["narrative"] == STORY
    assert letter["channel"] == "web"
