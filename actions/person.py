"""Who is this, and how is it safe to reach them? Consent, name, safe contact, and what their age opens."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict
from typing import Any, Literal

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.reach import Move
from actions.slots import Heard, Picture, see
from bot.directory import Directory
from bot.referrals.record import Consent
from bot.triage.questions import Question
from bot.triage.vocabulary import SKIPPED, TOLD
from bot.understanding import answers as read_answer
from bot.understanding import read_words
from bot.understanding.language import find_language_written
from bot.understanding.language_asked import NO_INTERPRETER, find_language_asked, name_of_language

UNDER_18 = ("under_16", "16_17")

#: Kept in `told` once Haven has said that it reads English only.
LANGUAGE_TOLD = "language"

#: A wish for a language that tells nothing else has so many words at most.
LONGEST_WISH = 12

#: The ways of reaching someone that need a part.
_WAYS_OF = {"number": ("call", "text"), "email": ("email",)}


def notice(picture: Picture, say: CollectingDispatcher, directory: Directory) -> dict[str, Any]:
    """What becomes worth saying once, now that we know: Childline, for someone under 18."""
    told = list(picture.memory.get("told") or ())
    confirmed = "confirm_understanding" in picture.case.answers
    if picture.age_band in UNDER_18 and confirmed and "childline" not in told:
        say.utter_message(response="utter_under_18", **wording.numbers(directory))
        return {"told": [*told, "childline"]}
    return {}


def take_language(heard: Heard, picture: Picture, say: CollectingDispatcher) -> dict[str, Any]:
    """The updates when a short message only asks for a language or an interpreter; empty when it does not."""
    wish = _language_wish(heard, picture)
    if wish is None:
        return {}
    language, interpreter = wish
    known = picture.case.value("access_needs")
    needs = dict(known) if isinstance(known, dict) else {"needs": [], "words": ""}
    wanted = [need for need in needs.get("needs") or () if need != "interpreter"]
    needs |= {"needs": [*wanted, "interpreter"] if interpreter else wanted, "interpreter": interpreter}
    if language:
        needs["language"] = language
    named = str(needs.get("language") or "")
    if not interpreter:
        say.utter_message(response="utter_interpreter_not_wanted")
    elif named:
        say.utter_message(response="utter_language_and_interpreter", language=named)
    else:
        say.utter_message(response="utter_interpreter_noted")
    return {"access_needs": needs, "told": _with_told(picture, {}, LANGUAGE_TOLD)}


def is_about_language(heard: Heard, picture: Picture) -> bool:
    """True for words in another language, and for a wish for one: never a command or small talk."""
    return heard.is_typed and (is_in_another_language(heard.text) or _language_wish(heard, picture) is not None)


def is_in_another_language(text: str) -> bool:
    """True when a message cannot be read as English."""
    written = find_language_written(text)
    return written is not None and not written.mixed


def _language_wish(heard: Heard, picture: Picture) -> tuple[str | None, bool] | None:
    """The language named, if any, and whether an interpreter is wanted; None when the words tell of something else."""
    text = heard.text
    if not heard.is_typed or len(text.split()) > LONGEST_WISH or is_in_another_language(text):
        return None
    if NO_INTERPRETER.search(text):
        return None, False
    asked = find_language_asked(text)
    if asked is not None and asked.interpreter:
        told = any(f.label in TOLD for f in read_words(text, picture.now).findings)
        return None if told else (asked.language, True)
    # "Polish" alone says a language only where one was spoken of, and is an answer to "what was it about?"
    offered = LANGUAGE_TOLD in (picture.memory.get("told") or ()) or picture.question.slot == "access_needs"
    named = name_of_language(text) if offered and picture.question.slot not in ("hate_reason", "name") else None
    return (named, True) if named else None


def notice_language(
    heard: Heard, picture: Picture, updates: dict[str, Any], say: CollectingDispatcher, directory: Directory
) -> dict[str, Any]:
    """Says once that Haven reads English only, what was noted, and what to do; later only that the words are kept."""
    told = updates.get("told") or picture.memory.get("told") or ()
    foreign = heard.is_typed and is_in_another_language(heard.text)
    numbers = wording.numbers(directory)
    if LANGUAGE_TOLD in told:
        if foreign:
            say.utter_message(response="utter_other_language_again", **numbers)
        return {}
    needs = picture.case.value("access_needs")
    language = needs.get("language") if isinstance(needs, dict) else None
    if not isinstance(needs, dict) or not language or picture.question.slot == "check_answers":
        return {}
    if foreign:
        say.utter_message(response="utter_other_language", language=language)
        say.utter_message(response="utter_other_language_ways", **numbers)
    elif needs.get("interpreter"):
        say.utter_message(response="utter_language_and_interpreter", language=language)
    else:
        say.utter_message(response="utter_language_noted", language=language)
    return {"told": _with_told(picture, updates, LANGUAGE_TOLD)}


def _with_told(picture: Picture, updates: dict[str, Any], what: str) -> list[str]:
    return list(dict.fromkeys([*(updates.get("told") or picture.memory.get("told") or ()), what]))


def take_safe_contact(question: Question, value: Any, picture: Picture, say: CollectingDispatcher) -> dict[str, Any]:
    """One part of the safe contact. A number that is no mobile is never texted: a text to it is read aloud."""
    known = dict(picture.case.answers.get("safe_contact") or {})
    part = question.part or "channel"
    known[part] = value
    channels = known.get("channel") or []
    if part == "number" and "text" in channels:
        parsed = read_answer.parse_phone(str(value))
        if parsed and not parsed["mobile"]:
            say.utter_message(response="utter_no_texts_to_landline")
            others = [c for c in channels if c != "text"]
            # a call is not what they asked for: with no other way left, they choose again, from the start
            return {"safe_contact": {**known, "channel": others} if others else None}
    return {"safe_contact": known}


def leave_out_contact(question: Question, picture: Picture, say: CollectingDispatcher) -> dict[str, Any]:
    """A part they would rather not give. A way of reaching them without its number is no way; with none, they ring."""
    known = dict(picture.case.answers.get("safe_contact") or {})
    part = question.part or "channel"
    known[part] = ["none"] if part == "channel" else SKIPPED
    lost = _WAYS_OF.get(part, ())
    known["channel"] = [c for c in known["channel"] if c not in lost] or ["none"]
    say.utter_message(response="utter_no_contact_left" if known["channel"] == ["none"] else "utter_skipped")
    return {"safe_contact": known}


def consent_to(
    picture: Picture, service: str, given: Literal["given", "refused"], domain: wording.Domain, directory: Directory
) -> Consent:
    """The answer to the consent question that is open now, with the words that were read, word for word."""
    return Consent(
        recipient=service,
        purpose=_purpose(picture, service),
        given=given,
        wording=wording.words(domain, "utter_ask_consent", **_asked(picture, service, domain, directory)),
        wording_version=hashlib.sha256(wording.words(domain, "utter_ask_consent").encode()).hexdigest()[:12],
        at=picture.now,
        channel=picture.channel,
    )


def remember_consent(consent: Consent, picture: Picture) -> dict[str, Any]:
    """The updates that keep what was read, until it is sent."""
    kept = asdict(consent) | {"at": consent.at.isoformat(), "withdrawn_at": None}
    return {"consents_read": {**(picture.memory.get("consents_read") or {}), consent.recipient: kept}}


def consent_read(picture: Picture, service: str) -> Consent:
    """The consent as it was given. Raises KeyError when none was: then nothing may be sent."""
    kept = picture.memory["consents_read"][service]
    return Consent(**{**kept, "at": dt.datetime.fromisoformat(kept["at"])})


def _purpose(picture: Picture, service: str) -> str:
    return next((r.purpose for r in picture.route.referrals if r.service_id == service), "crime")


def _asked(picture: Picture, service: str, domain: wording.Domain, directory: Directory) -> dict[str, str]:
    """What the consent question is filled in with: the service's name, why this one, and what it would be used for."""
    name = wording.service_name(domain, directory, service)
    reasons = (r.reason for r in picture.route.referrals if r.service_id == service)
    reason = next(reasons, "support_even_if_not_asb")
    purpose = wording.words(domain, f"utter_reason_for_{_purpose(picture, service)}")
    words = wording.words(domain, f"utter_reason_{reason}", service=wording.capital(name), purpose=purpose)
    return {"reason": words, "service": name}


class AskConsent(Move):
    """Asks for one service at a time: who they are, why them, and that nothing goes without a yes."""

    def name(self) -> str:
        return "action_ask_consent"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        asked = _asked(picture, picture.question.part or "", domain, self.reach.directory)
        dispatcher.utter_message(response="utter_ask_consent", **asked)
        return []


class AskSafeContact(Move):
    """Asks the next part of how to reach them safely."""

    def name(self) -> str:
        return "action_ask_safe_contact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        question = see(tracker, self.reach.directory, self.now(tracker)).question
        dispatcher.utter_message(response=f"utter_ask_safe_contact_{question.part or 'channel'}")
        return []
