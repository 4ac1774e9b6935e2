"""Is every question that may be asked listed for those who follow along?"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from bot.triage.questions import RISK_QUESTIONS, SAFE_CONTACT_PARTS, UNSKIPPABLE
from tests.house.tree import read

LIST = Path("docs/questions.md")


def rows(text: str) -> dict[str, str]:
    """Question id to the rest of its row, from the table."""
    found = {}
    for line in text.splitlines():
        if line.startswith("| `"):
            ids, rest = line[2:].split(" | ", 1)
            found |= dict.fromkeys(re.findall(r"`([^`]+)`", ids), rest)
    return found


def test_the_list_is_the_form() -> None:
    asked = yaml.safe_load(read(Path("domain.yml")))["forms"]["intake"]["required_slots"]
    assert {name.partition(":")[0] for name in rows(read(LIST))} == set(asked)


def test_every_part_is_listed() -> None:
    listed = rows(read(LIST))
    assert {name.partition(":")[2] for name in listed if name.startswith("risk:")} == set(RISK_QUESTIONS)
    contact = {name.partition(":")[2] for name in listed if name.startswith("safe_contact:")}
    assert contact == set(SAFE_CONTACT_PARTS)


def test_what_cannot_be_skipped_is_told() -> None:
    told = {name.partition(":")[0] for name, rest in rows(read(LIST)).items() if "*needed*" in rest}
    assert told == set(UNSKIPPABLE)


def test_rows_are_read() -> None:
    assert rows("| id | asks |\n|---|---|\n| `when` `where:X` | a | b |") == {
        "when": "a | b |",
        "where:X": "a | b |",
    }
