"""Does everybody get an answer, at the worst hours too? Every area, need, age and kind of day, tried one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.clock import LONDON
from bot.directory.bank_holidays import bank_holidays, named_day
from bot.directory.catalogue import Directory
from bot.directory.checking import Problem
from bot.directory.contacts import NEEDS, who_answers_now
from bot.directory.record import AGE_RANGES


def uncovered(directory: Directory, today: dt.date) -> Iterator[Problem]:
    """An error for every person and hour to whom nobody could be named who surely answers, with numbers withheld."""
    careful = directory.without_unchecked(today)
    for at in hard_hours(today):
        for authority, group in _places(careful):
            for need in NEEDS:
                for band in (None, *AGE_RANGES):
                    found = who_answers_now(
                        careful, needs=(need,), group=group, authority=authority, age_band=band, at=at
                    )
                    if not any(one.state == "open" and (one.phone or one.sms) for one in found):
                        who = f"{authority or group or 'outside our areas'}, {band or 'any age'}"
                        when = at.astimezone(LONDON).strftime("%a %d %b %Y %H:%M")
                        yield Problem("error", "routes.yml", need, f"nobody answers: {who}, {when}")


def hard_hours(today: dt.date) -> tuple[dt.datetime, ...]:
    """From a day on: a working morning and night, a weekend, and each kind of holiday, in the middle of both halves."""
    holidays = [day for year in (today.year, today.year + 1) for day in bank_holidays(year) if day >= today]
    named = (_next("christmas_day", today), _next("easter_sunday", today))
    week = [today + dt.timedelta(days=n) for n in range(7)]
    days = dict.fromkeys([*week[:1], *(day for day in week if day.weekday() >= 5), *holidays[:1], *named])
    return tuple(dt.datetime.combine(day, dt.time(hour), tzinfo=LONDON) for day in days for hour in (3, 12, 22))


def _next(name: str, today: dt.date) -> dt.date:
    this_year = named_day(name, today.year)
    return this_year if this_year >= today else named_day(name, today.year + 1)


def _places(directory: Directory) -> list[tuple[str | None, str | None]]:
    """One council for each set of areas that could make a difference, and none."""
    atlas = directory.atlas
    made = {area for route in directory.signals.values() for area in route.by_area or {}}
    made |= {area for service in directory.services.values() if service.takes_referrals for area in service.areas}
    found: dict[tuple[str, ...], tuple[str | None, str | None]] = {(): (None, None)}
    for authority in atlas.authorities:
        group = atlas.service_area(authority)
        areas = tuple(area for area in atlas.areas_of(authority, group) if area in made)
        if group:
            found.setdefault(areas, (authority, group))
    return list(found.values())
