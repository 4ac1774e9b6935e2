"""Open or not, each side of every edge: weeks, holidays, clock changes, closures, unknown years."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.clock import LONDON
from bot.directory import Directory, load_directory
from bot.directory.bank_holidays import named_day
from bot.directory.hours import next_open, timetable, within
from bot.directory.record import Closure, Hours, Span, Special

UTC = dt.timezone.utc
WEEK = ("mon", "tue", "wed", "thu", "fri")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def said(instant: dt.datetime | None) -> str | None:
    return instant.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") if instant else None


@pytest.mark.parametrize(("year", "easter"), [(2026, "2026-04-05"), (2027, "2027-03-28"), (2028, "2028-04-16")])
def test_easter_sunday(year: int, easter: str) -> None:
    assert named_day("easter_sunday", year) == dt.date.fromisoformat(easter)


@pytest.mark.parametrize(
    ("at", "state", "opens"),
    [
        ("2026-11-20T08:59", "closed", "2026-11-20 09:00"),
        ("2026-11-20T09:00", "open", "2026-11-20 09:00"),
        ("2026-11-20T16:59", "open", "2026-11-20 16:59"),
        ("2026-11-20T17:00", "closed", "2026-11-23 09:00"),
        ("2026-11-21T23:30", "closed", "2026-11-23 09:00"),
        ("2026-12-24T16:59", "open", "2026-12-24 16:59"),
        ("2026-12-24T17:00", "closed", "2026-12-29 09:00"),
        ("2026-12-25T10:00", "closed", "2026-12-29 09:00"),
        ("2026-12-26T10:00", "closed", "2026-12-29 09:00"),
        ("2026-12-27T10:00", "closed", "2026-12-29 09:00"),
        ("2026-12-28T10:00", "closed", "2026-12-29 09:00"),
        ("2026-12-29T09:00", "open", "2026-12-29 09:00"),
        ("2027-01-01T10:00", "closed", "2027-01-04 09:00"),
        ("2027-03-25T17:00", "closed", "2027-03-30 09:00"),
        ("2027-03-26T10:00", "closed", "2027-03-30 09:00"),
        ("2027-03-28T10:00", "closed", "2027-03-30 09:00"),
        ("2027-03-29T10:00", "closed", "2027-03-30 09:00"),
        ("2026-08-31T10:00", "closed", "2026-09-01 09:00"),
        ("2027-12-27T10:00", "closed", "2027-12-29 09:00"),
    ],
)
def test_a_weekday_service(directory: Directory, at: str, state: str, opens: str) -> None:
    assert directory.opening("harmony", london(at)).state == state
    assert said(directory.next_opening("harmony", london(at))) == opens


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2027-03-30T07:59:00+00:00", "closed"),  # summer time began on the 28th: 09:00 in London is 08:00 UTC
        ("2027-03-30T08:00:00+00:00", "open"),
        ("2027-10-29T16:00:00+00:00", "closed"),
        ("2027-10-29T15:59:00+00:00", "open"),
        ("2027-11-01T08:59:00+00:00", "closed"),  # and ended on 31 October
        ("2027-11-01T09:00:00+00:00", "open"),
    ],
)
def test_clock_changes_move_the_opening(directory: Directory, at: str, state: str) -> None:
    assert directory.opening("harmony", dt.datetime.fromisoformat(at)).state == state


def test_a_night_shift_over_each_clock_change() -> None:
    table = timetable(Hours("weekly", "open", weekly=(Span(("sat",), "22:00", "06:00"),)), {})
    for began, hours in (("2027-03-27T22:00", 7), ("2027-10-30T22:00", 9)):
        opening = table.at(london(began))
        assert opening.is_open
        assert opening.changes_at is not None
        assert opening.changes_at - london(began).astimezone(UTC) == dt.timedelta(hours=hours)


def test_the_repeated_hour_is_open_both_times() -> None:
    table = timetable(Hours("weekly", "open", weekly=(Span(("sun",), "01:00", "02:00"),)), {})
    for utc in ("2027-10-31T00:30:00+00:00", "2027-10-31T01:30:00+00:00"):
        assert table.at(dt.datetime.fromisoformat(utc)).is_open
    assert not table.at(dt.datetime.fromisoformat("2027-10-31T02:30:00+00:00")).is_open


def test_split_days_and_nights_do_not_wipe_each_other_out() -> None:
    hours = Hours(
        "weekly",
        "closed",
        weekly=(Span(WEEK, "09:30", "12:30"), Span(WEEK, "14:00", "17:30"), Span(("thu",), "18:30", "02:00")),
    )
    table = timetable(hours, {})
    for at, state in [
        ("2026-11-26T12:29", "open"),
        ("2026-11-26T12:30", "closed"),
        ("2026-11-26T14:00", "open"),
        ("2026-11-26T18:00", "closed"),
        ("2026-11-27T01:59", "open"),
        ("2026-11-27T02:00", "closed"),
        ("2026-11-27T09:30", "open"),
    ]:
        assert table.at(london(at)).state == state, at


def test_one_off_closures() -> None:
    closed = Closure(dt.date(2026, 12, 1), dt.date(2026, 12, 3))
    table = timetable(Hours("weekly", "closed", weekly=(Span(WEEK, "09:00", "17:00"),), closures=(closed,)), {})
    assert said(next_open(table, london("2026-11-30T17:00"))) == "2026-12-04 09:00"


def test_the_out_of_hours_team_is_there_whenever_the_day_team_is_not(directory: Directory) -> None:
    for at in ("2026-12-25T10:00", "2026-12-28T10:00", "2026-11-21T12:00", "2026-11-20T17:01", "2027-03-26T11:00"):
        assert directory.opening("stoke_edt", london(at)).is_open, at
    for at in ("2026-11-20T10:00", "2026-12-29T09:00"):
        assert not directory.opening("stoke_edt", london(at)).is_open, at
    assert said(directory.opening("stoke_edt", london("2026-11-20T16:30")).changes_at) == "2026-11-23 08:30"
    assert directory.opening("lancashire_safe_centre_ooh", london("2026-12-25T10:00")).is_open


def test_what_is_open_now_opens_now(directory: Directory) -> None:
    for at in ("2026-11-20T09:00", "2026-11-20T16:59"):
        assert next_open(directory._timetables["harmony"], london(at)) == london(at)


def test_unknown_hours_are_never_open(directory: Directory) -> None:
    at = london("2026-11-20T11:00")
    assert directory.opening("usah", at).state == "unknown"
    assert directory.next_opening("usah", at) is None


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-12-24T23:59", "open"),
        ("2026-12-25T00:00", "unknown"),
        ("2027-03-28T12:00", "unknown"),  # Easter Sunday is no bank holiday, but the cover is not confirmed
        ("2027-03-27T12:00", "open"),
        ("2026-11-22T03:00", "open"),
    ],
)
def test_the_supportline_is_not_called_open_on_unconfirmed_days(directory: Directory, at: str, state: str) -> None:
    assert directory.opening("victim_support_supportline", london(at)).state == state


@pytest.mark.parametrize("year", [2020, 2025, 2029, 2035])
def test_a_year_without_known_holidays_is_never_open(directory: Directory, year: int) -> None:
    for month in range(1, 13):
        for day in range(1, 8):
            at = dt.datetime(year, month, day, 11, tzinfo=LONDON)
            assert directory.opening("harmony", at).state == "closed"
            assert not directory.opening("stoke_edt", at).is_open
            assert not directory.opening("victim_support_supportline", at).is_open
            assert directory.opening("emergency_999", at).is_open
    assert directory.next_opening("harmony", london("2028-12-29T17:00")) is None


def test_an_instant_without_offset_is_refused(directory: Directory) -> None:
    with pytest.raises(ValueError, match="offset"):
        directory.opening("harmony", dt.datetime(2026, 11, 20, 10))  # noqa: DTZ001  # the missing offset is the point


def test_a_night_ends_at_midnight_before_a_day_that_is_shut_and_is_not_worked_after_it() -> None:
    nights = (Span(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "22:00", "06:00"),)
    by_holiday = timetable(Hours("weekly", "closed", weekly=nights), {})
    closure = Closure(dt.date(2026, 12, 30), dt.date(2026, 12, 30))
    by_closure = timetable(Hours("weekly", "open", weekly=nights, closures=(closure,)), {})
    for table, shut in ((by_holiday, dt.date(2027, 1, 1)), (by_closure, closure.first)):
        eve, after = (shut + dt.timedelta(days=number) for number in (-1, 1))
        assert table.at(london(f"{eve}T23:00")).changes_at == london(f"{shut}T00:00")
        assert said(next_open(table, london(f"{shut}T00:00"))) == f"{after} 22:00"


def test_a_day_with_times_of_its_own_replaces_the_week_and_the_bank_holiday_but_not_a_closure() -> None:
    eve, boxing, new_year = dt.date(2026, 12, 24), dt.date(2026, 12, 26), dt.date(2027, 1, 1)
    special = (Special(eve, "09:00", "12:00"), Special(boxing, "10:00", "11:00"), Special(new_year, "10:00", "11:00"))
    hours = Hours("weekly", "closed", weekly=(Span(WEEK, "09:00", "17:00"),), special=special)
    table = timetable(replace(hours, closures=(Closure(new_year, new_year),)), {})
    assert said(table.at(london("2026-12-24T11:00")).changes_at) == "2026-12-24 12:00"
    assert said(next_open(table, london("2026-12-24T12:00"))) == "2026-12-26 10:00"
    assert said(next_open(table, london("2026-12-31T17:00"))) == "2027-01-04 09:00"


def test_a_day_of_its_own_is_open_even_where_the_hours_are_not_known() -> None:
    table = timetable(Hours("unknown", "unknown", special=(Special(dt.date(2026, 12, 24), "09:00", "12:00"),)), {})
    assert [table.state(london(f"2026-12-24T{hour}")) for hour in ("08:59", "09:00", "12:00")] == [
        "closed",
        "open",
        "closed",
    ]
    assert table.state(london("2026-12-23T10:00")) == "unknown"


def test_a_bank_holiday_announced_late_is_one_like_the_others() -> None:
    hours = Hours("weekly", "closed", weekly=(Span(WEEK, "09:00", "17:00"),))
    table = timetable(hours, {}, frozenset({dt.date(2027, 5, 10)}))
    assert said(next_open(table, london("2027-05-07T17:00"))) == "2027-05-11 09:00"


@pytest.mark.parametrize(
    ("ours", "state"),
    [
        ({"closures": (Closure(dt.date(2026, 12, 25), dt.date(2026, 12, 25)),)}, "closed"),
        ({"bank_holidays": "closed"}, "closed"),
        ({"bank_holidays": "reduced"}, "unknown"),
        ({"doubtful_days": ("christmas_day",)}, "unknown"),
        ({}, "open"),
    ],
)
def test_the_other_side_has_closed_days_of_its_own(directory: Directory, ours: dict[str, Any], state: str) -> None:
    hours = replace(directory.service("stoke_edt").hours, **ours)
    assert timetable(hours, directory.services).state(london("2026-12-25T10:00")) == state


def test_the_other_side_of_what_is_not_known_is_not_known(directory: Directory) -> None:
    at = london("2026-11-20T11:00")
    assert timetable(Hours("complement_of", "open", of="usah"), directory.services).state(at) == "unknown"


def test_the_other_side_is_not_known_to_be_open_beyond_the_listed_years(directory: Directory) -> None:
    opening = directory.opening("stoke_edt", london("2028-12-31T12:00"))
    assert opening.is_open
    assert said(opening.changes_at) == "2029-01-01 00:00"


def test_what_opens_and_closes_at_the_same_time_is_never_open() -> None:
    table = timetable(Hours("weekly", "open", weekly=(Span(("mon",), "09:00", "09:00"),)), {})
    assert next_open(table, london("2026-11-20T11:00")) is None


def test_one_oclock_comes_twice_when_the_clocks_go_back() -> None:
    table = timetable(Hours("weekly", "open", weekly=(Span(("sat",), "22:00", "01:00"),)), {})
    assert table.at(london("2026-10-24T23:00")).changes_at == dt.datetime(2026, 10, 25, 0, tzinfo=UTC)


def test_a_service_is_shut_before_it_begins_and_after_it_ends() -> None:
    hours = Hours("weekly", "closed", weekly=(Span(WEEK, "09:00", "17:00"),))
    table = timetable(within(hours, dt.date(2027, 4, 1), dt.date(2027, 4, 1)), {})
    assert said(next_open(table, london("2026-11-20T11:00"))) == "2027-04-01 09:00"
    assert next_open(table, london("2027-04-01T17:00")) is None
    assert timetable(within(hours, None, None), {}).state(london("2026-11-20T11:00")) == "open"
    always = timetable(within(Hours("always", "open"), None, dt.date(2027, 3, 31)), {})
    assert said(always.at(london("2027-03-31T12:00")).changes_at) == "2027-04-01 00:00"
