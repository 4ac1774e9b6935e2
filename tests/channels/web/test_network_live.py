"""On a bad line: is each message kept once and in order, does anybody wait without a word, and what resumes?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bot.conversations.house import ConversationHouse
from bot.conversations.line import hand_line_to, say_as_adviser
from bot.conversations.opening import conversation_by_token
from bot.conversations.transcript import history
from channels.doors import Doors, Limits
from tests.browsers import WEATHER, focused
from tests.channels.conftest import Clock, Script
from tests.channels.cutting import Fate, Line, line_to

T = TypeVar("T")
MESSAGES = "/chat/messages"
EVENTS = "/chat/events"
CUTS: tuple[Fate, ...] = ("before", "after", "midway")
#: A page that is told again and again that the line is back, so that it need not wait for its own next try.
TRY_AGAIN = "setInterval(() => window.dispatchEvent(new Event('online')), 20)"


@pytest.fixture
def doors(doors: Doors) -> Doors:
    limits = Limits(messages_a_minute=1_000, turn_seconds=2.0, poll_seconds=0.05, stream_seconds=60.0)
    return replace(doors, limits=limits)


@pytest.fixture
def line(url: str) -> Iterator[Line]:
    with line_to(url) as made:
        yield made


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 360, "height": 740})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, line: Line) -> Page:
    opened = context.new_page()
    opened.goto(f"{line.url}/chat")
    opened.click("text=Start the chat")
    opened.wait_for_load_state()
    expect(opened.locator("#log article")).to_have_count(2)
    return opened


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def said_on(page: Page) -> list[str]:
    """What the person said, as the page shows it."""
    return page.locator("#log article.person .said").all_inner_texts()


def shown_on(page: Page) -> list[str]:
    """Every message on the page, by id."""
    found: list[str] = page.locator("#log article").evaluate_all("all => all.map(one => one.dataset.id)")
    return found


def token_of(context: BrowserContext) -> str:
    return next(str(cookie["value"]) for cookie in context.cookies() if cookie["name"] == "chat")


def aside(call: Callable[..., T], *arguments: object) -> T:
    """Call something of the database's in a thread: a driven browser keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call, *arguments).result()


def stored(house: ConversationHouse, token: str, clock: Clock) -> list[str]:
    """What the person said, as the database has it, in order."""
    conversation = aside(conversation_by_token, house, token, clock())
    assert conversation is not None
    return [m.text for m in aside(history, house, conversation) if m.sender == "person"]


def adviser_says(house: ConversationHouse, token: str, clock: Clock, text: str) -> None:
    conversation = aside(conversation_by_token, house, token, clock())
    assert conversation is not None
    if conversation.held_by != "adviser":
        aside(hand_line_to, house, conversation.id, "adviser", clock())
    aside(say_as_adviser, house, conversation.id, "Priya", text, clock())


