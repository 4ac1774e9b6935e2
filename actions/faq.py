"""Why do you ask? The reason for the question that is open now."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.reach import Move
from actions.slots import hear, see, set_slots


class Explain(Move):
    """Says why the open question is asked."""

    def name(self) -> str:
        return "action_explain"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        question = picture.question
        dispatcher.utter_message(response=f"utter_why_{question.slot}")
        if hear(tracker).intent != "rephrase":
            return []
        # a question that was not understood counts as tried: saying "what?" to it for ever must not go in circles
        tried = int((picture.memory.get("tries") or {}).get(question.id, 0))
        return set_slots({"tries": {question.id: tried + 1}})
