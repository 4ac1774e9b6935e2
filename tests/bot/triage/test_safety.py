"""Does danger come first, then suicide, then the rest, and is nobody asked the same thing twice?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.triage import Finding, plan_safety
from bot.triage.safety import TOPICS

from .words import said

labels = st.sampled_from(
    [
        "immediate_danger",
        "weapon",
        "injury",
        "threat_to_kill",
        "suicide_self_harm",
        "child_at_risk",
        "adult_at_risk",
        "domestic_abuse",
        "sexual_violence",
        "stalking",
        "child_abuse",
    ]
)
signals = st.lists(st.builds(said, labels, st.sampled_from(["now", "ask", None])), max_size=6)


def test_danger_before_suicide_before_the_rest() -> None:
    told = [said("domestic_abuse", "now"), said("suicide_self_harm", "now"), said("weapon", "now")]
    plan = plan_safety(told, None, False)
    assert (plan.level, plan.topics) == ("now", ("immediate_danger", "suicide_self_harm", "domestic_abuse"))


def test_what_is_sure_comes_before_what_is_not() -> None:
    plan = plan_safety([said("weapon", "ask"), said("suicide_self_harm", "now")], None, False)
    assert plan.topics == ("suicide_self_harm", "immediate_danger")


def test_an_unclear_signal_is_asked_about_once() -> None:
    assert plan_safety([said("threat_to_kill", "ask")], None, False).level == "ask"
    assert plan_safety([said("threat_to_kill", "ask")], None, True).level == "now"


def test_no_signal_at_all_is_treated_as_danger_to_ask_about() -> None:
    plan = plan_safety([], None, False)
    assert (plan.level, plan.topics, plan.ask_after) == ("ask", ("immediate_danger",), True)


def test_a_child_is_also_given_the_line_for_children() -> None:
    assert plan_safety([said("suicide_self_harm", "now")], "under_16", False).topics[-1] == "under_18"
    assert plan_safety([said("child_abuse", "now")], "16_17", False).topics == ("child_at_risk",)
    assert "under_18" not in plan_safety([said("suicide_self_harm", "now")], "26_64", False).topics


@given(signals, st.sampled_from([None, "under_16", "26_64"]), st.booleans())
def test_a_plan_always_has_topics_in_order_and_asks_after(told: list[Finding], age: str | None, asked: bool) -> None:
    plan = plan_safety(told, age, asked)
    assert plan.topics
    assert set(plan.topics) <= set(TOPICS)
    assert len(set(plan.topics)) == len(plan.topics)
    assert plan.ask_after
    assert plan.level == "now" or all(signal.value != "now" for signal in told)


@given(signals, labels)
def test_one_more_sure_signal_never_makes_the_plan_weaker(told: list[Finding], more: str) -> None:
    plan = plan_safety([*told, said(more, "now")], None, False)
    assert plan.level == "now"
    assert set(plan_safety(told, None, False).topics) - {"immediate_danger"} <= set(plan.topics)
