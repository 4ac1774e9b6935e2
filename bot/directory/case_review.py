"""May somebody ask for an ASB case review? Works it out from a diary, the council's rule and the day of asking."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Literal

from bot.directory.atlas import NORM, CaseReview
from bot.directory.catalogue import Directory
from bot.directory.diary import Days, Incident, Report, refuse_impossible
from bot.directory.record import LocalContact, Service

Verdict = Literal["may_ask", "not_yet", "unclear", "ask_council"]
Way = Literal["reports", "hate", "people"]

#: Whose reports count: police, council, housing provider (domain 1.5). A private landlord is none of these.
_AUTHORITIES = ("police", "council", "housing_association")

#: Why a report counts, may count, or does not. Words for each live in review_words.yml.
CODES = (
    *("counts", "too_old", "reported_late", "same_incident", "same_person", "not_an_authority", "not_reported"),
    *("not_hate", "action_taken", "date_not_known", "who_not_known", "landlord_kind", "may_be_same"),
    "action_not_known",
)
#: What is still missing. Words for each live in review_words.yml.
LACKS = (
    *("more_reports", "still_going_on", "stopped", "recent_report", "date_not_known", "who_not_known"),
    *("landlord_kind", "may_be_same", "action_not_known"),
)


class Sure(IntEnum):
    """How sure something is."""

    NO = 0
    MAYBE = 1
    YES = 2


_VERDICTS: dict[Sure, Verdict] = {Sure.YES: "may_ask", Sure.MAYBE: "unclear", Sure.NO: "not_yet"}


@dataclass(frozen=True)
class Reading:
    """How one report was read. `incident` and `report` are places in the diary; `report` None: nobody was told.

    `code` is one of CODES; `sure` whether it counts. `told`: the days on which it may have been made.
    """

    incident: int
    report: int | None
    code: str
    sure: Sure
    told: Days | None = None


@dataclass(frozen=True)
class Lack:
    """Something missing: one of LACKS, and how many (of reports; for recent_report, of months)."""

    code: str
    count: int = 1


@dataclass(frozen=True)
class Review:
    """What may be said, and why. Never a ruling: the council and the police decide.

    `rule` is the one used: NORM's where nothing is known of the council's (then the verdict is ask_council). `way`:
    by which of the rule's ways in it was read, that needs `needed`; `sure` and `best` say how many there are for
    certain and at most. `counts_until`: the last day on which those that count now still do. `unstated`: fields that
    the rule does not give, so that the norm was used, and the verdict is ask_council wherever they decide.
    """

    verdict: Verdict
    rule: CaseReview
    way: Way
    needed: int
    sure: int
    best: int
    readings: tuple[Reading, ...]
    lacks: tuple[Lack, ...]
    counts_until: dt.date | None
    unstated: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Weighed:
    """One way in, weighed."""

    way: Way
    needed: int
    held: Sure
    sure: int
    best: int
    readings: tuple[Reading, ...]
    chosen: tuple[Reading, ...]
    is_recent: Sure


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or that month's last: 31 August less six months is 28 or 29 February."""
    return _in_month(day, -months, day.day)


def last_day_within(day: dt.date, months: int) -> dt.date:
    """The last day from which `months` back still reaches `day`: the other way round of `months_before`."""
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return _in_month(day, months, 31 if is_last else day.day)


def _in_month(day: dt.date, months: int, wanted: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(wanted, calendar.monthrange(year, month + 1)[1]))


def review_for(
    directory: Directory,
    authority: str | None,
    group: str | None,
    diary: tuple[Incident, ...],
    asked: dt.date,
    going_on: bool | None = None,
) -> Review:
    """`work_out` by the rule of that council or area, and by the norm where there is none."""
    rule = directory.case_review(authority, group)
    return work_out(rule, directory.atlas.case_reviews[NORM], diary, asked, going_on)


