"""Who answers now, and in what order? For a need, for a safety signal, for this person's age and area."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bot.directory.catalogue import Directory
from bot.directory.hours import london_day
from bot.directory.record import State

#: Signals with a route in routes.yml. A label of bot.triage's vocabulary is turned into one of these.
SAFETY_SIGNALS = (
    "immediate_danger",
    "suicide_self_harm",
    "under_18",
    "child_at_risk",
    "adult_at_risk",
    "domestic_abuse",
    "sexual_violence",
    "stalking",
    "honour_based",
    "modern_slavery",
    "fraud",
    "terrorism",
    "anonymous_information",
    "housing",
)
_SAME_AS = {
    "weapon": "immediate_danger",
    "injury": "immediate_danger",
    "threat_to_kill": "immediate_danger",
    "child_abuse": "child_at_risk",
    "vulnerable": "adult_at_risk",
}
#: Needs of people who were targeted: they have a listening line at any hour, whatever else is shut.
VICTIM_NEEDS = ("asb", "hate", "both", "crime", "other_crime", "burglary", "fraud")
NEEDS = (*VICTIM_NEEDS, *(signal for signal in SAFETY_SIGNALS if signal not in VICTIM_NEEDS))

SUPPORTLINE, SAMARITANS, REPORT_HATE = "victim_support_supportline", "samaritans", "true_vision"
#: The line that certainly answers at any hour, for a person under 18.
CHILDLINE = "childline"
_LOCAL = {
    ("staffordshire_stoke", "asb"): ("harmony",),
    ("staffordshire_stoke", "hate"): ("usah",),
    ("staffordshire_stoke", "both"): ("harmony", "usah"),
    ("staffordshire_stoke", "crime"): ("staffordshire_victim_gateway",),
}
_LOCAL_ANY = {"hertfordshire": ("beacon",), "lancashire": ("lancashire_victim_services",)}
_YOUNG = ("under_16", "16_17")
#: Kinds of service that talk with people; the police take a report.
_LISTENING = ("crisis", "support", "specialist", "safeguarding")


@dataclass(frozen=True)
class Contact:
    """A way to reach a service. `state` is at the instant asked about; `note` is a code of record.CONTACT_NOTES;
    `checked`: the details need no verifying, or a person has verified them."""

    service_id: str
    name: str
    phone: str | None
    sms: str | None
    web: str | None
    state: State
    note: str | None = None
    checked: bool = True


def signal_for(label: str) -> str:
    """The safety signal of a label. Raises ValueError for a label that has no route."""
    signal = _SAME_AS.get(label, label)
    if signal not in SAFETY_SIGNALS:
        raise ValueError(f"no safety contacts for: {label}")
    return signal


def safety_contacts(
    directory: Directory,
    *,
    signal: str,
    group: str | None,
    authority: str | None,
    age_band: str | None,
    at: dt.datetime,
) -> tuple[Contact, ...]:
    """Everyone to name for a safety signal, those shut at this instant last, one that surely answers among them.

    When none of the route's own services is known to be open, those they point to out of hours are added; the same
    when their contacts are withheld. Raises ValueError for a signal without a route.
    """
    name = signal_for(signal)
    route = directory.signals[name]
    young = age_band in _YOUNG
    first = list(route.under_18 if young and route.under_18 else route.first)
    by_area = route.by_area or {}
    local = next((by_area[area] for area in directory.atlas.areas_of(authority, group) if area in by_area), ())
    # a local line for a child or an adult at risk can act where the national one can only advise
    acts = name in ("child_at_risk", "adult_at_risk") and not young
    listed = [*local, *first] if acts else [*first, *local]
    found = _contacts(directory, listed, age_band, authority, at)
    others: list[str] = []
    if not any(contact.state == "open" for contact in found):
        # a route that may mean danger names 999 itself; a fraud or a lost home is no reason to ring it
        fallback = [other for one in listed for other in directory.service(one).out_of_hours_fallback]
        others = [other for other in fallback if directory.service(other).kind != "emergency"]
    found = _contacts(directory, [*listed, *route.also, *others], age_band, authority, at)
    if not any(_is_certain(directory, contact) for contact in found):
        found += _listening(directory, age_band, authority, at)
    return tuple(sorted(found, key=lambda contact: contact.state == "closed"))


def who_answers_now(
    directory: Directory,
    *,
    needs: tuple[str, ...],
    group: str | None,
    age_band: str | None,
    at: dt.datetime,
    authority: str | None = None,
    own: Iterable[str] | None = None,
) -> tuple[Contact, ...]:
    """Who can be reached at this instant for these needs, in order. One of them surely answers, on any day of the year.

    Safety needs come before the rest. Then the service of one's own area if it is open (`own` where the route has
    decided which; else the area's), and the Supportline. Shut services are left out. Where the Supportline is not
    known to be open, or nobody has checked its number, a line that listens and needs no checking is named too.
    """
    answers: list[Contact] = []
    for need in (signal for signal in SAFETY_SIGNALS if signal in {_SAME_AS.get(one, one) for one in needs}):
        found = safety_contacts(directory, signal=need, group=group, authority=authority, age_band=age_band, at=at)
        # a line whose hours are not known is no answer "now"; one of those found is always known to be open
        answers += [contact for contact in found if contact.state == "open"]
    victim = [need for need in needs if need in VICTIM_NEEDS]
    if victim or not answers:
        listed = _area_services(group, victim) if own is None else own
        answers += [c for c in _contacts(directory, listed, age_band, authority, at) if c.state == "open"]
        spare = _contacts(directory, [SUPPORTLINE], age_band, authority, at)
        certain = (directory.service(c.service_id) for c in (*answers, *spare) if _is_certain(directory, c))
        if not any(service.kind in _LISTENING for service in certain):
            spare += _listening(directory, age_band, authority, at)
        answers += sorted(spare, key=lambda contact: contact.state != "open")
        if {"hate", "both"} & set(victim):
            answers += _contacts(directory, [REPORT_HATE], age_band, authority, at)
    first: dict[str, Contact] = {}
    for contact in answers:
        first.setdefault(contact.service_id, contact)
    return tuple(first.values())


def _area_services(group: str | None, needs: Iterable[str]) -> list[str]:
    return [one for need in needs for one in _LOCAL_ANY.get(group or "") or _LOCAL.get((group or "", _kind(need)), ())]


def _is_certain(directory: Directory, contact: Contact) -> bool:
    """True for people to ring or text who are there round the clock, also now, by details that may be relied on."""
    always = directory.service(contact.service_id).hours.rule == "always"
    return always and contact.state == "open" and contact.checked and bool(contact.phone or contact.sms)


def _listening(directory: Directory, age_band: str | None, authority: str | None, at: dt.datetime) -> list[Contact]:
    """The line that listens at any hour of any day, for this person's age."""
    return _contacts(directory, [CHILDLINE if age_band in _YOUNG else SAMARITANS], age_band, authority, at)


def _kind(need: str) -> str:
    return need if need in ("asb", "hate", "both") else "crime"


def _contacts(
    directory: Directory, ids: Iterable[str], age_band: str | None, authority: str | None, at: dt.datetime
) -> list[Contact]:
    """Contacts in order, without repeats, those that may not be given to the public, and those with nothing to give."""
    found = []
    for service_id in dict.fromkeys(ids):
        service = directory.service(service_id)
        if not service.public_contact or not service.accepts_age(age_band) or not service.is_current(london_day(at)):
            continue
        own = directory.local_contact(service, authority)
        phone, web = (own.phone, own.web) if own else (service.phone, service.web)
        if not (phone or service.sms or web):
            continue
        state = directory.state(service_id, at)
        relied_on = service.is_relied_on(london_day(at))
        contact = Contact(service_id, service.name, phone, service.sms, web, state, service.contact_note, relied_on)
        found.append(contact)
    return found
