"""Can somebody who uses no mouse tell it all and be referred? Tab, Enter, arrows, letters; focus is never lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import WEATHER, focused, running_chromium, with_weather
from tests.journeys.haven import Haven
from tests.journeys.test_at_any_time import STORY

#: Each question as it comes, and its answer: "#label" presses that button, anything else is typed.
STEPS = (
    ("safe_to_talk", "#Yes, it is safe"),
    ("story", STORY),
    ("confirm_understanding", "#Yes, that is right"),
    ("happening_now", "#No"),
    ("targeted", "#Yes"),
    ("risk:1", "#No"),
    ("risk:2", "#No, none of these"),
    ("risk:3", "#I live alone"),
    ("risk:4", "#They know where I live"),
    ("wishes", "practical help"),
    ("mediation", "#No"),
    ("access_needs", "#No, nothing"),
    ("age_band", "#26 to 64"),
    ("consent:harmony", "#Yes, pass it on"),
    ("name", "Sam"),
    ("safe_contact:channel", "#Call me"),
    ("safe_contact:number", "07700 900123"),
    ("safe_contact:times", "any time"),
    ("safe_contact:voicemail", "#No"),
    ("safe_contact:neutral_name", "#Say nothing and ring off"),
    ("check_answers", "#Yes, send it"),
    ("return_word", "#Skip this"),
)
#: Nothing on a page is further away than this many presses of Tab.
FAR = 40


@pytest.fixture
def page(served: Haven) -> Iterator[Page]:
    with running_chromium() as browser:
        context = with_weather(browser.new_context(viewport={"width": 390, "height": 844}))
        yield context.new_page()


def go_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press `key` until what is called `name` has the focus; on the way something always has."""
    for _ in range(FAR):
        page.keyboard.press(key)
        here = focused(page)
        assert here != "BODY", f"the focus was lost on the way to {name!r}"
        if here == name:
            return
    raise AssertionError(f"{name!r} cannot be reached with {key}")


def answer(page: Page, text: str) -> None:
    """Answer by keyboard alone, and check where that leaves the focus."""
    here = focused(page)
    if text.startswith("#"):
        go_to(page, text[1:], "Shift+Tab" if here == "text" else "Tab")
        page.keyboard.press("Enter")
        assert focused(page) == "choices"
        return
    if here != "text":
        go_to(page, "text")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    assert focused(page) == "text"


def open_question(page: Page, question: str) -> None:
    expect(page.locator("#composer")).to_have_attribute("data-asks", question, timeout=15_000)
    expect(page.locator("article.sending, article.unsent")).to_have_count(0)


def begin(page: Page, served: Haven) -> None:
    page.goto(f"{served.url}/chat")
    go_to(page, "Start the chat")
    page.keyboard.press("Enter")
    open_question(page, "safe_to_talk")


def test_a_whole_referral_without_a_mouse(page: Page, served: Haven) -> None:
    served.forget()
    begin(page, served)
    for question, text in STEPS:
        open_question(page, question)
        before = focused(page)
        answer(page, text)
        expect(page.locator("#composer")).not_to_have_attribute("data-asks", question)
        assert focused(page) == ("choices" if text.startswith("#") else "text"), f"after {question}, from {before}"
    assert re.search(r"HV-[2-9A-Z]{4}-[2-9A-Z]{4}", page.inner_text("#log"))
    letter = served.wait_for_letters(1)[0]
    assert letter["incident"]["narrative"] == STORY
    assert letter["safe_contact"]["number"] == "+447700900123"


def test_messages_are_read_again_with_arrows_and_escape_goes_back(page: Page, served: Haven) -> None:
    begin(page, served)
    ids = page.locator("#log article").evaluate_all("all => all.map(one => one.id)")
    go_to(page, "log")
    for key, there in (("Home", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("End", -1), ("ArrowUp", -2)):
        page.keyboard.press(key)
        assert focused(page) == ids[there], key
    page.keyboard.press("Escape")
    assert focused(page) == "text"
    go_to(page, "log", "Shift+Tab")
    go_to(page, "Yes, it is safe")


def test_shift_with_tab_is_not_taken_for_leaving_and_three_shifts_are(page: Page, served: Haven) -> None:
    begin(page, served)
    go_to(page, "text")
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
    page.keyboard.type("I AM Here")
    assert page.url == f"{served.url}/chat"
    with page.expect_navigation(url=WEATHER):
        for _ in range(3):
            page.keyboard.press("Shift")
