"""What happened, who was told, and on which days? The diary from which a case review is worked out."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.triage.case import Case
from bot.triage.history import REPEATED, times_told

#: So many reports of one conversation are looked at: more never change what may be asked for.
_MOST = 20
#: "About" a day, when somebody tells a story, may be so many days earlier.
_ABOUT = dt.timedelta(days=31)
_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Days:
    """The days on which something may have been, first and last included. A known day is both."""

    first: dt.date
    last: dt.date


#: Nothing is known of the day.
ANY_DAY = Days(dt.date.min, dt.date.max)


@dataclass(frozen=True)
class Report:
    """Somebody was told: `to` is police, council, landlord, housing_association or anyone else; None is not known.

    `by` names who told them, for rules that count people; "" is the person who asks.
    """

    to: str | None
    on: Days = ANY_DAY
    by: str = ""


@dataclass(frozen=True)
class Incident:
    """One thing that happened, and the reports of it.

    `action`: whether anything was done about it, None when not known. `separate`: False when it may be the same
    incident as another of the diary.
    """

    on: Days = ANY_DAY
    reports: tuple[Report, ...] = ()
    hate: bool = False
    action: bool | None = None
    separate: bool = True
    what: str = ""


class DiaryError(ValueError):
    """A diary that cannot be right. `incident` is its place, from 0; `field` names the day; the words say why."""

    def __init__(self, incident: int, field: str, words: str) -> None:
        super().__init__(words)
        self.incident, self.field = incident, field


def refuse_impossible(diary: tuple[Incident, ...], asked: dt.date) -> None:
    """Raise DiaryError for a day after the day of asking, and for a report made before it happened."""
    for place, incident in enumerate(diary):
        if incident.on.first > asked:
            raise DiaryError(place, "incident", f"{incident.on.first} is after {asked}, the day of asking")
        for report in incident.reports:
            if report.on.first > asked:
                raise DiaryError(place, "reported.on", f"{report.on.first} is after {asked}, the day of asking")
            if report.on.last < incident.on.first:
                raise DiaryError(place, "reported.on", f"{report.on.last} is before it happened, {incident.on.first}")


def read_days(text: str | None) -> Days:
    """Days from "2026-09-01", "2026-09" (some day of that month), "2026-09-01/2026-09-07" or None (not known).

    Raises ValueError, in words, for anything else.
    """
    if text is None:
        return ANY_DAY
    first, _, last = text.partition("/")
    try:
        days = Days(_day(first), _day(last or first, end=True))
    except ValueError:
        raise ValueError(f"'{text}' is not a day: write 2026-09-01, 2026-09 or null") from None
    if days.last < days.first:
        raise ValueError(f"'{text}' ends before it begins")
    return days


def _day(text: str, end: bool = False) -> dt.date:
    if not _MONTH.fullmatch(text):
        return dt.date.fromisoformat(text)
    first = dt.date.fromisoformat(f"{text}-01")
    return first.replace(day=calendar.monthrange(first.year, first.month)[1]) if end else first


def diary_of(case: Case, asked: dt.date, hate: bool) -> tuple[Incident, ...]:
    """The diary that a conversation holds (the fact `reported_before`); days are mostly not known there.

    Reports to one place are taken for reports of separate incidents; those to a second place may be of the same.
    """
    reported = case.value("reported_before")
    if not isinstance(reported, Mapping) or not reported.get("any"):
        return ()
    listed = [report for report in reported.get("reports") or () if isinstance(report, Mapping)]
    told = sorted(listed, key=times_told, reverse=True) or [{"to": None}]
    happened = _happened(case, asked)
    found = (
        Incident(happened, (Report(report.get("to"), day),), hate, separate=place == 0)
        for place, report in enumerate(told)
        for day in _told_on(report, happened, asked)
    )
    return tuple(found)[:_MOST]


def is_going_on(case: Case) -> bool | None:
    """True when it is happening now or again and again; None when that is not known."""
    return True if case.value("happening_now") == "yes" or case.value("frequency") in REPEATED else None


def _told_on(report: Mapping[str, Any], happened: Days, asked: dt.date) -> Iterator[Days]:
    """One for each report; the day we were told is that of one of them alone."""
    day = _iso(report.get("when"))
    known = day is not None and happened.first <= day <= asked
    for place in range(min(times_told(report), _MOST)):
        yield Days(day, day) if day and known and place == 0 else ANY_DAY


def _happened(case: Case, asked: dt.date) -> Days:
    when = case.value("when")
    when = when if isinstance(when, Mapping) else {}
    first, last = _iso(when.get("first")), _iso(when.get("last"))
    if first is None or first > asked:
        return ANY_DAY
    once = case.value("frequency") == "once" and not when.get("about")
    return Days(first - _ABOUT if when.get("about") else first, max(first, last or first) if once else asked)


def _iso(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:  # "about Easter" is no day
        return None
