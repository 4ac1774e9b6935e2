"""How does a test talk to the dialogue without a server? The embedded assistant, snapshot in and snapshot out."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from bot.conversations.record import Dialogue, Reply, Said


@dataclass
class Chat:
    """One person's talk with the embedded dialogue. Every snapshot goes through JSON, as it does when it is kept."""

    dialogue: Dialogue
    now: dt.datetime
    state: dict[str, Any] | None = None
    replies: tuple[Reply, ...] = ()
    flags: tuple[str, ...] = ()
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def begin(self) -> Chat:
        await self._turn("", "/begin")
        return self

    async def say(self, text: str) -> str:
        return await self._turn(text, None)

    async def choose(self, label: str) -> str:
        offered = {words: payload for reply in self.replies for words, payload in reply.choices}
        assert label in offered, f"{label!r} was not offered: {list(offered)}"
        return await self._turn(label, offered[label])

    async def go_to(self, question: str, answers: dict[str, str]) -> None:
        """Answer until `question` is open: a label of a button or words; "skip" for what `answers` does not name."""
        for _ in range(40):
            if self.asks == question:
                return
            answer = answers.get(self.asks or "", "skip this question")
            offered = [words for reply in self.replies for words, _ in reply.choices]
            await (self.choose(answer) if answer in offered else self.say(answer))
        raise AssertionError(f"{question} was never asked; {self.asks} is")

    @property
    def asks(self) -> str | None:
        return self.replies[-1].asks

    @property
    def text(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def slots(self) -> dict[str, Any]:
        assert self.state is not None
        return dict(self.state["slots"])

    async def _turn(self, text: str, payload: str | None) -> str:
        said = Said(self.id, uuid.uuid4().hex, "web", text, payload, self.now)
        turn = await self.dialogue(said, self.state)
        self.state = json.loads(json.dumps(turn.state))
        self.replies, self.flags = turn.replies, turn.flags
        return self.text
