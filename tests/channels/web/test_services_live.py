"""Are the pages of services fit for everybody in a real browser: small, dark, forced colours, keyboard, print?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.channels.web.test_page_live import AXE_TAGS, SMALL

PATHS = (
    "/services",
    "/services?need=asb&place=ST7",
    "/services?need=hate&place=Hanley",
    "/services/galop",
    "/about",
    "/safety",
)
#: A tick box is small; the label around it is what is touched.
TOUCHED = SMALL.replace("input:not([type=hidden])", "select,label.tick,input[type=text]")
INK = "getComputedStyle(document.body).color"
CLEAR = "getComputedStyle(document.querySelector('.card, .paper')).backgroundColor"


def opened(chromium: Browser, path: str, width: int = 360, **options: object) -> Page:
    size: ViewportSize = {"width": width, "height": 740}
    context = chromium.new_context(viewport=size, **options)  # type: ignore[arg-type]  # options of the browser
    context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather", content_type="text/html"))
    page = context.new_page()
    page.goto(path)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_them(chromium: Browser, url: str, width: int, scheme: str) -> None:
    page = opened(chromium, url, width, color_scheme=scheme)
    for path in PATHS:
        page.goto(url + path)
        found = Axe().run(page, options={"runOnly": AXE_TAGS})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert page.evaluate(TOUCHED) == [], path
        assert page.title() == "Chat"
        assert page.evaluate("performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin))")
    page.context.close()


def test_headings_and_landmarks_lead_the_way(chromium: Browser, url: str) -> None:
    page = opened(chromium, f"{url}/services?need=hate&place=Hanley")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for landmark in ("banner", "main", "complementary", "contentinfo", "navigation"):
        expect(page.get_by_role(landmark)).to_have_count(1)  # type: ignore[arg-type]  # five literals
    page.click("text=Change what you look for")
    for label in ("What do you need?", "Where do you live?", "How old are you?", "A name or a word to look for"):
        expect(page.get_by_label(label)).to_be_visible()
    expect(page.get_by_label("Where do you live?")).to_have_attribute("aria-describedby", "place-hint")
    page.context.close()


def test_by_keyboard_and_without_scripts(chromium: Browser, url: str) -> None:
    page = opened(chromium, f"{url}/services", java_script_enabled=False)
    page.get_by_label("Where do you live?").focus()
    page.keyboard.type("ST4 2QY")
    page.keyboard.press("Enter")
    expect(page.get_by_text("For Stoke-on-Trent")).to_be_visible()
    assert "ST4" not in page.url
    in_view = page.locator("#now-title").bounding_box()
    assert in_view is not None
    assert 0 < in_view["y"] < 740, "the answer is what is seen first"
    page.click("h3 >> text=Samaritans")
    expect(page.get_by_role("heading", name="Samaritans")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("For Stoke-on-Trent")).to_be_visible()
    page.click("header >> text=Leave this page")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.context.close()


def test_leaving_stays_in_view_and_shift_leaves(chromium: Browser, url: str) -> None:
    page = opened(chromium, f"{url}/services")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("header >> text=Leave this page")).to_be_in_viewport()
    with page.expect_navigation(url="https://www.bbc.co.uk/weather"):
        for _ in range(3):
            page.keyboard.press("Shift")
    page.context.close()


def test_forced_colours_keep_the_edges_of_cards(chromium: Browser, url: str) -> None:
    page = opened(chromium, f"{url}/services", forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    edge = page.locator(".card").first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert edge != "0px"
    page.context.close()


@pytest.mark.parametrize("path", ["/services/harmony", "/services?need=asb&place=Hanley"])
def test_on_paper_it_is_black_on_white_with_large_numbers_and_the_time(chromium: Browser, url: str, path: str) -> None:
    page = opened(chromium, url + path, 700, color_scheme="dark")
    expect(page.locator(".always")).to_be_hidden()
    page.emulate_media(media="print")
    assert page.evaluate(INK) == "rgb(0, 0, 0)"
    assert (
        page.locator(".card, .paper").first.evaluate("e => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"
    )
    expect(page.get_by_text("As at 20 November 2026, 14:30.")).to_be_visible()
    expect(page.locator(".always")).to_contain_text("999")
    expect(page.locator(".always")).to_contain_text("0808 168 9111")
    number = page.locator(".ways a[href='tel:03301757258']").first
    expect(number).to_have_text("0330 1757 258")
    assert float(number.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 26
    for gone in ("nav", ".top", ".help", ".foot", ".ask", ".names"):
        for found in page.locator(gone).all():
            expect(found).to_be_hidden()
    page.context.close()


def test_the_page_of_a_service_fits_on_one_sheet(chromium: Browser, url: str) -> None:
    page = opened(chromium, f"{url}/services/harmony", 700)
    sheet = page.pdf(format="A4")
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") + sheet.count(b"/Type /Page/") == 1
    page.context.close()
