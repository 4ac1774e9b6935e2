"""How well does the reader do on labelled messages? The quality table of `haven understand --evaluate`."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.triage.vocabulary import HATE_STRANDS, KINDS, OTHER_HARM
from bot.understanding.contract import describe
from bot.understanding.hearing import read
from bot.understanding.labelled import GROUPS, THIRD_PARTY, Labelled
from bot.understanding.reader import Reading

#: The risks that must never be missed.
GRAVE_RISKS = ("immediate_danger", "weapon", "threat_to_kill", "suicide_self_harm")
_HATE = frozenset({"hate", "both"})


@dataclass(frozen=True)
class Seen:
    """What should be read in a message, what was read, how long it took (seconds), and whether each span is true."""

    should: Labelled
    kind: str
    labels: frozenset[str]
    seconds: float
    spans_hold: bool


@dataclass(frozen=True)
class Count:
    """Labels rightly read, wrongly read and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of those read, the share that was right; 1 when none was read."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of those there, the share that was read; 1 when none was there."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0


def see(
    messages: Sequence[Labelled], now: dt.datetime, reader: Callable[[str, dt.datetime], Reading] = read
) -> list[Seen]:
    """Read every message once."""
    return [_see(message, now, reader) for message in messages]


def _see(message: Labelled, now: dt.datetime, reader: Callable[[str, dt.datetime], Reading]) -> Seen:
    began = time.perf_counter()
    said = describe(reader(message.text, now))
    seconds = time.perf_counter() - began
    labels = {label for group in GROUPS for label in said[group]} | ({THIRD_PARTY} if said[THIRD_PARTY] else set())
    return Seen(message, said["kind"], frozenset(labels), seconds, _spans_hold(message.text, said))


def _spans_hold(text: str, said: Mapping[str, Any]) -> bool:
    """True when each label has words, and each of them stands where it is said to."""
    shown = {span["label"] for span in said["evidence"]}
    labels = {label for group in GROUPS for label in said[group]}
    return labels <= shown and all(text[span["start"] : span["end"]] == span["text"] for span in said["evidence"])


def count(seen: Sequence[Seen], labels: Collection[str]) -> Count:
    """How often any of these labels was read, summed over all of them."""
    wanted = frozenset(labels)
    pairs = [(one.should.labels & wanted, one.labels & wanted) for one in seen]
    return Count(
        sum(len(should & read) for should, read in pairs),
        sum(len(read - should) for should, read in pairs),
        sum(len(should - read) for should, read in pairs),
    )


def count_kind(seen: Sequence[Seen], kind: str) -> Count:
    """How often a kind was read."""
    pairs = [(one.should.kind == kind, one.kind == kind) for one in seen]
    return Count(pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))


def macro_f1(seen: Sequence[Seen]) -> float:
    """The mean F1 of the kinds that the messages hold."""
    held = [kind for kind in KINDS if any(one.should.kind == kind for one in seen)]
    return statistics.fmean(count_kind(seen, kind).f1 for kind in held)


def hate_recall(seen: Sequence[Seen]) -> float:
    """Of the messages about hate (kind hate or both), the share read as either."""
    hate = [one for one in seen if one.should.kind in _HATE]
    return sum(one.kind in _HATE for one in hate) / len(hate) if hate else 1.0


def harm_recall(seen: Sequence[Seen]) -> float:
    """Of the messages with other harm, the share in which some harm of the right sort was read."""
    harmed = [one for one in seen if one.should.of("other_harm")]
    return sum(bool(one.should.of("other_harm") & one.labels) for one in harmed) / len(harmed) if harmed else 1.0


def false_alarms(seen: Sequence[Seen]) -> float:
    """Of the messages without a grave risk, the share in which one was read."""
    calm = [one for one in seen if not one.should.labels & frozenset(GRAVE_RISKS)]
    return sum(bool(one.labels & frozenset(GRAVE_RISKS)) for one in calm) / len(calm) if calm else 0.0


def table(seen: Sequence[Seen]) -> Iterator[str]:
    """The quality table, line by line: what is measured, the figure, and what must be reached."""
    grave = [one for one in seen if one.should.labels & frozenset(GRAVE_RISKS)]
    alarmed = sum(bool(one.labels & frozenset(GRAVE_RISKS)) for one in grave)
    times = sorted(one.seconds * 1000 for one in seen)
    rows = [
        ("kind, macro-F1", macro_f1(seen), ">= 0.85"),
        ("hate (kind hate or both), recall", hate_recall(seen), ">= 0.95"),
        ("strands, micro-F1", count(seen, HATE_STRANDS).f1, ">= 0.85"),
        ("ASB types, micro-F1", count(seen, GROUPS["asb_types"]).f1, ">= 0.75"),
        ("other harm, recall of messages", harm_recall(seen), ">= 0.90"),
        ("other harm, recall of labels", count(seen, OTHER_HARM).recall, ""),
        ("grave risk, recall of messages", alarmed / len(grave) if grave else 1.0, ">= 0.98"),
        ("grave risk, false alarms", false_alarms(seen), "<= 0.05"),
        ("risk labels, micro-F1", count(seen, GROUPS["risk"]).f1, ""),
        ("third party, F1", count(seen, (THIRD_PARTY,)).f1, ""),
        ("spans that hold", sum(one.spans_hold for one in seen) / len(seen), "1.00"),
    ]
    yield f"{len(seen)} messages"
    yield from (f"{name:36}{figure:8.3f}  {wanted}".rstrip() for name, figure, wanted in rows)
    slowest = times[int(len(times) * 0.95)]
    yield f"{'time, median and 95th of 100':36}{statistics.median(times):6.1f} ms {slowest:.1f} ms"
    yield ""
    yield f"{'':28}{'there':>6}{'read':>6}{'precision':>11}{'recall':>8}{'F1':>7}"
    for kind in KINDS:
        yield _row(kind, count_kind(seen, kind))
    for group, labels in GROUPS.items():
        yield f"{group}"
        yield from (_row(label, count(seen, (label,))) for label in labels)


def _row(name: str, counted: Count) -> str:
    there, read_ = counted.right + counted.missed, counted.right + counted.wrong
    return f"  {name:26}{there:6}{read_:6}{counted.precision:11.2f}{counted.recall:8.2f}{counted.f1:7.2f}"
