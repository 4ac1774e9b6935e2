"""After somebody has left, does this device still know a word of what they said? A whole profile is searched."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright
from pytest_httpserver import HTTPServer

from channels.doors import Doors
from tests.browsers import FLAGS, chromium_path
from tests.channels.conftest import Clock

#: Fifty words that are said, and ten that are typed and never sent. No program writes the stem by itself.
STEM = "kanarienvogel"
SAID = [f"{STEM}{number:02d}" for number in range(50)]
TYPED = " ".join(f"{STEM}{number}" for number in range(90, 100))

#: Everything a page may keep in a browser, as the page itself sees it.
KEPT = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookie: document.cookie, name: window.name,
  databases: (await indexedDB.databases()).map(d => d.name), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length, state: history.state
})"""
NOTHING = {
    "local": [],
    "session": [],
    "cookie": "",
    "name": "",
    "databases": [],
    "caches": [],
    "workers": 0,
    "state": None,
}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture
def weather() -> Iterator[HTTPServer]:
    """Where leaving goes: another site, by another name, which keeps who asked and how."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        server.expect_request("/weather").respond_with_data("weather", content_type="text/html")
        server.expect_request("/favicon.ico").respond_with_data(status=204)
        yield server


@pytest.fixture
def doors(doors: Doors, weather: HTTPServer) -> Doors:
    return replace(doors, exit_url=f"http://localhost:{weather.port}/weather")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@contextmanager
def device(playwright: Playwright, profile: Path, *flags: str, **options: Any) -> Iterator[BrowserContext]:
    """Somebody's own browser, which keeps on disk whatever browsers keep."""
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium_path(), args=[*FLAGS, alone, *flags], **options
    )
    yield context
    context.close()


def tell(page: Page, url: str) -> str:
    """Say all fifty words, and type ten more. Returns the token of the chat."""
    page.goto(f"{url}/chat")
    page.click("text=Start the chat")
    page.wait_for_load_state()
    for at in range(0, 50, 10):
        page.fill("#text", " ".join(SAID[at : at + 10]))
        page.click("button.send")
        expect(page.locator("#log article.assistant").last).to_contain_text(SAID[at + 9])
    assert all(word in page.inner_text("#log") for word in SAID)
    page.fill("#text", TYPED)
    assert page.title() == "Chat"
    return token_of(page.context)


def token_of(context: BrowserContext) -> str:
    (token,) = [str(cookie["value"]) for cookie in context.cookies() if cookie["name"] == "chat"]
    return token


def by_button(page: Page) -> None:
    page.click("header >> text=Leave this page")


def by_first_link(page: Page) -> None:
    page.evaluate("document.activeElement.blur(); document.querySelector('.skip').focus()")
    page.keyboard.press("Enter")


