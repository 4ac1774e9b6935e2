"""Does the letter hold everything the person said for this service, and nothing meant for anyone else?"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.referrals.letter import PRIVATE, letter_for
from bot.referrals.record import DutyToAct
from bot.triage.assess import Assessment
from bot.triage.case import Case
from bot.triage.vocabulary import AGE_BANDS, ASB_TYPES, FACTS, HATE_STRANDS, KINDS, OTHER_HARM, RISKS, Finding
from tests.bot.referrals.samples import CASE, NOW, STORY, request

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "referral.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
REFERENCE = "HV-7K3M-9QX2"


def write(case: Case = CASE, **changes: Any) -> dict[str, Any]:
    letter = letter_for(request(case=case, **changes), REFERENCE, NOW)
    VALIDATOR.validate(json.loads(json.dumps(letter)))
    return letter


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_letter_has_every_group_of_the_contract() -> None:
    promised = "schema reference created_at channel language service kind priority person safe_contact access_needs"
    promised += " incident other_party history risk wishes mediation consent summary"
    assert set(promised.split()) <= set(write())


def test_the_story_and_its_evidence_are_verbatim() -> None:
    incident = write()["incident"]
    assert incident["narrative"] == STORY
    assert {span["label"] for span in incident["evidence"]} == {"noise", "race", "weapon", "who"}
    for span in incident["evidence"]:
        assert STORY[span["start"] : span["end"]] == span["text"]


def test_what_was_answered_found_refused_and_never_asked_are_told_apart() -> None:
    letter = write()
    assert letter["person"]["name"] == "Amina K"
    assert letter["other_party"]["relationship"] == "neighbour"
    assert letter["incident"]["effect"] == "skipped"
    assert letter["person"]["age_band"] is None
    assert letter["incident"]["weapon"] == {"said": True, "words": "had a bat"}
    assert letter["incident"]["threatened"] == {"said": True, "words": None}
    assert letter["incident"]["injuries"] is None
    assert letter["history"] == {
        "reported_before": True,
        "reports": [{"to": "police", "count": 2, "reference": "123/45"}],
        "count": 2,
        "details": None,
    }


def test_the_other_party_is_never_to_be_contacted_unasked() -> None:
    assert write()["other_party"]["do_not_contact_without_asking"] is True
    assert write(Case())["other_party"]["do_not_contact_without_asking"] is True


def test_a_question_nobody_foresaw_is_kept() -> None:
    assert write()["other_answers"] == {"pets_harmed": "yes, the cat"}


def test_where_it_happened_stands_with_what_happened_and_is_no_gap_when_never_asked() -> None:
    there = {"group": "staffordshire_stoke", "authority": "stoke_on_trent", "words": "Hanley"}
    letter = write(replace(CASE, answers={**CASE.answers, "happened_area": there}))
    assert letter["incident"]["happened_area"] == there
    assert "happened_area" not in letter["other_answers"]
    assert "happened_area" not in write()["incident"]


def test_what_is_not_this_services_business_stays_here() -> None:
    said = json.dumps(write())
    for private in ("buttercup", "private answer", "usah"):
        assert private not in said


def test_the_consent_is_this_services_own() -> None:
    consent = write()["consent"]
    assert consent["given"] == "given"
    assert consent["wording_version"] == "2026-11"
    assert consent["police_share"] == "no"
    assert consent["exception"] is None


def test_a_duty_to_act_is_shown_with_its_reason() -> None:
    duty = DutyToAct("vital_interests", "adviser:7", "Cannot be asked: they are in hospital.")
    letter = write(consent=None, exception=duty)
    assert letter["consent"]["given"] is None
    assert letter["consent"]["exception"]["reason"] == "vital_interests"
    assert "recorded duty to act" in letter["summary"]


def test_the_highest_screen_sets_the_level_and_every_reason_is_said() -> None:
    risk = write()["risk"]
    assert risk["level"] == "high"
    assert risk["reasons"] == [{"item": "A4", "points": 3, "words": "They were threatened."}]
    assert risk["screen"][0]["instrument"] == "haven-asb"
    assert risk["signals"] == ["weapon"]


def test_a_refused_safe_contact_is_refused_in_every_part() -> None:
    letter = write(Case(story="x", answers={"safe_contact": "skipped"}))
    assert set(letter["safe_contact"].values()) == {"skipped"}


def test_the_summary_reads_as_sentences() -> None:
    assert write()["summary"] == (
        "Reported by the person it happened to: anti-social behaviour with a hate motive, as they see it (noise)."
        " Believed to be because of: race. How often: weekly. Reported before: 2 times. Risk screen: high."
        " Signals: weapon. Would like: emotional, security."
        " Do not contact the other party without asking the person first."
    )


def test_a_case_of_which_nothing_is_known_is_still_a_valid_letter() -> None:
    letter = write(Case(), assessment=Assessment("not_asb"), screens=(), mediation=None)
    assert letter["incident"]["narrative"] == ""
    assert letter["risk"]["level"] is None


labels = st.sampled_from([*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM, *RISKS, "threatened", "followed"])
values = {
    "happening_now": st.sampled_from(["yes", "no", "not_sure", "skipped"]),
    "targeted": st.sampled_from(["yes", "no", "not_sure", "skipped"]),
    "frequency": st.sampled_from(["once", "monthly", "weekly", "daily", "not_sure", "skipped"]),
    "age_band": st.one_of(st.just("skipped"), st.fixed_dictionaries({"band": st.sampled_from(AGE_BANDS)})),
    "name": st.text(max_size=20),
    "wishes": st.one_of(st.just("skipped"), st.lists(st.text(max_size=9))),
    "hate_reason": st.one_of(st.just("not_sure"), st.lists(st.sampled_from(HATE_STRANDS))),
    "invented_question": st.text(max_size=20),
}


@given(
    story=st.text(st.characters(exclude_categories=()), max_size=60),
    kind=st.sampled_from(KINDS),
    found=st.lists(labels, max_size=4),
    answers=st.fixed_dictionaries({}, optional=values),
)
def test_whatever_was_said_the_letter_is_valid_and_nothing_is_lost(
    story: str, kind: str, found: list[str], answers: dict[str, Any]
) -> None:
    findings = tuple(Finding(label, 0, len(story), story) for label in found)
    assessment = Assessment(
        kind,
        tuple(label for label in ASB_TYPES if label in found),
        tuple(label for label in HATE_STRANDS if label in found),
    )
    letter = letter_for(request(case=Case(story, findings, answers), assessment=assessment), REFERENCE, NOW)
    VALIDATOR.validate(json.loads(json.dumps(letter)))
    assert letter["incident"]["narrative"] == story
    assert {span["label"] for span in letter["incident"]["evidence"]} == set(found)
    kept = json.dumps(letter)
    for value in answers.values():
        assert json.dumps(value) in kept


@pytest.mark.parametrize("fact", [*FACTS, "report_details", "trusted_adult", "tenure", "hate_reason", "mediation"])
def test_every_question_has_a_place_in_the_letter(fact: str) -> None:
    marker = f"answer to {fact}"
    answer: Any = marker
    if fact in ("reported_before", "who", "access_needs"):
        answer = {"any": True, "reports": [{"to": marker}], "words": marker}
    letter = letter_for(request(case=dataclasses.replace(CASE, answers={fact: answer})), REFERENCE, NOW)
    assert fact not in PRIVATE
    if fact in ("followed", "threatened"):
        assert letter["incident"][fact] == {"said": True, "words": None}
    else:
        assert marker in json.dumps(letter)