def whom_to_ask(directory: Directory, authority: str | None, group: str | None) -> tuple[Service, LocalContact | None]:
    """The service that takes the request there, with the council's own contact where one is known; else the police."""
    rule = directory.case_review(authority, group)
    named = directory.service(rule.ask) if rule and rule.ask else directory.council(authority, group)
    service = named or directory.police(group)
    return service, directory.local_contact(service, authority)


def work_out(
    rule: CaseReview | None,
    norm: CaseReview,
    diary: tuple[Incident, ...],
    asked: dt.date,
    going_on: bool | None = None,
) -> Review:
    """What a diary gives on the day of asking. Both ends of a window count. Raises DiaryError for impossible days."""
    refuse_impossible(diary, asked)
    given = rule or norm
    numbers = ("months", "within_days", *(["hate_months"] if given.hate_reports else []))
    unstated = tuple(name for name in numbers if getattr(given, name) is None)
    strict = replace(
        given,
        months=given.months or norm.months,
        within_days=given.within_days or norm.within_days,
        hate_months=given.hate_months or given.months or norm.months,
    )
    found = max(
        (_weigh(way, strict, diary, asked, going_on) for way in _ways(strict, diary)),
        key=lambda weighed: (weighed.held, weighed.best - weighed.needed),
    )
    widest = max(_weigh(way, given, diary, asked, going_on).held for way in _ways(given, diary))
    by_norm_alone = rule is None or (found.held is Sure.NO and widest is not Sure.NO)
    return Review(
        "ask_council" if by_norm_alone else _VERDICTS[found.held],
        given,
        found.way,
        found.needed,
        found.sure,
        found.best,
        found.readings,
        tuple(_lacks(found, strict, going_on)),
        _counts_until(found, strict),
        unstated,
    )


def _ways(rule: CaseReview, diary: Sequence[Incident]) -> Iterator[Way]:
    """The ways in that the rule has and this diary could take."""
    yield "reports"
    if rule.hate_reports and any(incident.hate for incident in diary):
        yield "hate"
    if rule.people and len({report.by for incident in diary for report in incident.reports}) > 1:
        yield "people"


def _weigh(way: Way, rule: CaseReview, diary: tuple[Incident, ...], asked: dt.date, going_on: bool | None) -> _Weighed:
    needed = {"reports": rule.reports, "hate": rule.hate_reports, "people": rule.people}[way] or rule.reports
    months = rule.hate_months if way == "hate" else rule.months
    first = _first_tellings(diary)
    judged: list[Reading] = []
    units: dict[int | str, list[Reading]] = {}
    for place, incident in enumerate(diary):
        if not incident.reports:
            judged.append(Reading(place, None, "not_reported", Sure.NO))
        for number, report in enumerate(incident.reports):
            told, sure, code = _judge(report, incident, way, rule, months, asked)
            judged.append(Reading(place, number, code, sure, told))
            units.setdefault(report.by if way == "people" else first[place], []).append(judged[-1])
    best = (max(readings, key=lambda one: (one.sure, _last(one))) for readings in units.values())
    chosen = tuple(reading for reading in best if reading.sure is not Sure.NO)
    certain = sum(reading.sure is Sure.YES for reading in chosen)
    enough = Sure.YES if certain >= needed else Sure.MAYBE if len(chosen) >= needed else Sure.NO
    still = {True: Sure.YES, None: Sure.MAYBE, False: Sure.NO}[going_on] if rule.going_on else Sure.YES
    recent = _is_recent(judged, rule, asked)
    again = "same_person" if way == "people" else "same_incident"
    shown = (one if one in chosen or one.sure is Sure.NO else replace(one, code=again, sure=Sure.NO) for one in judged)
    return _Weighed(way, needed, min(enough, still, recent), certain, len(chosen), tuple(shown), chosen, recent)


def _last(reading: Reading) -> dt.date:
    return reading.told.last if reading.told else dt.date.min


