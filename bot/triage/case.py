"""What do we know so far? The story, what it showed, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.triage.vocabulary import SKIPPED, Finding


@dataclass(frozen=True)
class Case:
    """Everything the person has told us in one conversation.

    `story` is verbatim. `findings` point into `story`. `answers` maps a question id to its canonical value (the shapes
    are in `vocabulary.FACTS` and `questions.py`), or to SKIPPED. An answer outranks what the story seemed to say.
    """

    story: str = ""
    findings: tuple[Finding, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """What is known of a fact: the answer, else the best finding's value, else None. SKIPPED counts as None."""
        answered = self.answers.get(name)
        if answered is not None:
            return None if answered == SKIPPED else answered
        found = self.finding(name)
        return found.value if found else None

    def finding(self, label: str) -> Finding | None:
        """The surest finding of this label, the first said among equals."""
        return max((f for f in self.findings if f.label == label), key=lambda f: (f.confidence, -f.start), default=None)

    def is_known(self, name: str) -> bool:
        """True when it needs no asking: said in the story, answered, or skipped."""
        return name in self.answers or self.finding(name) is not None

    def labels(self, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
        """The labels of a vocabulary that the story shows, in the vocabulary's order."""
        said = {f.label for f in self.findings}
        return tuple(label for label in vocabulary if label in said)
