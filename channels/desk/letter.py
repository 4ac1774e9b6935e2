"""How does a referral letter read on a page? What an adviser needs at a glance, then everything else, in words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.triage.vocabulary import TOLD
from channels.desk.codes import field_name, in_words, moment, value_name, words

Rows = list[tuple[str, str]]

#: Facts that bear on safety: their words are marked in the story beside what happened. Others stand in the rows.
_MARKED_FACTS = ("threatened", "followed", "getting_worse")
_GROUPS = ("person", "access_needs", "incident", "other_party", "history", "wishes", "mediation", "other_answers")
#: Shown elsewhere on the page, or only of use to a machine.
_ELSEWHERE = frozenset({"narrative", "evidence", "path", "wording_version", "purpose", "number", "reported_before"})
#: Nobody should have to look for a need that is not there.
_NO_NEEDS: Rows = [("", "No need that we know of")]
_ASKED = ("safe_contact", "person", "access_needs", "incident")
_CALLED = ("call", "text")


@dataclass(frozen=True)
class Screen:
    """One risk screen: its name, level in words, and (question, answer) rows."""

    name: str
    level: str
    rows: Rows


@dataclass(frozen=True)
class Sheet:
    """A letter, ready to be read. `story` is the narrative in pieces, marked or not; `shown` is what its words show."""

    title: str
    reason: str
    glance: Rows
    safe_contact: Rows
    number: str
    story: list[tuple[str, bool]]
    shown: Rows
    risk: str
    risk_reasons: list[str]
    screens: list[Screen]
    groups: list[tuple[str, Rows]]
    consent: Rows
    not_known: str
    not_said: str


def read_letter(letter: Mapping[str, Any]) -> Sheet:
    """The sheet of a letter of docs/referral.schema.json. What is missing in an older letter is left out."""
    incident, risk, contact = (_part(letter, name) for name in ("incident", "risk", "safe_contact"))
    service, narrative = _part(letter, "service"), str(incident.get("narrative") or "")
    evidence = [e for e in incident.get("evidence") or [] if e["label"] in TOLD or e["label"] in _MARKED_FACTS]
    groups = [(str(words()["groups"][name]), _known(letter.get(name), name)) for name in _GROUPS]
    groups = [
        (title, rows or _NO_NEEDS if name == "access_needs" else rows)
        for (title, rows), name in zip(groups, _GROUPS, strict=True)
    ]
    return Sheet(
        title=", ".join(value_name(str(service[key]), key) for key in ("name", "team") if service.get(key)),
        reason=in_words(service["reason"]) if service.get("reason") else "",
        glance=list(_glance(letter)),
        safe_contact=_contact(contact),
        number=str(contact.get("number") or "") if contact.get("number") != "skipped" else "",
        story=[(piece, bool(labels)) for piece, labels in marked(narrative, evidence)],
        shown=_shown(evidence),
        risk=in_words(risk.get("level")) if risk.get("level") else "not scored",
        risk_reasons=list(dict.fromkeys(_reason(reason) for reason in risk.get("reasons") or [])),
        screens=[_screen(screen) for screen in risk.get("screen") or []],
        groups=[(title, rows) for title, rows in groups if rows],
        consent=_consent(_part(letter, "consent")),
        not_known=_names(letter, (None, "", [], {})),
        not_said=_names(letter, ("skipped",)),
    )


def _glance(letter: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    person, incident, risk = (_part(letter, name) for name in ("person", "incident", "risk"))
    who = [person.get("name"), in_words(person.get("age_band"), "age_band") if person.get("age_band") else None]
    named = [str(part) for part in who if part and part not in ("skipped", value_name("skipped"))]
    role = person.get("role")
    yield "Who", ", ".join(named) or "Not named"
    if role and role not in ("self", "skipped"):
        yield "Told by", in_words(role, "role")
    if person.get("area"):
        yield "Where", in_words(person["area"], "area")
    happened = [*(incident.get("asb_types") or []), *(incident.get("other_harm") or [])]
    if happened:
        yield "What", in_words(happened)
    if incident.get("hate_strands"):
        yield "Because of", in_words(incident["hate_strands"], "hate_strands")
    if incident.get("happening_now"):
        yield "Happening now", in_words(incident["happening_now"])
    reasons = list(dict.fromkeys(_reason(reason) for reason in risk.get("reasons") or []))
    if risk.get("level"):
        yield "Risk", f"{in_words(risk['level'])}. {'; '.join(reasons[:3])}".strip()
    if risk.get("signals"):
        yield "Signs of risk", in_words(risk["signals"])
    needs = dict(_known(letter.get("access_needs"))).values()
    if needs:
        yield "Access needs", "; ".join(needs)
    if letter.get("wishes"):
        yield "They would like", in_words(letter["wishes"], "wishes")
    if _part(letter, "consent").get("police_share"):
        yield "Tell the police?", in_words(letter["consent"]["police_share"], "police_share")


def _contact(contact: Mapping[str, Any]) -> Rows:
    """The ways that are safe. The number has its own place on the page; that there is none is said."""
    rows = _known({key: value for key, value in contact.items() if value != "skipped"})
    ways = contact.get("channels")
    if set(_CALLED) & set(ways if isinstance(ways, (list, tuple)) else [ways]) and not _number(contact):
        rows.append((field_name("number"), "They gave none"))
    return rows


def _number(contact: Mapping[str, Any]) -> bool:
    return bool(contact.get("number")) and contact.get("number") != "skipped"


def _known(group: Any, of: str = "") -> Rows:
    """(name, value in words) of what is known in a group, whatever shape the group has."""
    if not isinstance(group, Mapping):
        return [("", in_words(group, "wishes"))] if group else []
    return [
        (field_name(str(key), of), in_words(value, str(key)))
        for key, value in group.items()
        if value not in (None, "", [], {}, "skipped") and (key not in _ELSEWHERE or value in ("one", "several"))
    ]


def _consent(consent: Mapping[str, Any]) -> Rows:
    rows = _known({key: value for key, value in consent.items() if key != "at"})
    return [*rows, (field_name("at"), moment(str(consent["at"])))] if consent.get("at") else rows


def _names(letter: Mapping[str, Any], values: tuple[Any, ...]) -> str:
    """The fields of the person and of what happened that hold one of these values, by name."""
    found = [
        field_name(str(key), group)
        for group in _ASKED
        for key, value in _part(letter, group).items()
        if value in values and not isinstance(value, bool)
    ]
    if letter.get("wishes") in values:
        found.append(str(words()["groups"]["wishes"]))
    return ", ".join(dict.fromkeys(found))


def _shown(evidence: Sequence[Mapping[str, Any]]) -> Rows:
    """What the story shows: (label in words, the words that show it), in the order they were said."""
    quotes: dict[str, list[str]] = {}
    for span in evidence:
        quotes.setdefault(in_words(span["label"], "hate_strands"), []).append(f"“{span['text']}”")
    return [(label, "; ".join(dict.fromkeys(said))) for label, said in quotes.items()]


def _reason(reason: Mapping[str, Any]) -> str:
    return str(reason.get("words") or words()["items"].get(str(reason.get("item"))) or reason.get("item"))


def _screen(screen: Mapping[str, Any]) -> Screen:
    name, items = str(screen.get("instrument")), words()["items"]
    rows = [(str(items.get(key) or key), in_words(answer, str(key))) for key, answer in screen["answers"].items()]
    title = f"{words()['screens'].get(name) or name}, version {screen.get('version')}"
    return Screen(title, f"{in_words(screen.get('level'))}, {screen.get('score')} points", rows)


def _part(letter: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = letter.get(name)
    return part if isinstance(part, Mapping) else {}


def marked(narrative: str, evidence: Sequence[Mapping[str, Any]]) -> list[tuple[str, tuple[str, ...]]]:
    """The narrative in pieces, each with the labels its words show; the pieces joined are the narrative.

    A span that does not lie in the narrative, or whose words are not those of the narrative, marks nothing.
    """
    spans = [
        (int(span["start"]), int(span["end"]), str(span["label"]))
        for span in evidence
        if 0 <= int(span["start"]) < int(span["end"]) <= len(narrative)
        and narrative[int(span["start"]) : int(span["end"])] == span["text"]
    ]
    edges = sorted({0, len(narrative), *(edge for start, end, _ in spans for edge in (start, end))})
    pieces: list[tuple[str, tuple[str, ...]]] = []
    for start, end in itertools.pairwise(edges):
        labels = tuple(dict.fromkeys(label for s, e, label in spans if s <= start and end <= e))
        if pieces and pieces[-1][1] == labels:
            pieces[-1] = (pieces[-1][0] + narrative[start:end], labels)
        else:
            pieces.append((narrative[start:end], labels))
    return pieces
