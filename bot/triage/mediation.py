"""Could mediation be talked about? Only between neighbours who could both say yes, and never where it could hurt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.triage.answered import chosen, effects, is_under_18, risk_answer
from bot.triage.assess import Assessment
from bot.triage.attribution import relationship
from bot.triage.case import Case
from bot.triage.risk import Screen

#: Any of these and mediation is not suitable. A worker may decide otherwise later; this program never does.
BARRED_HARM = (
    "domestic_abuse",
    "sexual_violence",
    "stalking",
    "child_abuse",
    "honour_based",
    "modern_slavery",
    "burglary",
    "fraud",
    "other_crime",
)
BARRED_RISK = ("immediate_danger", "weapon", "injury", "threat_to_kill", "suicide_self_harm", "under_18")
#: Abuse and threats have one person harmed and one harming; drugs and sexual exploitation have gangs behind them.
BARRED_TYPES = ("harassment_intimidation", "malicious_communications", "drugs", "prostitution_related")
BARRED_RELATIONSHIPS = ("partner", "ex_partner", "family")
#: Somebody the person will go on meeting and could reach an agreement with.
CONTINUING = ("neighbour", "friend")
#: What mediation suits best: noise, animals, parking, gardens and rubbish, children.
SUITED_TYPES = ("noise", "animals", "vehicle_nuisance", "litter_flytipping", "rowdy_groups", "fireworks")


@dataclass(frozen=True)
class Mediation:
    """`suitable`: nothing bars it and there is a relation to mend. `offered`: it may be mentioned to this person now.

    `reasons` are codes: what bars it when it is not suitable, what keeps it back or what it suits otherwise.
    """

    suitable: bool
    offered: bool
    reasons: tuple[str, ...]


def screen_mediation(case: Case, assessment: Assessment, screens: Sequence[Screen]) -> Mediation:
    """Screen for mediation. Every bar is named, so that a worker sees all of them and not only the first."""
    bars = tuple(dict.fromkeys([*_bars(case, assessment), *_bars_of_screens(screens)]))
    if bars:
        return Mediation(suitable=False, offered=False, reasons=bars)
    if assessment.third_party:
        return Mediation(suitable=True, offered=False, reasons=("ask_the_person_affected",))
    suited = tuple(f"suits_{name}" for name in SUITED_TYPES if name in assessment.asb_types)
    wanted = ("wanted",) if "mediation" in chosen(case.value("wishes")) or case.value("mediation") == "yes" else ()
    reasons = (*wanted, *suited)
    return Mediation(suitable=True, offered=bool(reasons), reasons=reasons or ("no_sign_it_would_suit",))


def _bars(case: Case, assessment: Assessment) -> list[str]:
    bars = [*(label for label in BARRED_HARM if label in assessment.other_harm)]
    bars += [label for label in BARRED_RISK if label in assessment.risk]
    bars += [label for label in BARRED_TYPES if label in assessment.asb_types]
    if assessment.is_hate or assessment.hate_strands:
        bars.append("hate")
    if assessment.kind != "asb":
        bars.append("no_asb_dispute")
    # a wound, a threat or being followed may also come from the screen's own answer
    bars += [{"hurt": "injury"}.get(code, code) for code in chosen(risk_answer(case, "2"))]
    bars += [fact for fact in ("threatened", "followed") if case.value(fact)]
    if {"fear", "going_out"} & set(effects(case)) or risk_answer(case, "4") in ("yes", "could_hurt"):
        bars.append("afraid_of_them")
    if is_under_18(case.value("age_band")):
        bars.append("under_18")
    who = relationship(case)
    if who in BARRED_RELATIONSHIPS:
        bars.append("family_or_partner")
    elif who not in CONTINUING and not (who is None and case.value("lives_close")):
        bars.append("no_continuing_relation")
    if case.value("order_bars_contact") == "yes":
        bars.append("order_bars_contact")
    if case.value("mediation") == "no":
        bars.append("person_unwilling")
    return bars


def _bars_of_screens(screens: Sequence[Screen]) -> list[str]:
    return ["high_risk"] if any(screen.level == "high" for screen in screens) else []
