"""What happened? Taking the story in, showing it back, and keeping what is said in passing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.area import acknowledge_area
from actions.reach import Move
from actions.slots import Heard, Picture, see, set_slots, write_findings
from actions.values import value_in_words
from bot.directory import Directory, safety_contacts
from bot.triage.questions import SPECIALIST_HARM
from bot.triage.vocabulary import FACTS, HEARD, TOLD, Finding
from bot.understanding import answers as read_answer
from bot.understanding import check_safety, heed, read, read_words
from bot.understanding.reader import Reading
from bot.understanding.spoken import CORRECTING, TO_ME_TOO, WAS_NOT

Reader = Callable[[str, dt.datetime], Reading]

#: Fewer words than this are no story, unless they show something.
SHORTEST_STORY = 4

#: This many words are a story, even when they show nothing that we know.
LONG_STORY = 15

#: A quotation is long enough to be recognised and short enough to read.
LONGEST_QUOTE = 160

#: What a correction may change in passing: facts, never consent or contact.
CORRECTABLE = ("when", "frequency", "area", "where", "who", "reported_before", "age_band", "happening_now", "name")

#: Answers that are no part of the story: who they are, where they live and how to reach them.
NOT_STORY = ("name", "safe_contact", "area", "happened_area", "trusted_adult")

#: Harm with people of its own to ring, named as soon as it is understood.
NAMED_AT_ONCE = (*SPECIALIST_HARM, "stalking", "fraud")


def add_to_story(text: str, picture: Picture, reader: Reader = read) -> dict[str, Any]:
    """The narrative with these words added, and everything they show.

    An answer is read by `read_words` alone: half a sentence is easily misheard as a whole.
    """
    before = picture.case.story
    offset = len(before) + 1 if before else 0
    # What was said first about a fact stands until it is corrected; a passing "my husband" changes no one's story.
    found = tuple(
        replace(f, start=f.start + offset, end=f.end + offset)
        for f in reader(text, picture.now).findings
        if not (f.label in FACTS and picture.case.is_known(f.label))
        and not (f.label == "speaker_role" and f.value != "self" and TO_ME_TOO.search(text))
    )
    return {
        "narrative": f"{before}\n{text}" if before else text,
        "findings": write_findings((*picture.case.findings, *found)),
    }


def take_story(heard: Heard, picture: Picture, say: CollectingDispatcher) -> dict[str, Any]:
    """The story, or a part of it. A few empty words are asked for again once, then kept as they are."""
    updates = add_to_story(heard.text, picture)
    shows_something = any(f["label"] not in HEARD for f in updates["findings"][len(picture.case.findings) :])
    tried = (picture.memory.get("tries") or {}).get("story", 0)
    if len(heard.text.split()) < SHORTEST_STORY and not shows_something and not tried:
        say.utter_message(response="utter_not_understood")
        return {"tries": {"story": 1}}
    return {**updates, "story": "told", "confirm_understanding": None}


def take_early_story(heard: Heard, picture: Picture) -> dict[str, Any]:
    """A story that comes before it is asked for is kept, and not asked for again when it tells something."""
    if heard.choice is not None or len(heard.text.split()) < SHORTEST_STORY:
        return {}
    updates = add_to_story(heard.text, picture)
    shown = any(f["label"] in TOLD for f in updates["findings"])
    return {**updates, "story": "told"} if shown or len(heard.text.split()) >= LONG_STORY else updates


def take_confirmation(value: Any) -> dict[str, Any]:
    """Yes, another kind, or back to the story."""
    return {"story": None} if value == "no" else {"confirm_understanding": value}


def take_words(heard: Heard, picture: Picture) -> dict[str, Any]:
    """A typed answer of some length is part of what they told us: keep the words, and what else they show."""
    if heard.choice is not None or picture.question.slot in NOT_STORY:
        return {}
    added = add_to_story(heard.text, picture, read_words)
    is_more = len(heard.text.split()) >= 6 and len(added["findings"]) > len(picture.case.findings)
    return added if is_more else {}


def take_other_facts(heard: Heard, picture: Picture, say: CollectingDispatcher) -> dict[str, Any]:
    """The words answered another question than the one asked: keep them, thank the person, and ask again."""
    if heard.choice is not None:
        return {}
    added = add_to_story(heard.text, picture, read_words)
    if len(added["findings"]) == len(picture.case.findings) or heard.text in picture.case.story.split("\n"):
        return {}
    shows = {f["label"] for f in added["findings"] if f["label"] in TOLD} - {f.label for f in picture.case.findings}
    if not (picture.question.slot == "confirm_understanding" and shows):
        say.utter_message(response="utter_noted")
    return {**added, "tries": {}}


def take_more(heard: Heard, picture: Picture, say: CollectingDispatcher) -> dict[str, Any]:
    """Words after the last question: kept, and honest about where they go."""
    sent = picture.memory.get("sent") or ()
    said = read_answer.match_option(
        heard.text, (("yes", ("Yes",)), ("no", ("No", "nothing", "idk")), ("no", ("I am not sure",)))
    )
    if said is not None and heard.choice is None:
        say.utter_message(response="utter_more_please" if said == "yes" else "utter_nothing_more")
        return {}
    if sent:
        say.utter_message(response="utter_added_after", service=sent[0]["service"])
    else:
        say.utter_message(response="utter_noted")
    return add_to_story(heard.text, picture)


def take_correction(
    heard: Heard, picture: Picture, say: CollectingDispatcher, domain: wording.Domain
) -> dict[str, Any]:
    """ "Actually it was Tuesday": the facts in it replace what was known, and the person is told so."""
    if heard.intent != "correct" and not CORRECTING.search(heard.text):
        return {}
    updates: dict[str, Any] = {}
    # "September, not August": what it was not would hide what it is
    for found in read_words(WAS_NOT.sub(" ", heard.text), picture.now).findings:
        if found.label in CORRECTABLE and found.label != picture.question.slot:
            updates[found.label] = found.value
            label = wording.words(domain, f"utter_row_{found.label}", picture.about)
            shown = value_in_words(domain, found.label, found.value, picture.about)
            say.utter_message(response="utter_corrected", label=label, value=shown)
    if updates:
        updates["narrative"] = f"{picture.case.story}\n{heard.text}" if picture.case.story else heard.text
    return updates


def merge_reports(value: Any, picture: Picture) -> dict[str, Any]:
    """What was said about reports, put into the history of reports when it can be read."""
    parsed = read_answer.parse_reported(str(value.get("words", "")), picture.now) if isinstance(value, dict) else None
    return {"reported_before": parsed} if parsed and parsed.get("reports") else {}


def acknowledge(slot: str, value: Any, say: CollectingDispatcher, directory: Directory, domain: wording.Domain) -> None:
    """The few answers that need a word back."""
    if slot == "happening_now" and value == "yes":
        say.utter_message(response="utter_happening_now_yes", **wording.numbers(directory))
    if slot == "safe_to_talk" and value != "yes":
        say.utter_message(response="utter_safety_tips", **wording.numbers(directory))
    if slot == "area":
        acknowledge_area(value, say, domain)


def notice_danger(heard: Heard, picture: Picture) -> dict[str, Any]:
    """Unclear signs of danger: flagged, and asked about once before going on."""
    if heard.choice is not None:
        return {}
    # asked what it does to them, people speak of fear: there the check alone decides whether to ask about danger
    reading = check_safety(heard.text) if picture.question.slot == "effect" else heed(heard.text)
    if reading.level != "ask":
        return {}
    safety = dict(picture.memory.get("safety") or {})
    labels = [s.label for s in reading.signals]
    if set(labels) <= set(safety.get("asked_about") or ()):
        return {}
    crisis = "suicide_self_harm" in labels
    return {
        "safety": {
            "open": True,
            "check": "crisis_unsure" if crisis else "unsure",
            "asked_about": sorted({*(safety.get("asked_about") or ()), *labels}),
            "flags": sorted({*(safety.get("flags") or ()), *labels}),
        },
        "safety_check": None,
    }


def _quote(findings: tuple[Finding, ...], story: str) -> str:
    """The person's own words: the sentence that shows the most."""
    shown = [f for f in findings if f.label in TOLD] or list(findings)
    if not shown:
        return ""
    sentences = []
    start = 0
    for end in [i + 1 for i, c in enumerate(story) if c in ".!?\n"] + [len(story)]:
        if story[start:end].strip():
            count = sum(start <= f.start < end for f in shown)
            sentences.append((count, -start, story[start:end].strip()))
        start = end
    best = max(sentences)[2]
    if len(best.split()) < SHORTEST_STORY and best != story.strip():
        return ""
    if len(best) <= LONGEST_QUOTE:
        return best
    return best[:LONGEST_QUOTE].rsplit(" ", 1)[0] + "…"


