"""Is every state of every page fit for everybody: rules of access, small screens, big text, a tree that reads well?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsers import with_weather
from tests.channels.web.states import STATES, begun
from tests.channels.web.test_page_live import AXE_TAGS, SMALL

TREES = Path(__file__).with_name("trees")
#: What these pages say is the directory's, which changes with the world.
UNKEPT = {"services", "service"}
#: Every state is seen narrow and light, wide and dark, and in colours of somebody's own.
LOOKS: tuple[tuple[int, dict[str, Any]], ...] = (
    (320, {"color_scheme": "light"}),
    (1280, {"color_scheme": "dark"}),
    (320, {"color_scheme": "dark", "forced_colors": "active"}),
)
#: With forced colours axe takes -webkit-text-fill-color for the colour of text, which it then is not.
OWN_COLOURS = {"color-contrast": {"enabled": False}}
KEEPS_ITS_COLOURS = """[...document.querySelectorAll('body, body *:not(svg, svg *)')].filter(e =>
  getComputedStyle(e).forcedColorAdjust !== 'auto').map(e => e.outerHTML.slice(0, 200))"""
#: A window of 1280 by 1024 at 400 %.
ZOOMED = {"width": 320, "height": 256}
#: WCAG 1.4.12, as much as anybody may set.
SPACING = """() => { const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }`); document.adoptedStyleSheets = [sheet]; }"""
#: Text that is cut off by its own box; what only screen readers are given is meant to be out of sight.
CUT = """[...document.querySelectorAll('main *, header *, aside *')].filter(e => {
  const style = getComputedStyle(e);
  return style.overflowX !== 'visible' && style.clipPath === 'none' && e.tagName !== 'TEXTAREA' &&
    (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) && e.clientWidth > 1;
}).map(e => e.outerHTML.slice(0, 200))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOUCHED = SMALL.replace("input:not([type=hidden])", "select,label.tick,input[type=text]")
#: WCAG 2.4.11: of what has the focus, something is in sight and not under what stays in its place.
IN_SIGHT = """() => { const e = document.activeElement, r = e.getBoundingClientRect();
for (const x of [.05, .25, .5, .75, .95]) for (const y of [.1, .5, .9]) {
  const top = document.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
  if (top && e.contains(top)) return true;
} return false; }"""


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = with_weather(chromium.new_context(viewport={"width": 390, "height": 844}))
    yield made
    made.close()


@pytest.mark.parametrize("name", STATES)
def test_everybody_can_use_it(context: BrowserContext, url: str, name: str) -> None:
    page = context.new_page()
    STATES[name](page, url)
    if name not in UNKEPT:
        check_tree(page, name)
    for width, media in LOOKS:
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(**media)
        forced = "forced_colors" in media
        found = Axe().run(page, options={"runOnly": AXE_TAGS, "rules": OWN_COLOURS if forced else {}})
        assert found.violations_count == 0, f"{width} {media}: {found.generate_report()}"
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(TOUCHED) == []
        if forced:
            assert page.evaluate(KEEPS_ITS_COLOURS) == []
    assert page.title() == "Chat"
    page.set_viewport_size(ZOOMED)
    assert page.evaluate(SIDEWAYS) <= 0
    page.evaluate(SPACING)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(CUT) == []
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    box = page.locator("header .leave").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < ZOOMED["height"] - 24, "the way out stays in sight"


def check_tree(page: Page, name: str) -> None:
    """What screen readers are given is what somebody looked at and kept in trees/."""
    tree = f"{page.locator('body').aria_snapshot()}\n"
    kept = TREES / f"{name}.yml"
    if not kept.is_file():
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(tree, encoding="utf-8")
        pytest.fail(f"{kept.name} was not there and is now: read it, and keep it if it reads well")
    assert tree == kept.read_text(encoding="utf-8"), f"delete {kept.name} and run again to see the new one"


@pytest.mark.parametrize("size", [ZOOMED, {"width": 360, "height": 640}, {"width": 1280, "height": 800}], ids=str)
def test_what_has_the_focus_is_never_hidden_under_what_stays_in_place(
    context: BrowserContext, url: str, size: Any
) -> None:
    page = context.new_page()
    for go in (begun, STATES["services"]):
        go(page, url)
        page.set_viewport_size(size)
        page.evaluate("window.scrollTo(0, 0)")
        stops = 0
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            stops += 1
            assert page.evaluate(IN_SIGHT), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
        assert stops > 8
