"""Where each kind goes in each area, and what must never be offered."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest

from bot.directory import Route, load_directory, route
from bot.directory.routing import REFERRAL_REASONS
from bot.directory.signposting import SIGNPOST_REASONS
from bot.triage.vocabulary import AGE_BANDS, ASB_TYPES, HATE_STRANDS, KINDS, OTHER_HARM, RISKS, WISHES

DIRECTORY = load_directory()
AT = dt.datetime(2026, 11, 20, 11, tzinfo=dt.timezone.utc)
STOKE = {"group": "staffordshire_stoke", "authority": "stoke_on_trent", "words": "ST1"}
WATFORD = {"group": "hertfordshire", "authority": "watford", "words": "Watford"}
BURNLEY = {"group": "lancashire", "authority": "burnley", "words": "Burnley"}
LONDON = {"outside": True, "words": "London"}
AREAS: tuple[dict[str, Any] | None, ...] = (STOKE, WATFORD, BURNLEY, LONDON, None)


def go(area: dict[str, Any] | None, kind: str, **more: Any) -> Route:
    return route(DIRECTORY, area=area, kind=kind, at=AT, **more)


def sent(found: Route) -> list[tuple[str, str, str | None]]:
    return [(one.service_id, one.purpose, one.team) for one in found.referrals]


def shown(found: Route) -> list[str]:
    return [one.service_id for one in found.signposts]


@pytest.mark.parametrize(
    ("area", "kind", "more", "expected"),
    [
        (STOKE, "asb", {}, [("harmony", "asb", None)]),
        (STOKE, "hate", {}, [("usah", "hate", None)]),
        (STOKE, "both", {}, [("harmony", "asb", None), ("usah", "hate", None)]),
        (STOKE, "asb", {"hate_strands": ["race"]}, [("harmony", "asb", None), ("usah", "hate", None)]),
        (STOKE, "other_harm", {"other_harm": ["burglary"]}, [("staffordshire_victim_gateway", "crime", None)]),
        (WATFORD, "asb", {}, [("beacon", "asb", "asb_case_manager")]),
        (WATFORD, "hate", {}, [("beacon", "hate", None)]),
        (WATFORD, "both", {}, [("beacon", "both", "asb_case_manager")]),
        (WATFORD, "other_harm", {"other_harm": ["other_crime"]}, [("beacon", "crime", None)]),
        (BURNLEY, "asb", {}, [("lancashire_victim_services", "asb", "asb")]),
        (BURNLEY, "hate", {}, [("lancashire_victim_services", "hate", "hate")]),
        (BURNLEY, "both", {}, [("lancashire_victim_services", "both", "hate")]),
        (
            BURNLEY,
            "asb",
            {"age_band": "under_16"},
            [("lancashire_victim_services", "asb", "children_young_people")],
        ),
        (
            BURNLEY,
            "other_harm",
            {"other_harm": ["domestic_abuse"]},
            [("lancashire_victim_services", "domestic_abuse", "domestic")],
        ),
        (
            BURNLEY,
            "other_harm",
            {"other_harm": ["sexual_violence"]},
            [("lancashire_victim_services", "sexual_violence", "sexual")],
        ),
        (LONDON, "both", {}, []),
        (None, "asb", {}, []),
        (STOKE, "off_topic", {}, []),
    ],
)
def test_where_it_goes(
    area: dict[str, Any] | None, kind: str, more: dict[str, Any], expected: list[tuple[str, str, str | None]]
) -> None:
    assert sent(go(area, kind, **more)) == expected


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"age_band": "16_17"}, "priority_under_age"),
        ({"other_harm": ["stalking"]}, "priority_stalked"),
        ({"asb_types": ["harassment_intimidation"]}, "priority_harassed"),
        ({"risk": ["repeat"]}, "priority_repeatedly_targeted"),
        ({"risk": ["vulnerable"]}, "priority_vulnerable"),
    ],
)
def test_the_groups_that_the_case_manager_takes_first(more: dict[str, Any], reason: str) -> None:
    [found] = go(WATFORD, "asb", **more).referrals
    assert (found.team, found.priority, found.reason) == ("asb_case_manager", "first", reason)
    assert go(WATFORD, "asb").referrals[0].priority is None


def test_domestic_abuse_has_its_specialists_first_and_our_services_only_if_wanted() -> None:
    for area, local in ((STOKE, "new_era"), (WATFORD, "herts_da_helpline"), (BURNLEY, "lancashire_refuges")):
        for kind in ("other_harm", "asb", "both"):
            found = go(area, kind, other_harm=["domestic_abuse"])
            assert shown(found)[0] == "national_da_helpline"
            assert local in shown(found)
            assert all(one.if_wanted for one in found.referrals)
            assert {"mediation", "sms_follow_up_without_consent"} <= set(found.never)
            assert found.mediation is None


def test_honour_based_abuse_never_reaches_the_family() -> None:
    found = go(STOKE, "other_harm", other_harm=["honour_based"])
    assert shown(found)[0] == "karma_nirvana"
    assert {"contact_family", "mediation"} <= set(found.never)


def test_mediation_is_for_asb_in_staffordshire_alone() -> None:
    assert go(STOKE, "asb").mediation == "harmony"
    assert go(WATFORD, "asb").mediation is None
    for more in (
        {"hate_strands": ["race"]},
        {"risk": ["weapon"]},
        {"risk": ["threat_to_kill"]},
        {"age_band": "under_16"},
        {"other_harm": ["stalking"]},
        {"other_harm": ["burglary"]},
    ):
        found = go(STOKE, "asb", **more)
        assert found.mediation is None
        assert "mediation" in found.never


def test_what_the_person_did_not_call_asb_still_gets_support() -> None:
    [found] = go(STOKE, "not_asb").referrals
    assert (found.service_id, found.if_wanted, found.reason) == ("harmony", True, "support_even_if_not_asb")


def test_the_right_council_is_signposted() -> None:
    assert "stoke_council_asb" in shown(go(STOKE, "asb"))
    assert "herts_council_asb" in shown(go(WATFORD, "asb"))
    assert "lancs_council_asb" in shown(go(BURNLEY, "asb"))


def test_a_case_review_is_asked_for_where_it_is_held() -> None:
    wish = {"wishes": ["case_review"]}
    newcastle = {"group": "staffordshire_stoke", "authority": "newcastle_under_lyme", "words": "Newcastle"}
    assert ("staffordshire_police", "case_review") in [
        (s.service_id, s.reason) for s in go(STOKE, "asb", **wish).signposts
    ]
    assert ("newcastle_ul_council_asb", "case_review") in [
        (s.service_id, s.reason) for s in go(newcastle, "asb", **wish).signposts
    ]
    rule = DIRECTORY.case_review("burnley", "lancashire")
    assert rule is not None
    assert (rule.reports, rule.hate_reports) == (3, 1)
    assert DIRECTORY.case_review("watford", "hertfordshire") is None


def test_hate_signposts_fit_the_strand_and_the_area() -> None:
    tamworth = {"group": "staffordshire_stoke", "authority": "tamworth", "words": "Tamworth"}
    assert "galop" in shown(go(STOKE, "hate", hate_strands=["transgender"]))
    assert "galop" not in shown(go(STOKE, "hate", hate_strands=["race"]))
    assert "stop_hate_uk" in shown(go(tamworth, "hate"))
    assert "stop_hate_uk" not in shown(go(STOKE, "hate"))
    assert "cst" in shown(go(BURNLEY, "hate", hate_strands=["religion"]))


def test_outside_and_unknown_are_told_apart() -> None:
    assert {one.reason for one in go(LONDON, "asb").signposts} >= {"outside_area"}
    assert {one.reason for one in go(None, "asb").signposts} >= {"area_unknown"}


def test_a_young_person_is_shown_childline_first() -> None:
    assert shown(go(WATFORD, "asb", age_band="under_16"))[0] == "childline"


def test_every_combination_holds_the_rules() -> None:
    harm = (None, *OTHER_HARM)
    risks = (None, *RISKS)
    for area, kind, one, risk, band in product(AREAS, KINDS, harm, risks, (None, "under_16", "26_64")):
        found = go(area, kind, other_harm=[one] if one else [], risk=[risk] if risk else [], age_band=band)
        group = (area or {}).get("group")
        assert bool(found.signposts)
        assert not (found.referrals and not group)
        assert "beacon_safeguarding_hub" not in shown(found)
        assert len({(r.service_id, r.purpose) for r in found.referrals}) == len(found.referrals)
        for referral in found.referrals:
            service = DIRECTORY.service(referral.service_id)
            assert service.takes_referrals
            assert group in service.areas
            assert referral.reason in REFERRAL_REASONS
            assert referral.team is None or referral.team in service.teams
        for signpost in found.signposts:
            assert signpost.reason in SIGNPOST_REASONS
            assert DIRECTORY.service(signpost.service_id).public_contact
        if kind in ("hate", "both") or one or band == "under_16":
            assert "mediation" in found.never
        if found.mediation:
            assert "mediation" not in found.never


def test_wishes_types_and_strands_are_all_understood() -> None:
    for wish, asb_type, strand, band in product(WISHES, ASB_TYPES[:3], HATE_STRANDS, AGE_BANDS[:1]):
        found = go(STOKE, "both", wishes=[wish], asb_types=[asb_type], hate_strands=[strand], age_band=band)
        assert sent(found) == [("harmony", "asb", None), ("usah", "hate", None)]
