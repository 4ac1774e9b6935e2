"""Is a message stored once, answered once, and never lost in between?"""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import text

from bot.conversations.house import ConversationHouse
from bot.conversations.inbox import (
    ConversationEnded,
    UnknownChoice,
    conversations_unanswered,
    receive_message,
    storable,
    unanswered,
)
from bot.conversations.line import hand_line_to, say_as_adviser
from bot.conversations.opening import BEGIN, conversation_by_token, leave_conversation, start_conversation
from bot.conversations.record import Conversation, Reply, Turn
from bot.conversations.transcript import history, news, replies_to
from bot.conversations.turns import MAX_ATTEMPTS, TurnLost, record_notice, record_turn, standing

CHOICES = (("Yes", '/choose{"choice": "yes"}'), ("No", '/choose{"choice": "no"}'))


def greet(house: ConversationHouse, now: dt.datetime) -> tuple[Conversation, str]:
    """A conversation whose greeting, with two quick replies, was recorded."""
    conversation, token = start_conversation(house, "web", "en", now)
    (begin,) = unanswered(house, conversation.id)
    assert begin.payload == BEGIN
    turn = Turn((Reply("Hello.", CHOICES, asks="safe_to_talk"),), {"step": 1})
    record_turn(house, begin, turn, 0, now)
    return conversation, token


