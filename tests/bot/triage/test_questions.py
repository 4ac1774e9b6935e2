"""What to ask next: only what is missing, one at a time, in the order of the conversation."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import ROOT
from bot.triage import Case, Finding, assess
from bot.triage.questions import RISK_QUESTIONS, SAFE_CONTACT_PARTS, Progress, Question, next_question
from bot.triage.vocabulary import FACTS, SKIPPED

TOLD = {"safe_to_talk": "yes", "story": "told", "confirm_understanding": "yes"}
HARMONY = Progress(recipients=("harmony",), area_settled=True)
DOCUMENTED = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")


def said(label: str, value: Any = None) -> Finding:
    return Finding(label, 0, 1, "x", value)


def asked(case: Case, progress: Progress) -> str:
    return next_question(case, assess(case.findings, case.answers), progress).id


def walk(case: Case, progress: Progress) -> list[str]:
    """Every question id, when each is skipped, or refused where it cannot be."""
    answers, ids = dict(case.answers), []
    for _ in range(60):
        now = Case(case.story, case.findings, answers)
        question = next_question(now, assess(now.findings, now.answers), progress)
        ids.append(question.id)
        if question.slot == "anything_else":
            return ids
        if question.part is None:
            answers[question.slot] = "told" if question.slot in ("story", "check_answers") else SKIPPED
        else:
            answer = "given" if question.slot == "consent" else ["call"] if question.part == "channel" else SKIPPED
            answers[question.slot] = {**answers.get(question.slot, {}), question.part: answer}
    raise AssertionError(f"it never ends: {ids}")


def test_safety_comes_before_everything() -> None:
    assert asked(Case(), Progress(danger_open=True)) == "safety_check"


def test_the_order_of_the_conversation() -> None:
    ids = walk(Case(findings=(said("noise"),)), HARMONY)
    assert ids[:5] == ["safe_to_talk", "story", "confirm_understanding", "happening_now", "speaker_role"]
    places = [ids.index(i) for i in ("targeted", "reported_before", "when", "frequency", "where", "effect", "risk:1")]
    assert places == sorted(places)
    end = ["consent:harmony", "name", "safe_contact:channel"]
    assert [i for i in ids if i in end] == end
    assert ids[-2:] == ["check_answers", "anything_else"]


def test_no_more_than_eight_risk_questions_on_any_path() -> None:
    both = Case(findings=(said("noise"), said("race"), said("repeat")))
    ids = walk(both, Progress(recipients=("harmony", "usah"), area_settled=True))
    assert len([i for i in ids if i.startswith("risk:")]) == len(RISK_QUESTIONS) <= 8


@given(st.sets(st.sampled_from([f for f in FACTS if f not in ("evidence_held", "followed", "threatened")])))
def test_nothing_the_story_said_is_asked(facts: set[str]) -> None:
    values: dict[str, Any] = {"reported_before": {"any": False}, "age_band": {"band": "26_64"}, "wishes": ["practical"]}
    findings = (said("noise"), *(said(f, values.get(f, "yes")) for f in sorted(facts)))
    ids = walk(Case(findings=findings, answers=TOLD), HARMONY)
    assert not facts & {i.partition(":")[0] for i in ids}
    assert len(ids) == len(set(ids)), "nothing is asked twice"


@pytest.mark.parametrize("harm", ["domestic_abuse", "sexual_violence", "honour_based", "modern_slavery", "child_abuse"])
def test_specialist_harm_is_never_put_through_the_asb_questions(harm: str) -> None:
    ids = walk(Case(findings=(said(harm),)), Progress(recipients=("lancashire_victim_services",), area_settled=True))
    unwanted = ("targeted", "frequency", "when", "effect", "mediation", "risk:1", "risk:2", "risk:3", "risk:4")
    assert not set(unwanted) & set(ids)


def test_without_consent_no_name_and_no_contact_are_asked() -> None:
    case = Case(findings=(said("noise"),), answers={**TOLD, "consent": {"harmony": "refused"}})
    assert not [i for i in walk(case, HARMONY) if i.startswith(("name", "safe_contact", "check"))]


def test_someone_who_will_get_in_touch_is_asked_for_no_number() -> None:
    answers = {**TOLD, "consent": {"harmony": "given"}, "safe_contact": {"channel": ["none"]}}
    ids = walk(Case(findings=(said("noise"),), answers=answers), HARMONY)
    assert not [i for i in ids if i.startswith("safe_contact")]


def test_under_16_is_asked_for_a_grown_up() -> None:
    case = Case(findings=(said("noise"), said("age_band", {"band": "under_16", "years": 13})), answers=TOLD)
    assert "trusted_adult" in walk(case, HARMONY)


def test_every_question_id_is_documented() -> None:
    form = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["forms"]["intake"]["required_slots"]
    parts = {"risk": tuple(RISK_QUESTIONS), "safe_contact": SAFE_CONTACT_PARTS, "consent": ("SERVICE",)}
    ids = [Question(slot, part).id for slot in form for part in parts.get(slot, (None,))]
    assert [i for i in ids if f"`{i}`" not in DOCUMENTED] == []


@pytest.mark.parametrize(
    ("area", "role", "wanted"),
    [
        (None, "self", ["area", "happened_area"]),
        ({"outside": True, "words": "Crewe"}, "self", ["happened_area"]),
        ({"group": "lancashire", "words": "Burnley"}, "self", []),
        ({"certain": False, "words": "ST7"}, "self", ["area", "happened_area"]),
        ({"certain": False, "words": "ST7", "ask_no_more": True}, "self", ["happened_area"]),
        ({"no_fixed_address": True, "words": "refuge", "ask_no_more": True}, "self", []),
        ({"outside": True, "words": "Crewe"}, "witness", []),
    ],
)
def test_where_it_happened_is_asked_when_the_home_does_not_decide(
    area: dict[str, Any] | None, role: str, wanted: list[str]
) -> None:
    answers: dict[str, Any] = {"speaker_role": role}
    if area:
        answers["area"] = area
    settled = bool(area and (area.get("group") or area.get("outside")))
    ids = walk(Case(findings=(said("noise"),), answers=answers), Progress(area_settled=settled))
    assert [one for one in ids if one in ("area", "happened_area")] == wanted
