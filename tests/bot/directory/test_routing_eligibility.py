"""Whom does a service take? By where they live, where it happened, their age and the day, by its own rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.directory import Directory, load_directory, route
from bot.directory.eligibility import person_of, takes

DIRECTORY = load_directory()
DAY = dt.date(2026, 11, 20)
AT = dt.datetime(2026, 11, 20, 11, tzinfo=dt.timezone.utc)
STOKE: dict[str, Any] = {"group": "staffordshire_stoke", "authority": "stoke_on_trent", "words": "Hanley"}
TAMWORTH: dict[str, Any] = {"group": "staffordshire_stoke", "authority": "tamworth", "words": "Tamworth"}
WATFORD: dict[str, Any] = {"group": "hertfordshire", "authority": "watford", "words": "Watford"}
CREWE: dict[str, Any] = {"outside": True, "authority": "cheshire_east", "words": "Crewe"}
UNSURE: dict[str, Any] = {"outcode": "ST7", "certain": False, "words": "ST7"}
NO_ADDRESS: dict[str, Any] = {"no_fixed_address": True, "words": "sofa surfing"}


def with_service(service_id: str, **changed: Any) -> Directory:
    """The directory with some fields of one service changed."""
    return replace(
        DIRECTORY, services={**DIRECTORY.services, service_id: replace(DIRECTORY.service(service_id), **changed)}
    )


@pytest.mark.parametrize(
    ("home", "place", "residents", "place_rule", "either", "unknown"),
    [
        (STOKE, None, "yes", "yes", "yes", "yes"),
        (STOKE, STOKE, "yes", "yes", "yes", "yes"),
        (STOKE, TAMWORTH, "yes", "yes", "yes", "yes"),
        (STOKE, UNSURE, "yes", "yes", "yes", "yes"),
        (STOKE, CREWE, "yes", "no", "yes", "ask_happened_elsewhere"),
        (STOKE, WATFORD, "yes", "no", "yes", "ask_happened_elsewhere"),
        (CREWE, STOKE, "no", "yes", "yes", "ask_lives_elsewhere"),
        (WATFORD, STOKE, "no", "yes", "yes", "ask_lives_elsewhere"),
        (None, STOKE, "ask_where_they_live", "yes", "yes", "ask_where_they_live"),
        (UNSURE, STOKE, "ask_where_they_live", "yes", "yes", "ask_where_they_live"),
        (NO_ADDRESS, STOKE, "yes", "yes", "yes", "yes"),
        ({**STOKE, **NO_ADDRESS}, None, "yes", "yes", "yes", "yes"),
        ({**CREWE, **NO_ADDRESS}, STOKE, "yes", "yes", "yes", "yes"),
        (CREWE, None, "no", "no", "no", "no"),
        (CREWE, WATFORD, "no", "no", "no", "no"),
        (None, None, "no", "no", "no", "no"),
    ],
)
def test_each_rule_of_a_service(
    home: dict[str, Any] | None,
    place: dict[str, Any] | None,
    residents: str,
    place_rule: str,
    either: str,
    unknown: str,
) -> None:
    person = person_of(home, place, None, DAY)
    rules = {"residents": residents, "place": place_rule, "residents_or_place": either, "anyone": either}
    for rule, expected in {**rules, "unknown": unknown}.items():
        service = replace(DIRECTORY.service("harmony"), serves=rule)
        assert takes(DIRECTORY, service, person) == expected, rule


def test_a_line_for_the_whole_country_takes_everybody_of_its_ages() -> None:
    helpline = DIRECTORY.service("national_da_helpline")
    for home in (STOKE, CREWE, None, NO_ADDRESS):
        assert takes(DIRECTORY, helpline, person_of(home, None, "26_64", DAY)) == "yes"
        assert takes(DIRECTORY, helpline, person_of(home, None, "16_17", DAY)) == "no"


@pytest.mark.parametrize("changed", [{"valid_to": dt.date(2026, 11, 19)}, {"ages": "65+"}, {"takes_referrals": False}])
def test_nobody_is_sent_to_a_service_that_has_ended_or_is_for_others(changed: dict[str, Any]) -> None:
    directory = with_service("harmony", **changed)
    found = route(directory, area=STOKE, kind="asb", age_band="26_64", at=AT)
    assert found.referrals == ()
    assert found.now
    ended = with_service("true_vision", valid_to=dt.date(2026, 11, 19))
    assert "true_vision" not in [s.service_id for s in route(ended, area=STOKE, kind="hate", at=AT).signposts]


def test_the_home_comes_first_and_the_place_only_for_what_nobody_at_home_surely_takes() -> None:
    def sent(directory: Directory) -> list[tuple[str, str]]:
        found = route(directory, area=WATFORD, happened_in=STOKE, kind="asb", at=AT)
        return [(one.service_id, one.reason) for one in found.referrals]

    assert sent(DIRECTORY) == [("beacon", "ask_happened_elsewhere"), ("harmony", "ask_lives_elsewhere")]
    assert sent(with_service("beacon", serves="anyone")) == [("beacon", "asb_hertfordshire")]
    assert sent(with_service("beacon", serves="place"))[0][0] == "harmony"


def test_whoever_fled_from_abuse_is_helped_where_they_are_now() -> None:
    found = route(DIRECTORY, area=WATFORD, happened_in=STOKE, kind="other_harm", other_harm=["domestic_abuse"], at=AT)
    assert [one.service_id for one in found.referrals] == ["beacon"]
    named = [one.service_id for one in found.signposts]
    assert "herts_da_helpline" in named
    assert "new_era" not in named


def test_the_council_and_the_case_review_are_those_of_the_place() -> None:
    found = route(DIRECTORY, area=STOKE, happened_in=TAMWORTH, kind="asb", wishes=["case_review"], at=AT)
    named = [(one.service_id, one.reason) for one in found.signposts]
    # the council of Tamworth is there for who lives in Tamworth; the review is asked of those who take everybody
    assert named[0] == ("staffordshire_police", "case_review")
    assert not {"stoke_council_asb", "tamworth_council_asb"} & {service for service, _ in named}
    at_home = route(DIRECTORY, area=TAMWORTH, kind="asb", wishes=["case_review"], at=AT).signposts[0]
    assert (at_home.service_id, at_home.reason) == ("tamworth_council_asb", "case_review")


def test_a_service_that_must_be_asked_first_is_not_said_to_answer_now() -> None:
    found = route(DIRECTORY, area=CREWE, happened_in=STOKE, kind="asb", at=AT)
    assert [one.service_id for one in found.referrals] == ["harmony"]
    assert "harmony" not in [one.service_id for one in found.now]


def test_mediation_is_only_where_the_mediator_surely_takes_the_person() -> None:
    assert route(DIRECTORY, area=STOKE, happened_in=TAMWORTH, kind="asb", at=AT).mediation == "harmony"
    assert route(DIRECTORY, area=STOKE, happened_in=CREWE, kind="asb", at=AT).mediation is None
    assert route(DIRECTORY, area=CREWE, happened_in=STOKE, kind="asb", at=AT).mediation is None
    for harsh in ("harassment_intimidation", "malicious_communications"):
        assert route(DIRECTORY, area=STOKE, kind="asb", asb_types=[harsh], at=AT).mediation is None
