"""What passes between a person and the dialogue? Messages as they are kept and shown, and the seam to the dialogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

Sender = Literal["person", "assistant", "adviser", "notice"]
Holder = Literal["assistant", "waiting", "adviser"]


@dataclass(frozen=True)
class Choice:
    """One quick reply as the person sees it. `id` is opaque and unique in its conversation; `label` is words."""

    id: str
    label: str


@dataclass(frozen=True)
class Message:
    """One message of a conversation, with its ids. `at` is aware UTC; `asks` names the open question."""

    id: str
    sender: Sender
    text: str
    choices: tuple[Choice, ...]
    asks: str | None
    input: str | None
    at: dt.datetime
    lang: str = "en"
    dir: str = "ltr"
    name: str | None = None


@dataclass(frozen=True)
class Reply:
    """What the dialogue says, before it has ids.

    `choices` are (label, payload) pairs; a payload is secret to the server, for example '/choose{"choice": "yes"}'.
    """

    text: str
    choices: tuple[tuple[str, str], ...] = ()
    asks: str | None = None
    input: str | None = None


@dataclass(frozen=True)
class Said:
    """What the person said, as the dialogue is handed it. `payload`: the chosen option's, found by its opaque id."""

    conversation_id: str
    message_id: str
    channel: str
    text: str
    payload: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Turn:
    """What the dialogue answered: the replies, its JSON-able snapshot, and the safety signals that staff must see."""

    replies: tuple[Reply, ...]
    state: dict[str, Any]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """One conversation, without its words. `language` is a BCP 47 tag; instants are aware UTC.

    `shown_from`: messages up to this sequence number came before a return and are never shown again.
    """

    id: str
    channel: str
    language: str
    service: str | None
    held_by: Holder
    shown_from: int
    created_at: dt.datetime
    last_at: dt.datetime
    ended_at: dt.datetime | None = None
    has_return_code: bool = False


@dataclass(frozen=True)
class Standing:
    """Where the dialogue stands: what a turn starts from, and the version that guards its record."""

    version: int
    held_by: Holder
    state: dict[str, Any] | None
    ended: bool


class DialogueAbsent(Exception):
    """There is no dialogue just now. The message is not at fault: it is kept, and answered once there is one."""


#: The dialogue stores nothing: it is handed the last snapshot (None at the start) and hands back the next.
Dialogue = Callable[[Said, dict[str, Any] | None], Awaitable[Turn]]
