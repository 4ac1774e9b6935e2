"""Can somebody read the whole chat by keyboard, message by message, and always get out again?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

FOCUS = "document.activeElement.id"


@pytest.fixture
def page(chromium: Browser, url: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 500}, reduced_motion="reduce")
    opened = context.new_page()
    opened.goto(f"{url}/chat")
    opened.click("text=Start the chat")
    for number in range(4):
        opened.fill("#text", f"message {number}")
        opened.keyboard.press("Enter")
        expect(opened.locator("#log article.assistant").last).to_contain_text(f"message {number}")
    yield opened
    context.close()


def ids(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('#log article')].map(e => e.id)")
    return found


def test_arrows_go_from_message_to_message(page: Page) -> None:
    shown = ids(page)
    page.locator("#log").focus()
    assert page.get_attribute("#log", "aria-describedby") == "log-keys"
    assert "arrow keys" in str(page.text_content("#log-keys"))
    went = []
    for key in ("ArrowUp", "ArrowUp", "Home", "ArrowUp", "ArrowDown", "End", "ArrowDown"):
        page.keyboard.press(key)
        went.append(page.evaluate(FOCUS))
        assert page.evaluate("document.activeElement.getBoundingClientRect().top < window.innerHeight")
    assert went == [shown[-1], shown[-2], shown[0], shown[0], shown[1], shown[-1], shown[-1]]


def test_a_message_says_who_and_what(page: Page) -> None:
    page.locator("#log").focus()
    page.keyboard.press("Home")
    here = page.locator("article:focus")
    expect(here).to_have_accessible_name("Assistant said 14:30")
    expect(here).to_have_accessible_description("Hello. I am an automated assistant, not a person and not the police.")


def test_escape_and_tab_lead_out(page: Page) -> None:
    heard = (
        "window.closing = 0; document.addEventListener('keydown', e => { if (e.key === 'Escape') window.closing++; })"
    )
    page.evaluate(heard)
    page.locator("#log").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS) == "text"
    assert page.evaluate("window.closing") == 0, "the first Escape only leaves the messages"
    page.keyboard.press("Escape")
    assert page.evaluate("window.closing") == 1
    page.locator("#log").focus()
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.getElementById('log').contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.getElementById('log').contains(document.activeElement)")


def test_page_keys_scroll_while_the_box_is_empty(page: Page) -> None:
    page.locator("#text").focus()
    below = page.evaluate("window.scrollY")
    page.keyboard.press("PageUp")
    above = page.evaluate("window.scrollY")
    assert above < below
    assert page.evaluate(FOCUS) == "text"
    page.keyboard.press("PageDown")
    assert page.evaluate("window.scrollY") > above
    page.evaluate("window.addEventListener('keydown', e => { window.taken = e.defaultPrevented; })")
    page.keyboard.press("PageUp")
    assert page.evaluate("window.taken") is True
    page.keyboard.type("some words")
    page.keyboard.press("PageUp")
    assert page.evaluate("window.taken") is False, "with words in it, the keys are the box's own"


def test_what_arrives_does_not_move_the_reader(page: Page) -> None:
    shown = ids(page)
    page.locator("#log").focus()
    page.keyboard.press("Home")
    page.evaluate(
        """() => { const said = {key: document.querySelector('[name=key]').value, id: 'a', text: 'from another tab'};
        return fetch('/chat/messages', {method: 'POST', body: new URLSearchParams(said)}); }"""
    )
    expect(page.locator("#log article.assistant").last).to_contain_text("from another tab", timeout=15_000)
    assert page.evaluate(FOCUS) == shown[0]
    expect(page.locator("#newer")).to_be_visible()


def test_asking_in_vain_moves_nothing(page: Page) -> None:
    asked: list[str] = []

    def nothing_new(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={"messages": [], "choices": "", "expects": "text", "held_by": "assistant"})

    page.route("**/chat/since**", nothing_new)
    page.evaluate("window.scrollTo(0, 0)")
    with page.expect_response("**/chat/since**", timeout=15_000):
        page.evaluate(
            """() => { const said = {key: document.querySelector('[name=key]').value, id: 'b', text: 'another tab'};
            return fetch('/chat/messages', {method: 'POST', body: new URLSearchParams(said)}); }"""
        )
    page.wait_for_timeout(300)
    assert asked
    assert page.evaluate("window.scrollY") == 0
    expect(page.locator("#newer")).to_have_count(0)
