"""Does the wording speak for what it stood with, whatever else is written?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.vocabulary import KINDS
from bot.understanding.heard import OUTPUTS
from bot.understanding.wording import Wording, phrases_in, pieces_of, words_of
from bot.understanding.wording_learning import learn_wording

LABELS = OUTPUTS[: -len(KINDS)]
LOUD = ("the music is loud again", "so loud the music all night", "loud music at two in the morning")
CALM = ("where is the library", "what time is the bus", "is the bus to the library late")


@pytest.fixture(scope="module")
def wording() -> Wording:
    texts = [*LOUD, *CALM] * 6
    loud = np.array([text in LOUD for text in texts], np.float32)
    targets = np.stack([loud] * len(LABELS), axis=1)
    kinds = [at % len(KINDS) for at in range(len(texts))]
    return learn_wording(texts, targets, np.ones_like(targets), kinds)


def test_words_are_taken_as_written_in_small_letters() -> None:
    assert words_of("Can\u2019t SLEEP!! p***  again…") == ["can't", "sleep", "!!", "p***", "again"]
    assert phrases_in(["not", "again"]) == {"not": 1, "again": 1, "not again": 1}


def test_a_piece_is_never_taken_for_a_word() -> None:
    assert "#_no" in pieces_of("not")
    assert all(piece.startswith("#") for piece in pieces_of("not"))


def test_what_a_label_stood_with_speaks_for_it(wording: Wording) -> None:
    for_it, against_it = wording.sums("their music is loud"), wording.sums("the bus to the library")
    assert (for_it[: len(LABELS)] > 0).all()
    assert (against_it[: len(LABELS)] < 0).all()


def test_a_slip_of_the_thumb_is_still_heard(wording: Wording) -> None:
    assert wording.sums("there musicc is louud")[0] > wording.sums("there booksc are gooud")[0]


def test_it_is_kept_whole(wording: Wording, tmp_path: Path) -> None:
    wording.save(tmp_path / "wording.npz")
    again = Wording.load(tmp_path / "wording.npz")
    assert again.names == wording.names
    assert (again.sums("loud music") == wording.sums("loud music")).all()


def test_weights_for_other_labels_are_refused(wording: Wording, tmp_path: Path) -> None:
    Wording(wording.names, wording.rarity, wording.weights[:, 1:], wording.bias).save(tmp_path / "wording.npz")
    with pytest.raises(ValueError, match="other labels"):
        Wording.load(tmp_path / "wording.npz")


@given(st.text())
def test_any_text_has_a_finite_answer(wording: Wording, text: str) -> None:
    assert np.isfinite(wording.sums(text)).all()


def test_nothing_written_leaves_only_what_is_usual(wording: Wording) -> None:
    assert (wording.sums("") == wording.bias).all()
