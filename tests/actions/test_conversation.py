"""The conversation: story first, shown back, only what is missing, and every way to stay in control."""

from __future__ import annotations

import asyncio

import pytest

from bot.app import House
from bot.referrals.consent import consents_of
from tests.chatting import Chat

STORY = (
    "My neighbour plays loud music nearly every night since August. I live in Hanley, ST1 3AB. "
    "I've told the council twice. I can't sleep."
)
TO_THE_CHECK = {
    "safe_to_talk": "Yes, it is safe",
    "story": STORY,
    "confirm_understanding": "Yes, that is right",
    "happening_now": "No",
    "targeted": "I am not sure",
    "consent:harmony": "Yes, pass it on",
    "name": "Sam",
    "safe_contact:channel": "Call me",
    "safe_contact:number": "07700 900123",
    "safe_contact:times": "Any time",
    "safe_contact:voicemail": "No",
    "safe_contact:neutral_name": "Say nothing and ring off",
}


async def at_the_check(chat: Chat) -> Chat:
    await chat.go_to("check_answers", TO_THE_CHECK)
    return chat


async def test_it_says_first_what_it_is_and_what_to_do_in_danger(chat: Chat) -> None:
    assert "automated helper" in chat.text
    assert "999" in chat.text
    assert "55" in chat.text
    assert chat.asks == "safe_to_talk"


async def test_an_unsafe_device_gets_advice_and_goes_on(chat: Chat) -> None:
    await chat.choose("Someone might see this")
    assert "private window" in chat.text
    assert "08 08 16 89 111" in chat.text
    assert chat.asks == "story"