def test_a_hundred_cuts_lose_nothing_say_nothing_twice_and_keep_the_order(
    page: Page, context: BrowserContext, line: Line, house: ConversationHouse, script: Script, clock: Clock
) -> None:
    asked = count()
    # Every second time it is asked the line breaks, each time in the next of three ways.
    line.fate = lambda path: "well" if path != MESSAGES or (n := next(asked)) % 2 else CUTS[n // 2 % 3]
    page.evaluate(TRY_AGAIN)
    expected = [f"message {number}" for number in range(100)]
    for start in range(0, 100, 10):
        for text in expected[start : start + 10]:
            say(page, text)
        expect(page.locator("#log article.person[data-id]")).to_have_count(start + 10, timeout=20_000)
        expect(page.locator("#log article.unsent, #log article.sending")).to_have_count(0)
    assert line.cuts >= 100
    assert said_on(page) == expected
    assert stored(house, token_of(context), clock) == expected
    assert [said.text for said in script.heard if said.text] == expected
    answers = page.locator("#log article.assistant").all_inner_texts()[2:]
    assert [text in answer for text, answer in zip(expected, answers, strict=True)] == [True] * 100
    expect(page.locator("#troubles")).to_be_empty()
    before = shown_on(page)
    line.fate = lambda _path: "well"
    page.reload()
    assert shown_on(page) == before, "the page shows what the server has, in its order"


def test_words_that_wait_stay_in_sight_while_another_tab_speaks(
    page: Page, context: BrowserContext, line: Line
) -> None:
    other = context.new_page()
    other.goto(f"{line.url}/chat")
    fates: list[Fate] = ["well", "never"]
    line.fate = lambda path: fates.pop() if path == MESSAGES and fates else "well"
    say(page, "first of this tab")
    say(page, "second of this tab")
    say(other, "meanwhile")
    expect(other.locator("#log article.assistant").last).to_contain_text("meanwhile")
    fates[:] = ["before"] * 50 + ["well"]
    line.hang_up(MESSAGES)
    page.evaluate(TRY_AGAIN)
    expect(page.locator("#log article[data-id].person")).to_have_count(2)
    expect(page.locator("article.unsent")).to_contain_text("second of this tab")
    fates.clear()
    expect(page.locator("#log article[data-id].person")).to_have_count(3)
    assert said_on(page) == ["meanwhile", "first of this tab", "second of this tab"]


def test_whoever_leaves_is_not_brought_back_by_an_answer_that_comes_late(
    page: Page, context: BrowserContext, house: ConversationHouse, clock: Clock
) -> None:
    token = token_of(context)

    def once_it_is_over(route: Route) -> None:
        while aside(conversation_by_token, house, token, clock()) is not None:
            page.wait_for_timeout(20)
        route.continue_()

    def slowly(route: Route) -> None:
        page.wait_for_timeout(800)
        route.fulfill(body="weather", content_type="text/html")

    page.route(f"**{MESSAGES}", once_it_is_over)
    context.route(f"{WEATHER}**", slowly)
    say(page, "I must go")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    with page.expect_response(lambda answer: answer.url.endswith(MESSAGES)) as answer:
        page.keyboard.press("Shift")
    assert answer.value.status == 401
    page.wait_for_url(WEATHER)
    assert page.inner_text("body") == "weather"


def test_what_is_refused_does_not_take_the_place_of_what_is_being_written(page: Page, line: Line) -> None:
    fates: list[Fate] = ["never"]
    line.fate = lambda path: fates.pop() if path == MESSAGES and fates else "well"
    say(page, "x" * 5_001)
    page.fill("#text", "and then")
    line.hang_up(MESSAGES)
    page.evaluate(TRY_AGAIN)
    expect(page.locator("#troubles")).to_contain_text("5,000 characters")
    assert page.input_value("#text") == "x" * 5_001 + "\nand then"


@pytest.mark.parametrize("fate", ["never", "before"])
def test_nobody_waits_ten_seconds_without_plain_words_and_numbers(page: Page, line: Line, fate: Fate) -> None:
    page.clock.install()
    line.fate = lambda path: fate if path == MESSAGES else "well"
    say(page, "is anybody there")
    expect(page.locator("#log article.person")).to_have_count(1)
    page.clock.run_for(10_500)
    expect(page.locator("#troubles")).to_contain_text("999")
    expect(page.locator("#troubles")).to_contain_text("0808 168 9111")
    expect(page.locator("#writing")).to_be_empty()
    expect(page.locator("article.unsent")).to_contain_text("is anybody there")
    expect(page.locator("#text")).to_be_enabled()
    line.fate = lambda _path: "well"
    page.click("text=Try now")
    expect(page.locator("#log article.assistant").last).to_contain_text("is anybody there")
    expect(page.locator("#troubles")).to_be_empty()
    assert said_on(page) == ["is anybody there"]


def test_trying_again_by_keyboard_does_not_lose_the_focus(page: Page, line: Line) -> None:
    fates: list[Fate] = ["before"]
    line.fate = lambda path: fates.pop() if path == MESSAGES and fates else "well"
    say(page, "on a bad line")
    page.locator("text=Try now").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#log article.assistant").last).to_contain_text("on a bad line")
    assert focused(page) == "text"


def test_the_question_whether_somebody_is_there_goes_without_taking_the_focus_along(page: Page) -> None:
    page.clock.install()
    page.reload()
    page.clock.fast_forward("10:10")
    page.locator("#still-here").focus()
    page.keyboard.press("ArrowDown")
    page.clock.fast_forward("00:10")
    expect(page.locator("#idle")).to_be_hidden()
    assert focused(page) == "text"


def test_a_page_that_is_never_answered_tries_again_by_itself(page: Page, line: Line, script: Script) -> None:
    page.clock.install()
    fates: list[Fate] = ["never"]
    line.fate = lambda path: fates.pop() if path == MESSAGES and fates else "well"
    say(page, "still here")
    expect(page.locator("#log article.person")).to_have_count(1)
    page.clock.run_for(60_000)
    expect(page.locator("#log article.assistant").last).to_contain_text("still here")
    assert [said.text for said in script.heard].count("still here") == 1


def test_two_tabs_of_one_chat_stay_in_step(page: Page, context: BrowserContext, line: Line) -> None:
    other = context.new_page()
    other.goto(f"{line.url}/chat")
    tabs = (page, other)
    for number in range(6):
        say(tabs[number % 2], f"from tab {number % 2}: {number}")
        for tab in tabs:
            expect(tab.locator("#log article.assistant").last).to_contain_text(f": {number}")
    say(page, "both at")
    say(other, "once")
    for tab in tabs:
        expect(tab.locator("#log article.person[data-id]")).to_have_count(8)
        expect(tab.locator("#log article.assistant")).to_have_count(10)
    assert shown_on(page) == shown_on(other)
    assert said_on(page)[:6] == [f"from tab {n % 2}: {n}" for n in range(6)]
    page.click("header >> text=Leave this page", no_wait_after=True)
    expect(other.get_by_role("button", name="Start the chat")).to_be_visible()
    assert "from tab" not in other.content()


def test_the_stream_resumes_after_the_last_event_it_had(
    page: Page, context: BrowserContext, line: Line, house: ConversationHouse, clock: Clock
) -> None:
    adviser_says(house, token_of(context), clock, "I am Priya.")
    expect(page.locator("#log article.adviser")).to_have_count(1)
    last = shown_on(page)[-1]
    line.hang_up(EVENTS)
    adviser_says(house, token_of(context), clock, "Can you hear me?")
    expect(page.locator("#log article.adviser")).to_have_count(2)
    streams = [event for path, event in line.asked if path == EVENTS]
    assert streams == ["", last]
    expect(page.locator("#log article")).to_have_count(4)


@pytest.mark.parametrize("fate", ["before", "never", "held back"])
def test_where_streams_are_blocked_the_page_asks_for_what_is_new(
    context: BrowserContext, line: Line, house: ConversationHouse, clock: Clock, fate: Fate
) -> None:
    line.fate = lambda path: fate if path == EVENTS else "well"
    page = context.new_page()
    page.clock.install()
    page.goto(f"{line.url}/chat")
    page.click("text=Start the chat")
    page.wait_for_load_state()
    expect(page.locator("#log article")).to_have_count(2)
    adviser_says(house, token_of(context), clock, "I am Priya.")
    page.clock.run_for(11_000)
    expect(page.locator("#log article.adviser")).to_contain_text("I am Priya.")
    adviser_says(house, token_of(context), clock, "Can you hear me?")
    page.clock.run_for(11_000)
    expect(page.locator("#log article.adviser")).to_have_count(2)


def test_what_arrives_while_something_is_being_sent_is_shown_too(
    page: Page, context: BrowserContext, line: Line, house: ConversationHouse, clock: Clock
) -> None:
    adviser_says(house, token_of(context), clock, "I am Priya.")
    expect(page.locator("#log article.adviser")).to_have_count(1)
    answered = asyncio.Event()

    def hold(route: Route) -> None:
        response = route.fetch()  # the answer is made now, and arrives later
        adviser_says(house, token_of(context), clock, "I was typing too.")
        page.wait_for_timeout(300)
        route.fulfill(response=response)
        answered.set()

    page.route(f"**{MESSAGES}", hold)
    say(page, "hello Priya")
    expect(page.locator("#log article.person[data-id]")).to_have_count(1)
    expect(page.locator("#log article.adviser")).to_have_count(2)
    assert answered.is_set()
