"""What do we say first when someone may be in danger?"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import incident, wording
from actions.reach import Move, Reach
from actions.slots import Heard, Picture, hear, see, set_slots
from bot.directory import Directory, safety_contacts
from bot.triage import plan_safety
from bot.triage.vocabulary import SKIPPED
from bot.understanding import answers as read_answer
from bot.understanding import heed, read, read_words
from bot.understanding.spoken import NOT_FINE, YES_NO, says_safe, says_unsafe

#: 999 in British Sign Language.
VIDEO_CALL = "bsl_999"

#: Under 35 there are lines of one's own, named beside those that are open to everybody.
MOST, MOST_YOUNG = 3, 4
YOUNG = ("under_16", "16_17", "18_25")

#: Words that tell us this many things are a story too, and are not asked for again.
STORY_WORDS = 15


def say_first(
    topics: tuple[str, ...], picture: Picture, say: CollectingDispatcher, domain: wording.Domain, reach: Reach
) -> None:
    """The safety answers for these topics, the most urgent first, with the right numbers for this person and place."""
    numbers = wording.numbers(reach.directory)
    for topic in topics:
        if not wording.has_words(domain, f"utter_safety_{topic}"):
            continue
        found = safety_contacts(
            reach.directory,
            signal=topic,
            group=picture.group,
            authority=picture.authority,
            age_band=picture.age_band,
            at=picture.now,
        )
        others = [c for c in found if c.service_id != wording.EMERGENCY]
        most = MOST_YOUNG if topic == "suicide_self_harm" and picture.age_band in YOUNG else MOST
        lines = wording.contacts(domain, reach.directory, others, picture.now, most, written=picture.cannot_call)
        values = {**numbers, "contacts": lines}
        say.utter_message(response=f"utter_safety_{topic}", **values)
        if topic == "immediate_danger":
            video = reach.directory.service(VIDEO_CALL).web
            say.utter_message(response="utter_safety_immediate_danger_text", **numbers, video=video)


class Safety(Move):
    """Answers present danger at once, keeps what was said, and has the form ask whether the person is safe."""

    def name(self) -> str:
        return "action_safety"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        heard = hear(tracker)
        if picture.question.slot == "safety_check" and heard.choice is None and says_safe(heard.text):
            # "im safe now he went": an answer to "are you safe?", though the words on their own might alarm
            return set_slots(take_check(heard, picture, dispatcher, domain, self.reach))
        signals = heed(heard.text).signals
        labels = [s.label for s in signals] or ["immediate_danger"]
        before = dict(picture.memory.get("safety") or {})
        updates: dict[str, Any] = {}
        if heard.text and heard.choice is None:
            # in the middle of the questions a cry for help is no new story
            reader = read if picture.question.slot == "story" else read_words
            updates = incident.add_to_story(heard.text, picture, reader)
            if picture.question.slot == "story" and len(heard.text.split()) >= STORY_WORDS:
                updates["story"] = "told"
        # "im 14 and i dont want to be here": the age in the same message decides whose number comes first
        after = see(tracker, self.reach.directory, picture.now, updates)
        topics = plan_safety(signals, after.age_band, False).topics or ("immediate_danger",)
        say_first(topics, after, dispatcher, domain, self.reach)
        updates["safety"] = {
            "open": True,
            "check": "now",
            "topics": list(topics),
            "asked_about": sorted({*(before.get("asked_about") or ()), *labels}),
            "flags": sorted({*(before.get("flags") or ()), *labels}),
        }
        return set_slots({**updates, "safety_check": None})


def take_check(
    heard: Heard, picture: Picture, say: CollectingDispatcher, domain: wording.Domain, reach: Reach
) -> dict[str, Any]:
    """Safe, not safe, or in crisis. Anything else is kept and the question stays open: nobody is hurried past it."""
    safety = dict(picture.memory.get("safety") or {})
    check = str(safety.get("check") or "now")
    value = heard.choice or _meant(heard.text, check, domain)
    numbers = wording.numbers(reach.directory)
    if value == "safe":
        say.utter_message(response="utter_safe_now", **numbers)
        return {"safety": {**safety, "open": False}, "safety_check": "safe"}
    if value == "not_safe":
        topics = tuple(safety.get("topics") or ())
        if check == "now" and "immediate_danger" in topics:
            say.utter_message(response="utter_still_not_safe", **numbers)
        else:
            # not safe from what: the words for it again, or those for danger when it was only suspected
            say_first(topics if check == "now" and topics else ("immediate_danger",), picture, say, domain, reach)
        return {"safety": {**safety, "check": "now", "flags": _with(safety, "immediate_danger")}}
    if value == "in_crisis":
        say_first(("suicide_self_harm",), picture, say, domain, reach)
        crisis = {"check": "now", "topics": ["suicide_self_harm"], "flags": _with(safety, "suicide_self_harm")}
        return {"safety": {**safety, **crisis}}
    say.utter_message(response="utter_noted")
    return incident.add_to_story(heard.text, picture)


def leave_check_open(picture: Picture, say: CollectingDispatcher, directory: Directory) -> dict[str, Any]:
    """They will not say, twice: the numbers once more, the flag stays, and they may go on."""
    say.utter_message(response="utter_check_left_open", **wording.numbers(directory))
    return {"safety": {**(picture.memory.get("safety") or {}), "open": False}, "safety_check": SKIPPED, "tries": {}}


def hide(picture: Picture, say: CollectingDispatcher) -> dict[str, Any]:
    """Somebody else may be reading: nothing of what was said is told, staff see it, and we ask anew if it is safe."""
    say.utter_message(response="utter_someone_else")
    safety = dict(picture.memory.get("safety") or {})
    return {"safety": {**safety, "flags": _with(safety, "safe_contact")}, "safe_to_talk": None}


def _with(safety: dict[str, Any], flag: str) -> list[str]:
    return sorted({*(safety.get("flags") or ()), flag})


def _meant(text: str, check: str, domain: wording.Domain) -> str | None:
    """A typed answer to the check. Yes means safe, danger or crisis, as the question was put."""
    named = read_answer.match_option(text, wording.options(domain, f"utter_ask_safety_check_{check}"))
    if named == "safe" and check == "now" and NOT_FINE.search(text):
        return "not_safe"  # "i dont think im safe" is near the words of the button, and means the other
    if named is not None:
        return named
    if check == "now" and says_unsafe(text):
        return "not_safe"
    # "no im ok" says that they are safe, whatever its first word; "im not ok" does not
    if says_safe(text):
        return "safe"
    spoken = read_answer.match_option(text, YES_NO)
    meanings = {
        "now": {"yes": "safe", "no": "not_safe"},
        "unsure": {"yes": "not_safe", "no": "safe"},
        "crisis_unsure": {"yes": "in_crisis", "no": "safe"},
    }
    return meanings[check].get(spoken or "")


class AskSafetyCheck(Move):
    """Asks whether the person is safe, in the words that fit what was noticed."""

    def name(self) -> str:
        return "action_ask_safety_check"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        check = (tracker.slots.get("safety") or {}).get("check") or "now"
        dispatcher.utter_message(response=f"utter_ask_safety_check_{check}")
        return []
