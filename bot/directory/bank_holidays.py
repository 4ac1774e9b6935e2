"""Which days are bank holidays in England? Only for years whose list has been compared with a sourced one."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
from pydantic.dataclasses import dataclass

#: The library computes any year, but a one-off holiday is known only once announced. Outside these years we do not
#: know, and not knowing is never "open". The sourced list these years agree with is in the tests.
COVERED_YEARS = (2026, 2027, 2028)


class _Strict:
    extra = "forbid"


@dataclass(frozen=True, config=_Strict)
class Announced:
    """A bank holiday that was announced after the list of its year was made: `source` says where it was read."""

    date: dt.date
    name: str
    source: str


@lru_cache(maxsize=16)
def bank_holidays(year: int) -> tuple[dt.date, ...]:
    """England's bank holidays of a covered year, real and substitute days, sorted; empty for any other year."""
    return tuple(sorted(expected(year))) if year in COVERED_YEARS else ()


@lru_cache(maxsize=16)
def expected(year: int) -> dict[dt.date, str]:
    """The library's bank holidays of any year, with their names: a guess, for a year that is not covered."""
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


@lru_cache(maxsize=16)
def named_day(name: str, year: int) -> dt.date:
    """The date of `christmas_day` or `easter_sunday` in a year. Raises ValueError for any other name."""
    if name == "christmas_day":
        return dt.date(year, 12, 25)
    if name == "easter_sunday":
        return next(day for day, words in expected(year).items() if words == "Good Friday") + dt.timedelta(days=2)
    raise ValueError(f"no such day: {name}")
