"""How well does the whole reader do on messages by other hands? Floors, a little below what was measured."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.settings import ROOT
from bot.triage.vocabulary import HATE_STRANDS, OTHER_HARM
from bot.understanding import evaluate
from bot.understanding.evaluate import Seen
from bot.understanding.labelled import GROUPS, load_labelled
from bot.understanding.learned import LearnedReader

NOW = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.timezone.utc)


@pytest.fixture(scope="module")
def seen(learned: LearnedReader) -> list[Seen]:
    assert learned
    return evaluate.see(load_labelled(ROOT / "data" / "development"), NOW)


def test_kinds(seen: list[Seen]) -> None:
    assert evaluate.macro_f1(seen) >= 0.82


def test_hate_is_seldom_overlooked(seen: list[Seen]) -> None:
    assert evaluate.hate_recall(seen) >= 0.93


def test_labels(seen: list[Seen]) -> None:
    assert evaluate.count(seen, HATE_STRANDS).f1 >= 0.75
    assert evaluate.count(seen, GROUPS["asb_types"]).f1 >= 0.73
    assert evaluate.harm_recall(seen) >= 0.78
    assert evaluate.count(seen, OTHER_HARM).f1 >= 0.60


def test_every_label_has_its_words(seen: list[Seen]) -> None:
    assert all(one.spans_hold for one in seen)
