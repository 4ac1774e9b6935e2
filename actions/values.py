"""How does an answer read on the check-your-answers page? In the person's own words where there are any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actions import wording
from actions.slots import ANSWERS, Picture
from bot.triage.questions import SAFE_CONTACT_PARTS
from bot.triage.vocabulary import SKIPPED

#: Not shown: how the talk went, not what would be sent.
NOT_SHOWN = ("safe_to_talk", "story", "consent", "check_answers", "return_word", "risk", "report_details")


@dataclass(frozen=True)
class Row:
    """One line of the check: the slot it stands for, its title, and what would be sent."""

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
        yield Row(slot, wording.words(domain, f"utter_row_{slot}"), value_in_words(domain, slot, value))
    risk = picture.case.answers.get("risk")
    if isinstance(risk, Mapping):
        said = [value_in_words(domain, f"risk_{part}", risk[part]) for part in sorted(risk)]
        yield Row("risk", wording.words(domain, "utter_row_risk"), "; ".join(said))


def value_in_words(domain: wording.Domain, slot: str, value: Any) -> str:
    """One answer as words: the person's own, else the label of the button, else the plain value."""
    if value is None or value == SKIPPED or value == {}:
        return wording.words(domain, "utter_name_skipped")
    if slot == "confirm_understanding":
        return _kind(domain, value)
    if slot == "safe_contact" and isinstance(value, Mapping):
        return "; ".join(_contact_part(domain, p, value[p]) for p in SAFE_CONTACT_PARTS if p in value)
    if slot == "age_band" and isinstance(value, Mapping) and value.get("years"):
        return str(value["years"])
    if isinstance(value, Mapping):
        return _mapping(domain, slot, value)
    if isinstance(value, (list, tuple)):
        return wording.join(domain, (value_in_words(domain, slot, v) for v in value))
    labelled = wording.label_of(domain, f"utter_ask_{slot}", value)
    return labelled or str(value)


def _kind(domain: wording.Domain, value: Any) -> str:
    kind = value.get("kind") if isinstance(value, Mapping) else value
    for response in ("utter_ask_confirm_unsure", "utter_ask_confirm_understanding"):
        labelled = wording.label_of(domain, response, kind)
        if labelled:
            return labelled
    return str(kind)


def _contact_part(domain: wording.Domain, part: str, value: Any) -> str:
    return value_in_words(domain, f"safe_contact_{part}", value)


def _mapping(domain: wording.Domain, slot: str, value: Mapping[str, Any]) -> str:
    if slot == "reported_before":
        return _reports(domain, value)
    for key in ("words", "postcode", "place", "outcode"):
        if value.get(key):
            return str(value[key])
    if value.get("band"):
        return wording.label_of(domain, f"utter_ask_{slot}", value["band"]) or str(value["band"])
    return wording.words(domain, "utter_name_skipped")


def _reports(domain: wording.Domain, value: Mapping[str, Any]) -> str:
    told = [str(r["to"]) for r in value.get("reports") or () if r.get("to")]
    if not told:
        answer = "no" if not value.get("any") else "other"
        return wording.label_of(domain, "utter_ask_reported_before", answer) or answer
    counts = {str(r["to"]): r.get("count") for r in value["reports"] if r.get("to")}
    named = [
        (wording.label_of(domain, "utter_ask_reported_before", to) or to) + (f" ({n})" if (n := counts[to]) else "")
        for to in dict.fromkeys(told)
    ]
    return wording.join(domain, named)
