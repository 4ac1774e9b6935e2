"""What did this answer say? One reader for each question; None means it was not understood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.directory import Directory
from bot.triage.case import Case
from bot.triage.questions import Question
from bot.triage.vocabulary import ASB_TYPES, FACTS, HATE_STRANDS, OTHER_HARM, SKIPPED
from bot.understanding import answers as read_answer
from bot.understanding import read
from bot.understanding.options import plain
from bot.understanding.spoken import DECLINING, SEVERAL, UNKNOWN, WAYS_TO_SAY, YES_NO, how_many_times, is_unsure

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

    def label(self, value: str) -> str:
        """What the button for a value says."""
        return next((labels[0] for offered, labels in self.options if offered == value), self.text)


def read_answer_to(question: Question, answering: Answering) -> Any | None:
    """The answer in its canonical shape (see bot/triage/vocabulary.py), or None when it was not understood."""
    reader = _SAFE_CONTACT[question.part or "channel"] if question.slot == "safe_contact" else _READERS[question.slot]
    value = reader(answering)
    if value is None and answering.choice is None:
        meant = answering.in_other_words(question.id)
        value = (meant if question.id in SEVERAL else meant[0]) if meant else None
        if question.slot == "reported_before" and value is not None:
            value = {
                "any": value != "no",
                "reports": [] if value == "no" else [{"to": value, "count": how_many_times(answering.text)}],
            }
    if value is None and question.slot in FACTS and answering.choice is None:
        found = [f for f in read(answering.text, answering.now).findings if f.label == question.slot]
        value = max(found, key=lambda f: f.confidence).value if found else None
    return value


def is_a_label(text: str, options: Options) -> bool:
    """True when the words are those of a button, whatever else they might mean."""
    said = plain(text)
    return any(said == plain(label) for _, labels in options for label in labels)


def _option(a: Answering) -> str | None:
    return a.one()


def _confirm(a: Answering) -> Any | None:
    value = a.one()
    unsure = "yes" not in [offered for offered, _ in a.options]
    if value is None and unsure and read_answer.match_option(a.text, YES_NO) == "yes":
        # "yes" to "which is closest?" agrees with what was quoted: near the home it is the first, else not known yet
        who = a.case.value("who") or {}
        near = who.get("relationship") in ("neighbour", "landlord", "young_people") or a.case.finding("lives_close")
        return {"kind": "asb" if near else "not_asb"}
    if value == "none" or (value is None and unsure and read_answer.match_option(a.text, YES_NO) == "no"):
        return {"kind": "off_topic"}
    if value == "hate":
        return {"kind": "both" if a.case.labels(ASB_TYPES) else "hate"}
    if value in ("asb", "both", "other_harm"):
        return {"kind": value}
    if value == "not_sure" and a.case.labels((*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM)) == ():
        return {"kind": "not_asb"}  # a concern of a kind not known yet; a service may still help
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
    parsed = read_answer.parse_when(a.text, a.now)
    if parsed is None and read_answer.match_option(a.text, UNKNOWN) is not None:
        return SKIPPED
    return parsed or {"about": True, "words": a.text.strip()}


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
    is_word = bool(re.search(r"[a-z]{3}", a.text, re.IGNORECASE)) and not is_unsure(a.text) and a.one() is None
    return {"areas": [], "words": a.text.strip()} if is_word and not read_answer.match_option(a.text, YES_NO) else None


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
