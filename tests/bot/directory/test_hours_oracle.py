"""Hours against a patient clerk (hours_oracle.py): each service every quarter of an hour of three years, any hours."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory import load_directory
from bot.directory.bank_holidays import COVERED_YEARS, bank_holidays
from bot.directory.hours import next_open, timetable
from bot.directory.record import Closure, Hours, Service, Span, Special
from tests.bot.directory.hours_oracle import DAY, HOLIDAYS, LONDON, MINUTE, SOURCED, UTC, WEEKDAYS, WORDS, Oracle

SERVICES = load_directory().services
START, END = dt.datetime(2026, 1, 1, tzinfo=UTC), dt.datetime(2029, 1, 1, tzinfo=UTC)
QUARTER = dt.timedelta(minutes=15)
QUARTERS = [(START + number * QUARTER).astimezone(LONDON) for number in range((END - START) // QUARTER)]
#: Looked so far ahead for a change: what comes later may be None, never earlier.
HORIZON = dt.date(2029, 1, 31)


def test_the_library_agrees_with_the_sourced_bank_holidays() -> None:
    assert tuple(SOURCED) == COVERED_YEARS
    assert {day for year in COVERED_YEARS for day in bank_holidays(year)} == HOLIDAYS


@cache
def wrong_quarters(hours: Hours, other: Hours | None) -> tuple[tuple[str, str, str], ...]:
    """(instant, said, true) wherever they differ, of every quarter of an hour of three years. Once for equal hours."""
    table, oracle = timetable(hours, SERVICES), Oracle(hours, other)
    days = {at.date(): oracle.day(at.date()) for at in QUARTERS[::50]}
    said = ((at, table.state(at), WORDS[days[at.date()][60 * at.hour + at.minute]]) for at in QUARTERS)
    return tuple((at.isoformat(), state, true) for at, state, true in said if state != true)


@pytest.mark.parametrize("service_id", SERVICES)
def test_every_quarter_of_an_hour_of_three_years_is_right_and_nothing_closed_is_shown_open(service_id: str) -> None:
    hours, other = of(service_id)
    assert len(QUARTERS) == 105_216
    assert not wrong_quarters(hours, other)


@cache
def wrong_changes(hours: Hours, other: Hours | None) -> tuple[str, ...]:
    """Instants at which the next change or opening differ: a minute before, at and after each change of three years."""
    edges = [at for at, _ in Oracle(hours, other).changes(START.date(), END.date() - DAY)]
    asked = [edge + step * MINUTE for edge in edges for step in (-1, 0, 1)] + QUARTERS[::397]
    return disagreements(hours, other, asked, START.date() - DAY, HORIZON)


@pytest.mark.parametrize("service_id", SERVICES)
def test_the_next_change_and_the_next_opening_are_right_around_every_change_of_three_years(service_id: str) -> None:
    hours, other = of(service_id)
    assert not wrong_changes(hours, other)


def of(service_id: str) -> tuple[Hours, Hours | None]:
    """The hours of a service, and those whose other side they are."""
    hours = SERVICES[service_id].hours
    return hours, SERVICES[hours.of].hours if hours.of else None


def disagreements(
    hours: Hours,
    other: Hours | None,
    asked: list[dt.datetime],
    first: dt.date,
    last: dt.date,
    extra: frozenset[dt.date] = frozenset(),
) -> tuple[str, ...]:
    """Where `at` and `next_open` do not say what the oracle's own scan of those days does."""
    table, changes = timetable(hours, others(hours.of, other), extra), Oracle(hours, other, extra).changes(first, last)
    instants = [at for at, _ in changes]
    wrong = []
    for at in asked:
        place = bisect_right(instants, at)
        state = changes[place - 1][1]
        change = instants[place] if place < len(changes) else None
        said = table.at(at)
        if said.state != state or not same(said.changes_at, change, last):
            wrong.append(f"{at}: {state} until {change}, said {said}")
        if said.state == state == "open":
            continue  # open now is the next opening, as both see it
        opens = next((then for then, word in changes[place:] if word == "open"), None)
        if not same(said_opens := next_open(table, at), opens, last):
            wrong.append(f"{at}: opens {opens}, said {said_opens}")
    return tuple(wrong)


