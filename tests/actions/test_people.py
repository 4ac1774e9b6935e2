"""Very different people: no loops, nobody misread, words that fit whom it is about, and no yes that was not said."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.actions.test_conversation import STORY, TO_THE_CHECK
from tests.chatting import Chat


async def told(chat: Chat, story: str) -> Chat:
    await chat.choose("Yes, it is safe")
    await chat.say(story)
    return chat


@pytest.mark.parametrize(
    "words", ["", "idk", "purple", "hmm ok then maybe", "skip", "I'd rather not say", "its him", "what", "42"]
)
async def test_the_same_words_to_every_question_come_to_an_end_and_send_nothing(chat: Chat, words: str) -> None:
    await told(chat, STORY)
    for _ in range(70):
        if chat.asks == "anything_else":
            break
        await chat.say(words or ".")
    assert chat.asks == "anything_else"
    assert not chat.slots.get("sent")
    assert "given" not in dict(chat.slots.get("consent") or {}).values()


@pytest.mark.parametrize(
    "words",
    [
        "no",
        "nah",
        "not really",
        "not at the moment, no",
        "idk",
        "maybe",
        "maybe later",
        "i suppose",
        "what will they do with it",
        "who will see it",
        "skip",
        "I'd rather not",
        "dont send it",
        "I don't want anyone to know",
        "yesterday he did it again",
        "my husband would kill me",
        "fuck no",
        "i'm not sure",
        "Harmony?",
        "ask me later",
    ],
)
async def test_consent_is_never_read_into_words_that_do_not_give_it(chat: Chat, words: str) -> None:
    await chat.go_to("consent:harmony", TO_THE_CHECK)
    await chat.say(words)
    assert dict(chat.slots.get("consent") or {}).get("harmony") != "given"


@pytest.mark.parametrize("words", ["yes", "yeah go on", "yes please", "Yes, pass it on", "fuck it yes", "ok"])
async def test_a_plain_yes_is_consent(chat: Chat, words: str) -> None:
    await chat.go_to("consent:harmony", TO_THE_CHECK)
    await chat.say(words)
    assert chat.slots["consent"] == {"harmony": "given"}


async def test_who_would_not_send_may_change_their_mind(chat: Chat) -> None:
    await chat.go_to("consent:harmony", TO_THE_CHECK)
    await chat.choose("No, do not")
    await chat.choose("I would like to send it after all")
    assert chat.asks == "consent:harmony"


@pytest.mark.parametrize(
    ("question", "words", "value"),
    [
        ("happening_now", "Not at this moment, no", "no"),
        ("targeted", "Well I don't know about that", "not_sure"),
        ("wishes", "just someone to talk to", ["emotional"]),
        ("wishes", "advice", ["information"]),
        ("wishes", "I want to understand what I can do", ["information"]),
        ("safe_contact:channel", "I will contact them", ["none"]),
        ("safe_contact:channel", "txt", ["text"]),
    ],
)
async def test_everyday_answers_are_read(chat: Chat, question: str, words: str, value: object) -> None:
    await chat.go_to(question, TO_THE_CHECK)
    await chat.say(words)
    slot, _, part = question.partition(":")
    kept = chat.slots[slot]
    assert (kept[part] if part else kept) == value


@pytest.mark.parametrize(
    ("words", "role"),
    [("me", "self"), ("Is to me and my family", "self"), ("i just saw it", "witness"), ("my son", "family_friend")],
)
async def test_whose_story_it_is_may_be_said_in_any_words(chat: Chat, words: str, role: str) -> None:
    await told(chat, "There is loud music at night in Hanley and bottles get smashed")
    await chat.go_to("speaker_role", {"confirm_understanding": "Yes, that is right"})
    await chat.say(words)
    assert chat.slots["speaker_role"] == role


SON = "The boys on the estate in Cannock call my son names because he is autistic and throw stones at him every week."


async def test_words_fit_a_story_about_someone_else(chat: Chat) -> None:
    await told(chat, SON)
    heard = [chat.text]
    answers: Mapping[str, str] = {"confirm_understanding": "yes", "speaker_role": "To my family or a friend"}
    for _ in range(30):
        if (chat.asks or "").startswith("consent"):
            break
        answer = answers.get(chat.asks or "", "9" if chat.asks == "age_band" else "skip this question")
        offered = [label for reply in chat.replies for label, _ in reply.choices]
        await (chat.choose(answer) if answer in offered else chat.say(answer))
        if chat.slots.get("speaker_role") or chat.slots.get("about"):
            heard += [reply.text + " ".join(label for label, _ in reply.choices) for reply in chat.replies]
    asked = "\n".join(heard[2:])
    assert "How old are they?" in asked
    assert "affected them" in asked
    assert "Because they are under 18" in asked
    assert not re.search(r"aimed at you|affected you|How old are you|My age|I live alone|Because you are", asked)
    assert "trusted_adult" not in asked, "whoever tells it is the grown-up"


async def test_three_facts_are_corrected_at_once(chat: Chat) -> None:
    await told(chat, STORY)
    await chat.go_to("targeted", TO_THE_CHECK)
    await chat.say(
        "actually it started in September not August, its every weekend not every night and I live in Stafford"
    )
    assert chat.slots["when"]["first"].startswith("2026-09")
    assert chat.slots["frequency"] == "weekly"
    assert chat.slots["area"]["authority"] == "stafford"


async def test_a_story_told_before_it_is_asked_for_is_not_asked_for_again(chat: Chat) -> None:
    await chat.say("my neighbour keeps playing loud music every night and smashing bottles")
    assert chat.asks == "safe_to_talk"
    await chat.say("yes")
    assert chat.asks == "confirm_understanding"
    assert "noise" in chat.text


async def test_what_was_shown_once_is_not_shown_again_for_a_few_more_words(chat: Chat) -> None:
    await told(chat, STORY)
    await chat.say("i cant stop crying")
    assert "You said" not in chat.text
    assert "anti-social behaviour" not in chat.text
    assert chat.asks == "confirm_understanding"


async def test_whoever_takes_the_phone_is_told_nothing(chat: Chat) -> None:
    await told(chat, "my husband hits me and checks my phone. I live in Burnley")
    if chat.asks == "safety_check":
        await chat.choose("No, not right now")
    await chat.say("yes")
    await chat.say("who is this? what has she been saying")
    assert "husband" not in chat.text
    assert "abuse" not in chat.text
    assert chat.asks == "safe_to_talk"
    assert "safe_contact" in chat.flags
    assert "who is this" not in chat.slots["narrative"]


@pytest.mark.parametrize("words", ["no im ok", "yes im safe now he went", "im fine", "yes"])
async def test_safe_is_read_as_safe(chat: Chat, words: str) -> None:
    await chat.say("there's someone with a knife outside my door")
    await chat.say(words)
    assert "I am glad you are safe" in chat.text


@pytest.mark.parametrize("words", ["no", "im not ok", "i dont think im safe", "not safe", "is he fine? i hear him"])
async def test_not_safe_is_never_read_as_safe(chat: Chat, words: str) -> None:
    await chat.say("there's someone with a knife outside my door")
    await chat.say(words)
    assert "I am glad you are safe" not in chat.text
    assert chat.asks == "safety_check"


@pytest.mark.parametrize("words", ["im crying", "you're useless", "how do i delete my history"])
async def test_no_gap_is_left_unfilled(chat: Chat, words: str) -> None:
    await chat.go_to("happening_now", TO_THE_CHECK)
    await chat.say(words)
    assert "{" not in chat.text
    assert "08 08 16 89 111" in chat.text


async def test_who_has_nothing_to_tell_is_not_told_we_are_sorry(chat: Chat) -> None:
    await told(chat, "nothing happened i just wanted to see what this is")
    if chat.asks == "safety_check":  # asked once too often rather than once too seldom
        await chat.choose("No, not right now")
    assert "sorry" not in chat.text
    await chat.choose("None of these")
    assert chat.asks == "anything_else"


async def test_the_check_reads_as_words(chat: Chat) -> None:
    answers = {**TO_THE_CHECK, "risk:4": "They know where I live", "access_needs": "na"}
    await chat.go_to("check_answers", answers)
    assert "What it is: anti-social behaviour" in chat.text
    assert "Risk from asking for help: They know where I live" in chat.text
    assert "What makes it easier: No, nothing" in chat.text
    assert "Who has been told: The council (2 times)" in chat.text
    assert not re.search(r"\b[a-z]+_[a-z]+\b|\{|None", chat.text)
    await chat.choose("Change or remove something")
    await chat.choose("Safe number")
    await chat.choose("Take it out")
    assert "they will not contact you" in chat.text
    assert chat.slots["safe_contact"]["channel"] == ["none"]


async def test_one_may_keep_it_and_come_back(chat: Chat) -> None:
    await told(chat, STORY)
    await chat.say("yes")
    await chat.say("can i come back later")
    assert chat.asks == "return_word"
    await chat.say("cat")
    assert "too short" in chat.text
    await chat.say("bluebell")
    assert re.search(r"\d{4} \d{4} \d{4} \d{4}", chat.text)
    assert chat.asks == "happening_now"
    await chat._turn("", "/resume")
    assert chat.text.startswith("Welcome back. We talked about noise.")
    assert "every night since August" not in chat.text, "a summary, never the words"
    assert chat.asks == "safe_to_talk", "it may be another device, and another room"
    await chat.choose("Yes, it is safe")
    assert chat.asks == "happening_now", "what was answered is not asked again"


async def test_who_was_not_safe_before_stays_flagged_after_coming_back(chat: Chat) -> None:
    await chat.go_to("confirm_understanding", {"safe_to_talk": "No, it is not safe", "story": STORY})
    await chat._turn("", "/resume")
    await chat.choose("Yes, it is safe")
    assert "safe_contact" in chat.slots["safety"]["flags"]
