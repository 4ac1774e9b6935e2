"""What does the wording alone speak for? A weight for every word, pair of words and piece of a word, in each output.

Beside the encoder, which hears what is meant, this hears how people put it: names, slurs and turns of phrase, however
they are spelt. Each is often right where the other is not. The weights are made by `wording_learning`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.understanding.heard import OUTPUTS

WORDING_FILE = "wording.npz"

#: Pieces of words are so long, with a space at each end of the word.
_SIZES = (2, 3, 4)
#: Longer "words" are keys that were leant on, or worse.
_LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_][\w'*@$]*|[?!]+")
_APOSTROPHE = str.maketrans("\u2019\u2018`", "'''")

Floats = npt.NDArray[np.float32]


def words_of(text: str) -> list[str]:
    """The words as they are written, in small letters."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(text.lower().translate(_APOSTROPHE))]


def phrases_in(words: Sequence[str]) -> Counter[str]:
    """How often each word and each pair of words stands there."""
    return Counter([*words, *(f"{first} {second}" for first, second in pairwise(words))])


@lru_cache(maxsize=10_000)
def pieces_of(word: str) -> tuple[str, ...]:
    """The pieces of one word, marked so that none can be taken for a word: "_no", "not", "ot_" of "not"."""
    padded = f"_{word}_"
    return tuple(f"#{padded[at : at + size]}" for size in _SIZES for at in range(len(padded) - size + 1))


def pieces_in(words: Sequence[str]) -> Counter[str]:
    """How often each piece of a word is there."""
    return Counter(piece for word in words for piece in pieces_of(word))


@dataclass(frozen=True)
class Wording:
    """`names` are the phrases and pieces that count, `rarity` how telling each is, `weights` (names, OUTPUTS)."""

    names: tuple[str, ...]
    rarity: Floats
    weights: npt.NDArray[np.float16]
    bias: Floats

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names)}

    def place(self, text: str) -> tuple[npt.NDArray[np.int64], Floats]:
        """Which names the text holds, and how much each is worth: phrases and pieces each of length one together."""
        words = words_of(text)
        parts = [self._worth(counted) for counted in (phrases_in(words), pieces_in(words))]
        places, worth = (np.concatenate(both) for both in zip(*parts, strict=True))
        return places, worth

    def _worth(self, counted: Counter[str]) -> tuple[npt.NDArray[np.int64], Floats]:
        place = self._place
        known = [(place[name], count) for name, count in counted.items() if name in place]
        places = np.array([at for at, _ in known], np.int64)
        worth = (1 + np.log(np.array([count for _, count in known], np.float32))) * self.rarity[places]
        length = float(np.sqrt((worth**2).sum()))
        return places, worth / length if length else worth

    def sums(self, text: str) -> Floats:
        """How much the wording speaks for each of OUTPUTS, or against it; 0 is neither."""
        places, worth = self.place(text)
        spoken: Floats = worth @ self.weights[places].astype(np.float32) + self.bias
        return spoken

    def save(self, path: Path) -> None:
        """Write everything to one file."""
        names = np.frombuffer(json.dumps(self.names).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez(file, names=names, rarity=self.rarity, weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, path: Path) -> Wording:
        """Raises OSError, ValueError or KeyError when the file is missing or damaged."""
        with np.load(path, allow_pickle=False) as found:
            names = tuple(json.loads(found["names"].tobytes().decode()))
            wording = cls(names, found["rarity"], found["weights"], found["bias"])
        if wording.weights.shape != (len(names), len(OUTPUTS)) or wording.rarity.shape != (len(names),):
            raise ValueError(f"{path.name} was made for other labels")
        return wording
