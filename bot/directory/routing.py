"""Where should this go, and why? Area, kind, harm, age and wishes to services, each with a reason that has words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.directory.catalogue import Directory
from bot.directory.contacts import SAMARITANS, SUPPORTLINE, Contact, safety_contacts, signal_for, who_answers_now
from bot.directory.eligibility import ASK_REASONS, Person, person_of, takes
from bot.directory.hours import london_day
from bot.directory.signposting import Signpost, signposts_for
from bot.triage.mediation import BARRED_RISK, BARRED_TYPES

#: Every code that a Recommendation's `reason` may hold. Words for each live in domain.yml (utter_reason_*).
REFERRAL_REASONS = (
    "asb_staffordshire",
    "hate_staffordshire",
    "crime_staffordshire",
    "asb_hertfordshire",
    "hate_hertfordshire",
    "both_hertfordshire",
    "crime_hertfordshire",
    "priority_under_age",
    "priority_stalked",
    "priority_harassed",
    "priority_repeatedly_targeted",
    "priority_vulnerable",
    "asb_lancashire",
    "repeat_asb_lancashire",
    "hate_lancashire",
    "both_lancashire",
    "crime_lancashire",
    "team_domestic",
    "team_sexual",
    "team_children_young_people",
    "wider_support_if_wanted",
    "support_even_if_not_asb",
    *ASK_REASONS,
)
#: Harm with specialists of its own, who come first. Support from our services only if the person wants it too.
SPECIALIST_HARM = (
    "domestic_abuse",
    "sexual_violence",
    "honour_based",
    "modern_slavery",
    "child_abuse",
    "stalking",
    "fraud",
)
#: Never put through the ASB or hate path against their will, whatever else the story shows.
_NEVER_AGAINST_WILL = ("domestic_abuse", "sexual_violence", "honour_based", "modern_slavery", "child_abuse")
#: Crime without specialists of its own: the victim service takes it.
_NO_SPECIALIST = ("burglary", "other_crime")
_UNDER_18 = ("under_16", "16_17")
_LANCASHIRE_TEAM = {
    "domestic_abuse": "domestic",
    "honour_based": "domestic",
    "sexual_violence": "sexual",
    "child_abuse": "children_young_people",
}
_MEDIATION, _CASE_MANAGER = "mediation", "asb_case_manager"


@dataclass(frozen=True)
class Recommendation:
    """A referral to offer. `purpose` is asb, hate, both, crime or a harm; `team` a team id of the service;
    `priority` "first" for a group the service takes first; `if_wanted`: offer it, but do not lead with it. Where the
    service must first be asked whether it takes the person, `reason` is one of eligibility.ASK_REASONS."""

    service_id: str
    purpose: str
    team: str | None
    reason: str
    priority: str | None = None
    if_wanted: bool = False


@dataclass(frozen=True)
class Route:
    """Referrals to offer, signposts to show (in order), what must never be offered, and who could mediate there.

    `mediation` is a service id only where nothing the route knows of rules it out; `screen_mediation` decides.
    `now`: who can be reached at the instant asked about, in order; one of them surely answers.
    """

    referrals: tuple[Recommendation, ...]
    signposts: tuple[Signpost, ...]
    never: tuple[str, ...]
    mediation: str | None
    now: tuple[Contact, ...]


@dataclass(frozen=True)
class _Asked:
    kind: str
    strands: tuple[str, ...]
    harm: tuple[str, ...]
    risk: tuple[str, ...]
    age_band: str | None
    asb_types: tuple[str, ...]

    @property
    def young(self) -> bool:
        return self.age_band in _UNDER_18 or "under_18" in self.risk

    @property
    def is_asb(self) -> bool:
        return self.kind in ("asb", "both")

    @property
    def is_hate(self) -> bool:
        return self.kind in ("hate", "both") or bool(self.strands)

    @property
    def purpose(self) -> str:
        if self.is_asb and self.is_hate:
            return "both"
        return "asb" if self.is_asb else "hate"

    @property
    def reluctant(self) -> bool:
        return any(harm in self.harm for harm in _NEVER_AGAINST_WILL)

    @property
    def purposes(self) -> tuple[str, ...]:
        """Which of asb, hate and crime it is about: none of them when it is off topic."""
        crime = bool(self.harm) or self.kind == "other_harm"
        named = (("asb", self.is_asb or self.kind == "not_asb"), ("hate", self.is_hate), ("crime", crime))
        return tuple(name for name, said in named if said)

    @property
    def signals(self) -> tuple[str, ...]:
        """Safety signals, dangers before harm."""
        dangers = [risk for risk in BARRED_RISK if risk in self.risk or (risk == "under_18" and self.young)]
        harm = [one for one in self.harm if one not in _NO_SPECIALIST]
        return tuple(dict.fromkeys(map(signal_for, [*dangers, *harm])))


def route(
    directory: Directory,
    *,
    area: Mapping[str, Any] | None,
    kind: str,
    hate_strands: Sequence[str] = (),
    other_harm: Sequence[str] = (),
    risk: Sequence[str] = (),
    age_band: str | None = None,
    wishes: Sequence[str] = (),
    at: dt.datetime,
    asb_types: Sequence[str] = (),
    happened_in: Mapping[str, Any] | None = None,
) -> Route:
    """Where it goes. `area` (where the person lives) and `happened_in` have the shape of the fact "area".

    Without a decided `group` in either only national lines are named. What was not said to be elsewhere happened
    where the person lives. `kind` is one of vocabulary.KINDS; a strand counts as hate whatever the kind (the
    perception rule).
    """
    asked = _Asked(kind, tuple(hate_strands), tuple(other_harm), tuple(risk), age_band, tuple(asb_types))
    person = person_of(area, happened_in, age_band, london_day(at))
    referrals = _referrals(directory, asked, person)
    signposts = _specialists(directory, asked, person, at)
    signposts += signposts_for(
        directory,
        person=person,
        served=bool(referrals),
        purposes=asked.purposes,
        strands=asked.strands,
        anonymous="drugs" in asked.asb_types or ("crime" in asked.purposes and not signposts),
        wishes=tuple(wishes),
    )
    given = {r.service_id for r in referrals}
    shown: dict[str, Signpost] = {}
    for one in signposts:
        if one.service_id not in given:
            shown.setdefault(one.service_id, one)
    never = _never(directory, asked)
    now = who_answers_now(
        directory,
        needs=(*asked.signals, *(asked.purposes or ("crime",))),
        group=person.near.group,
        authority=person.near.authority,
        age_band=age_band,
        at=at,
        own=[r.service_id for r in referrals if r.reason not in ASK_REASONS],
    )
    mediator = None if _MEDIATION in never or kind != "asb" else _mediator(directory, person)
    return Route(tuple(referrals), tuple(shown.values()), never, mediator, now)


def _referrals(directory: Directory, asked: _Asked, person: Person) -> list[Recommendation]:
    """What the services of the home offer, then those of the place for what nobody at home surely takes."""
    offered = {"staffordshire_stoke": _staffordshire, "hertfordshire": _hertfordshire, "lancashire": _lancashire}
    found: list[Recommendation] = []
    # who fled from abuse is helped where they are now, not where it was
    special = person.home.group and any(harm in asked.harm for harm in SPECIALIST_HARM)
    for group in (person.home.group,) if special else dict.fromkeys((person.home.group, person.place.group)):
        if group not in offered or asked.kind == "off_topic":
            continue
        sure = {part for one in found if one.reason not in ASK_REASONS for part in _parts(one.purpose)}
        for one in offered[group](asked):
            service = directory.service(one.service_id)
            answer = takes(directory, service, person) if service.takes_referrals else "no"
            if answer != "no" and not sure >= _parts(one.purpose):
                found.append(one if answer == "yes" else replace(one, reason=answer))
    return found


def _parts(purpose: str) -> set[str]:
    return {"asb", "hate"} if purpose == "both" else {purpose}


def _staffordshire(asked: _Asked) -> list[Recommendation]:
    found = []
    if asked.is_asb:
        found.append(Recommendation("harmony", "asb", None, "asb_staffordshire", None, asked.reluctant))
    if asked.is_hate:
        found.append(Recommendation("usah", "hate", None, "hate_staffordshire", None, asked.reluctant))
    if asked.kind == "not_asb" and not found:
        found.append(Recommendation("harmony", "asb", None, "support_even_if_not_asb", None, True))
    found += _other(asked, "staffordshire_victim_gateway", "crime_staffordshire", bool(found))
    return found


def _hertfordshire(asked: _Asked) -> list[Recommendation]:
    if (asked.is_asb or asked.is_hate) and not asked.reluctant:
        first = _beacon_priority(asked) if asked.is_asb else None
        team = _CASE_MANAGER if asked.is_asb else None
        reason = first or f"{asked.purpose}_hertfordshire"
        return [
            Recommendation("beacon", asked.purpose, team, reason, "first" if first else None),
        ]
    if asked.kind == "not_asb":
        return [Recommendation("beacon", "asb", _CASE_MANAGER, "support_even_if_not_asb", None, True)]
    found = _other(asked, "beacon", "crime_hertfordshire", False)
    # the hub is for the receiving service to know; it has no public contact and is never named to the person
    return [
        Recommendation(r.service_id, r.purpose, "safeguarding_hub", r.reason, r.priority, r.if_wanted)
        if r.purpose == "domestic_abuse"
        else r
        for r in found
    ]


def _beacon_priority(asked: _Asked) -> str | None:
    """The group of Beacon's ASB case manager that this person is in (seed 002), or None."""
    groups = (
        (asked.young, "priority_under_age"),
        ("stalking" in asked.harm, "priority_stalked"),
        ("harassment_intimidation" in asked.asb_types, "priority_harassed"),
        ("repeat" in asked.risk, "priority_repeatedly_targeted"),
        ("vulnerable" in asked.risk, "priority_vulnerable"),
    )
    return next((reason for is_in, reason in groups if is_in), None)


