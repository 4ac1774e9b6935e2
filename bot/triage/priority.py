"""How soon should a worker act? Priority and target working days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.triage.answered import is_under_18
from bot.triage.assess import Assessment
from bot.triage.case import Case
from bot.triage.risk import Screen

#: Target working days. Hate one day; abuse, violence, threats and intimidation one; the rest five (features 4.5).
TARGET_DAYS = {"urgent": 1, "high": 1, "standard": 5}

URGENT_RISKS = ("immediate_danger", "threat_to_kill", "suicide_self_harm")
#: With harassment and repeated targeting, the first groups of the Hertfordshire service (seed 002).
HIGH_RISKS = ("weapon", "injury", "under_18", "vulnerable")
HIGH_HARM = ("domestic_abuse", "sexual_violence", "stalking", "child_abuse", "honour_based", "modern_slavery")


@dataclass(frozen=True)
class Priority:
    """`level` is urgent, high or standard; `reasons` are codes; `target_days` are working days to the first contact."""

    level: str
    reasons: tuple[str, ...]
    target_days: int


def set_priority(assessment: Assessment, screens: Sequence[Screen], case: Case) -> Priority:
    """Urgent for a life at risk; high for hate, abuse, violence, threats, High screens and the first groups."""
    urgent = [risk for risk in URGENT_RISKS if risk in assessment.risk]
    if case.value("happening_now") == "yes" and "weapon" in assessment.risk:
        urgent.append("weapon_now")
    high = [f"{screen.instrument}_high" for screen in screens if screen.level == "high"]
    high += ["hate"] if assessment.is_hate or assessment.hate_strands else []
    high += [name for name in HIGH_HARM if name in assessment.other_harm]
    high += [risk for risk in HIGH_RISKS if risk in assessment.risk]
    if is_under_18(case.value("age_band")):
        high.append("under_18")
    high += ["harassment"] if "harassment_intimidation" in assessment.asb_types else []
    high += [fact for fact in ("threatened", "followed") if case.value(fact)]
    if "repeat" in assessment.risk and case.value("targeted") == "yes":
        high.append("repeatedly_targeted")
    level = "urgent" if urgent else "high" if high else "standard"
    return Priority(level, tuple(dict.fromkeys([*urgent, *high])) or ("no_priority_sign",), TARGET_DAYS[level])
