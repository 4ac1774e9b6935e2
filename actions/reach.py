"""What may a move reach? The directory, the clock, and the few things it may do to the world."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker

from bot.clock import Clock
from bot.directory import Directory
from bot.referrals.record import Consent, ReferralRequest


@dataclass(frozen=True)
class Sent:
    """A referral as the person may know it: its reference, where it went, and how it stands."""

    reference: str
    service: str
    state: str


@dataclass(frozen=True)
class Reach:
    """Wired once by `bot.app`. Everything that touches a database is async and does its work off the event loop."""

    directory_of_today: Callable[[], Directory]
    clock: Clock
    send: Callable[[tuple[ReferralRequest, ...]], Awaitable[tuple[Sent, ...]]]
    refuse: Callable[[Consent, str, str], Awaitable[None]]
    sent: Callable[[str], Awaitable[tuple[Sent, ...]]]
    give_return_code: Callable[[str, str, dt.datetime], Awaitable[str]]
    count_photos: Callable[[str], Awaitable[int]]

    @property
    def directory(self) -> Directory:
        """The directory as it stands today."""
        return self.directory_of_today()


class Move(Action, ABC):  # type: ignore[misc]  # the SDK is untyped
    """An action that knows what it may reach. Without one (`rasa run actions`) it wires the real parts itself."""

    def __init__(self, reach: Reach | None = None) -> None:
        self._reach = reach

    @property
    def reach(self) -> Reach:
        """What this move may reach."""
        if self._reach is None:
            from bot.app import open_reach  # here, because the wiring place imports the moves

            self._reach = open_reach()
        return self._reach

    @abstractmethod
    def name(self) -> str:
        """The name that domain.yml and the rules use. Abstract, so that the SDK does not take this class for a move."""

    def now(self, tracker: Tracker) -> dt.datetime:
        """The instant the message was received, or the clock's when it did not come through a door of ours."""
        metadata: dict[str, Any] = (tracker.latest_message or {}).get("metadata") or {}
        at = metadata.get("at")
        return dt.datetime.fromisoformat(at) if at else self.reach.clock()
