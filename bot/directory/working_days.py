"""Which day is the next that people work? Monday to Friday in England, bank holidays left out."""

from __future__ import annotations

import datetime as dt

from bot.clock import LONDON
from bot.directory.bank_holidays import expected


def next_working_day(at: dt.datetime, days: int = 1, announced: frozenset[dt.date] = frozenset()) -> dt.date:
    """The `days`-th working day after the London day of an aware instant; `announced`: bank holidays of late."""
    day = at.astimezone(LONDON).date()
    while days > 0:
        day += dt.timedelta(days=1)
        # even in a year that is not covered: New Year's Day is a better guess than a working day
        if day.weekday() < 5 and day not in expected(day.year) and day not in announced:
            days -= 1
    return day


def end_of(day: dt.date) -> dt.datetime:
    """Five o'clock in London on that day, when the services of the founding articles close their lines."""
    return dt.datetime.combine(day, dt.time(17), tzinfo=LONDON)
