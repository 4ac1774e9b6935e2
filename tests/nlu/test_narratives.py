"""Is what the reader learns from varied, labelled over everything, and kept apart from what it is measured on?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

import pytest

from bot.settings import ROOT
from bot.triage.vocabulary import KINDS
from bot.understanding.labelled import LABELS, Labelled, load_labelled

#: Two messages that share more of their runs of three words than this are one message told twice.
NEAR = 0.4


@lru_cache(maxsize=2)
def _messages(name: str) -> tuple[Labelled, ...]:
    return tuple(load_labelled(ROOT / "data" / name))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return frozenset(tuple(words[at : at + 3]) for at in range(len(words) - 2)) or frozenset({tuple(words)})


def near_duplicates(messages: Sequence[Labelled]) -> list[tuple[str, str]]:
    """The pairs of messages that are nearly the same."""
    runs = [_runs(message.text) for message in messages]
    holding: dict[tuple[str, ...], list[int]] = defaultdict(list)
    found = []
    for number, mine in enumerate(runs):
        shared = Counter(other for run in mine for other in holding[run])
        for other, count in shared.items():
            if count / len(mine | runs[other]) > NEAR:
                found.append((messages[other].id, messages[number].id))
        for run in mine:
            holding[run].append(number)
    return found


def test_there_are_enough_narratives() -> None:
    assert len(_messages("narratives")) >= 2_500


def test_no_two_messages_are_nearly_the_same_and_none_is_both_learnt_and_measured() -> None:
    assert not near_duplicates([*_messages("narratives"), *_messages("development")])


def test_a_near_duplicate_is_found() -> None:
    first = Labelled("a", "they throw stones at my window every single night after ten", "asb", frozenset())
    second = Labelled("b", "They throw stones at our window every single night after ten.", "asb", frozenset())
    third = Labelled("c", "the lads next door play music at all hours", "asb", frozenset())
    assert near_duplicates([first, third, second]) == [("a", "b")]


@pytest.mark.parametrize(("name", "least"), [("narratives", 40), ("development", 4)])
def test_every_kind_and_every_label_is_there(name: str, least: int) -> None:
    kinds = Counter(message.kind for message in _messages(name))
    labels = Counter(label for message in _messages(name) for label in message.labels)
    assert not {kind: kinds[kind] for kind in KINDS if kinds[kind] < least}
    assert not {label: labels[label] for label in LABELS if labels[label] < least}


def test_both_texts_and_stories_are_there() -> None:
    lengths = [len(message.text.split()) for message in _messages("narratives")]
    assert sum(length <= 12 for length in lengths) > 400
    assert sum(length >= 90 for length in lengths) > 400


def test_ids_are_unique() -> None:
    ids = [message.id for name in ("narratives", "development") for message in _messages(name)]
    assert len(ids) == len(set(ids))


def test_labels_go_with_their_kind() -> None:
    wrong = []
    for message in (*_messages("narratives"), *_messages("development")):
        types, strands, harm = (message.of(group) for group in ("asb_types", "hate_strands", "other_harm"))
        fits = {
            "asb": types and not strands,
            "hate": strands,
            "both": strands and types,
            "other_harm": not strands and (harm or message.labels & {"suicide_self_harm", "immediate_danger"}),
            "not_asb": not types | strands | harm,
            "off_topic": not types | strands | harm,
        }
        if not fits[message.kind]:
            wrong.append(message.id)
    assert not wrong
