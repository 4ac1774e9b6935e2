"""What time is it? The only place that reads the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

Clock = Callable[[], dt.datetime]

LONDON = ZoneInfo("Europe/London")


def system_clock() -> dt.datetime:
    """Now, aware, in UTC."""
    return dt.datetime.now(dt.timezone.utc)


def frozen_clock(instant: dt.datetime) -> Clock:
    """A clock that always says `instant` (aware); for tests and demonstrations."""
    if instant.tzinfo is None:
        raise ValueError("a frozen clock needs an instant with its offset, for example 2026-11-21T23:30:00+00:00")
    fixed = instant.astimezone(dt.timezone.utc)
    return lambda: fixed
