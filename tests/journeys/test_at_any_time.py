"""What must hold at any step: danger first, nothing run, nothing lost, nothing asked twice."""

from __future__ import annotations

import uuid

import pytest
import requests

from tests.journeys.haven import Haven, Talk

STORY = (
    "My neighbour plays loud music nearly every night since August. I live in Hanley, ST1 3AB. "
    "I've told the council twice. I can't sleep."
)

#: One answer to each question of this story's conversation, in the order they come.
STEPS = (
    ("safe_to_talk", "yes"),
    ("story", STORY),
    ("confirm_understanding", "yes"),
    ("happening_now", "no"),
    ("targeted", "yes"),
    ("risk:1", "no"),
    ("risk:2", "none of these"),
    ("risk:3", "no, nothing"),
    ("risk:4", "they know where I live"),
    ("wishes", "practical help"),
    ("mediation", "no"),
    ("access_needs", "no"),
    ("age_band", "44"),
    ("consent:harmony", "yes"),
    ("name", "Sam"),
    ("safe_contact:channel", "call"),
    ("safe_contact:number", "07700 900123"),
    ("safe_contact:times", "any time"),
    ("safe_contact:voicemail", "no"),
    ("safe_contact:neutral_name", "say nothing and ring off"),
    ("check_answers", "yes, send it"),
    ("return_word", "#Skip this"),
)

DANGER = "there's someone with a knife outside my door"


def answer(talk: Talk, text: str) -> None:
    if text.startswith("#"):
        talk.choose(text[1:])
    else:
        talk.say(text)


def test_a_knife_outside_the_door_gets_999_at_once_at_every_step(haven: Haven) -> None:
    talk = Talk.begin(haven)
    # told at the start, somebody with a knife is also a crime that the Victim Gateway should hear of
    steps = {**dict(STEPS), "consent:staffordshire_victim_gateway": "yes"}
    met = []
    while "anything_else" not in met:
        question = talk.asks
        assert question not in met, "the open question is asked again after danger, and never once it is answered"
        met.append(question)
        talk.say(DANGER)
        assert talk.replies[0]["text"].startswith("Call 999 now"), f"at {question}: {talk.text}"
        assert "55" in talk.replies[0]["text"]
        assert talk.asks == "safety_check"
        talk.choose("I am safe now")
        assert talk.asks == question, "the open question is asked again, and nothing else"
        if question != "anything_else":
            answer(talk, steps[question])
    # a weapon was seen, so that is not asked, and nobody is asked about mediation
    assert set(dict(STEPS)) - set(met) == {"risk:2", "mediation"}
    assert len(haven.wait_for_letters(2)) == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "/restart",
        '/intent{"x":"y"}',
        '/choose{"choice": "given"}',
        "/session_start",
        "   /start_again_now",
        "😀" * 400,
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{7*7}}",
        "{emergency} {0} %s ${jndi:ldap://x}",
        "\u202egnitset\u202c \u0000 \ud83d\ude00 \u200b\u200b",
    ],
)
def test_hostile_words_are_stored_as_text_and_answered_sensibly(served: Haven, hostile: str) -> None:
    talk = Talk.begin(served)
    talk.choose("Yes, it is safe")
    talk.say(hostile)
    assert talk.asks in ("story", "confirm_understanding")
    assert "49" not in talk.text
    talk.say(STORY)
    assert talk.asks == "confirm_understanding"
    assert "noise" in talk.text, "what was said before did not break or restart the conversation"
    assert talk.referrals() == []


def test_6000_characters_are_refused_in_plain_words_and_nothing_is_lost(served: Haven) -> None:
    talk = Talk.begin(served)
    talk.choose("Yes, it is safe")
    talk.say(STORY)
    answer_to_long = talk.post({"id": str(uuid.uuid4()), "text": "x" * 6000})
    assert answer_to_long.status_code == 413
    error = answer_to_long.json()["error"]
    assert {"999", "08 08 16 89 111"} <= {help_["number"] for help_ in error["help"]}
    talk.choose("Yes, that is right")
    assert talk.asks == "happening_now"


def test_the_same_message_twice_is_answered_once(served: Haven) -> None:
    talk = Talk.begin(served)
    talk.choose("Yes, it is safe")
    message = {"id": str(uuid.uuid4()), "text": STORY}
    first, second = talk.post(message).json(), talk.post(message).json()
    assert first == second
    assert first["messages"][-1]["asks"] == "confirm_understanding"


def test_after_kill_9_at_any_step_the_conversation_goes_on_and_asks_nothing_twice(haven: Haven) -> None:
    talk = Talk.begin(haven)
    for question, text in STEPS:
        assert talk.asks == question
        answer(talk, text)
        if question in ("story", "check_answers"):
            haven.kill()
            haven.restart()
    assert talk.asks == "anything_else"
    assert len(talk.asked) == len(set(talk.asked)), "a question came twice"
    # a delivery that the killed process had just claimed is taken up again when its lease of 90 seconds has run out
    letter = haven.wait_for_letters(1, seconds=120)[0]
    assert letter["incident"]["narrative"] == STORY


def test_no_other_token_opens_a_conversation(served: Haven) -> None:
    for token in ("", "x" * 43, "../../etc/passwd"):
        answer_ = requests.get(
            f"{served.url}/api/conversations/current", headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        assert answer_.status_code == 401
        assert answer_.json()["error"]["help"]
