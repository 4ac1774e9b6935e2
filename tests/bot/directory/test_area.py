"""Where a text points to: said when sure, left open when not, and "outside" said as outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import Directory, load_directory
from bot.directory.area import AreaMatch

DIRECTORY: Directory = load_directory()


def find(text: str, lenient: bool = False) -> AreaMatch | None:
    return DIRECTORY.find_area(text, lenient)


def seen(text: str, lenient: bool = False) -> tuple[str | None, str | None]:
    match = find(text, lenient)
    assert match is not None, text
    return match.group, match.authority


@pytest.mark.parametrize(
    ("text", "group", "authority"),
    [
        ("I live at 4 High Street ST1 4LA", "staffordshire_stoke", "stoke_on_trent"),
        ("kids outside our house in wd17 1ja", "hertfordshire", "watford"),
        ("It's bb111aa every night", "lancashire", "burnley"),
        ("we are in ST13", "staffordshire_stoke", "staffordshire_moorlands"),
        ("i live in st6", "staffordshire_stoke", None),
        ("I live in Kidsgrove ST7", "staffordshire_stoke", "newcastle_under_lyme"),
        ("my mum lives in Hemel Hempstead", "hertfordshire", "dacorum"),
        ("they hang round st. albans station", "hertfordshire", "st_albans"),
        ("bishops stortford", "hertfordshire", "east_hertfordshire"),
        ("newcastle under lyme is getting worse", "staffordshire_stoke", "newcastle_under_lyme"),
        ("Hanley, Stoke-on-Trent", "staffordshire_stoke", "stoke_on_trent"),
        ("in Nelson they shout at us", "lancashire", "pendle"),
        ("i live in stone", "staffordshire_stoke", "stafford"),
        ("Stone, Staffordshire", "staffordshire_stoke", "stafford"),
        ("they threw a stone at my window in Stone", "staffordshire_stoke", "stafford"),
        ("in Leek town centre", "staffordshire_stoke", "staffordshire_moorlands"),
        ("live in Cheadle, Staffordshire", "staffordshire_stoke", "staffordshire_moorlands"),
        ("West Lancs council came", "lancashire", "west_lancashire"),
        ("Lancashire Police know", "lancashire", None),
        ("I live in Watford and it happened in London", "hertfordshire", "watford"),
        ("I live in Stafford but work in Walsall", "staffordshire_stoke", "stafford"),
        ("moved from Watford to Hanley", "staffordshire_stoke", "stoke_on_trent"),
        ("I live in Longton, Stoke-on-Trent", "staffordshire_stoke", "stoke_on_trent"),
        ("ST7 is our postcode, we live in Staffordshire", "staffordshire_stoke", None),
    ],
)
def test_places_said_in_a_story(text: str, group: str, authority: str | None) -> None:
    match = find(text)
    assert match is not None
    assert (match.group, match.authority, match.certain) == (group, authority, True)
    assert text[match.start : match.end] == match.words


@pytest.mark.parametrize(
    "text",
    [
        "they threw a stone at me",
        "set in stone",
        "made of stone",
        "leek soup",
        "stoke the fire",
        "I wasn't aware of ware",
        "my neighbour Nelson shouts all night",
        "Preston said he would kill me",
        "Burnley Road is a mess",
        "a Stoke City fan spat at me",
        "he is from Burnley",
        "he used to live in Stevenage",
        "it herts me",
        "stuck behind him on the M6 and the A50",
        "asked me1 2it",
        "ring at 5pm or 6pm, flat 3B",
        "5T4 2QY",
        "three rivers flooded",
        "I'm 16 and he's 42",
        "my mum is in London",
        "",
    ],
)
def test_words_that_only_look_like_places(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize(
    ("text", "group", "authority"),
    [
        ("stone", "staffordshire_stoke", "stafford"),
        ("leek", "staffordshire_stoke", "staffordshire_moorlands"),
        ("burnly", "lancashire", "burnley"),
        ("skelmersdail", "lancashire", "west_lancashire"),
        ("Stevenege", "hertfordshire", "stevenage"),
        ("hertfrd", "hertfordshire", "east_hertfordshire"),
        ("st 13", "staffordshire_stoke", "staffordshire_moorlands"),
        ("ST7 8", "staffordshire_stoke", "newcastle_under_lyme"),
        ("Longton, Stoke", "staffordshire_stoke", "stoke_on_trent"),
        ("Longton, Lancashire", "lancashire", "south_ribble"),
        ("ST7, Newcastle", "staffordshire_stoke", "newcastle_under_lyme"),
        ("STI 4LA", "staffordshire_stoke", "stoke_on_trent"),
        ("5t1 4la", "staffordshire_stoke", "stoke_on_trent"),
        ("ST14LA.", "staffordshire_stoke", "stoke_on_trent"),
        ("on the corner by the park in burnly, every night", "lancashire", "burnley"),
        ("it is in the car park behind the shops in leek", "staffordshire_stoke", "staffordshire_moorlands"),
        ("tamworth borough council", "staffordshire_stoke", "tamworth"),
    ],
)
def test_answers_to_where_are_read_kindly(text: str, group: str, authority: str) -> None:
    assert seen(text, lenient=True) == (group, authority)


@pytest.mark.parametrize(
    "text",
    [
        "i dont know",
        "rather not say",
        "skip",
        "none of your business",
        "at home",
        "ZZ9",
        "they threw a stone at my house in the night",
        "I was reading in bed at home when it began",
        "outside the flat of my neighbour Nelson on the stairs",
        "it is happening at present on the stairs outside our flats",
        "ricky from upstairs does it outside our flats",
    ],
)
def test_answers_that_name_no_place(text: str) -> None:
    assert find(text, lenient=True) is None


@pytest.mark.parametrize(
    "text",
    ["WS1 1AA", "LS1 4AP", "M14", "Birmingham", "birmingam", "Stratford", "Hereford", "Salford", "Bolton", "Wales"],
)
def test_outside_is_said_and_not_guessed(text: str) -> None:
    match = find(text, lenient=True)
    assert match is not None
    assert match.outside
    assert match.certain
    assert match.group is None
    assert match.as_value()["outside"] is True


@pytest.mark.parametrize("outcode", ["ST7", "B78", "DE15", "TF9", "CW3", "WV6", "LA6", "WN6", "EN4", "CM23"])
def test_an_outcode_across_the_border_is_left_open(outcode: str) -> None:
    match = find(outcode, lenient=True)
    assert match is not None
    assert not match.certain
    assert match.group is None
    assert not match.outside
    assert len(match.candidates) > 1
    assert match.as_value()["certain"] is False


@pytest.mark.parametrize("text", ["ST55", "WD99", "BB94"])
def test_large_users_codes_lie_nowhere(text: str) -> None:
    match = find(text, lenient=True)
    assert match is not None
    assert (match.certain, match.outside, match.candidates) == (False, False, ())


@pytest.mark.parametrize(
    ("text", "councils"),
    [
        ("Longton", ("stoke_on_trent", "south_ribble")),
        ("I live in Tunstall", ("stoke_on_trent", "lancaster")),
    ],
)
def test_a_name_in_two_of_our_counties_is_asked(text: str, councils: tuple[str, ...]) -> None:
    match = find(text, lenient=True)
    assert match is not None
    assert (match.certain, match.group, match.candidates) == (False, None, councils)


@pytest.mark.parametrize("text", ["Newcastle", "Cheadle", "Burton"])
def test_names_with_a_better_known_namesake_are_left_open(text: str) -> None:
    match = find(text, lenient=True)
    assert match is not None
    assert not match.certain
    assert len(match.candidates) == 1


def test_a_full_postcode_settles_a_straddling_outcode() -> None:
    inside, outside = find("B78 3HP"), find("B78 1TW")
    assert inside is not None
    assert outside is not None
    assert inside.group == "staffordshire_stoke"
    assert inside.candidates[:2] == ("lichfield", "tamworth")
    assert inside.postcode == "B78 3HP"


def test_the_value_has_the_shape_of_the_fact() -> None:
    match = find("I live at ST1 4LA")
    assert match is not None
    assert match.as_value() == {
        "postcode": "ST1 4LA",
        "outcode": "ST1",
        "authority": "stoke_on_trent",
        "group": "staffordshire_stoke",
        "words": "ST1 4LA",
    }


def test_every_town_lies_where_the_postcode_table_says() -> None:
    towns = [place for place in DIRECTORY.atlas.places if place.outcode]
    assert len(towns) > 120
    for town in towns:
        assert DIRECTORY.atlas.shares[town.outcode or ""][town.authority or ""] > 0.1, town.name


def test_every_town_is_found_by_each_of_its_names() -> None:
    for place in DIRECTORY.atlas.places:
        if place.authority and not place.elsewhere and not place.also:
            for name in (place.name, *place.aliases):
                match = find(f"I live in {name}.")
                assert match is not None, name
                assert match.authority == place.authority, name


def test_every_council_of_ours_is_in_a_service_area() -> None:
    atlas = DIRECTORY.atlas
    served = [authority for authority in atlas.authorities.values() if authority.served]
    assert len(served) == 33
    for authority in served:
        assert atlas.service_area(authority.id) in ("staffordshire_stoke", "hertfordshire", "lancashire")


def test_what_a_person_types_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    find("STI 4LA", lenient=True)
    find("ZZ99 9ZZ", lenient=True)
    assert caplog.text == ""


@given(st.text(max_size=80), st.booleans())
def test_any_text_is_survived_and_the_span_is_true(text: str, lenient: bool) -> None:
    match = find(text, lenient)
    assert match is None or text[match.start : match.end] == match.words


def test_a_long_story_is_read_quickly_enough_to_finish() -> None:
    story = "He shouts in the street near our flat and we cannot sleep at night. " * 70 + "I live in Tamworth."
    assert seen(story) == ("staffordshire_stoke", "tamworth")
