"""Does the route answer as it was read and agreed, in every place, for every kind, age and hour, within the rules?"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.directory import Contact, Directory, Route
from bot.directory.contacts import SAFETY_SIGNALS
from bot.directory.eligibility import person_of, takes
from bot.directory.hours import london_day
from bot.directory.routing import REFERRAL_REASONS, SPECIALIST_HARM
from bot.directory.signposting import SIGNPOST_REASONS
from bot.triage.vocabulary import AGE_BANDS, OTHER_HARM
from tests.bot.directory.golden.asked import (
    AGES,
    AREAS,
    DIRECTORY,
    NO_ADDRESS,
    NOWHERE,
    OUTSIDE,
    PRODUCTION,
    Area,
    Asked,
    answers,
    go,
    instant,
)
from tests.bot.directory.golden.table import TABLES, whole, words_of

BOTH = pytest.mark.parametrize("directory", [DIRECTORY, PRODUCTION], ids=["all numbers", "unchecked numbers withheld"])
YOUNG = ("under_16", "16_17")
#: Kinds of service that talk with a person; the police and reporting lines take a report.
LISTENING = ("crisis", "support", "specialist", "safeguarding")


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_the_answers_are_those_that_were_read(path: Path) -> None:
    kept, found = path.read_text(encoding="utf-8"), whole(TABLES[path])
    changed = difflib.unified_diff(kept.splitlines(), found.splitlines(), "kept", "now", lineterm="", n=1)
    assert kept == found, "run python -m tests.bot.directory.golden and read what changed:\n" + "\n".join(changed)


def test_every_council_and_ten_others_are_asked_about() -> None:
    groups = [(fact or {}).get("group") for fact in AREAS.values()]
    assert [groups.count(name) for name in ("staffordshire_stoke", "hertfordshire", "lancashire")] == [9, 10, 14]
    assert len(OUTSIDE) == 10
    assert {NOWHERE, NO_ADDRESS} <= set(AREAS)


@BOTH
def test_nobody_is_told_of_a_service_for_another_age_area_or_day(directory: Directory) -> None:
    for asked, found in answers(directory).items():
        person = person_of(AREAS[asked.area], None, AGES[asked.age], london_day(instant(asked.time)))
        for one in (*found.referrals, *found.signposts):
            assert takes(directory, directory.service(one.service_id), person) != "no", (asked, one)
        for contact in found.now:
            assert directory.service(contact.service_id).accepts_age(person.age_band), (asked, contact)


@BOTH
def test_a_child_never_gets_a_line_for_adults(directory: Directory) -> None:
    for asked, found in answers(directory).items():
        if AGES[asked.age] in YOUNG:
            named = [one.service_id for one in (*found.referrals, *found.signposts, *found.now)]
            assert not [one for one in named if directory.service(one).ages == "18+"], asked
            assert found.now[0].service_id == "childline", asked


@BOTH
def test_mediation_is_for_adults_with_anti_social_behaviour_and_nothing_else(directory: Directory) -> None:
    for asked, found in answers(directory).items():
        barred = asked.kind not in ("asb", "not_asb", "off_topic") or AGES[asked.age] in YOUNG
        assert ("mediation" in found.never) == barred, asked
        inside = (AREAS[asked.area] or {}).get("group") == "staffordshire_stoke"
        assert (found.mediation == "harmony") == (asked.kind == "asb" and inside and not barred), asked


@BOTH
def test_outside_our_areas_nothing_can_be_passed_on(directory: Directory) -> None:
    for asked, found in answers(directory).items():
        if not (AREAS[asked.area] or {}).get("group"):
            assert found.referrals == (), asked
            named = [directory.service(one.service_id) for one in found.signposts]
            assert all("national" in service.areas for service in named), asked


@BOTH
def test_who_lives_elsewhere_never_gets_a_service_for_residents(directory: Directory) -> None:
    for asked, happened_in, found in _elsewhere(directory):
        home = AREAS[asked.area] or {}
        for one in (*found.referrals, *found.signposts):
            service = directory.service(one.service_id)
            lives_there = directory.covers(service, home.get("authority"), home.get("group"))
            if service.serves == "residents" and not lives_there and not home.get("no_fixed_address"):
                assert not home.get("outside"), (asked, happened_in, one)
                assert one.reason == "ask_where_they_live", (asked, happened_in, one)


def test_the_police_are_those_of_the_place() -> None:
    for asked, happened_in, found in _elsewhere(DIRECTORY):
        police = {one.service_id for one in found.signposts if DIRECTORY.service(one.service_id).kind == "police"}
        expected = DIRECTORY.police((happened_in or {}).get("group"))
        assert police == ({expected.id} if asked.kind != "off_topic" else set()), (asked, happened_in)


@BOTH
def test_those_who_know_most_about_domestic_abuse_come_first(directory: Directory) -> None:
    for asked, found in answers(directory).items():
        if asked.kind == "domestic_abuse":
            first = "childline" if AGES[asked.age] in YOUNG else "national_da_helpline"
            assert found.signposts[0].service_id == found.now[0].service_id == first, asked
            assert all(one.if_wanted for one in found.referrals), asked
            assert {"mediation", "sms_follow_up_without_consent"} <= set(found.never), asked


@BOTH
def test_at_every_hour_somebody_surely_answers_and_nobody_named_is_shut(directory: Directory) -> None:
    for asked, found in answers(directory).items():
        talking = [one for one in found.now if directory.service(one.service_id).kind in LISTENING]
        assert any(_surely_answers(directory, contact) for contact in talking), asked
        for contact in found.now:
            assert contact.state == directory.state(contact.service_id, instant(asked.time)) != "closed", asked
        assert len({contact.service_id for contact in found.now}) == len(found.now), asked


def test_a_withheld_contact_is_given_with_no_number() -> None:
    assert PRODUCTION.withheld
    for asked, found in answers(PRODUCTION).items():
        for one in (*found.referrals, *found.signposts):
            service = PRODUCTION.service(one.service_id)
            withheld = service.id in PRODUCTION.withheld
            assert not (withheld and (service.has_contact or service.email or service.by_authority)), asked
        assert not {contact.service_id for contact in found.now} & PRODUCTION.withheld, asked
        assert all(contact.checked for contact in found.now), asked


def test_every_reason_has_words() -> None:
    for reason in REFERRAL_REASONS:
        assert "Beacon" in words_of(f"utter_reason_{reason}", service="Beacon", purpose="noise")
    for purpose in ("asb", "hate", "both", "crime", *SPECIALIST_HARM):
        assert words_of(f"utter_reason_for_{purpose}")
    for reason in SIGNPOST_REASONS:
        assert words_of(f"utter_signpost_{reason}")
    for found in (*answers(DIRECTORY).values(), *(found for _, _, found in _elsewhere(DIRECTORY))):
        assert {one.reason for one in found.referrals} <= set(REFERRAL_REASONS)
        assert {one.reason for one in found.signposts} <= set(SIGNPOST_REASONS)


@BOTH
def test_every_danger_in_every_area_at_every_age_is_answered_at_once(directory: Directory) -> None:
    for danger in ("immediate_danger", "weapon", "suicide_self_harm", "threat_to_kill"):
        for area in ("Stoke-on-Trent", "Watford", "Burnley", "Luton", NOWHERE):
            for age in AGES:
                for kind in ("asb", "hate", "off_topic", *OTHER_HARM):
                    asked = Asked(kind, area, age, "Christmas Day")
                    found = go(directory, asked, risk=(danger,))
                    first = directory.service(found.now[0].service_id)
                    assert first.kind == ("crisis" if danger == "suicide_self_harm" else "emergency"), asked
                    talking = [one for one in found.now if directory.service(one.service_id).kind in LISTENING]
                    assert any(_surely_answers(directory, contact) for contact in talking), asked
                    assert "mediation" in found.never, asked


def _surely_answers(directory: Directory, contact: Contact) -> bool:
    """Open, there round the clock, by a telephone or text number that needs no checking."""
    always = directory.service(contact.service_id).hours.rule == "always"
    return bool(contact.phone or contact.sms) and always and contact.state == "open" and contact.checked


def _elsewhere(directory: Directory) -> Iterator[tuple[Asked, Area, Route]]:
    """Every pair of home and place that are not the same, for each kind."""
    places = ("Stoke-on-Trent", "Tamworth", "Watford", "Burnley", "Blackpool", "Luton", NOWHERE, NO_ADDRESS)
    for home in places:
        for place in places[:6]:
            for kind in ("asb", "hate", "both", "not_asb", "off_topic", *OTHER_HARM):
                asked = Asked(kind, home, "26 to 64", "in hours")
                yield asked, AREAS[place], go(directory, asked, AREAS[place])


def test_the_table_knows_every_band_it_asks_about() -> None:
    assert {band for band in AGES.values() if band} <= set(AGE_BANDS)
    assert all(f"specialist_{signal}" in SIGNPOST_REASONS for signal in SAFETY_SIGNALS)
