"""What came in? Stored before anything is answered, once for each client id."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.conversations import store
from bot.conversations.house import ConversationHouse
from bot.conversations.opening import new_id
from bot.conversations.record import Message, Said
from bot.conversations.transcript import replies_in


class UnknownChoice(Exception):
    """No such quick reply was offered in this conversation."""


class ConversationEnded(Exception):
    """The conversation is over: nothing more is stored in it."""


@dataclass(frozen=True)
class Received:
    """What was stored. `answered` says that it came before and has its answer: `replies`."""

    said: Said
    answered: bool
    replies: tuple[Message, ...] = ()


def receive_message(
    house: ConversationHouse,
    conversation_id: str,
    client_id: str,
    now: dt.datetime,
    *,
    text: str | None = None,
    choice: str | None = None,
) -> Received:
    """Store what the person said, by words or by the opaque id of a quick reply.

    The same `client_id` again stores nothing and hands back the earlier replies.
    Raises UnknownChoice, ConversationEnded.
    """
    with house.db.transaction() as session:
        seq = store.change_conversation(session, conversation_id, places=1, last_at=now)
        standing = store.standing_of(session, house.keyring, conversation_id)
        if seq is None or standing is None or standing.ended:
            raise ConversationEnded
        before = store.said_with_client_id(session, house.keyring, conversation_id, client_id)
        if before is not None:
            said, answered = before
            return Received(said, answered, replies_in(session, house, said) if answered else ())
        payload = None
        if choice is not None:
            offered = store.choice_of(session, house.keyring, conversation_id, choice)
            if offered is None:
                raise UnknownChoice
            text, payload = offered
        channel = store.channel_of(session, conversation_id)
        said = Said(conversation_id, new_id(), channel, storable(text or ""), payload, now)
        store.add_message(session, house.keyring, conversation_id, said, seq, sender="person", client_id=client_id)
        return Received(said, answered=False)


def unanswered(house: ConversationHouse, conversation_id: str) -> list[Said]:
    """What was said here and never answered (the process was killed, the dialogue failed), oldest first."""
    with house.db.transaction() as session:
        return store.unanswered_in(session, house.keyring, conversation_id)


def conversations_unanswered(house: ConversationHouse, limit: int = 200) -> list[str]:
    """Ids of living conversations with something unanswered, longest waiting first; for when the program starts."""
    with house.db.transaction() as session:
        return store.conversations_unanswered(session, limit)


def storable(text: str) -> str:
    """The same text; only what no database or socket can carry (NUL, lone surrogates) is visibly replaced by U+FFFD."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
