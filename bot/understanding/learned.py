"""What has the reader learned to hear that no list of words can hold? A kind and labels, each with its words.

Every label has a query of its own, which looks over the vectors of a message's words and takes what concerns it; what
the lexicons found is weighed with it, and so is the wording itself (`wording`). The weights are made by `learning` when
the model is built.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.triage.vocabulary import KINDS
from bot.understanding.encoder import Encoder
from bot.understanding.heard import OUTPUTS, Heard
from bot.understanding.wording import WORDING_FILE, Wording

HEADS_FILE = "heads.npz"
#: Where under the model folder the learned reader lies.
FOLDER = "reader"

#: How far the wording counts beside what the encoder hears. More gains nothing on the development messages.
_WORDING_WEIGHS = 0.75

Floats = npt.NDArray[np.float32]


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


class LearnedReader:
    """Loaded once from the folder that `learning` wrote to."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError, ValueError or KeyError when a file is missing or damaged."""
        self._encoder = Encoder(folder)
        self._heads = Heads.load(folder / HEADS_FILE)
        self._wording = Wording.load(folder / WORDING_FILE)
        self._place = {name: at for at, name in enumerate(self._heads.mark_names)}

    def hear(self, text: str, marks: Collection[str]) -> Heard | None:
        """What a message says, given what the lexicons found in it; None when it holds nothing to read."""
        encoded = self._encoder.encode(text)
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
        sums += _WORDING_WEIGHS * self._wording.sums(text)
        labels = 1 / (1 + np.exp(-sums[: -len(KINDS)].astype(np.float64)))
        kinds = np.exp(sums[-len(KINDS) :].astype(np.float64) - sums[-len(KINDS) :].max())
        return Heard(
            text,
            dict(zip(KINDS, (kinds / kinds.sum()).tolist(), strict=True)),
            dict(zip(OUTPUTS, labels.tolist(), strict=False)),
            encoded.starts,
            encoded.ends,
            weight,
        )
