"""Do the two screens count as written, and never go down when something worse is said?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage import Screen, screen_asb, screen_hate, screens_for
from bot.triage.risk import HIGH_FROM, MEDIUM_FROM

from .words import case_of, said, who

LEVELS = ("low", "medium", "high")


def asb(*findings: Any, **answers: Any) -> Screen:
    return screen_asb(*case_of(said("noise"), *findings, **answers))


def hate(*findings: Any, **answers: Any) -> Screen:
    return screen_hate(*case_of(said("race"), *findings, **answers))


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({"targeted": "yes"}, 2),
        ({"targeted": "not_sure"}, 0),
        ({"frequency": "once"}, 0),
        ({"frequency": "monthly"}, 1),
        ({"frequency": "weekly"}, 2),
        ({"frequency": "daily"}, 3),
        ({"risk": {"1": "yes"}}, 2),
        ({"risk": {"1": "no"}}, 0),
        ({"risk": {"2": ["threatened"]}}, 3),
        ({"reported_before": {"any": False, "reports": []}}, 0),
        ({"reported_before": {"any": True, "reports": [{"to": "police", "count": 2}]}}, 1),
        (
            {
                "reported_before": {
                    "any": True,
                    "reports": [{"to": "police", "count": 1}, {"to": "council", "count": 2}],
                }
            },
            2,
        ),
        ({"effect": {"areas": ["sleep"], "words": ""}}, 1),
        ({"effect": {"areas": ["sleep", "fear", "health", "money"], "words": ""}}, 3),
        ({"risk": {"3": ["illness", "alone"]}}, 2),
        ({"risk": {"3": ["illness", "alone", "children", "pregnant"]}}, 3),
        ({"risk": {"4": "yes"}}, 2),
        ({"who": {"relationship": "neighbour", "known": True, "number": "one", "words": ""}}, 2),
    ],
)
def test_asb_points(answers: dict[str, Any], points: int) -> None:
    screen = asb(**answers)
    assert (screen.score, screen.level) == (points, "low")
    assert sum(p for _, p, _ in screen.reasons) == points


def test_asb_thresholds() -> None:
    five = {"targeted": "yes", "frequency": "daily"}
    assert (asb(**five).score, asb(**five).level) == (5, "low")
    six = {**five, "effect": {"areas": ["sleep"], "words": ""}}
    assert (asb(**six).score, asb(**six).level) == (MEDIUM_FROM, "medium")
    ten = {**six, "risk": {"1": "yes", "4": "yes"}}
    assert (asb(**ten).score, asb(**ten).level) == (HIGH_FROM - 1, "medium")
    eleven = {**ten, "risk": {"1": "yes", "4": "yes", "3": ["illness"]}}
    assert (asb(**eleven).score, asb(**eleven).level) == (HIGH_FROM, "high")


def test_the_neighbour_who_plays_music_every_night() -> None:
    screen = asb(
        who("neighbour"),
        said("frequency", "daily"),
        said("reported_before", {"any": True, "reports": [{"to": "council", "count": 3}]}),
        said("effect", {"areas": ["sleep", "health"], "words": ""}),
    )
    assert (screen.instrument, screen.version, screen.score, screen.level) == ("haven-asb", "1", 9, "medium")
    assert ("A5", 2, "Reported 3 times before") in screen.reasons
    assert screen.unanswered == ("A1", "A3", "A4", "A7")
    assert screen.answers["A1"] == "unanswered"


@pytest.mark.parametrize("happened", ["hurt", "weapon", "followed", "fire"])
def test_what_happened_lifts_both_screens_to_high(happened: str) -> None:
    for screen in (asb(risk={"2": [happened]}), hate(risk={"2": [happened]})):
        assert screen.level == "high"
        assert happened in screen.triggers
        assert any("high at once" in words for _, _, words in screen.reasons)


@pytest.mark.parametrize(
    "label", ["injury", "weapon", "threat_to_kill", "suicide_self_harm", "under_18", "stalking", "immediate_danger"]
)
def test_what_the_story_says_lifts_both_screens_to_high(label: str) -> None:
    assert asb(said(label)).level == hate(said(label)).level == "high"


def test_hate_lifts_the_asb_screen_to_high_and_is_medium_at_least_itself() -> None:
    assert asb(said("race")).triggers == ("hate",)
    assert (hate().level, hate().score, hate().triggers) == ("medium", 0, ())


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({"frequency": "once"}, 0),
        ({"frequency": "weekly"}, 1),
        ({"frequency": "weekly", "who": {"relationship": "stranger", "known": True, "number": "one", "words": ""}}, 2),
        ({"risk": {"1": "yes"}}, 2),
        ({"risk": {"5": "yes"}}, 2),
        ({"risk": {"6": "nobody"}}, 2),
        ({"risk": {"6": "someone"}}, 0),
        ({"effect": {"areas": ["fear", "going_out"], "words": ""}}, 2),
        ({"who": {"relationship": "carer", "known": True, "number": "one", "words": ""}}, 2),
    ],
)
def test_hate_points(answers: dict[str, Any], points: int) -> None:
    assert hate(**answers).score == points


def test_the_most_a_hate_screen_can_score_is_high() -> None:
    screen = hate(
        who("neighbour"),
        frequency="daily",
        effect={"areas": ["fear", "going_out", "sleep"], "words": ""},
        risk={"1": "yes", "2": ["none"], "5": "yes", "6": "nobody"},
    )
    assert (screen.score, screen.level, screen.triggers, screen.unanswered) == (11, "high", (), ())


def test_what_was_felt_is_kept_and_not_scored() -> None:
    screen = hate()
    assert screen.answers["H1"] == ["race", "x" * 10]
    assert all(item != "H1" for item, _, _ in screen.reasons)


@pytest.mark.parametrize(
    ("findings", "names"),
    [
        ((said("noise"),), ["haven-asb"]),
        ((said("race"),), ["haven-hate"]),
        ((said("noise"), said("race")), ["haven-asb", "haven-hate"]),
        ((said("domestic_abuse"),), ["haven-harm"]),
        ((), []),
    ],
)
def test_which_screens_belong_to_the_path(findings: Any, names: list[str]) -> None:
    assert [screen.instrument for screen in screens_for(*case_of(*findings))] == names


@pytest.mark.parametrize(
    ("findings", "level", "item"),
    [
        ((said("domestic_abuse"),), "medium", None),
        ((said("domestic_abuse"), said("stalking")), "high", "T1"),
        ((said("domestic_abuse"), said("under_18")), "high", "age"),
        ((said("other_crime"), said("weapon")), "high", "T2"),
        ((said("fraud"), said("suicide_self_harm")), "high", "T3"),
    ],
)
def test_other_harm_is_scored_from_what_was_said(findings: Any, level: str, item: str | None) -> None:
    (screen,) = screens_for(*case_of(*findings))
    assert screen.level == level
    assert [at for at, points, _ in screen.reasons if not points] == ([item] if item else [])


happened = st.lists(st.sampled_from(["hurt", "threatened", "followed", "weapon", "fire"]), unique=True)
harder = st.lists(st.sampled_from(["illness", "disability", "age", "pregnant", "children", "alone"]), unique=True)
answers = st.fixed_dictionaries(
    {},
    optional={
        "targeted": st.sampled_from(["yes", "no", "not_sure", "skipped"]),
        "frequency": st.sampled_from(["once", "monthly", "weekly", "daily", "not_sure", "skipped"]),
        "effect": st.lists(st.sampled_from(["sleep", "fear", "health"]), unique=True).map(lambda a: {"areas": a}),
        "reported_before": st.integers(0, 5).map(lambda n: {"any": n > 0, "reports": [{"to": "council", "count": n}]}),
        "risk": st.fixed_dictionaries(
            {},
            optional={
                "1": st.sampled_from(["yes", "no", "not_sure", "skipped"]),
                "2": happened | st.just("skipped"),
                "3": harder | st.just("skipped"),
                "4": st.sampled_from(["yes", "no"]),
                "5": st.sampled_from(["yes", "no"]),
                "6": st.sampled_from(["someone", "nobody"]),
            },
        ),
    },
)
worse = st.sampled_from(
    [
        "immediate_danger",
        "weapon",
        "injury",
        "threat_to_kill",
        "suicide_self_harm",
        "under_18",
        "repeat",
        "vulnerable",
        "stalking",
        "followed",
        "threatened",
        "getting_worse",
        "children_affected",
        "lives_close",
    ]
)
VALUES: dict[str, Any] = {"getting_worse": "yes"}
HARD = {
    "immediate_danger",
    "weapon",
    "injury",
    "threat_to_kill",
    "suicide_self_harm",
    "under_18",
    "stalking",
    "followed",
}


@given(answers, st.lists(worse, max_size=3), worse)
def test_one_more_risk_never_lowers_a_screen(known: dict[str, Any], told: list[str], more: str) -> None:
    findings = [said(label, VALUES.get(label, True)) for label in told]
    for screen in (asb, hate):
        before = screen(*findings, **known)
        after = screen(*findings, said(more, VALUES.get(more, True)), **known)
        assert after.score >= before.score
        assert LEVELS.index(after.level) >= LEVELS.index(before.level)
        if more in HARD:
            assert after.level == "high"


@given(answers)
def test_points_are_told_and_what_is_unanswered_scores_nothing(known: dict[str, Any]) -> None:
    for screen in (asb(**known), hate(**known)):
        assert screen.score == sum(points for _, points, _ in screen.reasons)
        scored = {item for item, points, _ in screen.reasons if points}
        assert not scored & set(screen.unanswered)
        assert {item for item, answer in screen.answers.items() if answer == "unanswered"} == set(screen.unanswered)
