"""Is help sent as soon as it should be?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.triage import Priority, screens_for, set_priority

from .words import case_of, said


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