class AskStory(Move):
    """Asks for the story, or for what was got wrong in it."""

    def name(self) -> str:
        return "action_ask_story"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        told = bool(tracker.slots.get("narrative"))
        shown = "reflected" in (tracker.slots.get("told") or ())
        again = "utter_ask_story_more" if shown else "utter_ask_story_started"
        dispatcher.utter_message(response=again if told else "utter_ask_story")
        return []


class AskConfirmUnderstanding(Move):
    """Shows the story back: what it seems to be about, in the person's own words, and why."""

    def name(self) -> str:
        return "action_ask_confirm_understanding"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        found = picture.assessment
        before = list(picture.memory.get("told") or ())
        told = list(before)
        unsure = found.kind in ("not_asb", "off_topic")
        understood = f"understood:{','.join((found.kind, *found.asb_types, *found.hate_strands, *found.other_harm))}"
        if understood not in before:  # what was shown once is not shown again for a few more words
            self._show(picture, dispatcher, domain, again="reflected" in before)
            told += self._name_specialists(picture, dispatcher, domain, before)
            told = [*dict.fromkeys([*(t for t in told if not t.startswith("understood:")), "reflected", understood])]
        dispatcher.utter_message(response="utter_ask_confirm_unsure" if unsure else "utter_ask_confirm_understanding")
        return set_slots({"told": told})

    def _show(self, picture: Picture, dispatcher: CollectingDispatcher, domain: wording.Domain, again: bool) -> None:
        """What it sounds like, their own words, and why it counts."""
        found, about = picture.assessment, picture.about
        things = [*found.asb_types, *found.other_harm] if found.kind != "hate" else [*found.other_harm]
        strands = wording.join(domain, (wording.name_of(domain, s, about) for s in found.hate_strands))
        if found.kind == "other_harm":
            things = list(found.other_harm)
        if things:
            named = wording.join(domain, (wording.name_of(domain, t, about) for t in things))
            dispatcher.utter_message(response="utter_reflect_again" if again else "utter_reflect", things=named)
        elif found.kind == "off_topic":
            dispatcher.utter_message(response="utter_reflect_nothing")
        elif not again:
            dispatcher.utter_message(response="utter_reflect_plain")
        quote = _quote(found.evidence or picture.case.findings, picture.case.story)
        if quote and not again:
            dispatcher.utter_message(response="utter_reflect_quote", quote=quote)
        if found.kind in ("hate", "both") and not strands:
            dispatcher.utter_message(response="utter_reflect_hate_unnamed")
        elif found.kind not in ("not_asb", "off_topic"):
            dispatcher.utter_message(response=f"utter_reflect_{found.kind}", strands=strands)

    def _name_specialists(
        self, picture: Picture, dispatcher: CollectingDispatcher, domain: wording.Domain, told: list[str]
    ) -> list[str]:
        """Harm that has its own people: say who they are, kindly, at once, and once. Returns what was named now."""
        new = [h for h in NAMED_AT_ONCE if h in picture.assessment.other_harm and f"named:{h}" not in told]
        for harm in new:
            found = safety_contacts(
                self.reach.directory,
                signal=harm,
                group=picture.group,
                authority=picture.authority,
                age_band=picture.age_band,
                at=picture.now,
            )
            numbers = wording.numbers(self.reach.directory)
            lines = [c for c in found if c.service_id != wording.EMERGENCY]
            dispatcher.utter_message(
                response=f"utter_specialist_{harm}",
                contacts=wording.contacts(
                    domain, self.reach.directory, lines, picture.now, written=picture.cannot_call
                ),
                emergency=numbers["emergency"],
            )
        if picture.assessment.kind == "other_harm" and any(h in SPECIALIST_HARM for h in new):
            dispatcher.utter_message(response="utter_no_long_form")
        return [f"named:{h}" for h in new]


class AskRisk(Move):
    """Asks the next question of the risk screen."""

    def name(self) -> str:
        return "action_ask_risk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        question = see(tracker, self.reach.directory, self.now(tracker)).question
        dispatcher.utter_message(response=f"utter_ask_risk_{question.part}")
        return []
