"""Which meaning frames does a run of plain words fill? Word classes in order, with room between them.

A frame is a short line such as `THEM HIT:ing PERSON` (lexicons/safety_*.yml). CAPITALS name a class of words, small
letters are themselves. Up to three words may stand between two parts; `+` in front of a part allows none, `..` between
two parts allows ten; `~` at the start of a frame lets its parts stand in any order within ten words. `A|B` is either,
`!A` forbids a word anywhere in the sentence, `^` and `$` tie a frame to the start and the end. A verb class has forms:
`HIT:ing` is going on, `HIT:ed` is done, `HIT:s` is the bare word with or without -s, `HIT` is any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.words import word_set

_NEAR, _FAR, _WINDOW = 3, 10, 10
#: After these a word in -ing tells of a habit, a thought or a wish, not of what is going on.
_NOT_GOING_ON = word_set("keeps keep kept been always of about from for like used not never no without")
_VOWELS = word_set("a e i o u")
#: In nearly every message: a class that holds one says little, so frames are looked up by their other parts.
_COMMON = word_set(
    "i a the my me he she they it is are am was and to in on at of for with not that this his her him them we us our "
    "you have has had be do does did but so if or as by from no up out all there just now one can will would get got "
    "man people mum dad house home door back down off over come coming going go"
)
_COMMON_WEIGHT = 60


def verb_forms(verb: str) -> dict[str, tuple[str, ...]]:
    """The forms of a verb: "kick"; "stab+" doubles its last letter; "beat/beating/beat,beaten" spells them out."""
    base, *irregular = verb.split("/")
    doubled = base.endswith("+")
    base = base.rstrip("+")
    stem = base + base[-1] if doubled else base[:-1] if base.endswith("e") and not base.endswith("ee") else base
    ends_in_y = base.endswith("y") and base[-2] not in _VOWELS
    hisses = base.endswith(("s", "sh", "ch", "x", "z"))
    third = base[:-1] + "ies" if ends_in_y else base + ("es" if hisses else "s")
    going = irregular[0] if irregular else stem + "ing"
    done = tuple(irregular[1].split(",")) if len(irregular) > 1 else (base[:-1] + "ied" if ends_in_y else stem + "ed",)
    return {"s": (base, third), "ing": (going, going[:-1]), "ed": done}


@dataclass(frozen=True)
class Frame:
    """One line of the lexicon, compiled. `index` is its place in the list it was made from."""

    index: int
    parts: tuple[tuple[int, ...], ...]
    gaps: tuple[int, ...]
    masks: tuple[int, ...]
    forbidden: int
    any_order: bool
    at_start: bool
    at_end: bool


Spans = dict[int, list[tuple[int, int]]]


class FrameBook:
    """Made once of classes, verbs and frame lines; `find` gives every frame that is filled, and where."""

    def __init__(self, classes: Mapping[str, str], verbs: Mapping[str, str], lines: Sequence[str]) -> None:
        self._numbers: dict[str, int] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self._groups: dict[str, tuple[int, ...]] = {}
        self._size: dict[int, int] = {}
        self._barred: dict[int, frozenset[str]] = {}
        for name, words in classes.items():
            self._groups[name] = (self._add(name, words.split()),)
        for name, words in verbs.items():
            forms = [verb_forms(verb) for verb in words.split()]
            numbers = []
            for form in ("s", "ing", "ed"):
                number = self._add(f"{name}:{form}", [word for one in forms for word in one[form]])
                self._groups[f"{name}:{form}"] = (number,)
                numbers.append(number)
                if form == "ing":
                    self._barred[number] = _NOT_GOING_ON
                    habit = self._add(f"{name}:habit", [word for one in forms for word in one[form]])
                    numbers.append(habit)
            self._groups[name] = tuple(numbers)
        self._frames = [self._compile(index, line) for index, line in enumerate(lines)]
        self._by_key: dict[int, list[Frame]] = {}
        for frame in self._frames:
            for number in min(frame.parts, key=self._commonness):
                self._by_key.setdefault(number, []).append(frame)

    def _add(self, name: str, phrases: Iterable[str]) -> int:
        number = self._numbers.setdefault(name, len(self._numbers))
        known = list(dict.fromkeys(phrases))
        self._size[number] = sum(_COMMON_WEIGHT if phrase in _COMMON else 1 for phrase in known)
        for phrase in known:
            first, *rest = phrase.split("_")
            self._phrases.setdefault(first, []).append((tuple(rest), number))
        return number

    def _commonness(self, numbers: Sequence[int]) -> int:
        return sum(self._size[number] for number in numbers)

    def _class(self, name: str) -> tuple[int, ...]:
        if name not in self._groups:
            if name != name.lower():
                raise ValueError(f"a frame names a class that is not there: {name}")
            self._groups[name] = (self._add(name, [name]),)
        return self._groups[name]

    def _compile(self, index: int, line: str) -> Frame:
        any_order, at_start, at_end = line.startswith("~"), line.startswith("^"), "$" in line
        parts: list[tuple[int, ...]] = []
        gaps: list[int] = []
        forbidden, gap = 0, _NEAR
        for piece in line.replace("$", "").strip("~^ ").split():
            if piece == "..":
                gap = _FAR
                continue
            numbers = tuple(number for name in piece.lstrip("+!").split("|") for number in self._class(name))
            if piece.startswith("!"):
                forbidden |= sum(1 << number for number in set(numbers))
                continue
            parts.append(numbers)
            gaps.append(0 if piece.startswith("+") else gap)
            gap = _NEAR
        by_rarity = sorted(parts, key=self._commonness)
        masks = tuple(sum(1 << number for number in set(numbers)) for numbers in by_rarity)
        return Frame(index, tuple(parts), tuple(gaps), masks, forbidden, any_order, at_start, at_end)

    def tag(self, words: Sequence[str]) -> Spans:
        """Where each class of words stands; made once for `holds` and `find`."""
        spans: Spans = {}
        phrases, barred = self._phrases, self._barred
        for at, word in enumerate(words):
            if word not in phrases:
                continue
            before = words[at - 1] if at else ""
            for rest, number in phrases[word]:
                end = at + 1
                if rest:
                    end += len(rest)
                    if tuple(words[at + 1 : end]) != rest:
                        continue
                if number in barred and before in barred[number]:
                    continue
                if number in spans:
                    spans[number].append((at, end))
                else:
                    spans[number] = [(at, end)]
        return spans

    def holds(self, spans: Spans, name: str) -> bool:
        """Whether a word of the named class is among them."""
        return any(number in spans for number in self._groups[name])

    def find(self, spans: Spans, length: int) -> Iterator[tuple[int, int, int]]:
        """Of each frame filled by `length` words: its index, and the first and one past the last that fill it."""
        present = sum(1 << number for number in spans)
        tried: set[int] = set()
        for number in spans:
            for frame in self._by_key.get(number, ()):
                if frame.index in tried:
                    continue
                tried.add(frame.index)
                if present & frame.forbidden or _lacks(frame.masks, present):
                    continue
                found = _in_any_order(frame, spans) if frame.any_order else _in_order(frame, spans, length)
                if found:
                    yield frame.index, *found


def _lacks(masks: Sequence[int], present: int) -> bool:
    for mask in masks:  # noqa: SIM110 - a generator here costs a tenth of the whole check
        if not present & mask:
            return True
    return False


def _places(numbers: Sequence[int], spans: Spans) -> list[tuple[int, int]]:
    return [span for number in numbers for span in spans.get(number, ())]


def _in_order(frame: Frame, spans: Spans, length: int) -> tuple[int, int] | None:
    reached: dict[int, int] = {}  # where a chain ends -> where the shortest such chain begins
    for position, (numbers, gap) in enumerate(zip(frame.parts, frame.gaps, strict=True)):
        further: dict[int, int] = {}
        for start, end in _places(numbers, spans):
            if not position:
                if start == 0 or not frame.at_start:
                    further[end] = max(start, further.get(end, 0))
                continue
            for before, began in reached.items():
                if 0 <= start - before <= gap:
                    further[end] = max(began, further.get(end, 0))
        reached = further
        if not reached:
            return None
    ends = [end for end in reached if end == length] if frame.at_end else list(reached)
    if not ends:
        return None
    best = min(ends, key=lambda end: (end - reached[end], end))
    return reached[best], best


def _in_any_order(frame: Frame, spans: Spans) -> tuple[int, int] | None:
    chosen: list[tuple[int, int]] = []

    def fill(position: int) -> bool:
        if position == len(frame.parts):
            return True
        for start, end in _places(frame.parts[position], spans):
            clear = all(end <= other or start >= done for other, done in chosen)
            near = all(abs(start - other) <= _WINDOW for other, _ in chosen)
            if clear and near:
                chosen.append((start, end))
                if fill(position + 1):
                    return True
                chosen.pop()
        return False

    if not fill(0):
        return None
    return min(start for start, _ in chosen), max(end for _, end in chosen)
