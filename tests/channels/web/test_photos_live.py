"""In a real browser: can the photo page be used by everybody, on a small phone, and left in one second?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.pictures import picture


@pytest.fixture(params=["light", "dark"])
def page(chromium: Browser, request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Iterator[Page]:
    """The photo page of a chat, with one photo added, as wide as a small phone."""
    (tmp_path / "a.jpg").write_bytes(picture(size=(900, 600)))
    context = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme=request.param)
    page = context.new_page()
    page.goto(f"{url}/chat")
    page.click("main button.primary")
    page.click("text=Add a photo")
    page.set_input_files("#photo", tmp_path / "a.jpg")
    page.fill("#description", "A broken window")
    page.click("text=Add this photo")
    page.wait_for_selector(".photos img")
    yield page
    context.close()


def test_no_known_fault_no_sideways_scrolling_and_large_enough_to_touch(page: Page, url: str) -> None:
    for path in ("/chat/photos", "/chat/notes"):
        page.goto(url + path)
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        heights = page.eval_on_selector_all(
            "main button, main a, main input:not([type=hidden])",
            "all => all.map(e => e.getBoundingClientRect().height)",
        )
        assert min(heights) >= 44
    page.goto(f"{url}/chat/photos")
    assert page.get_by_role("img", name="A broken window").evaluate("e => e.complete && e.naturalWidth") == 900


def test_leaving_from_here_ends_the_chat(page: Page, url: str) -> None:
    mine = str(page.locator(".photos img").get_attribute("src"))
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>"))
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    for _ in range(100):  # the beacon outlives the page, so no page can wait for it
        if page.request.get(url + mine).status == 404:
            break
        page.wait_for_timeout(50)
    assert page.request.get(url + mine).status == 404
    page.goto(f"{url}/chat/photos")
    assert page.url == f"{url}/chat"
