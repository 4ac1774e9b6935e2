"""How does a person come back? With a code and a word of their own; never to the transcript, only to a summary."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from bot.conversations import store
from bot.conversations.house import ConversationHouse
from bot.conversations.opening import RESUME, hash_of, new_id, reopen
from bot.conversations.record import Conversation, Said

#: Tries in the window, for each code and for each address; the next one finds the door locked.
MAX_TRIES = 5
WINDOW = dt.timedelta(minutes=15)
#: Characters a return word needs; fewer could be guessed within the tries.
MIN_WORD = 4
CODE_DIGITS = 16

# OWASP ASVS 5.0 Appendix C: argon2id with t=2, m of at least 19 MiB, p=1.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: Checked when the code is unknown, so that a wrong code and a wrong word take the same time and look the same.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class WordTooShort(ValueError):
    """The return word has fewer than MIN_WORD characters."""


class WrongCodeOrWord(Exception):
    """No conversation opens with this code and this word. Which of them is wrong is not said."""


class TooManyTries(Exception):
    """This code or this address was tried too often: locked until the window has passed."""


def set_return_word(house: ConversationHouse, conversation_id: str, word: str, now: dt.datetime) -> str:
    """Let the person come back with this word: returns a code of 16 digits, shown once and kept only as a keyed hash.

    A new word makes a new code; the old one is dead. Raises WordTooShort.
    """
    normal = _normal(word)
    if len(normal) < MIN_WORD:
        raise WordTooShort
    word_hash = _hasher.hash(normal)
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    with house.db.transaction() as session:
        store.change_conversation(
            session, conversation_id, return_code_index=_index(house, code), word_hash=word_hash, last_at=now
        )
    return code


def resume_conversation(
    house: ConversationHouse, code: str, word: str, now: dt.datetime, *, address_index: str = ""
) -> tuple[Conversation, str]:
    """Come back: returns the conversation and a new token (the old one is dead). The dialogue owes a summary.

    `address_index`: keyed hash of where the try came from. Raises WrongCodeOrWord, and TooManyTries after MAX_TRIES
    in WINDOW for the code or for the address, even with the right word.
    """
    digits = "".join(c for c in code if c.isdecimal())
    tried = [_index(house, digits), *([address_index] if address_index else [])]
    with house.db.transaction() as session:
        if store.add_tries(session, tried, now, now - WINDOW) > MAX_TRIES:
            raise TooManyTries
    with house.db.transaction() as session:
        conversation = store.find_conversation(
            session, code_indexes=house.keyring.blind_indexes(f"return code:{digits}")
        )
        word_hash = store.hashes_of(session, conversation.id)[1] if conversation else None
    # Outside any transaction: the check is slow on purpose.
    matches = _matches(word_hash or _NOBODY, _normal(word))
    if conversation is None or word_hash is None or not matches:
        raise WrongCodeOrWord
    token = secrets.token_urlsafe(32)
    with house.db.transaction() as session:
        seq = store.change_conversation(
            session, conversation.id, places=1, token_hash=hash_of(token), ended_at=None, last_at=now
        )
        if seq is None or store.hashes_of(session, conversation.id)[1] != word_hash:
            raise WrongCodeOrWord
        store.change_conversation(session, conversation.id, shown_from=seq)
        store.bump(session, conversation.id)
        store.forget_tries(session, tried)
        summary = Said(conversation.id, new_id(), conversation.channel, "", RESUME, now)
        store.add_message(session, house.keyring, conversation.id, summary, seq, sender="system")
    return reopen(conversation, seq, now), token


def _index(house: ConversationHouse, code: str) -> str:
    return house.keyring.blind_index(f"return code:{code}")


def _normal(word: str) -> str:
    """The word as it is compared: case, accents' spelling and spaces do not matter."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return " ".join("".join(c for c in folded if not "\ud800" <= c <= "\udfff").split())


def _matches(word_hash: str, word: str) -> bool:
    try:
        return _hasher.verify(word_hash, word)
    except (Argon2Error, InvalidHashError):
        return False
