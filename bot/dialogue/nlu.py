"""What kind of message is this: danger, a command, or simply what the person is telling us?"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.dialogue.letters import set_ranking
from bot.understanding.commands import is_question, plain_command
from bot.understanding.hearing import heed
from bot.understanding.short import nearest_meaning

TELL = "tell"
DANGER_NOW = "danger_now"
DANGER_INTENTS = (DANGER_NOW, "in_danger")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SecondOpinion(GraphComponent):
    """Weighs what the letters look like against what the words mean, where a reader of meaning is there.

    The classifier before it sees letters: it knows "wot time u open" and misses "is there someone real". The nearest
    meaning among worked examples is the other way round. Half of each is surer than either.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`most_words`: longer messages are stories, and are not looked at again. `weight`: of meaning, 0..1."""
        return {"most_words": 12, "weight": 0.5}

    def __init__(self, config: dict[str, Any]) -> None:
        self._most_words = int(config["most_words"])
        self._weight = float(config["weight"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SecondOpinion:
        """Made from its configuration alone."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Weigh each short message's intents anew, in place. Without a reader of meaning nothing changes."""
        nearest = nearest_meaning()
        for message in messages if nearest else ():
            text = message.get(TEXT) or ""
            letters = {i[INTENT_NAME_KEY]: float(i["confidence"]) for i in message.get(INTENT_RANKING_KEY) or ()}
            if nearest and letters and len(text.split()) <= self._most_words:
                meaning = nearest.intents(text)
                both = {
                    name: self._weight * meaning.get(name, 0.0) + (1 - self._weight) * letters.get(name, 0.0)
                    for name in sorted({*letters, *meaning})
                }
                ranked = sorted(both.items(), key=lambda pair: -pair[1])
                set_ranking(message, ranked)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CommandGuard(GraphComponent):
    """Keeps a story from being taken for a command.

    The classifier before it may say "stop" of "I want it to stop". A command is believed only when the message is short
    and the classifier is sure; everything else is the person telling us something.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`most_words` a command may have, and the confidence (0..1) it needs."""
        return {"most_words": 12, "confidence": 0.4, "confidence_of_question": 0.25}

    def __init__(self, config: dict[str, Any]) -> None:
        self._most_words = int(config["most_words"])
        self._confidence = float(config["confidence"])
        self._of_question = float(config["confidence_of_question"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CommandGuard:
        """Made from its configuration alone."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Rewrite each message's intent in place."""
        for message in messages:
            intent = message.get(INTENT) or {}
            text = message.get(TEXT) or ""
            command = plain_command(text)
            if command is not None:
                set_ranking(message, [(command, 1.0)])
                continue
            # what is put as a question is seldom an answer, so less is needed to take it for one of ours
            enough = self._of_question if is_question(text) else self._confidence
            if float(intent.get("confidence") or 0.0) < enough or len(text.split()) > self._most_words:
                _set_intent(message, TELL, 1.0)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyReader(GraphComponent):
    """Looks for danger last, so that nothing can outvote it: the safety check, and what the learned reader adds."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyReader:
        """Made from nothing."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of messages that show present danger."""
        for message in messages:
            if heed(message.get(TEXT) or "").level == "now":
                _set_intent(message, DANGER_NOW, 1.0)
        return messages


def _set_intent(message: Message, name: str, confidence: float) -> None:
    set_ranking(message, [(name, confidence)])
