"""Where they live and where it happened: asked kindly, never guessed, and never asked of a refuge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from actions.answering import Answering
from actions.area import offered_councils, read_area, read_happened
from bot.app import House
from bot.directory import load_directory
from bot.triage import Case
from tests.chatting import Chat

STORY = "My neighbour plays loud music every night"
#: A full postcode of a sector that lies in two service areas.
BORDER = "ST7 1AE"


async def at_the_area(chat: Chat, story: str = STORY) -> Chat:
    await chat.choose("Yes, it is safe")
    await chat.say(story)
    await chat.choose("Yes, that is right")
    await chat.go_to("area", {})
    return chat


def labels(chat: Chat) -> list[str]:
    return [label for reply in chat.replies for label, _ in reply.choices]


async def test_a_postcode_on_the_border_is_asked_about_with_its_councils(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say(BORDER)
    assert f"{BORDER} is on the edge of more than one area" in chat.text
    assert labels(chat) == ["Newcastle-under-Lyme", "Cheshire East", "Skip this"]
    assert chat.asks == "area"
    await chat.choose("Newcastle-under-Lyme")
    assert chat.slots["area"]["postcode"] == BORDER
    assert chat.slots["area"]["authority"] == "newcastle_under_lyme"
    assert chat.asks != "area"


@pytest.mark.parametrize("said", ["2", "cheshire east", "Cheshire"])
async def test_the_council_over_the_border_is_outside(chat: Chat, said: str) -> None:
    await at_the_area(chat)
    await chat.say(BORDER)
    await chat.say(said)
    assert "outside the areas" in chat.text
    assert chat.slots["area"]["outside"] is True
    assert chat.asks == "happened_area"


@pytest.mark.parametrize("said", ["skip", "3", "I don't know"])
async def test_who_does_not_know_the_council_is_not_asked_again(chat: Chat, said: str) -> None:
    await at_the_area(chat)
    await chat.say(BORDER)
    await chat.say(said)
    assert chat.asks == "happened_area"
    assert chat.slots["area"]["postcode"] == BORDER
    assert "group" not in chat.slots["area"]
    await chat.go_to("anything_else", {})
    assert "I do not know your area" in chat.text
    assert not [asked for asked in chat.slots["asked"] if asked.startswith("consent:")]


async def test_the_same_half_postcode_twice_is_enough(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say("ST7")
    assert chat.asks == "area"
    await chat.say("st7")
    assert "We can go on without it" in chat.text
    assert chat.asks == "happened_area"


async def test_a_name_in_two_counties_is_asked_about(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say("Longton")
    assert labels(chat)[:2] == ["Stoke-on-Trent", "South Ribble"]
    await chat.say("Lancashire")
    assert chat.slots["area"]["authority"] == "south_ribble"
    assert chat.slots["area"]["group"] == "lancashire"


async def test_no_fixed_address_is_taken_kindly_and_the_town_asked_once(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say("no fixed abode")
    assert "Which town do you stay in most?" in chat.text
    await chat.say("Burnley mostly")
    assert chat.slots["area"]["authority"] == "burnley"
    assert chat.slots["area"]["no_fixed_address"] is True
    assert chat.asks not in ("area", "happened_area")


async def test_nowhere_at_all_is_enough(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say("I'm sofa surfing")
    await chat.say("nowhere really")
    assert "I will not ask where you stay" in chat.text
    assert chat.asks not in ("area", "happened_area")
    assert chat.slots["area"]["no_fixed_address"] is True


async def test_the_town_of_someone_without_an_address_may_be_skipped(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say("homeless")
    await chat.choose("Skip this")
    assert chat.asks not in ("area", "happened_area")
    assert chat.slots["area"]["no_fixed_address"] is True


async def test_who_says_they_are_homeless_is_not_asked_where_they_live(chat: Chat) -> None:
    await at_the_area(chat, "I'm homeless and lads throw stones at me and shout every night")
    assert "Which town do you stay in most?" in chat.text
    assert "Where do you live?" not in chat.text


@pytest.mark.parametrize(
    ("said", "authority"), [("in a refuge in Stoke", "stoke_on_trent"), ("refuge, ST1 4LA", "stoke_on_trent")]
)
async def test_a_refuge_is_never_asked_about_and_its_address_not_kept(chat: Chat, said: str, authority: str) -> None:
    await at_the_area(chat)
    await chat.say(said)
    assert "I will not ask where you stay" in chat.text
    assert chat.asks not in ("area", "happened_area")
    kept = chat.slots["area"]
    assert (kept["authority"], kept["no_fixed_address"]) == (authority, True)
    assert "ST1" not in str(kept)


async def test_a_refuge_without_a_town_is_enough(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say("a women's refuge")
    assert chat.asks not in ("area", "happened_area")
    assert "group" not in chat.slots["area"]


async def test_it_happened_elsewhere_is_read_from_the_story(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("A man spat at me and called me a terrorist. I live in Crewe but it happened in Hanley")
    assert chat.slots["happened_area"]["authority"] == "stoke_on_trent"
    await chat.choose("Yes, that is right")
    await chat.go_to("age_band", {"happening_now": "No"})
    assert not {"area", "happened_area"} & set(chat.slots["asked"])


async def test_where_it_happened_is_asked_of_those_who_live_outside(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say("Crewe")
    assert chat.asks == "happened_area"
    assert "Crewe is outside the areas" in chat.text
    assert labels(chat) == ["Same place as I live", "Skip this"]
    await chat.say("hanley")
    assert chat.slots["happened_area"]["authority"] == "stoke_on_trent"
    assert chat.slots["area"]["place"] == "Crewe"


@pytest.mark.parametrize("said", ["Same place as I live", "the same", "at home", "there too"])
async def test_it_may_have_happened_there_too(chat: Chat, said: str) -> None:
    await at_the_area(chat)
    await chat.say("Crewe")
    await chat.say(said)
    assert chat.slots["happened_area"]["same"] is True
    assert chat.asks != "happened_area"


async def test_where_it_happened_is_not_asked_of_those_we_can_place(chat: Chat) -> None:
    await at_the_area(chat)
    await chat.say("Stafford")
    await chat.go_to("name", {"consent:harmony": "Yes, pass it on"})
    assert "happened_area" not in chat.slots["asked"]


async def test_a_witness_is_asked_for_the_place_once(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("I saw some lads smash the bus stop and throw bricks at people every night")
    await chat.choose("Yes, that is right")
    await chat.go_to("area", {"speaker_role": "I saw it happen"})
    assert "Where did it happen?" in chat.text
    await chat.say("Crewe")
    assert chat.asks != "happened_area"


def answering(text: str, case: Case, house: House, choice: str | None = None) -> Answering:
    return Answering(text, choice, [], case, house.clock(), load_directory())


def test_where_they_live_may_be_where_it_happened(house: House) -> None:
    case = Case(answers={"happened_area": {"authority": "burnley", "group": "lancashire", "words": "Burnley"}})
    assert read_area(answering("the same place", case, house)) == case.answers["happened_area"]
    assert read_area(answering("the same place", Case(), house)) is None


def test_too_many_councils_are_not_offered() -> None:
    directory = load_directory()
    assert len(offered_councils({"words": BORDER, "postcode": BORDER, "certain": False}, directory)) == 2
    assert offered_councils({"words": "Hanley", "place": "Hanley"}, directory) == []
    crowded = max(directory.atlas.shares, key=lambda code: len(directory.atlas.shares[code]))
    assert offered_councils({"words": crowded, "outcode": crowded, "certain": False}, directory) == []


def test_a_place_that_is_not_known_is_not_understood(house: House) -> None:
    assert read_happened(answering("dont remember the name", Case(), house)) is None


def test_an_exact_postcode_needs_no_question(house: House, tmp_path: Path) -> None:
    directory = load_directory()
    exact = replace(directory, atlas=replace(directory.atlas, exact={BORDER: "newcastle_under_lyme"}))
    case = Case(answers={})
    said = Answering(BORDER, None, [], case, house.clock(), exact)
    assert read_area(said)["group"] == "staffordshire_stoke"
