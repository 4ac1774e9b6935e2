"""How fast is a turn, does it stay so, and what do our own measures gain? `make bench` prints it."""

from __future__ import annotations

import asyncio
import datetime as dt
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench import directory
from bot.app import make_reach, open_house
from bot.conversations.record import Dialogue, Said
from bot.dialogue.engine import load_agent, make_dialogue
from bot.dialogue.moves import InProcessActions
from bot.dialogue.training import model_path
from bot.settings import ROOT, Settings
from bot.understanding import check_safety, read, read_words, warm_up
from bot.understanding.labelled import load_labelled

NOW = dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.timezone.utc)
STORY = (
    "My neighbour plays loud music nearly every night since August. I live in Hanley, ST1 3AB. I've told the council "
    "twice and nothing has changed. I can't sleep and it's making me ill. "
)
TURNS = 150
CHARACTERS = 400


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as folder:
        house = open_house(Settings(env="test", var_dir=Path(folder), model_dir=ROOT / "models"))
        house.db.migrate()
        from actions.executor import is_rejection, make_executor

        executor = make_executor(make_reach(house))
        agent = load_agent(model_path(house.settings.model_dir), InProcessActions(executor.run, is_rejection))
        asyncio.run(_turns(make_dialogue(agent)))
    _reading()
    directory.main()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory, highest of this process            {peak:8.0f} MB")


async def _turns(dialogue: Dialogue) -> None:
    warm_up(ROOT / "models")
    state = (await dialogue(Said("c", "0", "web", "", "/begin", NOW), None)).state
    state = (await dialogue(Said("c", "1", "web", "yes", None, NOW), state)).state
    state = (await dialogue(Said("c", "2", "web", STORY, None, NOW), state)).state
    state = (await dialogue(Said("c", "3", "web", "yes", None, NOW), state)).state

    async def button() -> None:
        await dialogue(Said("c", "4", "web", "No", '/choose{"choice": "no"}', NOW), state)

    async def typed() -> None:
        await dialogue(Said("c", "5", "web", "no, not right now", None, NOW), state)

    first = await _milliseconds(button, 20)
    print(f"a turn by button                           {first:8.1f} ms")
    print(f"a typed turn, against a turn by button     {await _milliseconds(typed, 20) / first:8.1f} x")
    kept = state
    for number in range(TURNS):
        kept = (await dialogue(Said("c", f"d{number}", "web", "why do you ask", None, NOW), kept)).state

    async def late() -> None:
        await dialogue(Said("c", "6", "web", "No", '/choose{"choice": "no"}', NOW), kept)

    print(f"turn {TURNS}, against turn 4                   {await _milliseconds(late, 20) / first:8.1f} x")


async def _milliseconds(do: Callable[[], Awaitable[None]], times: int) -> float:
    await do()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await do()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def _reading() -> None:
    """The development messages, cut at as many characters as a long text has, each read once; others warm up."""
    messages = [message.text[:CHARACTERS] for message in load_labelled(ROOT / "data" / "development")]
    for message in load_labelled(ROOT / "data" / "narratives")[::20]:
        read(message.text[:CHARACTERS], NOW)
    safety, by_words, whole = (
        sorted(_once(do, text) for text in messages)
        for do in (check_safety, lambda text: read_words(text, NOW), lambda text: read(text, NOW))
    )
    print(f"{len(messages)} messages of at most {CHARACTERS} characters, one thread:      median    95 of 100")
    for name, taken in (("the safety check", safety), ("reading by lexicons", by_words), ("the whole reading", whole)):
        print(f"  {name:38}{statistics.median(taken):13.2f} ms {taken[int(len(taken) * 0.95)]:8.2f} ms")
    print(f"the safety check, against reading          {statistics.median(safety) / statistics.median(whole):8.2f} x")


def _once(do: Callable[[str], object], text: str) -> float:
    began = time.perf_counter()
    do(text)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
