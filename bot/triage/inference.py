"""What follows from what was said? Labels that stand behind other labels, and labels that are only their form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.triage.answered import is_under_18
from bot.triage.attribution import is_close, only_close_people, relationship, relationship_near
from bot.triage.case import Case
from bot.triage.history import REPEATED, is_repeated
from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS, HEARD_KIND, OTHER_HARM, Finding

#: Harm that is never "only" anti-social behaviour: the shouting, the messages, the broken door are how it was done.
OUTRANKING = ("domestic_abuse", "sexual_violence", "child_abuse", "honour_based", "modern_slavery")

_FORMS_OF_ABUSE = frozenset(
    {"harassment_intimidation", "malicious_communications", "trespass", "vandalism_graffiti", "noise"}
)

#: The ASB types that may be no more than the form another harm took, by that harm.
FORMS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(OUTRANKING, _FORMS_OF_ABUSE),
    "burglary": frozenset({"trespass", "vandalism_graffiti"}),
    "fraud": frozenset({"malicious_communications"}),
    "other_crime": frozenset({"harassment_intimidation"}),
}

#: What a partner, former partner or relative does to someone that is domestic abuse without anyone using the words.
DOMESTIC_SIGNS = (
    "injury",
    "threat_to_kill",
    "weapon",
    "threatened",
    "followed",
    "stalking",
    "harassment_intimidation",
)


def infer(case: Case) -> list[Finding]:
    """Findings that follow from others. Each points at the same words as the finding it was made from."""
    # who hears whole messages needs no rule of thumb for what a list of words leaves out
    made = [] if case.finding(HEARD_KIND) else _inferred_harm(case)
    if is_repeated(case) and not case.finding("repeat"):
        often = case.finding("frequency")
        source = often if often and often.value in REPEATED else case.finding("reported_before")
        made += [replace(source, label="repeat", value=None)] if source else []
    age = case.finding("age_band")
    if age and is_under_18(age.value) and not case.finding("under_18"):
        made.append(replace(age, label="under_18", value=None))
    return made


def _inferred_harm(case: Case) -> list[Finding]:
    made: list[Finding] = []
    followed, stalked = case.finding("followed"), case.finding("stalking")
    if followed and not stalked and is_repeated(case):
        stalked = replace(followed, label="stalking", value=None)
        made.append(stalked)
    if only_close_people(case) and not case.finding("domestic_abuse"):
        sign = next((f for label in DOMESTIC_SIGNS if (f := case.finding(label))), None)
        made += [replace(sign, label="domestic_abuse", value=None)] if sign else []
    if not case.finding("harassment_intimidation"):
        # being followed, stalked or threatened by somebody outside the home is harassment, whatever else it is
        acts = (stalked, followed, case.finding("threat_to_kill"), case.finding("threatened"))
        act = next((f for f in acts if f and not is_close(relationship_near(f, case))), None)
        made += [replace(act, label="harassment_intimidation", value=None)] if act else []
    if not made and not case.labels((*ASB_TYPES, *OTHER_HARM, *HATE_STRANDS)):
        # a wound needs somebody who caused it: people are also hurt by accident
        crime = case.finding("weapon") or (case.finding("injury") if relationship(case) else None)
        made += [replace(crime, label="other_crime", value=None)] if crime else []
    return made


def without_forms(
    types: tuple[str, ...], harm: tuple[str, ...], found: Sequence[Finding], case: Case
) -> tuple[str, ...]:
    """The ASB types that stand on their own: one goes when every finding of it is only the form of another harm."""
    sources = [f for f in found if f.label in harm]
    return tuple(name for name in types if not all(_is_only_form(f, sources, case) for f in found if f.label == name))


def _is_only_form(finding: Finding, sources: Sequence[Finding], case: Case) -> bool:
    actor = relationship_near(finding, case)
    once = not is_repeated(case)  # one break-in by someone unknown is not also trespass; again and again it is both
    for source in sources:
        doer = relationship_near(source, case)
        could_be_form = finding.label in FORMS.get(source.label, _FORMS_OF_ABUSE)
        if source.label in OUTRANKING or (source.label == "stalking" and is_close(doer)):
            if is_close(actor) or (could_be_form and actor == doer):
                return True
        elif source.label in FORMS and could_be_form and actor == doer and actor in (None, "stranger") and once:
            return True
    return False
