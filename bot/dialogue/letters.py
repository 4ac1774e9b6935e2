"""What kind of message is this, by the letters in it? Runs of letters, weighted by how telling they are, and a line."""

from __future__ import annotations

from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from bot.understanding.options import plain

_FILE = "letters.joblib"


def make_letter_model(config: dict[str, Any]) -> Pipeline:
    """The untrained reader: runs of letters within words, and a line for each kind of message."""
    return make_pipeline(
        TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(int(config["fewest_letters"]), int(config["most_letters"])),
            sublinear_tf=True,
            min_df=2,
        ),
        LogisticRegression(C=float(config["looseness"]), max_iter=int(config["max_iter"]), solver="lbfgs"),
    )


def as_letters(text: str) -> str:
    """A message as it is written and in plain words: "wot time u open" beside "what time you open"."""
    return f"{text.lower()} {plain(text)}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LetterClassifier(GraphComponent):
    """Rasa's own classifier makes full tables of all runs of letters: gigabytes and minutes; this takes seconds."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How long the runs of letters are, and how closely the line follows the examples."""
        return {"fewest_letters": 1, "most_letters": 5, "looseness": 20.0, "max_iter": 300}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Pipeline | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LetterClassifier:
        """Untrained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LetterClassifier:
        """As it was trained. Raises ValueError or OSError when the model holds none."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has an intent."""
        pairs = [(m.get(TEXT), m.get(INTENT)) for m in training_data.intent_examples if m.get(TEXT)]
        model = make_letter_model(self._config)
        model.fit([as_letters(text) for text, _ in pairs], [intent for _, intent in pairs])
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(model, folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's intent, the other kinds ranked behind it."""
        if self._model is None:
            return messages
        for message in messages:
            likely = self._model.predict_proba([as_letters(message.get(TEXT) or "")])[0]
            ranked = sorted(zip(self._model.classes_, map(float, likely), strict=True), key=lambda pair: -pair[1])
            set_ranking(message, [(str(name), p) for name, p in ranked])
        return messages


def set_ranking(message: Message, ranked: list[tuple[str, float]]) -> None:
    """The intents of a message with their confidences, the surest first."""
    listed = [{INTENT_NAME_KEY: name, "confidence": confidence} for name, confidence in ranked]
    message.set(INTENT, dict(listed[0]), add_to_output=True)
    message.set(INTENT_RANKING_KEY, listed, add_to_output=True)
