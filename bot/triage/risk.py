"""How high is the risk? The screens for anti-social behaviour, hate and other harm, scored from what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.triage.answered import chosen, effects, risk_answer
from bot.triage.assess import Assessment
from bot.triage.attribution import relationship
from bot.triage.case import Case
from bot.triage.history import is_repeated, reports_made

# --- the weights: ours, for the receiving services to sign off ----------------------------------------------------
VERSION = "1"
MEDIUM_FROM, HIGH_FROM = 6, 11
FREQUENCY_POINTS = {"once": 0, "monthly": 1, "weekly": 2, "daily": 3}
POINTS = {
    "A1": 2,  # aimed at the person or household
    "A3": 2,  # getting worse
    "A4": 3,  # threatened; hurt, weapon, fire, followed are hard triggers
    "A5": 1,  # reported once or twice; three times or more counts double
    "A6": 1,  # each area of life affected
    "A7": 1,  # each thing that makes it harder
    "A8": 2,  # they know where the person lives, or could hurt them for asking
    "H2": 1,  # happened before; by the same people counts double
    "H3": 2,
    "H5": 2,
    "H6": 1,
    "H7": 2,
    "T2": 3,  # as A4
}
MOST = {"A6": 3, "A7": 3, "H6": 3}
MANY_REPORTS = 3
#: What makes the level High at once: code -> words for the receiver. "hate" counts in the ASB screen only.
HARD_TRIGGERS = {
    "hurt": "Someone has been hurt",
    "weapon": "A weapon was shown or used",
    "fire": "There was fire, or a threat of fire",
    "followed": "Someone has been followed",
    "stalking": "There are signs of stalking",
    "threat_to_kill": "There was a threat to kill",
    "immediate_danger": "The person said they were in danger",
    "self_harm": "The person spoke of suicide or self-harm",
    "under_18": "The person affected is under 18",
    "hate": "The person feels it was because of who they are",
}
# ------------------------------------------------------------------------------------------------------------------

ANSWER_WORDS = {"once": "once", "monthly": "about monthly", "weekly": "about weekly", "daily": "about daily"}
UNANSWERED = "unanswered"
_NEAR_PEOPLE = ("neighbour", "landlord", "partner", "ex_partner", "family", "carer")
_SAME_PEOPLE = ("neighbour", "partner", "ex_partner", "family", "colleague", "carer", "friend", "landlord")


@dataclass(frozen=True)
class Screen:
    """One scored screen. `reasons` are (item, points, words for the receiver); a hard trigger adds 0 points and High.

    `answers` holds every item; one that was not answered says "unanswered", scores 0 and is listed in `unanswered`.
    """

    instrument: str
    version: str
    answers: dict[str, Any]
    score: int
    level: str
    reasons: tuple[tuple[str, int, str], ...]
    triggers: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass
class _Sheet:
    answers: dict[str, Any] = field(default_factory=dict)
    reasons: list[tuple[str, int, str]] = field(default_factory=list)

    def mark(self, item: str, answer: Any, points: int = 0, words: str = "") -> None:
        """Write one item down; None or an empty list is unanswered."""
        self.answers[item] = UNANSWERED if answer is None else answer
        if points:
            self.reasons.append((item, points, words))

    def close(self, instrument: str, triggers: tuple[str, ...], item_of: Callable[[str], str], floor: str) -> Screen:
        """Add up, and lift the level to High when anything triggers it."""
        score = sum(points for _, points, _ in self.reasons)
        level = "high" if triggers or score >= HIGH_FROM else "medium" if score >= MEDIUM_FROM else floor
        hard = [(item_of(code), 0, f"{HARD_TRIGGERS[code]}: high at once") for code in triggers]
        missing = tuple(item for item, answer in self.answers.items() if answer == UNANSWERED)
        return Screen(instrument, VERSION, self.answers, score, level, (*hard, *self.reasons), triggers, missing)


def screens_for(case: Case, assessment: Assessment) -> tuple[Screen, ...]:
    """The screens that belong to the path found: ASB, hate, both, other harm, or none."""
    asb = (screen_asb(case, assessment),) if assessment.kind in ("asb", "both") else ()
    hate = (screen_hate(case, assessment),) if assessment.is_hate else ()
    harm = (screen_harm(case, assessment),) if assessment.kind == "other_harm" else ()
    return (*asb, *hate, *harm)


def screen_asb(case: Case, assessment: Assessment) -> Screen:
    """The ASB screen, A1 to A8. Low 0-5, medium 6-10, high from 11 or with a hard trigger."""
    sheet = _Sheet()
    targeted = case.value("targeted")
    sheet.mark("A1", targeted, POINTS["A1"] * (targeted == "yes"), "It is aimed at the person or their household")
    often = case.value("frequency")
    points = FREQUENCY_POINTS.get(str(often), 0)
    sheet.mark("A2", often, points, f"It happens {ANSWER_WORDS.get(str(often), '')}")
    _mark_worse(sheet, "A3", case)
    happened = _happened(case, assessment)
    threatened = "threatened" in happened
    sheet.mark("A4", _list_or_none(happened, case, "2"), POINTS["A4"] * threatened, "Someone has been threatened")
    reports = reports_made(case) if case.is_known("reported_before") else None
    times = 2 if (reports or 0) >= MANY_REPORTS else 1 if reports else 0
    sheet.mark("A5", reports, POINTS["A5"] * times, f"Reported {reports} time{'' if reports == 1 else 's'} before")
    _mark_effects(sheet, "A6", case, assessment)
    harder = _harder(case, assessment)
    words = f"Makes it harder: {_listed(harder)}"
    sheet.mark("A7", _list_or_none(harder, case, "3"), min(POINTS["A7"] * len(harder), MOST["A7"]), words)
    close = risk_answer(case, "4") or _said_to_be_near(case)
    near = close not in (None, "no", "not_sure")
    sheet.mark(
        "A8", close, POINTS["A8"] * near, "They know where the person lives, or could hurt them for asking for help"
    )
    return sheet.close("haven-asb", _triggers(happened, case, assessment, hate=True), _asb_item, "low")


def screen_hate(case: Case, assessment: Assessment) -> Screen:
    """The hate screen, H1 to H7. Never below medium; high from 11 or with a hard trigger. H1 is kept, not scored."""
    sheet = _Sheet()
    felt = [f.text for f in assessment.evidence if f.label in assessment.hate_strands]
    sheet.mark("H1", [*assessment.hate_strands, *felt] or None)
    often, again = case.value("frequency"), is_repeated(case)
    before: str | None = None if often is None and not again else "no"
    if again:
        before = "same_people" if _same_people(case) else "yes"
    times = {"same_people": 2, "yes": 1}.get(before or "", 0)
    words = "It has happened before, with the same people" if times == 2 else "It has happened before"
    sheet.mark("H2", before, POINTS["H2"] * times, words)
    _mark_worse(sheet, "H3", case)
    happened = _happened(case, assessment)
    sheet.mark("H4", _list_or_none(happened, case, "2"))
    depends = risk_answer(case, "5") or _said_to_be_near(case)
    near = depends not in (None, "no", "not_sure")
    sheet.mark("H5", depends, POINTS["H5"] * near, "They know the person, live near, or the person depends on them")
    _mark_effects(sheet, "H6", case, assessment)
    support = risk_answer(case, "6")
    sheet.mark("H7", support, POINTS["H7"] * (support == "nobody"), "Nobody stands by the person")
    return sheet.close("haven-hate", _triggers(happened, case, assessment, hate=False), _hate_item, "medium")


def screen_harm(case: Case, assessment: Assessment) -> Screen:
    """Other harm, T1 to T3: nothing is asked for it (trained people take the details), only what was said counts.

    Never below medium; high with a hard trigger. T1 and T3 are kept, not scored.
    """
    sheet = _Sheet()
    sheet.mark("T1", list(assessment.other_harm) or None)
    happened = _happened(case, assessment)
    sheet.mark("T2", list(happened) or None, POINTS["T2"] * ("threatened" in happened), "Someone has been threatened")
    sheet.mark("T3", list(_harder(case, assessment)) or None)
    return sheet.close("haven-harm", _triggers(happened, case, assessment, hate=False), _harm_item, "medium")


def _mark_worse(sheet: _Sheet, item: str, case: Case) -> None:
    worse = case.value("getting_worse") or risk_answer(case, "1")
    if "yes" in (case.value("getting_worse"), risk_answer(case, "1")):
        worse = "yes"
    sheet.mark(item, worse, POINTS[item] * (worse == "yes"), "It is getting worse or more often")


def _mark_effects(sheet: _Sheet, item: str, case: Case, assessment: Assessment) -> None:
    touched = effects(case)
    self_harm = ("self_harm",) if "suicide_self_harm" in assessment.risk else ()
    points = min(POINTS[item] * len(set(touched)), MOST[item])
    answer = [*touched, *self_harm] if case.is_known("effect") or self_harm else None
    sheet.mark(item, answer, points, f"Affects: {_listed(touched)}")


def _happened(case: Case, assessment: Assessment) -> tuple[str, ...]:
    """Hurt, threatened, followed, weapon, fire: from the screen's answer and from the story, whichever says so."""
    said = set(chosen(risk_answer(case, "2")))
    said |= {"hurt"} if "injury" in assessment.risk else set()
    said |= {"weapon"} if "weapon" in assessment.risk else set()
    said |= {"followed"} if case.value("followed") else set()
    said |= {"threatened"} if case.value("threatened") or "threat_to_kill" in assessment.risk else set()
    return tuple(sorted(said))


