"""Which reports open the door to a case review, to the day, and does each council's own rule decide?"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import load_directory
from bot.directory.atlas import NORM, CaseReview
from bot.directory.case_review import (
    CODES,
    LACKS,
    Lack,
    Review,
    Sure,
    last_day_within,
    months_before,
    review_for,
    whom_to_ask,
    work_out,
)
from bot.directory.diary import ANY_DAY, Days, DiaryError, Incident, Report, diary_of, is_going_on, read_days
from bot.triage import Case

DIRECTORY = load_directory()
NORMAL = DIRECTORY.atlas.case_reviews[NORM]
TODAY = dt.date(2026, 11, 20)
STAFFS, HERTS, LANCS = "staffordshire_stoke", "hertfordshire", "lancashire"
PLAIN = CaseReview("somewhere", 3, "3 in 6 months", "a page", "high", months=6, within_days=30)

a_day = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))
some_months = st.integers(1, 24)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def told(happened: str, on: str | None = None, to: str | None = "council", **more: object) -> Incident:
    """An incident and one report of it, on the same day when no other is given."""
    return replace(Incident(read_days(happened), (Report(to, read_days(on or happened)),)), **more)


def three(*days: str) -> tuple[Incident, ...]:
    return tuple(told(one) for one in days)


RECENT = three("2026-09-01", "2026-10-01", "2026-11-01")


def codes(review: Review) -> list[str]:
    return [reading.code for reading in review.readings]


def in_area(authority: str | None, group: str, *diary: Incident, going_on: bool | None = True) -> Review:
    return review_for(DIRECTORY, authority, group, diary, TODAY, going_on)


@pytest.mark.parametrize(
    ("asked", "months", "start"),
    [
        ("2026-11-20", 6, "2026-05-20"),
        ("2026-08-31", 6, "2026-02-28"),
        ("2028-08-31", 6, "2028-02-29"),
        ("2028-08-29", 6, "2028-02-29"),
        ("2026-08-28", 6, "2026-02-28"),
        ("2026-12-31", 6, "2026-06-30"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2026-01-31", 1, "2025-12-31"),
        ("2026-02-28", 6, "2025-08-28"),
        ("2028-02-29", 12, "2027-02-28"),
        ("2026-06-15", 18, "2024-12-15"),
    ],
)
def test_a_window_of_months_begins(asked: str, months: int, start: str) -> None:
    assert months_before(day(asked), months) == day(start)


@pytest.mark.parametrize(
    ("made", "months", "until"),
    [
        ("2026-05-20", 6, "2026-11-20"),
        ("2026-02-28", 6, "2026-08-31"),
        ("2028-02-28", 6, "2028-08-28"),
        ("2028-02-29", 6, "2028-08-31"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-04-30", 6, "2026-10-31"),
        ("2026-12-31", 1, "2027-01-31"),
    ],
)
def test_a_report_counts_until(made: str, months: int, until: str) -> None:
    assert last_day_within(day(made), months) == day(until)


@given(a_day, some_months)
def test_until_is_the_very_last_day_of_the_window(made: dt.date, months: int) -> None:
    until = last_day_within(made, months)
    assert months_before(until, months) <= made < months_before(until + dt.timedelta(days=1), months)


@given(a_day, some_months)
def test_a_window_begins_on_the_same_day_or_the_last_of_its_month(asked: dt.date, months: int) -> None:
    start = months_before(asked, months)
    assert (asked.year - start.year) * 12 + asked.month - start.month == months
    assert start.day == min(asked.day, calendar.monthrange(start.year, start.month)[1])


@given(a_day, a_day, some_months)
def test_a_window_never_moves_back(one: dt.date, other: dt.date, months: int) -> None:
    first, last = sorted((one, other))
    assert months_before(first, months) <= months_before(last, months)


@pytest.mark.parametrize(
    ("asked", "made", "code"),
    [
        ("2026-08-31", "2026-02-28", "counts"),
        ("2026-08-31", "2026-02-27", "too_old"),
        ("2028-08-31", "2028-02-28", "too_old"),
        ("2026-11-20", "2026-05-20", "counts"),
        ("2026-11-20", "2026-05-19", "too_old"),
        ("2026-11-20", "2026-11-20", "counts"),
    ],
)
def test_the_first_day_of_the_window_counts_and_the_day_before_does_not(asked: str, made: str, code: str) -> None:
    assert codes(work_out(PLAIN, NORMAL, (told(made),), day(asked))) == [code]


@pytest.mark.parametrize(
    ("happened", "reported", "code"),
    [
        ("2026-10-01", "2026-10-01", "counts"),
        ("2026-10-01", "2026-10-31", "counts"),
        ("2026-10-01", "2026-11-01", "reported_late"),
        ("2026-09", "2026-10-01", "counts"),
        ("2026-09", "2026-10-02", "date_not_known"),
        ("2026-09", "2026-10-30", "date_not_known"),
        ("2026-09", "2026-10-31", "reported_late"),
    ],
)
def test_a_report_is_made_in_time_to_the_day(happened: str, reported: str, code: str) -> None:
    assert codes(work_out(PLAIN, NORMAL, (told(happened, reported),), TODAY)) == [code]


def test_three_reports_are_enough_and_two_are_not() -> None:
    enough = work_out(PLAIN, NORMAL, RECENT, TODAY)
    assert (enough.verdict, enough.lacks) == ("may_ask", ())
    assert enough.counts_until == day("2027-03-01")
    short = work_out(PLAIN, NORMAL, RECENT[:2], TODAY)
    assert (short.verdict, short.lacks) == ("not_yet", (Lack("more_reports", 1),))
    assert short.counts_until == day("2027-03-01")
    assert work_out(PLAIN, NORMAL, (), TODAY).counts_until is None


def test_with_more_than_enough_the_oldest_is_not_needed() -> None:
    found = work_out(PLAIN, NORMAL, (told("2026-06-01"), *RECENT), TODAY)
    assert found.counts_until == day("2027-03-01")


def test_one_incident_told_to_several_counts_once() -> None:
    party = Incident(
        read_days("2026-10-01"),
        (Report("council", read_days("2026-10-01")), Report("police", read_days("2026-10-03"))),
    )
    found = work_out(PLAIN, NORMAL, (party,), TODAY)
    assert codes(found) == ["same_incident", "counts"]
    assert found.best == 1
    twice = (told("2026-10-01", what="A party"), told("2026-10-01", "2026-10-02", "police", what="a  party"))
    assert work_out(PLAIN, NORMAL, twice, TODAY).best == 1
    apart = (told("2026-10-01", what="A party"), told("2026-10-01", what="Eggs at the door"))
    assert work_out(PLAIN, NORMAL, apart, TODAY).best == 2


def test_a_report_in_time_saves_an_incident_that_was_also_reported_late() -> None:
    both = Incident(
        read_days("2026-09-01"),
        (Report("council", read_days("2026-09-02")), Report("police", read_days("2026-11-01"))),
    )
    assert codes(work_out(PLAIN, NORMAL, (both,), TODAY)) == ["counts", "reported_late"]


@pytest.mark.parametrize(
    ("to", "code", "sure"),
    [
        ("police", "counts", Sure.YES),
        ("council", "counts", Sure.YES),
        ("housing_association", "counts", Sure.YES),
        ("landlord", "landlord_kind", Sure.MAYBE),
        (None, "who_not_known", Sure.MAYBE),
        ("friend", "not_an_authority", Sure.NO),
        ("gp", "not_an_authority", Sure.NO),
        ("victim_support", "not_an_authority", Sure.NO),
    ],
)
def test_who_was_told_decides(to: str | None, code: str, sure: Sure) -> None:
    found = work_out(PLAIN, NORMAL, (told("2026-10-01", to=to),), TODAY).readings[0]
    assert (found.code, found.sure) == (code, sure)


def test_days_not_known_leave_it_open() -> None:
    unknown = Incident(reports=(Report("council"),))
    found = work_out(PLAIN, NORMAL, (*RECENT[:2], unknown), TODAY)
    assert (found.verdict, found.sure, found.best) == ("unclear", 2, 3)
    assert found.lacks == (Lack("date_not_known", 1),)
    assert work_out(PLAIN, NORMAL, (RECENT[0], unknown), TODAY).verdict == "not_yet"


def test_an_incident_nobody_was_told_of_does_not_count() -> None:
    assert codes(work_out(PLAIN, NORMAL, (Incident(read_days("2026-10-01")),), TODAY)) == ["not_reported"]


@pytest.mark.parametrize(
    ("incident", "field"),
    [
        (told("2026-11-21"), "incident"),
        (told("2026-11-01", "2026-11-21"), "reported.on"),
        (told("2026-11-02", "2026-11-01"), "reported.on"),
    ],
)
def test_impossible_days_are_refused(incident: Incident, field: str) -> None:
    with pytest.raises(DiaryError) as refused:
        work_out(PLAIN, NORMAL, (RECENT[0], incident), TODAY)
    assert (refused.value.incident, refused.value.field) == (1, field)


def test_a_month_that_is_not_over_is_no_future() -> None:
    assert work_out(PLAIN, NORMAL, (told("2026-11"),), TODAY).best == 1


def test_staffordshire_asks_that_it_goes_on_and_that_the_last_is_new() -> None:
    assert in_area("stoke_on_trent", STAFFS, *RECENT).verdict == "may_ask"
    assert in_area("stoke_on_trent", STAFFS, *RECENT).counts_until == day("2026-12-01")
    open_ = in_area("stoke_on_trent", STAFFS, *RECENT, going_on=None)
    assert (open_.verdict, open_.lacks) == ("unclear", (Lack("still_going_on"),))
    over = in_area("stoke_on_trent", STAFFS, *RECENT, going_on=False)
    assert (over.verdict, over.lacks) == ("not_yet", (Lack("stopped"),))
    old = in_area("stoke_on_trent", STAFFS, *three("2026-08-01", "2026-09-01", "2026-10-19"))
    assert (old.verdict, old.lacks) == ("not_yet", (Lack("recent_report", 1),))
    assert in_area("stoke_on_trent", STAFFS, *three("2026-08-01", "2026-09-01", "2026-10-20")).verdict == "may_ask"


def test_the_three_areas_differ() -> None:
    older = three("2026-07-01", "2026-08-01", "2026-09-01")
    assert in_area("stoke_on_trent", STAFFS, *older).verdict == "not_yet"
    assert in_area("east_hertfordshire", HERTS, *older).verdict == "may_ask"
    assert in_area("burnley", LANCS, *older).verdict == "may_ask"
    hate = told("2026-10-01", hate=True)
    assert in_area("stoke_on_trent", STAFFS, hate).verdict == "not_yet"
    assert in_area("east_hertfordshire", HERTS, hate).verdict == "not_yet"
    assert in_area("burnley", LANCS, hate).verdict == "may_ask"


@pytest.mark.parametrize("authority", ["preston", "burnley", "pendle", "wyre", "lancaster"])
def test_one_report_of_hate_is_enough_in_these(authority: str) -> None:
    assert in_area(authority, LANCS, told("2026-10-01", hate=True, action=False)).verdict == "may_ask"
    assert in_area(authority, LANCS, told("2026-10-01")).verdict == "not_yet"
    mixed = in_area(authority, LANCS, told("2026-10-01"), told("2026-10-02", hate=True, action=False))
    assert codes(mixed) == ["not_hate", "counts"]


def test_in_preston_hate_counts_where_nothing_was_done() -> None:
    assert in_area("preston", LANCS, told("2026-10-01", hate=True)).lacks == (Lack("action_not_known"),)
    assert codes(in_area("preston", LANCS, told("2026-10-01", hate=True, action=True))) == ["action_taken"]
    assert in_area("burnley", LANCS, told("2026-10-01", hate=True, action=True)).verdict == "may_ask"


@pytest.mark.parametrize("authority", ["wyre", "lancaster"])
def test_five_people_are_enough_in_these(authority: str) -> None:
    def told_by(*names: str) -> Incident:
        return Incident(
            read_days("2026-10-01"), tuple(Report("council", read_days("2026-10-02"), name) for name in names)
        )

    assert in_area(authority, LANCS, told_by("A", "B", "C", "D", "E")).verdict == "may_ask"
    four = in_area(authority, LANCS, told_by("A", "B", "C", "D", "D"))
    assert (four.verdict, four.best, four.needed) == ("not_yet", 4, 5)
    assert codes(four).count("same_person") == 1
    assert in_area("burnley", LANCS, told_by("A", "B", "C", "D", "E")).verdict == "not_yet"


def test_where_no_window_is_given_only_the_council_can_say() -> None:
    old = three("2026-01-01", "2026-02-01", "2026-03-01")
    wyre = in_area("wyre", LANCS, *old)
    assert wyre.verdict == "ask_council"
    assert "months" in wyre.unstated
    assert in_area("east_hertfordshire", HERTS, *old).verdict == "not_yet"
    late = (*RECENT[:2], told("2026-09-01", "2026-11-01", what="eggs"))
    assert in_area("east_hertfordshire", HERTS, *late).verdict == "ask_council"
    assert in_area("stoke_on_trent", STAFFS, *late).verdict == "not_yet"


def test_where_nothing_is_known_the_council_is_asked_and_the_norm_is_a_norm() -> None:
    for diary in ((), RECENT):
        found = in_area("watford", HERTS, *diary)
        assert (found.verdict, found.rule.area) == ("ask_council", NORM)
    assert in_area("chorley", LANCS, *RECENT).best == 3


def test_every_council_we_serve_has_an_answer_and_somebody_to_ask() -> None:
    known, unknown = set(), set()
    for group in (STAFFS, HERTS, LANCS):
        for authority in DIRECTORY.atlas.groups[group].members:
            found = in_area(authority, group, *RECENT)
            (unknown if found.rule.area == NORM else known).add(authority)
            assert found.verdict == ("ask_council" if found.rule.area == NORM else "may_ask")
            assert whom_to_ask(DIRECTORY, authority, group)[0].has_contact or group != STAFFS
    assert {"east_hertfordshire", "preston", "burnley", "pendle", "wyre", "lancaster"} == {
        one for one in known if one not in DIRECTORY.atlas.groups[STAFFS].members
    }
    assert len(unknown) == 9 + 9


def test_what_is_not_in_a_councils_own_words_is_marked() -> None:
    def assumed(authority: str) -> bool:
        rule = DIRECTORY.case_review(authority, STAFFS)
        assert rule is not None
        return rule.is_assumed_for(authority)

    marked = {one for one in DIRECTORY.atlas.groups[STAFFS].members if assumed(one)}
    assert marked == {
        *("cannock_chase", "east_staffordshire", "lichfield", "south_staffordshire"),
        *("newcastle_under_lyme", "stafford", "staffordshire_moorlands"),
    }
    for rule in DIRECTORY.atlas.case_reviews.values():
        assert rule.source
        assert all(getattr(rule, name) for name in rule.assumed)
        assert rule.ask is None or rule.ask in DIRECTORY.services


def test_the_right_place_is_asked() -> None:
    def asked(authority: str, group: str) -> tuple[str, str | None]:
        service, local = whom_to_ask(DIRECTORY, authority, group)
        return service.id, local.phone if local else None

    assert asked("stoke_on_trent", STAFFS) == ("staffordshire_police", None)
    assert asked("newcastle_under_lyme", STAFFS)[0] == "newcastle_ul_council_asb"
    assert asked("east_hertfordshire", HERTS) == ("herts_council_asb", "01279 655261")
    assert asked("burnley", LANCS) == ("lancs_council_asb", "01282 425011")
    assert whom_to_ask(DIRECTORY, None, None)[0].id == "police_101"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-09-01", "2026-09-01", "2026-09-01"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-09-28/2026-10", "2026-09-28", "2026-10-31"),
    ],
)
def test_days_are_read(text: str, first: str, last: str) -> None:
    assert read_days(text) == Days(day(first), day(last))


@pytest.mark.parametrize("text", ["", "1 May", "2026-13", "2026-02-30", "2026-09-02/2026-09-01", "2026"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a day|ends before"):
        read_days(text)
    assert read_days(None) == ANY_DAY


recent_days = st.integers(0, 400).map(lambda back: TODAY - dt.timedelta(days=back))


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    """Any incident that can be: its days may be known or not, and it may be told to anyone, at once or late."""
    happened = draw(recent_days)
    about = Days(happened, min(happened + dt.timedelta(days=draw(st.integers(0, 40))), TODAY))
    reports = []
    for _ in range(draw(st.integers(0, 3))):
        after = min(happened + dt.timedelta(days=draw(st.integers(0, 60))), TODAY)
        on = Days(max(after, about.first), max(after, about.first)) if draw(st.booleans()) else ANY_DAY
        to = draw(st.sampled_from(["police", "council", "housing_association", "landlord", "friend", None]))
        reports.append(Report(to, on, draw(st.sampled_from(["", "A", "B", "C", "D", "E"]))))
    return Incident(
        draw(st.sampled_from([about, ANY_DAY])),
        tuple(reports),
        draw(st.booleans()),
        draw(st.sampled_from([True, False, None])),
        draw(st.booleans()),
        draw(st.sampled_from(["", "music", "eggs"])),
    )


diaries = st.lists(incidents(), max_size=6).map(tuple)
rules = st.sampled_from([PLAIN, *DIRECTORY.atlas.case_reviews.values()])
goes_on = st.sampled_from([True, False, None])
ORDER = {"not_yet": 0, "ask_council": 1, "unclear": 2, "may_ask": 3}


@given(rules, diaries, goes_on)
def test_every_report_is_accounted_for(rule: CaseReview, diary: tuple[Incident, ...], going_on: bool | None) -> None:
    found = work_out(rule, NORMAL, diary, TODAY, going_on)
    assert [(r.incident, r.report) for r in found.readings] == [
        (place, number)
        for place, incident in enumerate(diary)
        for number in ([None] if not incident.reports else range(len(incident.reports)))
    ]
    assert all(reading.code in CODES for reading in found.readings)
    assert all(lack.code in LACKS and lack.count > 0 for lack in found.lacks)
    assert found.sure == sum(reading.sure is Sure.YES for reading in found.readings)
    assert found.best == sum(reading.sure is not Sure.NO for reading in found.readings)
    assert all((reading.code == "counts") == (reading.sure is Sure.YES) for reading in found.readings)


@given(rules, diaries, goes_on)
def test_a_yes_lacks_nothing_and_anything_else_says_what(
    rule: CaseReview, diary: tuple[Incident, ...], going_on: bool | None
) -> None:
    found = work_out(rule, NORMAL, diary, TODAY, going_on)
    assert bool(found.lacks) != (found.verdict == "may_ask")
    if found.verdict == "may_ask":
        assert found.sure >= found.needed
        assert found.counts_until is not None
        assert found.counts_until >= TODAY


@given(diaries)
def test_what_is_said_to_count_until_a_day_holds_to_that_day_and_no_longer(diary: tuple[Incident, ...]) -> None:
    found = work_out(PLAIN, NORMAL, diary, TODAY)
    if found.verdict == "may_ask" and found.counts_until:
        assert work_out(PLAIN, NORMAL, diary, found.counts_until).verdict == "may_ask"
        assert work_out(PLAIN, NORMAL, diary, found.counts_until + dt.timedelta(days=1)).sure < found.needed


@given(rules, diaries, incidents(), goes_on)
def test_another_incident_never_makes_it_worse(
    rule: CaseReview, diary: tuple[Incident, ...], more: Incident, going_on: bool | None
) -> None:
    before = work_out(rule, NORMAL, diary, TODAY, going_on)
    after = work_out(rule, NORMAL, (*diary, more), TODAY, going_on)
    assert ORDER[after.verdict] >= ORDER[before.verdict]


def case(**answers: object) -> Case:
    return Case("a story", (), answers)


def reported(*reports: dict[str, object]) -> dict[str, object]:
    return {"any": True, "reports": list(reports)}


def from_talk(told: object, hate: bool = False, **answers: object) -> Review:
    talk = case(reported_before=told, **answers)
    return work_out(PLAIN, NORMAL, diary_of(talk, TODAY, hate), TODAY, is_going_on(talk))


def test_a_conversation_that_names_enough_reports_leaves_only_the_days_open() -> None:
    found = from_talk(reported({"to": "council", "count": 3}))
    assert (found.verdict, found.best) == ("unclear", 3)
    assert from_talk(reported({"to": "council", "count": 2})).lacks[0] == Lack("more_reports", 1)


def test_a_second_place_may_have_been_told_of_the_same() -> None:
    found = from_talk(reported({"to": "police"}, {"to": "council", "count": 2}))
    assert (found.verdict, found.best) == ("unclear", 3)
    assert [reading.code for reading in found.readings] == ["date_not_known", "date_not_known", "date_not_known"]
    diary = diary_of(case(reported_before=reported({"to": "police"}, {"to": "council", "count": 2})), TODAY, False)
    assert [(i.reports[0].to, i.separate) for i in diary] == [("council", True), ("council", True), ("police", False)]


def test_what_was_told_of_days_is_used() -> None:
    known = from_talk(reported({"to": "council", "when": "2026-11-03"}), when={"first": "2026-11-02", "about": False})
    assert (known.sure, known.readings[0].code) == (1, "counts")
    old = from_talk(reported({"to": "council", "when": "2025-11-03"}))
    assert [reading.code for reading in old.readings] == ["too_old"]
    recent = from_talk(reported({"to": "council", "count": 3}), when={"first": "2026-11-02", "about": False})
    assert recent.verdict == "may_ask"


@pytest.mark.parametrize(
    "told",
    [None, "skipped", {"any": False, "reports": []}, {"any": False, "reports": [{"to": "police"}]}],
)
def test_nothing_reported_is_an_empty_diary(told: object) -> None:
    assert diary_of(case(reported_before=told), TODAY, False) == ()


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ({"any": True}, 1),
        (reported({"to": "police", "when": "about Easter"}), 1),
        (reported({"to": "police", "when": "2031-01-01"}), 1),
        (reported({"to": "police", "count": 5000}), 20),
        (reported({"to": "police", "count": -2}), 0),
    ],
)
def test_odd_answers_are_read_without_harm(told: object, size: int) -> None:
    talk = case(reported_before=told, when={"first": "2026-12-24", "about": True})
    diary = diary_of(talk, TODAY, True)
    assert len(diary) == size
    assert work_out(PLAIN, NORMAL, diary, TODAY).best == size


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"happening_now": "yes"}, True),
        ({"frequency": "weekly"}, True),
        ({"happening_now": "no"}, None),
        ({"frequency": "once"}, None),
        ({}, None),
    ],
)
def test_going_on_is_only_said_when_known(answers: dict[str, object], expected: bool | None) -> None:
    assert is_going_on(case(**answers)) is expected
