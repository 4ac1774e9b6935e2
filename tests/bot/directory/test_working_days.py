"""The next working day, and when something sent will be read: over weekends, bank holidays and clock changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.clock import LONDON
from bot.directory import load_directory
from bot.directory.record import Hours, Special
from bot.directory.when_read import Reading, when_read
from bot.directory.working_days import end_of, next_working_day

UTC = dt.timezone.utc
#: Monday to Friday, nine to five, shut on bank holidays; and one whose hours nobody has told.
WEEKDAYS, UNKNOWN = "harmony", "usah"


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        ("2026-11-20T12:00:00+00:00", 1, "2026-11-23"),  # a Friday
        ("2026-11-21T23:30:00+00:00", 1, "2026-11-23"),  # a Saturday night
        ("2026-12-24T16:00:00+00:00", 1, "2026-12-29"),  # Christmas Day, Boxing Day, weekend, substitute day
        ("2026-11-20T12:00:00+00:00", 5, "2026-11-27"),
        ("2026-06-30T23:30:00+00:00", 1, "2026-07-02"),  # already the first of July in London
        ("2028-12-29T12:00:00+00:00", 1, "2029-01-02"),  # New Year's Day, though nobody has listed that year
    ],
)
def test_next_working_day(at: str, days: int, expected: str) -> None:
    assert next_working_day(dt.datetime.fromisoformat(at), days) == dt.date.fromisoformat(expected)


def test_a_bank_holiday_announced_late_is_no_working_day() -> None:
    friday = dt.datetime(2027, 5, 7, 12, tzinfo=UTC)
    assert next_working_day(friday) == dt.date(2027, 5, 10)
    assert next_working_day(friday, announced=frozenset({dt.date(2027, 5, 10)})) == dt.date(2027, 5, 11)


def test_a_working_day_ends_at_five_in_london() -> None:
    assert end_of(dt.date(2026, 7, 1)).astimezone(UTC).hour == 16
    assert end_of(dt.date(2026, 11, 23)).astimezone(UTC).hour == 17


@pytest.mark.parametrize(
    ("at", "when", "then", "working_day"),
    [
        ("2026-11-20T16:59", "now", "2026-11-20T17:00", "2026-11-23"),  # a Friday
        ("2026-11-20T17:00", "later", "2026-11-23T09:00", "2026-11-23"),
        ("2026-04-02T16:59", "now", "2026-04-02T17:00", "2026-04-07"),  # the Thursday before Easter
        ("2026-04-02T17:00", "later", "2026-04-07T09:00", "2026-04-07"),
        ("2026-12-24T16:59", "now", "2026-12-24T17:00", "2026-12-29"),
        ("2026-12-24T17:00", "later", "2026-12-29T09:00", "2026-12-29"),
        ("2027-03-26T17:00", "later", "2027-03-30T09:00", "2027-03-30"),  # Good Friday; the clocks go forward on Sunday
        ("2026-10-23T17:00", "later", "2026-10-26T09:00", "2026-10-26"),  # and back
    ],
)
def test_what_is_sent_is_read_while_it_is_open_else_when_it_opens(
    at: str, when: str, then: str, working_day: str
) -> None:
    read = when_read(load_directory(), WEEKDAYS, london(at))
    assert read == Reading(when, london(then).astimezone(UTC), dt.date.fromisoformat(working_day))


@pytest.mark.parametrize(
    ("at", "working_day"),
    [("2026-11-20T16:59", "2026-11-23"), ("2026-04-02T17:00", "2026-04-07"), ("2026-12-24T11:00", "2026-12-29")],
)
def test_where_the_hours_are_not_known_only_the_next_working_day_is(at: str, working_day: str) -> None:
    read = when_read(load_directory(), UNKNOWN, london(at))
    assert read == Reading("unknown", None, dt.date.fromisoformat(working_day))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (Hours("always", "open"), ("now", None)),
        # in doubt today and open tomorrow: it may be read today, so "it is closed" would not be true
        (Hours("always", "unknown"), ("unknown", None)),
        (
            Hours("unknown", "unknown", special=(Special(dt.date(2026, 12, 25), "12:00", "13:00"),)),
            ("later", dt.datetime(2026, 12, 25, 12, tzinfo=UTC)),
        ),
    ],
)
def test_on_christmas_day(hours: Hours, expected: tuple[str, dt.datetime | None]) -> None:
    directory = load_directory()
    service = replace(directory.service(WEEKDAYS), hours=hours)
    read = when_read(
        replace(directory, services={**directory.services, WEEKDAYS: service}), WEEKDAYS, london("2026-12-25T10:00")
    )
    assert (read.when, read.at) == expected


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)
