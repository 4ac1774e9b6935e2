"""How does a row become words, and words a row? Each field is sealed for its own table, row and name."""

from __future__ import annotations

from typing import Any

from bot.conversations.record import Choice, Conversation, Message, Said
from bot.security.keyring import Keyring


class Sealer:
    """Seals the fields of one row."""

    def __init__(self, keyring: Keyring, table: str, row: str) -> None:
        self._keyring, self._table, self._row = keyring, table, row

    def __call__(self, field: str, plaintext: str) -> str:
        return self._keyring.seal(plaintext, table=self._table, row=self._row, field=field)

    def maybe(self, field: str, plaintext: str | None) -> str | None:
        """The same for a field that may be empty."""
        return None if plaintext is None else self(field, plaintext)


def open_field(keyring: Keyring, value: str, table: str, row: str, field: str) -> str:
    """The words of one field again. Raises SealBroken when it was changed or moved."""
    return keyring.open_sealed(value, table=table, row=row, field=field)


def conversation_from(row: Any) -> Conversation:
    """A row of `conversations`, without its words."""
    return Conversation(
        id=row.id,
        channel=row.channel,
        language=row.language,
        service=row.service,
        held_by=row.held_by,
        shown_from=row.shown_from,
        created_at=row.created_at,
        last_at=row.last_at,
        ended_at=row.ended_at,
        has_return_code=row.return_code_index is not None,
    )


def said_from(keyring: Keyring, row: Any) -> Said:
    """A row of `messages` with its channel, as the dialogue is handed it."""
    payload = None if row.payload is None else open_field(keyring, row.payload, "messages", row.id, "payload")
    text = open_field(keyring, row.text, "messages", row.id, "text")
    return Said(row.conversation_id, row.id, row.channel, text, payload, row.at)


def message_from(keyring: Keyring, row: Any, offered: tuple[Choice, ...]) -> Message:
    """A row of `messages` with its quick replies, as it is shown."""
    return Message(
        id=row.id,
        sender=row.sender,
        text=open_field(keyring, row.text, "messages", row.id, "text"),
        choices=offered,
        asks=row.asks,
        input=row.input,
        at=row.at,
        lang=row.lang,
        dir=row.dir,
        name=None if row.name is None else open_field(keyring, row.name, "messages", row.id, "name"),
    )
