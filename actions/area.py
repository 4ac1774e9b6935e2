"""Where do they live, and where did it happen? Reads both answers, and asks again only for what decides."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.answering import Answering, is_a_label
from actions.reach import Move
from actions.slots import Heard, Picture, see
from bot.directory import AreaMatch, Directory
from bot.directory.whereabouts import find_happened, holds_postcode, unsettled
from bot.triage.vocabulary import SKIPPED
from bot.understanding.spelled import postcode_guesses
from bot.understanding.spoken import CORRECTING

#: More councils than this are not offered as buttons: the full postcode is asked for alone.
MOST_COUNCILS = 5

_THE_SAME = re.compile(
    r"^\W*(?:yes\W+|yeah\W+|it\s+(?:was|is|happened)\s+|in\s+|at\s+)*(?:(?:the\s+)?same(?:\s+\w+)?|there(?:\s+too)?|here"
    r"|(?:at\s+)?(?:my\s+)?home|where\s+i\s+live|yes|yeah|yep)\W*$",
    re.IGNORECASE,
)


def read_area(a: Answering) -> Any | None:
    """Where they live, as the fact "area"; with what was said before, where that left it open. None: not understood.

    `no_fixed_address` and `ask_no_more` are there only as True. Of a refuge no more is kept than its town.
    """
    before = a.case.value("area")
    before = before if isinstance(before, Mapping) else {}
    state = unsettled(a.text, lenient=True) if a.choice is None else None
    value = _found(a, before)
    if value is None and state is None:
        other = a.case.value("happened_area")
        same = a.choice is None and _THE_SAME.match(a.text) is not None
        return dict(other) if same and isinstance(other, Mapping) and "same" not in other else None
    value = value or {"words": a.text.strip()}
    if state == "refuge":
        return _without_address(value, a.text, a.directory)
    if state or before.get("no_fixed_address"):
        value["no_fixed_address"] = True
    if before and not is_decided(value) and _said(value) == _said(before):
        value["ask_no_more"] = True  # they have told us what they know
    return value


def read_happened(a: Answering) -> Any | None:
    """Where it happened, as the fact "area", or `{"same": True, "words"}` when that is where they live."""
    said = a.choice is None and (is_a_label(a.text, a.options) or _THE_SAME.match(a.text))
    if a.choice == "same" or said:
        return {"same": True, "words": a.label("same") if a.choice else a.text.strip()}
    return _found(a, {})


def is_decided(value: Mapping[str, Any]) -> bool:
    """True when the service area is settled, or that it is none of ours."""
    return bool(value.get("outside") or value.get("group")) and value.get("certain", True) is not False


def _said(value: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(value.get(part) for part in ("postcode", "outcode", "place"))


def _found(a: Answering, before: Mapping[str, Any]) -> dict[str, Any] | None:
    text = _council_chosen(a, before) or a.text
    found = a.directory.find_area(text, lenient=True)
    if found is None or not (found.postcode or found.authority):
        for guess in postcode_guesses(text):
            mended = a.directory.find_area(guess, lenient=True)
            # half a code that is not in our table may be no code at all: "I'm sofa surfing" holds "IM5"
            if mended and (mended.postcode or mended.outcode in a.directory.atlas.shares):
                return {**mended.as_value(), "words": a.text.strip()}
    if found is None:
        return None
    if _earlier(before) and before.get("certain") is False and not found.postcode:
        both = a.directory.find_area(f"{_earlier(before)}, {found.words}", lenient=True)
        if both and both.certain:
            return {**both.as_value(), "words": found.words}
    return found.as_value()


def _council_chosen(a: Answering, before: Mapping[str, Any]) -> str | None:
    """The name of the council whose button was pressed, or whose place in the list was written."""
    offered = offered_councils(before, a.directory)
    number = re.fullmatch(r"\W*([1-9])\W*", a.text)
    if a.choice is None and number and int(number[1]) <= len(offered):
        return offered[int(number[1]) - 1][1]
    return dict(offered).get(a.choice or "")


def _earlier(value: Mapping[str, Any]) -> str | None:
    """What was said before that another word may settle: a postcode, part of one, or a name."""
    return value.get("postcode") or (value.get("words") if value.get("outcode") else value.get("place"))


def _match_of(value: Any, directory: Directory) -> AreaMatch | None:
    said = _earlier(value) if isinstance(value, Mapping) and value.get("certain") is False else None
    return directory.find_area(said, lenient=True) if said else None


def offered_councils(value: Any, directory: Directory) -> list[tuple[str, str]]:
    """The councils that an open area may be in, (id, name), the likeliest first; none when they are too many."""
    match = _match_of(value, directory)
    if match is None or len(match.candidates) > MOST_COUNCILS:
        return []
    return [(council, directory.atlas.authorities[council].name) for council in match.candidates]


def council_payloads(picture: Picture, directory: Directory) -> list[str]:
    """What the councils' buttons stand for, in the order they are shown."""
    if picture.question.slot != "area":
        return []
    return [_payload(council) for council, _ in offered_councils(picture.case.value("area"), directory)]


