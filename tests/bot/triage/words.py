"""How do the triage tests say what a story showed? Short builders for findings and cases."""

from __future__ import annotations

from typing import Any

from bot.triage import Assessment, Case, Finding, assess

STORY = "x" * 5000


def said(label: str, value: Any = None, at: int = 0) -> Finding:
    """A finding of one label, ten characters long, at a place in the story."""
    return Finding(label, at, at + 10, STORY[at : at + 10], value)


def who(relationship: str, at: int = 0, known: bool | None = None) -> Finding:
    """Somebody named in the story."""
    return said("who", {"relationship": relationship, "known": known, "number": None, "words": ""}, at)


def case_of(*findings: Finding, **answers: Any) -> tuple[Case, Assessment]:
    """The case and its assessment."""
    return Case(STORY, findings, answers), assess(findings, answers)
