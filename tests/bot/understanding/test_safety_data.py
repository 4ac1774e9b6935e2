"""Is the safety check's data fit to be reviewed? A reason for every entry, known labels, no idle word."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from bot.triage.vocabulary import RISKS
from bot.understanding.frames import FrameBook
from bot.understanding.safety import FILES, FRAMES, HARMLESS, WORDS
from bot.understanding.words import LEXICONS

LABELS = {*RISKS, "child_at_risk", "adult_at_risk"}


def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((LEXICONS / name).read_text(encoding="utf-8"))
    return data


ENTRIES = [
    *((name, entry) for name in FILES for entry in _load(name)["signals"]),
    *((name, entry) for name in FRAMES for entry in _load(name)["frames"]),
]


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_every_signal_says_why_it_is_there(name: str, entry: dict[str, Any]) -> None:
    assert len(entry["why"].split()) >= 5, name
    assert entry["label"] in LABELS
    assert entry["level"] in ("now", "firm", "ask")
    assert entry.get("any") or entry.get("frames")


@pytest.mark.parametrize("entry", _load(HARMLESS)["harmless"])
def test_every_harmless_phrase_says_why_it_is_there(entry: dict[str, Any]) -> None:
    assert len(entry["why"].split()) >= 5
    assert entry["any"]


def test_no_frame_is_written_twice() -> None:
    lines = [(entry["label"], line) for _, entry in ENTRIES for line in entry.get("frames", ())]
    assert len(lines) == len(set(lines))


def test_every_class_is_used() -> None:
    named = _load(WORDS)
    lines = " ".join(line for _, entry in ENTRIES for line in [*entry.get("frames", ()), entry.get("not", "")])
    used = set(re.findall(r"[A-Z]{2,}", lines))
    assert set(named["classes"]) | set(named["verbs"]) <= used
    FrameBook(named["classes"], named["verbs"], [])
