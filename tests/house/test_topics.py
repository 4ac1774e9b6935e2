"""Is it one word per topic, in every folder?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.house.tree import files

TOPICS = {"safety", "incident", "person", "referral", "signpost", "handoff", "faq", "chat"}
#: Files of the actions that serve every topic, and why they may.
SHARED = {
    "__init__": "the package",
    "slots": "translates between tracker and case",
    "intake": "the form, which asks about all of them",
    "answering": "what an answer is before it is read",
    "answers": "reads an answer to any question",
    "area": "reads where they live and where it happened, and asks which council it is",
    "values": "writes any answer back in words",
    "wording": "finds the words in domain.yml",
    "reach": "what a move is handed",
    "executor": "the list of moves",
    "case_review": "says what is worked out of a case, after a referral and when asked",
}


def strays(paths: Iterable[Path], folder: str, suffix: str, allowed: set[str]) -> set[str]:
    """Files directly in a folder whose name is not on the list."""
    here = Path(folder)
    return {p.name for p in paths if p.parent == here and p.suffix == suffix and p.stem not in allowed}


@pytest.mark.parametrize("folder", ["data/nlu", "data/rules", "data/stories"])
def test_what_the_model_learns_is_filed_by_topic(folder: str) -> None:
    assert not strays(files(), folder, ".yml", TOPICS)


def test_actions_are_filed_by_topic() -> None:
    assert not strays(files(), "actions", ".py", TOPICS | set(SHARED))


def test_a_stray_file_is_found() -> None:
    paths = [Path("data/nlu/handoff.yml"), Path("data/nlu/greetings.yml"), Path("data/nlu/readme.md")]
    assert strays(paths, "data/nlu", ".yml", TOPICS) == {"greetings.yml"}
