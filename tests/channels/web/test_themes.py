"""Can everybody read every theme? The contrast of each pair of colours that is used, in the light and in the dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.directory import load_directory
from tests.house.tree import ROOT

STATIC = ROOT / "channels/web/static"
THEMES = STATIC / "themes.css"
GROUNDS = ("ground", "paper", "mine", "warm")
#: What is read, on what it may stand: (ink, ground).
TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "deep", "alert") for ground in GROUNDS),
    ("on-deep", "deep"),
    ("on-leave", "leave"),
    ("paper", "alert"),
]
#: What is only seen: borders that carry a meaning, and the ring around what has focus.
SEEN = [
    *(("focus", ground) for ground in GROUNDS),
    ("warm-line", "warm"),
    ("warm-line", "paper"),
    ("leave", "paper"),
    ("deep", "paper"),
    ("soft", "paper"),
]
Tokens = dict[str, str]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it; `colour` is #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def media(css: str) -> tuple[str, dict[str, str]]:
    """A style sheet taken apart: what holds always, and what holds in each @media."""
    inside: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        inside[found["query"].strip()] = inside.get(found["query"].strip(), "") + found["body"]
        return ""

    always = re.sub(r"@media(?P<query>[^{]*)\{(?P<body>(?:[^{}]*\{[^{}]*\})*[^{}]*)\}", take, without_comments(css))
    return always, inside


def themes_in(css: str) -> dict[str, Tokens]:
    """The tokens that each theme sets; the plain one is named by nothing."""
    rules = re.findall(r':root(?:\[data-service="([^"]+)"\])?\s*\{([^}]*)\}', css)
    return {name: dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})\b", body)) for name, body in rules}


def every_theme() -> dict[tuple[str, str], Tokens]:
    """All tokens of each theme, in the light and in the dark."""
    always, inside = media(THEMES.read_text(encoding="utf-8"))
    light, dark = themes_in(always), themes_in(inside["(prefers-color-scheme: dark)"])
    assert set(light) == set(dark), "a theme needs its colours for the dark too"
    shown = {(name, "light"): {**light[""], **tokens} for name, tokens in light.items()}
    # the browser lets a theme's own light colour win over the plain dark one: it is the more exact rule
    return shown | {(name, "dark"): {**light[""], **dark[""], **light[name], **dark[name]} for name in dark}


@pytest.mark.parametrize(("name", "scheme"), sorted(every_theme()))
def test_every_pair_can_be_read(name: str, scheme: str) -> None:
    tokens = every_theme()[name, scheme]
    faint = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in TEXT}
    assert not {pair: ratio for pair, ratio in faint.items() if ratio < 4.5}
    unseen = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in SEEN}
    assert not {pair: ratio for pair, ratio in unseen.items() if ratio < 3}


def test_paper_is_black_on_white_whatever_the_theme() -> None:
    _, inside = media(THEMES.read_text(encoding="utf-8"))
    assert re.search(r":root, :root\[data-service\]\s*\{", inside["print"]), "as exact as a theme, and after it"
    printed = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})\b", inside["print"]))
    known = every_theme()["", "light"] | printed
    assert not [pair for pair in TEXT if contrast(known[pair[0]], known[pair[1]]) < 4.5 and "leave" not in pair]


def test_every_theme_is_a_service_s() -> None:
    assert {name for name, _ in every_theme()} - {""} <= set(load_directory().services)


def pages_styles() -> list[Path]:
    """The style sheets of our own pages: those that a template links."""
    linked = {
        name
        for template in (ROOT / "channels").rglob("templates/*.html")
        for name in re.findall(r'href="/static/([a-z-]+\.css)"', template.read_text(encoding="utf-8"))
    }
    return sorted(STATIC / name for name in linked - {THEMES.name})


def test_no_page_has_a_colour_of_its_own() -> None:
    assert {path.name for path in pages_styles()} >= {"chat.css", "services.css", "receiver.css"}
    found = {path.name: re.findall(r"#[0-9a-f]{3,8}\b(?=[^{}]*\})", on_screen(path)) for path in pages_styles()}
    assert not {name: colours for name, colours in found.items() if colours}


def on_screen(path: Path) -> str:
    always, inside = media(path.read_text(encoding="utf-8"))
    return always + "".join(body for query, body in inside.items() if query != "print")


def test_every_pair_that_is_used_is_computed() -> None:
    used = set()
    for path in pages_styles():
        for body in re.findall(r"\{([^{}]*)\}", on_screen(path)):
            ground = re.search(r"background:\s*var\(--([a-z-]+)\)", body)
            ink = re.search(r"(?:^|[\s;])color:\s*var\(--([a-z-]+)\)", body)
            if ground and ink:
                used.add((ink[1], ground[1]))
    assert len(used) > 5
    assert not used - set(TEXT)


def test_a_faint_pair_is_found() -> None:
    assert round(contrast("#000000", "#ffffff")) == 21
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")
    assert themes_in(':root { --ink: #000000; } :root[data-service="x"] { --ink: #111111; }') == {
        "": {"ink": "#000000"},
        "x": {"ink": "#111111"},
    }
