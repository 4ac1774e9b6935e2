"""Who answers now: in hours, at night, at Christmas, for each danger, age and area."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.clock import LONDON
from bot.directory import Contact, Directory, load_directory, safety_contacts, who_answers_now
from bot.directory.contacts import NEEDS, SAFETY_SIGNALS, signal_for
from bot.triage.safety import TOPICS
from bot.triage.vocabulary import AGE_BANDS, OTHER_HARM

DIRECTORY = load_directory()
#: As in production when nobody has checked anything yet.
PRODUCTION = DIRECTORY.without_unchecked(dt.date(2026, 11, 20))
WORKDAY, NIGHT = "2026-11-20T11:00", "2026-11-21T23:30"
CHRISTMAS, EASTER = "2026-12-25T11:00", "2027-03-28T11:00"
GROUPS = ("staffordshire_stoke", "hertfordshire", "lancashire", None)


def answers(needs: tuple[str, ...], at: str, group: str | None, band: str | None = "26_64") -> list[str]:
    when = dt.datetime.fromisoformat(at).replace(tzinfo=LONDON)
    return [c.service_id for c in who_answers_now(DIRECTORY, needs=needs, group=group, age_band=band, at=when)]


def safety(
    signal: str, at: str = NIGHT, group: str | None = None, authority: str | None = None, band: str | None = "26_64"
) -> tuple[Contact, ...]:
    when = dt.datetime.fromisoformat(at).replace(tzinfo=LONDON)
    return safety_contacts(DIRECTORY, signal=signal, group=group, authority=authority, age_band=band, at=when)


def surely_answers(directory: Directory, contact: Contact) -> bool:
    """Open at that instant, there round the clock, by a telephone or text number that needs no checking."""
    service = directory.service(contact.service_id)
    number = contact.phone or contact.sms
    return bool(number) and contact.state == "open" and service.hours.rule == "always" and contact.checked


def ids(contacts: tuple[Contact, ...]) -> list[str]:
    return [contact.service_id for contact in contacts]


def test_in_hours_the_areas_own_service_stands_first() -> None:
    assert answers(("asb",), WORKDAY, "staffordshire_stoke") == ["harmony", "victim_support_supportline", "samaritans"]


@pytest.mark.parametrize("group", GROUPS)
def test_out_of_hours_the_supportline_stands_first(group: str | None) -> None:
    assert answers(("asb",), NIGHT, group) == ["victim_support_supportline", "samaritans"]
    assert answers(("hate",), NIGHT, group) == ["victim_support_supportline", "samaritans", "true_vision"]


@pytest.mark.parametrize("at", [CHRISTMAS, EASTER])
def test_the_line_that_surely_answers_comes_before_the_supportline_when_that_is_not_confirmed(at: str) -> None:
    assert answers(("asb",), at, "staffordshire_stoke") == ["samaritans", "victim_support_supportline"]
    assert answers(("asb",), at, "staffordshire_stoke", "under_16") == ["childline", "victim_support_supportline"]


def test_london_decides_when_easter_begins() -> None:
    late = dt.datetime(2027, 3, 27, 23, 59, tzinfo=dt.timezone.utc)
    found = who_answers_now(DIRECTORY, needs=("asb",), group=None, age_band=None, at=late)
    assert ids(found)[0] == "victim_support_supportline"


def test_a_supportline_that_somebody_has_checked_needs_nobody_beside_it() -> None:
    checked = replace(DIRECTORY.service("victim_support_supportline"), last_checked=dt.date(2026, 11, 1))
    sure = replace(DIRECTORY, services={**DIRECTORY.services, checked.id: checked})
    when = dt.datetime.fromisoformat(NIGHT).replace(tzinfo=LONDON)
    found = who_answers_now(sure, needs=("asb",), group=None, age_band=None, at=when)
    assert ids(found) == ["victim_support_supportline"]


def test_what_the_route_decided_stands_in_place_of_the_areas_own() -> None:
    when = dt.datetime.fromisoformat(WORKDAY).replace(tzinfo=LONDON)
    asked = {"needs": ("asb",), "group": "staffordshire_stoke", "age_band": None, "at": when}
    assert ids(who_answers_now(DIRECTORY, **asked, own=("harmony",)))[0] == "harmony"
    assert "harmony" not in ids(who_answers_now(DIRECTORY, **asked, own=()))


def test_a_line_named_twice_stands_where_it_is_needed_most() -> None:
    found = answers(("immediate_danger", "honour_based"), NIGHT, None)
    assert found[0] == "emergency_999"
    assert len(found) == len(set(found))


def test_danger_stands_before_everything() -> None:
    found = answers(("asb", "immediate_danger"), NIGHT, "lancashire")
    assert found[0] == "emergency_999"
    assert "victim_support_supportline" in found


def test_danger_offers_every_way_to_reach_999() -> None:
    found = safety("immediate_danger")
    assert ids(found) == ["emergency_999", "emergency_sms_999", "relay_18000", "bsl_999"]
    assert [(c.phone, c.sms, c.note) for c in found[:2]] == [("999", None, "press_55"), (None, "999", "register_first")]


def test_suicide_has_a_voice_and_a_text_line_and_childline_for_the_young() -> None:
    assert ids(safety("suicide_self_harm"))[:3] == ["samaritans", "shout", "nhs_111_mental_health"]
    assert "childline" not in ids(safety("suicide_self_harm"))
    for band in ("under_16", "16_17"):
        assert ids(safety("suicide_self_harm", band=band))[:2] == ["childline", "shout"]


def test_papyrus_is_for_people_under_35_and_for_nobody_who_may_be_older() -> None:
    for band in ("under_16", "16_17", "18_25"):
        assert "papyrus" in ids(safety("suicide_self_harm", band=band))
    for older in ("26_64", "65_over", None):
        assert "papyrus" not in ids(safety("suicide_self_harm", band=older))


@pytest.mark.parametrize(
    ("group", "authority", "at", "first"),
    [
        ("staffordshire_stoke", "stoke_on_trent", WORKDAY, "stoke_children_safeguarding"),
        ("staffordshire_stoke", "stoke_on_trent", CHRISTMAS, "stoke_edt"),
        ("staffordshire_stoke", "tamworth", NIGHT, "nspcc_adults"),
        ("hertfordshire", None, NIGHT, "herts_children_safeguarding"),
        ("lancashire", "preston", NIGHT, "lancashire_county_safeguarding"),
        ("lancashire", "blackburn_with_darwen", NIGHT, "bwd_safeguarding_ooh"),
        ("lancashire", "blackpool", NIGHT, "nspcc_adults"),
        (None, None, NIGHT, "nspcc_adults"),
    ],
)
def test_a_child_at_risk_goes_to_the_right_council(group: str, authority: str, at: str, first: str) -> None:
    found = ids(safety("child_at_risk", at, group, authority))
    assert found[0] == first
    assert "emergency_999" in found


def test_a_child_who_is_at_risk_hears_of_childline_first() -> None:
    assert ids(safety("child_abuse", group="hertfordshire", band="under_16"))[0] == "childline"


def test_an_adult_at_risk_in_blackburn_gets_the_adults_line() -> None:
    found = {c.service_id: c for c in safety("adult_at_risk", WORKDAY, "lancashire", "blackburn_with_darwen")}
    assert found["bwd_adult_safeguarding"].phone == "01254 585949"
    assert "bwd_safeguarding" not in found


def test_stalking_at_night_is_answered_by_101_while_the_helpline_is_shut() -> None:
    assert ids(safety("stalking", NIGHT))[0] == "police_101"
    assert ids(safety("stalking", WORKDAY))[0] == "national_stalking_helpline"


def test_a_boy_of_ten_is_not_given_a_line_for_adults() -> None:
    found = ids(safety("domestic_abuse", band="under_16", group="staffordshire_stoke"))
    assert "national_da_helpline" not in found
    assert found[0] == "childline"


def test_every_signal_age_area_and_hour_has_somebody_who_surely_answers() -> None:
    hours = (WORKDAY, NIGHT, CHRISTMAS, EASTER, "2031-06-01T03:00")
    for directory, at, group, band in product((DIRECTORY, PRODUCTION), hours, GROUPS, (None, *AGE_BANDS)):
        when = dt.datetime.fromisoformat(at).replace(tzinfo=LONDON)
        asked: dict[str, Any] = {"group": group, "age_band": band, "at": when}
        for signal in SAFETY_SIGNALS:
            found = safety_contacts(directory, signal=signal, authority=None, **asked)
            assert any(surely_answers(directory, contact) for contact in found), (signal, asked)
            assert "beacon_safeguarding_hub" not in ids(found)
            assert len(ids(found)) == len(set(ids(found)))
            assert [c.state for c in found] == sorted((c.state for c in found), key=lambda state: state == "closed")
        for need in NEEDS:
            found = who_answers_now(directory, needs=(need,), **asked)
            assert any(surely_answers(directory, contact) for contact in found), (need, asked)
            assert "closed" not in [contact.state for contact in found]


def test_fraud_is_no_reason_to_ring_999() -> None:
    for at in (WORKDAY, NIGHT, CHRISTMAS):
        assert "emergency_999" not in ids(safety("fraud", at))


def test_every_safety_topic_and_harm_of_triage_has_a_route() -> None:
    for label in (*TOPICS, *OTHER_HARM):
        if label not in ("burglary", "other_crime"):
            assert signal_for(label) in DIRECTORY.signals
    with pytest.raises(ValueError, match="no safety contacts"):
        signal_for("noise")


def test_no_contact_is_empty() -> None:
    for signal, group in product(SAFETY_SIGNALS, GROUPS):
        for contact in safety(signal, group=group):
            assert contact.phone or contact.sms or contact.web
