"""What was said so far, and what is new? Read-only."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from bot.conversations import store
from bot.conversations.house import ConversationHouse
from bot.conversations.opening import hash_of
from bot.conversations.record import Conversation, Holder, Message, Said


@dataclass(frozen=True)
class News:
    """What is new after a sequence number: messages, who holds the line, and where to go on from."""

    messages: tuple[Message, ...]
    held_by: Holder
    last_seq: int


def history(house: ConversationHouse, conversation: Conversation) -> list[Message]:
    """Every message the present token may see, in order; after a return that begins anew."""
    with house.db.transaction() as session:
        found = store.messages_of(session, house.keyring, conversation.id, after=conversation.shown_from)
        return [message for _, message in found]


def replies_to(house: ConversationHouse, said: Said) -> tuple[Message, ...]:
    """What answered this message: the dialogue's replies, or until there are any, the notice given instead."""
    with house.db.transaction() as session:
        return replies_in(session, house, said)


def replies_in(session: Any, house: ConversationHouse, said: Said) -> tuple[Message, ...]:
    """The same, inside a transaction that is already open."""
    found = [m for _, m in store.messages_of(session, house.keyring, said.conversation_id, answers=said.message_id)]
    answers = [m for m in found if m.sender != "notice"]
    return tuple(answers or found)


def news(house: ConversationHouse, token: str, after: int, last_id: str = "") -> News | None:
    """What is new after sequence number `after` (or after the message `last_id`); None when the token is dead."""
    with house.db.transaction() as session:
        conversation = store.find_conversation(session, token_hash=hash_of(token))
        if conversation is None or conversation.ended_at is not None:
            return None
        kept, _ = store.hashes_of(session, conversation.id)
        if not hmac.compare_digest(kept or "", hash_of(token)):
            return None
        if last_id:
            after = store.seq_of(session, conversation.id, last_id)
        found = store.messages_of(session, house.keyring, conversation.id, after=max(after, conversation.shown_from))
        return News(tuple(m for _, m in found), conversation.held_by, max([after, *(seq for seq, _ in found)]))
