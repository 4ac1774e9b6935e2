"""Who did which part of it? Ties each harm to the person named nearest to it in the story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.triage.case import Case
from bot.triage.vocabulary import Finding

#: People of one's own home or family: what they do is not anti-social behaviour but domestic or family abuse.
CLOSE_PEOPLE = frozenset({"partner", "ex_partner", "family"})


def relationship(case: Case) -> str | None:
    """The other party's relationship to the person, as answered or as the story says; None when unknown."""
    return _relationship_in(case.value("who"))


def relationship_near(finding: Finding, case: Case) -> str | None:
    """The relationship of whoever is named nearest to this finding. An answer to "who" stands for the whole story."""
    if "who" in case.answers:
        return relationship(case)
    named = [f for f in case.findings if f.label == "who" and _relationship_in(f.value)]
    if not named:
        return None
    nearest = min(named, key=lambda who: (_gap(finding, who), who.start))
    return _relationship_in(nearest.value)


def is_close(name: str | None) -> bool:
    """True for a partner, a former partner or a relative."""
    return name in CLOSE_PEOPLE


def only_close_people(case: Case) -> bool:
    """True when everyone the story names is a partner, former partner or relative (and somebody is named)."""
    named: Iterable[str | None] = (
        [relationship(case)]
        if "who" in case.answers
        else [_relationship_in(f.value) for f in case.findings if f.label == "who"]
    )
    known = [name for name in named if name]
    return bool(known) and all(is_close(name) for name in known)


def _relationship_in(value: object) -> str | None:
    found = value.get("relationship") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else None


def _gap(one: Finding, other: Finding) -> int:
    return max(one.start - other.end, other.start - one.end, 0)
