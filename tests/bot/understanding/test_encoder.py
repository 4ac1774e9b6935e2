"""Is the exported encoder the published one, and does it say where each piece of a word stands?"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest

from bot.understanding import encoder_export
from bot.understanding.encoder import PIECE, Encoder
from bot.understanding.encoder_export import (
    HEADS,
    LAYERS,
    WIDTH,
    EncoderMissing,
    Weights,
    build_graph,
    export_encoder,
    find_weights,
    read_weights,
)

TEXTS = (
    "The lads next door throw stones at my window every night.",
    "He called me names on the bus and nobody said a word.",
    "bass. every nite. bass. cant sleep, council wont answer an im 8 months pregnant",
)


@pytest.fixture(scope="module")
def weights() -> Weights:
    return read_weights(find_weights())


@pytest.fixture(scope="module")
def folder(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("encoder")
    export_encoder(weights, find_weights() / "tokenizer.json", made)
    return made


def _reference(weights: Weights, ids: list[int]) -> npt.NDArray[np.float64]:
    """The encoder as its paper writes it, step by step in plain numbers."""

    def norm(x: npt.NDArray[np.float64], name: str) -> npt.NDArray[np.float64]:
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt(x.var(-1, keepdims=True) + 1e-12) * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def dense(x: npt.NDArray[np.float64], name: str) -> npt.NDArray[np.float64]:
        return np.asarray(x @ weights[f"{name}.weight"].T.astype(np.float64) + weights[f"{name}.bias"])

    embedded = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.token_type_embeddings.weight"][0]
    x = norm(
        (embedded + weights["embeddings.position_embeddings.weight"][: len(ids)]).astype(float), "embeddings.LayerNorm"
    )
    erf = np.vectorize(math.erf)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            dense(x, f"{layer}.attention.self.{part}").reshape(len(ids), HEADS, WIDTH // HEADS).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        looked = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(WIDTH // HEADS))
        seen = (looked / looked.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(ids), WIDTH)
        x = norm(x + dense(seen, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        wide = dense(x, f"{layer}.intermediate.dense")
        bent = wide * 0.5 * (1 + erf(wide / math.sqrt(2)))
        x = norm(x + dense(bent, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    return x


def _cosine(one: npt.NDArray[np.floating], other: npt.NDArray[np.floating]) -> float:
    return float((one * other).sum() / np.linalg.norm(one) / np.linalg.norm(other))


def test_the_graph_is_the_encoder(weights: Weights, tmp_path: Path) -> None:
    onnx.save(build_graph(weights), str(tmp_path / "whole.onnx"))
    session = onnxruntime.InferenceSession(str(tmp_path / "whole.onnx"), providers=["CPUExecutionProvider"])
    ids = [101, 1996, 12538, 2279, 2341, 5466, 6386, 2012, 2026, 3332, 102]
    (made,) = session.run(None, {"ids": np.array([ids]), "positions": np.arange(len(ids))})
    assert np.abs(made[0] - _reference(weights, ids)).max() < 1e-3


def test_eight_bits_say_nearly_the_same(weights: Weights, folder: Path) -> None:
    encoder = Encoder(folder)
    for text in TEXTS:
        hidden = encoder.hidden(text)
        ids = encoder._tokenizer.encode(text).ids
        assert _cosine(hidden.mean(0), _reference(weights, ids).mean(0)) > 0.98


def test_like_meanings_lie_close(folder: Path) -> None:
    encoder = Encoder(folder)
    night, noise, abuse = (
        encoder.encode(text).mean
        for text in ("they keep us awake all night", "we can't sleep for their racket", "he spat at me for being gay")
    )
    assert night @ noise > night @ abuse


def test_every_piece_has_its_place(folder: Path) -> None:
    text = "Naïve   café 🙂 — they’ve been chucking eggs!"
    encoded = Encoder(folder).encode(text)
    pieces = [text[start:end] for start, end in zip(encoded.starts, encoded.ends, strict=True)]
    assert "".join(pieces).replace(" ", "") == "".join(text.split())
    assert encoded.vectors.shape == (len(encoded), WIDTH)


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_nothing_to_read_gives_nothing(folder: Path, text: str) -> None:
    encoded = Encoder(folder).encode(text)
    assert len(encoded) == 0
    assert not encoded.mean.any()


def test_a_long_text_is_read_in_pieces(folder: Path) -> None:
    encoded = Encoder(folder).encode("they shout at us again and again " * 100)
    assert len(encoded) > 2 * PIECE
    assert encoded.ends[-1] > 3_000


def test_only_the_published_weights_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(EncoderMissing, match="SHA-256 differs"):
        read_weights(tmp_path)
    monkeypatch.setattr(encoder_export, "PACKAGE", "no_such_package")
    with pytest.raises(EncoderMissing, match="not installed"):
        find_weights()
