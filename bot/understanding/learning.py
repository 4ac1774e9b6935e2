"""How is the learned reader made? From the published encoder and what people labelled, when the model is built."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.triage.vocabulary import KINDS, OTHER_HARM
from bot.understanding.encoder import ENCODER_FILE, PUBLISHED_FILE, TOKENIZER_FILE, Encoder
from bot.understanding.encoder_export import LAYERS, export_encoder, find_weights, read_weights
from bot.understanding.heard import OUTPUTS, marks_of
from bot.understanding.labelled import DANGER_MAYBE, DANGER_NOW, GRAVE, LABELS, Labelled, load_danger, load_labelled
from bot.understanding.learned import FOLDER, HEADS_FILE, Heads
from bot.understanding.reader import read
from bot.understanding.short import FILE_NAME, read_all_shorts
from bot.understanding.wording import WORDING_FILE, Wording
from bot.understanding.wording_learning import learn_wording

#: The last layers that learn our labels; those below stay as published.
TUNED_LAYERS = 2

#: Of a long message so many pieces are learnt from: time grows with length, and the rest says little new.
LONGEST = 112

#: What lexicons found in fewer messages than this is not weighed.
FEWEST_MARKED = 8

#: What the learned reader is made of. A change in any of these makes it stale. It weighs what the lexicons find, but
#: another word in a lexicon is no reason to learn anew for minutes.
SOURCES: tuple[str, ...] = (
    "data/narratives",
    "data/danger",
    "data/short",
    "bot/understanding/lexicons/cues.yml",
    "bot/understanding/cues.py",
    "bot/understanding/encoder.py",
    "bot/understanding/encoder_export.py",
    "bot/understanding/labelled.py",
    "bot/understanding/learned.py",
    "bot/understanding/learning.py",
    "bot/understanding/tuning.py",
    "bot/understanding/wording.py",
    "bot/understanding/wording_learning.py",
    "bot/triage/vocabulary.py",
    "requirements.txt",
)
_STAMP = "reader.json"
_FILES = (ENCODER_FILE, PUBLISHED_FILE, TOKENIZER_FILE, HEADS_FILE, WORDING_FILE)

#: The same for what it knows of short messages, which is made in seconds over the encoder that is there.
SHORT_SOURCES = (
    "data/short",
    "data/nlu",
    "domain.yml",
    "bot/understanding/short.py",
    "bot/understanding/short_learning.py",
)
_SHORT_STAMP = "short.json"

#: Short messages that may well be about danger: these questions, and this meaning.
_ABOUT_DANGER = (
    "safety_check",
    "safe_to_talk",
    "happening_now",
    "risk:1",
    "risk:2",
    "risk:4",
    "report_details",
    "story",
)
_DANGER = ("in_danger", "upset")

#: Reading everything once is spread over so many cores at most.
MOST_CORES = 8

#: What the lexicons found in a message, and the lower layers' vectors of it.
Prepared = tuple[frozenset[str], npt.NDArray[np.float16]]

#: In a process that prepares: its own encoder.
_ENCODER: list[Encoder] = []

#: Relative dates do not matter to what is learned; a fixed day keeps the result the same.
_ANY_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)


def fingerprint(root: Path, sources: Sequence[str] = SOURCES) -> str:
    """SHA-256 over every file the learned reader is made of, by relative name and content."""
    digest = hashlib.sha256()
    for source in sources:
        path = root / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.relative_to(root).as_posix().encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def is_stale(root: Path, model_dir: Path) -> bool:
    """True when there is no whole reader made from what stands here now."""
    folder = model_dir / FOLDER
    try:
        made_from = json.loads((folder / _STAMP).read_text())
    except (OSError, ValueError):
        return True
    whole = all((folder / name).is_file() for name in _FILES)
    return not whole or made_from != {"sources": fingerprint(root)}


def is_short_stale(root: Path, model_dir: Path) -> bool:
    """True when what is known of short messages was made from other examples, or over another encoder."""
    folder = model_dir / FOLDER
    try:
        made_from = json.loads((folder / _SHORT_STAMP).read_text())
        return bool(made_from != _short_stamp(root, folder)) or not (folder / FILE_NAME).is_file()
    except (OSError, ValueError):
        return True


def learn_short(root: Path, model_dir: Path) -> None:
    """Make what is known of short messages, beside the reader, which must be there. Raises OSError when it is not."""
    from bot.understanding.short_learning import learn_from

    folder = model_dir / FOLDER
    (folder / _SHORT_STAMP).unlink(missing_ok=True)
    learn_from(root, Encoder(folder, PUBLISHED_FILE)).save(folder)
    (folder / _SHORT_STAMP).write_text(json.dumps(_short_stamp(root, folder)))


def _short_stamp(root: Path, folder: Path) -> dict[str, str]:
    encoder = hashlib.sha256((folder / PUBLISHED_FILE).read_bytes()).hexdigest()
    return {"sources": fingerprint(root, SHORT_SOURCES), "encoder": encoder}


def learn(root: Path, model_dir: Path) -> Path:
    """Train on `data/narratives` and `data/danger` and put the reader under `model_dir`, whole or not at all.

    Takes about nine minutes on two cores.

    Raises EncoderMissing when the published weights are not there, ValueError for a badly labelled line.
    """
    made_from = fingerprint(root)
    published = find_weights()
    weights = read_weights(published)
    messages = [*load_labelled(root / "data" / "narratives"), *load_danger(root / "data" / "danger")]
    messages += _everyday(root / "data" / "short")
    model_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model_dir) as scratch:
        made = Path(scratch) / FOLDER
        made.mkdir()
        export_encoder(weights, published / "tokenizer.json", made, LAYERS - TUNED_LAYERS)
        prepared = _prepare([message.text for message in messages], made)
        _learn_wording(messages).save(made / WORDING_FILE)
        from bot.understanding.tuning import Recipe, tune  # only now: it loads TensorFlow, which may not be forked

        names = _mark_names([marks for marks, _ in prepared])
        samples = _samples(messages, prepared, names)
        numbers = range(LAYERS - TUNED_LAYERS, LAYERS)
        tuned = tune(samples, [_layer(weights, number) for number in numbers], len(KINDS), Recipe())
        taught = dict(weights)
        for number, layer in zip(numbers, tuned.layers, strict=True):
            taught |= {f"encoder.layer.{number}.{name}": value for name, value in layer.items()}
        export_encoder(taught, published / "tokenizer.json", made)
        export_encoder(weights, published / "tokenizer.json", made, name=PUBLISHED_FILE)
        Heads(**tuned.heads, mark_names=names).save(made / HEADS_FILE)
        (made / _STAMP).write_text(json.dumps({"sources": made_from}))
        _put(made, model_dir / FOLDER)
    return model_dir / FOLDER


def _everyday(folder: Path) -> list[Labelled]:
    """The short answers of everyday: nobody is in danger in them, but for those that say so."""
    return [
        Labelled(f"short-{number}", short.text, None, frozenset(), "none")
        for number, short in enumerate(read_all_shorts(folder))
        if short.asks not in _ABOUT_DANGER and short.means not in _DANGER
    ]


def _put(made: Path, folder: Path) -> None:
    """Replace the reader in use by the new one: whoever reads finds the old files or the new, never half."""
    folder.mkdir(exist_ok=True)
    (folder / _STAMP).unlink(missing_ok=True)
    for name in (*_FILES, _STAMP):  # the stamp last: without it the reader is stale
        (made / name).replace(folder / name)


def _layer(weights: Mapping[str, npt.NDArray[np.float32]], number: int) -> dict[str, npt.NDArray[np.float32]]:
    prefix = f"encoder.layer.{number}."
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


def _mark_names(marks: Sequence[frozenset[str]]) -> tuple[str, ...]:
    counted = Counter(mark for found in marks for mark in found)
    return tuple(sorted(mark for mark, count in counted.items() if count >= FEWEST_MARKED))


def _prepare(texts: Sequence[str], encoder: Path) -> list[Prepared]:
    """For each text what the lexicons find and what the lower layers make of it; as many at once as there are cores."""
    context = multiprocessing.get_context("fork")
    with context.Pool(min(MOST_CORES, os.cpu_count() or 1), _start_preparing, (encoder,)) as pool:
        return pool.map(_prepare_one, texts, chunksize=64)


def _start_preparing(encoder: Path) -> None:
    _ENCODER.append(Encoder(encoder))


def _prepare_one(text: str) -> Prepared:
    (encoder,) = _ENCODER
    return marks_of(text, read(text, _ANY_DAY).findings), encoder.hidden(text, LONGEST).astype(np.float16)


def _learn_wording(messages: Sequence[Labelled]) -> Wording:
    targets, known = zip(*map(_targets, messages), strict=True)
    kinds = [None if message.kind is None else KINDS.index(message.kind) for message in messages]
    return learn_wording([message.text for message in messages], np.stack(targets), np.stack(known), kinds)


def _samples(messages: Sequence[Labelled], prepared: Sequence[Prepared], names: Sequence[str]) -> list[Any]:
    from bot.understanding.tuning import Sample

    made = []
    for message, (marks, hidden) in zip(messages, prepared, strict=True):
        if len(hidden) > 2:  # more than the two end tokens
            targets, known = _targets(message)
            weighed = np.array([name in marks for name in names], np.float32)
            kind = None if message.kind is None else KINDS.index(message.kind)
            made.append(Sample(hidden, weighed, targets, known, kind))
    return made


def _targets(message: Labelled) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """What each output but the kinds should say of a message, and which of them somebody judged."""
    if message.level is not None:
        now, maybe = message.level == "now", message.level != "none"
        judged = {*GRAVE, DANGER_NOW, DANGER_MAYBE}
    else:
        # a story was not judged for its level: where a life is at stake, or nothing grave is told, there is no doubt
        now = "immediate_danger" in message.labels
        maybe = now or "suicide_self_harm" in message.labels
        calm = not message.labels & {*GRAVE, *OTHER_HARM}
        judged = {*LABELS, *({DANGER_NOW, DANGER_MAYBE} if now or calm else {DANGER_MAYBE} if maybe else ())}
    said = message.labels | ({DANGER_NOW} if now else set()) | ({DANGER_MAYBE} if maybe else set())
    outputs = OUTPUTS[: -len(KINDS)]
    return (
        np.array([name in said for name in outputs], np.float32),
        np.array([name in judged for name in outputs], np.float32),
    )
