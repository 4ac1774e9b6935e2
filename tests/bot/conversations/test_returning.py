"""Does only the code with the word open the door again, and what is behind it?"""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from bot.conversations.house import ConversationHouse
from bot.conversations.inbox import receive_message, unanswered
from bot.conversations.opening import (
    RESUME,
    conversation_by_token,
    keep_draft,
    leave_conversation,
    start_conversation,
)
from bot.conversations.record import Reply, Turn
from bot.conversations.returning import (
    MAX_TRIES,
    WINDOW,
    TooManyTries,
    WordTooShort,
    WrongCodeOrWord,
    resume_conversation,
    set_return_word,
)
from bot.conversations.transcript import history, news
from bot.conversations.turns import record_turn, standing
from bot.security.keyring import Keyring


def talk(house: ConversationHouse, now: dt.datetime) -> tuple[str, str]:
    """(conversation id, token) of a conversation with a story and a snapshot."""
    conversation, token = start_conversation(house, "web", "en", now)
    (begin,) = unanswered(house, conversation.id)
    record_turn(house, begin, Turn((Reply("Hello."),), {"step": 1}), 0, now)
    said = receive_message(house, conversation.id, "c1", now, text="my story").said
    record_turn(house, said, Turn((Reply("Thank you."),), {"step": 2}), 1, now)
    return conversation.id, token


def test_the_code_and_the_word_open_a_summary_not_the_transcript(house: ConversationHouse, now: dt.datetime) -> None:
    id_, old = talk(house, now)
    code = set_return_word(house, id_, "Blue  Teapot", now)
    assert len(code) == 16
    assert code.isdecimal()
    spaced = " ".join(code[i : i + 4] for i in range(0, 16, 4))
    conversation, token = resume_conversation(house, spaced, " blue teapot", now)
    assert conversation.id == id_
    assert conversation_by_token(house, old, now) is None
    assert history(house, conversation) == []
    fresh = news(house, token, 0)
    assert fresh is not None
    assert fresh.messages == ()
    (owed,) = unanswered(house, id_)
    assert owed.payload == RESUME
    at = standing(house, id_)
    assert at is not None
    assert at.state == {"step": 2}


def test_a_kept_draft_opens_again_and_a_dropped_one_does_not(house: ConversationHouse, now: dt.datetime) -> None:
    id_, token = talk(house, now)
    code = set_return_word(house, id_, "blue teapot", now)
    assert keep_draft(house, id_, now) is True
    assert conversation_by_token(house, token, now) is None
    conversation, _ = resume_conversation(house, code, "blue teapot", now)
    assert leave_conversation(house, conversation.id, now) is False
    with pytest.raises(WrongCodeOrWord):
        resume_conversation(house, code, "blue teapot", now)


def test_a_draft_that_nothing_could_open_is_not_kept(house: ConversationHouse, now: dt.datetime) -> None:
    id_, _ = talk(house, now)
    assert keep_draft(house, id_, now) is False
    at = standing(house, id_)
    assert at is not None
    assert at.state is None


def test_after_five_tries_even_the_right_word_is_locked_out(house: ConversationHouse, now: dt.datetime) -> None:
    id_, _ = talk(house, now)
    code = set_return_word(house, id_, "blue teapot", now)
    for _ in range(MAX_TRIES):
        with pytest.raises(WrongCodeOrWord):
            resume_conversation(house, code, "red teapot", now)
    with pytest.raises(TooManyTries):
        resume_conversation(house, code, "blue teapot", now)
    later = now + WINDOW + dt.timedelta(seconds=1)
    assert resume_conversation(house, code, "blue teapot", later)[0].id == id_


def test_an_address_that_tries_many_codes_is_locked_out(house: ConversationHouse, now: dt.datetime) -> None:
    for number in range(MAX_TRIES):
        with pytest.raises(WrongCodeOrWord):
            resume_conversation(house, f"{number:016d}", "blue teapot", now, address_index="a" * 64)
    with pytest.raises(TooManyTries):
        resume_conversation(house, f"{9:016d}", "blue teapot", now, address_index="a" * 64)
    with pytest.raises(WrongCodeOrWord):
        resume_conversation(house, f"{9:016d}", "blue teapot", now, address_index="b" * 64)


def test_neither_code_nor_word_is_kept(house: ConversationHouse, now: dt.datetime) -> None:
    id_, _ = talk(house, now)
    code = set_return_word(house, id_, "blue teapot", now)
    with house.db.transaction() as session:
        row = session.execute(text("SELECT return_code_index, word_hash FROM conversations")).one()
    assert code not in row.return_code_index
    assert row.word_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_short_word_is_refused(house: ConversationHouse, now: dt.datetime) -> None:
    id_, _ = talk(house, now)
    with pytest.raises(WordTooShort):
        set_return_word(house, id_, "  ab c".replace("b c", ""), now)


def test_a_code_still_opens_after_the_keys_were_rotated(house: ConversationHouse, now: dt.datetime) -> None:
    id_, _ = talk(house, now)
    code = set_return_word(house, id_, "blue teapot", now)
    rotated = ConversationHouse(house.db, Keyring({"new": b"n" * 32, "test": b"k" * 32}))
    assert resume_conversation(rotated, code, "blue teapot", now)[0].id == id_
