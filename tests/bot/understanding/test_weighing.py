"""When lexicons and learned reader have both spoken, do kind and labels agree?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from bot.triage import assess
from bot.triage.vocabulary import HEARD_KIND, KINDS, Finding
from bot.understanding.heard import OUTPUTS, Heard
from bot.understanding.weighing import settle_kind, weigh

TEXT = "he shouts things over the fence"


def _heard(kinds: Mapping[str, float], labels: Mapping[str, float]) -> Heard:
    """A message of three tokens in which the second, "things", spoke for everything."""
    rest = (1 - sum(kinds.values())) / max(1, len(KINDS) - len(kinds))
    weight = np.zeros((3, len(OUTPUTS)), np.float32)
    weight[1] = 1
    every = {**dict.fromkeys(OUTPUTS, 0.01), **labels}
    return Heard(
        TEXT, {**dict.fromkeys(KINDS, rest), **kinds}, every, np.array([0, 10, 17]), np.array([2, 16, 21]), weight
    )


def _judge(words: list[Finding], heard: Heard) -> Any:
    return assess(weigh(words, heard), {})


def test_labels_outvote_a_kind_that_is_hardly_surer() -> None:
    heard = _heard({"asb": 0.5, "both": 0.45}, {"race": 0.97, "harassment_intimidation": 0.9})
    assert settle_kind(heard) == "both"


@pytest.mark.parametrize(
    ("kinds", "kind", "group"),
    [
        ({"asb": 0.95}, "asb", "asb_types"),
        ({"hate": 0.95}, "hate", "hate_strands"),
        ({"both": 0.99}, "both", "hate_strands"),
        ({"other_harm": 0.99}, "other_harm", "other_harm"),
    ],
)
def test_a_kind_never_stands_without_its_labels(kinds: dict[str, float], kind: str, group: str) -> None:
    judged = _judge([], _heard(kinds, {"noise": 0.2, "race": 0.2, "fraud": 0.2}))
    assert judged.kind == kind
    assert getattr(judged, group)


def test_a_dispute_has_no_labels_of_harm() -> None:
    noise = Finding("noise", 0, 2, "he")
    judged = _judge([noise], _heard({"not_asb": 0.97}, {"noise": 0.3, "repeat": 0.9}))
    assert (judged.kind, judged.asb_types, judged.risk) == ("not_asb", (), ("repeat",))


def test_words_of_the_lexicons_are_kept_as_the_evidence() -> None:
    noise = Finding("noise", 3, 9, "shouts")
    found = weigh([noise], _heard({"asb": 0.95}, {"noise": 0.9, "trespass": 0.8}))
    assert [f.text for f in found if f.label == "noise"] == ["shouts"]
    assert [f.text for f in found if f.label == "trespass"] == ["things"]


def test_danger_seen_by_the_safety_check_is_never_taken_away() -> None:
    knife = Finding("weapon", 0, 2, "he", "now")
    assert "weapon" in _judge([knife], _heard({"off_topic": 0.99}, {"weapon": 0.0})).risk


def test_a_word_of_a_list_that_surely_meant_something_else_is_let_go() -> None:
    gun = Finding("weapon", 0, 2, "he")
    assert "weapon" not in _judge([gun], _heard({"off_topic": 0.99}, {"weapon": 0.01})).risk
    assert "weapon" in _judge([gun], _heard({"asb": 0.9}, {"weapon": 0.2, "noise": 0.9})).risk


def test_facts_are_left_alone() -> None:
    when = Finding("when", 0, 2, "he", {"about": True, "words": "he"})
    found = weigh([when], _heard({"off_topic": 0.9}, {}))
    assert when in found
    assert {f.label for f in found} == {"when", HEARD_KIND}


def test_somebody_else_is_spoken_for() -> None:
    judged = _judge([], _heard({"asb": 0.9}, {"noise": 0.9, "third_party": 0.9}))
    assert judged.third_party
