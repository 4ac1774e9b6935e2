"""How well does the whole reader do on messages by other hands? Floors, a little below what was measured."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from bot.settings import ROOT
from bot.triage.vocabulary import HATE_STRANDS, OTHER_HARM
from bot.understanding import evaluate, heed
from bot.understanding.evaluate import Seen
from bot.understanding.labelled import GRAVE, GROUPS, load_labelled
from bot.understanding.learned import LearnedReader

NOW = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.timezone.utc)


@pytest.fixture(scope="module")
def seen(learned: LearnedReader) -> list[Seen]:
    assert learned
    return evaluate.see(load_labelled(ROOT / "data" / "development"), NOW)


def test_kinds(seen: list[Seen]) -> None:
    assert evaluate.macro_f1(seen) >= 0.85


def test_hate_is_seldom_overlooked(seen: list[Seen]) -> None:
    assert evaluate.hate_recall(seen) >= 0.94


def test_labels(seen: list[Seen]) -> None:
    assert evaluate.count(seen, HATE_STRANDS).f1 >= 0.83
    assert evaluate.count(seen, GROUPS["asb_types"]).f1 >= 0.76
    assert evaluate.harm_recall(seen) >= 0.88
    assert evaluate.count(seen, OTHER_HARM).f1 >= 0.60


def test_every_label_has_its_words(seen: list[Seen]) -> None:
    assert all(one.spans_hold for one in seen)


def _danger(level: str, implicit: bool = False) -> list[str]:
    path = ROOT / "data" / "development" / "danger" / "lines.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line["text"] for line in lines if line["level"] == level and line.get("implicit", False) == implicit]


@pytest.mark.parametrize(
    ("level", "implicit", "least", "most"),
    [("now", False, 0.88, 1.0), ("now", True, 0.86, 1.0), ("none", False, 0.0, 0.15)],
)
def test_danger_is_heard(learned: LearnedReader, level: str, implicit: bool, least: float, most: float) -> None:
    assert learned
    texts = _danger(level, implicit)
    assert len(texts) >= 40
    share = sum(heed(text).level is not None for text in texts) / len(texts)
    assert least <= share <= most


def test_calm_stories_seldom_alarm(learned: LearnedReader) -> None:
    assert learned
    told = load_labelled(ROOT / "data" / "development")
    calm = [one.text for one in told if not one.labels & {*GRAVE, *OTHER_HARM}]
    assert sum(heed(text).level == "now" for text in calm) / len(calm) <= 0.03
    assert sum(heed(text).level is not None for text in calm) / len(calm) <= 0.11
