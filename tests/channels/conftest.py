"""What do tests of the channels share? A scripted dialogue behind the real doors, on SQLite."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.conversations.house import ConversationHouse
from bot.conversations.record import Reply, Said, Turn
from bot.db import Database
from bot.directory import load_directory
from bot.security.keyring import Keyring
from channels.doors import Doors, HelpNumber, Limits
from channels.web.app import create_app
from tests.channels.serving import served

HELP = [HelpNumber("In danger now", "999"), HelpNumber("Support, day and night", "0808 168 9111")]
SAFETY = "Call 999 now. If you cannot speak, press 55."
NOTICE = "I could not work that out just now. Your words are kept. You can call 999 or 0808 168 9111."


@dataclass(frozen=True)
class Reading:
    level: Any = None
    signals: tuple[str, ...] = ()


def check_safety(text: str) -> Reading:
    return Reading("now", ("weapon",)) if "knife" in text else Reading()


def fallback(level: str | None) -> tuple[Reply, ...]:
    return (*safety_words(level or ""), Reply(NOTICE))


def safety_words(level: str) -> tuple[Reply, ...]:
    return (Reply(SAFETY),) if level == "now" else ()


@dataclass
class Script:
    """A dialogue that counts, and does as the test wants."""

    heard: list[Said] = field(default_factory=list)
    states: list[dict[str, Any] | None] = field(default_factory=list)
    fails: bool = False
    hangs: bool = False
    hangs_on: str | None = None

    async def __call__(self, said: Said, state: dict[str, Any] | None) -> Turn:
        self.heard.append(said)
        self.states.append(state)
        if self.hangs or (self.hangs_on and said.text.startswith(self.hangs_on)):
            await asyncio.sleep(60)
        if self.fails or said.text.startswith("break"):
            raise RuntimeError(f"secret words: {said.text}")
        step = (state or {}).get("step", 0) + 1
        if said.payload == "/begin":
            yes_no = (("Yes", '/choose{"choice": "yes"}'), ("No", '/choose{"choice": "no"}'))
            greeting = "Hello. I am an automated assistant, not a person and not the police."
            asked = Reply("Is it safe for you to chat on this device?", yes_no, asks="safe_to_talk")
            return Turn((Reply(greeting), asked), {"step": step})
        if said.payload == "/resume":
            return Turn((Reply("Welcome back. You were telling us about noise."),), {"step": step})
        if "when" in said.text:
            return Turn((Reply("When did it happen?", asks="when", input="date"),), {"step": step})
        await asyncio.sleep(0.01)
        heard = said.payload or said.text
        return Turn((Reply(f"{step}: {heard}", asks="story"),), {"step": step, "last": said.text})


@dataclass
class Clock:
    now: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ConversationHouse]:
    database = Database(f"sqlite:///{tmp_path / 'haven.db'}")
    # In a thread: a browser driven from the test keeps an event loop in the thread of the test.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(database.migrate).result()
    yield ConversationHouse(database, Keyring({"test": b"k" * 32}))
    database.dispose()


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def clock(now: dt.datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def doors(house: ConversationHouse, script: Script, clock: Clock) -> Doors:
    return Doors(
        house=house,
        dialogue=script,
        check_safety=check_safety,
        fallback=fallback,
        safety_words=safety_words,
        help_numbers=HELP,
        referrals_of=lambda _id: [],
        next_opening=lambda _id: None,
        directory=load_directory,
        ready=house.db.is_reachable,
        clock=clock,
        limits=Limits(turn_seconds=1.0, poll_seconds=0.05, comment_seconds=0.2, stream_seconds=3.0),
    )


@pytest.fixture
def url(doors: Doors) -> Iterator[str]:
    with served(create_app(doors, f"test-{secrets.token_hex(8)}")) as base:
        yield base