def _harder(case: Case, assessment: Assessment) -> tuple[str, ...]:
    named = dict.fromkeys(chosen(risk_answer(case, "3")))
    if case.value("children_affected"):
        named["children"] = None
    if risk_answer(case, "6") == "nobody":
        named["no one to turn to"] = None
    if not named and "vulnerable" in assessment.risk:
        named["said in the story"] = None
    return tuple(named)


def _triggers(happened: Iterable[str], case: Case, assessment: Assessment, *, hate: bool) -> tuple[str, ...]:
    seen = {code for code in happened if code != "threatened"}
    seen |= {code for code in ("threat_to_kill", "immediate_danger", "under_18") if code in assessment.risk}
    seen |= {"self_harm"} if "suicide_self_harm" in assessment.risk else set()
    seen |= {"stalking"} if "stalking" in assessment.other_harm else set()
    seen |= {"hate"} if hate and (assessment.is_hate or assessment.hate_strands) else set()
    return tuple(code for code in HARD_TRIGGERS if code in seen)


def _same_people(case: Case) -> bool:
    who = case.value("who")
    return relationship(case) in _SAME_PEOPLE or (isinstance(who, dict) and who.get("known") is True)


def _said_to_be_near(case: Case) -> str | None:
    """What in the story already says that they know where the person lives, so that it is not asked."""
    who = relationship(case)
    return "lives_close" if case.value("lives_close") else who if who in _NEAR_PEOPLE else None


def _list_or_none(listed: tuple[str, ...], case: Case, question: str) -> list[str] | None:
    return list(listed) if listed or risk_answer(case, question) is not None else None


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(code.replace("_", " ") for code in codes)


def _asb_item(code: str) -> str:
    return {"self_harm": "A6", "under_18": "age", "hate": "hate"}.get(code, "A4")


def _hate_item(code: str) -> str:
    return {"self_harm": "H6", "under_18": "age"}.get(code, "H4")


def _harm_item(code: str) -> str:
    return {"self_harm": "T3", "under_18": "age", "stalking": "T1"}.get(code, "T2")
