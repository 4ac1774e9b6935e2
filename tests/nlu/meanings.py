"""What does the dialogue make of a short message at an open question? The form's own code, with the question given."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import intake
from actions.reach import Reach
from actions.slots import Picture
from actions.slots import see as see_really
from bot.referrals.record import Consent, ReferralRequest
from bot.settings import ROOT
from bot.triage.questions import Question
from bot.triage.vocabulary import SKIPPED
from bot.understanding.short import ANY, Short

#: Where a message that means the same at any time is tried.
YES_OR_NO = (
    "happening_now",
    "targeted",
    "risk:1",
    "risk:5",
    "mediation",
    "on_behalf_consent",
    "safe_contact:voicemail",
)
CORRECTED = ("happening_now", "targeted", "risk:1", "access_needs")
ANYWHERE = ("happening_now", "when", "effect", "area", "wishes", "reported_before", "risk:3", "targeted")

NEIGHBOUR = {
    **{"label": "noise", "start": 13, "end": 25, "text": "blasts music", "value": None, "confidence": 1.0},
}
STORY = "My neighbour blasts music and shouts abuse at me."
KNOWN: dict[str, Any] = {
    "narrative": STORY,
    "findings": [NEIGHBOUR],
    "safe_to_talk": "yes",
    "story": "told",
}
ANY_STORY = {"safety_check": {"safety": {"open": True, "check": "now", "topics": ["immediate_danger"]}}}
#: What a question needs to have been answered for it to be open at all.
FITTING: Mapping[str, dict[str, Any]] = {
    "hate_reason": {"confirm_understanding": {"kind": "both"}},
    "on_behalf_consent": {"speaker_role": "family_friend"},
    "report_details": {"reported_before": {"any": True, "reports": []}},
    "safe_contact:number": {"safe_contact": {"channel": ["call"]}},
    "safe_contact:email": {"safe_contact": {"channel": ["email"]}},
    "safe_contact:times": {"safe_contact": {"channel": ["call"], "number": "+447700900123"}},
    "safe_contact:voicemail": {"safe_contact": {"channel": ["call"], "number": "+447700900123"}},
    "safe_contact:neutral_name": {"safe_contact": {"channel": ["call"], "number": "+447700900123"}},
    "safety_check": {"safety": {"open": True, "check": "now", "topics": ["immediate_danger"]}},
    "story": {"narrative": None, "findings": None, "story": None},
    "confirm_understanding": {"confirm_understanding": None},
}
#: Free answers: that they were taken as they stand is all there is to see.
IN_WORDS = ("report_details", "trusted_adult", "safe_contact:times", "safe_contact:neutral_name")
SAID = {
    "utter_nothing_more": "no",
    "utter_more_please": "yes",
    "utter_corrected": "correct",
    "utter_safe_now": "safe",
    "utter_still_not_safe": "not_safe",
    "utter_not_sent_by_choice": "do_not_send",
    "utter_return_code": "given",
}


async def _send(requests: tuple[ReferralRequest, ...]) -> tuple[Any, ...]:
    return ()


async def _refuse(answer: Consent, case_key: str, conversation_id: str) -> None:
    return None


async def _sent(conversation_id: str) -> tuple[Any, ...]:
    return ()


async def _code(conversation_id: str, word: str, now: dt.datetime) -> str:
    return "ABCDEFGHJKMN"


async def _photos(conversation_id: str) -> int:
    return 0


@dataclass
class Listener:
    """The form, alone: it is handed the intent a message was taken for, and says what the message meant."""

    directory: Any
    now: dt.datetime
    domain: dict[str, Any] = field(
        default_factory=lambda: yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    )

    def meaning(self, text: str, asks: str, intent: str) -> frozenset[str]:
        """The option, intent or value meant; "nothing" when it was not understood, "tell" when it was kept as told."""
        slot, _, part = asks.partition(":")
        question = Question(slot, part or None)
        heard = {
            "text": text,
            "intent": {"name": intent},
            "entities": [],
            "metadata": {"at": self.now.isoformat(), "channel": "web"},
        }
        slots = {**KNOWN, "confirm_understanding": "yes", **FITTING.get(asks, {})}
        events = [
            {"event": "action", "name": "action_listen"},
            {"event": "user", "text": text},
        ]
        loop = {"name": "intake"}
        tracker = Tracker("x", slots, heard, events, False, None, loop, "action_listen")
        say = CollectingDispatcher()
        reach = Reach(lambda: self.directory, lambda: self.now, _send, _refuse, _sent, _code, _photos)

        def see(tracker: Any, directory: Any, now: Any, updates: Mapping[str, Any] | None = None) -> Picture:
            return replace(see_really(tracker, directory, now, updates), question=question)

        held, intake.see = intake.see, see  # type: ignore[assignment]
        try:
            done = asyncio.run(intake.Intake(reach).run(say, tracker, self.domain))
        finally:
            intake.see = held
        changed = {e["name"]: e["value"] for e in done if e["event"] == "slot"}
        if set(changed) <= {"requested_slot"}:
            return frozenset({"in_danger" if intent == "danger_now" else intent})
        return frozenset(_meant(changed, question, intent, {m.get("response") for m in say.messages}, text))


def _meant(changed: dict[str, Any], question: Question, intent: str, said: set[Any], text: str) -> Iterable[str]:
    told = [SAID[name] for name in said if name in SAID]
    if told:
        return told[:1]
    if "picking" in changed:
        return ["change"]
    if "save_wanted" in changed and intent == "skip":
        return ["skip"]
    value = changed.get(question.slot)
    if question.slot == "safety_check":
        flags = (changed.get("safety") or {}).get("flags") or ()
        return ["not_safe" if "immediate_danger" in flags else "tell"]
    if question.part is not None and isinstance(value, dict):
        value = value.get(question.part)
    if question.id == "safe_contact:channel" and intent == "skip":
        return ["skip"]
    if value is None and intent == "skip":
        return ["skip"]
    if question.slot == "confirm_understanding" and changed.get("story", "") is None:
        return ["no"]
    if value is None and (changed.get("safe_contact") or {}).get("channel") == ["none"]:
        return ["skip"]
    if value is None or (question.slot == "story"):
        return ["tell" if changed.get("narrative") else "nothing"]
    return values(question, value, text)


def values(question: Question, value: Any, text: str) -> Iterable[str]:
    """An answer's value as the words of the examples."""
    if value == SKIPPED:
        return ["skip"]
    if question.id in IN_WORDS or question.id == "safe_contact:times":
        return ["words"]
    if question.slot == "consent" and value == "not_sure":
        return ["unclear"]
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return _of_mapping(question.slot, value)
    return [str(value)]


