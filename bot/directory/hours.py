"""Is a service open, and when will it next be? Weeks, bank holidays, closures and clock changes, London time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from opening_hours import OpeningHours

from bot.clock import LONDON
from bot.directory.bank_holidays import COVERED_YEARS
from bot.directory.notation import written
from bot.directory.record import Closure, Hours, Service, State

_STATES: dict[str, State] = {"open": "open", "closed": "closed", "unknown": "unknown"}
_OTHER_SIDE: dict[State, State] = {"open": "closed", "closed": "open", "unknown": "unknown"}
#: Bound of the search for the next opening: changes of state looked at, about a year of an ordinary week.
_MOST_CHANGES = 1000


@dataclass(frozen=True)
class Opening:
    """`state` at one instant; only "open" means that somebody answers. `changes_at` (UTC): the next change, if any."""

    state: State
    changes_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """True only when it is known to be open."""
        return self.state == "open"


@dataclass(frozen=True)
class Timetable:
    """Hours made ready to be asked: an expression for the engine; `other`: open only where that one is closed."""

    expression: str
    other: Timetable | None = None

    def at(self, instant: dt.datetime) -> Opening:
        """The state at an aware instant, and its next change. Raises ValueError when the instant has no offset."""
        state = self.state(instant)
        moment: dt.datetime | None = instant.astimezone(LONDON)
        for _ in range(_MOST_CHANGES):
            moment = self._change(moment) if moment else None
            if moment is None:
                break
            if self._state(moment) != state:
                return Opening(state, moment.astimezone(dt.timezone.utc))
        return Opening(state, None)

    def state(self, instant: dt.datetime) -> State:
        """The state alone: far cheaper than looking for its next change."""
        if instant.tzinfo is None:
            raise ValueError("opening times need an instant with its offset")
        return self._state(instant.astimezone(LONDON))

    def _state(self, local: dt.datetime) -> State:
        own = _STATES[str(_engine(self.expression).state(local)[0])]
        if own != "open" or self.other is None:
            return own
        # shut for want of a list of bank holidays is not known to be shut
        return _OTHER_SIDE[self.other._state(local)] if local.year in COVERED_YEARS else "unknown"

    def _change(self, local: dt.datetime) -> dt.datetime | None:
        found = [_engine(table.expression).next_change(local) for table in (self, self.other) if table]
        changes = [_passing(change, local) for change in found if change]
        if local.fold == 0 and local.replace(fold=1).utcoffset() != local.utcoffset():
            # the clocks are about to go back: one o'clock comes again, and what was past is to come
            changes.append(local.replace(minute=0, second=0, microsecond=0, fold=1).astimezone(dt.timezone.utc))
        return min(changes).astimezone(LONDON) if changes else None


def _passing(change: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The next instant (UTC) when the clock on the wall says so; the engine means the second of two."""
    first, second = (change.replace(fold=fold).astimezone(dt.timezone.utc) for fold in (0, 1))
    return first if first > after.astimezone(dt.timezone.utc) else second


def within(hours: Hours, first: dt.date | None, last: dt.date | None) -> Hours:
    """The same hours for a service that begins or ends: shut before its `first` day and after its `last`."""
    before = (Closure(dt.date(1900, 1, 1), first - dt.timedelta(days=1)),) if first else ()
    after = (Closure(last + dt.timedelta(days=1), dt.date(9999, 12, 31)),) if last else ()
    return replace(hours, closures=hours.closures + before + after)


def timetable(hours: Hours, services: Mapping[str, Service], announced: frozenset[dt.date] = frozenset()) -> Timetable:
    """The timetable of some hours. `services` is needed only to find the other side of complement_of; `announced` are
    bank holidays that were announced after the list of their year was made."""
    other = services[hours.of or ""].hours if hours.rule == "complement_of" else None
    return Timetable(written(hours, announced), Timetable(written(other, announced)) if other else None)


def next_open(table: Timetable, at: dt.datetime) -> dt.datetime | None:
    """The first instant (UTC), `at` itself included, when it is known to be open; None when none is known."""
    moment = at.astimezone(dt.timezone.utc)
    for _ in range(_MOST_CHANGES):
        now = table.at(moment)
        if now.is_open:
            return moment
        if now.changes_at is None:
            return None
        moment = now.changes_at
    return None


def london_day(at: dt.datetime) -> dt.date:
    """The day it is in London at an aware instant."""
    return at.astimezone(LONDON).date()


@lru_cache(maxsize=256)
def _engine(expression: str) -> Any:
    # without the bound, a year of unknown holidays is searched to the year 9999
    return OpeningHours(expression, timezone=LONDON, max_interval_days=400)
