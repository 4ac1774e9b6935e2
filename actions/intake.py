"""How does the form listen? One action takes every answer, keeps what it says, and finds the next question."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import area, incident, person, referral, safety, wording
from actions.answering import Answering, Options, is_a_label
from actions.answers import answers_exactly, read_answer_to
from actions.reach import Move
from actions.slots import Heard, Picture, hear, read_case, see, set_slots
from bot.directory import Directory
from bot.triage.questions import Question
from bot.triage.vocabulary import SKIPPED
from bot.understanding.options import is_skip
from bot.understanding.spoken import (
    ABOUT_A_DEVICE,
    ASKS_FOR_A_PERSON,
    CORRECTING,
    WISHING,
    is_someone_else,
    is_unsure,
    sounds_upset,
    without_swearing,
)

#: Messages that answer the open question, or tell something. The rest are commands and digressions: rules answer them.
ANSWERING = ("tell", "choose", "skip", "affirm", "deny", "correct", "greet", "thanks", "upset")

#: These are small talk when nothing is being told, and answers when the words are more than that.
SMALL_TALK = ("greet", "thanks", "upset")
LONGEST_SMALL_TALK = 4
LONGEST_KIND_WORDS = 8
ABOUT_FEELINGS = ("story", "effect", "wishes", "risk", "safety_check")

#: Asides that an answer may look like: where it is one of the question's own answers, that comes first.
ASIDE = (
    *("why_ask", "who_are_you", "privacy", "what_is_asb", "what_is_hate", "is_it_free", "will_they_be_told"),
    *("must_i_tell_police", "how_long", "safe_device", "opening_times", "who_can_help_now", "referral_status"),
    *("case_review", "greet", "thanks", "upset", "skip", "repeat_question", "rephrase", "correct"),
)

#: At "what would help?" these are wished of us, not of a service.
WANTED_OF_US = ("change_answer", "start_again", "go_back", "save_for_later", "stop", "referral_status")

#: Where "I would rather not" is a no; elsewhere it passes the question over.
YES_OR_NO = ("mediation", "police_share", "consent", "on_behalf_consent", "check_answers", "safety_check")
SAYS_SKIP = re.compile(r"\b(say\w*|answer\w*|skip|pass|next|comment|question|business)\b", re.IGNORECASE)

#: What says that there is none to give.
HAVING_NONE = {
    "name": re.compile(r"\b(anon\w*|nameless|no names?)\b|\bname\b.*\bprivate\b", re.IGNORECASE),
    "safe_contact:number": re.compile(
        r"\bno (phone|number|mobile)\b|\b(have ?n'?t|havent|don'?t|dont|do not) (got|have)\b", re.IGNORECASE
    ),
    "safe_contact:email": re.compile(
        r"\bno e-?mail\b|\b(have ?n'?t|havent|don'?t|dont|do not|ain'?t|aint) (got|have)\b", re.IGNORECASE
    ),
}

#: Questions that are answered with a story, and how many words a command may have there.
TELLING = ("story", "effect", "report_details")
LONGEST_COMMAND = 7

#: Danger is answered before anything, however long the message.
DANGER = ("danger_now", "in_danger")

#: After so many failed answers to one question, other ways on are offered; after one more it is left open.
MOST_TRIES = 2

#: Words that no reader understood are still part of what they told us, except at these questions.
NOT_TOLD = (*incident.NOT_STORY, "consent", "check_answers", "confirm_understanding")
FEWEST_TOLD = 5

#: Questions whose answers can be read in any language: a postcode, a number, an age.
READ_ANYWAY = ("area", "happened_area", "age_band", "safe_contact", "when", "name")

#: A message in another language with fewer words than this may only say that they speak no English.
SHORTEST_ABROAD = 10

#: What an answer holds when the question was left open: for a consent, that is not a yes.
LEFT_OPEN = "not_sure"


class Intake(Move):
    """Takes the answer to the open question. For a digression it sets no slot: the form steps aside for the rules."""

    def name(self) -> str:
        return "validate_intake"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        now = self.reach.clock() if not tracker.latest_message else self.now(tracker)
        picture = see(tracker, self.reach.directory, now)
        heard = hear(tracker)
        if _is_first_to_hear(tracker):
            options = wording.options(domain, response_for(picture.question, picture), picture.about)
            answering = _answering(heard, picture, domain, self.reach.directory)
            if not _is_answer(heard, picture, options, answering):
                return [SlotSet("requested_slot", picture.question.slot)]
            updates = await self._take(heard, picture, dispatcher, domain)
            updates |= area.notice_happened(heard, picture, updates, self.reach.directory)
            updates |= _remember(picture, updates)
            after = see(tracker, self.reach.directory, now, updates)
            updates |= person.notice(after, dispatcher, self.reach.directory)
            updates |= person.notice_language(heard, after, updates, dispatcher, self.reach.directory)
            updates["about"] = after.about
        else:
            updates, after = {}, picture
        question = see(tracker, self.reach.directory, now, updates).question if updates else after.question
        return [
            *set_slots(updates),
            SlotSet("asking", question.id),
            SlotSet("requested_slot", question.slot),
        ]

    async def _take(
        self, heard: Heard, picture: Picture, say: CollectingDispatcher, domain: wording.Domain
    ) -> dict[str, Any]:
        """What changes because of this message. Says what needs saying on the way."""
        slot = picture.question.slot
        if heard.choice is None and is_someone_else(heard.text) and picture.case.story:
            return safety.hide(picture, say)
        if _passes(heard, picture, domain, _answering(heard, picture, domain, self.reach.directory)):
            return _skip(picture, say, self.reach.directory)
        options = wording.options(domain, response_for(picture.question, picture), picture.about)
        # "they know where I live" is what a button says: read as that answer, not as a sign of something new
        concern = {} if is_a_label(heard.text, options) else incident.notice_danger(heard, picture)
        wish = person.take_language(heard, picture, say)
        if wish:
            return {**wish, **concern}
        if slot == "safety_check":
            return safety.take_check(heard, picture, say, domain, self.reach)
        if slot == "story":
            return {**_story_in_any_language(heard, incident.take_story(heard, picture, say), picture), **concern}
        if slot == "return_word":
            return await referral.take_return_word(heard, picture, say, self.reach)
        if slot == "anything_else":
            return {**incident.take_more(heard, picture, say), **concern}
        plainly = answers_exactly(picture.question, _answering(heard, picture, domain, self.reach.directory))
        if heard.choice is None and (CORRECTING.search(heard.text) or not plainly):
            corrected = incident.take_correction(heard, picture, say, domain)
            if corrected:
                return {**corrected, **concern}
        return {**await self._answer(heard, picture, say, domain), **concern}

    async def _answer(
        self, heard: Heard, picture: Picture, say: CollectingDispatcher, domain: wording.Domain
    ) -> dict[str, Any]:
        question = picture.question
        answering = _answering(heard, picture, domain, self.reach.directory)
        # none of the buttons is chosen by words that cannot be read, however near they look
        chosen_blindly = bool(answering.options) and heard.is_typed and person.is_in_another_language(heard.text)
        value = None if chosen_blindly and question.slot not in READ_ANYWAY else read_answer_to(question, answering)
        if value is None:
            named = referral.row_in_words(heard.text, picture, domain) if question.slot == "check_answers" else None
            if named:
                return {"picking": named}
            if question.can_skip and question.slot != "confirm_understanding" and is_unsure(heard.text):
                return _skip(picture, say, self.reach.directory)
            early = incident.take_early_story(heard, picture) if question.slot == "safe_to_talk" else {}
            if early:
                say.utter_message(response="utter_noted")
                return early
            told = incident.take_other_facts(heard, picture, say)
            return told or _not_understood(heard, picture, say, self.reach.directory)
        if question.slot == "confirm_understanding":
            return incident.take_confirmation(value)
        if question.slot == "check_answers":
            return await referral.take_decision(value, picture, say, domain, self.reach)
        if question.slot == "safe_contact":
            return person.take_safe_contact(question, value, picture, say)
        if question.part is not None:
            known = dict(picture.case.answers.get(question.slot) or {})
            updates = {question.slot: {**known, question.part: value}}
            if question.slot == "consent" and value in ("given", "refused"):
                consent = person.consent_to(picture, question.part, value, domain, self.reach.directory)
                updates |= person.remember_consent(consent, picture)
                if value == "refused":
                    await self.reach.refuse(consent, picture.case_key, picture.conversation_id)
            return updates
        updates = {question.slot: value, **incident.take_words(heard, picture)}
        if question.slot == "safe_to_talk" and "narrative" in updates:
            updates |= incident.take_early_story(heard, picture)
        if question.slot == "report_details":
            updates |= incident.merge_reports(value, picture)
        incident.acknowledge(question.slot, value, say, self.reach.directory, domain)
        return updates


def _is_first_to_hear(tracker: Tracker) -> bool:
    """True when no other move has answered the newest message yet: then it may hold an answer to the open question."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return bool(tracker.active_loop)
        if event["event"] == "action" and event["name"] != "intake":
            return False
    return False


