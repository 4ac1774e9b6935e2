"""How is the nearest meaning learnt? Linear heads over the encoder's vectors, from the worked examples alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from bot.understanding.short import (
    ANY,
    BY_VALUE,
    NO_OPTION,
    SPOKEN,
    Encodes,
    Head,
    NearestMeaning,
    Short,
    intent_of,
    read_all_shorts,
)

#: Inverse strength of regularisation; found by cross-validation over the examples.
_LOOSE_INTENTS, _LOOSE_ANSWERS = 20.0, 20.0
#: Of what belongs to other questions, so much is shown to each question as "not an answer of mine".
_OTHERS = 8
#: Fewer examples than this of an option are no ground to guess by.
_FEWEST = 3


def learn(
    encoder: Encodes, shorts: Sequence[Short], commands: Iterable[tuple[str, str]], intents: Sequence[str]
) -> NearestMeaning:
    """Heads for the kinds of message and for every question with options.

    `commands` are (words, intent) pairs beside the short examples; `intents` those that the domain knows.
    """
    pairs = [(_said(text), intent) for text, intent in commands]
    pairs += [(_said(short.text), intent_of(short, intents)) for short in shorts]
    vectors = {text: np.asarray(encoder.encode(text).mean, np.float32) for text in dict.fromkeys(t for t, _ in pairs)}
    kinds = _fit(np.array([vectors[text] for text, _ in pairs]), [intent for _, intent in pairs])
    questions = sorted({short.asks for short in shorts} - {ANY, *BY_VALUE})
    answers = {q: head for q in questions if (head := _answers(q, shorts, intents, vectors)) is not None}
    return NearestMeaning(encoder, kinds, answers)


def learn_from(root: Path, encoder: Encodes) -> NearestMeaning:
    """`learn` from the worked examples and the commands that stand under `root`."""
    commands = []
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line.removeprefix("- ") for line in block.get("examples", "").splitlines()]
            commands += [(line, block["intent"]) for line in lines if line and "intent" in block]
    intents = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))["intents"]
    return learn(encoder, read_all_shorts(root / "data" / "short"), commands, intents)


def _said(text: str) -> str:
    return text.lower().replace("\u2019", "'")


def _fit(x: npt.NDArray[np.float32], y: Sequence[str]) -> Head:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_LOOSE_INTENTS, max_iter=1000)
    model.fit(x, y)
    return Head(tuple(map(str, model.classes_)), model.coef_.astype(np.float32), model.intercept_.astype(np.float32))


def _answers(question: str, shorts: Sequence[Short], intents: Sequence[str], vectors: dict[str, Any]) -> Head | None:
    """One yes-or-no reading for each option of a question."""
    from sklearn.linear_model import LogisticRegression

    mine = [s for s in shorts if s.asks == question]
    options = sorted({m for s in mine for m in s.meanings} - {*NO_OPTION, *intents})
    options = [o for o in options if sum(o in s.meanings for s in mine) >= _FEWEST]
    if not options:
        return None
    meant = [(s.text, s.meanings) for s in mine]
    for short in shorts:
        if short.asks == ANY:
            names = frozenset(o for o in SPOKEN.get(short.means, ()) if o in options)
            meant.append((short.text, names))
    others = [s.text for s in shorts if s.asks not in (ANY, question)]
    meant += [(text, frozenset()) for text in others[::_OTHERS]]
    x = np.array([vectors[_said(text)] for text, _ in meant])
    rows, biases = [], []
    for option in options:
        model = LogisticRegression(C=_LOOSE_ANSWERS, max_iter=1000)
        model.fit(x, [option in names for _, names in meant])
        rows.append(model.coef_[0])
        biases.append(model.intercept_[0])
    return Head(tuple(options), np.array(rows, np.float32), np.array(biases, np.float32))
