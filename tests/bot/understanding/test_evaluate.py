"""Does the quality table count what it says it counts?"""

from __future__ import annotations

import datetime as dt

import pytest

from bot.triage.vocabulary import Finding
from bot.understanding import evaluate
from bot.understanding.evaluate import Count, Seen
from bot.understanding.labelled import Labelled
from bot.understanding.reader import Reading

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.timezone.utc)


def _seen(kind: str, labels: set[str], read_kind: str, read_labels: set[str], holds: bool = True) -> Seen:
    return Seen(Labelled("x", "words", kind, frozenset(labels)), read_kind, frozenset(read_labels), 0.01, holds)


SEEN = [
    _seen("hate", {"race", "weapon"}, "both", {"race", "noise"}),
    _seen("asb", {"noise"}, "asb", {"noise", "weapon"}),
    _seen("other_harm", {"fraud", "stalking"}, "asb", {"fraud"}, holds=False),
    _seen("both", {"race", "noise"}, "not_asb", set()),
]


def test_labels_are_counted_over_messages() -> None:
    assert evaluate.count(SEEN, {"noise", "race"}) == Count(right=2, wrong=1, missed=2)
    assert evaluate.count(SEEN, {"noise", "race"}).f1 == pytest.approx(4 / 7)


def test_kinds_are_counted_over_those_that_are_there() -> None:
    # asb: one right, one wrong; hate, other_harm and both: missed
    assert evaluate.macro_f1(SEEN) == pytest.approx((2 / 3) / 4)


def test_hate_read_as_both_is_still_hate() -> None:
    assert evaluate.hate_recall(SEEN) == 0.5


def test_harm_counts_when_one_of_the_right_sort_is_read() -> None:
    assert evaluate.harm_recall(SEEN) == 1.0
    assert evaluate.harm_recall([_seen("other_harm", {"fraud"}, "other_harm", {"burglary"})]) == 0.0


def test_an_alarm_without_danger_is_a_false_one() -> None:
    assert evaluate.false_alarms(SEEN) == pytest.approx(1 / 3)


def test_the_table_says_what_was_measured() -> None:
    lines = list(evaluate.table(SEEN))
    assert lines[0] == "4 messages"
    assert any(line.startswith("spans that hold") and "0.750" in line for line in lines)
    assert any(line.split()[:3] == ["race", "2", "1"] for line in lines)


def test_a_span_that_does_not_hold_is_found() -> None:
    def misread(text: str, _now: dt.datetime) -> Reading:
        return Reading(text, (Finding("noise", 0, 4, "loud"),))

    (seen,) = evaluate.see([Labelled("x", "music all night", "asb", frozenset({"noise"}))], NOW, misread)
    assert not seen.spans_hold
    assert seen.labels == {"noise"}