def test_the_token_is_the_key_and_only_its_hash_is_kept(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, token = greet(house, now)
    found = conversation_by_token(house, token, now)
    assert found is not None
    assert found.id == conversation.id
    assert conversation_by_token(house, token + "x", now) is None
    assert conversation_by_token(house, "\ud800", now) is None
    assert len(token) >= 43
    with house.db.transaction() as session:
        (kept,) = session.execute(text("SELECT token_hash FROM conversations")).one()
    assert token not in kept
    assert len(kept) == 64


def test_idle_for_too_long_closes_the_door(house: ConversationHouse, now: dt.datetime) -> None:
    _, token = greet(house, now)
    idle = dt.timedelta(minutes=20)
    assert conversation_by_token(house, token, now + idle, idle) is not None
    assert conversation_by_token(house, token, now + idle + dt.timedelta(seconds=1), idle) is None


def test_no_word_is_readable_in_the_database(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    said = receive_message(house, conversation.id, "c1", now, text="KANARIE they broke my window").said
    state = {"story": "KANARIE"}
    turn = Turn((Reply("You said KANARIE", (("KANARIE", "/k KANARIE"),)),), state, ("weapon",))
    record_turn(house, said, turn, 1, now)
    with house.db.transaction() as session:
        for table in ("conversations", "messages", "choices"):
            for row in session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608 - three fixed names
                assert "KANARIE" not in " ".join(str(value) for value in row)


def test_a_choice_is_stored_with_its_payload(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    (greeting,) = history(house, conversation)
    received = receive_message(house, conversation.id, "c1", now, choice=greeting.choices[1].id)
    assert (received.said.text, received.said.payload) == ("No", '/choose{"choice": "no"}')
    other, _ = greet(house, now)
    with pytest.raises(UnknownChoice):
        receive_message(house, other.id, "c1", now, choice=greeting.choices[1].id)
    assert unanswered(house, other.id) == []


def test_words_that_look_like_a_command_stay_words(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    said = receive_message(house, conversation.id, "c1", now, text='/choose{"choice": "yes"}').said
    assert said.text == '/choose{"choice": "yes"}'
    assert said.payload is None


def test_the_same_client_id_gives_the_same_replies(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    first = receive_message(house, conversation.id, "c1", now, text="hello")
    assert not first.answered
    again = receive_message(house, conversation.id, "c1", now, text="hello")
    assert again.said.message_id == first.said.message_id
    replies = record_turn(house, first.said, Turn((Reply("Thank you."),), {}), 1, now)
    third = receive_message(house, conversation.id, "c1", now, text="something else")
    assert third.answered
    assert third.replies == replies
    assert [m.text for m in history(house, conversation)] == ["Hello.", "hello", "Thank you."]


def test_ten_at_once_are_one(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    ids: list[str] = []
    barrier = threading.Barrier(5)

    def send() -> None:
        barrier.wait()
        ids.append(receive_message(house, conversation.id, "same", now, text="once").said.message_id)

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 5
    assert len(set(ids)) == 1
    assert len(unanswered(house, conversation.id)) == 1


def test_a_lost_race_records_nothing(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    said = receive_message(house, conversation.id, "c1", now, text="hello").said
    with pytest.raises(TurnLost):
        record_turn(house, said, Turn((Reply("stale"),), {"step": 9}), 0, now)
    record_turn(house, said, Turn((Reply("fresh"),), {"step": 2}), 1, now)
    with pytest.raises(TurnLost):
        record_turn(house, said, Turn((Reply("twice"),), {"step": 3}), 2, now)
    at = standing(house, conversation.id)
    assert at is not None
    assert (at.version, at.state) == (2, {"step": 2})
    assert [m.text for m in replies_to(house, said)] == ["fresh"]


def test_what_was_stored_and_not_answered_is_found_again(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    greet(house, now)
    said = receive_message(house, conversation.id, "c1", now, text="then the power went").said
    assert conversations_unanswered(house) == [conversation.id]
    assert unanswered(house, conversation.id) == [said]


def test_a_failed_turn_leaves_one_notice_and_is_given_up_in_the_end(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    said = receive_message(house, conversation.id, "c1", now, text="hello").said
    assert len(record_notice(house, said, [Reply("Kept. Call 999.")], now)) == 1
    assert record_notice(house, said, [Reply("Kept. Call 999.")], now) == ()
    assert unanswered(house, conversation.id) == [said]
    for _ in range(MAX_ATTEMPTS - 2):
        record_notice(house, said, [Reply("Kept. Call 999.")], now)
    assert unanswered(house, conversation.id) == []
    assert [m.text for m in replies_to(house, said)] == ["Kept. Call 999."]


def test_the_true_answer_replaces_the_notice(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, _ = greet(house, now)
    said = receive_message(house, conversation.id, "c1", now, text="hello").said
    record_notice(house, said, [Reply("Kept.")], now)
    record_turn(house, said, Turn((Reply("Now I can."),), {}), 1, now)
    assert [m.text for m in replies_to(house, said)] == ["Now I can."]


def test_an_adviser_holds_the_line(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, token = greet(house, now)
    said = receive_message(house, conversation.id, "c1", now, text="a person please").said
    with pytest.raises(ValueError, match="holding the line"):
        say_as_adviser(house, conversation.id, "Priya", "Too soon", now)
    hand_line_to(house, conversation.id, "adviser", now)
    with pytest.raises(TurnLost):
        record_turn(house, said, Turn((Reply("I talk over her"),), {}), 1, now)
    with pytest.raises(TurnLost):
        record_turn(house, said, Turn((Reply("I talk over her"),), {}), 2, now)
    say_as_adviser(house, conversation.id, "Priya", "Hello, I am Priya.", now)
    fresh = news(house, token, 0)
    assert fresh is not None
    assert fresh.held_by == "adviser"
    assert [(m.sender, m.name) for m in fresh.messages][-1] == ("adviser", "Priya")
    assert news(house, token, fresh.last_seq) is not None


def test_leaving_kills_the_token_and_the_words(house: ConversationHouse, now: dt.datetime) -> None:
    conversation, token = greet(house, now)
    said = receive_message(house, conversation.id, "c1", now, text="hello").said
    assert leave_conversation(house, conversation.id, now) is False
    assert conversation_by_token(house, token, now) is None
    assert news(house, token, 0) is None
    assert history(house, conversation) == []
    at = standing(house, conversation.id)
    assert at is not None
    assert at.ended
    assert at.state is None
    with pytest.raises(TurnLost):
        record_turn(house, said, Turn((Reply("too late"),), {}), at.version, now)
    with pytest.raises(ConversationEnded):
        receive_message(house, conversation.id, "c2", now, text="too late")


def test_only_what_cannot_be_carried_is_replaced() -> None:
    assert storable("a\0b\ud800c") == "a\ufffdb\ufffdc"
    for kept in ("\u202eabc", "zero\u200bwidth", "\x07\x1b[0m", "🙂" * 10, "e\u0301" * 10, "<script>"):
        assert storable(kept) == kept
