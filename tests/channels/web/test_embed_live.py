"""On somebody else's page: does the one line do what it says and nothing more, and does leaving take the whole page?"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageChops
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Route, expect

from bot.conversations.house import ConversationHouse
from bot.conversations.line import hand_line_to, say_as_adviser
from bot.conversations.opening import conversation_by_token
from channels.doors import Doors
from channels.web.embed import LOADER, loader_hash
from tests.channels.conftest import Clock
from tests.channels.web.hosting import Site, hosted
from tests.pictures import picture

WEATHER = "https://www.bbc.co.uk/weather"
STRICT = "default-src 'none'; script-src {0}; frame-src {0}"
HOSTILE = """<style>
body * { display: none !important }
button { font-size: 80px !important } iframe { filter: invert(1); transform: scale(3) }
body { visibility: hidden; font: 40px serif; color: red }
</style>"""
HEARS = """
  window.heard = []; window.violations = [];
  if (window === window.top) {
    addEventListener('message', event => heard.push([event.origin, event.data]));
    document.addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective));
  }"""
SPY = """
  const words = ['haven:leave', 'haven:close', 'haven:focus', {type: 'haven:leave'}, null, 7];
  setInterval(() => { for (const word of words) {
    parent.postMessage(word, '*');
    for (let i = 0; i < parent.length; i++) parent[i].postMessage(word, '*');
  } }, 20)"""
NO_STORAGE = """
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore']) {
    Object.defineProperty(window, name, {get() { throw new DOMException('blocked', 'SecurityError'); }});
  }
  const blocked = () => { throw new DOMException('blocked', 'SecurityError'); };
  Object.defineProperty(document, 'cookie', {get: blocked, set: blocked});"""


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[Site, Site]]:
    with hosted() as listed, hosted() as unlisted:
        yield listed, unlisted


@pytest.fixture
def site(sites: tuple[Site, Site]) -> Site:
    return sites[0]


@pytest.fixture
def doors(doors: Doors, site: Site) -> Doors:
    return replace(doors, embed_sites={"harmony": (site.origin,)})


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1000, "height": 800}, reduced_motion="reduce")
    made.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather", content_type="text/html"))
    made.add_init_script(HEARS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    made = context.new_page()
    problems: list[str] = []
    made.on("pageerror", lambda error: problems.append(str(error)))
    yield made
    assert problems == []


def line(url: str, more: str = "") -> str:
    return f'<script src="{url}/chat.js" data-service="harmony" {more} async></script>'


def opened(page: Page, address: str) -> FrameLocator:
    """Go there and open the chat; its frame, at the first screen."""
    page.goto(address)
    page.click("button.launcher")
    frame = page.frame_locator("section.panel iframe")
    expect(frame.locator("h1")).to_be_focused()
    return frame


def begun(page: Page, frame: FrameLocator) -> str:
    """Start the chat; its token, which nobody outside the frame sees but the test."""
    with page.expect_response("**/chat/start") as answer:
        frame.locator("text=Start the chat").click()
    expect(frame.locator("#log article")).to_have_count(2)
    token: str = answer.value.json()["token"]
    return token


def say(frame: FrameLocator, text: str) -> None:
    frame.locator("#text").fill(text)
    frame.locator("button.send").click()
    expect(frame.locator("#log article.assistant").last).to_contain_text(text)


def active(page: Page) -> Any:
    return page.evaluate("document.activeElement.className")


def closed(page: Page, url: str, token: str) -> None:
    """Assert that the token opens nothing any more; the beacon may still be on its way."""
    bearer = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    for _ in range(100):
        answer = page.request.get(f"{url}/chat/since", headers=bearer)
        if answer.status == 401:
            return
        page.wait_for_timeout(50)
    pytest.fail("the old token still opens the chat")


def test_one_line_is_a_button_that_opens_the_chat(page: Page, url: str, site: Site) -> None:
    frame = opened(page, site.show(f"<h1>Council</h1>{line(url)}{line(url)}"))
    assert page.locator("button.launcher").count() == 1
    assert page.evaluate("document.querySelectorAll('body > div').length") == 1
    begun(page, frame)
    expect(frame.locator("#log")).to_be_focused()
    expect(frame.locator("#log article").first).to_be_in_viewport(ratio=1)
    say(frame, "loud music")
    expect(frame.locator("#text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("section.panel")).to_be_hidden()
    assert active(page) == "launcher"
    page.keyboard.press("Enter")
    expect(frame.locator("#text")).to_be_focused()
    expect(frame.locator("#log article.person")).to_contain_text("loud music")
    assert page.get_by_role("region", name="Chat").get_attribute("aria-label") == "Chat"


def test_it_adds_one_name_to_the_page_and_keeps_what_was_called_before(page: Page, url: str, site: Site) -> None:
    page.goto(site.show("<p>plain</p>"))
    before = set(page.evaluate("Object.keys(window)"))
    early = (
        """<script>(window.havenChat = []).push(["on", "open", event => (window.told = [event])], ["open"])</script>"""
    )
    page.goto(site.show(early + line(url, 'data-context="noise"')))
    expect(page.frame_locator("section.panel iframe").locator("h1")).to_be_visible()
    assert page.evaluate("told") == [{"event": "open", "service": "harmony", "context": "noise"}]
    # the browser itself counts the frames of a page: "0" is the first
    assert set(page.evaluate("Object.keys(window)")) - before == {"havenChat", "told", "0"}
    page.evaluate("havenChat.close()")
    expect(page.locator("section.panel")).to_be_hidden()


def test_before_the_click_nothing_is_asked_or_kept(page: Page, context: BrowserContext, url: str, site: Site) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    address = site.show(line(url))
    page.goto(address)
    expect(page.locator("button.launcher")).to_be_visible()
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)
    ours = [one for one in asked if not one.endswith("/favicon.ico")]
    assert ours == [address, f"{url}/chat.js"]
    assert context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_a_strict_policy_of_the_page_is_not_broken(page: Page, url: str, site: Site) -> None:
    frame = opened(page, site.show(line(url), Content_Security_Policy=STRICT.format(url)))
    begun(page, frame)
    say(frame, "under a strict policy")
    assert page.evaluate("violations") == []
    assert page.locator("section.panel").evaluate("panel => getComputedStyle(panel).position") == "fixed"
    page.click("button.leave")
    page.wait_for_url(WEATHER)


def test_a_page_may_pin_the_loader(page: Page, url: str, site: Site) -> None:
    pinned = f'<script src="{url}/chat-1.js" integrity="{loader_hash()}" crossorigin="anonymous" async></script>'
    page.goto(site.show(pinned))
    expect(page.locator("button.launcher")).to_be_visible()


def test_an_unlisted_site_shows_the_way_to_the_page_instead(page: Page, url: str, sites: tuple[Site, Site]) -> None:
    page.goto(sites[1].show(line(url)))
    page.click("button.launcher")
    expect(page.locator("p.late")).to_contain_text("999")
    assert page.get_attribute("p.late a >> nth=0", "href") == f"{url}/chat"
    assert "Before you start" not in "".join(frame.content() for frame in page.frames[1:])


def test_it_works_with_all_storage_blocked(page: Page, context: BrowserContext, url: str, site: Site) -> None:
    context.add_init_script(NO_STORAGE)
    frame = opened(page, site.show(line(url)))
    begun(page, frame)
    say(frame, "nothing to keep it in")
    assert context.cookies() == []


def test_what_the_page_wears_changes_nothing_inside(page: Page, url: str, site: Site) -> None:
    shots, boxes = [], []
    for name, head in (("/plain", ""), ("/hostile", HOSTILE)):
        opened(page, site.show(f"<p>words</p>{line(url)}", name, head))
        page.mouse.move(0, 0)
        frame = page.frame(url=f"{url}/embed**")
        assert frame is not None
        frame.evaluate("document.activeElement.blur()")
        box = page.locator("iframe").bounding_box()
        assert box is not None
        boxes.append(box)
        shots.append(Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB"))
        page.click("button.close")
        launcher = page.locator("button.launcher").bounding_box()
        assert launcher is not None
        boxes.append(launcher)
    assert boxes[:2] == boxes[2:]
    assert ImageChops.difference(*shots).getbbox() is None


@pytest.mark.parametrize(
    "way", ["frame", "page", "Shift in the frame", "Shift on the page", "closed, Shift", "first link"]
)
def test_leaving_takes_the_whole_page_and_ends_the_chat(
    page: Page, context: BrowserContext, url: str, site: Site, way: str
) -> None:
    referrers: list[str | None] = []
    context.on("request", lambda one: referrers.append(one.headers.get("referer")) if one.url == WEATHER else None)
    page.goto(site.show("<p>before</p>", "/before"))
    frame = opened(page, site.show(f"<h1>Council</h1><input id=own>{line(url)}"))
    token = begun(page, frame)
    say(frame, "KANARIE my story")
    frame.locator("#text").fill("KANARIE unsent")
    if way == "frame":
        frame.locator("footer >> text=Leave this page").click()
    elif way == "first link":
        frame.locator(".skip").first.press("Enter")
    elif way == "page":
        page.click("button.leave")
    else:
        if way == "Shift on the page":
            page.focus("#own")
        if way == "closed, Shift":
            page.click("button.close")
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(WEATHER)
    assert referrers == [None]
    assert page.evaluate("document.referrer") == ""
    closed(page, url, token)
    page.go_back()
    assert page.url.endswith("/before")
    page.go_forward()
    assert "KANARIE" not in page.content()
    assert context.cookies() == []


def test_a_page_that_comes_back_has_no_chat_any_more(page: Page, url: str, site: Site) -> None:
    site.show("<p>next</p>", "/next")
    frame = opened(page, site.show(f"<a href=/next>next</a>{line(url)}"))
    token = begun(page, frame)
    say(frame, "KANARIE my story")
    page.click("text=next")
    closed(page, url, token)
    page.go_back()
    expect(page.locator("button.launcher")).to_be_visible()
    assert "KANARIE" not in "".join(one.content() for one in page.frames)


def test_messages_from_elsewhere_are_ignored_and_a_listening_page_learns_nothing(
    page: Page, url: str, sites: tuple[Site, Site]
) -> None:
    site, other = sites
    spy = other.show(f"<script>{SPY}</script>", "/spy")
    frame = opened(page, site.show(f'{line(url)}<iframe id=spy src="{spy}"></iframe>'))
    begun(page, frame)
    say(frame, "KANARIE my story")
    page.wait_for_timeout(200)
    say(frame, "KANARIE more of it")
    assert page.url.startswith(site.origin)
    heard = page.evaluate("heard")
    assert [data for origin, data in heard if origin == url] == ["haven:ready", "haven:start"]
    assert any(origin == other.origin for origin, _ in heard)


def test_what_others_write_arrives_in_the_frame_also_without_a_stream(
    page: Page, context: BrowserContext, url: str, site: Site, house: ConversationHouse, clock: Clock
) -> None:
    frame = opened(page, site.show(line(url)))
    token = begun(page, frame)

    def priya(text: str) -> None:
        found = conversation_by_token(house, token, clock())
        assert found is not None
        if found.held_by != "adviser":
            hand_line_to(house, found.id, "adviser", clock())
        say_as_adviser(house, found.id, "Priya", text, clock())

    with ThreadPoolExecutor(1) as aside:
        aside.submit(priya, "I am Priya.").result()
        expect(frame.locator("article.adviser")).to_contain_text("I am Priya.")
        resumed: list[str] = []

        def refuse(route: Route) -> None:
            resumed.append(route.request.headers.get("last-event-id", ""))
            route.abort()

        context.route("**/chat/events", refuse)
        with page.expect_event("requestfailed", lambda _: bool(resumed), timeout=15_000):
            shown = frame.locator("#log article").last.get_attribute("data-id")
        assert resumed[0] == shown
        aside.submit(priya, "Still there?").result()
        expect(frame.locator("article.adviser")).to_have_count(2, timeout=15_000)


def test_a_wrong_code_is_said_where_it_was_typed_and_start_again_begins_anew(page: Page, url: str, site: Site) -> None:
    frame = opened(page, site.show(line(url)))
    frame.locator("text=Come back to an earlier chat").click()
    expect(frame.locator("h1")).to_be_focused()
    frame.locator("#code").fill("1234 5678 1234 5678")
    frame.locator("#word").fill("teapot")
    frame.locator("text=Continue").click()
    expect(frame.locator("[role=alert]")).to_contain_text("do not open anything")
    page.click("button.close")
    page.reload()
    frame = opened(page, page.url)
    token = begun(page, frame)
    say(frame, "KANARIE my story")
    frame.locator("summary:has-text('Start again')").click()
    frame.locator("text=Start again now").click()
    expect(frame.locator("#log article")).to_have_count(2)
    closed(page, url, token)


def test_it_is_small(page: Page, context: BrowserContext, url: str, site: Site) -> None:
    assert len(gzip.compress(LOADER.read_bytes())) <= 10_000
    sizes: list[int] = []
    context.on("response", lambda one: sizes.append(len(one.body())) if one.url.startswith(url) else None)
    frame = opened(page, site.show(line(url)))
    begun(page, frame)
    expect(frame.locator("#choices button").first).to_be_visible()
    assert 10_000 < sum(sizes) <= 100_000


def test_our_own_front_page_carries_the_one_line(page: Page, url: str) -> None:
    frame = opened(page, f"{url}/")
    begun(page, frame)
    say(frame, "on our own page")
    assert page.title() == "Chat"
    page.click("button.leave")
    page.wait_for_url(WEATHER)
    assert page.inner_text("body") == "weather"


def test_on_a_slow_line_nothing_can_be_sent_before_its_script_is_there(
    page: Page, context: BrowserContext, url: str, site: Site
) -> None:
    held: dict[str, list[Route]] = {"embed": [], "chat": []}
    context.route("**/static/embed.js", lambda route: held["embed"].append(route))
    context.route("**/static/chat.js", lambda route: held["chat"].append(route))
    page.goto(site.show(line(url)))
    page.click("button.launcher")
    frame = page.frame_locator("section.panel iframe")
    expect(frame.locator(".quick >> text=999")).to_be_visible()
    expect(frame.locator("text=Start the chat")).to_be_hidden()
    for route in held["embed"]:
        route.continue_()
    with page.expect_response("**/chat/start"):
        frame.locator("text=Start the chat").click()
    expect(frame.locator("#composer")).to_be_attached()
    expect(frame.locator("#composer")).to_be_hidden()
    for route in held["chat"]:
        route.continue_()
    expect(frame.locator("#composer")).to_be_visible()


def test_what_cannot_begin_is_said_with_the_numbers_in_sight(
    page: Page, context: BrowserContext, url: str, site: Site
) -> None:
    frame = opened(page, site.show(line(url)))
    context.route("**/chat/start", lambda route: route.abort())
    frame.locator("text=Start the chat").click()
    expect(frame.locator("[role=alert]")).to_contain_text("You may be offline")
    expect(frame.locator(".quick >> text=999")).to_be_visible()
    context.unroute("**/chat/start")
    begun(page, frame)


def test_an_idle_frame_warns_and_then_shows_nothing_of_the_chat(page: Page, url: str, site: Site) -> None:
    page.clock.install()
    frame = opened(page, site.show(line(url)))
    token = begun(page, frame)
    say(frame, "KANARIE my story")
    page.clock.fast_forward(10 * 60_000 + 6_000)
    expect(frame.locator("#idle")).to_be_visible()
    page.clock.fast_forward(10 * 60_000)
    page.clock.run_for(6_000)
    expect(frame.locator(".note").first).to_contain_text("nothing happened for 20 minutes")
    assert "KANARIE" not in "".join(one.content() for one in page.frames)
    closed(page, url, token)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_button_the_bar_and_the_frame(
    page: Page, url: str, sites: tuple[Site, Site], scheme: str
) -> None:
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # two literals
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(sites[1].show(f"<main><h1>Council</h1></main>{line(url)}"))
    page.click("button.launcher")
    expect(page.locator("p.late")).to_be_visible()
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, found.generate_report()
    frame = opened(page, sites[0].show(f"<main><h1>Council</h1></main>{line(url)}"))
    begun(page, frame)
    inside = page.frames[-1]
    assert inside.url.startswith(f"{url}/embed")
    for one in (page, inside):
        found = Axe().run(one, options=rules)  # type: ignore[arg-type]  # a frame answers to the same
        assert found.violations_count == 0, found.generate_report()
        assert one.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_frame_opened_by_itself_is_the_page(page: Page, url: str) -> None:
    page.goto(f"{url}/embed?parent={url}")
    page.wait_for_url(f"{url}/chat")
    assert page.locator("a.leave").is_visible()


def test_photos_and_notes_stand_in_the_place_of_the_chat(page: Page, url: str, site: Site, tmp_path: Path) -> None:
    (tmp_path / "window.jpg").write_bytes(picture(size=(900, 600)))
    frame = opened(page, site.show(line(url), Content_Security_Policy=STRICT.format(url)))
    begun(page, frame)
    say(frame, "a stone through my window")
    frame.locator("text=Add a photo").click()
    expect(frame.locator("h1:has-text('Photos')")).to_be_focused()
    expect(frame.locator("#text")).to_be_hidden()
    frame.locator("#photo").set_input_files(tmp_path / "window.jpg")
    frame.locator("#description").fill("A broken window")
    frame.locator("text=Add this photo").click()
    shown = frame.locator(".photos img")
    expect(shown).to_have_attribute("alt", "A broken window")
    expect(shown).to_have_js_property("naturalWidth", 900)
    frame.locator("button:has-text('Take it out')").click()
    expect(frame.locator(".photos img")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(frame.locator("#text")).to_be_focused()
    expect(frame.locator("#log article.person")).to_contain_text("a stone through my window")
    frame.locator("text=Keep a copy").click()
    with page.expect_download() as saved:
        frame.locator("text=Save the copy").click()
    assert saved.value.suggested_filename == "notes.txt"
    assert "a stone through my window" in saved.value.path().read_text(encoding="utf-8")
    frame.locator("text=Go back to the chat").click()
    say(frame, "and on we go")
    assert page.evaluate("violations") == []


def test_what_is_no_photo_is_refused_in_the_frame_in_words(page: Page, url: str, site: Site, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    frame = opened(page, site.show(line(url)))
    begun(page, frame)
    frame.locator("text=Add a photo").click()
    frame.locator("#photo").set_input_files(tmp_path / "page.html")
    frame.locator("text=Add this photo").click()
    expect(frame.locator("main .refused")).to_be_focused()
    expect(frame.locator("main .refused")).to_contain_text("JPEG")
