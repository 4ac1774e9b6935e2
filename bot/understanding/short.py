"""What have people meant by short messages? The worked examples, and what was learnt from them: the nearest meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import yaml

#: No question in particular: what is meant whatever is open.
ANY = "any"
#: Under this meaning each line carries its own, after the arrow.
EACH = "="
#: What is not one of a question's options: something told, something mashed, or no answer at all.
NO_OPTION = ("tell", "nothing", "words", "unclear", "language")
#: Questions that are answered by a value of the person's own, not by an option.
BY_VALUE = ("story", "when", "area", "name", "report_details", "trusted_adult", "return_word", "anything_else")
#: A yes, a no or a shrug means the same wherever it is an option; what it is called there.
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "yes": ("yes", "given", "send", "someone", "self"),
    "no": ("no", "refused", "none", "nobody"),
    "not_sure": ("not_sure",),
}
FILE_NAME = "short.npz"

_ARROW = " => "
#: How sure one must be of an option (0..1), and by how much surer than of the next where only one is meant.
_SURE, _MARGIN = 0.15, 0.05

#: Where several may be meant, each must be at least so near, as a share of the nearest.
_BESIDE = 0.6

Vector = npt.NDArray[np.float32]


class Encodes(Protocol):
    """What gives a text a vector (see `encoder.Encoder`)."""

    def encode(self, text: str) -> Any:
        """Something whose `mean` is the text as one vector of length 1."""


@dataclass(frozen=True)
class Short:
    """One short message. `means` is an option's value (several joined by " + "), an intent, or the value given."""

    text: str
    asks: str
    means: str

    @property
    def meanings(self) -> frozenset[str]:
        """Every option meant."""
        return frozenset(self.means.split(" + "))


def read_shorts(path: Path) -> Iterator[Short]:
    """The examples of one file: question -> meaning -> a message a line. Raises ValueError for a line without sense."""
    content: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for asks, meanings in content.items():
        for means, lines in meanings.items():
            for line in filter(None, (line.strip() for line in str(lines).splitlines())):
                text, arrow, value = line.rpartition(_ARROW)
                if (means == EACH) != bool(arrow):
                    raise ValueError(f"{path.name}: {asks}: {line!r} should name its value only under {EACH!r}")
                yield Short(text if arrow else line, asks, value.strip() if arrow else str(means))


def read_all_shorts(folder: Path) -> tuple[Short, ...]:
    """Every example of every topic, in a fixed order."""
    return tuple(short for path in sorted(folder.glob("*.yml")) for short in read_shorts(path))


def intent_of(short: Short, intents: Iterable[str]) -> str:
    """What kind of message an example is: a command or question of the domain, yes, no, or simply something told."""
    if short.asks == ANY and short.means in ("yes", "no"):
        return {"yes": "affirm", "no": "deny"}[short.means]
    return short.means if short.means in set(intents) else "tell"


@dataclass(frozen=True)
class Head:
    """A linear reading of a vector: one weight row and one bias for each name."""

    names: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    biases: npt.NDArray[np.float32]

    def score(self, vector: Vector) -> npt.NDArray[np.float32]:
        """A logit for each name."""
        return np.asarray(self.weights @ vector + self.biases, np.float32)


class NearestMeaning:
    """What a short message is nearest to, among the worked examples. Made by `learn`, kept with `save`."""

    def __init__(self, encoder: Encodes, intents: Head, answers: Mapping[str, Head]) -> None:
        self._encoder = encoder
        self._intents = intents
        self._answers = dict(answers)
        self._last: tuple[str, Vector] = ("", np.zeros(0, np.float32))

    def intents(self, text: str) -> dict[str, float]:
        """How likely each kind of message is; the likelihoods add up to 1."""
        logits = self._intents.score(self._vector(text))
        likely = np.exp(logits - logits.max())
        likely /= likely.sum()
        return {name: float(p) for name, p in zip(self._intents.names, likely, strict=True)}

    def answers(
        self, question: str, text: str, offered: Sequence[str], several: bool = False, sure: float = _SURE
    ) -> list[str]:
        """The options of a question that the text is near to, the nearest first; none when it is near to none.

        Only one, and only when it stands clear of the others, unless `several` may be meant.
        """
        head = self._answers.get(question)
        if head is None:
            return []
        likely = 1 / (1 + np.exp(-head.score(self._vector(text))))
        ranked = sorted(
            ((float(p), name) for name, p in zip(head.names, likely, strict=True) if name in offered), reverse=True
        )
        near = [name for p, name in ranked if p >= sure]
        if several:
            return [name for p, name in ranked if p >= max(sure, _BESIDE * ranked[0][0])]
        if not near:
            return []
        clear = len(ranked) < 2 or ranked[0][0] - ranked[1][0] >= _MARGIN
        return near[:1] if clear else []

    def save(self, folder: Path) -> None:
        """Write what was learnt beside the encoder."""
        heads = {ANY: self._intents, **self._answers}
        arrays: dict[str, Any] = {"names": np.array(sorted(heads))}
        for name, head in heads.items():
            arrays |= {f"{name}|names": np.array(head.names), f"{name}|w": head.weights, f"{name}|b": head.biases}
        with (folder / FILE_NAME).open("wb") as file:
            np.savez(file, **arrays)

    @classmethod
    def load(cls, folder: Path, encoder: Encodes) -> NearestMeaning:
        """What `save` wrote. Raises OSError or ValueError when it is missing or damaged."""
        with np.load(folder / FILE_NAME, allow_pickle=False) as kept:
            heads = {
                str(name): Head(tuple(map(str, kept[f"{name}|names"])), kept[f"{name}|w"], kept[f"{name}|b"])
                for name in kept["names"]
            }
        return cls(encoder, heads.pop(ANY), heads)

    def _vector(self, text: str) -> Vector:
        said = text.lower().replace("\u2019", "'")
        if self._last[0] != said:  # one message is looked at several times in a row
            self._last = (said, np.asarray(self._encoder.encode(said).mean, np.float32))
        return self._last[1]


_nearest: NearestMeaning | None = None


def use_nearest(nearest: NearestMeaning | None) -> None:
    """Have short messages read with this from now on; None: with the exact readers alone."""
    global _nearest
    _nearest = nearest


def nearest_meaning() -> NearestMeaning | None:
    """What is in use, if anything is. Kept here because the parts that Rasa builds cannot be handed anything."""
    return _nearest
