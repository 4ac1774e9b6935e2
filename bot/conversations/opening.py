"""How does a conversation begin, who may go on with it, and how does it end?"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import replace

from bot.conversations import store
from bot.conversations.house import ConversationHouse
from bot.conversations.record import Conversation, Said
from bot.evidence import store as evidence

#: What the dialogue is told when a conversation begins, and when a person comes back with their return code.
BEGIN = "/begin"
RESUME = "/resume"

#: A token that nobody used for this long opens nothing any more.
IDLE = dt.timedelta(hours=24)


def start_conversation(
    house: ConversationHouse, channel: str, language: str, now: dt.datetime, service: str | None = None
) -> tuple[Conversation, str]:
    """Begin: returns the conversation and its only key, a 256-bit token of which we keep the SHA-256 alone.

    The dialogue's greeting is still owed: `unanswered` names it.
    """
    token = secrets.token_urlsafe(32)
    conversation = Conversation(new_id(), channel, language, service, "assistant", 0, now, now)
    with house.db.transaction() as session:
        store.add_conversation(session, conversation, hash_of(token))
        store.change_conversation(session, conversation.id, places=1)
        greeting = Said(conversation.id, new_id(), channel, "", BEGIN, now)
        store.add_message(session, house.keyring, conversation.id, greeting, 1, sender="system")
    return conversation, token


def conversation_by_token(
    house: ConversationHouse, token: str, now: dt.datetime, idle: dt.timedelta = IDLE
) -> Conversation | None:
    """The conversation this token opens; None when it is unknown, ended, or nothing was said for longer than `idle`."""
    wanted = hash_of(token)
    with house.db.transaction() as session:
        conversation = store.find_conversation(session, token_hash=wanted)
        if conversation is None or conversation.ended_at is not None or now - conversation.last_at > idle:
            return None
        kept, _ = store.hashes_of(session, conversation.id)
        return conversation if hmac.compare_digest(kept or "", wanted) else None


def stay(house: ConversationHouse, conversation_id: str, now: dt.datetime) -> None:
    """The person is still there: the idle time begins again."""
    with house.db.transaction() as session:
        store.change_conversation(session, conversation_id, last_at=now)


def leave_conversation(house: ConversationHouse, conversation_id: str, now: dt.datetime, *, keep: bool = False) -> bool:
    """End it: the token is dead at once and the words are deleted.

    `keep` keeps the draft and its photos, which only the return code opens again; without a return code nothing could
    open them, so nothing is kept. Words already shared with an adviser stay theirs, and photos that were sent stay with
    the referral. Returns whether a draft was kept.
    """
    with house.db.transaction() as session:
        # The row is locked first, so that a turn under way is either recorded before or refused after.
        store.change_conversation(session, conversation_id, token_hash=None, ended_at=now, last_at=now)
        store.bump(session, conversation_id)
        conversation = store.find_conversation(session, id=conversation_id)
        if conversation is None:
            return False
        kept = keep and conversation.has_return_code
        if not kept:
            store.change_conversation(session, conversation_id, state=None, return_code_index=None, word_hash=None)
            evidence.remove_unsent(session, conversation_id)
        if conversation.held_by == "assistant":
            store.delete_messages(session, conversation_id)
        return kept


def keep_draft(house: ConversationHouse, conversation_id: str, now: dt.datetime) -> bool:
    """Leave, keeping the draft for the return code. Returns False when there is no return code, so nothing is kept."""
    return leave_conversation(house, conversation_id, now, keep=True)


def reopen(conversation: Conversation, shown_from: int, now: dt.datetime) -> Conversation:
    """The same conversation after a return: alive again, and nothing said before is shown."""
    return replace(conversation, ended_at=None, shown_from=shown_from, last_at=now)


def hash_of(token: str) -> str:
    """SHA-256 of a token, in hex. A 256-bit random value needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_id() -> str:
    """An opaque id of 128 random bits."""
    return secrets.token_hex(16)
