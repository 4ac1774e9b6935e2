"""How does an answer read on the check-your-answers page? In the person's own words where there are any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions import wording
from actions.slots import ANSWERS, Picture
from bot.triage.questions import RISK_QUESTIONS, SAFE_CONTACT_PARTS
from bot.triage.vocabulary import SKIPPED

#: Not shown: how the talk went, not what would be sent.
NOT_SHOWN = ("safe_to_talk", "story", "consent", "check_answers", "return_word", "report_details")


#: Answers made of parts: each part is a row, so that it can be read and changed alone.
PARTS: Mapping[str, Sequence[str]] = {"risk": tuple(RISK_QUESTIONS), "safe_contact": SAFE_CONTACT_PARTS}


@dataclass(frozen=True)
class Row:
    """One line of the check: the slot it stands for (with its part, `risk:2`), its title, and what would be sent."""

    slot: str
    label: str
    value: str


def rows(picture: Picture, domain: wording.Domain) -> Iterator[Row]:
    """Everything that would be sent, story first."""
    yield Row("narrative", wording.words(domain, "utter_row_narrative"), picture.case.story)
    for slot in ANSWERS:
        if slot in NOT_SHOWN or not picture.case.is_known(slot):
            continue
        answered = picture.case.answers.get(slot)
        value = answered if answered is not None else picture.case.value(slot)
        if slot == "confirm_understanding":
            yield Row(slot, wording.words(domain, f"utter_row_{slot}"), _kind(domain, picture))
        elif slot in PARTS and isinstance(value, Mapping):
            for part in [p for p in PARTS[slot] if p in value]:
                title = wording.words(domain, f"utter_row_{slot}_{part}", picture.about)
                yield Row(f"{slot}:{part}", title, value_in_words(domain, f"{slot}_{part}", value[part], picture.about))
        elif slot == "where" and answered is None and isinstance(value, Mapping):
            # a scrap of the story reads badly alone: the kind of place instead
            yield Row(
                slot, wording.words(domain, f"utter_row_{slot}"), value_in_words(domain, slot, value.get("place"))
            )
        elif slot not in PARTS:
            title = wording.words(domain, f"utter_row_{slot}", picture.about)
            yield Row(slot, title, value_in_words(domain, slot, value, picture.about))


def value_in_words(domain: wording.Domain, slot: str, value: Any, about: str | None = None) -> str:
    """One answer as words: the person's own, else the label of the button, else the plain value."""
    if value is None or value == SKIPPED or value == {}:
        return wording.words(domain, "utter_name_skipped")
    if slot == "age_band" and isinstance(value, Mapping) and value.get("years"):
        return str(value["years"])
    if isinstance(value, Mapping):
        return _mapping(domain, slot, value)
    if isinstance(value, (list, tuple)):
        return wording.join(domain, (value_in_words(domain, slot, v, about) for v in value))
    labelled = wording.label_of(domain, f"utter_ask_{slot}", value, about)
    return labelled or str(value)


def _kind(domain: wording.Domain, picture: Picture) -> str:
    """What it is understood to be, by name: what was shown back and agreed, not the word "yes"."""
    kind = picture.assessment.kind
    if kind == "other_harm" and picture.assessment.other_harm:
        return wording.join(domain, (wording.name_of(domain, h, picture.about) for h in picture.assessment.other_harm))
    return wording.name_of(domain, "not_asb" if kind == "off_topic" else kind)


def _mapping(domain: wording.Domain, slot: str, value: Mapping[str, Any]) -> str:
    if slot == "reported_before":
        return _reports(domain, value)
    if slot == "access_needs":
        return _needs(domain, value)
    for key in ("words", "postcode", "place", "outcode"):
        if value.get(key):
            return str(value[key])
    if value.get("band"):
        return wording.label_of(domain, f"utter_ask_{slot}", value["band"]) or str(value["band"])
    return wording.words(domain, "utter_name_skipped")


def _needs(domain: wording.Domain, value: Mapping[str, Any]) -> str:
    """What would help: the person's words, else the buttons; and the language, where the words do not name it."""
    needs, language = value.get("needs") or (), str(value.get("language") or "")
    said = str(value.get("words") or "")
    if not needs and not language:
        return wording.label_of(domain, "utter_ask_access_needs", "none") or ""
    labels = [wording.label_of(domain, "utter_ask_access_needs", need) for need in needs]
    parts = [said] if said else [label for label in labels if label]
    named = language and language.lower() not in said.lower()
    return wording.join(domain, [language, *parts] if named else parts)


def _reports(domain: wording.Domain, value: Mapping[str, Any]) -> str:
    told = [str(r["to"]) for r in value.get("reports") or () if r.get("to")]
    if not told:
        answer = "no" if not value.get("any") else "other"
        return wording.label_of(domain, "utter_ask_reported_before", answer) or answer
    counts = {str(r["to"]): r.get("count") for r in value["reports"] if r.get("to")}
    named = [
        _told(domain, to)
        + (f" ({wording.words(domain, 'utter_name_times', count=n)})" if (n := counts[to] or 1) > 1 else "")
        for to in dict.fromkeys(told)
    ]
    return wording.join(domain, named)


def _told(domain: wording.Domain, to: str) -> str:
    """Who was told, as people say it."""
    known = f"utter_name_told_{to}"
    if wording.has_words(domain, known):
        return wording.words(domain, known)
    return wording.label_of(domain, "utter_ask_reported_before", to) or to.replace("_", " ")
