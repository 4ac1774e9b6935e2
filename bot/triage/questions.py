"""What should we ask next? A pure look at what is known and what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.triage.assess import Assessment
from bot.triage.case import Case
from bot.triage.vocabulary import SKIPPED

#: Kinds of harm that have their own specialists: these people are never put through the ASB questions.
SPECIALIST_HARM = (
    "domestic_abuse",
    "sexual_violence",
    "child_abuse",
    "honour_based",
    "modern_slavery",
)

#: The risk questions (design: at most eight, each tied to an action), by number, and the screens that read each.
RISK_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "1": ("asb", "hate"),  # getting worse
    "2": ("asb", "hate"),  # hurt, threatened, followed, weapon, fire
    "3": ("asb",),  # what makes it harder
    "4": ("asb",),  # they know where you live, or could hurt you for asking
    "5": ("hate",),  # they know you, live near, or you depend on them
    "6": ("hate",),  # who stands by you
}

#: What each kind of contact still needs before it is safe to use, in order.
SAFE_CONTACT_PARTS = ("channel", "number", "email", "times", "voicemail", "neutral_name")

#: Questions that may not be skipped: without them nothing safe or lawful can be sent.
UNSKIPPABLE = ("safety_check", "story", "consent", "check_answers")


@dataclass(frozen=True)
class Question:
    """One question. `slot` is where its answer lives; `part` says which of several (a service, a screen's number)."""

    slot: str
    part: str | None = None

    @property
    def id(self) -> str:
        """The public id, as in the chat API's `asks`: `where`, `risk:2`, `consent:harmony`."""
        return f"{self.slot}:{self.part}" if self.part else self.slot

    @property
    def can_skip(self) -> bool:
        """False for the safety ones and for what must be said plainly before anything leaves."""
        return self.slot not in UNSKIPPABLE


@dataclass(frozen=True)
class Progress:
    """Where a conversation stands, beside what the case itself says.

    `recipients` are the service ids that would receive a referral; `offers_mediation` is the mediation screen's answer;
    `danger_open` is true from a danger signal until the person has said whether they are safe; `save_wanted` from the
    moment they ask to come back later until they have their return code.
    """

    recipients: Sequence[str] = ()
    offers_mediation: bool = False
    danger_open: bool = False
    area_settled: bool = False
    sent: bool = False
    return_code_given: bool = False
    save_wanted: bool = False


def next_question(case: Case, assessment: Assessment, progress: Progress) -> Question:
    """The one question to ask now. There always is one: the last is `anything_else`."""
    return next(_missing(case, assessment, progress))


def is_specialist(assessment: Assessment) -> bool:
    """True when another kind of help comes first, and the ASB and hate questions would be the wrong ones."""
    return assessment.kind == "other_harm" and any(h in SPECIALIST_HARM for h in assessment.other_harm)


def _missing(case: Case, assessment: Assessment, progress: Progress) -> Iterator[Question]:
    """Every question still open, in the order of the conversation."""
    if progress.danger_open:
        yield Question("safety_check")
    if progress.save_wanted and not progress.return_code_given:
        yield Question("return_word")
    if progress.sent:
        if not progress.return_code_given and "return_word" not in case.answers:
            yield Question("return_word")
        yield Question("anything_else")
        return
    for slot in ("safe_to_talk", "story", "confirm_understanding"):
        if slot not in case.answers:
            yield Question(slot)
    if assessment.kind == "off_topic" and "confirm_understanding" in case.answers:
        yield Question("anything_else")  # they say that none of it is theirs
    yield from _about_what_happened(case, assessment, progress)
    yield from _about_what_is_wanted(case, assessment, progress)
    yield from _about_sharing(case, progress)
    yield Question("anything_else")


def _about_what_happened(case: Case, assessment: Assessment, progress: Progress) -> Iterator[Question]:
    specialist = is_specialist(assessment)
    is_hate = assessment.kind in ("hate", "both")
    # Where nobody could receive it, a long list of questions would lead nowhere.
    unserved = progress.area_settled and not progress.recipients
    # A fraud or a break-in is not asked about as if it went on next door.
    going_on = not specialist and (assessment.kind != "other_harm" or "stalking" in assessment.other_harm)
    wanted: tuple[tuple[str, bool], ...] = (
        ("hate_reason", is_hate and not assessment.hate_strands),
        ("happening_now", going_on),
        ("speaker_role", True),
        ("on_behalf_consent", _speaks_for_someone(case)),
        ("targeted", going_on and not is_hate and not unserved),
        ("reported_before", not unserved),
        ("report_details", not specialist and not unserved and _reports_lack_detail(case)),
        ("when", not specialist and not unserved),
        ("frequency", going_on and not unserved),
    )
    for slot, applies in wanted:
        if applies and not case.is_known(slot):
            yield Question(slot)
    if not progress.area_settled and _may_ask_area(case):
        yield Question("area")
    if not specialist and _is_far_or_unknown(case, progress) and not case.is_known("happened_area"):
        yield Question("happened_area")
    if not specialist and not unserved:
        for slot in ("where", "effect") if going_on else ("effect",):
            if not case.is_known(slot):
                yield Question(slot)
        yield from _risk(case, assessment)


def _may_ask_area(case: Case) -> bool:
    """False once they have told what they know or want to tell; where a refuge is, is never asked."""
    area = case.answers.get("area")
    return area != SKIPPED and not (isinstance(area, dict) and area.get("ask_no_more"))


def _is_far_or_unknown(case: Case, progress: Progress) -> bool:
    """True when the home decides no service of ours, but the place may. A witness was asked for the place itself."""
    known = case.value("area")
    area = known if isinstance(known, dict) else {}
    if area.get("no_fixed_address") and area.get("ask_no_more"):
        return False  # it may be a refuge
    return (bool(area.get("outside")) or not progress.area_settled) and case.value("speaker_role") != "witness"


def _reports_lack_detail(case: Case) -> bool:
    """True when something was reported but to whom, or how often, is not known."""
    reported = case.value("reported_before")
    if not isinstance(reported, dict) or not reported.get("any"):
        return False
    reports = reported.get("reports") or []
    return not any(report.get("to") for report in reports)


def _risk(case: Case, assessment: Assessment) -> Iterator[Question]:
    if assessment.kind not in ("asb", "hate", "both"):
        return
    screens = ("asb", "hate") if assessment.kind == "both" else (assessment.kind,)
    answered = case.answers.get("risk") or {}
    about_them = case.value("speaker_role") != "witness"  # who only saw it cannot answer for a stranger
    for number, readers in RISK_QUESTIONS.items():
        fits = any(screen in readers for screen in screens) and (about_them or number in ("1", "2"))
        if fits and number not in answered and not _risk_is_said(case, number):
            yield Question("risk", number)


#: What in a story already answers a risk question.
_SAID_BY: Mapping[str, Callable[[Case], bool]] = {
    "1": lambda case: case.value("getting_worse") is not None or case.value("frequency") == "once",
    "2": lambda case: any(
        case.finding(label) for label in ("weapon", "injury", "threat_to_kill", "followed", "threatened")
    ),
    "5": lambda case: case.finding("lives_close") is not None or _is_neighbour(case),
}


def _risk_is_said(case: Case, number: str) -> bool:
    said = _SAID_BY.get(number)
    return said is not None and said(case)


def _speaks_for_someone(case: Case) -> bool:
    """True when someone tells it for another person whom they know; a witness may not."""
    return case.value("speaker_role") in ("family_friend", "carer", "professional")


def _is_neighbour(case: Case) -> bool:
    who = case.value("who")
    return isinstance(who, dict) and who.get("relationship") in ("neighbour", "landlord", "partner", "family")


def _about_what_is_wanted(case: Case, assessment: Assessment, progress: Progress) -> Iterator[Question]:
    wishes = case.value("wishes")
    unserved = progress.area_settled and not progress.recipients
    wanted: tuple[tuple[str, bool], ...] = (
        ("wishes", not unserved),
        ("mediation", progress.offers_mediation and not (wishes and "mediation" in wishes)),
        ("access_needs", not unserved),
        ("age_band", True),
        ("trusted_adult", _band(case) == "under_16" and not assessment.third_party),
        ("police_share", assessment.kind in ("hate", "both") and bool(progress.recipients)),
    )
    for slot, applies in wanted:
        if applies and not case.is_known(slot):
            yield Question(slot)


def _band(case: Case) -> str | None:
    age = case.value("age_band")
    return age.get("band") if isinstance(age, dict) else None


def _about_sharing(case: Case, progress: Progress) -> Iterator[Question]:
    """Consent for each service, then who to ask for and how to reach them safely, then the read-back."""
    consent = case.answers.get("consent") or {}
    for service in progress.recipients:
        if service not in consent:
            yield Question("consent", service)
    if not any(consent.get(service) == "given" for service in progress.recipients):
        return
    if not case.is_known("name"):
        yield Question("name")
    yield from _safe_contact(case.answers.get("safe_contact"))
    if "check_answers" not in case.answers:
        yield Question("check_answers")


def _safe_contact(known: Any) -> Iterator[Question]:
    if known == SKIPPED:
        return
    contact: Mapping[str, Any] = known or {}
    channels = contact.get("channel")
    if channels is None:
        yield Question("safe_contact", "channel")
        return
    by_phone = "call" in channels or "text" in channels
    needs = {
        "number": by_phone,
        "email": "email" in channels,
        "times": by_phone,
        "voicemail": "call" in channels,
        "neutral_name": "call" in channels,
    }
    for part in SAFE_CONTACT_PARTS[1:]:
        if needs[part] and part not in contact:
            yield Question("safe_contact", part)
