"""How do facts become words? What the person reads stands in domain.yml; here it is found, filled in and joined."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.clock import LONDON
from bot.directory import Contact, Directory

Domain = Mapping[str, Any]

_CHOOSE = re.compile(r"^/choose(\{.*\})$")

#: A line that answers now stands before one that may not.
_OPEN_FIRST = {"open": 0, "unknown": 1, "closed": 2}

EMERGENCY = "emergency_999"
HELPLINE = "victim_support_supportline"


def variant(domain: Domain, response: str, about: str | None = None) -> Mapping[str, Any]:
    """The variation Rasa would choose: the one for whom it is about, else the first. Empty when there is none."""
    variations: Sequence[Mapping[str, Any]] = domain["responses"].get(response) or ({},)
    fitting = (v for v in variations if any(c.get("value") == about for c in v.get("condition") or ()))
    return next(fitting, variations[0]) if about else variations[0]


def words(domain: Domain, response: str, about: str | None = None, **values: Any) -> str:
    """The text of a response, filled in. Raises KeyError when domain.yml has no such response."""
    text: str = variant(domain, response, about)["text"]
    return text.format(**values) if values else text


def has_words(domain: Domain, response: str) -> bool:
    """True when domain.yml has such a response."""
    return response in domain["responses"]


def options(domain: Domain, response: str, about: str | None = None) -> list[tuple[str, tuple[str, ...]]]:
    """The answers a question's buttons offer: (value, labels), in the order they are shown."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for button in variant(domain, response, about).get("buttons") or ():
        match = _CHOOSE.match(button["payload"])
        if match:
            found.append((str(json.loads(match[1])["choice"]), (str(button["title"]),)))
    return found


def payloads(domain: Domain, response: str, about: str | None = None) -> list[str]:
    """What every button of a question stands for, in the order they are shown."""
    return [str(button["payload"]) for button in variant(domain, response, about).get("buttons") or ()]


def label_of(domain: Domain, response: str, value: Any, about: str | None = None) -> str | None:
    """What the button for a value says."""
    return next((labels[0] for offered, labels in options(domain, response, about) if offered == value), None)


def name_of(domain: Domain, label: str, about: str | None = None) -> str:
    """The everyday name of a label of the vocabulary."""
    return words(domain, f"utter_name_{label}", about)


def join(domain: Domain, parts: Iterable[str]) -> str:
    """One, two and three: the last joined by the word for `and`."""
    listed = list(dict.fromkeys(parts))
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {words(domain, 'utter_name_and')} {listed[-1]}"


def contact_line(domain: Domain, contact: Contact, written: bool = False) -> str:
    """How to reach one contact, as people dial it; `written`: by text or on the web where there is a way."""
    text = words(domain, "utter_name_by_text", sms=contact.sms) if contact.sms else None
    by_voice = (contact.phone, text, contact.web if not contact.phone else None)
    in_writing = (text, contact.web)
    ways = [way for way in (in_writing if written and any(in_writing) else by_voice) if way]
    name = contact.name.replace(f" ({contact.phone})", "")
    return f"{name}, {' or '.join(ways)}" if ways else name


def contacts(
    domain: Domain,
    directory: Directory,
    found: Sequence[Contact],
    at: dt.datetime,
    most: int = 3,
    written: bool = False,
) -> str:
    """The first few contacts that can be reached, in a line: those open at `at` first, and of the others it is said.

    `written`: those that can be written to come first of all, and by how to write to them.
    """
    reachable = [c for c in found if c.phone or c.sms or c.web]
    reachable.sort(key=lambda c: (written and not (c.sms or c.web), _OPEN_FIRST[c.state]))
    lines = []
    for contact in reachable[:most]:
        line = contact_line(domain, contact, written)
        opens = directory.next_opening(contact.service_id, at) if contact.state == "closed" else None
        if opens:
            line = words(domain, "utter_name_opens_later", contact=line, opens=moment(opens, at))
        elif contact.state != "open":
            line = words(domain, "utter_name_hours_unknown", contact=line)
        lines.append(line)
    return "; ".join(lines)


def numbers(directory: Directory) -> dict[str, str]:
    """The numbers that stand in many answers: {emergency}, {helpline}, {police}, {relay}, {childline} …"""

    def phone(service: str) -> str:
        return directory.service(service).phone or directory.service(service).name

    def named(service: str) -> str:
        return f"{directory.service(service).name}, {phone(service)}"

    return {
        "emergency": phone(EMERGENCY),
        "helpline": named(HELPLINE),
        "police": phone("police_101"),
        "relay": phone("relay_18000"),
        "childline": phone("childline"),
        "samaritans": phone("samaritans"),
        "shout": directory.service("shout").sms or named("shout"),
    }


def service_name(domain: Domain, directory: Directory, service: str) -> str:
    """What people call a service: our own plain name for it when domain.yml has one."""
    known = f"utter_name_{service}"
    return words(domain, known) if has_words(domain, known) else directory.service(service).name


def capital(text: str) -> str:
    """The same words, fit to begin a sentence."""
    return text[:1].upper() + text[1:]


def moment(at: dt.datetime, now: dt.datetime) -> str:
    """An instant as people say it in London: "Monday 23 November at 9am"."""
    local = at.astimezone(LONDON)
    clock = (
        f"{local.hour % 12 or 12}{f':{local.minute:02d}' if local.minute else ''}{'am' if local.hour < 12 else 'pm'}"
    )
    if local.date() == now.astimezone(LONDON).date():
        return clock
    return f"{day(local)} at {clock}"


def day(at: dt.datetime | dt.date) -> str:
    """A day as people say it: "Monday 23 November"."""
    return f"{at:%A} {at.day} {at:%B}"
