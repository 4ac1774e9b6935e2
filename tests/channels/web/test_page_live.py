"""Does the page live up to its promises in a real browser: focus, announcements, network loss, leaving, access?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.channels.conftest import Script

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALL = """[...document.querySelectorAll('a,button,textarea,summary,input:not([type=hidden])')].filter(e =>
  e.getClientRects().length && getComputedStyle(e).display !== 'inline' &&
  !e.classList.contains('skip') && e.getBoundingClientRect().height < 43.5
).map(e => e.outerHTML)"""


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 360, "height": 740})
    made.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather", content_type="text/html"))
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(f"{url}/chat")
    opened.click("text=Start the chat")
    expect(opened.locator("#log article")).to_have_count(2)
    assert problems == []
    return opened


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.click("button.send")


def test_focus_stays_and_each_message_is_announced_once(page: Page) -> None:
    page.evaluate(
        """() => { window.heard = []; new MutationObserver(changes => changes.forEach(change =>
        change.addedNodes.forEach(node => window.heard.push(node.textContent)))
        ).observe(document.getElementById('announcer'), {childList: true}); }"""
    )
    assert page.inner_text("#announcer") == ""
    for number in range(3):
        say(page, f"message {number}")
        expect(page.locator("#log article.assistant").last).to_contain_text(f"message {number}")
        assert page.evaluate("document.activeElement.id") == "text"
    heard = page.evaluate("window.heard")
    assert heard == [f"Assistant said: {n + 2}: message {n}" for n in range(3)]
    expect(page.locator("#announcer p")).to_have_count(0)
    assert page.get_attribute("#log", "aria-live") == "off"


def test_a_quick_reply_stays_readable_and_focus_is_not_lost(page: Page) -> None:
    page.click("#choices button:has-text('Yes')")
    expect(page.locator("#log article.person .said")).to_have_text("Yes")
    expect(page.locator("#choices button")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "choices"
    page.keyboard.type("when was it")
    assert page.input_value("#text") == "when was it"
    assert page.evaluate("document.activeElement.id") == "text"


def test_by_keyboard_the_first_answer_is_one_tab_from_the_last(page: Page) -> None:
    page.locator("#choices button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#log article.assistant").last).to_contain_text("2: ")
    page.evaluate("document.getElementById('choices').innerHTML = '<button type=button>Next</button>'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Next"


def test_network_loss_keeps_the_words_and_sends_them_once(page: Page, context: BrowserContext, script: Script) -> None:
    lost = 0

    def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            route.abort()  # before the server has it
        elif lost == 2:
            route.fetch()  # the server has it, the answer is lost
            route.abort()
        else:
            route.continue_()

    page.route("**/chat/messages", lose)
    say(page, "on a bad line")
    expect(page.locator("article.unsent")).to_contain_text("Not sent yet")
    expect(page.locator("#troubles")).to_contain_text("999")
    page.click("text=Try now")
    expect(page.locator("#log article.assistant").last).to_contain_text("on a bad line", timeout=10_000)
    expect(page.locator("#log article.person")).to_have_count(1)
    assert [said.text for said in script.heard].count("on a bad line") == 1


def test_what_is_refused_goes_back_into_the_box(page: Page) -> None:
    story = "x" * 5_001
    say(page, story)
    expect(page.locator("#troubles")).to_contain_text("5,000 characters")
    assert page.input_value("#text") == story


@pytest.mark.parametrize("way", ["button", "first link", "shift"])
def test_leaving_blanks_the_page_and_back_shows_nothing(page: Page, way: str, context: BrowserContext) -> None:
    say(page, "KANARIE my story")
    expect(page.locator("#log article.assistant").last).to_contain_text("KANARIE")
    assert page.title() == "Chat"
    with page.expect_navigation(url="https://www.bbc.co.uk/weather"):
        if way == "button":
            page.click("header >> text=Leave this page")
        elif way == "first link":
            page.evaluate("document.activeElement.blur(); document.querySelector('.skip').focus()")
            page.keyboard.press("Enter")
        else:
            for _ in range(3):
                page.keyboard.press("Shift")
    assert page.evaluate("document.referrer") == ""
    page.wait_for_timeout(300)
    assert context.cookies() == []
    page.go_back()
    assert "KANARIE" not in page.content()


def test_nothing_is_kept_in_the_browser(page: Page) -> None:
    say(page, "KANARIE my story")
    expect(page.locator("#log article.assistant").last).to_contain_text("KANARIE")
    kept = page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
        (await indexedDB.databases()).length]"""
    )
    assert kept == [0, 0, "", 0]
    assert page.evaluate("performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin))")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_it(chromium: Browser, url: str, width: int, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]  # two literals
    page = context.new_page()
    for path in ("/", "/chat", "/chat/return", "start"):
        if path == "start":
            page.goto(f"{url}/chat")
            page.click("text=Start the chat")
            expect(page.locator("#choices button").first).to_be_visible()
            say(page, "break this")
            expect(page.locator("article.notice")).to_be_visible()
            page.wait_for_timeout(250)
        else:
            page.goto(url + path)
        found = Axe().run(page, options={"runOnly": AXE_TAGS})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate(SMALL) == []
    context.close()