def _is_answer(heard: Heard, picture: Picture, options: Options, answering: Answering) -> bool:
    """False for commands, digressions and small talk, unless the open question could only be answered by such words."""
    if not heard.is_typed or heard.intent in DANGER:
        return heard.intent in ANSWERING
    text, slot = heard.text, picture.question.slot
    if person.is_about_language(heard, picture):
        return True
    if is_a_label(text, options) or (is_someone_else(text) and picture.case.story):
        return True
    if heard.intent == "safe_device" and not ABOUT_A_DEVICE.search(text):
        return True  # "he says he will break my door" is no question about phones
    if heard.intent == "rephrase" and (picture.memory.get("tries") or {}).get(picture.question.id):
        return True  # explained once already: other ways on come next
    may_mean_them = slot in ("speaker_role", "safe_contact") and heard.intent == "talk_to_person"  # "me", "ring me"
    if (heard.intent in ASIDE or may_mean_them) and answers_exactly(picture.question, answering):
        return True  # "please, no police" answers "may the police be told?", though it is often asked about
    if slot == "wishes" and heard.intent not in WANTED_OF_US:
        # "just someone to talk to" is what they wish for; "can I talk to a real person" is not
        wishes_for_talk = heard.intent == "talk_to_person" and not ASKS_FOR_A_PERSON.search(text)
        if wishes_for_talk or WISHING.search(text):
            return True
    if heard.intent not in ANSWERING:
        # "I want it to stop, every night" is a story: where one is being told, only a few words are a command.
        return slot in TELLING and len(text.split()) > LONGEST_COMMAND and heard.intent != "case_review"
    if heard.intent not in SMALL_TALK or slot == "name":
        return True
    longest = LONGEST_SMALL_TALK if heard.intent == "upset" and slot in ABOUT_FEELINGS else LONGEST_KIND_WORDS
    return len(text.split()) > longest or (len(text.split()) > LONGEST_SMALL_TALK and slot in TELLING)


