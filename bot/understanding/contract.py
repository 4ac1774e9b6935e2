"""What does `haven understand` print? One reading a line, in the form that docs and outsiders rely on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.triage import assess
from bot.triage.vocabulary import Finding
from bot.understanding.hearing import read
from bot.understanding.reader import Reading

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


def understand_lines(
    lines: Iterable[bytes], now: dt.datetime, reader: Callable[[str, dt.datetime], Reading] = read
) -> Iterator[tuple[str, str | None]]:
    """For each line `{"id", "text"}` (UTF-8 JSON) a line of JSON, and what was wrong with it, if anything.

    A line that is no such object gives `{"id", "line", "error"}` in its place, and the rest is read all the same.
    Blank lines are passed over.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        said: Any = None
        try:
            said = json.loads(line.decode("utf-8"))
            shown = {"id": said["id"], **describe(reader(said["text"], now))} if _is_message(said) else None
            problem = None if shown else 'it needs "id" and "text", and the text must be words in quotation marks'
        except UnicodeDecodeError:
            shown, problem = None, "it is not UTF-8 text"
        except RecursionError:
            shown, problem = None, "it is nested too deeply"
        except json.JSONDecodeError as error:
            shown, problem = None, f"it is not JSON: {error.msg}"
        if problem is None:
            yield _line_of(shown), None
        else:
            name = said.get("id") if isinstance(said, dict) else None
            yield _line_of({"id": name, "line": number, "error": problem}), f"line {number}: {problem}"


def _is_message(said: Any) -> bool:
    return isinstance(said, dict) and "id" in said and isinstance(said.get("text"), str)


def _line_of(said: Any) -> str:
    try:
        return json.dumps(said, ensure_ascii=False).encode("utf-8").decode("utf-8")
    except UnicodeEncodeError:  # half of a pair of surrogates, which JSON lets through and UTF-8 does not
        return json.dumps(said)
