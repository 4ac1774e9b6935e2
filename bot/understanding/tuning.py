"""How is the encoder taught our labels? Its last layers and the heads learn together, with TensorFlow, at build time.

The lower layers stay as published, so their output is computed once and the rest is quick to train.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from bot.understanding.encoder_export import HEADS, WIDTH

Floats = npt.NDArray[np.float32]

_EPSILON = 1e-12
_FAR = -1e9
_NO_KIND = -1


@dataclass(frozen=True)
class Sample:
    """One message: the lower layers' output with both end tokens (n, 384), its marks, its labels and its kind.

    `known` is 1 for each label that somebody judged; `kind` is None where nobody judged it.
    """

    hidden: npt.NDArray[np.float16]
    marks: Floats
    labels: Floats
    known: Floats
    kind: int | None


@dataclass(frozen=True)
class Recipe:
    """How to train. Rates are those of Adam, for the encoder, the heads and the marks."""

    epochs: int = 2
    batch: int = 32
    encoder_rate: float = 2e-4
    heads_rate: float = 4e-3
    marks_rate: float = 2e-3
    dropout: float = 0.2
    #: A label that is there weighs more than one that is not: missing harm is worse than asking about it.
    presence: float = 1.5
    #: How much of the running average of all weights is kept at each step.
    memory: float = 0.995
    seed: int = 1


class _Layer(tf.Module):
    """One layer of the encoder, its weights by their published names."""

    def __init__(self, weights: Mapping[str, Floats], dropout: float) -> None:
        super().__init__()
        self._weights = {name: tf.Variable(value) for name, value in weights.items()}
        self._dropout = dropout

    def __call__(self, hidden: Any, absent: Any, training: bool) -> Any:
        shape = tf.shape(hidden)
        size = WIDTH // HEADS

        def heads(part: str) -> Any:
            turned = tf.reshape(self._dense(hidden, f"attention.self.{part}"), (shape[0], shape[1], HEADS, size))
            return tf.transpose(turned, (0, 2, 1, 3))

        query, key, value = heads("query"), heads("key"), heads("value")
        looked = tf.matmul(query, key, transpose_b=True) / size**0.5 + absent[:, None, None, :] * _FAR
        seen = tf.matmul(self._drop(tf.nn.softmax(looked), training), value)
        seen = tf.reshape(tf.transpose(seen, (0, 2, 1, 3)), (shape[0], shape[1], WIDTH))
        mixed = self._drop(self._dense(seen, "attention.output.dense"), training)
        middle = self._normalise(hidden + mixed, "attention.output.LayerNorm")
        wide = tf.nn.gelu(self._dense(middle, "intermediate.dense"))
        narrow = self._drop(self._dense(wide, "output.dense"), training)
        return self._normalise(middle + narrow, "output.LayerNorm")

    def _dense(self, given: Any, name: str) -> Any:
        return tf.einsum("bnh,oh->bno", given, self._weights[f"{name}.weight"]) + self._weights[f"{name}.bias"]

    def _normalise(self, given: Any, name: str) -> Any:
        mean, variance = tf.nn.moments(given, -1, keepdims=True)
        scaled = (given - mean) * tf.math.rsqrt(variance + _EPSILON)
        return scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    def _drop(self, given: Any, training: bool) -> Any:
        return tf.nn.dropout(given, self._dropout) if training else given

    def learned(self) -> dict[str, Floats]:
        return {name: value.numpy() for name, value in self._weights.items()}


class _Net(tf.Module):
    """The layers to tune, and the heads over them (see `learned.Heads`)."""

    def __init__(self, layers: Sequence[Mapping[str, Floats]], marks: int, outputs: int, recipe: Recipe) -> None:
        super().__init__()
        self.layers = [_Layer(weights, recipe.dropout) for weights in layers]
        self.queries = tf.Variable(tf.random.normal((WIDTH, outputs), stddev=0.02))
        self.values = tf.Variable(tf.zeros((WIDTH, outputs)))
        self.means = tf.Variable(tf.zeros((WIDTH, outputs)))
        self.marks = tf.Variable(tf.zeros((marks, outputs)))
        self.bias = tf.Variable(tf.zeros(outputs))
        self._dropout = recipe.dropout

    def __call__(self, hidden: Any, absent: Any, ends: Any, marks: Any, training: bool) -> Any:
        """`absent` marks padding; `ends` marks padding and the two end tokens, which the heads do not see."""
        for layer in self.layers:
            hidden = layer(hidden, absent, training)
        live = (1 - ends)[:, :, None]
        mean = tf.reduce_sum(hidden * live, 1) / tf.maximum(tf.reduce_sum(live, 1), 1.0)
        if training:
            hidden = tf.nn.dropout(hidden, self._dropout)
            mean = tf.nn.dropout(mean, self._dropout)
            marks = tf.nn.dropout(marks, self._dropout)
        looked = tf.nn.softmax(tf.einsum("bnh,hl->bln", hidden, self.queries) + ends[:, None, :] * _FAR)
        taken = tf.einsum("bln,bnh,hl->bl", looked, hidden, self.values)
        return taken + mean @ self.means + marks @ self.marks + self.bias

    def groups(self) -> tuple[list[Any], list[Any], list[Any]]:
        """The weights by the rate they learn at: encoder, heads, marks."""
        encoder = [weight for layer in self.layers for weight in layer.trainable_variables]
        return encoder, [self.queries, self.values, self.means, self.bias], [self.marks]


def _batches(samples: Sequence[Sample], size: int, chance: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """Every sample once, in batches of like length, in random order, padded."""
    order = chance.permutation(len(samples))
    far = size * 20
    runs = [sorted(order[at : at + far], key=lambda i: len(samples[i].hidden)) for at in range(0, len(order), far)]
    batches = [run[at : at + size] for run in runs for at in range(0, len(run), size)]
    for number in chance.permutation(len(batches)):
        chosen = [samples[i] for i in batches[number]]
        longest = max(len(sample.hidden) for sample in chosen)
        hidden = np.zeros((len(chosen), longest, WIDTH), np.float32)
        absent, ends = (np.ones((len(chosen), longest), np.float32) for _ in range(2))
        for row, sample in enumerate(chosen):
            length = len(sample.hidden)
            hidden[row, :length] = sample.hidden
            absent[row, :length] = 0
            ends[row, 1 : length - 1] = 0
        yield (
            hidden,
            absent,
            ends,
            np.stack([sample.marks for sample in chosen]),
            np.stack([sample.labels for sample in chosen]),
            np.stack([sample.known for sample in chosen]),
            np.array([_NO_KIND if sample.kind is None else sample.kind for sample in chosen], np.int32),
        )


def _make_step(net: _Net, recipe: Recipe, steps: int, rarity: Floats) -> Any:
    """One step of training as a TensorFlow function over a batch, together with its averages of the weights."""
    groups = net.groups()
    rates = (recipe.encoder_rate, recipe.heads_rate, recipe.marks_rate)
    optimisers = [tf.keras.optimizers.legacy.Adam(rate) for rate in rates]
    weights = [weight for group in groups for weight in group]
    averages = [tf.Variable(weight, trainable=False) for weight in weights]
    done = tf.Variable(0.0, trainable=False)
    number_of_labels = int(net.bias.shape[0]) - len(rarity)
    wide = tf.TensorSpec((None, None))
    signature = [tf.TensorSpec((None, None, WIDTH)), wide, wide, wide, wide, wide, tf.TensorSpec((None,), tf.int32)]

    @tf.function(input_signature=signature, autograph=False)
    def step(hidden: Any, absent: Any, ends: Any, marks: Any, labels: Any, known: Any, kinds: Any) -> Any:
        with tf.GradientTape() as tape:
            sums = net(hidden, absent, ends, marks, True)
            by_label = tf.nn.weighted_cross_entropy_with_logits(labels, sums[:, :number_of_labels], recipe.presence)
            judged = tf.cast(kinds > _NO_KIND, tf.float32)
            kinds = tf.maximum(kinds, 0)
            by_kind = tf.nn.sparse_softmax_cross_entropy_with_logits(kinds, sums[:, number_of_labels:])
            loss = tf.reduce_mean(tf.reduce_sum(by_label * known, 1))
            loss += tf.reduce_mean(by_kind * tf.gather(rarity, kinds) * judged)
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, weights), 5.0)
        pace = tf.minimum(1.0, (done + 1) / (0.06 * steps)) * (1 - done / steps)
        at = 0
        for optimiser, group, rate in zip(optimisers, groups, rates, strict=True):
            optimiser.learning_rate = rate * pace
            optimiser.apply_gradients(zip(slopes[at : at + len(group)], group, strict=True))
            at += len(group)
        done.assign_add(1.0)
        kept = tf.minimum(recipe.memory, (1 + done) / (10 + done))
        for average, weight in zip(averages, weights, strict=True):
            average.assign(average * kept + weight * (1 - kept))
        return loss

    return step, averages, weights


@dataclass(frozen=True)
class Tuned:
    """What was learned: each tuned layer's weights by name, and the heads' arrays by the names of `learned.Heads`."""

    layers: tuple[Mapping[str, Floats], ...]
    heads: Mapping[str, Floats]


def tune(samples: Sequence[Sample], layers: Sequence[Mapping[str, Floats]], kinds: int, recipe: Recipe) -> Tuned:
    """Train on every sample. `layers` are the published weights of the layers to tune, lowest first."""
    tf.keras.utils.set_random_seed(recipe.seed)
    chance = np.random.default_rng(recipe.seed)
    judged = [sample.kind for sample in samples if sample.kind is not None]
    counted = np.bincount(judged, minlength=kinds)
    rarity = np.sqrt(len(judged) / (kinds * np.maximum(counted, 1))).astype(np.float32)
    outputs = len(samples[0].labels) + kinds
    net = _Net(layers, len(samples[0].marks), outputs, recipe)
    steps = recipe.epochs * -(-len(samples) // recipe.batch)
    step, averages, weights = _make_step(net, recipe, steps + recipe.epochs, rarity)
    for _ in range(recipe.epochs):
        for batch in _batches(samples, recipe.batch, chance):
            step(*batch)
    for average, weight in zip(averages, weights, strict=True):
        weight.assign(average)
    heads = {name: getattr(net, name).numpy() for name in ("queries", "values", "means", "marks", "bias")}
    return Tuned(tuple(layer.learned() for layer in net.layers), heads)