def _first_tellings(diary: tuple[Incident, ...]) -> list[int]:
    """For each incident the place where it is first told of: the same words of the same day are one incident."""
    seen: dict[tuple[dt.date, str], int] = {}
    places = []
    for place, incident in enumerate(diary):
        is_known = incident.on.first == incident.on.last
        key = (incident.on.first, " ".join(incident.what.casefold().split()))
        places.append(seen.setdefault(key, place) if is_known else place)
    return places


def _judge(
    report: Report, incident: Incident, way: Way, rule: CaseReview, months: int | None, asked: dt.date
) -> tuple[Days, Sure, str]:
    """When it may have been made, whether it counts, and the code of the first thing that speaks most against it."""
    told = Days(max(report.on.first, incident.on.first), min(report.on.last, asked))
    happened = Days(incident.on.first, min(incident.on.last, told.last))
    doubts = [(Sure.YES, "counts")]
    if report.to == "landlord":
        doubts.append((Sure.MAYBE, "landlord_kind"))
    elif report.to not in _AUTHORITIES:
        doubts.append((Sure.NO, "not_an_authority") if report.to else (Sure.MAYBE, "who_not_known"))
    if way == "hate" and not incident.hate:
        doubts.append((Sure.NO, "not_hate"))
    if way == "hate" and rule.hate_unless_acted and incident.action is not False:
        doubts.append((Sure.NO, "action_taken") if incident.action else (Sure.MAYBE, "action_not_known"))
    if months is not None:
        doubts.append(_between(told, months_before(asked, months), "too_old"))
    if rule.within_days is not None:
        soonest, latest = (told.first - happened.last).days, (told.last - happened.first).days
        late = Sure.NO if soonest > rule.within_days else Sure.MAYBE if latest > rule.within_days else Sure.YES
        doubts.append((late, "date_not_known" if late is Sure.MAYBE else "reported_late"))
    if not incident.separate:
        doubts.append((Sure.MAYBE, "may_be_same"))
    sure, code = min(doubts, key=lambda doubt: doubt[0])
    return told, sure, code


def _between(told: Days, start: dt.date, otherwise: str) -> tuple[Sure, str]:
    """Whether some days lie on or after `start`."""
    if told.last < start:
        return Sure.NO, otherwise
    return (Sure.YES, "counts") if told.first >= start else (Sure.MAYBE, "date_not_known")


def _is_recent(judged: Sequence[Reading], rule: CaseReview, asked: dt.date) -> Sure:
    """Whether the newest report is new enough, for rules that ask it."""
    if rule.latest_within_months is None:
        return Sure.YES
    start = months_before(asked, rule.latest_within_months)
    return max(
        (min(one.sure, _between(one.told, start, "")[0]) for one in judged if one.told is not None), default=Sure.NO
    )


def _lacks(found: _Weighed, rule: CaseReview, going_on: bool | None) -> Iterator[Lack]:
    if found.best < found.needed:
        yield Lack("more_reports", found.needed - found.best)
    if found.sure < found.needed:
        doubts = Counter(reading.code for reading in found.chosen if reading.sure is Sure.MAYBE)
        yield from (Lack(code, count) for code, count in doubts.items())
    dates_open = found.is_recent is Sure.MAYBE and any(one.code == "date_not_known" for one in found.chosen)
    if found.is_recent is not Sure.YES and not dates_open and found.chosen and rule.latest_within_months:
        yield Lack("recent_report", rule.latest_within_months)
    if rule.going_on and going_on is not True:
        yield Lack("stopped" if going_on is False else "still_going_on")


def _counts_until(found: _Weighed, rule: CaseReview) -> dt.date | None:
    """The last day of asking on which those that surely count, and are needed, still do."""
    months = rule.hate_months if found.way == "hate" else rule.months
    days = sorted((one.told.first for one in found.chosen if one.sure is Sure.YES and one.told), reverse=True)
    if not days or months is None:
        return None
    until = last_day_within(days[min(found.needed, len(days)) - 1], months)
    if found.held is Sure.YES and rule.latest_within_months:
        until = min(until, last_day_within(days[0], rule.latest_within_months))
    return until
