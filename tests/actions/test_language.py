"""Somebody writes in another language, or asks for one: what they are told, and what is kept."""

from __future__ import annotations

import pytest

from tests.chatting import Chat

STORY = (
    "Mój sąsiad z góry puszcza głośno muzykę do trzeciej w nocy i nie mogę spać, krzyczy na moje dzieci i rzuca "
    "śmieci pod drzwi"
)


def language_noted(chat: Chat) -> str | None:
    """What the referral would carry: the answer, else what the story showed."""
    answered = chat.slots.get("access_needs")
    shown = [f["value"] for f in chat.slots.get("findings") or () if f["label"] == "access_needs"]
    value = answered or next(iter(shown), {})
    return value.get("language") if value.get("interpreter") else None


async def test_a_story_in_another_language_is_kept_and_answered_kindly(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say(STORY)
    assert "Polish" in chat.replies[0].text
    assert "I can only read English" in chat.text
    assert "999" in chat.text
    assert "INTERPRETER" in chat.text
    assert "08 08 16 89 111" in chat.text
    assert chat.slots["narrative"] == STORY
    assert language_noted(chat) == "Polish"
    assert chat.asks == "confirm_understanding"


async def test_it_is_said_in_full_once(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say(STORY)
    await chat.say("Nie rozumiem tego pytania, proszę po polsku")
    assert "INTERPRETER" not in chat.text
    assert "I have kept your words" in chat.text
    assert "Nie rozumiem" in chat.slots["narrative"]


async def test_nobody_goes_in_circles(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say(STORY)
    asked = []
    for _ in range(7):
        await chat.say("nie rozumiem co mam teraz napisac tutaj")
        asked.append(chat.asks)
    assert len(set(asked)) > 1
    assert all(asked.count(question) <= 3 for question in asked)


async def test_no_button_is_pressed_by_words_that_cannot_be_read(chat: Chat) -> None:
    await chat.go_to("consent:harmony", {"safe_to_talk": "Yes, it is safe", "story": "loud music every night, ST1 3AB"})
    await chat.say("nie wiem czy chcę żeby ktoś to wiedział")
    assert (chat.slots.get("consent") or {}).get("harmony") != "given"


async def test_speaking_no_english_is_no_story_yet(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("nu vorbesc bine engleza")
    assert language_noted(chat) == "Romanian"
    assert chat.asks == "story"


async def test_it_is_not_asked_again(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("nu vorbesc bine engleza")
    asked = []
    for _ in range(40):
        if chat.asks in ("return_word", "anything_else", "check_answers"):
            break
        asked.append(chat.asks)
        offered = [words for reply in chat.replies for words, _ in reply.choices]
        story = "my neighbour plays loud music every night, ST1 3AB"
        answers = {"story": story, "confirm_understanding": "Yes, that is right", "consent:harmony": "Yes, pass it on"}
        answer = answers.get(chat.asks or "", "skip this question")
        await (chat.choose(answer) if answer in offered else chat.say(answer))
    assert "consent:harmony" in asked
    assert "access_needs" not in asked


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("do you have someone who speaks urdu", "Urdu"),
        ("i speak polish better", "Polish"),
        ("can we do this in arabic please", "Arabic"),
        ("مجھے انگریزی نہیں آتی مدد کریں", "Urdu"),
        ("我不会说英语", "Chinese"),
        ("menu angrezi nahi aundi", "Punjabi"),
    ],
)
async def test_a_language_is_noted_whenever_it_comes_up(chat: Chat, words: str, language: str) -> None:
    await chat.say(words)
    assert language_noted(chat) == language
    assert language in chat.text
    assert "I can only read English" in chat.text


async def test_an_interpreter_first_then_the_language(chat: Chat) -> None:
    await chat.say("no english sorry")
    assert "an interpreter" in chat.text
    await chat.say("kurdish sorani")
    assert language_noted(chat) == "Kurdish (Sorani)"
    assert chat.asks == "safe_to_talk"


async def test_an_interpreter_can_be_taken_back(chat: Chat) -> None:
    await chat.say("can i have a polish interpreter")
    await chat.say("no interpreter")
    assert language_noted(chat) is None
    assert chat.slots["access_needs"]["language"] == "Polish"


async def test_present_danger_in_another_language_gets_999_first(chat: Chat) -> None:
    words = "pomocy, sąsiad ma nóż i stoi pod drzwiami"
    await chat.say(words)
    assert chat.replies[0].text.startswith("Call 999 now")
    assert chat.asks == "safety_check"
    assert chat.flags
    assert words in chat.slots["narrative"]


async def test_danger_words_are_asked_about_with_999(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("sąsiad ma nóż i groził mi wczoraj wieczorem")
    assert "999" in chat.text
    assert chat.asks == "safety_check"
    await chat.choose("No, not right now")
    assert chat.asks != "safety_check"


async def test_second_language_english_is_read_as_english(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("my neighbour shout me every night and make loud music, i no sleep")
    assert "I can only read English" not in chat.text
    assert "noise" in chat.text


async def test_a_language_spoken_in_the_street_is_no_wish(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("a man on the bus spat at me when i speak urdu with my daughter")
    assert language_noted(chat) is None
