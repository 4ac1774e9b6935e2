"""Does a message in another language say danger? A few reviewed words of each (`lexicons/languages_danger.yml`).

Deterministic, and on its own feet: word lists only, no model. English messages are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from bot.triage.vocabulary import Finding
from bot.understanding.language_words import Token, english_share, fold, tables, tokens_of, weigh
from bot.understanding.words import LEXICONS

_LONGEST = 20_000
#: A sentence with a greater share of everyday English words is English: a word in it was quoted, or is a name.
_MOSTLY_ENGLISH = 0.4
#: A word that counts only as a call stands in a message of so many words.
_SHORT = 2
_SENTENCE = re.compile(r"[^.!?;\n…。！？؟।]+")
_SUREST = 0.8


@dataclass(frozen=True)
class _Entry:
    signal: str
    level: str
    is_cry: bool
    alone: bool
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def danger_data() -> tuple[dict[str, Any], ...]:
    """The reviewed entries, read once."""
    return tuple(yaml.safe_load((LEXICONS / "languages_danger.yml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _entries() -> tuple[_Entry, ...]:
    return tuple(
        _Entry(
            entry["signal"],
            entry["level"],
            entry["signal"] == "immediate_danger" and entry["level"] == "ask" and not entry.get("alone"),
            bool(entry.get("alone")),
            re.compile("|".join(_pattern(say) for say in entry["say"])),
        )
        for entry in danger_data()
    )


def _pattern(say: str) -> str:
    """Latin words stand alone; in other letters endings are written on, and Chinese has no spaces at all."""
    folded = re.escape(fold(say)).replace(r"\ ", r"\s+").replace(r"\*", r"\w*")
    if folded.isascii():
        return rf"(?<!\w){folded}(?!\w)"
    return folded if re.match(r"[\u3400-\u9fff]", say) else rf"(?<!\w){folded}"


def find_danger(text: str) -> tuple[Finding, ...]:
    """The signals, value "now" or "ask", in the shape of `check_safety`'s; empty for English. Never raises."""
    said = text[:_LONGEST]
    tokens = tokens_of(said)
    if said.isascii() and english_share(tokens) >= 0.9:
        return ()
    found: dict[str, Finding] = {}
    cried = False
    for start, end in _foreign_sentences(said, tokens):
        folded, places = _folded(said[start:end])
        for entry in _entries():
            match = entry.pattern.search(folded)
            if match is None or (entry.alone and len(tokens) > _SHORT):
                continue
            cried |= entry.is_cry
            at, to = start + places[match.start()], start + places[match.end() - 1] + 1
            known = found.get(entry.signal)
            if known is None or (known.value == "ask" and entry.level == "now"):
                found[entry.signal] = Finding(entry.signal, at, to, said[at:to], entry.level, _SUREST)
    if cried and len(found) > 1:
        found = {label: Finding(f.label, f.start, f.end, f.text, "now", f.confidence) for label, f in found.items()}
    return tuple(sorted(found.values(), key=lambda f: (f.value != "now", f.start, f.label)))


def without_false_friends(signals: Sequence[Finding], said: str) -> tuple[Finding, ...]:
    """English signals but those whose words are another language's, among others of it: Polish "od" is no overdose."""
    return tuple(signal for signal in signals if not _is_false_friend(signal, said[:_LONGEST]))


def _is_false_friend(signal: Finding, said: str) -> bool:
    words = tokens_of(signal.text)
    if not words or any(token.norm not in tables().by_word for token in words):
        return False
    around = next((m for m in _SENTENCE.finditer(said) if m.start() <= signal.start < m.end()), None)
    weight = weigh(tokens_of(around.group())) if around else None
    return weight is not None and weight.distinct >= 3 and weight.covered >= 0.35 and weight.english <= 0.2


def _foreign_sentences(said: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Where the sentences stand that are not mostly English."""
    spans = []
    for match in _SENTENCE.finditer(said):
        inside = [t for t in tokens if match.start() <= t.start < match.end()]
        if inside and english_share(inside) <= _MOSTLY_ENGLISH:
            spans.append(match.span())
    return spans


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is looked up, and for each of its letters the place in `text` that it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        plain = fold(letter)
        letters.append(plain)
        places += [place] * len(plain)
    return "".join(letters), places
