"""What do Rasa's slots mean? The only translator between the tracker and the objects of bot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot.directory import Directory, Route, route
from bot.triage import (
    Assessment,
    Case,
    Finding,
    Mediation,
    Priority,
    Screen,
    assess,
    screen_mediation,
    screens_for,
    set_priority,
)
from bot.triage.questions import Progress, Question, next_question
from bot.triage.vocabulary import SKIPPED

#: Slots that hold an answer, in the order the check-your-answers page shows them.
ANSWERS = (
    "safe_to_talk",
    "story",
    "confirm_understanding",
    "hate_reason",
    "happening_now",
    "speaker_role",
    "on_behalf_consent",
    "targeted",
    "reported_before",
    "report_details",
    "when",
    "frequency",
    "area",
    "happened_area",
    "where",
    "who",
    "effect",
    "getting_worse",
    "risk",
    "wishes",
    "mediation",
    "access_needs",
    "age_band",
    "trusted_adult",
    "police_share",
    "consent",
    "name",
    "safe_contact",
    "check_answers",
    "return_word",
)

#: Slots that hold what the dialogue itself must remember.
MEMORY = (
    "narrative",
    "findings",
    "safety",
    "asked",
    "tries",
    "sent",
    "return_code",
    "told",
    "consents_read",
    "picking",
    "case_number",
    "save_wanted",
)


@dataclass(frozen=True)
class Heard:
    """The newest message: its words, the option chosen if one was, and what kind of message it is."""

    text: str
    choice: str | None
    row: str | None
    intent: str

    @property
    def is_typed(self) -> bool:
        """True for words, false for a button."""
        return self.choice is None and self.row is None


@dataclass(frozen=True)
class Picture:
    """Everything there is to see at one moment of a conversation."""

    conversation_id: str
    channel: str
    now: dt.datetime
    case: Case
    assessment: Assessment
    screens: tuple[Screen, ...]
    mediation: Mediation
    priority: Priority
    route: Route
    progress: Progress
    question: Question
    memory: Mapping[str, Any] = field(default_factory=dict)

    @property
    def case_key(self) -> str:
        """The same for everything said until the person starts again: what makes a submission happen once."""
        return f"{self.conversation_id}:{self.memory.get('case_number') or 0}"

    @property
    def recipients(self) -> tuple[str, ...]:
        """The services that could receive a referral, in the order to ask about them."""
        return tuple(r.service_id for r in self.route.referrals)

    @property
    def consented(self) -> tuple[str, ...]:
        """Those the person said yes to."""
        consent = self.case.answers.get("consent") or {}
        return tuple(service for service in self.recipients if consent.get(service) == "given")

    @property
    def about(self) -> str | None:
        """Whom it is about, as the wording puts it: "other" told for someone, "seen" by a witness, else None."""
        if not self.assessment.third_party:
            return None
        return "seen" if self.case.value("speaker_role") == "witness" else "other"

    @property
    def group(self) -> str | None:
        """The service area the person is in."""
        return self._near.get("group")

    @property
    def authority(self) -> str | None:
        """The council the person is in."""
        return self._near.get("authority")

    @property
    def _near(self) -> dict[str, Any]:
        """The place whose lines are named: where they live, or where it happened when that is not known."""
        area, happened = self.case.value("area"), self.case.value("happened_area")
        if isinstance(area, dict) and (area.get("group") or area.get("outside")):
            return area
        return happened if isinstance(happened, dict) else {}

    @property
    def cannot_call(self) -> bool:
        """True for someone who is deaf or cannot use the telephone: they are told ways to write first."""
        needs = self.case.value("access_needs")
        return isinstance(needs, dict) and bool({"deaf", "bsl", "no_phone_calls"} & set(needs.get("needs") or ()))

    @property
    def age_band(self) -> str | None:
        """The person's age band, when known."""
        age = self.case.value("age_band")
        return age.get("band") if isinstance(age, dict) else None


def hear(tracker: Tracker) -> Heard:
    """The newest message as it reached the dialogue."""
    message: dict[str, Any] = tracker.latest_message or {}
    entities = {e.get("entity"): e.get("value") for e in message.get("entities") or ()}
    return Heard(
        text=str(message.get("text") or ""),
        choice=entities.get("choice"),
        row=entities.get("row"),
        intent=str((message.get("intent") or {}).get("name") or "tell"),
    )


