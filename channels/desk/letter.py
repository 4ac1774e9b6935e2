"""How does a referral letter read on a page? The story with the words that count marked, and values in words."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

#: How a value that is not a text is said.
_SAID = {None: "Not known", True: "Yes", False: "No", "skipped": "Chose not to say", "": "Not known"}

_CAPITALS = {"Asb": "ASB", "asb": "ASB"}


def marked(narrative: str, evidence: Sequence[Mapping[str, Any]]) -> list[tuple[str, tuple[str, ...]]]:
    """The narrative in pieces, each with the labels its words show; the pieces joined are the narrative.

    A span that does not lie in the narrative, or whose words are not those of the narrative, marks nothing.
    """
    spans = [
        (int(span["start"]), int(span["end"]), str(span["label"]))
        for span in evidence
        if 0 <= int(span["start"]) < int(span["end"]) <= len(narrative)
        and narrative[int(span["start"]) : int(span["end"])] == span["text"]
    ]
    edges = sorted({0, len(narrative), *(edge for start, end, _ in spans for edge in (start, end))})
    pieces: list[tuple[str, tuple[str, ...]]] = []
    for start, end in itertools.pairwise(edges):
        labels = tuple(dict.fromkeys(label for s, e, label in spans if s <= start and end <= e))
        if pieces and pieces[-1][1] == labels:
            pieces[-1] = (pieces[-1][0] + narrative[start:end], labels)
        else:
            pieces.append((narrative[start:end], labels))
    return pieces


def in_words(value: Any) -> str:
    """Any value of a letter as a person reads it."""
    if value is None or isinstance(value, bool) or value in ("", "skipped"):
        return _SAID[value]
    if isinstance(value, Mapping):
        if "said" in value and "words" in value:
            return f"Yes: “{value['words']}”" if value["words"] else in_words(value["said"])
        known = [(key, item) for key, item in value.items() if item not in (None, "", [], {})]
        return "; ".join(f"{name(key)}: {in_words(item)}" for key, item in known) or _SAID[None]
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(item) for item in value) or "None"
    text = str(value)
    return name(text) if "_" in text and " " not in text and "@" not in text else text


def name(code: str) -> str:
    """A code as words: safe_contact becomes Safe contact."""
    plain = code.replace("_", " ").replace(":", " ").strip()
    return " ".join(_CAPITALS.get(word, word) for word in (plain[:1].upper() + plain[1:]).split(" "))