def _payload(council: str) -> str:
    return f"/choose{json.dumps({'choice': council})}"


def _without_address(value: Mapping[str, Any], text: str, directory: Directory) -> dict[str, Any]:
    """A refuge is kept secret: the town or council stays, no postcode, and nothing more is asked."""
    kept = {name: value[name] for name in ("place", "authority", "group", "outside", "certain") if name in value}
    council = directory.atlas.authorities.get(str(value.get("authority")))
    words = text.strip() if not holds_postcode(text) else str(value.get("place") or (council.name if council else ""))
    return {**kept, "words": words, "no_fixed_address": True, "ask_no_more": True}


def leave_open(picture: Picture) -> Any:
    """The answer when the question is passed over: what is known stays known, and nothing more is asked."""
    known = picture.case.value("area")
    return {**known, "ask_no_more": True} if isinstance(known, Mapping) else SKIPPED


def notice_happened(heard: Heard, picture: Picture, updates: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    """ "I live in Crewe but it happened in Hanley", in a story or an answer: Hanley is kept as where it happened."""
    told = "narrative" in updates or "area" in updates
    known = picture.case.is_known("happened_area") and not CORRECTING.search(heard.text)
    found = find_happened(directory.atlas, heard.text) if heard.is_typed and told and not known else None
    return {"happened_area": found.as_value()} if found else {}


def acknowledge_area(value: Any, say: CollectingDispatcher, domain: wording.Domain) -> None:
    """What is said back about a place: outside our areas, or asked about no further."""
    if not isinstance(value, Mapping):
        return
    if value.get("ask_no_more"):
        unsettled_home = bool(value.get("no_fixed_address"))
        say.utter_message(response="utter_area_not_asked" if unsettled_home else "utter_area_left_open")
    elif value.get("outside"):
        say.utter_message(response="utter_area_outside", place=named(value, domain))


def named(value: Mapping[str, Any], domain: wording.Domain) -> str:
    """The place as it was said."""
    said = value.get("postcode") or value.get("place") or value.get("outcode")
    return str(said or wording.words(domain, "utter_name_your_place"))


class AskArea(Move):
    """Asks where they live, or says why what we have is not enough yet."""

    def name(self) -> str:
        return "action_ask_area"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        case = see(tracker, self.reach.directory, self.now(tracker)).case
        area = case.value("area")
        if not isinstance(area, Mapping):
            homeless = unsettled(case.story)
            dispatcher.utter_message(response="utter_ask_area_no_address" if homeless else "utter_ask_area")
        elif not (area.get("outcode") or area.get("place")):
            dispatcher.utter_message(response="utter_ask_area_no_address")
        else:
            self._ask_which(area, dispatcher, domain)
        return []

    def _ask_which(self, area: Mapping[str, Any], say: CollectingDispatcher, domain: wording.Domain) -> None:
        """Which of the councils it may be: by button, by name, or by the whole postcode where we lack it."""
        kind = "border" if area.get("postcode") else "unsure" if area.get("outcode") else "name"
        councils = offered_councils(area, self.reach.directory)
        buttons = [{"title": title, "payload": _payload(council)} for council, title in councils]
        buttons += wording.variant(domain, "utter_ask_area")["buttons"]  # passing over comes last, as everywhere
        say.utter_message(response=f"utter_ask_area_{kind}", place=named(area, domain), buttons=buttons)


class AskHappenedArea(Move):
    """Asks where it happened, when where they live does not decide who can help."""

    def name(self) -> str:
        return "action_ask_happened_area"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        case = see(tracker, self.reach.directory, self.now(tracker)).case
        area = case.value("area")
        if isinstance(area, Mapping) and area.get("outside") and "area" not in case.answers:
            dispatcher.utter_message(response="utter_area_outside", place=named(area, domain))  # said in the story
        dispatcher.utter_message(response="utter_ask_happened_area")
        return []
