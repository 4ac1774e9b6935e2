"""What does `haven understand` print? One reading a line, in the form that docs and outsiders rely on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.triage import assess
from bot.triage.vocabulary import Finding
from bot.understanding.reader import Reading, read

_SHOWN_FACTS = ("when", "where", "who")


def describe(reading: Reading) -> dict[str, Any]:
    """The reading as a mapping: kind, labels by group, third party, evidence, and confidence by label.

    Every label shown has at least one span in `evidence`; spans are Python string indices into the text.
    """
    judged = assess(reading.findings, answers={})
    by_label: dict[str, list[Finding]] = {}
    for finding in judged.evidence or reading.findings:
        by_label.setdefault(finding.label, []).append(finding)
    groups = {
        "asb_types": judged.asb_types,
        "hate_strands": judged.hate_strands,
        "other_harm": judged.other_harm,
        "risk": judged.risk,
    }
    shown = [label for labels in groups.values() for label in labels]
    evidence = [f for label in shown for f in by_label.get(label, _of(reading, label))]
    said: dict[str, Any] = {"kind": judged.kind}
    said |= {name: list(labels) for name, labels in groups.items()}
    said["third_party"] = judged.third_party
    said["evidence"] = [
        {"label": f.label, "start": f.start, "end": f.end, "text": f.text}
        for f in sorted(evidence, key=lambda f: (f.start, f.end, f.label))
    ]
    facts = {name: best for name in _SHOWN_FACTS if (best := _surest(reading, name))}
    said |= {name: finding.value for name, finding in facts.items()}
    said["confidence"] = {f.label: 0.0 for f in evidence}
    for finding in [*evidence, *facts.values()]:
        said["confidence"][finding.label] = max(said["confidence"].get(finding.label, 0.0), finding.confidence)
    return said


def _of(reading: Reading, label: str) -> list[Finding]:
    return [f for f in reading.findings if f.label == label]


def _surest(reading: Reading, label: str) -> Finding | None:
    return max(_of(reading, label), key=lambda f: (f.confidence, -f.start), default=None)


def understand_lines(lines: Iterable[str], now: dt.datetime) -> Iterator[str]:
    """For each line `{"id", "text"}` a line of JSON: the id and what the text shows. Blank lines are passed over.

    Raises ValueError naming the line, in one sentence, when a line is not such an object.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            message = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is not JSON: {error.msg}") from error
        if not isinstance(message, dict) or "id" not in message or not isinstance(message.get("text"), str):
            raise ValueError(f'line {number} needs "id" and "text"')
        yield json.dumps({"id": message["id"], **describe(read(message["text"], now))}, ensure_ascii=False)
