"""How is one message answered? Load the trained assistant, hand it a message and a snapshot, collect what it says."""

from __future__ import annotations

import bot.dialogue.without_tensorflow  # noqa: F401  (must come before anything of Rasa's)

# isort: split
import json
import re
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT

from bot.conversations.record import Dialogue, Reply, Said, Turn
from bot.dialogue.moves import InProcessActions, watch_failures
from bot.dialogue.swiftness import make_swift
from bot.dialogue.trackers import SnapshotTrackerStore, begin_turn, end_turn

_PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?$", re.DOTALL)


class DialogueFailed(Exception):
    """The dialogue could not work out an answer. The message must be kept, and the person told honestly."""


class _Collector(CollectingOutputChannel):
    """Collects text, buttons and the `custom` part of each message, in order."""

    @classmethod
    def name(cls) -> str:
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(message)


def load_agent(model: Path, actions: InProcessActions) -> Agent:
    """The trained assistant, with strict storage and actions in this process.

    Built by hand and not by `Agent.load`, because that wraps the store so that a failing read starts people again.

    Raises rasa.exceptions.ModelNotFound when there is no such model.
    """
    make_swift()
    agent = Agent(action_endpoint=actions)
    agent.tracker_store = SnapshotTrackerStore(None)
    agent.load_model(model)
    return agent


def make_dialogue(agent: Agent) -> Dialogue:
    """The dialogue as a function: what was said and the last snapshot in, replies and the new snapshot out.

    It stores nothing. Raises DialogueFailed when an action failed, where Rasa would have gone on in silence.
    """

    async def answer(said: Said, state: dict[str, Any] | None) -> Turn:
        begin_turn(state)
        failures = watch_failures()
        parse = _choice(said.payload, said.text) if said.payload else _read(agent, said.text)
        out = _Collector()
        await agent.handle_message(
            UserMessage(
                said.text or said.payload or "",
                output_channel=out,
                sender_id=said.conversation_id,
                parse_data=parse,
                message_id=said.message_id,
                input_channel=said.channel,
                metadata={"at": said.at.isoformat(), "channel": said.channel},
            )
        )
        if failures:
            raise DialogueFailed(type(failures[0]).__name__) from failures[0]
        snapshot = end_turn()
        flags = tuple(snapshot.get("slots", {}).get("safety", {}).get("flags", ()))
        return Turn(replies=_replies(out.messages, snapshot), state=snapshot, flags=flags)

    return answer


def _choice(payload: str, label: str) -> dict[str, Any]:
    """What a chosen option means. Payloads come from our own wording file, by way of an opaque id: never from a person.

    Raises ValueError when a payload of ours cannot be read.
    """
    match = _PAYLOAD.match(payload)
    if not match:
        raise ValueError("an option of ours has a payload that cannot be read")
    entities: dict[str, Any] = json.loads(match["entities"] or "{}")
    return {
        TEXT: label,
        INTENT: {"name": match["intent"], "confidence": 1.0},
        ENTITIES: [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in entities.items()],
    }


def _read(agent: Agent, text: str) -> dict[str, Any]:
    """What typed words are, by the trained pipeline. A leading slash never names an intent: it is read without it.

    The result is handed to Rasa ready made, so that Rasa's own payload parser never sees what a person typed.
    """
    if agent.processor is None:
        raise DialogueFailed("no model")
    plain = text.strip().lstrip("/").strip() or "."
    message = UserMessage(plain)
    parsed = agent.processor._parse_message_with_graph(message, DialogueStateTracker("", []))
    return {**parsed, TEXT: text}


def _replies(messages: list[dict[str, Any]], snapshot: dict[str, Any]) -> tuple[Reply, ...]:
    """Rasa's messages as ours. The last one carries the open question's id and the input it wants."""
    asks = snapshot.get("slots", {}).get("asking") if snapshot.get("loop") else None
    said = [m for m in messages if m.get("text")]
    replies = []
    for index, message in enumerate(said):
        custom = message.get("custom") or {}
        is_last = index == len(said) - 1
        replies.append(
            Reply(
                text=str(message["text"]),
                choices=tuple((str(b["title"]), str(b["payload"])) for b in message.get("buttons") or ()),
                asks=asks if is_last else None,
                input=custom.get("input") if is_last else None,
            )
        )
    return tuple(replies)
