"""Which lines of the lexicons does this text match, and where?

spaCy's PhraseMatcher looks once for the most telling slot of every pattern; the slots around it are then tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.patterns import Slot, Wording, read_pattern
from bot.understanding.spacy_parts import spacy_parts
from bot.understanding.words import Word, word_set

#: How many words may stand where a pattern has "...".
GAP = 5
_ELSE = "·"
#: Words that are everywhere, so a slot holding one alone is a poor place to start looking.
_COMMON = word_set(
    "a about again all am an and are as at back be because been being but by can come do does down "
    "every for from get go"
    " got had has have he her him his home house i in into is it just like me my no not now of off on or our out over"
    " people said say she so some someone that the their them then there they this to up us was we were when who will"
    " with you your keep keeps man woman outside night day"
)


@dataclass(frozen=True)
class Entry:
    """One line of a lexicon: what a match of it means, and how sure that is (0..1)."""

    label: str
    pattern: str
    value: Any = None
    confidence: float = 0.9


@dataclass(frozen=True)
class Hit:
    """An entry matched at words[first:last]."""

    entry: Entry
    first: int
    last: int


class _Compiled:
    """An entry with its slots; `anchor` is the slot that spaCy looks for."""

    __slots__ = ("after", "anchor", "before", "entry")

    def __init__(self, entry: Entry, slots: tuple[Slot, ...]) -> None:
        self.entry = entry
        chosen = max((i for i, slot in enumerate(slots) if not slot.optional), key=lambda i: _telling(slots[i]))
        self.anchor = slots[chosen]
        self.after = slots[chosen + 1 :]
        # Looking backwards, the gap before a slot is met before the slot on its left.
        self.before = tuple(
            Slot(slots[i].wordings, slots[i].optional, slots[i + 1].gap) for i in range(chosen - 1, -1, -1)
        )


def _telling(slot: Slot) -> float:
    """Higher when no wording of the slot is made of words that are everywhere."""
    common = sum(all(word in _COMMON for word in wording) for wording in slot.wordings)
    return -common - len(slot.wordings) / 1000


class PhraseBook:
    """All entries, ready to match. Words that no entry holds are never handed to spaCy, so it keeps nobody's words."""

    def __init__(self, entries: Iterable[tuple[Entry, Mapping[str, str]]]) -> None:
        parts = spacy_parts()
        self._doc, self._vocab = parts.doc, parts.vocab
        self._matcher = parts.phrase_matcher(parts.vocab, attr="ORTH")
        self._known: set[str] = set()
        self._by_key: dict[int, list[_Compiled]] = {}
        keys: dict[frozenset[Wording], int] = {}
        for entry, classes in entries:
            compiled = _Compiled(entry, read_pattern(entry.pattern, classes))
            wordings = compiled.anchor.wordings
            if wordings not in keys:
                name = f"slot-{len(keys)}"
                self._known.update(word for wording in wordings for word in wording)
                self._matcher.add(name, [self._doc(self._vocab, words=list(wording)) for wording in wordings])
                keys[wordings] = self._vocab.strings[name]
            self._by_key.setdefault(keys[wordings], []).append(compiled)

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """Every match in order of place, longest first; none crosses the end of a sentence."""
        if not words:
            return []
        norms = [word.norm for word in words]
        doc = self._doc(self._vocab, words=[norm if norm in self._known else _ELSE for norm in norms])
        reach = _sentence_edges(words)
        found: dict[tuple[int, int, int], Hit] = {}
        for key, first, last in self._matcher(doc):
            low, high = reach[first]
            if last > high:
                continue
            for compiled in self._by_key[key]:
                start = _extend(compiled.before, norms, first, low, -1) if compiled.before else first
                if start is None:
                    continue
                end = _extend(compiled.after, norms, last, high, 1) if compiled.after else last
                if end is not None:
                    found.setdefault((id(compiled), start, end), Hit(compiled.entry, start, end))
        return sorted(found.values(), key=lambda hit: (hit.first, -hit.last))


def _sentence_edges(words: Sequence[Word]) -> list[tuple[int, int]]:
    """For each word, where its sentence starts and ends (word numbers)."""
    edges: list[tuple[int, int]] = []
    start = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or words[index].sentence != words[start].sentence:
            edges += [(start, index)] * (index - start)
            start = index
    return edges


def _extend(slots: Sequence[Slot], norms: Sequence[str], at: int, edge: int, step: int) -> int | None:
    """Where the slots end when matched one after another from `at` towards `edge`; None when they cannot be."""
    if not slots:
        return at
    slot, rest = slots[0], slots[1:]
    for skipped in range(GAP + 1 if slot.gap else 1):
        place = at + step * skipped
        if (edge - place) * step < 0:
            break
        for end in _wordings_at(slot, norms, place, edge, step):
            reached = _extend(rest, norms, end, edge, step)
            if reached is not None:
                return reached
    return _extend(rest, norms, at, edge, step) if slot.optional else None


def _wordings_at(slot: Slot, norms: Sequence[str], place: int, edge: int, step: int) -> Iterator[int]:
    for size in range(min(slot.longest, abs(edge - place)), 0, -1):
        piece = norms[place : place + size] if step > 0 else norms[place - size : place]
        if tuple(piece) in slot.wordings:
            yield place + step * size
