"""What happens to people when the model is missing, truncated or exchanged, or when the dialogue hangs?"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.app import House, ModelUnusable, make_app, open_dialogue, open_house
from bot.conversations.record import Said, Turn
from bot.dialogue.training import model_path
from bot.settings import Settings
from tests.channels.serving import served
from tests.faults.siege import AFTERNOON, STORY, Siege, answers, refused_kindly, url_of, wait_until
from tests.journeys.haven import ROOT, free_port

DANGER = "he is outside with a knife and kicking my door in right now"


def house_on(folder: Path, model: Path) -> House:
    house = open_house(Settings(env="test", var_dir=folder, model_dir=model, clock=AFTERNOON))
    house.db.migrate()
    return house


def say(base: str, token: str, text: str, message_id: str) -> requests.Response:
    return requests.post(
        f"{base}/api/conversations/current/messages",
        json={"id": message_id, "text": text},
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_a_truncated_model_is_refused_in_words(tmp_path: Path, model: Path, share: float) -> None:
    folder = shutil.copytree(model, tmp_path / "models")
    whole = model_path(folder).read_bytes()
    model_path(folder).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelUnusable, match="SHA-256"):
        open_dialogue(house_on(tmp_path, folder))


def test_a_model_that_was_exchanged_is_refused(tmp_path: Path, model: Path) -> None:
    folder = shutil.copytree(model, tmp_path / "models")
    changed = bytearray(model_path(folder).read_bytes())
    changed[len(changed) // 2] ^= 1
    model_path(folder).write_bytes(changed)
    with pytest.raises(ModelUnusable, match="SHA-256"):
        open_dialogue(house_on(tmp_path, folder))


@pytest.mark.parametrize("stamp", ["", "[]", "{}", "null", '{"model": 1}'])
def test_a_model_whose_stamp_is_broken_is_refused(tmp_path: Path, model: Path, stamp: str) -> None:
    folder = shutil.copytree(model, tmp_path / "models")
    (folder / "haven.json").write_text(stamp)
    with pytest.raises(ModelUnusable, match="haven train"):
        open_dialogue(house_on(tmp_path, folder))


def test_without_a_model_people_are_answered_with_numbers_and_later_with_the_model(
    siege: Siege, tmp_path: Path
) -> None:
    environment = siege.haven.environment | {"HAVEN_PORT": str(free_port()), "HAVEN_MODEL_DIR": str(tmp_path)}
    log, base = tmp_path / "server.log", url_of(environment)
    with log.open("ab") as out:
        command = [sys.executable, "-m", "bot", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        wait_until(lambda: answers(f"{base}/healthz"), 30, "the server is up")
        assert "haven train" in log.read_text()
        ready = requests.get(f"{base}/readyz", timeout=10)
        assert ready.status_code == 503
        assert refused_kindly(ready)
        begun = requests.post(f"{base}/api/conversations", json={}, timeout=10)
        assert begun.status_code == 201
        assert "999" in begun.text
        token = begun.json()["token"]
        for number in range(4):
            answer = say(base, token, DANGER if number else STORY, f"m{number}")
            assert answer.status_code == 200
            texts = [m["text"] for m in answer.json()["messages"]]
            assert "Your words are kept" in texts[-1]
            assert all("999" in text for text in texts)
            assert len(texts) == (3 if number else 1), "999, the crisis lines and the notice; or the notice alone"
    finally:
        process.terminate()
        process.wait(20)
    # Four tries are more than a message may fail, but without a model none of them counted against it: where there is
    # one, all that is owed is answered with the next message, from the greeting on.
    said = say(siege.haven.url, token, "I am safe now", "m4").json()["messages"]
    assert said[0]["text"].startswith("Hello")
    assert len(said) > 4
    assert said[-1]["asks"]


def test_a_dialogue_that_hangs_is_answered_with_numbers_in_time(tmp_path: Path, model: Path) -> None:
    async def hangs(_said: Said, _state: dict[str, Any] | None) -> Turn:
        await asyncio.sleep(60)
        raise AssertionError("it was waited for")

    house = house_on(tmp_path, model)
    began = time.monotonic()
    with served(make_app(house, hangs, with_worker=False)) as base:
        begun = requests.post(f"{base}/api/conversations", json={}, timeout=20)
    assert begun.status_code == 201
    assert "999" in begun.text
    assert time.monotonic() - began < 9
