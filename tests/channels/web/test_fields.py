"""Does any box keep or give away what is typed into it? No memory of the browser, no spell-checker elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.house.tree import ROOT

TYPED = {"text", "tel", "email", "search", "url", "number", ""}
DATES = {"date", "month", "week", "time", "datetime-local"}


class _Fields(HTMLParser):
    def __init__(self, template: str) -> None:
        super().__init__()
        self.leaky: list[str] = []
        self.calendars: list[str] = []
        self.feed(template)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        kind = str(has.get("type", ""))
        name = f"{tag} {has.get('id') or has.get('name')}"
        if tag == "input" and kind in DATES:
            self.calendars.append(name)
        typed = tag == "textarea" or (tag == "input" and kind in TYPED)
        if typed and (has.get("autocomplete"), has.get("spellcheck")) != ("off", "false"):
            self.leaky.append(name)


TEMPLATES = sorted((ROOT / "channels").rglob("templates/*.html"))


def test_no_box_remembers_or_tells() -> None:
    assert len(TEMPLATES) > 10
    found = {path.name: _Fields(path.read_text(encoding="utf-8")).leaky for path in TEMPLATES}
    assert not {name: fields for name, fields in found.items() if fields}


def test_no_date_needs_a_calendar() -> None:
    found = {path.name: _Fields(path.read_text(encoding="utf-8")).calendars for path in TEMPLATES}
    assert not {name: fields for name, fields in found.items() if fields}


@pytest.mark.parametrize(
    "field",
    ['<input id="x">', '<textarea id="x" autocomplete="off">', '<input type="tel" id="x" spellcheck="false">'],
)
def test_a_leaky_box_is_found(field: str) -> None:
    assert _Fields(field).leaky == [f"{field[1:].split()[0]} x"]
    assert _Fields('<input type="date" id="x">').calendars == ["input x"]
