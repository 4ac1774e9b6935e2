"""What kind of message is this: danger, a command, or simply what the person is telling us?"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.safety import check_safety

TELL = "tell"
DANGER_NOW = "danger_now"
DANGER_INTENTS = (DANGER_NOW, "in_danger")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CommandGuard(GraphComponent):
    """Keeps a story from being taken for a command.

    The classifier before it may say "stop" of "I want it to stop". A command is believed only when the message is short
    and the classifier is sure; everything else is the person telling us something.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`most_words` a command may have, and the confidence (0..1) it needs."""
        return {"most_words": 12, "confidence": 0.7}

    def __init__(self, config: dict[str, Any]) -> None:
        self._most_words = int(config["most_words"])
        self._confidence = float(config["confidence"])

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
            unsure = float(intent.get("confidence") or 0.0) < self._confidence
            if unsure or len((message.get(TEXT) or "").split()) > self._most_words:
                _set_intent(message, TELL, 1.0)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyReader(GraphComponent):
    """Runs the deterministic safety check last, so that nothing can outvote it."""

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
            if check_safety(message.get(TEXT) or "").level == "now":
                _set_intent(message, DANGER_NOW, 1.0)
        return messages


def _set_intent(message: Message, name: str, confidence: float) -> None:
    message.set(INTENT, {INTENT_NAME_KEY: name, "confidence": confidence}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [{INTENT_NAME_KEY: name, "confidence": confidence}], add_to_output=True)
