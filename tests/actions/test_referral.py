"""Does the check before sending say that photos go too?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.reach import Reach
from actions.referral import AskCheckAnswers
from bot.directory import load_directory
from bot.settings import ROOT
from tests.nlu.meanings import KNOWN


async def _nothing(*_given: object) -> Any:
    return ()


@pytest.mark.parametrize(("held", "said"), [(0, None), (2, "Photos: 2. To see them or take one out")])
async def test_the_check_says_how_many_photos_go(now: dt.datetime, held: int, said: str | None) -> None:
    asked_of: list[str] = []

    async def count(conversation_id: str) -> int:
        asked_of.append(conversation_id)
        return held

    reach = Reach(load_directory, lambda: now, _nothing, _nothing, _nothing, _nothing, count)
    heard = {"text": "", "intent": {"name": "x"}, "entities": [], "metadata": {"at": now.isoformat(), "channel": "web"}}
    slots = {**KNOWN, "confirm_understanding": "yes"}
    tracker = Tracker("conversation-7", slots, heard, [], False, None, {"name": "intake"}, "action_listen")
    say = CollectingDispatcher()
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    await AskCheckAnswers(reach).run(say, tracker, domain)
    shown = say.messages[0]["text"]
    assert "Here is what I would send" in shown
    assert ("Photos" in shown) == bool(said)
    assert said is None or said in shown
    assert asked_of == ["conversation-7"]
