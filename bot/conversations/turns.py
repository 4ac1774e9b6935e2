"""What was answered? Replies, snapshot and the answered mark, kept together or not at all."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any, Literal

from bot.conversations import store
from bot.conversations.house import ConversationHouse
from bot.conversations.opening import new_id
from bot.conversations.record import Message, Reply, Said, Standing, Turn

#: How often a message is handed to the dialogue before it is left to a person at the desk.
MAX_ATTEMPTS = 3

#: A dialogue that wants an adviser to take over says so with this flag; the others are safety signals.
WAIT_FOR_ADVISER = "wait_for_adviser"


class TurnLost(Exception):
    """Something else was recorded since this turn began (or the conversation ended, or an adviser took over)."""


def standing(house: ConversationHouse, conversation_id: str) -> Standing | None:
    """Where the dialogue stands now; None when there is no such conversation."""
    with house.db.transaction() as session:
        return store.standing_of(session, house.keyring, conversation_id)


def record_turn(
    house: ConversationHouse,
    said: Said,
    turn: Turn,
    expected_version: int,
    now: dt.datetime,
    *,
    answers: str | None = None,
) -> tuple[Message, ...]:
    """Keep a turn in one transaction: replies, snapshot, flags and the mark that `said` is answered.

    `answers`: the message the replies are handed out with, when it is not `said` itself. Raises TurnLost when the
    conversation is no longer at `expected_version` or the message was answered meanwhile: begin the turn again.
    """
    values: dict[str, Any] = {
        "version": expected_version + 1,
        "state": store.sealed_state(house.keyring, said.conversation_id, turn.state),
        "last_at": now,
    }
    signals = [flag for flag in turn.flags if flag != WAIT_FOR_ADVISER]
    if signals:
        values["urgent_at"] = now
    if WAIT_FOR_ADVISER in turn.flags:
        values["held_by"] = "waiting"
    with house.db.transaction() as session:
        last = store.change_conversation(
            session, said.conversation_id, expected_version=expected_version, places=len(turn.replies), **values
        )
        if last is None or not store.mark_answered(session, said.message_id, now):
            raise TurnLost
        return _add_replies(
            session, house, said, turn.replies, "assistant", last, now, answers or said.message_id, signals
        )


def record_notice(
    house: ConversationHouse,
    said: Said,
    replies: Sequence[Reply],
    now: dt.datetime,
    *,
    signals: Sequence[str] = (),
    answers: str | None = None,
    settled: bool = False,
    counts: bool = True,
) -> tuple[Message, ...]:
    """Keep what the gate says itself when the dialogue did not answer; the snapshot stays as it was.

    The message stays unanswered and is tried again, up to MAX_ATTEMPTS in all, unless `settled` (an adviser holds the
    line). `counts` is false when the message was not tried at all. A second failure adds no second notice.
    """
    with house.db.transaction() as session:
        values: dict[str, Any] = {"urgent_at": now} if signals else {}
        last = store.change_conversation(session, said.conversation_id, places=len(replies), **values)
        tried = store.count_attempt(session, said.message_id) if counts else 0
        if settled or tried >= MAX_ATTEMPTS:
            store.mark_answered(session, said.message_id, now)
        key = answers or said.message_id
        already = store.messages_of(session, house.keyring, said.conversation_id, answers=said.message_id)
        if last is None or already:
            return ()
        return _add_replies(session, house, said, replies, "notice", last, now, key, signals)


def _add_replies(
    session: Any,
    house: ConversationHouse,
    said: Said,
    replies: Sequence[Reply],
    sender: Literal["assistant", "notice"],
    last: int,
    now: dt.datetime,
    answers: str,
    flags: Sequence[str],
) -> tuple[Message, ...]:
    store.flag_message(session, house.keyring, said.message_id, flags)
    kept = []
    for seq, reply in enumerate(replies, start=last - len(replies) + 1):
        ids = [secrets.token_urlsafe(9) for _ in reply.choices]
        message = store.new_message(new_id(), ids, reply, sender, now)
        store.add_message(session, house.keyring, said.conversation_id, message, seq, sender=sender, answers=answers)
        store.add_choices(
            session, house.keyring, said.conversation_id, message, (payload for _, payload in reply.choices)
        )
        kept.append(message)
    return tuple(kept)
