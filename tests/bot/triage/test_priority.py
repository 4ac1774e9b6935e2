"""Is help sent as soon as it should be, and is a case review mentioned when it may be asked for?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.triage import Priority, ReviewThreshold, case_review_hint, screens_for, set_priority

from .words import case_of, said, who


def priority(*findings: Any, **answers: Any) -> Priority:
    case, found = case_of(*findings, **answers)
    return set_priority(found, screens_for(case, found), case)


@pytest.mark.parametrize(
    ("findings", "level", "reason"),
    [
        ((said("noise"), said("immediate_danger")), "urgent", "immediate_danger"),
        ((said("noise"), said("threat_to_kill")), "urgent", "threat_to_kill"),
        ((said("suicide_self_harm"),), "urgent", "suicide_self_harm"),
        ((said("weapon"), said("happening_now", "yes"), said("rowdy_groups")), "urgent", "weapon_now"),
        ((said("race"),), "high", "hate"),
        ((said("domestic_abuse"),), "high", "domestic_abuse"),
        ((said("noise"), said("weapon")), "high", "haven-asb_high"),
        ((said("noise"), said("vulnerable")), "high", "vulnerable"),
        ((said("harassment_intimidation"),), "high", "harassment"),
        ((said("noise"), said("repeat"), said("targeted", "yes")), "high", "repeatedly_targeted"),
        ((said("noise"), said("repeat")), "standard", "no_priority_sign"),
        ((said("fraud"),), "standard", "no_priority_sign"),
        ((said("fraud"), said("age_band", {"band": "under_16"})), "high", "under_18"),
    ],
)
def test_priority(findings: Any, level: str, reason: str) -> None:
    found = priority(*findings)
    assert found.level == level
    assert reason in found.reasons
    assert found.target_days == (5 if level == "standard" else 1)


def reports(*listed: dict[str, Any]) -> Any:
    case, _ = case_of(said("noise"), who("neighbour"), reported_before={"any": True, "reports": list(listed)})
    return case


def test_three_reports_to_authorities_earn_a_hint() -> None:
    assert case_review_hint(reports({"to": "council", "count": 3}))
    assert case_review_hint(reports({"to": "council", "count": 2}, {"to": "police"}))
    assert not case_review_hint(reports({"to": "council", "count": 2}))
    assert not case_review_hint(reports({"to": "council", "count": 2}, {"to": "gp", "count": 4}))
    assert not case_review_hint(case_of(said("noise"))[0])


def test_old_reports_do_not_count_when_the_day_is_known() -> None:
    case = reports({"to": "council", "count": 2, "when": "2026-01-10"}, {"to": "police", "when": "2026-11-01"})
    assert case_review_hint(case)
    assert not case_review_hint(case, today=dt.date(2026, 11, 21))
    assert case_review_hint(case, ReviewThreshold(months=12), today=dt.date(2026, 11, 21))


@pytest.mark.parametrize(
    "today", [dt.date(2026, 8, 31), dt.date(2026, 12, 31), dt.date(2026, 1, 1), dt.date(2028, 6, 30)]
)
def test_six_months_back_from_any_day_of_the_year(today: dt.date) -> None:
    recent = (today - dt.timedelta(days=170)).isoformat()
    old = (today - dt.timedelta(days=190)).isoformat()
    assert case_review_hint(reports({"to": "police", "count": 3, "when": recent}), today=today)
    assert not case_review_hint(reports({"to": "police", "count": 3, "when": old}), today=today)


def test_one_hate_report_is_enough_where_the_council_says_so() -> None:
    case, _ = case_of(said("race"), reported_before={"any": True, "reports": [{"to": "police", "count": 1}]})
    assert case_review_hint(case, ReviewThreshold(hate_reports=1))
    assert not case_review_hint(case)
    asb, _ = case_of(said("noise"), reported_before={"any": True, "reports": [{"to": "police", "count": 1}]})
    assert not case_review_hint(asb, ReviewThreshold(hate_reports=1))
