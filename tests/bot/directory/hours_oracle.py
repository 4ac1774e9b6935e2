"""What would a patient clerk answer? Opening times worked out minute by minute, sharing nothing with hours.py.

Hours say what a London day looks like. One day, one array of 1440 letters: o(pen), c(losed), u(nknown). The rules:

- a closure shuts the whole day; else a day's own times replace everything else that day; else a doubtful day is
  unknown; else a bank holiday is what the hours say of bank holidays; else the week counts;
- a day that is shut, in doubt or has times of its own ends the night that began before it, at midnight;
- the night that would have begun on a shut day is not worked the morning after, and one begun on a day in doubt is
  in doubt until it ends;
- in a year whose bank holidays nobody has listed, every day may be one;
- the other side of a service is open when that one is known to be closed, closed when it is open, and unknown in a
  year without a list; its own holidays, doubtful days, closures and own times can only take from that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.directory.record import Hours

LONDON = ZoneInfo("Europe/London")
UTC = dt.timezone.utc
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
WORDS = {"o": "open", "c": "closed", "u": "unknown"}
#: As listed in the sourced table of the directory's founding data.
SOURCED = {
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28",
    2028: "01-01 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
HOLIDAYS = frozenset(dt.date.fromisoformat(f"{year}-{day}") for year, days in SOURCED.items() for day in days.split())
EASTER_SUNDAY = {2026: dt.date(2026, 4, 5), 2027: dt.date(2027, 3, 28), 2028: dt.date(2028, 4, 16)}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Oracle:
    """The answers for some hours; `other`: the hours whose other side they are; `extra`: holidays announced since."""

    def __init__(self, hours: Hours, other: Hours | None = None, extra: frozenset[dt.date] = frozenset()) -> None:
        self.hours = hours
        self.other = Oracle(other, None, extra) if other else None
        self.holidays = HOLIDAYS | extra
        self.days: dict[dt.date, str] = {}

    def at(self, instant: dt.datetime) -> str:
        """open, closed or unknown at an instant."""
        local = instant.astimezone(LONDON)
        return WORDS[self.day(local.date())[60 * local.hour + local.minute]]

    def changes(self, first: dt.date, last: dt.date) -> list[tuple[dt.datetime, str]]:
        """Each change of state from the start of one day to the end of another, and the state at the very start."""
        found: list[tuple[dt.datetime, str]] = []
        date = first
        while date <= last:
            midnight = dt.datetime.combine(date, dt.time(), LONDON).astimezone(UTC)
            following = dt.datetime.combine(date + DAY, dt.time(), LONDON).astimezone(UTC)
            letters = self.day(date)
            if following - midnight != DAY:
                # the clocks change: what the wall says, minute by minute as they pass
                passing = (midnight + minute * MINUTE for minute in range((following - midnight) // MINUTE))
                walls = [instant.astimezone(LONDON) for instant in passing]
                letters = "".join(letters[60 * wall.hour + wall.minute] for wall in walls)
            starts = [m for m in range(len(letters)) if m == 0 or letters[m] != letters[m - 1]]
            for minute in starts:
                state = WORDS[letters[minute]]
                if not found or found[-1][1] != state:
                    found.append((midnight + minute * MINUTE, state))
            date += DAY
        return found

    def day(self, date: dt.date) -> str:
        """The 1440 letters of a day by the clock on the wall."""
        if date not in self.days:
            self.days[date] = "".join(self._letters(date))
        return self.days[date]

    def _letters(self, date: dt.date) -> list[str]:
        found = self._of_the_week(date)
        if self.other:
            theirs = self.other.day(date) if date.year in SOURCED else "u" * 1440
            turned = {"o": "c", "c": "o", "u": "u"}
            found = [turned[their] if mine == "o" else mine for mine, their in zip(found, theirs, strict=True)]
        return found

    def _of_the_week(self, date: dt.date) -> list[str]:
        word = self._word(date)
        if word:
            return [word] * 1440
        special, rule = self._special(date), self.hours.rule
        if special or (rule == "weekly" and self.hours.weekly):
            letters = ["c"] * 1440
        else:
            letters = ["o" if rule in ("always", "complement_of") else "u"] * 1440
        before = self._word(date - DAY)
        if not special and before != "c":
            for opens, closes in self._spans(date - DAY):
                for minute in range(closes if closes < opens else 0):
                    letters[minute] = "o" if "o" in (letters[minute], before or "o") else "u"
        for opens, closes in self._spans(date):
            for minute in range(opens, closes if closes >= opens else 1440):
                letters[minute] = "o"
        return letters

    def _word(self, date: dt.date) -> str | None:
        """The letter that a whole day has, or None when times decide."""
        hours = self.hours
        if any(closure.first <= date <= closure.last for closure in hours.closures):
            return "c"
        if self._special(date):
            return None
        named = {EASTER_SUNDAY.get(date.year): "easter_sunday", dt.date(date.year, 12, 25): "christmas_day"}
        if date.year in SOURCED and named.get(date) in hours.doubtful_days:
            return "u"
        if date in self.holidays or date.year not in SOURCED:
            return self._holiday()
        return None

    def _holiday(self) -> str | None:
        if self.hours.bank_holidays == "open":
            return None
        if self.hours.bank_holidays == "closed":
            return "c"
        # nobody said that a service with weekly hours is there on bank holidays, so it is not
        return "c" if self.hours.bank_holidays == "unknown" and self.hours.rule == "weekly" else "u"

    def _special(self, date: dt.date) -> list[tuple[int, int]]:
        return [(minutes(one.open), minutes(one.close)) for one in self.hours.special if one.date == date]

    def _spans(self, date: dt.date) -> list[tuple[int, int]]:
        weekday = WEEKDAYS[date.weekday()]
        weekly = [(minutes(s.open), minutes(s.close)) for s in self.hours.weekly if weekday in s.days]
        return self._special(date) or (weekly if self.hours.rule == "weekly" else [])


def minutes(text: str) -> int:
    """Minutes since midnight of "09:30"."""
    hours, _, rest = text.partition(":")
    return 60 * int(hours) + int(rest)


def oracles(hours_of: Mapping[str, Hours]) -> dict[str, Oracle]:
    """One oracle for each service, by its id."""
    return {name: Oracle(hours, hours_of.get(hours.of or "")) for name, hours in hours_of.items()}
