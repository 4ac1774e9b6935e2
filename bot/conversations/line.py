"""Who holds the line? The assistant, nobody yet (waiting), or an adviser."""

from __future__ import annotations

import datetime as dt

from bot.conversations import store
from bot.conversations.house import ConversationHouse
from bot.conversations.inbox import ConversationEnded
from bot.conversations.opening import new_id
from bot.conversations.record import Holder, Message


def hand_line_to(house: ConversationHouse, conversation_id: str, holder: Holder, now: dt.datetime) -> None:
    """Give the line to `holder`. From this commit on the assistant is silent while an adviser holds it.

    A turn under way is lost, not recorded over the adviser. Raises ConversationEnded when nobody is there any more.
    """
    with house.db.transaction() as session:
        store.change_conversation(session, conversation_id, held_by=holder)
        store.bump(session, conversation_id)
        conversation = store.find_conversation(session, id=conversation_id)
        if conversation is None or conversation.ended_at is not None:
            raise ConversationEnded


def say_as_adviser(house: ConversationHouse, conversation_id: str, name: str, text: str, now: dt.datetime) -> Message:
    """Keep what an adviser said. Raises ConversationEnded, and ValueError when the adviser does not hold the line."""
    with house.db.transaction() as session:
        seq = store.change_conversation(session, conversation_id, places=1, last_at=now)
        conversation = store.find_conversation(session, id=conversation_id)
        if seq is None or conversation is None or conversation.ended_at is not None:
            raise ConversationEnded
        if conversation.held_by != "adviser":
            raise ValueError("an adviser speaks only while holding the line")
        message = Message(new_id(), "adviser", text, (), None, None, now, name=name)
        store.add_message(session, house.keyring, conversation_id, message, seq, sender="adviser")
        return message