def _passes(heard: Heard, picture: Picture, domain: wording.Domain, answering: Answering) -> bool:
    """True when they pass the question over: by the button, its number, or words for it that answer nothing."""
    if not heard.is_typed:
        return heard.intent == "skip"
    question, text = picture.question, heard.text
    payloads = area.council_payloads(picture, answering.directory)
    payloads += wording.payloads(domain, response_for(question, picture), picture.about)
    place = re.fullmatch(r"\W*(?:number |option )?(\d{1,2})\W*", text, re.IGNORECASE)
    if place and question.slot not in ("age_band", "when", "return_word", "story"):
        return 1 <= int(place[1]) <= len(payloads) and payloads[int(place[1]) - 1] == "/skip"
    if question.id in HAVING_NONE and HAVING_NONE[question.id].search(text):
        return True
    if is_skip(text) and (question.slot not in YES_OR_NO or SAYS_SKIP.search(text)):
        return True
    return heard.intent == "skip" and not answers_exactly(question, answering)


def _answering(heard: Heard, picture: Picture, domain: wording.Domain, directory: Any) -> Answering:
    return Answering(
        text=without_swearing(heard.text),
        choice=heard.choice,
        options=wording.options(domain, response_for(picture.question, picture), picture.about),
        case=picture.case,
        now=picture.now,
        directory=directory,
        part=picture.question.part,
    )


def response_for(question: Question, picture: Picture) -> str:
    """The response that asks a question: the same one whose buttons are its options."""
    if question.slot == "confirm_understanding" and picture.assessment.kind in ("not_asb", "off_topic"):
        return "utter_ask_confirm_unsure"
    if question.part and question.slot != "consent":
        return f"utter_ask_{question.slot}_{question.part}"
    return f"utter_ask_{question.slot}"