def _lancashire(asked: _Asked) -> list[Recommendation]:
    service = "lancashire_victim_services"
    if (asked.is_asb or asked.is_hate) and not asked.reluctant:
        team = "hate" if asked.is_hate else "asb"
        repeat = asked.purpose == "asb" and "repeat" in asked.risk
        reason = "repeat_asb_lancashire" if repeat else f"{asked.purpose}_lancashire"
        found = [Recommendation(service, asked.purpose, team, reason)]
    elif asked.kind == "not_asb":
        found = [Recommendation(service, "asb", "asb", "support_even_if_not_asb", None, True)]
    else:
        found = _other(asked, service, "crime_lancashire", False)
    return [_lancashire_team(r, asked) for r in found]


def _lancashire_team(found: Recommendation, asked: _Asked) -> Recommendation:
    team = "children_young_people" if asked.young else _LANCASHIRE_TEAM.get(found.purpose, found.team)
    reason = f"team_{team}" if team in ("domestic", "sexual", "children_young_people") else found.reason
    return Recommendation(found.service_id, found.purpose, team, reason, found.priority, found.if_wanted)


def _other(asked: _Asked, service: str, crime_reason: str, more: bool) -> list[Recommendation]:
    """One referral for harm that is neither ASB nor hate: the gravest named. `more`: beside another referral."""
    special = next((harm for harm in SPECIALIST_HARM if harm in asked.harm), None)
    if special:
        return [Recommendation(service, special, None, "wider_support_if_wanted", None, True)]
    if asked.harm or asked.kind == "other_harm":
        return [Recommendation(service, "crime", None, crime_reason, None, more)]
    return []


