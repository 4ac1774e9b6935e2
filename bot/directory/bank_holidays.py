"""Which days are bank holidays in England? Only for years whose list has been compared with a sourced one."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays

#: The library computes any year, but a one-off holiday is known only once announced. Outside these years we do not
#: know, and not knowing is never "open". The sourced list these years agree with is in the tests.
COVERED_YEARS = (2026, 2027, 2028)


@lru_cache(maxsize=16)
def bank_holidays(year: int) -> tuple[dt.date, ...]:
    """England's bank holidays of a covered year, real and substitute days, sorted; empty for any other year."""
    if year not in COVERED_YEARS:
        return ()
    return tuple(sorted(holidays.country_holidays("GB", subdiv="ENG", years=year)))


@lru_cache(maxsize=16)
def named_day(name: str, year: int) -> dt.date:
    """The date of `christmas_day` or `easter_sunday` in a year. Raises ValueError for any other name."""
    if name == "christmas_day":
        return dt.date(year, 12, 25)
    if name == "easter_sunday":
        listed = holidays.country_holidays("GB", subdiv="ENG", years=year)
        return next(day for day, words in listed.items() if words == "Good Friday") + dt.timedelta(days=2)
    raise ValueError(f"no such day: {name}")
