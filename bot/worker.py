"""What goes on beside the conversations? A loop that sends what is due and shouts what is late, and ends cleanly."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.clock import Clock, running_clock
from bot.db import DatabaseUnavailable
from bot.delivery.outbox import BATCH, DeliveryHouse, deliver_due, list_troubled

#: Does something with what the clock says, every so many seconds.
Job = Callable[[dt.datetime], Awaitable[None]]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Chore:
    """A job and how often it is done, in seconds."""

    name: str
    job: Job
    every: float


def delivery_chores(house: DeliveryHouse, *, every: float = 2.0, sweep_every: float = 60.0) -> tuple[Chore, ...]:
    """Sending what is due, and the sweep that looks for what is late or held."""

    async def deliver(now: dt.datetime) -> None:
        # A full batch means that more is waiting; at most fifty, so that the loop still hears that it must stop.
        for _ in range(50):
            if await deliver_due(house, now) < BATCH:
                return

    async def sweep(now: dt.datetime) -> None:
        for status in await asyncio.to_thread(list_troubled, house.db, now):
            _log.error(
                "delivery.troubled",
                delivery=status.id,
                subject=status.subject,
                state=status.state,
                priority=status.priority,
                error=status.last_error,
            )

    return (Chore("deliver", deliver, every), Chore("sweep", sweep, sweep_every))


async def run_worker(chores: Sequence[Chore], clock: Clock, stop: asyncio.Event) -> None:
    """Do every chore in turn, each in its own time, until `stop` is set; what has begun is finished first."""
    running = running_clock(clock)
    await asyncio.gather(*(_repeat(chore, running, stop) for chore in chores))


async def _repeat(chore: Chore, clock: Clock, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await chore.job(clock())
        except DatabaseUnavailable:
            _log.warning("worker.database_unavailable", chore=chore.name)
        except Exception as error:
            # One broken round must not end the loop: what waits would wait for ever, unseen.
            _log.error("worker.chore_broke", chore=chore.name, error=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), chore.every)
        except asyncio.TimeoutError:
            continue