def _skip(picture: Picture, say: CollectingDispatcher, directory: Directory) -> dict[str, Any]:
    question = picture.question
    again = int((picture.memory.get("tries") or {}).get(question.id, 0)) > 0
    if again and question.slot == "safety_check":
        return safety.leave_check_open(picture, say, directory)
    if question.slot == "consent":  # a question of consent that is passed over is answered: it is no yes
        say.utter_message(response="utter_consent_open")
        return _left_open(question, picture)
    if question.slot == "return_word":
        say.utter_message(response="utter_skipped")
        return {question.slot: SKIPPED, "save_wanted": None}
    if not question.can_skip:
        say.utter_message(response="utter_cannot_skip")
        return {"tries": {question.id: 1}}
    if question.slot == "safe_contact":
        return person.leave_out_contact(question, picture, say)
    say.utter_message(response="utter_skipped")
    if question.part is not None:
        known = dict(picture.case.answers.get(question.slot) or {})
        return {question.slot: {**known, question.part: SKIPPED}}
    return {question.slot: area.leave_open(picture) if question.slot == "area" else SKIPPED}


def _not_understood(heard: Heard, picture: Picture, say: CollectingDispatcher, directory: Directory) -> dict[str, Any]:
    """Sorry; then other ways on; then the question is left open. The words are kept, and nobody goes in circles."""
    question = picture.question
    count = int((picture.memory.get("tries") or {}).get(question.id, 0)) + 1
    kept: dict[str, Any] = {}
    worth = len(heard.text.split()) >= FEWEST_TOLD and heard.text not in picture.case.story
    if worth and question.slot not in NOT_TOLD:
        kept = incident.add_to_story(heard.text, picture)
    if count > MOST_TRIES and question.slot == "safe_contact":
        return person.leave_out_contact(question, picture, say)
    if count > MOST_TRIES and question.slot != "check_answers":
        say.utter_message(response="utter_consent_open" if question.slot == "consent" else "utter_moved_on")
        return {**kept, **_left_open(question, picture)}
    if person.is_in_another_language(heard.text) and heard.is_typed:
        # said by the notice; a story in another language is kept at whatever question it comes
        kept = kept or (incident.add_to_story(heard.text, picture) if worth and question.slot != "consent" else {})
        return {**kept, "tries": {question.id: count}}
    if count == MOST_TRIES:
        say.utter_message(response="utter_offer_ways" if question.can_skip else "utter_offer_ways_needed")
    elif sounds_upset(heard.text):
        say.utter_message(response="utter_upset", **wording.numbers(directory))
    else:
        say.utter_message(response="utter_not_understood" if not kept else "utter_noted")
    return {**kept, "tries": {question.id: count}}


def _story_in_any_language(heard: Heard, updates: dict[str, Any], picture: Picture) -> dict[str, Any]:
    """A few words in another language ("I do not speak English") are kept, but are no story: it is asked for again."""
    tried = (picture.memory.get("tries") or {}).get("story", 0)
    short = len(heard.text.split()) < SHORTEST_ABROAD
    if tried or not short or not person.is_in_another_language(heard.text):
        return updates
    return {name: updates[name] for name in ("narrative", "findings") if name in updates} | {"tries": {"story": 1}}


def _left_open(question: Question, picture: Picture) -> dict[str, Any]:
    """The updates that leave a question open. Never a yes."""
    if question.slot == "confirm_understanding":
        unsure = picture.assessment.kind in ("not_asb", "off_topic")
        return {question.slot: {"kind": "not_asb"} if unsure else LEFT_OPEN}
    if question.slot == "consent":
        return {question.slot: {**(picture.case.answers.get("consent") or {}), str(question.part): LEFT_OPEN}}
    if question.slot == "safe_to_talk":
        return {question.slot: LEFT_OPEN}
    if question.part is not None:
        return {question.slot: {**(picture.case.answers.get(question.slot) or {}), question.part: SKIPPED}}
    return {question.slot: area.leave_open(picture) if question.slot == "area" else SKIPPED}


def _remember(picture: Picture, updates: dict[str, Any]) -> dict[str, Any]:
    """Keep the trail for `go back`: the question just answered, when it was."""
    slot = picture.question.slot
    if updates.get(slot) is None or slot == "safety_check":
        return {}
    return {"asked": [*(picture.memory.get("asked") or ()), picture.question.id], "tries": {}}


class GoBack(Move):
    """Takes the last answer away, so that its question is asked again."""

    def name(self) -> str:
        return "action_go_back"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        asked = list(tracker.slots.get("asked") or ())
        if not asked or tracker.slots.get("sent"):
            dispatcher.utter_message(response="utter_cannot_go_back")
            return []
        dispatcher.utter_message(response="utter_went_back")
        slot, _, part = asked.pop().partition(":")
        updates = referral.reopen(read_case(tracker.slots), slot, part or None)
        return set_slots({**updates, "asked": asked, "tries": {}})
