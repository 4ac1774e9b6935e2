"""Danger comes first, in every state; the right numbers; nothing said is lost; nobody is hurried past it."""

from __future__ import annotations

import pytest

from tests.chatting import Chat


@pytest.mark.parametrize(
    "words",
    [
        "there's someone with a knife outside my door",
        "hes got a nife",
        "he is hitting me right now",
        "someone is breaking in help",
        "my house is on fire",
    ],
)
async def test_danger_is_answered_first_with_999_and_55(chat: Chat, words: str) -> None:
    await chat.say(words)
    assert chat.replies[0].text.startswith("Call 999 now")
    assert "press 55" in chat.replies[0].text
    assert chat.asks == "safety_check"
    assert chat.flags
    assert words in chat.slots["narrative"]


async def test_a_wish_to_die_gets_people_to_talk_to(chat: Chat) -> None:
    await chat.say("I want to kill myself")
    assert "116 123" in chat.text
    assert "999" in chat.text
    assert chat.asks == "safety_check"


async def test_a_child_in_crisis_is_given_childline_first(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("I'm 14 and the kids at my school in Watford push me around and spit at me every day")
    await chat.say("I want to die")
    first = next(reply.text for reply in chat.replies if "0800 1111" in reply.text)
    assert first.index("0800 1111") < (first.index("116 123") if "116 123" in first else 10_000)


async def test_not_safe_is_told_to_call_and_is_not_asked_on(chat: Chat) -> None:
    await chat.say("there's someone with a knife outside my door")
    await chat.choose("I am not safe")
    assert "999" in chat.text
    assert chat.asks == "safety_check"


async def test_unclear_words_are_asked_about_once(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("The man next door said last month he would kill me. He plays loud music every night.")
    assert chat.asks == "safety_check"
    assert "Are you in danger right now?" in chat.text
    await chat.choose("No, not right now")
    assert chat.asks == "confirm_understanding"
    await chat.choose("Yes, that is right")
    assert chat.asks != "safety_check"


async def test_unclear_words_answered_with_danger_get_999(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("The man next door said last month he would kill me. He plays loud music every night.")
    await chat.say("yes")
    assert chat.replies[0].text.startswith("Call 999 now")


@pytest.mark.parametrize("words", ["this noise is killing me", "nobody has a weapon", "I could murder a cup of tea"])
async def test_idioms_do_not_trigger(chat: Chat, words: str) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say(f"My neighbour plays loud music every night, {words}")
    assert chat.asks == "confirm_understanding"


async def test_a_long_message_in_danger_is_a_story_too(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    story = (
        "My neighbour has been playing loud music every night since August and shouting at my kids and I have told the "
        "council twice, and now he is outside my door with a knife"
    )
    await chat.say(story)
    assert chat.replies[0].text.startswith("Call 999 now")
    await chat.choose("I am safe now")
    assert chat.asks == "confirm_understanding", "the story was told; it is not asked for again"


async def test_an_age_in_the_same_message_decides_whose_number_comes_first(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("im 14 and they call me names at school in stevenage every day and i dont want to be here anymore")
    first = chat.replies[0].text
    assert "0800 1111" in first
    assert "text SHOUT to 85258" in first
    await chat.say("no")
    assert "0800 1111" in chat.replies[0].text, "not safe from themselves: the same people again"


async def test_who_cannot_hear_or_speak_is_told_every_way_to_999(chat: Chat) -> None:
    await chat.say("hes kicking my door in")
    said = " ".join(reply.text for reply in chat.replies)
    for way in ("press 55", "text 999", "18000", "999bsl.co.uk"):
        assert way in said


async def test_a_young_adult_in_crisis_hears_of_papyrus_and_an_older_one_does_not(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("im 22 and they call me names at work in stevenage every day and i want to die")
    assert "0800 068 4141" in chat.text
    assert "116 123" in chat.text


async def test_a_grown_up_in_crisis_is_given_lines_for_everybody(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("im 52 and they call me names at work in stevenage every day and i want to die")
    assert "0800 068 4141" not in chat.text
    assert "116 123" in chat.text


async def test_a_child_at_risk_in_a_known_area_hears_of_that_areas_team(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("I live in Watford and next door he is hitting the little boy with a belt right now")
    assert "0300 123 4043" in chat.text
    assert "999" in chat.text


async def test_a_veiled_word_gets_one_question(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("he told me dont bother making plans for christmas")
    assert chat.asks == "safety_check"
    assert "Are you in danger right now?" in chat.text
