"""What do people see? Takes the pictures of docs/screens with the real program, its clock stopped: `make screens`."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from bot.settings import ROOT
from tests.browsers import running_chromium, with_weather
from tests.journeys.haven import Haven, running_haven

#: A Friday afternoon in winter, when services are open.
AT = "2026-11-20T14:30:00+00:00"
INTO = ROOT / "docs" / "screens"
PHONE, DESKTOP = (390, 844), (1280, 800)
#: The one thing that differs from run to run: what a made-up reference is replaced by before the picture is taken.
REFERENCE = "HV-2345-6789"
COLOURS = 128
LARGEST = 100_000

STORY = (
    "The man next door plays loud music nearly every night since August, and he shouts at my children. "
    "I live in Hanley, ST1 3AB. I have told the council twice. I can't sleep."
)
#: What is answered until each picture, as buttons or words: (question, answer).
ANSWERS = {
    "happening_now": "No",
    "speaker_role": "It happened to me",
    "targeted": "No",
    "risk:1": "No",
    "risk:2": "No, none of these",
    "risk:3": "No, nothing",
    "risk:4": "They know where I live",
    "wishes": "Practical help",
    "mediation": "No",
    "access_needs": "No, nothing",
    "age_band": "26 to 64",
    "consent:harmony": "Yes, pass it on",
    "name": "Sam",
    "safe_contact:channel": "Call me",
    "safe_contact:number": "07700 900123",
    "safe_contact:times": "Any time",
    "safe_contact:voicemail": "No",
    "safe_contact:neutral_name": "Say nothing and ring off",
}

Take = Callable[[str], None]


def main() -> None:
    INTO.mkdir(exist_ok=True)
    for old in INTO.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'haven.db'}"
        with running_haven(Path(folder), database, AT) as haven, running_chromium() as browser:
            for name, (width, height) in (("phone", PHONE), ("desktop", DESKTOP)):
                context = with_weather(
                    browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
                )
                page = context.new_page()
                walk(page, haven, _taker(page, name))
                context.close()
            context = browser.new_context(
                viewport={"width": PHONE[0], "height": PHONE[1]}, reduced_motion="reduce", color_scheme="dark"
            )
            page = context.new_page()
            _begin(page, haven)
            _taker(page, "phone-dark")("2-first-question")
            context.close()


def walk(page: Page, haven: Haven, take: Take) -> None:
    """One person's way from the first page to leaving, with a picture of each step."""
    page.goto(f"{haven.url}/chat")
    take("1-before-you-start")
    _begin(page, haven)
    take("2-first-question")
    _answer(page, "Yes, it is safe")
    _answer(page, STORY)
    take("3-your-story-in-short")
    _answer(page, "Yes, that is right")
    for _ in range(30):
        asked = page.get_attribute("#composer", "data-asks") or ""
        if asked == "check_answers":
            break
        if asked == "wishes":
            take("4-choices")
        _answer(page, ANSWERS[asked])
    take("5-check-your-answers")
    _answer(page, "Yes, send it")
    take("6-sent")
    page.route("**/chat/messages", lambda route: route.abort())
    page.fill("#text", "thank you")
    page.click("button.send")
    expect(page.locator("article.unsent")).to_be_visible()
    take("7-no-connection")
    page.unroute("**/chat/messages")
    page.goto(f"{haven.url}/chat")
    page.fill("#text", "x" * 5_001)
    page.click("button.send")
    expect(page.locator("#troubles p")).to_be_visible()
    page.fill("#text", "")
    take("8-refused")
    page.evaluate("document.body.classList.add('left')")  # what leaving does before the other page has come
    take("9-leaving")
    page.goto(f"{haven.url}/services?need=asb&place=Hanley")
    take("10-services")
    page.goto(f"{haven.url}/safety")
    take("11-stay-safe")


def _begin(page: Page, haven: Haven) -> None:
    page.goto(f"{haven.url}/chat")
    page.click("text=Start the chat")
    expect(page.locator("#choices button").first).to_be_visible()


def _answer(page: Page, words: str) -> None:
    """Press the button that says so, else type the words; then wait for the answer."""
    shown = page.locator("#log article[data-id]").count()
    button = page.locator("#choices button").get_by_text(words, exact=True)
    if button.count():
        button.first.click()
    else:
        page.fill("#text", words)
        page.click("button.send")
    expect(page.locator("#log article[data-id]").nth(shown + 1)).to_be_visible(timeout=20_000)


def _taker(page: Page, size: str) -> Take:
    def take(name: str) -> None:
        page.evaluate(
            """reference => { for (const e of document.querySelectorAll('.whole'))
            if (e.textContent.startsWith('HV-')) e.textContent = reference; }""",
            REFERENCE,
        )
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        page.wait_for_timeout(300)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        path = INTO / f"{name}-{size}.png"
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size > LARGEST:
            raise SystemExit(f"{path.name} has {path.stat().st_size} bytes: take fewer colours")

    return take


if __name__ == "__main__":
    main()