def by_shift(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def is_dead(url: str, token: str) -> bool:
    """True once the token opens nothing, by the API and as a cookie."""
    api = requests.get(f"{url}/api/conversations/current", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    json = {"Accept": "application/json"}
    page = requests.get(f"{url}/chat/since", cookies={"chat": token}, headers=json, timeout=5)
    return (api.status_code, page.status_code) == (401, 401)


def check_is_dead(page: Page, url: str, token: str) -> None:
    """The token dies by a message that is sent while the page goes, so that much is waited for."""
    for _ in range(100):
        if is_dead(url, token):
            break
        page.wait_for_timeout(50)
    assert is_dead(url, token)


def check_everywhere(context: BrowserContext, page: Page, url: str, token: str) -> None:
    """Back, reload, the same address in a new tab, every kind of storage: not a word, and the token opens nothing."""
    check_is_dead(page, url, token)
    page.go_back()
    assert STEM not in page.content()
    assert page.title() in ("Chat", "")
    page.reload()
    assert STEM not in page.content()
    tab = context.new_page()
    tab.goto(f"{url}/chat")
    expect(tab.get_by_role("button", name="Start the chat")).to_be_visible()
    assert STEM not in tab.content()
    assert tab.evaluate(KEPT) == NOTHING
    assert context.cookies() == []


def written_in(profile: Path) -> list[str]:
    """The files of a closed browser's profile that hold the stem, in the two ways browsers write text."""
    needles = (STEM.encode(), STEM.encode("utf-16-le"), STEM.encode("utf-16-be"))
    files = [path for path in profile.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(files) > 20, "the profile is there"
    return [str(p.relative_to(profile)) for p in files if any(needle in p.read_bytes() for needle in needles)]


def rows_of(file: Path, query: str) -> list[tuple[Any, ...]]:
    copy = file.with_suffix(".copy")
    shutil.copy(file, copy)
    with closing(sqlite3.connect(copy)) as database:
        found = database.execute(query).fetchall()
    copy.unlink()
    return found


def check_disk(profile: Path, url: str) -> None:
    """What is left when the browser is closed: no word, no cookie, and a history that tells of a page named Chat."""
    assert written_in(profile) == []
    history = rows_of(profile / "Default/History", "SELECT url, title FROM urls")
    ours = {(address.removeprefix(url), title) for address, title in history if address.startswith(url)}
    assert {path.partition("#")[0] for path, _ in ours} <= {
        "/",
        "/chat",
        "/chat/start",
        "/chat/messages",
        "/chat/leave",
    }
    assert {title for _, title in ours} <= {"Chat", ""}
    cookies = [file for file in profile.rglob("Cookies") if file.is_file()]
    assert cookies
    assert [row for file in cookies for row in rows_of(file, "SELECT host_key, name FROM cookies")] == []


def left(page: Page, weather: HTTPServer, leave: Callable[[Page], None]) -> None:
    """Leave, and be on the other site, which was not told where from."""
    weather.clear_log()
    with page.expect_navigation(url="**/weather"):
        leave(page)
    asked = [request for request, _ in weather.log if request.path == "/weather"]
    assert [(request.headers.get("Referer"), request.headers.get("Cookie")) for request in asked] == [(None, None)]


def test_nothing_is_left_however_somebody_leaves(
    playwright: Playwright, profile: Path, url: str, weather: HTTPServer
) -> None:
    with device(playwright, profile) as context:
        for leave in (by_button, by_first_link, by_shift):
            page = context.new_page()
            token = tell(page, url)
            left(page, weather, leave)
            assert page.evaluate("[document.referrer, window.name, history.state]") == ["", "", None]
            check_everywhere(context, page, url, token)
    check_disk(profile, url)


def test_leaving_from_any_other_page_ends_the_chat_too(
    playwright: Playwright, profile: Path, url: str, weather: HTTPServer
) -> None:
    with device(playwright, profile) as context:
        for path in (
            "/",
            "/services",
            "/services/galop",
            "/about",
            "/safety",
            "/chat/return",
            "/chat/photos",
            "/nowhere",
        ):
            page = context.new_page()
            page.goto(f"{url}/chat")
            page.click("text=Start the chat")
            page.wait_for_load_state()
            token = token_of(context)
            page.goto(url + path)
            left(page, weather, by_shift if path == "/about" else by_button)
            check_is_dead(page, url, token)
            page.close()


def test_nothing_is_left_without_scripts(playwright: Playwright, profile: Path, url: str, weather: HTTPServer) -> None:
    with device(playwright, profile, java_script_enabled=False) as context:
        page = context.pages[0]
        token = tell(page, url)
        left(page, weather, by_button)
        check_everywhere(context, page, url, token)
    check_disk(profile, url)


def test_a_window_that_is_only_closed_leaves_no_word_either(playwright: Playwright, profile: Path, url: str) -> None:
    with device(playwright, profile) as context:
        tell(context.pages[0], url)
    assert written_in(profile) == []


def test_a_browser_that_brings_its_tabs_back_brings_back_no_word(
    playwright: Playwright, profile: Path, url: str, weather: HTTPServer
) -> None:
    with device(playwright, profile) as context:
        page = context.pages[0]
        tell(page, url)
        left(page, weather, by_shift)
    with device(playwright, profile, "--restore-last-session") as context:
        for page in [*context.pages, context.new_page()]:
            page.goto(f"{url}/chat")
            assert STEM not in page.content()
            page.go_back()
            assert STEM not in page.content()
    check_disk(profile, url)


def test_nothing_is_left_when_nobody_is_there_for_twenty_minutes(
    playwright: Playwright, profile: Path, url: str, clock: Clock
) -> None:
    with device(playwright, profile) as context:
        page = context.pages[0]
        page.clock.install(time=clock.now)
        token = tell(page, url)
        page.clock.fast_forward("10:10")
        expect(page.locator("#idle")).to_be_visible()
        assert STEM in page.inner_text("#log"), "it asks first"
        page.evaluate("scrollTo(0, 0); scrollTo(0, 500)")  # as the page does by itself: nobody is there for that
        page.wait_for_timeout(300)
        clock.now += dt.timedelta(minutes=21)
        page.clock.fast_forward("10:10")
        expect(page.get_by_role("button", name="Start the chat")).to_be_visible()
        check_everywhere(context, page, url, token)
    check_disk(profile, url)


def test_the_search_finds_what_a_page_does_keep(playwright: Playwright, profile: Path, url: str) -> None:
    with device(playwright, profile) as context:
        page = context.pages[0]
        page.goto(f"{url}/chat?{STEM}")
        page.evaluate(f"localStorage.setItem('said', '{STEM}')")
        assert page.evaluate(KEPT) == {**NOTHING, "local": ["said"]}
    found = written_in(profile)
    assert any("History" in name for name in found)
    assert any("Local Storage" in name for name in found)
    with pytest.raises(AssertionError):
        check_disk(profile, url)
