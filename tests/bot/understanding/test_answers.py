"""Replies are read as people write them, and None when they are not understood."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.understanding.answers import (
    is_skip,
    match_option,
    match_options,
    parse_age,
    parse_effect,
    parse_email,
    parse_frequency,
    parse_name,
    parse_phone,
    parse_place,
    parse_reported,
    parse_when,
    parse_who,
)
from bot.understanding.dates import easter

NOW = dt.datetime(2026, 11, 20, 23, 50, tzinfo=dt.timezone.utc)
YES_NO = [("yes", ["Yes"]), ("no", ["No"]), ("not_sure", ["Not sure"])]
OFTEN = [("once", ["Just once"]), ("monthly", ["About monthly"]), ("weekly", ["Most weeks"]), ("daily", ["Most days"])]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        *[(t, YES_NO, "yes") for t in ("yes", "Yeah", "yep", "yh", "y", "1", "1.", "yes please", "yeah definitely")],
        *[(t, YES_NO, "no") for t in ("no", "nah", "nope", "not really", "2", "NO", "no thanks", "no it isn't")],
        *[(t, YES_NO, "not_sure") for t in ("dunno", "idk", "I don't know", "not sure", "maybe", "3", "no idea")],
        *[
            (t, OFTEN, "monthly")
            for t in ("2", "2.", "the second", "second one", "about monthly", "abuot monthly", "number two")
        ],
        ("the last one", OFTEN, "daily"),
        ("most days", OFTEN, "daily"),
        *[(t, OFTEN, None) for t in ("", "9", "banana", "0", "???", "100")],
    ],
)
def test_one_option(text: str, options: list[tuple[str, list[str]]], expected: str | None) -> None:
    assert match_option(text, options) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 and 3", ["once", "weekly"]),
        ("1,4", ["once", "daily"]),
        ("1 4", ["once", "daily"]),
        ("all of them", ["once", "monthly", "weekly", "daily"]),
        ("most weeks and most days", ["weekly", "daily"]),
        ("2", ["monthly"]),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_several_options(text: str, expected: list[str]) -> None:
    assert match_options(text, OFTEN) == expected


def test_both_of_two() -> None:
    assert match_options("both", [("a", ["Apples"]), ("b", ["Pears"])]) == ["a", "b"]


@pytest.mark.parametrize(
    "text", ["skip", "SKIP", "rather not say", "I'd rather not say", "prefer not to say", "pass", "next question"]
)
def test_skipping(text: str) -> None:
    assert is_skip(text)


@pytest.mark.parametrize("text", ["they skip school", "yes", "next door", "he passed me", ""])
def test_not_skipping(text: str) -> None:
    assert not is_skip(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday", {"first": "2026-11-19", "last": "2026-11-19", "about": False}),
        ("last night around 11pm", {"first": "2026-11-19", "last": "2026-11-19", "time": "23:00", "about": True}),
        ("last Saturday at 23:30", {"first": "2026-11-14", "last": "2026-11-14", "time": "23:30", "about": False}),
        ("last fri nite", {"first": "2026-11-13", "last": "2026-11-13", "about": False}),
        ("on Tuesday", {"first": "2026-11-17", "last": "2026-11-17", "about": False}),
        ("3 weeks ago", {"first": "2026-10-30", "last": "2026-10-30", "about": True}),
        ("a fortnight ago", {"first": "2026-11-06", "last": "2026-11-06", "about": True}),
        ("3/4/2026", {"first": "2026-04-03", "last": "2026-04-03", "about": False}),
        ("the 5th", {"first": "2026-11-05", "last": "2026-11-05", "about": False}),
        ("Christmas Eve", {"first": "2025-12-24", "last": "2025-12-24", "about": False}),
        ("bonfire night", {"first": "2026-11-05", "last": "2026-11-05", "about": False}),
        ("since August", {"first": "2026-08-01", "about": True}),
        ("since about Easter", {"first": "2026-04-05", "about": True}),
        ("this morning", {"first": "2026-11-20", "last": "2026-11-20", "about": False}),
        ("for about two months", {"first": "2026-09-20", "about": True}),
        ("between March and June", {"first": "2026-03-01", "last": "2026-06-30", "about": True}),
        ("2 April", {"first": "2026-04-02", "last": "2026-04-02", "about": False}),
        ("Nov", {"first": "2026-11-01", "last": "2026-11-20", "about": True}),
        ("may", {"first": "2026-05-01", "last": "2026-05-31", "about": True}),
        ("2025", {"first": "2025-01-01", "last": "2025-12-31", "about": True}),
        ("may sat on my wall", None),
        ("them", None),
        ("12", None),
        ("no idea", None),
        ("", None),
    ],
)
def test_when(text: str, expected: dict[str, Any] | None) -> None:
    found = parse_when(text, NOW)
    assert ({k: v for k, v in found.items() if k != "words"} if found else None) == expected


def test_tonight_after_midnight_was_yesterday() -> None:
    found = parse_when("tonight", dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.timezone.utc))
    assert found is not None
    assert found["last"] == "2026-11-20"


def test_london_date_in_summer_time() -> None:
    found = parse_when("today", dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.timezone.utc))
    assert found is not None
    assert found["last"] == "2026-07-01"


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28")]
)
def test_easter(year: int, day: str) -> None:
    assert easter(year).isoformat() == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every night", "daily"),
        ("most weekends", "weekly"),
        ("twice a week", "weekly"),
        ("just once", "once"),
        ("now and then", "monthly"),
        ("all the time", "daily"),
        ("dunno", "not_sure"),
        ("purple", None),
    ],
)
def test_frequency(text: str, expected: str | None) -> None:
    assert parse_frequency(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", {"any": False, "reports": []}),
        ("I haven't told anyone", {"any": False, "reports": []}),
        ("yes", {"any": True, "reports": []}),
        ("rang 101", {"any": True, "reports": [{"to": "police", "count": 1}]}),
        ("the council", {"any": True, "reports": [{"to": "council", "count": 1}]}),
        ("told the police twice", {"any": True, "reports": [{"to": "police", "count": 2}]}),
        (
            "police, crime number 22/12345/26",
            {"any": True, "reports": [{"to": "police", "count": 1, "reference": "22/12345/26"}]},
        ),
        ("lamp", None),
    ],
)
def test_reported(text: str, expected: dict[str, Any] | None) -> None:
    assert parse_reported(text, NOW) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16", {"band": "16_17", "years": 16}),
        ("im sixteen", {"band": "16_17", "years": 16}),
        ("I'm 34", {"band": "26_64", "years": 34}),
        ("over 65", {"band": "65_over"}),
        ("in my 40s", {"band": "26_64"}),
        ("under 16", {"band": "under_16"}),
        ("forty-two", {"band": "26_64", "years": 42}),
        ("14 years old", {"band": "under_16", "years": 14}),
        ("old enough", None),
        ("", None),
    ],
)
def test_age(text: str, expected: dict[str, Any] | None) -> None:
    assert parse_age(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07700 900123", {"number": "+447700900123", "mobile": True}),
        ("its 07700900456 thanks", {"number": "+447700900456", "mobile": True}),
        ("+44 7911 123456", {"number": "+447911123456", "mobile": True}),
        ("01782 234234", {"number": "+441782234234", "mobile": False}),
        ("O7700 900 123", {"number": "+447700900123", "mobile": True}),
        ("12345", None),
        ("no phone", None),
    ],
)
def test_phone(text: str, expected: dict[str, Any] | None) -> None:
    assert parse_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sam@example.org", "sam@example.org"),
        ("its Sam.O@Example.ORG.", "Sam.O@example.org"),
        ("sam at example dot org", "sam@example.org"),
        ("sam@", None),
        ("none", None),
    ],
)
def test_email(text: str, expected: str | None) -> None:
    assert parse_email(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my name is Sam", "Sam"),
        ("call me Sam", "Sam"),
        ("Sam", "Sam"),
        ("sam", "Sam"),
        ("it's Zoë O'Neill", "Zoë O'Neill"),
        ("you can call me sam please", "Sam"),
        ("no", None),
        ("rather not", None),
        ("12", None),
    ],
)
def test_name(text: str, expected: str | None) -> None:
    assert parse_name(text) == expected


def test_who_place_and_effect() -> None:
    assert parse_who("my neighbour") == {
        "relationship": "neighbour",
        "known": True,
        "number": "one",
        "words": "my neighbour",
    }
    assert (parse_who("a stranger") or {})["relationship"] == "stranger"
    assert (parse_who("my ex husband") or {})["relationship"] == "ex_partner"
    assert parse_who("blue") is None
    assert parse_place("at the bus stop") == {"place": "transport", "words": "at the bus stop"}
    assert (parse_place("outside my house") or {})["place"] == "home"
    assert parse_place("blue") is None
    assert (parse_effect("cant sleep and im scared") or {})["areas"] == ["sleep", "fear"]
    assert parse_effect("blue") is None
