"""Does time go on for what must wait, even when the clock is frozen, and never back?"""

from __future__ import annotations

import datetime as dt
import time

import pytest

from bot.clock import frozen_clock, running_clock

NOW = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.timezone.utc)


@pytest.fixture
def elapsed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: seconds[0])
    return seconds


def test_a_frozen_clock_goes_on_from_where_it_stands(elapsed: list[float]) -> None:
    running = running_clock(frozen_clock(NOW))
    assert running() == NOW
    elapsed[0] += 90
    assert running() == NOW + dt.timedelta(seconds=90)


def test_a_clock_set_back_does_not_take_time_back(elapsed: list[float]) -> None:
    said = [NOW]
    running = running_clock(lambda: said[0])
    elapsed[0] += 10
    said[0] = NOW - dt.timedelta(hours=6)
    assert running() == NOW + dt.timedelta(seconds=10)
    said[0] = NOW + dt.timedelta(hours=6)
    assert running() == NOW + dt.timedelta(hours=6)
