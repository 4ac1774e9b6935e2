"""Which day is the next that people work? Monday to Friday in England, bank holidays left out."""

from __future__ import annotations

import datetime as dt

from bot.clock import LONDON
from bot.directory.bank_holidays import bank_holidays


def next_working_day(at: dt.datetime, days: int = 1) -> dt.date:
    """The `days`-th working day after the London day of an aware instant."""
    day = at.astimezone(LONDON).date()
    while days > 0:
        day += dt.timedelta(days=1)
        if day.weekday() < 5 and day not in bank_holidays(day.year):
            days -= 1
    return day


def end_of(day: dt.date) -> dt.datetime:
    """Five o'clock in London on that day, when the services of the founding articles close their lines."""
    return dt.datetime.combine(day, dt.time(17), tzinfo=LONDON)