def _specialists(directory: Directory, asked: _Asked, person: Person, at: dt.datetime) -> list[Signpost]:
    found = []
    for signal in asked.signals:
        contacts = safety_contacts(
            directory,
            signal=signal,
            group=person.near.group,
            authority=person.near.authority,
            age_band=person.age_band,
            at=at,
        )
        found += [_specialist(directory, contact, signal, person) for contact in contacts]
    return found


def _specialist(directory: Directory, contact: Contact, signal: str, person: Person) -> Signpost:
    """The signpost to a contact of a signal's route, by what the line itself is for."""
    service = directory.service(contact.service_id)
    if service.kind == "police":
        # the force of the place is 101 by its own name: one line for it, not two
        return Signpost(directory.police(person.place.group).id, "report_to_police")
    if service.kind == "emergency":
        return Signpost(service.id, "specialist_immediate_danger")
    if service.id in (SUPPORTLINE, SAMARITANS) and signal != "suicide_self_harm":
        return Signpost(service.id, "listening_any_time")
    return Signpost(service.id, "anonymous_information" if service.id == "crimestoppers" else f"specialist_{signal}")


def _never(directory: Directory, asked: _Asked) -> tuple[str, ...]:
    found = [
        what for harm in asked.harm if harm in SPECIALIST_HARM for what in directory.signals[signal_for(harm)].never
    ]
    barred = {*BARRED_RISK, *BARRED_TYPES} & {*asked.risk, *asked.asb_types}
    if asked.harm or asked.is_hate or asked.young or barred:
        found.append(_MEDIATION)
    return tuple(dict.fromkeys(found))


def _mediator(directory: Directory, person: Person) -> str | None:
    """Who mediates where it happened, if they surely take the person."""
    offers = (s for s in directory.services.values() if _MEDIATION in s.themes)
    here = (s for s in offers if directory.covers(s, person.place.authority, person.place.group))
    return next((s.id for s in here if takes(directory, s, person) == "yes"), None)