def others(name: str | None, hours: Hours | None) -> dict[str, Service]:
    """A directory with the one service whose other side is asked about."""
    return {name: replace(SERVICES["police_101"], id=name, hours=hours)} if name and hours else {}


def same(said: dt.datetime | None, true: dt.datetime | None, last: dt.date) -> bool:
    """Equal; or beyond the days that were scanned."""
    return said == true or (true is None and said is not None and said.date() > last)


#: Days around which much happens: Easter, each clock change, Christmas and New Year, the ends of the listed years.
WINDOWS = ["2026-03-27", "2026-04-02", "2026-10-23", "2026-12-23", "2026-12-30", "2027-03-25", "2027-10-29"]
WINDOWS += ["2027-12-23", "2028-03-24", "2028-10-27", "2028-12-23", "2028-12-30", "2025-12-30"]
LENGTH = 6
TIMES = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
CLOSES = TIMES | st.just("24:00")


@st.composite
def some_hours(draw: st.DrawFn, first: dt.date, rules: tuple[str, ...]) -> Hours:
    """Hours with split days, nights, closures and days of their own somewhere in the window."""
    days = st.integers(-1, LENGTH + 1).map(lambda number: first + number * DAY)
    weekdays = st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(tuple)
    closures = st.builds(lambda day, more: Closure(day, day + more * DAY), days, st.integers(0, 3))
    rule = draw(st.sampled_from(rules))
    return Hours(
        rule=rule,
        bank_holidays=draw(st.sampled_from(("open", "closed", "reduced", "unknown"))),
        of="other" if rule == "complement_of" else None,
        weekly=draw(st.lists(st.builds(Span, weekdays, TIMES, CLOSES), max_size=4)) if rule == "weekly" else (),
        doubtful_days=draw(st.sets(st.sampled_from(("christmas_day", "easter_sunday")))),
        closures=draw(st.lists(closures, max_size=2)),
        special=draw(st.lists(st.builds(Special, days, TIMES, CLOSES), max_size=3)),
    )


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_hours_are_right_every_quarter_of_an_hour_where_much_happens(data: st.DataObject) -> None:
    first = dt.date.fromisoformat(data.draw(st.sampled_from(WINDOWS)))
    hours = data.draw(some_hours(first, ("weekly", "weekly", "always", "unknown", "complement_of")))
    other = data.draw(some_hours(first, ("weekly", "always", "unknown"))) if hours.of else None
    extra = frozenset(data.draw(st.sets(st.integers(0, LENGTH).map(lambda number: first + number * DAY), max_size=1)))
    start = dt.datetime.combine(first, dt.time(), LONDON).astimezone(UTC)
    asked = [start + number * QUARTER for number in range(96 * LENGTH)]
    table, oracle = timetable(hours, others(hours.of, other), extra), Oracle(hours, other, extra)
    assert [table.state(at) for at in asked] == [oracle.at(at) for at in asked]
    assert not disagreements(hours, other, asked[::23], first - DAY, first + 30 * DAY, extra)


@pytest.mark.parametrize("sunday", ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29"])
def test_any_times_are_right_in_the_night_when_the_clocks_change(sunday: str) -> None:
    date = dt.date.fromisoformat(sunday)
    asked = [dt.datetime.combine(date, dt.time(), UTC) + number * QUARTER for number in range(-5, 13)]
    for opens in range(0, 12, 3):
        for closes in range(12):
            span = Span(("sat", "sun"), *(f"{quarter // 4:02d}:{quarter % 4 * 15:02d}" for quarter in (opens, closes)))
            hours = Hours("weekly", "open", weekly=(span,))
            assert not disagreements(hours, None, asked, date - DAY, date + 8 * DAY), span
