"""Which messages have people labelled, and how? The lines that the reader learns from and is measured on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS, KINDS, OTHER_HARM, RISKS

#: The fields of a line that hold labels, and what each may hold.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "asb_types": ASB_TYPES,
    "hate_strands": HATE_STRANDS,
    "other_harm": OTHER_HARM,
    "risk": RISKS,
}
THIRD_PARTY = "third_party"
#: Every label that may stand beside a kind, in a fixed order.
LABELS = (*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM, *RISKS, THIRD_PARTY)
#: What is judged of danger: somebody is in danger now; somebody is, or may be.
DANGER_NOW, DANGER_MAYBE = "danger_now", "danger_maybe"


#: Risks of danger to life: all that is judged in a line about danger.
GRAVE = ("immediate_danger", "weapon", "injury", "threat_to_kill", "suicide_self_harm")


@dataclass(frozen=True)
class Labelled:
    """A message, its kind and every label that it should be given.

    In a line about danger only danger was judged: its `kind` is None and its `level` "now", "ask" or "none".
    """

    id: str
    text: str
    kind: str | None
    labels: frozenset[str]
    level: str | None = None

    def of(self, group: str) -> frozenset[str]:
        """Its labels of one group, as in GROUPS."""
        return self.labels & frozenset(GROUPS[group])


def labelled_from(said: Any) -> Labelled:
    """One line as a Labelled. A group left out is empty. Raises ValueError in plain words."""
    if not isinstance(said, dict) or not isinstance(said.get("text"), str) or "id" not in said:
        raise ValueError('a labelled line needs "id", "text" and "kind"')
    if said.get("kind") not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {said.get('kind')!r}")
    labels: set[str] = {THIRD_PARTY} if said.get(THIRD_PARTY) else set()
    for group, known in GROUPS.items():
        given = said.get(group, [])
        strange = [label for label in given if label not in known] if isinstance(given, list) else [given]
        if strange:
            raise ValueError(f"{group} may not hold {strange[0]!r}")
        labels.update(given)
    return Labelled(str(said["id"]), said["text"], said["kind"], frozenset(labels))


def read_labelled(lines: Iterable[str]) -> Iterator[Labelled]:
    """The labelled messages in lines of JSON; blank lines are passed over. Raises ValueError naming the line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield labelled_from(json.loads(line))
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is not JSON: {error.msg}") from error
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error


def load_labelled(folder: Path) -> list[Labelled]:
    """Every labelled message of a folder's .jsonl files, in order of name. Raises ValueError naming file and line."""
    found: list[Labelled] = []
    for path in sorted(folder.glob("*.jsonl")):
        try:
            found += read_labelled(path.read_text(encoding="utf-8").splitlines())
        except ValueError as error:
            raise ValueError(f"{path.name}, {error}") from error
    return found


def load_danger(folder: Path) -> list[Labelled]:
    """The short lines in which only danger was judged."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            found.append(Labelled(said["id"], said["text"], None, frozenset(said.get("risk", ())), said["level"]))
    return found
