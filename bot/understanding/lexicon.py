"""What do the reviewed lexicons say? Reads `lexicons/*.yml` into one book of phrases, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

from bot.triage.vocabulary import group_of
from bot.understanding.phrases import Entry, PhraseBook
from bot.understanding.words import LEXICONS

FILES = ("asb_types", "hate_strands", "other_harm", "risk", "facts_setting", "facts_story", "facts_risk")
#: The label of a figure of speech; what overlaps one is not a finding.
IDIOM = "idiom"
#: A child's age or a client's story outranks "it happened to me" as to who is speaking.
_SURENESS: Mapping[tuple[str, Any], float] = {
    ("speaker_role", "professional"): 0.95,
    ("speaker_role", "carer"): 0.9,
    ("speaker_role", "family_friend"): 0.85,
    ("speaker_role", "witness"): 0.8,
    ("speaker_role", "self"): 0.6,
    ("targeted", "no"): 0.7,
    ("targeted", "yes"): 0.8,
    ("frequency", "daily"): 0.85,
    ("frequency", "weekly"): 0.9,
    ("frequency", "monthly"): 0.8,
    ("frequency", "once"): 0.8,
    ("happening_now", "no"): 0.95,
}


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((LEXICONS / f"{name}.yml").read_text(encoding="utf-8"))
    return loaded


def _lines(label: str, value: Any, lines: list[Any]) -> Iterator[Entry]:
    default = _SURENESS.get((label, value), 0.9)
    for line in lines:
        if isinstance(line, dict):
            yield Entry(label, line["say"], value, line.get("sure", default))
        else:
            yield Entry(label, line, value, default)


def read_entries() -> Iterator[tuple[Entry, Mapping[str, str]]]:
    """Every line of every lexicon with the classes it may name. Raises ValueError for a label that does not exist."""
    shared = _load("classes")["classes"]
    for name in FILES:
        data = _load(name)
        classes = {**shared, **data.get("classes", {})}
        for label, content in data["labels"].items():
            if group_of(label) != data["group"]:
                raise ValueError(f"{name}.yml: {label} is not of {data['group']}")
            values = content.items() if isinstance(content, dict) else [(None, content)]
            for value, lines in values:
                for entry in _lines(label, value, lines):
                    yield entry, classes
    for line in _load("idioms")["idioms"]:
        yield Entry(IDIOM, line), shared


@lru_cache(maxsize=1)
def phrase_book() -> PhraseBook:
    """The book of phrases, loaded on first use."""
    return PhraseBook(read_entries())
