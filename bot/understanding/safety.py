"""Is anyone in danger? Reads every message before anything else does, and stands when all the rest is down.

Deterministic: regular expressions (`lexicons/safety*.yml`) over plain words. Knows nothing of spaCy, models or `read`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import yaml

from bot.triage.vocabulary import Finding
from bot.understanding.screening import Screen
from bot.understanding.words import LEXICONS, Sentence, sentences_of, split_words

#: More than one message may hold (5,000 characters) is read only so far, so that nobody can make the check slow.
_LONGEST = 20_000

#: In this order; the second is written with the classes of the first.
FILES = ("safety.yml", "safety_present.yml")

Level = Literal["now", "ask"]

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
    level: Literal["now", "firm", "ask"]
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class _Rules:
    harmless: re.Pattern[str]
    harmless_screen: Screen
    past: re.Pattern[str]
    long_past: re.Pattern[str]
    media: re.Pattern[str]
    here: re.Pattern[str]
    hypothetical: re.Pattern[str]
    distant: re.Pattern[str]
    net: tuple[re.Pattern[str], ...]
    signals: tuple[_Signal, ...]
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
    harmless = [*data["harmless"], *more["harmless"]]
    return _Rules(
        harmless=any_of(harmless),
        harmless_screen=Screen([written_out(pattern) for pattern in harmless]),
        past=re.compile(data["past"].strip()),
        long_past=re.compile(data["long_past"].strip()),
        media=re.compile(f"{data['media'].strip()}|{more['media'].strip()}"),
        here=re.compile(data["here"].strip()),
        hypothetical=re.compile(more["hypothetical"].strip()),
        distant=re.compile(more["distant"].strip()),
        net=tuple(re.compile(more["net"][part]) for part in ("threat", "present", "personal")),
        signals=signals,
        screen=Screen([signal.pattern.pattern for signal in signals]),
    )


def _read_sentence(sentence: Sentence, said: str) -> list[Finding]:
    rules = _rules()
    # Blanked with a mark of the same length, so that places stay true and no pattern reaches across.
    plain = sentence.plain
    if rules.harmless_screen.candidates(plain):
        plain = rules.harmless.sub(lambda m: "#" * len(m.group()), plain)
    matches = [
        (signal, match)
        for number in rules.screen.candidates(plain)
        if (match := (signal := rules.signals[number]).pattern.search(plain))
    ]
    caught = None if matches else _caught_in_net(plain)
    if not (matches or caught) or (rules.media.search(plain) and not rules.here.search(plain)):
        return []
    past, long_past = rules.past.search(plain), rules.long_past.search(plain)
    hypothetical, distant = rules.hypothetical.search(plain), rules.distant.search(plain)
    if caught:
        if past or distant or hypothetical:
            return []
        start, end = sentence.span(*caught)
        return [Finding("immediate_danger", start, end, said[start:end], "ask", 0.5)]
    found = []
    for signal, match in matches:
        level: Level = "ask" if signal.level == "ask" else "now"
        if signal.level == "now" and past:
            level = "ask"
        if signal.label == "suicide_self_harm" and long_past:
            level = "ask"
        if signal.level != "firm" and signal.label not in _NEVER_LET_GO:
            if level == "ask" and (hypothetical or distant):
                continue
            if hypothetical:
                level = "ask"
        start, end = sentence.span(match.start(), match.end())
        found.append(Finding(signal.label, start, end, said[start:end], level))
    return found


def _caught_in_net(plain: str) -> tuple[int, int] | None:
    """The stretch that holds a threat, something going on and the person, where no pattern knows the words."""
    marks = []
    for part in _rules().net:
        match = part.search(plain)
        if match is None:
            return None
        marks.append(match.span())
    return min(start for start, _ in marks), max(end for _, end in marks)


def check_safety(text: str) -> SafetyReading:
    """Whether anyone is in danger now ("now"), may be ("ask": put one question), or nothing says so (None)."""
    said = text[:_LONGEST]
    return check_sentences(sentences_of(split_words(said)), said)


def check_sentences(sentences: Sequence[Sentence], said: str) -> SafetyReading:
    """The same check on sentences already told apart, so that `read` need not do it twice."""
    gravest: dict[str, Finding] = {}
    for sentence in sentences:
        for finding in _read_sentence(sentence, said):
            known = gravest.get(finding.label)
            if known is None or (known.value == "ask" and finding.value == "now"):
                gravest[finding.label] = finding
    signals = tuple(sorted(gravest.values(), key=lambda f: (f.value != "now", f.start)))
    if not signals:
        return SafetyReading(None)
    return SafetyReading("now" if signals[0].value == "now" else "ask", signals)
