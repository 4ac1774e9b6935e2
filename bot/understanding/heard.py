"""What was heard in a message as a whole? How sure the learned reader is of each kind and label, and of which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.triage.vocabulary import KINDS, Finding
from bot.understanding.cues import cues_in
from bot.understanding.labelled import DANGER_MAYBE, DANGER_NOW, LABELS

#: What the heads give a number for, in this order.
OUTPUTS = (*LABELS, DANGER_NOW, DANGER_MAYBE, *KINDS)

#: A span is at most so many pieces of words: long enough to be recognised, short enough to read.
_LONGEST_SPAN = 16


def marks_of(text: str, findings: Iterable[Finding]) -> frozenset[str]:
    """What the lexicons found in `text`, as the marks that the heads know: labels, labels with a plain value, cues."""
    marks = set(cues_in(text))
    for finding in findings:
        marks.add(finding.label)
        value: Any = finding.value
        if isinstance(value, Mapping):
            value = value.get("relationship") or value.get("place")
        if isinstance(value, str):
            marks.add(f"{finding.label}={value}")
    return frozenset(marks)


@dataclass(frozen=True)
class Heard:
    """How sure the reader is of each kind (they add up to 1), and of each label and danger by itself, 0..1."""

    text: str
    kinds: Mapping[str, float]
    labels: Mapping[str, float]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float32]  # (tokens, number of OUTPUTS): how much each token spoke for each output

    def words_for(self, label: str) -> tuple[int, int]:
        """Start and end of the words that spoke most for a label; the whole text when none stands out."""
        spoke = self.weight[:, OUTPUTS.index(label)]
        if not len(spoke) or spoke.max() <= 0:
            return _whole(self.text)
        first, last = _loudest(spoke)
        return _whole_words(self.text, int(self.starts[first]), int(self.ends[last]))


def _loudest(spoke: npt.NDArray[np.float32]) -> tuple[int, int]:
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
