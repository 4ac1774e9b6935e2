"""When will what is sent to a service be read? Now, when it opens, or: its hours are not known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from bot.directory.catalogue import Directory
from bot.directory.working_days import next_working_day


@dataclass(frozen=True)
class Reading:
    """`now`: it is open, until `at` (None: nobody knows of an end). `later`: it is closed, and opens `at` (both UTC).

    `unknown`: whether it is open is not known; `working_day`, the next one in London, is all there is to go by.
    """

    when: Literal["now", "later", "unknown"]
    at: dt.datetime | None
    working_day: dt.date


def when_read(directory: Directory, service_id: str, at: dt.datetime) -> Reading:
    """When something sent to a service at an aware instant will be read. Raises KeyError for an unknown service."""
    now = directory.opening(service_id, at)
    working_day = next_working_day(at, announced=directory.announced)
    if now.is_open:
        return Reading("now", now.changes_at, working_day)
    opens = directory.next_opening(service_id, at)
    if now.state == "closed" and opens:
        return Reading("later", opens, working_day)
    return Reading("unknown", None, working_day)
