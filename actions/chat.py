"""How does a chat begin, come back, start over and stop?"""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.reach import Move
from actions.slots import ANSWERS, MEMORY, see, set_slots


class Begin(Move):
    """Says who this is, what to do in danger, and how to leave."""

    def name(self) -> str:
        return "action_begin"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        dispatcher.utter_message(response="utter_welcome", **wording.numbers(self.reach.directory))
        dispatcher.utter_message(response="utter_welcome_leave")
        return []


class Summary(Move):
    """Welcomes someone back with what it was about and where it stands; never with their words.

    Whether it is safe to talk is asked anew: it may be another device, and another room.
    """

    def name(self) -> str:
        return "action_summary"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        labels = [*picture.assessment.asb_types, *picture.assessment.other_harm] or ["something"]
        things = wording.join(domain, (wording.name_of(domain, label, picture.about) for label in labels))
        dispatcher.utter_message(response="utter_summary", things=things, sent=kept_or_sent(picture.memory, domain))
        safety = dict(picture.memory.get("safety") or {})
        if picture.case.value("safe_to_talk") == "no":
            safety["flags"] = sorted({*(safety.get("flags") or ()), "safe_contact"})
        return set_slots({"save_wanted": None, "tries": {}, "safe_to_talk": None, "safety": safety or None})


class AskStartAgain(Move):
    """Makes sure first: starting again puts every answer aside."""

    def name(self) -> str:
        return "action_ask_start_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        dispatcher.utter_message(response="utter_ask_start_again")
        return []


class StartAgain(Move):
    """Puts every answer aside. What has been sent stays sent, and danger stays flagged."""

    def name(self) -> str:
        return "action_start_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        dispatcher.utter_message(response="utter_started_again")
        forgotten = [*ANSWERS, *(name for name in MEMORY if name != "safety")]
        number = int(tracker.slots.get("case_number") or 0) + 1
        return set_slots({**dict.fromkeys(forgotten), "case_number": number})


class Stop(Move):
    """Says goodbye and what has, or has not, been sent. The chat can go on whenever the person writes again."""

    def name(self) -> str:
        return "action_stop"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        kept = kept_or_sent(tracker.slots, domain)
        dispatcher.utter_message(response="utter_goodbye", kept=kept, **wording.numbers(self.reach.directory))
        return []


class SaveForLater(Move):
    """Has the form ask for a return word, so that the person can go on another time."""

    def name(self) -> str:
        return "action_save_for_later"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        if tracker.slots.get("return_code"):
            dispatcher.utter_message(response="utter_code_given")
            return []
        return set_slots({"save_wanted": True, "return_word": None})


class Comfort(Move):
    """Kind words for someone who is upset, and a voice to talk to."""

    def name(self) -> str:
        return "action_comfort"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        dispatcher.utter_message(response="utter_upset", **wording.numbers(self.reach.directory))
        return []


class HearAnger(Move):
    """Takes anger calmly, and names a person to talk to."""

    def name(self) -> str:
        return "action_hear_anger"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        dispatcher.utter_message(response="utter_abusive", **wording.numbers(self.reach.directory))
        return []


class SafeDevice(Move):
    """What a device keeps, and what is safer."""

    def name(self) -> str:
        return "action_safe_device"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        dispatcher.utter_message(response="utter_safety_tips", **wording.numbers(self.reach.directory))
        return []


def kept_or_sent(memory: wording.Domain, domain: wording.Domain) -> str:
    """Whether anything has left, in words."""
    sent = memory.get("sent") or ()
    if not sent:
        return wording.words(domain, "utter_goodbye_nothing_sent")
    references = wording.join(domain, (s["reference"] for s in sent))
    return wording.words(domain, "utter_goodbye_sent", references=references)