def read_case(slots: Mapping[str, Any]) -> Case:
    """The case that the slots hold."""
    return Case(
        story=slots.get("narrative") or "",
        findings=tuple(Finding(**f) for f in slots.get("findings") or ()),
        answers={name: slots[name] for name in ANSWERS if slots.get(name) is not None},
    )


def write_findings(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Findings as a slot can hold them."""
    return [asdict(f) for f in findings]


def see(tracker: Tracker, directory: Directory, now: dt.datetime, updates: Mapping[str, Any] | None = None) -> Picture:
    """The whole picture, as it stands after `updates` (slot -> value) are made."""
    slots: dict[str, Any] = {**tracker.slots, **(updates or {})}
    case = read_case(slots)
    assessment = assess(case.findings, case.answers)
    screens = screens_for(case, assessment)
    mediation = screen_mediation(case, assessment, screens)
    case = _with_exact_area(case, directory)
    area, happened = case.value("area"), case.value("happened_area")
    age = case.value("age_band")
    wishes = case.value("wishes") or ()
    routed = route(
        directory,
        area=area if isinstance(area, dict) else None,
        kind=assessment.kind,
        hate_strands=assessment.hate_strands,
        other_harm=assessment.other_harm,
        risk=assessment.risk,
        age_band=age.get("band") if isinstance(age, dict) else None,
        wishes=tuple(wishes),
        at=now,
        asb_types=assessment.asb_types,
        happened_in=happened if isinstance(happened, dict) else None,
    )
    memory = {name: slots[name] for name in MEMORY if slots.get(name) is not None}
    case = _with_live_consents(case, routed, memory.get("consents_read") or {})
    progress = Progress(
        recipients=tuple(r.service_id for r in routed.referrals),
        offers_mediation=mediation.offered and any(r.purpose == "asb" for r in routed.referrals),
        danger_open=bool((memory.get("safety") or {}).get("open")),
        area_settled=is_settled(area),
        sent=bool(memory.get("sent")),
        return_code_given=bool(memory.get("return_code")),
        save_wanted=bool(memory.get("save_wanted")),
    )
    return Picture(
        conversation_id=tracker.sender_id,
        channel=str(((tracker.latest_message or {}).get("metadata") or {}).get("channel") or "web"),
        now=now,
        case=case,
        assessment=assessment,
        screens=screens,
        mediation=mediation,
        priority=set_priority(assessment, screens, case),
        route=routed,
        progress=progress,
        question=next_question(case, assessment, progress),
        memory=memory,
    )


def _with_exact_area(case: Case, directory: Directory) -> Case:
    """The case with a postcode of the story decided by the operator's own table, which the reader did not know of."""
    area = case.value("area")
    code = area.get("postcode") if isinstance(area, dict) and area.get("certain") is False else None
    found = directory.find_area(code) if code and code in directory.atlas.exact else None
    return replace(case, answers={**case.answers, "area": found.as_value()}) if found else case


def _with_live_consents(case: Case, routed: Route, consents_read: Mapping[str, Any]) -> Case:
    """The case without any yes that was given for another purpose than the service would get it for now: ask again."""
    answered = case.answers.get("consent")
    if not isinstance(answered, dict):
        return case
    purposes = {r.service_id: r.purpose for r in routed.referrals}
    live = {
        service: answer
        for service, answer in answered.items()
        if answer != "given" or (consents_read.get(service) or {}).get("purpose") == purposes.get(service)
    }
    return replace(case, answers={**case.answers, "consent": live})


def is_settled(area: Any) -> bool:
    """True when we know which services cover the place: one area for certain, or certainly none of ours."""
    if not isinstance(area, dict):
        return False
    return bool(area.get("outside")) or (bool(area.get("group")) and area.get("certain", True) is not False)


def set_slots(updates: Mapping[str, Any]) -> list[EventType]:
    """The updates as Rasa events."""
    return [SlotSet(name, value) for name, value in updates.items()]


def clear(case: Case, slot: str, part: str | None = None) -> dict[str, Any]:
    """The updates that make a question unanswered, so that it is asked even when the story seemed to answer it."""
    if part is not None:
        kept = {k: v for k, v in dict(case.answers.get(slot) or {}).items() if k != part}
        return {slot: kept or None}
    updates: dict[str, Any] = {slot: None}
    if case.finding(slot) is not None:
        updates["findings"] = write_findings(tuple(f for f in case.findings if f.label != slot))
    return updates


def is_given(value: Any) -> bool:
    """True when an answer says something, rather than having been skipped."""
    return value is not None and value != SKIPPED
