"""What does `haven directory review` print? A diary of JSON lines in; what counts, what is missing and a text out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel, Extra, Field, StrictBool, StrictStr, ValidationError, validator

from bot.directory.atlas import HERE, NORM
from bot.directory.case_review import Review, review_for, whom_to_ask
from bot.directory.catalogue import Directory
from bot.directory.command import Outcome
from bot.directory.diary import ANY_DAY, Days, DiaryError, Incident, Report, read_days


class _Told(BaseModel, extra=Extra.forbid):
    to: StrictStr | None = None
    on: StrictStr | None = None
    by: StrictStr = ""

    @validator("on")
    def _on_is_a_day(cls, value: str | None) -> str | None:
        read_days(value)
        return value


class _Line(BaseModel, extra=Extra.forbid):
    """One line of the file. `going_on` may stand on any line, and speaks for the whole; the last one holds."""

    incident: StrictStr | None = Field(...)
    reported: list[_Told] = []
    hate: StrictBool = False
    action: StrictBool | None = None
    separate: StrictBool = True
    what: StrictStr = ""
    going_on: StrictBool | None = None

    @validator("incident")
    def _incident_is_a_day(cls, value: str | None) -> str | None:
        read_days(value)
        return value

    def as_incident(self) -> Incident:
        """The same as the calculator knows it."""
        reports = tuple(Report(_plain(told.to), read_days(told.on), told.by) for told in self.reported)
        return Incident(read_days(self.incident), reports, self.hate, self.action, self.separate, self.what)


class LineError(ValueError):
    """A line that cannot be read: its number, from 1, the field and what is wrong."""


def run_review(directory: Directory, place: str, lines: Iterable[str], on: dt.date) -> Outcome:
    """`haven directory review`: what a diary gives on a day of asking; 2 for a place or a line that cannot be used.

    Each line: {"incident": day, "reported": [{"to", "on": day, "by"?}], "hate"?, "action"?, "separate"?, "what"?,
    "going_on"?}. A day is "2026-09-01", "2026-09", "2026-09-01/2026-09-07" or null. Empty lines are passed over.
    """
    area = directory.find_area(place, lenient=True)
    if area is None:
        return Outcome(f"--postcode {place}: not a postcode or a place we know", 2)
    if area.authority is None and not area.outside:
        which = f" ({', '.join(area.candidates)})" if area.candidates else ""
        return Outcome(f"--postcode {place}: which council is not certain{which}: give a full postcode or a council", 2)
    try:
        numbered = _read(lines)
        diary = tuple(line.as_incident() for line in numbered.values())
        going_on = next((said.going_on for said in reversed(numbered.values()) if said.going_on is not None), None)
        review = review_for(directory, area.authority, area.group, diary, on, going_on)
    except DiaryError as error:
        return Outcome(f"line {list(numbered)[error.incident]}: {error.field}: {error}", 2)
    except LineError as error:
        return Outcome(str(error), 2)
    council = directory.atlas.authorities.get(area.authority or "")
    where = ", ".join(dict.fromkeys([area.words, *([council.name] if council else [])]))
    parts = [
        [_words("verdict", review.verdict)],
        _rule(review, area.authority),
        _dates(review, diary),
        _missing(review),
        _asking(directory, review, area.authority, area.group),
        _application(diary, going_on, where),
    ]
    return Outcome("\n\n".join("\n".join(part) for part in parts if part))


def _read(lines: Iterable[str]) -> dict[int, _Line]:
    """The lines by their number, from 1. Raises LineError for the first that cannot be read."""
    found = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            loaded = json.loads(text)
            if not isinstance(loaded, dict):
                raise LineError(f"line {number}: not an object in curly brackets")
            found[number] = _Line(**loaded)
        except json.JSONDecodeError as error:
            raise LineError(f"line {number}: not JSON: {error.msg} at character {error.pos + 1}") from None
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise LineError(f"line {number}: {field}: {first['msg']}") from None
    return found


def _rule(review: Review, authority: str | None) -> list[str]:
    rule = review.rule
    lines = [
        _words("rule", "norm" if rule.area == NORM else "own", area=rule.area, threshold=rule.threshold),
        _words("rule", "source", source=rule.source, confidence=rule.confidence),
    ]
    if rule.is_assumed_for(authority):
        whole = authority in rule.not_found
        what = _words("rule", "all_of_it") if whole else ", ".join(_words("fields", name) for name in rule.assumed)
        lines.append(_words("rule", "assumed", what=what))
    if review.unstated:
        lines.append(_words("rule", "unstated", what=", ".join(_words("fields", name) for name in review.unstated)))
    return lines + [_words("rule", name) for name in ("consent", "named", "weighs_below") if getattr(rule, name)]


def _dates(review: Review, diary: tuple[Incident, ...]) -> list[str]:
    lines = [_words("way", review.way, sure=review.sure, best=review.best, needed=review.needed)]
    for reading in review.readings:
        incident = diary[reading.incident]
        report = incident.reports[reading.report] if reading.report is not None else None
        told = f"; {_told(report)}" if report else ""
        happened = f"{_days(incident.on)}{f', {incident.what}' if incident.what else ''}"
        lines.append(f"{reading.incident + 1}. {happened}{told} -> {_words('codes', reading.code)}")
    return lines


def _missing(review: Review) -> list[str]:
    lines = [f"- {_words('lacks', lack.code, count=lack.count)}" for lack in review.lacks]
    if review.counts_until:
        until = "enough" if review.sure >= review.needed else "short"
        lines.append(_words("until", until, day=_day(review.counts_until)))
    return lines


def _asking(directory: Directory, review: Review, authority: str | None, group: str | None) -> list[str]:
    service, local = whom_to_ask(directory, authority, group)
    ways = [way for one in (local, service) if one for way in (one.phone, one.email, one.web) if way]
    shown = f", {', '.join(dict.fromkeys(ways))}" if ways else f" {_words('ask', 'withheld')}"
    lines = [_words("ask", "who", name=service.name, ways=shown)]
    lines += [_words("ask", name, **{name: said}) for name in ("how", "appeal") if (said := getattr(review.rule, name))]
    return [*lines, _words("ask", "norm")]


def _application(diary: tuple[Incident, ...], going_on: bool | None, place: str) -> list[str]:
    said = "unknown" if going_on is None else "still" if going_on else "over"
    incidents = "\n".join(_applied(number, incident) for number, incident in enumerate(diary, 1))
    text = _words(
        "application", "text", place=place, going_on=_words("application", "going_on", said), incidents=incidents
    )
    return [_words("application", "heading"), text]


def _applied(number: int, incident: Incident) -> str:
    parts = [_told(report) for report in incident.reports] or [_words("application", "untold")]
    if incident.hate:
        parts.append(_words("application", "hate"))
    if incident.action is not None:
        parts.append(_words("application", "acted" if incident.action else "not_acted"))
    what = f"{incident.what}, " if incident.what else ""
    happened = _days(incident.on)
    return _words("application", "incident", number=number, what=what, happened=happened, told=" ".join(parts))


def _told(report: Report) -> str:
    known = _all_words()["to"]
    to = known.get(report.to or "unknown", report.to)
    return _words("application", "told_by" if report.by else "told", by=report.by, to=to, on=_days(report.on))


def _days(days: Days) -> str:
    if days == ANY_DAY:
        return _words("days", "unknown")
    return _words(
        "days", "known" if days.first == days.last else "between", first=_day(days.first), last=_day(days.last)
    )


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _plain(to: str | None) -> str | None:
    return "_".join(to.lower().split()) if to else None


@lru_cache(maxsize=1)
def _all_words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / "review_words.yml").read_text(encoding="utf-8"))
    return loaded


def _words(*path: str, **values: object) -> str:
    found: Any = _all_words()
    for name in path:
        found = found[name]
    return str(found).format(**values)
