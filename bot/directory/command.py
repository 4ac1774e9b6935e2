"""What does `haven directory` print? Plain values in, text and an exit code out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.clock import LONDON
from bot.directory.area import AreaMatch
from bot.directory.catalogue import Directory, DirectoryError, load_directory
from bot.directory.checking import check
from bot.directory.coverage import uncovered
from bot.directory.export import export_services
from bot.directory.record import AGE_RANGES
from bot.directory.routing import route
from bot.directory.when_read import when_read
from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS, KINDS, OTHER_HARM, RISKS, WISHES

_NO_WORDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Outcome:
    """Text to print and the exit code: 0 done, 1 something is wrong, 2 asked wrongly."""

    text: str
    code: int = 0


def run_check(today: dt.date, overrides: Path | None = None) -> Outcome:
    """`haven directory check`: one line a problem; 1 when any of them is an error."""
    try:
        directory = load_directory(overrides)
    except DirectoryError as error:
        return Outcome("\n".join(f"error: {part}" for part in str(error).split("; ")), 1)
    problems = check(directory, today)
    if not any(problem.level == "error" for problem in problems):
        problems = [*uncovered(directory, today), *problems]
    errors = sum(problem.level == "error" for problem in problems)
    lines = [f"{problem.level}: {problem}" for problem in problems]
    lines.append(f"{len(directory.services)} services, {errors} errors, {len(problems) - errors} warnings")
    return Outcome("\n".join(lines), 1 if errors else 0)


def run_hours(directory: Directory, service_id: str, at: dt.datetime) -> Outcome:
    """`haven directory hours SERVICE --at ISO`: the state, the next change and the next opening, London time."""
    if service_id not in directory.services:
        return Outcome(f"no such service: {service_id}", 2)
    if at.tzinfo is None:
        return Outcome("--at needs an offset, for example 2026-12-25T09:00:00+00:00", 2)
    service = directory.service(service_id)
    now, opens = directory.opening(service_id, at), directory.next_opening(service_id, at)
    lines = [
        f"{service.name} ({service.id})",
        f"at {_when(at)}: {now.state}",
        f"changes: {_when(now.changes_at) if now.changes_at else 'no change known'}",
        f"next open: {_when(opens) if opens else 'not known'}",
    ]
    if not now.is_open:
        lines.append(f"meanwhile: {', '.join(service.out_of_hours_fallback) or 'nothing listed'}")
    return Outcome("\n".join(lines))


def run_route(
    directory: Directory,
    postcode: str,
    kind: str,
    at: dt.datetime,
    age: int | None = None,
    needs: Sequence[str] = (),
    happened_in: str | None = None,
    words: Mapping[str, str] = _NO_WORDS,
) -> Outcome:
    """`haven directory route`: who can help and why. `postcode` may also be a part of one, a town or a council.

    `kind` is a kind or the name of a harm; `needs` are types, strands, harm, risks or wishes. `happened_in`, a place
    too, is given when it did not happen where the person lives. `words` holds the assistant's own texts by the names of
    their responses; a reason without one is printed as its code.
    """
    if at.tzinfo is None:
        return Outcome("--at needs an offset, for example 2026-12-25T09:00:00+00:00", 2)
    kinds = (*KINDS, *OTHER_HARM)
    known = (*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM, *RISKS, *WISHES)
    for given, allowed, name in ([kind, kinds, "--kind"], *([need, known, "--need"] for need in needs)):
        if given not in allowed:
            return Outcome(f"{name} {given}: not one of {', '.join(allowed)}", 2)
    area = directory.find_area(postcode, lenient=True)
    there = directory.find_area(happened_in, lenient=True) if happened_in else None
    for place, found_there, name in ((postcode, area, "--postcode"), (happened_in, there, "--happened-in")):
        if place and found_there is None:
            return Outcome(f"{name} {place}: not a postcode or a place we know", 2)
    if area is None:
        return Outcome("--postcode is empty", 2)
    harm = [need for need in (kind, *needs) if need in OTHER_HARM]
    strands = [need for need in needs if need in HATE_STRANDS]
    band = band_of(age)
    found = route(
        directory,
        area=area.as_value(),
        happened_in=there.as_value() if there else None,
        kind="other_harm" if kind in OTHER_HARM else kind,
        hate_strands=strands,
        other_harm=harm,
        risk=[need for need in needs if need in RISKS],
        age_band=band,
        wishes=[need for need in needs if need in WISHES],
        asb_types=[need for need in needs if need in ASB_TYPES],
        at=at,
    )
    lines = [f"area: {_where(area)}"]
    if there:
        lines.append(f"happened in: {_where(there)}")
    for one in found.referrals:
        service = directory.service(one.service_id)
        extra = [
            part for part in (one.team and f"team {one.team}", one.priority and f"priority {one.priority}") if part
        ]
        wanted = "if wanted" if one.if_wanted else "refer"
        read = when_read(directory, service.id, at)
        when = {"now": "open now", "later": f"next open {_when(read.at)}" if read.at else ""}.get(read.when)
        name = f"{service.name} ({', '.join([service.id, one.purpose, *extra])})"
        purpose = words.get(f"utter_reason_for_{one.purpose}", one.purpose)
        why = words.get(f"utter_reason_{one.reason}", one.reason).format(service=service.name, purpose=purpose)
        lines.append(f"{wanted}: {name}: {why.rstrip('.')}; {when or 'opening hours not known'}")
    for sign in found.signposts:
        why = words.get(f"utter_signpost_{sign.reason}", sign.reason)
        lines.append(f"signpost: {_named(directory, sign.service_id)}: {why}")
    lines += [f"now: {_named(directory, contact.service_id)}: {contact.state}" for contact in found.now]
    lines += [f"never: {what}" for what in found.never]
    return Outcome("\n".join(lines))


def run_export(directory: Directory, day: dt.date) -> Outcome:
    """`haven directory export`: the public services of that day as a JSON list of HSDS service objects."""
    return Outcome(json.dumps(export_services(directory, day), ensure_ascii=False, indent=2))


def band_of(age: int | None) -> str | None:
    """The age band of an age in years, or None when it is not given or not an age."""
    if age is None:
        return None
    return next((band for band, (low, high) in AGE_RANGES.items() if low <= age <= high), None)


def _where(area: AreaMatch) -> str:
    if area.group:
        parts = [area.group, area.authority or f"one of {', '.join(area.candidates)}", area.police_area]
        return ", ".join(part for part in parts if part)
    return "outside our areas" if area.outside else f"not decided: {', '.join(area.candidates) or 'ask for more'}"


def _named(directory: Directory, service_id: str) -> str:
    service = directory.service(service_id)
    reach = service.phone or (f"text {service.sms}" if service.sms else None) or service.web
    if service_id in directory.withheld:
        reach = "not given: nobody has checked it"
    return f"{service.name} ({service.id}), {reach}" if reach else f"{service.name} ({service.id})"


def _when(at: dt.datetime) -> str:
    return at.astimezone(LONDON).strftime("%a %d %b %Y %H:%M %Z")
