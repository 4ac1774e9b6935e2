"""How are opening hours written for other systems? As HSDS `schedule` objects, in London's local time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.directory.bank_holidays import COVERED_YEARS, bank_holidays, named_day
from bot.directory.record import Closure, Hours, Service, Span

#: (byday, opens_at, closes_at)
Week = tuple[tuple[str, str, str], ...]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_AHEAD = dt.timedelta(days=365)


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The words of the export, by their place in export.yml."""
    text = Path(__file__).with_name("export.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def schedules(
    service: Service, services: Mapping[str, Service], day: dt.date, announced: Collection[dt.date] = ()
) -> list[dict[str, str]]:
    """Schedules without ids: weekly spans, and in `notes` the dated exceptions of the year that begins with `day`.

    `announced` are bank holidays beside those that we list.
    `timezone` is left out: in HSDS it is a fixed offset from UTC, wrong in London for half of every year.
    """
    said = words()["hours"]
    hours = service.hours
    filled = services[hours.of] if hours.of else None
    week = _complement(filled.hours.weekly) if filled else _weekly(hours)
    first = said["complement"].format(other=filled.name) if filled else ""
    shared = {
        "description": " ".join(filter(None, (first, said["local"] if week else said["unknown"]))),
        "notes": " ".join(_exceptions(hours, filled, day, announced)),
        "valid_from": service.valid_from.isoformat() if service.valid_from else "",
        "valid_to": service.valid_to.isoformat() if service.valid_to else "",
    }
    shared = {name: value for name, value in shared.items() if value}
    spans = [{"freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes} for days, opens, closes in week]
    return [{**span, **shared} for span in spans or [{}]]


def _weekly(hours: Hours) -> Week:
    if hours.rule == "always":
        return ((_byday(_DAYS), "00:00", "24:00"),)
    return tuple((_byday(span.days), span.open, span.close) for span in hours.weekly)


def _complement(spans: Iterable[Span]) -> Week:
    """The rest of the week, minute by minute; nothing crosses midnight."""
    busy = bytearray(7 * _DAY)
    for span in spans:
        opens, closes = _minutes(span.open), _minutes(span.close)
        for name in span.days:
            start = _DAYS.index(name) * _DAY + opens
            for minute in range(start, start + ((closes - opens) % _DAY or _DAY)):
                busy[minute % len(busy)] = 1
    found: dict[tuple[int, int], list[str]] = {}
    for number, weekday in enumerate(_DAYS):
        for gap in re.finditer(rb"\0+", bytes(busy[number * _DAY : (number + 1) * _DAY])):
            found.setdefault(gap.span(), []).append(weekday)
    return tuple((_byday(days), _clock(opens), _clock(closes)) for (opens, closes), days in found.items() if any(busy))


def _exceptions(hours: Hours, filled: Service | None, day: dt.date, announced: Collection[dt.date]) -> Iterator[str]:
    """What is otherwise on certain dates, each date once. `filled` is the service whose closed time this one covers."""
    said = words()["hours"]
    other = filled.hours if filled else hours
    shut = [closure for closure in (*hours.closures, *other.closures) if closure.last >= day]

    def left(dates: Iterable[dt.date], told: set[dt.date]) -> set[dt.date]:
        return {one for one in dates if one not in told and not any(c.first <= one <= c.last for c in shut)}

    # what is said of a smaller part of the year counts for more, and a closure above all
    special = left((one.date for one in (*hours.special, *other.special) if one.date >= day), set())
    named = (*hours.doubtful_days, *other.doubtful_days)
    doubtful = left((named_day(name, year) for name in named for year in COVERED_YEARS), special)
    listed = {one for year in COVERED_YEARS for one in bank_holidays(year)} | set(announced)
    holidays = _near(day, left(listed, special | doubtful))
    on_holiday = hours.bank_holidays
    if filled and on_holiday == "open" and other.bank_holidays == "reduced":
        on_holiday = "reduced"
    if hours.rule != "unknown" and on_holiday != "open" and holidays:
        yield said["reduced" if on_holiday == "reduced" else "shut"].format(days=holidays)
    if filled:
        free = [holidays] if on_holiday == "open" and other.bank_holidays != "open" else []
        free += [_days(closure) for closure in other.closures if closure.last >= day]
        if any(free):
            yield said["filled"].format(other=filled.name, days=", ".join(filter(None, free)))
    if unsure := _near(day, doubtful):
        yield said["doubtful"].format(days=unsure)
    for date in sorted(special):
        own = [one for one in hours.special if one.date == date]
        times = [f"{one.open} to {one.close}" for one in own or other.special if one.date == date]
        yield said["special" if own else "besides"].format(day=date.isoformat(), times=" and ".join(times))
    for closure in hours.closures:
        if closure.last >= day:
            reason = f" ({closure.reason})" if closure.reason else ""
            yield said["closed"].format(days=f"{_days(closure)}{reason}")


def _days(closure: Closure) -> str:
    first, last = closure.first.isoformat(), closure.last.isoformat()
    return first if first == last else f"{first} to {last}"


def _near(day: dt.date, days: Iterable[dt.date]) -> str:
    return ", ".join(one.isoformat() for one in sorted(days) if day <= one <= day + _AHEAD)


def _byday(days: Iterable[str]) -> str:
    return ",".join(day[:2].upper() for day in days)


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
