"""What did this answer say? One reader for each question; None means it was not understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.directory import Directory
from bot.triage.case import Case
from bot.triage.questions import Question
from bot.triage.vocabulary import ASB_TYPES, FACTS
from bot.understanding import answers as read_answer
from bot.understanding import read

#: What yes and no mean where the buttons say something else.
_SPOKEN: Mapping[str, tuple[str, ...]] = {
    "yes": ("yes", "given", "send", "someone", "self"),
    "no": ("no", "refused", "none", "change", "nobody"),
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
        return read_answer.match_option(self.text, self.options) or self._spoken()

    def _spoken(self) -> str | None:
        """A plain yes or no, as the option it can only mean here."""
        said = read_answer.match_option(self.text, (("yes", ("Yes",)), ("no", ("No",))))
        offered = [value for value, _ in self.options]
        return next((value for value in _SPOKEN.get(said or "", ()) if value in offered), None)

    def several(self) -> list[str]:
        """The options meant, when more than one may be."""
        if self.choice is not None:
            return [self.choice]
        spoken = self._spoken()
        return read_answer.match_options(self.text, self.options) or ([spoken] if spoken else [])

    def label(self, value: str) -> str:
        """What the button for a value says."""
        return next((labels[0] for offered, labels in self.options if offered == value), self.text)


def read_answer_to(question: Question, answering: Answering) -> Any | None:
    """The answer in its canonical shape (see bot/triage/vocabulary.py), or None when it was not understood."""
    reader = _SAFE_CONTACT[question.part or "channel"] if question.slot == "safe_contact" else _READERS[question.slot]
    value = reader(answering)
    if value is None and question.slot in FACTS and answering.choice is None:
        found = [f for f in read(answering.text, answering.now).findings if f.label == question.slot]
        value = max(found, key=lambda f: f.confidence).value if found else None
    return value


def _option(a: Answering) -> str | None:
    return a.one()


def _confirm(a: Answering) -> Any | None:
    value = a.one()
    if value == "hate":
        return {"kind": "both" if a.case.labels(ASB_TYPES) else "hate"}
    if value in ("asb", "both", "other_harm"):
        return {"kind": value}
    return value


def _hate_reason(a: Answering) -> Any | None:
    chosen = a.several()
    found = [f.label for f in read(a.text, a.now).findings if f.label in dict(a.options)] if not a.choice else []
    reasons = list(dict.fromkeys([*chosen, *found]))
    return "not_sure" if reasons == ["not_sure"] else [r for r in reasons if r != "not_sure"] or None


def _reported(a: Answering) -> Any | None:
    if a.choice is None:
        parsed = read_answer.parse_reported(a.text, a.now)
        if parsed is not None:
            return parsed
    value = a.one()
    if value == "no":
        return {"any": False, "reports": []}
    if value == "yes":
        return {"any": True, "reports": []}
    return {"any": True, "reports": [{"to": value, "count": 1}]} if value else None


def _words(a: Answering) -> Any | None:
    return {"words": a.text.strip()} if a.text.strip() else None


def _when(a: Answering) -> Any | None:
    return read_answer.parse_when(a.text, a.now) or {"about": True, "words": a.text.strip()}


def _frequency(a: Answering) -> Any | None:
    return a.one() or read_answer.parse_frequency(a.text)


def _area(a: Answering) -> Any | None:
    found = a.directory.find_area(a.text, lenient=True)
    return found.as_value() if found else None


def _where(a: Answering) -> Any | None:
    if a.choice is None:
        parsed = read_answer.parse_place(a.text)
        if parsed is not None:
            return parsed
    value = a.one()
    return {"place": value, "words": a.label(value)} if value else None


def _effect(a: Answering) -> Any | None:
    chosen = a.several()
    parsed = read_answer.parse_effect(a.text) if a.choice is None else None
    if chosen or parsed:
        areas = list(dict.fromkeys([*chosen, *((parsed or {}).get("areas") or ())]))
        return {"areas": areas, "words": a.label(a.choice) if a.choice else a.text.strip()}
    return {"areas": [], "words": a.text.strip()} if len(a.text.split()) > 2 else None


def _list(a: Answering) -> Any | None:
    return a.several() or None


def _risk(a: Answering) -> Any | None:
    if a.part in ("2", "3"):
        return a.several() or None
    # a bare yes to "could they hurt you, or do they know where you live" is taken at its gravest
    return a.one() or read_answer.match_option(a.text, (("yes", ("Yes",)),))


def _access(a: Answering) -> Any | None:
    chosen = [v for v in a.several() if v != "none"]
    if chosen:
        return {"needs": chosen, "interpreter": "interpreter" in chosen, "words": a.text.strip()}
    if a.one() in ("none", "no"):
        return {"needs": [], "words": a.text.strip()}
    found = next((f.value for f in read(a.text, a.now).findings if f.label == "access_needs"), None)
    return found or ({"needs": ["other"], "words": a.text.strip()} if len(a.text.split()) > 1 else None)


def _age(a: Answering) -> Any | None:
    if a.choice is None:
        parsed = read_answer.parse_age(a.text)
        if parsed is not None:
            return parsed
    value = a.one()
    return {"band": value} if value else None


def _free(a: Answering) -> Any | None:
    return a.choice or a.text.strip() or None


def _name(a: Answering) -> Any | None:
    if a.choice is not None:
        return None
    name = read_answer.parse_name(a.text) or a.text.strip()
    return name if 0 < len(name) <= 80 and len(name.split()) <= 6 else None


def _channels(a: Answering) -> Any | None:
    chosen = a.several()
    return (["none"] if "none" in chosen else chosen) or None


def _number(a: Answering) -> Any | None:
    parsed = read_answer.parse_phone(a.text)
    return parsed["number"] if parsed else None


def _email(a: Answering) -> Any | None:
    return read_answer.parse_email(a.text)


def _times(a: Answering) -> Any | None:
    value = a.one()
    return a.label(value) if value else a.text.strip() or None


def _neutral(a: Answering) -> Any | None:
    value = a.one()
    return a.label(value) if value else a.text.strip() or None


_READERS: Mapping[str, Callable[[Answering], Any | None]] = {
    "safe_to_talk": _option,
    "confirm_understanding": _confirm,
    "hate_reason": _hate_reason,
    "happening_now": _option,
    "speaker_role": _option,
    "on_behalf_consent": _option,
    "targeted": _option,
    "reported_before": _reported,
    "report_details": _words,
    "when": _when,
    "frequency": _frequency,
    "area": _area,
    "where": _where,
    "effect": _effect,
    "risk": _risk,
    "wishes": _list,
    "mediation": _option,
    "access_needs": _access,
    "age_band": _age,
    "trusted_adult": _free,
    "police_share": _option,
    "consent": _option,
    "name": _name,
    "check_answers": _option,
}

_SAFE_CONTACT: Mapping[str, Callable[[Answering], Any | None]] = {
    "channel": _channels,
    "number": _number,
    "email": _email,
    "times": _times,
    "voicemail": _option,
    "neutral_name": _neutral,
}
