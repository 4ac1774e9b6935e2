"""Is a line shown as one that can be reached now only when it answers at that instant, for whatever is asked?"""

from __future__ import annotations

import datetime as dt

import pytest

from bot.directory import Directory, load_directory
from bot.directory.record import AGE_RANGES
from channels.web.service_card import make_card, moment, said_date, time_of_day
from channels.web.service_list import NEEDS, Asked, find_services
from channels.web.services_page import said

UTC = dt.timezone.utc
INSTANTS = {
    "in hours": dt.datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
    "Friday night": dt.datetime(2026, 11, 20, 21, 5, tzinfo=UTC),
    "Sunday": dt.datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    "Christmas Day": dt.datetime(2026, 12, 25, 11, 0, tzinfo=UTC),
    "an unknown year": dt.datetime(2031, 5, 5, 11, 0, tzinfo=UTC),
}
PLACES = ("", "ST4 2QY", "Watford", "Blackpool", "Crewe", "ST7", "nowhere at all")


@pytest.mark.parametrize("when", INSTANTS)
@pytest.mark.parametrize("is_careful", [False, True], ids=["all", "checked only"])
def test_now_is_never_empty_and_never_shut(when: str, is_careful: bool) -> None:
    at = INSTANTS[when]
    directory = load_directory()
    if is_careful:
        directory = directory.without_unchecked(at.date())
    for asked in _questions():
        found = find_services(directory, asked, at, said())
        assert found.now, asked
        for card in found.now:
            assert directory.state(card.service.id, at) == "open", (asked, card.service.id)
            assert card.ways, (asked, card.service.id)
            assert not is_careful or card.service.is_relied_on(at.date())
        shown = [card.service.id for card in (*found.now, *found.later)]
        assert len(shown) == len(set(shown)), asked
        assert all(directory.service(one).public_contact for one in shown), asked
        assert not (asked.open_only and found.later), asked
        for card in found.later:
            assert card.instead or card.ways, "whoever cannot be reached names somebody who can"
            assert all(other.can_be_reached_now for other in card.instead)


def _questions() -> list[Asked]:
    plain = [Asked(need=need, place=place) for need in ("", *NEEDS) for place in PLACES]
    aged = [Asked(need=need, age=age, open_only=True) for need in ("", "asb", "domestic_abuse") for age in AGE_RANGES]
    return [*plain, *aged, Asked(words="zzzz"), Asked(words="council noise", place="Stafford")]


def test_an_age_shows_only_lines_for_the_whole_of_that_age() -> None:
    directory = load_directory()
    for need in NEEDS:
        for age in AGE_RANGES:
            found = find_services(directory, Asked(need=need, age=age, place="Preston"), INSTANTS["Sunday"], said())
            wrong = [c.service.id for c in (*found.now, *found.later) if not c.service.accepts_age(age)]
            assert wrong == [], (need, age)


def test_only_services_of_the_area_are_shown() -> None:
    directory = load_directory()
    for need in ("", *NEEDS):
        found = find_services(directory, Asked(need=need, place="Watford"), INSTANTS["in hours"], said())
        far = [c.service.id for c in (*found.now, *found.later) if not _is_near(directory, c.service.id)]
        assert far == [], need


def _is_near(directory: Directory, service_id: str) -> bool:
    return directory.covers(directory.service(service_id), "watford", "hertfordshire")


def test_every_reason_that_is_shown_has_words() -> None:
    directory = load_directory()
    codes = {
        card.reason
        for at in INSTANTS.values()
        for asked in _questions()
        for found in [find_services(directory, asked, at, said())]
        for card in (*found.now, *found.later)
    }
    assert len(codes) > 15
    assert codes - {""} <= set(said()["reasons"])


def test_a_councils_own_number_stands_in_for_the_county() -> None:
    directory, at = load_directory(), INSTANTS["in hours"]
    council, contact = next(iter(directory.service("lancs_council_asb").by_authority.items()))
    card = make_card(directory, "lancs_council_asb", at, council)
    assert [way.shown for way in card.ways if way.kind == "phone"] == ([contact.phone] if contact.phone else [])
    assert make_card(directory, "lancs_council_asb", at).ways == ()


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (dt.datetime(2026, 11, 20, 17, 0, tzinfo=UTC), "5pm"),
        (dt.datetime(2026, 11, 21, 0, 0, tzinfo=UTC), "midnight"),
        (dt.datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "Monday 23 November at 9am"),
        (dt.datetime(2027, 3, 29, 8, 30, tzinfo=UTC), "Monday 29 March at 9:30am"),
    ],
)
def test_a_moment_is_said_as_in_london(at: dt.datetime, words: str) -> None:
    assert moment(at, dt.datetime(2026, 11, 20, 14, 0, tzinfo=UTC)) == words


def test_times_and_dates_as_people_say_them() -> None:
    said_so = [time_of_day(one) for one in ("00:00", "00:15", "09:00", "12:00", "12:30", "20:30", "24:00")]
    assert said_so == ["midnight", "12:15am", "9am", "midday", "12:30pm", "8:30pm", "midnight"]
    dates = [said_date(one) for one in ("2026", "2026-01", "2026-01-18", "Apr 2026", "")]
    assert dates == ["2026", "January 2026", "18 January 2026", "Apr 2026", ""]


def test_days_in_a_row_are_said_as_one() -> None:
    week = make_card(load_directory(), "galop", INSTANTS["in hours"]).week
    assert [(one.first, one.last, one.opens, one.closes) for one in week] == [
        ("mon", "thu", "10am", "8:30pm"),
        ("fri", "fri", "10am", "4:30pm"),
    ]
