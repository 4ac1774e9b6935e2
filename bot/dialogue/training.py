"""When must the model be trained, and how? In a process of its own, because only training needs TensorFlow."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bot.understanding.short import intent_of, read_all_shorts

#: What a model is made of. A change in any of these makes it stale.
SOURCES = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/short",
    "data/rules",
    "data/stories",
    "bot/dialogue/letters.py",
    "bot/dialogue/nlu.py",
    "bot/dialogue/policies.py",
    "bot/understanding/short.py",
    "requirements.txt",
)

MODEL_NAME = "haven.tar.gz"


class TrainingFailed(Exception):
    """No model was made; the one before, if any, is untouched."""


def fingerprint(root: Path) -> str:
    """SHA-256 over every file the model is made of, by relative name and content."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = root / source
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.relative_to(root).as_posix().encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def model_path(model_dir: Path) -> Path:
    """Where the model in use lies."""
    return model_dir / MODEL_NAME


def is_stale(root: Path, model_dir: Path) -> bool:
    """True when there is no whole model made from what stands here now."""
    stamp = model_dir / "haven.json"
    model = model_path(model_dir)
    if not stamp.is_file() or not model.is_file():
        return True
    try:
        made_from = json.loads(stamp.read_text())
    except ValueError:
        return True
    return bool(made_from != _stamp(fingerprint(root), model))


@contextmanager
def alone(model_dir: Path) -> Iterator[None]:
    """Hold the only place at training: a second process waits, and then finds the first one's model."""
    model_dir.mkdir(parents=True, exist_ok=True)
    with (model_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def train(root: Path, model_dir: Path) -> Path:
    """Train with the files under `root` and put the model in `model_dir`, whole or not at all.

    Raises TrainingFailed with Rasa's own words.
    """
    import rasa.model_training  # only here: it loads TensorFlow
    from rasa.shared.exceptions import RasaException

    made_from = fingerprint(root)
    model_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model_dir) as scratch:
        short = Path(scratch) / "short.yml"
        short.write_text(short_examples(root), encoding="utf-8")
        try:
            result = rasa.model_training.train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=[*(str(root / "data" / part) for part in ("nlu", "rules", "stories")), str(short)],
                output=scratch,
                fixed_model_name="haven",
            )
        except RasaException as problem:
            raise TrainingFailed(str(problem)) from problem
        if result.code != 0 or not result.model:
            raise TrainingFailed(f"Rasa could not train a model (code {result.code})")
        trained = Path(result.model)
        _forget_training_graph(trained)
        model = model_path(model_dir)
        trained.replace(model)
    stamp = _stamp(made_from, model)
    waiting = model_dir / "haven.json.new"
    waiting.write_text(json.dumps(stamp))
    waiting.replace(model_dir / "haven.json")
    return model


def short_examples(root: Path) -> str:
    """The worked examples of short messages in Rasa's format: commands as what they are, every answer as told."""
    intents = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))["intents"]
    by_intent: dict[str, list[str]] = {}
    for short in read_all_shorts(root / "data" / "short"):
        if not set('[](){}"\\') & set(short.text):  # they mean something to the reader of that format
            by_intent.setdefault(intent_of(short, intents), []).append(f"- {short.text}")
    blocks = [
        {"intent": intent, "examples": "\n".join(dict.fromkeys(lines)) + "\n"}
        for intent, lines in sorted(by_intent.items())
    ]
    return str(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, sort_keys=False))


def _stamp(sources: str, model: Path) -> dict[str, str]:
    return {"sources": sources, "model": hashlib.sha256(model.read_bytes()).hexdigest()}


def _forget_training_graph(archive: Path) -> None:
    """Take the training graph out of the model. Loading it imports TensorFlow, and only fine-tuning uses it."""
    with tempfile.TemporaryDirectory(dir=archive.parent) as scratch:
        folder = Path(scratch)
        with tarfile.open(archive) as tar:
            tar.extractall(folder / "model")  # noqa: S202  (we made this archive a moment ago)
        metadata = folder / "model" / "metadata.json"
        kept = json.loads(metadata.read_text())
        kept["train_schema"] = {"nodes": {}}
        metadata.write_text(json.dumps(kept))
        slim = folder / "slim.tar.gz"
        with tarfile.open(slim, "w:gz") as tar:
            for part in sorted((folder / "model").iterdir()):
                tar.add(part, arcname=part.name)
        shutil.move(slim, archive)
