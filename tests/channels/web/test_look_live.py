"""Does the chat look right to everybody: each theme, forced colours, less motion, paper, and right to left?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.conversations.record import Message
from channels.doors import Doors
from channels.rendering import render
from channels.web.app import create_app
from tests.channels.serving import served
from tests.channels.web.test_themes import every_theme

#: Each kind of thing that the log can show, put there at once.
EVERYTHING = """html => {
  document.getElementById('log').insertAdjacentHTML('beforeend', html + `<article class="message person unsent">
  <p class="said">on a bad line</p><p class="unsent-note">Not sent yet.</p></article>`);
  document.getElementById('troubles').innerHTML = '<p>You may be offline.</p>';
  document.getElementById('writing').textContent = 'Assistant is writing';
}"""
URDU = "اگر آپ خطرے میں ہیں تو 999 پر کال کریں، یا 0808 168 9111 پر۔"
#: From left to right: the first and the last digit of a telephone link, as they are painted.
ENDS = """link => { const text = link.firstChild, box = at => { const r = document.createRange();
  r.setStart(text, at); r.setEnd(text, at + 1); return r.getBoundingClientRect(); };
  return [box(0).x, box(text.length - 1).x]; }"""


def message(number: int, sender: str, text: str, **more: str) -> Message:
    at = dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.timezone.utc)
    return Message(f"x{number}", sender, text, (), None, None, at, **more)  # type: ignore[arg-type]  # senders below


def begun(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/chat")
    page.click("text=Start the chat")
    expect(page.locator("#log article")).to_have_count(2)
    return page


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 360, "height": 740})
    yield made
    made.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_theme_can_be_read(context: BrowserContext, url: str, scheme: str) -> None:
    page = begun(context, url)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # two literals
    senders = ("person", "adviser", "notice", "assistant")
    shown = [message(n, sender, "Call 999. Ask for HV-2345-6789.", name="Priya") for n, sender in enumerate(senders)]
    page.evaluate(EVERYTHING, "".join(render("message.html", message=one) for one in shown))
    grounds = set()
    for name in {name for name, _ in every_theme()}:
        page.evaluate("name => { document.documentElement.dataset.service = name; }", name)
        found = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        grounds.add(page.evaluate("getComputedStyle(document.querySelector('.send')).backgroundColor"))
    assert len(grounds) == len(every_theme()) / 2, "each theme has a colour of its own"


def test_a_service_brings_its_theme_and_its_words(chromium: Browser, doors: Doors) -> None:
    told = replace(doors, leave_words={"beacon": "Close this page", "*": "Go to the weather"})
    with served(create_app(told, "looks")) as url:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{url}/services")
        expect(page.locator("header .leave")).to_have_text("Go to the weather")
        begun_by_program = requests.post(f"{url}/api/conversations", json={"service": "beacon"}, timeout=10)
        context.add_cookies([{"name": "chat", "value": begun_by_program.json()["token"], "url": url}])
        page.goto(f"{url}/chat")
        expect(page.locator("#log article").first).to_be_visible()
        assert page.evaluate("document.documentElement.dataset.service") == "beacon"
        assert page.locator("nav .skip").first.inner_text() == "Close this page"
        expect(page.locator("header .leave")).to_have_text("Close this page")
        assert page.title() == "Chat"
        context.close()


def test_forced_colours_show_what_is_a_button_and_who_speaks(chromium: Browser, url: str) -> None:
    context = chromium.new_context(forced_colors="active")
    page = begun(context, url)
    borders = """selector => getComputedStyle(document.querySelector(selector)).borderTopStyle +
        ' ' + parseFloat(getComputedStyle(document.querySelector(selector)).borderTopWidth)"""
    for selector in ("header .leave", ".send", ".choices button", ".message.assistant", ".composer"):
        assert page.evaluate(borders, selector) == "solid 2", selector
    context.close()


def test_nothing_moves_for_whoever_wants_less_motion(context: BrowserContext, url: str) -> None:
    page = begun(context, url)
    page.evaluate("document.querySelector('.message').classList.add('fresh')")
    name = "getComputedStyle(document.querySelector('.fresh')).animationName"
    assert page.evaluate(name) == "rise"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(name) == "none"


def test_on_paper_it_is_black_on_white_in_any_theme(chromium: Browser, url: str) -> None:
    context = chromium.new_context(color_scheme="dark")
    page = begun(context, url)
    for name in ("", "beacon"):
        page.evaluate("name => { document.documentElement.dataset.service = name; }", name)
        colours = """selector => { const s = getComputedStyle(document.querySelector(selector));
            return [s.color, s.backgroundColor]; }"""
        page.emulate_media(media="screen")
        assert page.evaluate(colours, "body")[0] != "rgb(0, 0, 0)"
        page.emulate_media(media="print")
        assert page.evaluate(colours, "body") == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        expect(page.locator("header.top")).to_be_hidden()
        expect(page.locator("#composer")).to_be_hidden()
    context.close()


def test_a_message_in_urdu_runs_right_to_left_and_its_numbers_do_not(context: BrowserContext, url: str) -> None:
    page = begun(context, url)
    html = render("message.html", message=message(1, "assistant", URDU, lang="ur", dir="rtl"))
    page.evaluate(EVERYTHING, html)
    article = page.locator("#m-x1")
    expect(article).to_have_attribute("lang", "ur")
    outer, who = article.bounding_box(), article.locator(".who b").bounding_box()
    assert outer is not None
    assert who is not None
    assert outer["x"] + outer["width"] - (who["x"] + who["width"]) < 24, "its first line begins at the right"
    assert article.evaluate("e => getComputedStyle(e.querySelector('.said')).direction") == "rtl"
    for link in article.locator("a").all():
        first, last = link.evaluate(ENDS)
        assert first < last, "a number is read from the left"
    assert article.locator("a").all_inner_texts() == ["999", "0808 168 9111"]
    squared = "getComputedStyle(document.querySelector('#m-x1')).borderBottom{}Radius"
    assert page.evaluate(squared.format("Right")) == "4px"
    assert page.evaluate(squared.format("Left")) != "4px"


def test_a_page_from_right_to_left_is_a_mirror(context: BrowserContext, url: str) -> None:
    page = begun(context, url)
    page.evaluate(EVERYTHING, render("message.html", message=message(1, "person", "yes")))
    gaps = """() => ['.mark', '.leave', '#m-x1', '.send', '.message.assistant'].map(selector => {
        const box = document.querySelector(selector).getBoundingClientRect();
        return [box.left, document.documentElement.clientWidth - box.right].map(Math.round); })"""
    before = page.evaluate(gaps)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate(gaps) == [[right, left] for left, right in before]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_went_wrong_is_not_hidden_under_the_box(context: BrowserContext, url: str) -> None:
    page = begun(context, url)
    page.emulate_media(reduced_motion="reduce")
    for number in range(3):
        page.fill("#text", f"message {number}")
        page.click("button.send")
        expect(page.locator("#log article.assistant").last).to_contain_text(f"message {number}")
    page.route("**/chat/messages", lambda route: route.abort())
    page.fill("#text", "on a bad line")
    page.click("button.send")
    expect(page.locator("#troubles")).to_contain_text("How to stay safe is under Help now.")
    trouble, box = page.locator("#troubles").bounding_box(), page.locator("#composer").bounding_box()
    assert trouble is not None
    assert box is not None
    assert trouble["y"] + trouble["height"] <= box["y"]
    assert trouble["y"] >= 0
