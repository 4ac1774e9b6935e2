"""The next working day passes over weekends and English bank holidays."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.directory.working_days import end_of, next_working_day


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        ("2026-11-20T12:00:00+00:00", 1, "2026-11-23"),  # a Friday
        ("2026-11-21T23:30:00+00:00", 1, "2026-11-23"),  # a Saturday night
        ("2026-12-24T16:00:00+00:00", 1, "2026-12-29"),  # Christmas Day, Boxing Day, weekend, substitute day
        ("2026-11-20T12:00:00+00:00", 5, "2026-11-27"),
        ("2026-06-30T23:30:00+00:00", 1, "2026-07-02"),  # already the first of July in London
    ],
)
def test_next_working_day(at: str, days: int, expected: str) -> None:
    assert next_working_day(dt.datetime.fromisoformat(at), days) == dt.date.fromisoformat(expected)


def test_a_working_day_ends_at_five_in_london() -> None:
    assert end_of(dt.date(2026, 7, 1)).astimezone(dt.timezone.utc).hour == 16
    assert end_of(dt.date(2026, 11, 23)).astimezone(dt.timezone.utc).hour == 17
