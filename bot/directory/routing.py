"""Where should this go, and why? Area, kind, harm, age and wishes to services, each with a reason that has words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.directory.catalogue import Directory
from bot.directory.contacts import safety_contacts, signal_for
from bot.directory.signposting import Signpost, signposts_for

#: Every code that a Recommendation's `reason` may hold. Words for each live in domain.yml.
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
_NO_MEDIATION_RISK = ("immediate_danger", "weapon", "injury", "threat_to_kill", "suicide_self_harm", "under_18")
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
    `priority` "first" for a group the service takes first; `if_wanted`: offer it, but do not lead with it."""

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
    """

    referrals: tuple[Recommendation, ...]
    signposts: tuple[Signpost, ...]
    never: tuple[str, ...]
    mediation: str | None = None


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
) -> Route:
    """Where it goes. `area` has the shape of the fact "area"; without a decided `group` only national lines are named.

    `kind` is one of vocabulary.KINDS; a strand counts as hate whatever the kind (the perception rule).
    """
    asked = _Asked(kind, tuple(hate_strands), tuple(other_harm), tuple(risk), age_band, tuple(asb_types))
    known = area or {}
    group, authority = known.get("group"), known.get("authority")
    never = _never(directory, asked)
    offered = {"staffordshire_stoke": _staffordshire, "hertfordshire": _hertfordshire, "lancashire": _lancashire}
    referrals = offered[group](asked) if group in offered and kind != "off_topic" else []
    signposts: list[Signpost] = []
    signals = [risk for risk in _NO_MEDIATION_RISK if risk in asked.risk or (risk == "under_18" and asked.young)]
    for label in dict.fromkeys(map(_route_name, [*signals, *asked.harm])):
        signposts += _specialists(directory, label, group, authority, age_band, at)
    signposts += signposts_for(
        directory,
        group=group,
        authority=authority,
        area_known=bool(group) or bool(known.get("outside")),
        purposes=_purposes(asked),
        strands=asked.strands,
        asb_types=asked.asb_types,
        wishes=tuple(wishes),
    )
    given = {r.service_id for r in referrals}
    shown = {s.service_id: s for s in reversed(signposts) if s.service_id not in given}
    mediator = None if _MEDIATION in never or kind not in ("asb", "not_asb") else _mediator(directory, group, authority)
    return Route(tuple(referrals), tuple(shown.values())[::-1], never, mediator)


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


def _route_name(label: str) -> str:
    return label if label in ("burglary", "other_crime") else signal_for(label)


def _specialists(
    directory: Directory, label: str, group: str | None, authority: str | None, age_band: str | None, at: dt.datetime
) -> list[Signpost]:
    if label in ("burglary", "other_crime"):
        return []
    found = safety_contacts(directory, signal=label, group=group, authority=authority, age_band=age_band, at=at)
    return [Signpost(contact.service_id, f"specialist_{label}") for contact in found]


def _purposes(asked: _Asked) -> tuple[str, ...]:
    named = [name for name, said in (("asb", asked.is_asb or asked.kind == "not_asb"), ("hate", asked.is_hate)) if said]
    if asked.harm or asked.kind == "other_harm":
        named.append("crime")
    return tuple(named)


def _never(directory: Directory, asked: _Asked) -> tuple[str, ...]:
    found = [
        what for harm in asked.harm if harm in SPECIALIST_HARM for what in directory.signals[signal_for(harm)].never
    ]
    if asked.harm or asked.is_hate or asked.young or any(risk in asked.risk for risk in _NO_MEDIATION_RISK):
        found.append(_MEDIATION)
    return tuple(dict.fromkeys(found))


def _mediator(directory: Directory, group: str | None, authority: str | None) -> str | None:
    offers = (s for s in directory.services.values() if _MEDIATION in s.themes)
    return next((s.id for s in offers if directory.covers(s, authority, group)), None)
