"""How are the weights of the wording learnt? One plain regression for each output, from the same labelled messages."""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.triage.vocabulary import KINDS
from bot.understanding.heard import OUTPUTS
from bot.understanding.wording import Wording, phrases_in, pieces_in, words_of

#: What stands in fewer messages than this is not weighed.
_FEWEST_PHRASES, _FEWEST_PIECES = 3, 5
#: Inverse strength of regularisation for labels and for kinds.
_LOOSE_LABELS, _LOOSE_KINDS = 8.0, 4.0
_STEPS = 60
_MOST_CORES = 8

Floats = npt.NDArray[np.float32]
#: In a process that fits: the messages as a sparse matrix, what should be said of each, and which of it was judged.
_SHARED: list[tuple[Any, Floats, Floats]] = []


def learn_wording(texts: Sequence[str], targets: Floats, known: Floats, kinds: Sequence[int | None]) -> Wording:
    """Weights from `texts`. `targets` and `known` are (texts, labels) of 0 and 1; `kinds` index KINDS where judged."""
    from scipy.sparse import csr_matrix

    words = [words_of(text) for text in texts]
    names, rarity = [], []
    for counts, fewest in ((phrases_in, _FEWEST_PHRASES), (pieces_in, _FEWEST_PIECES)):
        spread = Counter(name for said in words for name in counts(said))
        kept = sorted(name for name, number in spread.items() if number >= fewest)
        names += kept
        rarity += [1 + np.log((1 + len(texts)) / (1 + spread[name])) for name in kept]
    blank = Wording(tuple(names), np.array(rarity, np.float32), np.zeros((0, 0), np.float16), np.zeros(0, np.float32))
    rows = [blank.place(text) for text in texts]
    starts = np.cumsum([0, *(len(places) for places, _ in rows)])
    counted = csr_matrix(
        (np.concatenate([worth for _, worth in rows]), np.concatenate([places for places, _ in rows]), starts),
        shape=(len(texts), len(names)),
    )
    _SHARED[:] = [(counted, targets, known)]
    context = multiprocessing.get_context("fork")
    with context.Pool(min(_MOST_CORES, os.cpu_count() or 1)) as pool:
        by_kind = pool.apply_async(_fit_kinds, ([-1 if kind is None else kind for kind in kinds],))
        labels = pool.map(_fit_label, range(targets.shape[1]), chunksize=1)
        weights, bias = zip(*labels, *by_kind.get(), strict=True)
    _SHARED.clear()
    found = np.stack(weights, axis=1)
    if found.shape[1] != len(OUTPUTS):
        raise ValueError(f"{found.shape[1]} outputs were learnt, {len(OUTPUTS)} are known")
    return Wording(blank.names, blank.rarity, found.astype(np.float16), np.array(bias, np.float32))


def _fit_label(number: int) -> tuple[Floats, float]:
    ((counted, targets, known),) = _SHARED
    judged = np.flatnonzero(known[:, number])
    (fitted,) = _fit(counted[judged], targets[judged, number] > 0, _LOOSE_LABELS)
    return fitted


def _fit_kinds(kinds: Sequence[int]) -> list[tuple[Floats, float]]:
    ((counted, _, _),) = _SHARED
    judged = np.flatnonzero(np.array(kinds) >= 0)
    fitted = _fit(counted[judged], np.array(kinds)[judged], _LOOSE_KINDS)
    if len(fitted) != len(KINDS):
        raise ValueError("some kind has no message")
    return fitted


def _fit(counted: Any, said: npt.NDArray[Any], loose: float) -> list[tuple[Floats, float]]:
    """Weights and bias for each class, or for the one that is true where there are two."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=loose, class_weight="balanced", max_iter=_STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # to stop early is part of it
        model.fit(counted, said)
    return list(zip(model.coef_.astype(np.float32), map(float, model.intercept_), strict=True))
