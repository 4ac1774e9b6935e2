"""Is what happened put under the right kind, with the person's own words as evidence?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage import Finding, assess
from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS, KINDS, OTHER_HARM, RISKS

from .words import case_of, said, who

ABUSE = "harassment_intimidation"


@pytest.mark.parametrize(
    ("findings", "kind"),
    [
        ((said("noise"), who("neighbour"), said("frequency", "daily")), "asb"),
        ((said(ABUSE), said("race"), said("frequency", "once"), who("stranger")), "hate"),
        ((said(ABUSE), said("race"), who("stranger")), "hate"),
        ((said("rowdy_groups"), said(ABUSE), said("race"), said("frequency", "once")), "hate"),
        ((said(ABUSE), said("race"), said("frequency", "weekly")), "both"),
        ((said(ABUSE), said("race"), said("repeat")), "both"),
        ((said("vandalism_graffiti"), said("religion"), said("frequency", "once")), "both"),
        ((said("race"),), "hate"),
        ((said("race"), said("repeat")), "hate"),
        ((said("domestic_abuse"), said(ABUSE, at=100), said("noise", at=120), who("partner", 90)), "other_harm"),
        ((said("fraud"), said("malicious_communications")), "other_harm"),
        ((said("burglary"), said("vandalism_graffiti"), said("trespass")), "other_harm"),
        ((said("burglary"), said("vandalism_graffiti"), said("repeat")), "asb"),
        ((said("suicide_self_harm"),), "other_harm"),
        ((said("weapon"),), "other_harm"),
        ((said("injury"),), "not_asb"),
        ((said("injury"), who("stranger")), "other_harm"),
        ((said("threatened", True), who("stranger")), "asb"),
        ((who("neighbour"), said("effect", {"areas": ["sleep"], "words": ""})), "not_asb"),
        ((said("name", "Sam"),), "off_topic"),
        ((), "off_topic"),
    ],
)
def test_kind(findings: tuple[Finding, ...], kind: str) -> None:
    assert assess(findings).kind == kind


def test_eggs_notes_and_slurs_every_weekend_are_both() -> None:
    types = ("vandalism_graffiti", "malicious_communications", "rowdy_groups", ABUSE)
    found = assess([*map(said, types), said("sexual_orientation"), said("frequency", "weekly"), who("young_people")])
    assert found.kind == "both"
    assert set(found.asb_types) == set(types)
    assert found.hate_strands == ("sexual_orientation",)
    assert "repeat" in found.risk


def test_a_child_followed_home_is_stalking_and_asb_with_the_same_words_as_evidence() -> None:
    followed = said("followed", True, at=30)
    age = said("age_band", {"band": "16_17", "years": 16})
    found = assess([age, followed, said("frequency", "weekly", at=60), who("stranger", 20)])
    assert (found.kind, found.asb_types, found.other_harm) == ("asb", (ABUSE,), ("stalking",))
    assert set(found.risk) == {"under_18", "repeat"}
    spans = {(f.label, f.start) for f in found.evidence}
    assert {("stalking", 30), (ABUSE, 30), ("under_18", 0), ("repeat", 60)} <= spans


def test_followed_once_is_harassment_but_not_yet_stalking() -> None:
    found = assess([said("followed", True), who("stranger"), said("frequency", "once")])
    assert (found.kind, found.asb_types, found.other_harm) == ("asb", (ABUSE,), ())


@pytest.mark.parametrize("close", ["partner", "ex_partner", "family"])
@pytest.mark.parametrize("sign", ["injury", "threat_to_kill", "threatened", "followed", "stalking", ABUSE])
def test_what_a_partner_or_relative_does_is_never_asb(close: str, sign: str) -> None:
    found = assess([said(sign, True, at=40), said("noise", at=60), who(close, 20), said("repeat", at=80)])
    assert found.kind == "other_harm"
    assert "domestic_abuse" in found.other_harm
    assert found.asb_types == ()


def test_the_neighbours_noise_stays_asb_beside_abuse_at_home() -> None:
    neighbour = (who("neighbour", 0), said("noise", at=12))
    home = (who("partner", 200), said("domestic_abuse", at=212), said(ABUSE, at=230))
    found = assess([*neighbour, *home])
    assert (found.kind, found.asb_types, found.other_harm) == ("asb", ("noise",), ("domestic_abuse",))


def test_shouting_heard_through_the_wall_is_the_form_of_the_neighbours_violence() -> None:
    found = assess(
        [who("neighbour", 0), said("noise", at=12), said("domestic_abuse", at=40), said("speaker_role", "witness")]
    )
    assert (found.kind, found.asb_types, found.third_party) == ("other_harm", (), True)
    assert "outranked_by_domestic_abuse" in found.reasons


@pytest.mark.parametrize("strand", HATE_STRANDS)
@pytest.mark.parametrize("answer", [{"hate_reason": "strand"}, {"confirm_understanding": {"kind": "hate"}}])
def test_what_the_person_perceives_is_never_turned_down(strand: str, answer: dict[str, Any]) -> None:
    answers = {"hate_reason": [strand]} if "hate_reason" in answer else answer
    for findings in ([], [said(ABUSE)], [said("noise"), who("neighbour")], [said("domestic_abuse"), who("partner")]):
        assert assess(findings, answers).is_hate


def test_a_hate_reason_outweighs_an_earlier_yes_to_asb() -> None:
    found = assess([said("noise")], {"confirm_understanding": {"kind": "asb"}, "hate_reason": ["disability"]})
    assert (found.kind, found.hate_strands) == ("both", ("disability",))


def test_not_sure_and_skipped_leave_the_story_as_it_was() -> None:
    for answer in ("not_sure", ["not_sure"], "skipped"):
        assert assess([said(ABUSE), said("race")], {"hate_reason": answer}).kind == "hate"


def test_a_reason_that_is_on_no_list_is_still_hate() -> None:
    found = assess([said(ABUSE)], {"hate_reason": ["other"]})
    assert (found.kind, found.hate_strands) == ("hate", ())


def test_the_person_may_say_it_was_not_hate() -> None:
    for answers in ({"hate_reason": ["none"]}, {"hate_reason": "no"}, {"confirm_understanding": {"kind": "asb"}}):
        found = assess([said(ABUSE), said("race")], answers)
        assert (found.kind, found.hate_strands) == ("asb", ())
        assert "person_says_not_hate" in found.reasons


def test_yes_changes_nothing() -> None:
    findings = [said("noise"), said("race"), said("repeat")]
    assert assess(findings, {"confirm_understanding": "yes"}) == assess(findings)


@pytest.mark.parametrize(
    ("answers", "label", "there"),
    [
        ({"age_band": {"band": "under_16"}}, "under_18", True),
        ({"age_band": {"band": "18_25", "years": 19}}, "under_18", False),
        ({"frequency": "daily"}, "repeat", True),
        ({"frequency": "once"}, "repeat", False),
        ({"reported_before": {"any": True, "reports": [{"to": "council", "count": 2}]}}, "repeat", True),
        ({"reported_before": {"any": True, "reports": []}}, "repeat", False),
        ({"risk": {"2": ["hurt", "weapon"]}}, "weapon", True),
        ({"risk": {"2": ["none"]}}, "weapon", False),
        ({"risk": {"3": ["pregnant"]}}, "vulnerable", True),
        ({"risk": {"3": "skipped"}}, "vulnerable", False),
        ({"safe_to_talk": "no"}, "safe_contact", True),
    ],
)
def test_risk_from_answers(answers: dict[str, Any], label: str, there: bool) -> None:
    assert (label in assess([said("noise")], answers).risk) is there


def test_an_answered_age_outranks_a_child_read_into_the_story() -> None:
    assert "under_18" not in assess([said("under_18")], {"age_band": {"band": "26_64"}}).risk


@pytest.mark.parametrize(
    ("role", "third"), [("self", False), ("witness", True), ("carer", True), ("professional", True)]
)
def test_third_party(role: str, third: bool) -> None:
    assert assess([said("noise")], {"speaker_role": role}).third_party is third


labels = st.sampled_from([*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM, *RISKS, "followed", "threatened"])
some = st.lists(st.tuples(labels, st.integers(0, 900)), max_size=8)
people = st.lists(
    st.tuples(st.sampled_from(["neighbour", "partner", "stranger", "family"]), st.integers(0, 900)), max_size=2
)


@given(some, people)
def test_every_label_has_evidence_and_every_answer_a_known_kind(
    found: list[tuple[str, int]], named: list[tuple[str, int]]
) -> None:
    result = assess([*(said(label, None, at) for label, at in found), *(who(name, at) for name, at in named)])
    shown = {f.label for f in result.evidence}
    assert result.kind in KINDS
    assert shown == {*result.asb_types, *result.hate_strands, *result.other_harm, *result.risk}
    assert result.reasons
    assert bool(result.hate_strands) == result.is_hate
    assert (result.kind == "asb") <= bool(result.asb_types)


def test_a_case_and_its_assessment_agree_on_skipped_answers() -> None:
    case, found = case_of(said("noise"), frequency="skipped", age_band="skipped")
    assert case.value("frequency") is None
    assert found.risk == ()
