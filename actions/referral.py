"""What leaves, and what became of it? The check, changes to it, sending, the return code and the state afterwards."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import person, wording
from actions.case_review import offer_review
from actions.reach import Move, Reach, Sent
from actions.signpost import answering_now, say_opening, signposts
from actions.slots import Heard, Picture, clear, hear, read_case, see, set_slots
from actions.values import Row, rows
from bot.conversations.returning import MIN_WORD
from bot.directory.working_days import end_of, next_working_day
from bot.referrals.record import Priority, Recipient, ReferralRequest
from bot.triage.case import Case
from bot.triage.questions import UNSKIPPABLE, Question
from bot.triage.vocabulary import SKIPPED
from bot.understanding import answers as read_answer

log = logging.getLogger(__name__)

_PRIORITY: dict[str, Priority] = {"urgent": "urgent", "high": "high", "standard": "standard"}

#: Characters a return word may have at most; the fewest is MIN_WORD.
LONGEST_WORD = 60

#: What is being picked when no row has been named yet.
EVERY_ROW = "every row"

#: Rows that a referral cannot do without: they can be changed, not removed.
NEEDED = ("narrative", "confirm_understanding", "safe_contact:channel", *UNSKIPPABLE)


def requests(picture: Picture, domain: wording.Domain, reach: Reach) -> tuple[ReferralRequest, ...]:
    """One request for each service the person said yes to."""
    made = []
    for recommended in picture.route.referrals:
        service = recommended.service_id
        if service not in picture.consented:
            continue
        made.append(
            ReferralRequest(
                case_key=picture.case_key,
                conversation_id=picture.conversation_id,
                case=picture.case,
                assessment=picture.assessment,
                recipient=Recipient(
                    service_id=service,
                    name=reach.directory.service(service).name,
                    purpose=recommended.purpose,
                    team=recommended.team,
                    reason=recommended.reason,
                    priority=_PRIORITY[picture.priority.level],
                ),
                consent=person.consent_read(picture, service),
                channel=picture.channel,
                screens=picture.screens,
                mediation=picture.mediation,
                due_at=end_of(next_working_day(picture.now, picture.priority.target_days, reach.directory.announced)),
                area_pack=picture.group,
            )
        )
    return tuple(made)


async def take_decision(
    value: str, picture: Picture, say: CollectingDispatcher, domain: wording.Domain, reach: Reach
) -> dict[str, Any]:
    """Send it, or not. "Sent" is said only after the referral is stored and on its way."""
    if value == "change":
        return {"picking": EVERY_ROW}
    if value != "send":
        found = answering_now(picture, reach.directory, domain)
        say.utter_message(response="utter_not_sent_by_choice", contacts=found)
        return {"check_answers": "do_not_send"}
    try:
        sent = await reach.send(requests(picture, domain, reach))
    except Exception as failure:  # whatever failed, the person must hear the truth and nothing may be lost
        log.error("a referral could not be stored: %s", type(failure).__name__)
        say.utter_message(response="utter_could_not_send", **wording.numbers(reach.directory))
        return {"tries": {}}
    _tell(sent, picture, say, domain, reach)
    return {
        "check_answers": "send",
        "sent": [{"reference": s.reference, "service": s.service, "state": s.state} for s in sent],
    }


def _tell(
    sent: tuple[Sent, ...], picture: Picture, say: CollectingDispatcher, domain: wording.Domain, reach: Reach
) -> None:
    """The reference, who reads it and when, what to do meanwhile, and how they will be in touch."""
    numbers = wording.numbers(reach.directory)
    for referral, service in zip(sent, picture.consented, strict=True):
        name = wording.service_name(domain, reach.directory, service)
        say.utter_message(response="utter_sent", service=name, reference=referral.reference)
        say_opening(picture, service, say, domain, reach.directory, "utter_sent")
    if picture.priority.level == "urgent":
        say.utter_message(response="utter_sent_priority")
    channels = (picture.case.value("safe_contact") or {}).get("channel") or ()
    say.utter_message(response="utter_you_contact" if "none" in channels else "utter_contact_safely")
    if picture.assessment.kind != "asb":
        say.utter_message(response="utter_police_choice", **numbers)
    offer_review(picture, say, domain, reach.directory)
    found = answering_now(picture, reach.directory, domain)
    say.utter_message(response="utter_meanwhile", contacts=found, **numbers)


async def take_return_word(heard: Heard, picture: Picture, say: CollectingDispatcher, reach: Reach) -> dict[str, Any]:
    """A word only they know, and the code that goes with it."""
    word = " ".join(heard.text.split())
    if heard.choice is not None or not MIN_WORD <= len(word) <= LONGEST_WORD:
        say.utter_message(response="utter_return_word_short")
        return {}
    code = await reach.give_return_code(picture.conversation_id, word, picture.now)
    spaced = " ".join(code[i : i + 4] for i in range(0, len(code), 4))
    say.utter_message(response="utter_return_code", code=spaced)
    return {"return_code": True, "return_word": "given", "save_wanted": None}


def reopen(case: Case, slot: str, part: str | None = None) -> dict[str, Any]:
    """The updates that have a question asked again. A changed story is told again from nothing."""
    if slot in ("narrative", "story"):
        return {"narrative": "", "findings": [], "story": None, "confirm_understanding": None}
    if slot == "safe_contact" and part == "channel":
        part = None
    return {**clear(case, slot, part), "check_answers": None}


class AskCheckAnswers(Move):
    """Shows everything that would be sent, and where to, before asking."""

    def name(self) -> str:
        return "action_ask_check_answers"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        picking = picture.memory.get("picking")
        if picking:
            _pick(str(picking), picture, dispatcher, domain)
            return set_slots({"picking": None})
        shown = [
            wording.words(domain, "utter_check_row", label=row.label, value=row.value) for row in rows(picture, domain)
        ]
        names = (wording.service_name(domain, self.reach.directory, s) for s in picture.consented)
        photos = await self.reach.count_photos(tracker.sender_id)
        if photos:  # they are no answer: they are seen and taken out on a page of their own
            value = wording.words(domain, "utter_row_photos_value", count=photos)
            label = wording.words(domain, "utter_row_photos")
            shown.append(wording.words(domain, "utter_check_row", label=label, value=value))
        intro = wording.words(domain, "utter_check_intro")
        dispatcher.utter_message(text="\n".join([intro, *shown]))
        dispatcher.utter_message(response="utter_check_to", services=wording.join(domain, names))
        dispatcher.utter_message(response="utter_ask_check_answers")
        return []


class AskAnythingElse(Move):
    """The last question. Says who else can help when nothing was, or could be, sent."""

    def name(self) -> str:
        return "action_ask_anything_else"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        told = list(picture.memory.get("told") or ())
        if picture.progress.sent:
            dispatcher.utter_message(response="utter_ask_anything_else_sent")
            return []
        declined = picture.case.answers.get("check_answers") == "do_not_send"
        if not declined and not picture.consented and "no_referral" not in told:
            found = answering_now(picture, self.reach.directory, domain)
            known = picture.progress.area_settled
            response = "utter_no_referral" if picture.recipients else "utter_no_service" if known else "utter_no_area"
            if not _nothing_to_tell(picture):
                dispatcher.utter_message(response=response, contacts=found)
                others = signposts(picture, self.reach.directory, domain)
                if others:
                    dispatcher.utter_message(response="utter_signposts", contacts=others)
                offer_review(picture, dispatcher, domain, self.reach.directory)
            told.append("no_referral")
        could = "utter_ask_anything_else_unsent" if picture.recipients else "utter_ask_anything_else"
        dispatcher.utter_message(response=could)
        return set_slots({"told": told})


def _nothing_to_tell(picture: Picture) -> bool:
    """True for someone who says that none of it is theirs: they only looked."""
    return picture.assessment.kind == "off_topic"


def row_in_words(text: str, picture: Picture, domain: wording.Domain) -> str | None:
    """The slot of a row named in words, or by its number; None when none is meant."""
    return read_answer.match_option(text, [(row.slot, (row.label,)) for row in rows(picture, domain)])


def offer_rows(picture: Picture, say: CollectingDispatcher, domain: wording.Domain) -> None:
    """Every row of what would be sent, as a button."""
    buttons = [{"title": row.label, "payload": f'/pick{{"row": "{row.slot}"}}'} for row in rows(picture, domain)]
    say.utter_message(response="utter_ask_change", buttons=buttons)


def _pick(slot: str, picture: Picture, say: CollectingDispatcher, domain: wording.Domain) -> None:
    """Every row to choose from, or what can be done with the one that was named."""
    row = next((row for row in rows(picture, domain) if row.slot == slot), None)
    if row is None:
        offer_rows(picture, say, domain)
    else:
        _offer(row, say, domain)


def _offer(row: Row, say: CollectingDispatcher, domain: wording.Domain) -> None:
    """What can be done with one row: change it, take it out when the service can do without it, or leave it."""
    ways = [("utter_label_change", f'/change{{"row": "{row.slot}"}}')]
    if row.slot not in NEEDED:
        ways.append(("utter_label_remove", f'/remove{{"row": "{row.slot}"}}'))
    ways.append(("utter_label_keep", "/repeat_question"))
    say.utter_message(response="utter_pick", label=row.label, value=row.value)
    buttons = [{"title": wording.words(domain, title), "payload": payload} for title, payload in ways]
    say.utter_message(response="utter_ask_change_or_remove", buttons=buttons)


class Change(Move):
    """Offers every row of what would be sent."""

    def name(self) -> str:
        return "action_change"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        if picture.progress.sent or not picture.case.story:
            dispatcher.utter_message(response="utter_nothing_to_change")
            return []
        offer_rows(picture, dispatcher, domain)
        return []


class PickRow(Move):
    """Shows one row, and what can be done with it."""

    def name(self) -> str:
        return "action_pick_row"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        picked = hear(tracker).row
        row = next((row for row in rows(picture, domain) if row.slot == picked), None)
        if row is not None:
            _offer(row, dispatcher, domain)
        return []


class ChangeRow(Move):
    """Asks a row's question again."""

    def name(self) -> str:
        return "action_change_row"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        row = hear(tracker).row
        if row is None:
            return []
        dispatcher.utter_message(response="utter_changing")
        slot, _, part = row.partition(":")
        told = [t for t in tracker.slots.get("told") or () if t != "no_referral"]
        return set_slots({**reopen(read_case(tracker.slots), slot, part or None), "told": told, "tries": {}})


