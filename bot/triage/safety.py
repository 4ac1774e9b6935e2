"""Someone may be in danger: which answers come first? Danger, then suicide, then the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.triage.answered import is_under_18
from bot.triage.vocabulary import Finding

#: The order in which answers are given, whatever the order in which things were said.
TOPICS = (
    "immediate_danger",
    "suicide_self_harm",
    "child_at_risk",
    "adult_at_risk",
    "domestic_abuse",
    "sexual_violence",
    "honour_based",
    "modern_slavery",
    "stalking",
    "under_18",
)
_TOPIC_OF = {
    "weapon": "immediate_danger",
    "injury": "immediate_danger",
    "threat_to_kill": "immediate_danger",
    "child_abuse": "child_at_risk",
    "vulnerable": "adult_at_risk",
}
#: Labels that mean now unless their value says otherwise; the others may be about last year.
_NOW_BY_ITSELF = ("immediate_danger", "suicide_self_harm")


@dataclass(frozen=True)
class SafetyPlan:
    """What the safety answer is made of. `now`: give the numbers at once. `ask`: one short question first.

    `topics` are in the order to be answered. `ask_after` is always true: are you safe, before going on?
    """

    level: Literal["now", "ask"]
    topics: tuple[str, ...]
    ask_after: bool = True


def plan_safety(signals: Sequence[Finding], age_band: str | None, asked_before: bool) -> SafetyPlan:
    """Turn safety signals into a plan. A signal's value is "now" or "ask"; nobody is asked the same thing twice.

    `asked_before`: the clarifying question was just asked and the answer is still unclear, so the numbers are given.
    Without any signal (someone pressed "I'm in danger") the plan is to treat it as danger and ask.
    """
    surest: dict[str, bool] = {}
    for signal in signals:
        topic = _TOPIC_OF.get(signal.label, signal.label)
        if topic in TOPICS:
            surest[topic] = surest.get(topic, False) or _is_now(signal)
    surest = surest or {"immediate_danger": False}
    now = any(surest.values()) or asked_before
    topics = sorted(surest, key=lambda topic: (not surest[topic], TOPICS.index(topic)))
    if is_under_18(age_band) and not {"child_at_risk", "under_18"} & set(topics):
        topics.append("under_18")
    return SafetyPlan("now" if now else "ask", tuple(topics))


def _is_now(signal: Finding) -> bool:
    return signal.value == "now" or (signal.value is None and signal.label in _NOW_BY_ITSELF)
