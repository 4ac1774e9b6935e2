"""The engine: embedded, without TensorFlow, with failures seen and payloads that nobody can type."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SessionStarted, SlotSet, UserUttered

from actions.executor import is_rejection, make_executor, moves
from bot.app import House, make_reach
from bot.conversations.record import Dialogue, Said
from bot.dialogue.engine import DialogueFailed, load_agent, make_dialogue
from bot.dialogue.moves import InProcessActions
from bot.dialogue.training import model_path
from bot.settings import ROOT
from tests.chatting import Chat


def said(text: str, payload: str | None = None) -> Said:
    return Said("c", "m", "web", text, payload, dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.timezone.utc))


def test_rasa_is_the_version_that_the_stand_ins_were_written_for() -> None:
    assert rasa.__version__ == "3.6.21"


def test_serving_loads_no_tensorflow_and_opens_no_api(model: Any) -> None:
    code = (
        "import sys, bot.dialogue.engine as e\n"
        "from pathlib import Path\n"
        "from bot.dialogue.moves import InProcessActions\n"
        "e.load_agent(Path(sys.argv[1]), InProcessActions(None, None))\n"
        "heavy = [m for m in ('tensorflow', 'torch', 'keras', 'rasa.server') if m in sys.modules]\n"
        "sys.exit(', '.join(heavy) or 0)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(model_path(model))], cwd=ROOT, capture_output=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr.decode()[-500:]


@pytest.mark.parametrize(
    "event",
    [
        SlotSet("where", {"place": "home"}),
        ActionExecuted("action_listen"),
        UserUttered("hello", {"name": "greet"}),
        BotUttered("hello"),
        ActiveLoop("intake"),
        SessionStarted(),
    ],
)
def test_events_are_found_as_stock_rasa_finds_them(dialogue: Dialogue, event: Event) -> None:
    assert Event.resolve_by_type(event.type_name) is type(event)


def test_an_action_that_answers_nonsense_is_still_refused(dialogue: Dialogue) -> None:
    action = RemoteAction("action_begin", None)
    assert action._validate_action_result({"events": [], "responses": []})
    with pytest.raises(Exception, match="is not of type"):
        action._validate_action_result({"events": "nonsense", "responses": []})


async def test_an_action_that_breaks_is_a_failure_and_not_a_silence(house: House) -> None:
    executor = make_executor(make_reach(house))

    async def broken(_call: dict[str, Any]) -> dict[str, Any]:
        raise ConnectionError("the database went away")

    agent = load_agent(model_path(house.settings.model_dir), InProcessActions(broken, is_rejection))
    with pytest.raises(DialogueFailed):
        await make_dialogue(agent)(said("", "/begin"), None)
    agent = load_agent(model_path(house.settings.model_dir), InProcessActions(executor.run, is_rejection))
    assert (await make_dialogue(agent)(said("", "/begin"), None)).replies


@pytest.mark.parametrize(
    "typed", ["/restart", '/choose{"choice": "yes"}', "/stop", '  /begin{"x": 1}', "/session_start"]
)
async def test_nobody_can_type_a_payload(chat: Chat, typed: str) -> None:
    await chat.choose("Yes, it is safe")
    before = {k: v for k, v in chat.slots.items() if k not in ("tries", "narrative", "findings", "story", "asked")}
    await chat.say(typed)
    for slot, value in before.items():
        if slot not in ("asking", "requested_slot"):
            assert chat.slots[slot] == value


async def test_a_payload_of_ours_that_cannot_be_read_is_refused(dialogue: Dialogue) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        await dialogue(said("x", "choose yes"), None)


async def test_a_snapshot_stays_small_however_long_the_talk(chat: Chat) -> None:
    import json

    await chat.choose("Yes, it is safe")
    for _ in range(30):
        await chat.say("why do you ask")
    assert len(json.dumps(chat.state)) < 2_000


async def test_two_talks_at_once_do_not_mix(dialogue: Dialogue, now: dt.datetime) -> None:
    import asyncio

    chats = [await Chat(dialogue, now).begin() for _ in range(5)]
    await asyncio.gather(*(chat.choose("Yes, it is safe") for chat in chats))
    stories = [f"My neighbour number {i} plays loud music every night" for i in range(5)]
    await asyncio.gather(*(chat.say(story) for chat, story in zip(chats, stories, strict=True)))
    for chat, story in zip(chats, stories, strict=True):
        assert chat.slots["narrative"] == story
        assert story in chat.text


def test_every_action_of_the_domain_has_a_move_and_every_move_is_in_the_domain() -> None:
    import yaml

    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(domain["actions"]) == sorted(move(None).name() for move in moves())


def test_rasas_own_action_server_finds_every_move() -> None:
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    assert sorted(executor.actions) == sorted(move(None).name() for move in moves())


async def test_a_move_of_rasas_own_action_server_wires_itself_inside_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actions.chat import Begin
    from bot.app import open_reach

    monkeypatch.setenv("HAVEN_VAR_DIR", str(tmp_path))
    open_reach.cache_clear()
    reach = Begin().reach
    assert await reach.sent("nobody") == ()
    open_reach.cache_clear()
