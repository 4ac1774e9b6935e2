"""Open or not, each side of every edge: weeks, holidays, clock changes, closures, unknown years."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.clock import LONDON
from bot.directory import Directory, load_directory
from bot.directory.bank_holidays import COVERED_YEARS, bank_holidays, named_day
from bot.directory.hours import next_open, timetable
from bot.directory.record import Closure, Hours, Span

UTC = dt.timezone.utc
WEEK = ("mon", "tue", "wed", "thu", "fri")
#: As listed in the sourced table of the directory's founding data.
SOURCED = {
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28",
    2028: "01-01 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def said(instant: dt.datetime | None) -> str | None:
    return instant.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") if instant else None


def test_the_library_agrees_with_the_sourced_bank_holidays() -> None:
    assert tuple(SOURCED) == COVERED_YEARS
    for year, days in SOURCED.items():
        assert bank_holidays(year) == tuple(dt.date.fromisoformat(f"{year}-{day}") for day in days.split())


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


@pytest.mark.parametrize("service_id", ["harmony", "stoke_edt", "national_stalking_helpline", "herts_da_helpline"])
def test_agrees_with_a_plain_calendar_every_hour_of_three_years(directory: Directory, service_id: str) -> None:
    moment, end = dt.datetime(2026, 1, 1, tzinfo=UTC), dt.datetime(2029, 1, 1, tzinfo=UTC)
    table = directory._timetables[service_id]
    holidays = {dt.date.fromisoformat(f"{year}-{day}") for year, days in SOURCED.items() for day in days.split()}
    known_until, opening = moment, table.at(moment)
    looked_at = 0
    while moment < end:
        if moment >= known_until:
            opening = table.at(moment)
            known_until = opening.changes_at or end
        assert opening.is_open == plainly_open(service_id, moment.astimezone(LONDON), holidays), moment
        moment += dt.timedelta(minutes=15)
        looked_at += 1
    assert looked_at == 105_216


def plainly_open(service_id: str, local: dt.datetime, holidays: set[dt.date]) -> bool:
    """The same hours written out by hand."""
    weekday, minute, holiday = local.weekday(), local.hour * 60 + local.minute, local.date() in holidays
    if service_id == "harmony":
        return weekday < 5 and not holiday and 540 <= minute < 1020
    if service_id == "stoke_edt":
        ends = 1020 if weekday < 4 else 990
        return holiday or weekday >= 5 or not 510 <= minute < ends
    if service_id == "national_stalking_helpline":
        ends = 1200 if weekday == 2 else 960
        return weekday < 5 and not holiday and 570 <= minute < ends
    ends = 1260 if weekday < 5 else 960
    return not holiday and 540 <= minute < ends
