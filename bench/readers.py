"""Which reader reads best? Trains each on the narratives, measures all on the development messages, prints one table.

`.venv/bin/python -m bench.readers [--without-diet]`. Takes about three minutes; DIET's training takes far longer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

from bot.settings import ROOT, hush_rasa
from bot.triage.vocabulary import HATE_STRANDS
from bot.understanding import evaluate, read_words
from bot.understanding.encoder import Encoder
from bot.understanding.encoder_export import export_encoder, find_weights, read_weights
from bot.understanding.evaluate import Seen
from bot.understanding.hearing import load_learned, read
from bot.understanding.labelled import GROUPS, LABELS, Labelled, load_labelled

NOW = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.timezone.utc)
#: A label is taken when its own classifier is at least so sure.
SURE = 0.3

Featurise = Callable[[Sequence[str]], Any]


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    hush_rasa()
    parser = argparse.ArgumentParser(prog="bench.readers")
    parser.add_argument("--without-diet", action="store_true", help="leave out the one that takes long")
    asked = parser.parse_args()
    learnt, measured = (load_labelled(ROOT / "data" / name) for name in ("narratives", "development"))
    print(f"learnt from {len(learnt)} narratives, measured on {len(measured)} development messages")
    print(f"{'reader':34}{'kind':>7}{'hate':>7}{'strands':>9}{'types':>7}{'harm':>7}{'ms':>7}", flush=True)
    _show("lexicons alone", evaluate.see(measured, NOW, read_words))
    ngrams = make_union(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True),
    )
    ngrams.fit([message.text for message in learnt])
    _show("word and letter n-grams", _by_regression(learnt, measured, ngrams.transform, 5.0))
    if not asked.without_diet:
        _show("Rasa's DIET (kind alone)", _by_diet(learnt, measured), kind_alone=True)
    with tempfile.TemporaryDirectory() as folder:
        published = find_weights()
        export_encoder(read_weights(published), published / "tokenizer.json", Path(folder))
        encoder = Encoder(Path(folder))

        def means(texts: Sequence[str]) -> Any:
            return np.stack([encoder.encode(text).mean for text in texts]) * 4

        _show("MiniLM as published, regression", _by_regression(learnt, measured, means, 1.0))
    if not load_learned(ROOT / "models"):
        raise SystemExit("there is no learned reader: run `make train`")
    _show("Haven: lexicons, wording, tuned MiniLM", evaluate.see(measured, NOW, read))


def _show(name: str, seen: Sequence[Seen], kind_alone: bool = False) -> None:
    figures = [evaluate.macro_f1(seen), evaluate.hate_recall(seen)]
    if not kind_alone:
        figures += [
            evaluate.count(seen, HATE_STRANDS).f1,
            evaluate.count(seen, GROUPS["asb_types"]).f1,
            evaluate.harm_recall(seen),
        ]
    shown = [f"{figure:.3f}" for figure in figures] + ["-"] * (5 - len(figures))
    milliseconds = float(np.median([one.seconds for one in seen])) * 1000
    print(f"{name:34}{shown[0]:>7}{shown[1]:>7}{shown[2]:>9}{shown[3]:>7}{shown[4]:>7}{milliseconds:7.1f}", flush=True)


def _by_regression(
    learnt: Sequence[Labelled], measured: Sequence[Labelled], featurise: Featurise, strength: float
) -> list[Seen]:
    """One logistic regression for the kind and one for each label."""
    features = featurise([message.text for message in learnt])
    kind = LogisticRegression(C=strength, max_iter=500, class_weight="balanced")
    kind.fit(features, [message.kind for message in learnt])
    by_label = {
        label: LogisticRegression(C=strength, max_iter=500).fit(features, [label in m.labels for m in learnt])
        for label in LABELS
    }
    seen = []
    for message in measured:
        began = time.perf_counter()
        found = featurise([message.text])
        labels = frozenset(label for label, judge in by_label.items() if judge.predict_proba(found)[0, 1] >= SURE)
        read_kind = str(kind.predict(found)[0])
        seen.append(Seen(message, read_kind, labels, time.perf_counter() - began, True))
    return seen


def _by_diet(learnt: Sequence[Labelled], measured: Sequence[Labelled]) -> list[Seen]:
    """Rasa's own classifier, told the kind as an intent."""
    import asyncio

    import rasa.model_training
    from rasa.core.agent import Agent

    config = {
        "recipe": "default.v1",
        "assistant_id": "diet",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "CountVectorsFeaturizer"},
            # over runs of letters as well, one pass over the narratives takes longer than all the others together
            {"name": "DIETClassifier", "epochs": 15, "entity_recognition": False, "random_seed": 1},
        ],
        "policies": [],
    }
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        by_kind: dict[str, list[str]] = {}
        for message in learnt:
            by_kind.setdefault(message.kind, []).append(" ".join(message.text.split()))
        examples = [
            {"intent": kind, "examples": "".join(f"- {text}\n" for text in texts)} for kind, texts in by_kind.items()
        ]
        (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": examples}, allow_unicode=True))
        (folder / "config.yml").write_text(yaml.safe_dump(config))
        model = rasa.model_training.train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
        agent = Agent.load(str(model))

        async def parse() -> list[Seen]:
            seen = []
            for message in measured:
                began = time.perf_counter()
                said = await agent.parse_message(" ".join(message.text.split()))
                kind = str(said["intent"]["name"])
                seen.append(Seen(message, kind, frozenset(), time.perf_counter() - began, True))
            return seen

        return asyncio.run(parse())


if __name__ == "__main__":
    main()
