"""Is anyone in danger? Reads every message before anything else does, and stands when all the rest is down.

Deterministic: meaning frames (frames.py) and regular expressions over plain words (`lexicons/safety*.yml`). Knows
nothing of spaCy, models or `read`. docs/safety.md says what is read and how it is reviewed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import yaml

from bot.triage.vocabulary import Finding
from bot.understanding.frames import FrameBook
from bot.understanding.screening import Screen
from bot.understanding.words import LEXICONS, Sentence, Word, sentences_of, split_words

#: More than one message may hold (5,000 characters) is read only so far, so that nobody can make the check slow.
_LONGEST = 20_000

#: In this order; the second is written with the classes of the first.
FILES = ("safety.yml", "safety_present.yml")
#: Phrases that are blanked first.
HARMLESS = "safety_harmless.yml"
#: Meaning frames, by theme, written with the classes of `WORDS`.
WORDS = "safety_words.yml"
FRAMES = (
    "safety_entry.yml",
    "safety_violence.yml",
    "safety_crisis.yml",
    "safety_care.yml",
    "safety_threats.yml",
    "safety_cries.yml",
)
#: Nobody in danger this minute writes more words than this; a longer message is a story.
_LONGEST_CRY = 40
#: A sentence longer than this is read in pieces that overlap: nobody writes a frame wider than the overlap.
_PIECE, _OVERLAP = 60, 20

Level = Literal["now", "ask"]
Weight = Literal["now", "firm", "ask"]

#: What was found: its label, its weight, and where it stands in what was said.
_Seen = tuple[str, Weight, int, int]

#: Said of long ago or as a question, these still need asking about.
_NEVER_LET_GO = frozenset({"suicide_self_harm", "child_at_risk", "adult_at_risk"})


@dataclass(frozen=True)
class SafetyReading:
    """`level` is the gravest of the signals; each signal is a Finding whose value is "now" or "ask", with its words."""

    level: Level | None
    signals: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Signal:
    label: str
    level: Weight
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class _FrameKind:
    """What a frame shows when it is filled."""

    label: str
    level: Weight
    #: Counts only in a message that is a cry rather than a story.
    cry: bool


@dataclass(frozen=True)
class _Rules:
    book: FrameBook
    frame_kinds: tuple[_FrameKind, ...]
    harmless: tuple[re.Pattern[str], ...]
    past: re.Pattern[str]
    still: re.Pattern[str]
    present: re.Pattern[str]
    habit: re.Pattern[str]
    asking: re.Pattern[str]
    long_past: re.Pattern[str]
    media: re.Pattern[str]
    here: re.Pattern[str]
    hypothetical: re.Pattern[str]
    distant: re.Pattern[str]
    net: tuple[re.Pattern[str], ...]
    signals: tuple[_Signal, ...]
    #: Over the patterns of the signals, and after them those of harmless phrases.
    screen: Screen


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data, more = (yaml.safe_load((LEXICONS / name).read_text(encoding="utf-8")) for name in FILES)
    classes = {**data["classes"], **more["classes"]}

    def written_out(pattern: str) -> str:
        return re.sub(r"\{([A-Za-z]+)\}", lambda m: written_out(classes[m.group(1)]), pattern)

    def any_of(patterns: list[str]) -> re.Pattern[str]:
        return re.compile(r"(?<!\S)(?:" + "|".join(written_out(p) for p in patterns) + r")(?!\w)")

    signals = tuple(
        _Signal(entry["label"], entry["level"], any_of([pattern]))
        for entry in [*data["signals"], *more["signals"]]
        for pattern in entry["any"]
    )
    blanked = yaml.safe_load((LEXICONS / HARMLESS).read_text(encoding="utf-8"))["harmless"]
    harmless = tuple(any_of([pattern]) for entry in blanked for pattern in entry["any"])
    named = yaml.safe_load((LEXICONS / WORDS).read_text(encoding="utf-8"))
    entries = [
        entry for name in FRAMES for entry in yaml.safe_load((LEXICONS / name).read_text(encoding="utf-8"))["frames"]
    ]
    lines = [
        (f"{line} !{barred}" if (barred := "|".join(entry.get("not", "").split())) else line, entry)
        for entry in entries
        for line in entry["frames"]
    ]
    book = FrameBook(named["classes"], named["verbs"], [line for line, _ in lines])
    return _Rules(
        book=book,
        frame_kinds=tuple(_FrameKind(entry["label"], entry["level"], entry.get("cry", False)) for _, entry in lines),
        harmless=harmless,
        past=re.compile(data["past"].strip()),
        present=re.compile(data["present"].strip()),
        asking=re.compile(data["asking"].strip()),
        habit=re.compile(data["habit"].strip()),
        still=re.compile(data["still"].strip()),
        long_past=re.compile(data["long_past"].strip()),
        media=re.compile(f"{data['media'].strip()}|{more['media'].strip()}"),
        here=re.compile(data["here"].strip()),
        hypothetical=re.compile(more["hypothetical"].strip()),
        distant=re.compile(more["distant"].strip()),
        net=tuple(re.compile(more["net"][part]) for part in ("threat", "present", "personal")),
        signals=signals,
        screen=Screen([pattern.pattern for pattern in (*(signal.pattern for signal in signals), *harmless)]),
    )


def _plain_of(sentence: Sentence) -> tuple[str, list[_Signal]]:
    """The plain words, harmless phrases blanked with a mark of the same length (places stay true), and what to try."""
    rules, plain = _rules(), sentence.plain
    candidates = rules.screen.candidates(plain)  # blanking only takes away, so these hold for what is left too
    known = bisect_left(candidates, len(rules.signals))
    for number in candidates[known:]:
        plain = rules.harmless[number - len(rules.signals)].sub(lambda m: "#" * len(m.group()), plain)
    return plain, [rules.signals[number] for number in candidates[:known]]


def _read_sentence(sentence: Sentence, said: str, telling: bool) -> list[Finding]:
    rules = _rules()
    plain, signals = _plain_of(sentence)
    if rules.media.search(plain) and not rules.here.search(plain):
        return []
    words = _words_of(plain, sentence)
    framed, calm = _framed(words, sentence.words, telling)
    seen: list[_Seen] = [
        (signal.label, signal.level, *sentence.span(*match.span()))
        for signal in signals
        if (match := signal.pattern.search(plain))
        and not (calm and (signal.level == "ask" or signal.label == "weapon"))
    ]
    if telling and not rules.present.search(plain):
        framed = _told(framed)
    if rules.asking.search(plain):
        framed = _asked_of(framed)
    seen += framed
    caught = None if seen or calm else _caught_in_net(plain)
    if not (seen or caught):
        return []
    past = rules.past.search(plain) and not rules.still.search(plain)
    long_past = rules.long_past.search(plain)
    hypothetical, distant = rules.hypothetical.search(plain), rules.distant.search(plain)
    if caught:
        if past or distant or hypothetical:
            return []
        start, end = sentence.span(*caught)
        return [Finding("immediate_danger", start, end, said[start:end], "ask", 0.5)]
    found = []
    for label, given, start, end in seen:
        level: Level = "ask" if given == "ask" else "now"
        if given == "now" and past:
            level = "ask"
        if label == "suicide_self_harm" and long_past:
            level = "ask"
        if given != "firm" and label not in _NEVER_LET_GO:
            if level == "ask" and (hypothetical or distant):
                continue
            if hypothetical:
                level = "ask"
        found.append(Finding(label, start, end, said[start:end], level))
    return found


def _told(framed: list[_Seen]) -> list[_Seen]:
    """What frames weigh within a story: a sentence of it that does not say "now" is at most asked about."""
    return _lowered(framed, kept=_NEVER_LET_GO | {"threat_to_kill"})


def _asked_of(framed: list[_Seen]) -> list[_Seen]:
    """What they weigh in a question about rules, or beside words that all is well."""
    return _lowered(framed, kept=_NEVER_LET_GO)


def _lowered(framed: list[_Seen], kept: frozenset[str]) -> list[_Seen]:
    """One level less: "now" is asked about, and of "ask" only the labels in `kept` stay. "firm" is never lowered."""
    return [
        (label, level if level == "firm" else "ask", start, end)
        for label, level, start, end in framed
        if level != "ask" or label in kept
    ]


def _words_of(plain: str, sentence: Sentence) -> list[str]:
    return ["#" if plain[at] == "#" else word.norm for at, word in zip(sentence.starts, sentence.words, strict=True)]


def _framed(words: list[str], placed: Sequence[Word], telling: bool) -> tuple[list[_Seen], bool]:
    """The frames that these words fill, and whether they name something calm."""
    rules = _rules()
    found: list[_Seen] = []
    calm = False
    for begin in range(0, max(1, len(words) - _OVERLAP), _PIECE - _OVERLAP):
        piece = words[begin : begin + _PIECE]
        spans = rules.book.tag(piece)
        calm = calm or rules.book.holds(spans, "CALM")
        for index, first, last in rules.book.find(spans, len(piece)):
            kind = rules.frame_kinds[index]
            if telling and kind.cry:
                continue
            start, end = placed[begin + first].start, placed[begin + last - 1].end
            found.append((kind.label, kind.level, start, end))
    return found, calm


def _caught_in_net(plain: str) -> tuple[int, int] | None:
    """The stretch that holds a threat, something going on and the person, where no pattern knows the words."""
    marks = []
    for part in _rules().net:
        match = part.search(plain)
        if match is None:
            return None
        marks.append(match.span())
    return min(start for start, _ in marks), max(end for _, end in marks)


def _is_telling(sentences: Sequence[Sentence]) -> bool:
    """Whether this is a story of what goes on and on, rather than a cry: it is long, or says how often."""
    if sum(len(sentence.words) for sentence in sentences) > _LONGEST_CRY:
        return True
    return any(_rules().habit.search(sentence.plain) for sentence in sentences)


def _names_something_calm(sentences: Sequence[Sentence]) -> bool:
    """ "He's outside now. Washing his car." is hardly danger; it is still asked about."""
    book = _rules().book
    return any(book.holds(book.tag([word.norm for word in sentence.words]), "CALM") for sentence in sentences)


def check_safety(text: str) -> SafetyReading:
    """Whether anyone is in danger now ("now"), may be ("ask": put one question), or nothing says so (None)."""
    said = text[:_LONGEST]
    return check_sentences(sentences_of(split_words(said)), said)


def check_sentences(sentences: Sequence[Sentence], said: str) -> SafetyReading:
    """The same check on sentences already told apart, so that `read` need not do it twice."""
    gravest: dict[str, Finding] = {}
    telling = _is_telling(sentences)
    for sentence in sentences:
        for finding in _read_sentence(sentence, said, telling):
            known = gravest.get(finding.label)
            if known is None or (known.value == "ask" and finding.value == "now"):
                gravest[finding.label] = finding
    if gravest and not telling and _names_something_calm(sentences):
        danger = gravest.get("immediate_danger")
        if danger is not None and danger.value == "now" and set(gravest) == {"immediate_danger"}:
            gravest["immediate_danger"] = replace(danger, value="ask")
    signals = tuple(sorted(gravest.values(), key=lambda f: (f.value != "now", f.start)))
    if not signals:
        return SafetyReading(None)
    return SafetyReading("now" if signals[0].value == "now" else "ask", signals)