class RemoveRow(Move):
    """Takes a row out: it is not sent, and not asked again."""

    def name(self) -> str:
        return "action_remove_row"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        row = hear(tracker).row
        if row is None:
            return []
        if row in NEEDED:
            dispatcher.utter_message(response="utter_cannot_remove")
            return []
        slot, _, part = row.partition(":")
        picture = see(tracker, self.reach.directory, self.now(tracker))
        label = wording.words(domain, f"utter_row_{row.replace(':', '_')}", picture.about)
        dispatcher.utter_message(response="utter_removed", label=label)
        if slot == "safe_contact":
            return set_slots(person.leave_out_contact(Question(slot, part), picture, dispatcher))
        if part:
            return set_slots({slot: {**(picture.case.answers.get(slot) or {}), part: SKIPPED}})
        return set_slots({**clear(picture.case, slot), slot: SKIPPED})


class ReferralState(Move):
    """Says how each referral of this chat stands: the last thing that was confirmed, nothing more."""

    def name(self) -> str:
        return "action_referral_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        found = await self.reach.sent(tracker.sender_id)
        if not found:
            dispatcher.utter_message(response="utter_status_none")
        numbers = wording.numbers(self.reach.directory)
        for referral in found:
            state = wording.words(domain, f"utter_status_{referral.state}").format(**numbers)
            dispatcher.utter_message(
                response="utter_status", reference=referral.reference, service=referral.service, state=state
            )
        return []
