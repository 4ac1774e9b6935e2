"""No fixed address, and a place that is not the home: heard when said, never when others are spoken of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import load_directory
from bot.directory.whereabouts import find_happened, holds_postcode, unsettled

DIRECTORY = load_directory()


@pytest.mark.parametrize(
    "text",
    [
        "no fixed abode",
        "NFA",
        "I am homeless",
        "homeless",
        "sofa surfing",
        "staying on friends sofas",
        "living in my car",
        "sleeping rough in Watford",
        "in a hostel in Stoke",
        "B&B, emergency",
        "temporary accommodation",
        "traveller site",
        "we're on a travellers' site near Leek",
        "gypsy and traveller site",
        "on a narrowboat",
        "I don’t have an address",
        "nowhere at the moment",
    ],
)
def test_no_fixed_address_is_an_answer(text: str) -> None:
    assert unsettled(text, lenient=True) == "no_fixed_address"


@pytest.mark.parametrize("text", ["I'm in a women's refuge", "refuge", "a safe house in Stoke"])
def test_a_refuge_is_its_own_answer(text: str) -> None:
    assert unsettled(text, lenient=True) == "refuge"


@pytest.mark.parametrize("text", ["ST1 4LA", "Burnley", "the car park behind the shops", "a flat in Leek", "skip", ""])
def test_an_address_is_none_of_these(text: str) -> None:
    assert unsettled(text, lenient=True) is None


@pytest.mark.parametrize("text", ["I'm homeless at the moment", "I've been sofa surfing", "I am living in my car"])
def test_a_story_may_say_it_of_the_speaker(text: str) -> None:
    assert unsettled(text) == "no_fixed_address"


@pytest.mark.parametrize(
    "text",
    [
        "homeless people fight outside my door",
        "there is a traveller site behind us",
        "he lives in his car",
        "the hostel next door is loud",
        "someone is sleeping rough in our doorway",
        "they threw the refuse bags in my garden",
    ],
)
def test_a_story_about_others_does_not(text: str) -> None:
    assert unsettled(text) is None


@pytest.mark.parametrize(
    ("text", "happened", "home"),
    [
        ("I live in Crewe but it happened in Hanley", "stoke_on_trent", "Crewe"),
        ("it was at my mum's in Leek", "staffordshire_moorlands", None),
        ("It happened at my mums house in Leek, Staffordshire, last week", "staffordshire_moorlands", None),
        ("I live in Stafford and I was attacked at work in Hanley", "stoke_on_trent", "Stafford"),
        ("It happened in Hanley, Stoke-on-Trent", "stoke_on_trent", None),
        ("It took place in Longton, Lancashire", "south_ribble", None),
        ("It happened on the bus near Watford station but I live in Luton", "watford", "Luton"),
        ("happened at ST1 4LA and I live at WD17 1JA", "stoke_on_trent", "WD17 1JA"),
        ("I was visiting my nan in Chorley", "chorley", None),
    ],
)
def test_where_it_happened_is_not_taken_for_the_home(text: str, happened: str, home: str | None) -> None:
    there = find_happened(DIRECTORY.atlas, text)
    assert there is not None
    assert there.authority == happened
    assert text[there.start : there.end] == there.words
    lived = DIRECTORY.find_area(text)
    assert (lived.words if lived else None) == home


@pytest.mark.parametrize(
    "text",
    [
        "I live at my mum's in Leek",
        "it happened outside our flat. I live in Burnley",
        "it happened because I live in Crewe",
        "at our house in Leek",
        "they shout at us and it's getting worse in Burslem",
        "",
    ],
)
def test_a_home_is_not_taken_for_where_it_happened(text: str) -> None:
    assert find_happened(DIRECTORY.atlas, text) is None


def test_an_answer_that_names_both_is_read_as_both() -> None:
    text = "I live in Crewe but it happened in Hanley"
    home = DIRECTORY.find_area(text, lenient=True)
    assert home is not None
    assert (home.place, home.outside) == ("Crewe", True)


@pytest.mark.parametrize(("text", "held"), [("refuge, st1 4la", True), ("a refuge in ST1", False), ("refuge", False)])
def test_a_whole_postcode_is_noticed(text: str, held: bool) -> None:
    assert holds_postcode(text) is held


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    match = find_happened(DIRECTORY.atlas, text)
    assert match is None or text[match.start : match.end] == match.words
    assert unsettled(text) in (None, "refuge", "no_fixed_address")
