"""What do the directory's answers cost? Reading it, the day's own view of it, a route, and when a service opens."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable

from bot.directory import load_directory, route
from bot.directory.hours import london_day

#: Christmas Eve after hours, where the next opening is far and the list of bank holidays counts.
NOW = dt.datetime(2026, 12, 24, 17, 30, tzinfo=dt.timezone.utc)
AREA = {"group": "staffordshire_stoke", "authority": "stoke_on_trent"}


def main() -> None:
    """Print every figure."""

    began = time.perf_counter()
    directory = load_directory()
    print(f"reading the directory, once                {(time.perf_counter() - began) * 1000:8.1f} ms")
    today = directory.on(london_day(NOW))

    def asked() -> object:
        return route(today, area=AREA, kind="both", hate_strands=("race",), risk=("threat_to_kill",), at=NOW)

    def every(ask: Callable[[str, dt.datetime], object]) -> Callable[[], object]:
        return lambda: [ask(service, NOW) for service in directory.services]

    print(f"  of its {len(directory.services)} services:                      first    median")
    for name, do, times in (
        ("the view of one day", lambda: directory.on(london_day(NOW)), 20),
        ("open or not, every service", every(today.state), 50),
        ("a route", asked, 200),
        ("the next change, every service", every(today.opening), 50),
        ("the next opening, every service", every(today.next_opening), 50),
    ):
        taken = [_once(do) for _ in range(times)]
        print(f"  {name:34}{taken[0]:10.2f} ms {statistics.median(taken):7.2f} ms")


def _once(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
