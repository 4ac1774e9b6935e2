"""How soon should a worker act? Priority and target working days, and when a case review is worth mentioning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.triage.answered import is_under_18
from bot.triage.assess import Assessment
from bot.triage.case import Case
from bot.triage.history import reports_made
from bot.triage.risk import Screen
from bot.triage.vocabulary import HATE_STRANDS

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


@dataclass(frozen=True)
class ReviewThreshold:
    """When people may ask for an ASB case review; it differs by council, so the directory holds the real numbers.

    `hate_reports` is None where hate has no lower threshold of its own.
    """

    reports: int = 3
    months: int = 6
    hate_reports: int | None = None


def case_review_hint(case: Case, threshold: ReviewThreshold | None = None, *, today: dt.date | None = None) -> bool:
    """True when it is worth saying "you may be able to ask for a case review". A hint, never a ruling.

    Counts reports to authorities. Without `today`, or for a report without an ISO date, the window of months is not
    applied. Two authorities told of one incident count as two here: the council decides what counts.
    """
    rule = threshold or ReviewThreshold()
    since = _months_before(today, rule.months) if today else None
    made = reports_made(case, since, authorities_only=True)
    perceived = case.value("hate_reason") or case.labels(HATE_STRANDS)
    hate = rule.hate_reports is not None and bool(perceived) and perceived not in ("no", "none", "not_sure")
    return made >= rule.reports or (hate and made >= (rule.hate_reports or 1))


def _months_before(day: dt.date, months: int) -> dt.date:
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))