async def test_the_story_is_shown_back_in_the_persons_own_words(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say(STORY)
    assert "You said: “" in chat.text
    assert "loud music" in chat.text
    assert "anti-social behaviour" in chat.text


async def test_what_the_story_said_is_not_asked(chat: Chat) -> None:
    asked = []
    await chat.choose("Yes, it is safe")
    await chat.say(STORY)
    while chat.asks != "consent:harmony":
        asked.append(chat.asks)
        answer = TO_THE_CHECK.get(chat.asks or "")
        await (chat.choose(answer) if answer else chat.say("skip this question"))
    assert not {"when", "frequency", "area", "reported_before", "effect"} & set(asked)


async def test_a_story_may_come_in_several_messages(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("My neighbour plays loud music every night")
    await chat.say("and he has sprayed graffiti on my wall")
    assert "damage to property" in chat.text
    assert chat.asks == "confirm_understanding"
    await chat.choose("You got something wrong")
    assert chat.asks == "story"
    await chat.say("It is his brother who sprays the wall, the music is him")
    assert chat.asks == "confirm_understanding"
    assert chat.slots["narrative"].count("\n") == 2


async def test_feeling_that_it_was_hate_is_enough(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("My neighbour plays loud music every night")
    await chat.choose("It was because of who I am")
    assert chat.asks == "hate_reason"
    await chat.choose("My religion or belief")
    await chat.go_to("area", {"happening_now": "No"})
    await chat.say("Stafford")
    await chat.go_to("consent:harmony", {})
    await chat.choose("No, do not")
    assert chat.asks == "consent:usah"


async def test_a_correction_at_any_time_is_acknowledged_and_kept(chat: Chat) -> None:
    await chat.go_to("targeted", TO_THE_CHECK)
    await chat.say("actually it started in September")
    assert "I have changed that" in chat.text
    assert chat.asks == "targeted"
    assert chat.slots["when"]["first"].startswith("2026-09")


async def test_skip_leaves_a_question_and_never_asks_it_again(chat: Chat) -> None:
    await chat.go_to("happening_now", TO_THE_CHECK)
    await chat.say("skip")
    assert "We can leave that" in chat.text
    assert chat.asks == "targeted"


async def test_back_asks_the_last_question_again(chat: Chat) -> None:
    await chat.go_to("targeted", TO_THE_CHECK)
    await chat.say("go back")
    assert chat.asks == "happening_now"


@pytest.mark.parametrize(
    ("question", "reason"),
    [("happening_now", "help sooner"), ("wishes", "your life"), ("age_band", "extra help"), ("name", "call you")],
)
async def test_every_question_says_why_it_is_asked(chat: Chat, question: str, reason: str) -> None:
    await chat.go_to(question, TO_THE_CHECK)
    await chat.say("why do you ask?")
    assert reason in chat.text
    assert chat.asks == question


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("who are you", "automated helper"),
        ("what happens to my information", "Only the service you say yes to"),
        ("is it free", "free"),
        ("will my neighbour find out", "I never contact the other person"),
        ("do I have to tell the police", "It is your choice"),
        ("what is a hate crime", "who you are"),
        ("can I talk to a real person", "open until 5pm"),
        ("who can I ring now", "08 08 16 89 111"),
    ],
)
async def test_a_digression_is_answered_and_the_question_asked_again(chat: Chat, said: str, expected: str) -> None:
    await chat.go_to("wishes", TO_THE_CHECK)
    await chat.say(said)
    assert expected in chat.text
    assert chat.asks == "wishes"


async def test_after_two_failed_answers_other_ways_are_offered_and_it_never_loops(chat: Chat) -> None:
    await chat.go_to("happening_now", TO_THE_CHECK)
    await chat.say("purple")
    assert "did not get that" in chat.text
    await chat.say("purple purple")
    labels = [label for reply in chat.replies for label, _ in reply.choices]
    assert {"Skip this", "Talk to a person", "Stop here"} <= set(labels)
    await chat.choose("Skip this")
    assert chat.asks == "targeted"


@pytest.mark.parametrize("typed", ["2", "2.", "the second", "no", "nah", "No"])
async def test_buttons_can_be_typed(chat: Chat, typed: str) -> None:
    await chat.go_to("happening_now", TO_THE_CHECK)
    await chat.say(typed)
    assert chat.slots["happening_now"] == "no"


async def test_every_row_can_be_changed_or_removed_before_sending(chat: Chat) -> None:
    await at_the_check(chat)
    assert STORY in "\n".join(r.text for r in chat.replies)
    await chat.choose("Change or remove something")
    await chat.choose("Name to use")
    await chat.choose("Change it")
    assert chat.asks == "name"
    await chat.say("Alex")
    assert chat.asks == "check_answers"
    assert "Name to use: Alex" in chat.text
    await chat.choose("Change or remove something")
    await chat.choose("How it affects you")
    await chat.choose("Take it out")
    assert chat.asks == "check_answers"
    assert "How it affects you: not given" in chat.text
    await chat.say("change an answer")
    await chat.choose("What happened, in your words")
    assert "Take it out" not in [label for reply in chat.replies for label, _ in reply.choices]


async def test_not_sending_leaves_nothing_behind(chat: Chat) -> None:
    await at_the_check(chat)
    await chat.choose("Do not send it")
    assert "Nothing has been sent" in chat.text
    await chat.say("what happened to my referral")
    assert "Nothing has been sent" in chat.text


async def test_refusing_consent_sends_nothing_and_still_helps(chat: Chat) -> None:
    await chat.go_to("consent:harmony", TO_THE_CHECK)
    await chat.choose("No, do not")
    assert "Nothing has been sent to anyone" in chat.text
    assert "08 08 16 89 111" in chat.text
    assert chat.asks == "anything_else"


async def test_after_sending_there_is_a_reference_a_time_and_a_way_back(chat: Chat) -> None:
    await at_the_check(chat)
    await chat.choose("Yes, send it")
    assert "HV-" in chat.text
    assert "is open now, until 5pm" in chat.text
    assert chat.asks == "return_word"
    assert chat.slots["sent"]


async def test_starting_again_is_confirmed_first(chat: Chat) -> None:
    await chat.go_to("wishes", TO_THE_CHECK)
    await chat.say("start again")
    await chat.choose("No, go on")
    assert chat.asks == "wishes"
    await chat.say("start again")
    await chat.choose("Yes, start again")
    assert chat.asks == "safe_to_talk"
    assert "narrative" not in chat.slots or not chat.slots["narrative"]


async def test_stopping_says_what_was_sent_and_the_talk_can_go_on(chat: Chat) -> None:
    await chat.go_to("wishes", TO_THE_CHECK)
    await chat.say("stop")
    assert "Nothing has been sent" in chat.text
    assert "999" in chat.text
    await chat.say("practical help")
    assert chat.slots["wishes"] == ["practical"]
    assert chat.asks == "mediation"


@pytest.mark.parametrize(
    "words", ["I want it to stop, they do it every single night and I cannot go on like this with them"]
)
async def test_a_story_with_the_word_stop_is_a_story(chat: Chat, words: str) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say(words)
    assert words in chat.slots["narrative"]


async def test_a_landline_is_never_texted(chat: Chat) -> None:
    await chat.go_to("safe_contact:channel", TO_THE_CHECK)
    await chat.choose("Text me")
    await chat.say("01782 234234")
    assert "not a mobile number" in chat.text
    assert chat.asks == "safe_contact:channel", "a call was not what they chose: they choose again"
    assert "safe_contact" not in chat.slots


async def test_a_yes_counts_only_for_what_it_was_given_for(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("My neighbour in Watford plays loud music nearly every night since August. I can't sleep.")
    await chat.go_to("consent:beacon", {"confirm_understanding": "Yes, that is right"})
    await chat.choose("Yes, pass it on")
    assert chat.asks == "name"
    await chat.say("change an answer")
    await chat.choose("What it is")
    await chat.choose("Change it")
    await chat.choose("It was because of who I am")
    await chat.go_to("consent:beacon", {"hate_reason": "My religion or belief"})
    assert "both of these" in chat.text


async def test_a_place_outside_the_areas_is_said_and_not_guessed(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("My neighbour plays loud music every night")
    await chat.choose("Yes, that is right")
    await chat.go_to("area", {})
    await chat.say("LS1 4AP")
    assert "outside the areas" in chat.text
    await chat.go_to("anything_else", {})
    assert "08 08 16 89 111" in chat.text


async def test_changing_something_shows_the_rows_and_not_the_whole_check_again(chat: Chat) -> None:
    await at_the_check(chat)
    await chat.choose("Change or remove something")
    labels = [label for reply in chat.replies for label, _ in reply.choices]
    assert "Name to use" in labels
    assert "Yes, send it" not in labels
    assert STORY not in chat.text


async def test_a_row_can_be_named_in_words(chat: Chat) -> None:
    await at_the_check(chat)
    await chat.say("name to use")
    await chat.choose("Change it")
    assert chat.asks == "name"


async def test_someone_deaf_is_told_ways_to_write_first(chat: Chat) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("I am deaf and my neighbour bangs on my wall every night, I feel it, in Stafford")
    await chat.say("who can I contact now")
    assert "victimsupport.org.uk" in chat.text
    assert "08 08 16 89 111" not in chat.text


async def test_a_refusal_is_kept_in_the_ledger_with_the_words_that_were_read(chat: Chat, house: House) -> None:
    await chat.go_to("consent:harmony", TO_THE_CHECK)
    read = chat.text
    await chat.choose("No, do not")
    kept = await asyncio.to_thread(consents_of, house.referrals, f"{chat.id}:0")
    assert [(c.recipient, c.purpose, c.given) for c in kept] == [("harmony", "asb", "refused")]
    assert kept[0].wording in read
