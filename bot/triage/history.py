"""How often has it happened, and who has been told? Counts that several rules share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.triage.case import Case

REPEATED = ("monthly", "weekly", "daily")

#: Worth writing down, but an ASB case review counts reports to the police, a council or a landlord only.
NOT_AUTHORITIES = frozenset({"friend", "family", "gp", "doctor", "school", "employer", "nobody", "neighbour"})


def is_repeated(case: Case) -> bool:
    """True when the person said it happens again and again; an answered "once" settles it the other way."""
    if case.answers.get("frequency") == "once":
        return False
    return case.value("frequency") in REPEATED or case.finding("repeat") is not None or reports_made(case) >= 2


def reports_made(case: Case, since: dt.date | None = None, authorities_only: bool = False) -> int:
    """How many reports were made, to anyone, as far as we were told.

    With `since`, a report dated (ISO day) before that day is left out; one without a readable date is kept.
    "I have reported it", with nothing more, is one report.
    """
    reported = case.value("reported_before")
    if not isinstance(reported, Mapping):
        return 0
    listed = [report for report in reported.get("reports") or () if isinstance(report, Mapping)]
    if not listed:
        return 1 if reported.get("any") else 0
    return sum(
        _times(report)
        for report in listed
        if not _is_before(report.get("when"), since)
        and not (authorities_only and str(report.get("to", "")).lower() in NOT_AUTHORITIES)
    )


def _times(report: Mapping[str, Any]) -> int:
    count = report.get("count")
    return max(count, 0) if isinstance(count, int) else 1


def _is_before(when: object, since: dt.date | None) -> bool:
    if since is None or not isinstance(when, str):
        return False
    try:
        return dt.date.fromisoformat(when) < since
    except ValueError:  # "about Easter" is no date: such a report is kept, because this only ever supports a hint
        return False