def _of_mapping(slot: str, value: dict[str, Any]) -> Iterable[str]:
    if slot == "confirm_understanding":
        return ["hate" if value["kind"] == "both" else value["kind"]]
    if slot == "reported_before":
        to = [str(r["to"]) for r in value["reports"] if r.get("to")]
        return to or ["yes" if value["any"] else "no"]
    if slot == "when":
        return [value.get("first") or "words"]
    if slot in ("area", "happened_area"):
        return (
            ["same"]
            if value.get("same")
            else [str(value.get("postcode") or value.get("place") or value.get("outcode") or value.get("authority"))]
        )
    if slot == "where":
        return [str(value["place"])]
    if slot == "effect":
        return value["areas"] or ["words"]
    if slot == "access_needs":
        return value["needs"] or ["none"]
    return [str(value["band"])]


def is_right(short: Short, meant: frozenset[str]) -> bool:
    """Right when it is what was meant; what else was read besides does no harm where several may be meant."""
    if short.means == "change" and meant == {"change_answer"}:
        return True  # the same rows are offered
    if short.means == "language":
        return meant <= {"tell", "nothing"}
    if short.means in ("unclear", "nothing"):
        return not meant & {"given", "send", "safe"} if short.means == "unclear" else meant <= {"nothing", "skip"}
    if (
        short.asks == "area"
        and short.means.split()[0] in meant
        and short.means[-2:].isalpha()
        and short.means[0].isupper()
    ):
        return True  # a code newer than the list of postcodes: its first half is what decides who can help
    if short.asks == "safe_contact:channel" or (len(short.meanings) == 1 and short.asks not in ("effect", "wishes")):
        return meant == short.meanings
    return short.meanings <= meant and len(meant) <= len(short.meanings) + 1


def question_for(short: Short, index: int) -> str:
    """Where a message is tried."""
    if short.asks != ANY:
        return short.asks
    places = {"yes": YES_OR_NO, "no": YES_OR_NO, "not_sure": YES_OR_NO[:-1], "correct": CORRECTED}
    among = places.get(short.means, ANYWHERE)
    return among[index % len(among)]


def as_json(meant: frozenset[str]) -> str:
    """For a readable list of what went wrong."""
    return json.dumps(sorted(meant))
