"""What does an answer hold? Reads the few shapes that several rules share, and never trips over an odd one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.triage.case import Case
from bot.triage.vocabulary import SKIPPED

#: What a list answer may hold that is no choice at all.
NOTHING = ("none", "no", "not_sure", SKIPPED)


def chosen(value: object) -> tuple[str, ...]:
    """The options ticked in an answer that may hold several: a list, one word or nothing ("none" drops out)."""
    options = (value,) if isinstance(value, str) else value if isinstance(value, (list, tuple, set, frozenset)) else ()
    return tuple(str(option) for option in options if option not in NOTHING)


def risk_answer(case: Case, question: str) -> Any:
    """The answer to one question of the risk screen (`answers["risk"]`, keys "1" to "6"); None when not answered."""
    answers = case.value("risk")
    value = answers.get(question) if isinstance(answers, Mapping) else None
    return None if value == SKIPPED else value


def effects(case: Case) -> tuple[str, ...]:
    """The areas of life it touches (values of EFFECTS)."""
    value = case.value("effect")
    return chosen(value.get("areas")) if isinstance(value, Mapping) else chosen(value)


def is_under_18(value: object) -> bool | None:
    """Whether an age_band value ({"band", "years"?} or the band itself) is a child's; None when it does not say."""
    if isinstance(value, Mapping):
        years = value.get("years")
        if isinstance(years, int):
            return years < 18
        value = value.get("band")
    return value in ("under_16", "16_17") if isinstance(value, str) else None
