"""What does a line of a lexicon stand for? `(a|b)? ~play ... @place` -> slots, each with its plain wordings.

plain words        as anyone would write them; spelling and apostrophes are made plain, as in messages
(a|b c|d)          one of these (may be nested);  (a|b)? one of these or none
~play              play, plays, played, playing (irregular ones: verbs.yml)
@name              a class: the lexicon's own `classes:`, or classes.yml
...                up to five words between, within one sentence
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

import yaml

from bot.understanding.words import LEXICONS, split_words

Wording = tuple[str, ...]
_TOKEN = re.compile(r"\.\.\.|[()|?]|[^\s()|?]+")
_VOWELS = "aeiou"
#: More wordings than this in one slot is a slip of the pen, and would cost memory.
MOST_WORDINGS = 20_000


@dataclass(frozen=True)
class Slot:
    """One place in a pattern: any of `wordings`, or nothing when `optional`; `gap`: words may stand before it."""

    wordings: frozenset[Wording]
    optional: bool = False
    gap: bool = False
    longest: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest", max(map(len, self.wordings)))


@cache  # the words of the lexicons, which are few; never anybody's own
def _plain(mark: str) -> Wording:
    return tuple(word.norm for word in split_words(mark))


@lru_cache(maxsize=1)
def _irregular() -> dict[str, tuple[str, ...]]:
    data = yaml.safe_load((LEXICONS / "verbs.yml").read_text(encoding="utf-8"))
    return {forms.split()[0]: tuple(forms.split()) for forms in data["irregular"]}


def verb_forms(verb: str) -> tuple[str, ...]:
    """Every form of an English verb: shout -> shout, shouts, shouted, shouting."""
    irregular = _irregular().get(verb)
    if irregular:
        return irregular
    if verb.endswith("e"):
        return (verb, verb + "s", verb + "d", verb[:-1] + "ing")
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return (verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    short = len(verb) in (3, 4) and verb[-1] not in "wxyaeiou" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS
    stem = verb + verb[-1] if short else verb
    return (verb, third, stem + "ed", stem + "ing")


class _Line:
    """A recursive reading of one line."""

    def __init__(self, pattern: str, classes: Mapping[str, str]) -> None:
        self._pattern = pattern
        self._classes = classes
        self._tokens = _TOKEN.findall(pattern)
        self._at = 0

    def slots(self) -> tuple[Slot, ...]:
        slots: list[Slot] = []
        gap = False
        while self._at < len(self._tokens):
            if self._tokens[self._at] == "...":
                gap, self._at = True, self._at + 1
                continue
            wordings, optional = self._item()
            slots.append(Slot(frozenset(wordings), optional, gap))
            gap = False
        if all(slot.optional for slot in slots) or any(() in slot.wordings for slot in slots):
            raise ValueError(f"this pattern may match nothing at all: {self._pattern}")
        return tuple(slots)

    def _item(self) -> tuple[list[Wording], bool]:
        mark = self._tokens[self._at]
        self._at += 1
        if mark != "(":
            return self._word(mark), False
        wordings = self._alternatives()
        optional = self._at < len(self._tokens) and self._tokens[self._at] == "?"
        self._at += optional
        return wordings, optional

    def _alternatives(self) -> list[Wording]:
        whole: list[Wording] = []
        run: list[Wording] = [()]
        while self._at < len(self._tokens):
            mark = self._tokens[self._at]
            if mark in "|)":
                self._at += 1
                whole += run
                run = [()]
                if mark == ")":
                    return whole
                continue
            options, optional = self._item()
            run = [head + tail for head in run for tail in ([*options, ()] if optional else options)]
            if len(run) > MOST_WORDINGS:
                raise ValueError(f"too many wordings: {self._pattern}")
        raise ValueError(f"a bracket is not closed: {self._pattern}")

    def _word(self, mark: str) -> list[Wording]:
        if mark.startswith("@"):
            return _Line(f"({self._classes[mark[1:]]})", self._classes)._item()[0]
        if mark.startswith("~"):
            return [(form,) for form in verb_forms(mark[1:])]
        return [_plain(mark)]


def read_pattern(pattern: str, classes: Mapping[str, str]) -> tuple[Slot, ...]:
    """The slots of a pattern, in order. Raises ValueError for a bad pattern, KeyError for a class that is not there."""
    return _Line(pattern, classes).slots()
