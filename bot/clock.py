"""What time is it? The only place that reads the clock."""

from __future__ import annotations

import datetime as dt
import time
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


def running_clock(clock: Clock) -> Clock:
    """A clock that starts where `clock` stands and never stands still or goes back, even when `clock` is frozen.

    For what must wait and try again: under a frozen clock nothing would ever be due a second time.
    """
    began, started = clock(), time.monotonic()
    return lambda: max(clock(), began + dt.timedelta(seconds=time.monotonic() - started))
