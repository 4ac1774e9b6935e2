"""What happened? Anti-social behaviour, hate, both, or harm that another service should hear about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.triage.answered import chosen, is_under_18, risk_answer
from bot.triage.case import Case
from bot.triage.history import is_repeated
from bot.triage.inference import FORMS, infer, without_forms
from bot.triage.vocabulary import (
    ASB_TYPES,
    HATE_STRANDS,
    HEARD_KIND,
    HEARD_THIRD_PARTY,
    KINDS,
    OTHER_HARM,
    RISKS,
    SKIPPED,
    Finding,
)

#: On one occasion these are the abuse itself or say who was there, so a hate motive makes it "hate", not "both".
ONE_OCCASION_ABUSE = frozenset(
    {"harassment_intimidation", "malicious_communications", "rowdy_groups", "street_drinking"}
)

#: Facts that show something happened to somebody, even where no type of behaviour was recognised.
CONCERNS = frozenset(
    {"who", "where", "effect", "targeted", "frequency", "happening_now", "reported_before", "getting_worse"}
    | {"lives_close", "children_affected", "evidence_held"}
)

#: Several messages may be heard as several kinds; the one that most depends on being noticed counts.
_GRAVEST_FIRST = ("both", "hate", "asb", "other_harm", "not_asb", "off_topic")

NOT_SELF = ("witness", "family_friend", "carer", "professional")


@dataclass(frozen=True)
class Assessment:
    """What the words show. Every label taken from the story has its finding in `evidence`; `reasons` are codes."""

    kind: str
    asb_types: tuple[str, ...] = ()
    hate_strands: tuple[str, ...] = ()
    other_harm: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    third_party: bool = False
    evidence: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_hate(self) -> bool:
        """True when it is to be treated as hate, alone or with anti-social behaviour."""
        return self.kind in ("hate", "both")


def assess(findings: Sequence[Finding], answers: Mapping[str, Any] | None = None) -> Assessment:
    """Settle kind, types, strands, other harm and risk from findings and answers (shapes in `case.Case`).

    Perception decides hate: `hate_reason` or `confirm_understanding` stands, and nothing here turns it down. A hate
    motive alone, or with abuse on one occasion only, is "hate"; with anything repeated or of another type it is "both".
    Domestic abuse, sexual violence, child abuse, honour-based abuse and slavery outrank ASB labels that are their form.
    """
    case = Case("", tuple(findings), dict(answers or {}))
    said_kind = _kind_in_answer(case)
    strands, perceived, reasons = _perceived_hate(case, said_kind)
    found = [*case.findings, *infer(case)]
    harm = _present(OTHER_HARM, found)
    types = _present(ASB_TYPES, found)
    if said_kind not in ("asb", "both") and heard_kind(case) is None:
        # a reader that hears whole messages has told the form from the harm already
        kept = without_forms(types, harm, found, case)
        reasons += [f"outranked_by_{name}" for name in harm if name in FORMS and kept != types]
        types = kept
    risk = _risks(case, found)
    kind, why = _kind(case, said_kind, perceived, types, harm, risk)
    labels = {*types, *strands, *harm, *risk}
    return Assessment(
        kind=kind,
        asb_types=types,
        hate_strands=strands,
        other_harm=harm,
        risk=risk,
        third_party=_is_third_party(case),
        evidence=tuple(sorted((f for f in found if f.label in labels), key=lambda f: (f.start, f.end, f.label))),
        reasons=tuple(dict.fromkeys([why, *reasons])),
    )


def _kind(
    case: Case, said: str | None, perceived: bool, types: tuple[str, ...], harm: tuple[str, ...], risk: tuple[str, ...]
) -> tuple[str, str]:
    """The kind, and the code of the reason for it."""
    if said == "asb" and perceived:
        return "both", "person_gives_hate_reason"
    if said is not None and (said in ("hate", "both") or not perceived):
        return said, f"person_says_{said}"
    heard = heard_kind(case)
    if perceived:
        if heard in ("hate", "both"):
            return heard, "asb_with_hate_motive" if heard == "both" else "hate_motive"
        beyond_abuse = bool(set(types) - ONE_OCCASION_ABUSE) or (bool(types) and is_repeated(case))
        return ("both", "asb_with_hate_motive") if beyond_abuse else ("hate", "hate_motive")
    if harm and (not types or heard == "other_harm"):
        return "other_harm", "harm_for_another_service"
    if types:
        return "asb", "asb_said"
    if {"suicide_self_harm", "immediate_danger"} & set(risk):
        return "other_harm", "crisis_only"
    if heard in ("not_asb", "off_topic"):
        return heard, "heard_as_a_whole"
    if any(f.label in CONCERNS or f.label in RISKS for f in case.findings):
        return "not_asb", "concern_without_type"
    return "off_topic", "nothing_recognised"


def _is_third_party(case: Case) -> bool:
    """Who is speaking decides; until that is known, what was heard does."""
    role = case.value("speaker_role")
    return role in NOT_SELF or (role is None and case.finding(HEARD_THIRD_PARTY) is not None)


def heard_kind(case: Case) -> str | None:
    """The kind heard in the messages as wholes, when a reader heard any; ASB in one and hate in another is both."""
    heard = {f.value for f in case.findings if f.label == HEARD_KIND}
    if {"asb", "hate"} <= heard:
        return "both"
    return next((kind for kind in _GRAVEST_FIRST if kind in heard), None)


def _kind_in_answer(case: Case) -> str | None:
    answer = case.value("confirm_understanding")
    kind = answer.get("kind") if isinstance(answer, Mapping) else answer
    return kind if isinstance(kind, str) and kind in KINDS else None


def _perceived_hate(case: Case, said_kind: str | None) -> tuple[tuple[str, ...], bool, list[str]]:
    """Strands, whether hate is perceived at all, and reason codes. An answer replaces what the story seemed to say."""
    answer = case.value("hate_reason")
    named = {answer} if isinstance(answer, str) else set(chosen(answer))
    strands = tuple(strand for strand in HATE_STRANDS if strand in named)
    if strands or "other" in named:
        return strands, True, ["hate_reason_given"]
    if _declines(answer):
        return (), said_kind in ("hate", "both"), ["person_says_not_hate"]
    said = case.labels(HATE_STRANDS)
    if said_kind in ("hate", "both"):
        return said, True, []
    if said_kind is not None and said:
        # the person was shown what we understood, hate included, and chose another kind: theirs is the perception
        return (), False, ["person_says_not_hate"]
    return said, bool(said), []


def _declines(answer: object) -> bool:
    """True when the person was asked for a hate reason and said there is none."""
    return answer in ("no", "none") or (
        isinstance(answer, (list, tuple)) and bool({"no", "none"} & set(map(str, answer)))
    )


def _risks(case: Case, found: Iterable[Finding]) -> tuple[str, ...]:
    """Risk labels said in the story, or that follow from the answers."""
    labels = {f.label for f in found}
    if is_repeated(case):
        labels.add("repeat")
    young = is_under_18(case.value("age_band"))
    if young:
        labels.add("under_18")
    elif young is False and case.answers.get("age_band") not in (None, SKIPPED):
        labels.discard("under_18")
    happened = chosen(risk_answer(case, "2"))
    labels |= {label for label, option in (("injury", "hurt"), ("weapon", "weapon")) if option in happened}
    if chosen(risk_answer(case, "3")):
        labels.add("vulnerable")
    if case.value("safe_to_talk") == "no":
        labels.add("safe_contact")
    return tuple(label for label in RISKS if label in labels)


def _present(vocabulary: tuple[str, ...], found: Iterable[Finding]) -> tuple[str, ...]:
    labels = {f.label for f in found}
    return tuple(label for label in vocabulary if label in labels)
