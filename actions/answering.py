"""What is an answer, before it is read: its words or choice, the options offered, and what they could mean."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.directory import Directory
from bot.triage.case import Case
from bot.triage.questions import Question
from bot.understanding import answers as read_answer
from bot.understanding.mash import says_nothing
from bot.understanding.options import plain
from bot.understanding.short import nearest_meaning
from bot.understanding.spoken import DECLINING, SEVERAL, WAYS_TO_SAY, YES_NO, is_unsure

#: What yes and no mean where the buttons say something else.
_SPOKEN: Mapping[str, tuple[str, ...]] = {
    "yes": ("yes", "given", "send", "someone", "self"),
    "no": ("no", "refused", "none", "change", "nobody"),
}

#: What is never guessed: consent and what leaves, whether they are safe, whether a way of reaching them is.
NEVER_GUESSED: Mapping[str, tuple[str, ...] | None] = {
    **dict.fromkeys(("safety_check", "consent", "check_answers"), None),  # nothing at all
    **dict.fromkeys(("safe_to_talk", "police_share", "on_behalf_consent"), ("yes",)),
    "safe_contact": ("yes", "call", "text", "email"),
}

Options = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Answering:
    """An answer being read: its words or the option chosen, the question's options, and what is known so far."""

    text: str
    choice: str | None
    options: Options
    case: Case
    now: dt.datetime
    directory: Directory
    part: str | None = None

    def one(self) -> str | None:
        """The option meant, by button, number, label or near spelling."""
        if self.choice is not None:
            return self.choice
        meant = read_answer.match_option(self.text, self.options) or self._spoken()
        return meant or self._unsure() or self._declining()

    def _unsure(self) -> str | None:
        """ "Well, I don't know about that": not sure, where that is offered."""
        return "not_sure" if is_unsure(self.text) and "not_sure" in [value for value, _ in self.options] else None

    def _declining(self) -> str | None:
        """ "Not at this moment, no": a no, where one is offered. There is no such reading for a yes."""
        if not DECLINING.search(self.text.replace("\u2019", "'")):
            return None
        offered = [value for value, _ in self.options]
        return next((value for value in _SPOKEN["no"] if value in offered), None)

    def _spoken(self) -> str | None:
        """A plain yes or no, as the option it can only mean here."""
        said = read_answer.match_option(self.text, YES_NO)
        offered = [value for value, _ in self.options]
        return next((value for value in _SPOKEN.get(said or "", ()) if value in offered), None)

    def in_other_words(self, question: str) -> list[str]:
        """The options meant by everyday words that no button has."""
        said = self.text.lower().replace("\u2019", "'").strip(" .!?")
        offered = [value for value, _ in self.options]
        found = [v for pattern, v in WAYS_TO_SAY.get(question, ()) if v in offered and re.search(pattern, said)]
        return found if question in SEVERAL else found[:1]

    def several(self) -> list[str]:
        """The options meant, when more than one may be."""
        if self.choice is not None:
            return [self.choice]
        spoken = self._spoken()
        return read_answer.match_options(self.text, self.options) or ([spoken] if spoken else [])

    def near(self, question: Question, sure: float | None = None) -> list[str]:
        """The options that the words are nearest to in meaning: for when no exact reader finds one, and never a yes
        where a yes must be said."""
        nearest = nearest_meaning()
        never = NEVER_GUESSED.get(question.slot, ())
        if nearest is None or never is None or self.choice is not None or says_nothing(self.text):
            return []
        offered = [value for value, _ in self.options if value not in never]
        several = question.id in SEVERAL
        if sure is None:
            return nearest.answers(question.id, self.text, offered, several)
        return nearest.answers(question.id, self.text, offered, several, sure)

    def label(self, value: str) -> str:
        """What the button for a value says."""
        return next((labels[0] for offered, labels in self.options if offered == value), self.text)


def is_a_label(text: str, options: Options) -> bool:
    """True when the words are those of a button, whatever else they might mean."""
    said = plain(text)
    return any(said == plain(label) for _, labels in options for label in labels)
