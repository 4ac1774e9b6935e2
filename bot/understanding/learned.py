"""What has the reader learned to hear that no list of words can hold? A kind and labels, each with its words.

Every label has a query of its own, which looks over the vectors of a message's words and takes what concerns it; what
the lexicons found is weighed with it. The weights are made by `learning` when the model is built.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.triage.vocabulary import KINDS, Finding
from bot.understanding.encoder import Encoded, Encoder
from bot.understanding.labelled import LABELS

HEADS_FILE = "heads.npz"
#: Where under the model folder the learned reader lies.
FOLDER = "reader"

#: What the heads give a number for, in this order.
OUTPUTS = (*LABELS, *KINDS)

Floats = npt.NDArray[np.float32]

#: A span is at most so many pieces of words: long enough to be recognised, short enough to read.
_LONGEST_SPAN = 16


def marks_of(findings: Iterable[Finding]) -> frozenset[str]:
    """What the lexicons found, as the marks that the heads know: labels, and labels with a plain value."""
    marks = set()
    for finding in findings:
        marks.add(finding.label)
        value: Any = finding.value
        if isinstance(value, Mapping):
            value = value.get("relationship") or value.get("place")
        if isinstance(value, str):
            marks.add(f"{finding.label}={value}")
    return frozenset(marks)


@dataclass(frozen=True)
class Heads:
    """The weights over the encoder's vectors; `width` is 384 and `n` the number of OUTPUTS."""

    queries: Floats  # (width, n)
    values: Floats  # (width, n)
    means: Floats  # (width, n)
    marks: Floats  # (number of mark names, n)
    bias: Floats  # (n)
    mark_names: tuple[str, ...]

    def save(self, path: Path) -> None:
        """Write every weight to one file."""
        names = np.frombuffer(json.dumps(self.mark_names).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez(
                file,
                queries=self.queries,
                values=self.values,
                means=self.means,
                marks=self.marks,
                bias=self.bias,
                mark_names=names,
            )

    @classmethod
    def load(cls, path: Path) -> Heads:
        """Raises OSError, ValueError or KeyError when the file is missing or damaged."""
        with np.load(path, allow_pickle=False) as found:
            names = tuple(json.loads(found["mark_names"].tobytes().decode()))
            parts = {name: found[name] for name in ("queries", "values", "means", "marks", "bias")}
        heads = cls(**parts, mark_names=names)
        if heads.bias.shape != (len(OUTPUTS),) or heads.marks.shape != (len(names), len(OUTPUTS)):
            raise ValueError(f"{path.name} was made for other labels")
        return heads


@dataclass(frozen=True)
class Heard:
    """How sure the reader is of each kind (they add up to 1) and of each label (each for itself), 0..1."""

    text: str
    kinds: Mapping[str, float]
    labels: Mapping[str, float]
    _encoded: Encoded
    _weight: Floats  # (tokens, n): how much each token spoke for each output

    def words_for(self, label: str) -> tuple[int, int]:
        """Start and end of the words that spoke most for a label; the whole text when none stands out."""
        spoke = self._weight[:, OUTPUTS.index(label)]
        if not len(spoke) or spoke.max() <= 0:
            return _whole(self.text)
        first, last = _loudest(spoke)
        return _whole_words(self.text, int(self._encoded.starts[first]), int(self._encoded.ends[last]))


class LearnedReader:
    """Loaded once from the folder that `learning` wrote to."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError, ValueError or KeyError when a file is missing or damaged."""
        self.encoder = Encoder(folder)
        self._heads = Heads.load(folder / HEADS_FILE)
        self._place = {name: at for at, name in enumerate(self._heads.mark_names)}

    def hear(self, text: str, marks: Collection[str]) -> Heard | None:
        """What a message says, given what the lexicons found in it; None when it holds nothing to read."""
        encoded = self.encoder.encode(text)
        if not len(encoded):
            return None
        heads = self._heads
        looked = encoded.vectors @ heads.queries
        looked -= looked.max(axis=0)
        np.exp(looked, out=looked)
        looked /= looked.sum(axis=0)
        weight = looked * (encoded.vectors @ heads.values) + (encoded.vectors @ heads.means) / len(encoded)
        places = [self._place[mark] for mark in marks if mark in self._place]
        sums = weight.sum(axis=0) + heads.bias + heads.marks[places].sum(axis=0)
        labels = 1 / (1 + np.exp(-sums[: len(LABELS)].astype(np.float64)))
        kinds = np.exp(sums[len(LABELS) :].astype(np.float64) - sums[len(LABELS) :].max())
        return Heard(
            text,
            dict(zip(KINDS, (kinds / kinds.sum()).tolist(), strict=True)),
            dict(zip(LABELS, labels.tolist(), strict=True)),
            encoded,
            weight,
        )


@lru_cache(maxsize=1)
def load_reader(folder: Path) -> LearnedReader:
    """The reader of a model folder, loaded once. Raises as LearnedReader does."""
    return LearnedReader(folder / FOLDER)


def _loudest(spoke: Floats) -> tuple[int, int]:
    """First and last token of the stretch that spoke most, each token counted above a sixth of the loudest."""
    above = spoke - spoke.max() / 6
    best, best_at = float("-inf"), (0, 0)
    total, start = 0.0, 0
    for at, value in enumerate(above.tolist()):
        if total <= 0 or at - start >= _LONGEST_SPAN:
            total, start = 0.0, at
        total += value
        if total > best:
            best, best_at = total, (start, at)
    return best_at


def _whole(text: str) -> tuple[int, int]:
    stripped = text.strip()
    start = text.index(stripped) if stripped else 0
    return start, start + len(stripped)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened to the ends of its words; a lone short word takes the word after it along."""
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end
