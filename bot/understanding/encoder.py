"""What does a text mean, in numbers? A small sentence encoder on one thread: a vector for every piece of a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

ENCODER_FILE = "encoder.onnx"
#: The same encoder as it was published: it knows our language, not our labels, which suits short messages best.
PUBLISHED_FILE = "published.onnx"
TOKENIZER_FILE = "tokenizer.json"

#: Longer texts are read piece by piece: the encoder was made for no more.
PIECE = 254
#: Of a very long text the beginning is read: about 5,000 characters, as long as a message may be.
MOST_TOKENS = 6 * PIECE

#: Half of a pair of surrogates is no letter: the tokenizer refuses it. One for one, so that places stay true.
_HALVES = re.compile("[\ud800-\udfff]")
_NO_LETTER = "\ufffd"

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """A text as the encoder sees it: for token `i`, `text[starts[i]:ends[i]]` and `vectors[i]` (width 384)."""

    vectors: Vectors
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def mean(self) -> Vectors:
        """The whole text as one vector of length 1; zeros for a text without tokens."""
        if not len(self):
            return np.zeros(self.vectors.shape[1], np.float32)
        middle = self.vectors.mean(axis=0)
        return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), np.float32)


class Encoder:
    """Loaded once from the folder that `encoder_export` wrote to. Safe to call from several threads."""

    def __init__(self, folder: Path, encoder: str = ENCODER_FILE) -> None:
        """Raises OSError or ValueError in the libraries' own words when a file is missing or damaged."""
        for name in (encoder, TOKENIZER_FILE):
            if not (folder / name).is_file():
                raise FileNotFoundError(f"{folder / name} is not there")
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps the memory of the longest text ever read
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(folder / encoder), options, providers=["CPUExecutionProvider"])

    def encode(self, text: str) -> Encoded:
        """The tokens of a text with their places and vectors; no tokens for a text without words."""
        tokens = self._tokenizer.encode(_HALVES.sub(_NO_LETTER, text))
        first, *ids, last = tokens.ids
        ids, places = ids[:MOST_TOKENS], tokens.offsets[1:-1][:MOST_TOKENS]
        pieces = [self._run([first, *ids[at : at + PIECE], last])[1:-1] for at in range(0, len(ids), PIECE)]
        vectors = np.concatenate(pieces) if pieces else np.zeros((0, 384), np.float32)
        spans = np.array(places, np.int64).reshape(-1, 2)
        return Encoded(vectors, spans[:, 0], spans[:, 1])

    def hidden(self, text: str, most: int = PIECE) -> Vectors:
        """The vectors of the first tokens of a text with both end tokens, as the next layer would be given them."""
        first, *ids, last = self._tokenizer.encode(_HALVES.sub(_NO_LETTER, text)).ids
        return self._run([first, *ids[:most], last])

    def _run(self, ids: list[int]) -> Vectors:
        given = {"ids": np.array([ids], np.int64), "positions": np.arange(len(ids), dtype=np.int64)}
        (vectors,) = self._session.run(None, given)
        return np.asarray(vectors[0], np.float32)
