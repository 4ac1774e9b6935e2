"""What comes before everything else? Danger: a policy that outranks forms and rules."""

from __future__ import annotations

from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.nlu import DANGER_INTENTS

SAFETY_ACTION = "action_safety"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyPolicy(Policy):
    """Predicts `action_safety` right after a message that shows danger, whatever form or rule is running.

    It predicts with `is_no_user_prediction`, the only kind that beats an active form, and with a priority above all
    others. It has nothing to learn.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above the rule policy (4) and every other of Rasa's own."""
        return {"priority": 100}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, featurizer)

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Nothing to learn: danger is recognised by rules, not by examples."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """All weight on `action_safety` when the newest message shows danger and has not been answered yet."""
        intent = (tracker.latest_message.intent or {}).get("name") if tracker.latest_message else None
        if intent in DANGER_INTENTS and tracker.latest_action_name == ACTION_LISTEN_NAME:
            probabilities = self._default_predictions(domain)
            probabilities[domain.index_for_action(SAFETY_ACTION)] = 1.0
            return self._prediction(probabilities, is_no_user_prediction=True)
        return self._prediction(self._default_predictions(domain))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        """Nothing was stored, so nothing is read."""
        return cls(config, model_storage, resource, execution_context)
