"""Which states can the pages be in? Each as a person gets there, for the tests that look at every one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Page, expect

Way = Callable[[Page, str], None]


def at(path: str) -> Way:
    """A page that is there for the asking."""

    def go(page: Page, url: str) -> None:
        page.goto(url + path)
        expect(page.locator("h1")).to_have_count(1)

    return go


def begun(page: Page, url: str) -> None:
    """The first question, with its answers."""
    page.goto(f"{url}/chat")
    page.click("text=Start the chat")
    page.wait_for_load_state()  # the scripts come last, and until then a form is a form
    expect(page.locator("#choices button")).to_have_count(2)
    expect(page.locator("#log article")).to_have_count(2)


def answered(page: Page, url: str) -> None:
    """Something was said, and a date is asked for."""
    begun(page, url)
    page.fill("#text", "They shouted at me. When does it end?\nIt was when I came home.")
    page.click("button.send")
    expect(page.locator("#log article.assistant")).to_have_count(3)
    expect(page.locator("#announcer p")).to_have_count(0)


def broken(page: Page, url: str) -> None:
    """The assistant could not work it out."""
    begun(page, url)
    page.fill("#text", "break this")
    page.click("button.send")
    expect(page.locator("article.notice")).to_be_visible()
    expect(page.locator("#announcer p")).to_have_count(0)


def offline(page: Page, url: str) -> None:
    """A message could not be sent."""
    begun(page, url)
    page.route("**/chat/messages", lambda route: route.abort())
    page.fill("#text", "are you there")
    page.click("button.send")
    expect(page.locator("article.unsent")).to_be_visible()


def too_long(page: Page, url: str) -> None:
    """What was written is refused, and back in the box."""
    begun(page, url)
    page.fill("#text", "x" * 5_001)
    page.click("button.send")
    expect(page.locator("#troubles")).to_contain_text("5,000")
    page.fill("#text", "shorter")


def idle(page: Page, url: str) -> None:
    """Nobody was there for ten minutes."""
    page.clock.install()
    begun(page, url)
    page.clock.fast_forward("10:10")
    expect(page.locator("#idle")).to_be_visible()
    expect(page.locator("#announcer p")).to_have_count(0)


def wrong_code(page: Page, url: str) -> None:
    """A code that opens nothing."""
    page.goto(f"{url}/chat/return")
    page.fill("#code", "1234 5678 1234 5678")
    page.fill("#word", "teapot")
    page.click("text=Continue")
    expect(page.get_by_role("alert")).to_be_visible()


def unfolded(page: Page, url: str) -> None:
    """Everything that can be unfolded beside a chat is."""
    begun(page, url)
    for summary in page.locator("summary").all():
        summary.click()


STATES: Mapping[str, Way] = {
    "landing": at("/"),
    "start": at("/chat"),
    "first_question": begun,
    "answered": answered,
    "broken": broken,
    "offline": offline,
    "too_long": too_long,
    "idle": idle,
    "unfolded": unfolded,
    "return": at("/chat/return"),
    "wrong_code": wrong_code,
    "not_found": at("/nowhere"),
    "safety": at("/safety"),
    "services": at("/services?need=hate&place=Hanley"),
    "service": at("/services/galop"),
    "about": at("/about"),
}
