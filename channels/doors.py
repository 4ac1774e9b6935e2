"""What are the channels handed? Everything they need from the rest of Haven, wired once by `bot.app`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.clock import Clock
from bot.conversations.house import ConversationHouse
from bot.conversations.record import Dialogue, Reply
from bot.directory import Directory
from bot.referrals.receiving import Receiver


class SafetyReading(Protocol):
    """What the deterministic safety check found in a text."""

    @property
    def level(self) -> Literal["now", "ask"] | None: ...

    @property
    def signals(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class HelpNumber:
    """A number that is always shown, as people dial it."""

    label: str
    number: str


@dataclass(frozen=True)
class Limits:
    """How much is taken before someone is asked to wait. A refusal always carries the help numbers."""

    text_characters: int = 5_000
    body_bytes: int = 64 * 1024
    messages_a_minute: int = 30
    starts_an_hour: int = 20
    #: The machine itself: tests, demonstrations, or a proxy that does not pass on addresses. High, not endless.
    local_starts_an_hour: int = 3_000
    #: In all, from everywhere: far more than people need, far fewer than guessing a code takes.
    resumes_an_hour: int = 1_000
    turn_seconds: float = 5.0
    open_streams: int = 500
    stream_seconds: float = 600.0
    poll_seconds: float = 1.0
    comment_seconds: float = 15.0


@dataclass(frozen=True)
class Doors:
    """Everything injected into the channels. The functions that read the database are called in a thread.

    `fallback(level)` is what is said when the dialogue fails: the notice with numbers, and before it the safety words
    when the level is "now". `safety_words(level)` is said while an adviser holds the line, when the level is "now".
    `directory()` is the directory as it may be shown to the public today: where it withholds a number, so do we.
    `exit_url` is where "Leave this page" goes, and `leave_words` what that button says, by service
    ("*": all others). `public_url` decides whether cookies are marked Secure.
    `embed_sites`: by service ("*": all others) the origins of the pages that may show its chat in a frame.
    `trusted_proxies`: how many proxies of ours add to X-Forwarded-For.
    """

    house: ConversationHouse
    dialogue: Dialogue
    check_safety: Callable[[str], SafetyReading]
    fallback: Callable[[str | None], Sequence[Reply]]
    safety_words: Callable[[str], Sequence[Reply]]
    help_numbers: Sequence[HelpNumber]
    referrals_of: Callable[[str], Sequence[dict[str, str]]]
    next_opening: Callable[[str], str | None]
    directory: Callable[[], Directory]
    ready: Callable[[], bool]
    clock: Clock
    receiver: Receiver | None = None
    public_url: str = "http://127.0.0.1:8000"
    exit_url: str = "https://www.bbc.co.uk/weather"
    leave_words: Mapping[str, str] = field(default_factory=dict)
    embed_sites: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trusted_proxies: int = 0
    limits: Limits = field(default_factory=Limits)
