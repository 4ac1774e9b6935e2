"""How often has it happened, and who has been told? Counts that several rules share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.triage.case import Case

REPEATED = ("monthly", "weekly", "daily")


def is_repeated(case: Case) -> bool:
    """True when the person said it happens again and again; an answered "once" settles it the other way."""
    if case.answers.get("frequency") == "once":
        return False
    return case.value("frequency") in REPEATED or case.finding("repeat") is not None or reports_made(case) >= 2


def reports_made(case: Case) -> int:
    """How many reports were made, to anyone, as far as we were told. "I have reported it" and nothing more is one."""
    reported = case.value("reported_before")
    if not isinstance(reported, Mapping):
        return 0
    listed = [report for report in reported.get("reports") or () if isinstance(report, Mapping)]
    return sum(map(times_told, listed)) if listed else int(bool(reported.get("any")))


def times_told(report: Mapping[str, Any]) -> int:
    """How often one of the `reports` of the fact `reported_before` was made; once when that was not said."""
    count = report.get("count")
    return max(count, 0) if isinstance(count, int) else 1
