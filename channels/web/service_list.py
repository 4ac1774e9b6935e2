"""Which services does somebody see who asked for something, somewhere, for some age? Those that answer now first."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.directory import Directory, Service, route, safety_contacts, who_answers_now
from bot.directory.hours import london_day
from bot.directory.whereabouts import unsettled
from channels.web.service_card import Card, area_name, make_card

#: What may be asked for (a need of bot.directory.contacts), and the themes of services.yml that belong to it.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "asb": ("asb", "noise", "environmental"),
    "hate": ("hate",),
    "both": ("asb", "hate", "noise", "environmental"),
    "crime": ("crime",),
    "domestic_abuse": ("domestic_abuse",),
    "sexual_violence": ("sexual_violence",),
    "stalking": ("stalking_harassment",),
    "honour_based": ("honour_based_abuse", "forced_marriage"),
    "modern_slavery": ("modern_slavery", "cuckooing"),
    "fraud": ("fraud",),
    "suicide_self_harm": ("suicide_self_harm", "distress"),
    "under_18": ("young_people",),
    "child_at_risk": ("child_safeguarding",),
    "adult_at_risk": ("adult_safeguarding", "older_people"),
    "housing": ("housing", "homelessness"),
    "anonymous_information": ("reporting",),
    "terrorism": ("terrorism", "radicalisation"),
    "immediate_danger": ("immediate_danger", "accessibility"),
}
_KINDS = ("asb", "hate", "both")
_HARMS = ("domestic_abuse", "sexual_violence", "stalking", "honour_based", "modern_slavery", "fraud")
_ORDER = ("crisis", "support", "police", "council", "specialist", "safeguarding", "reporting", "emergency")
_EXPERT = ("support", "specialist", "safeguarding")
#: When nobody said what for: the kinds that are for everybody.
_FOR_ALL = ("crisis", "police")
_POLICE = "police_101"
_ALWAYS = {"samaritans": "", "emergency_999": ""}
_WORD = re.compile(r"[a-z0-9+]{3,}")
_SMALL = {"the", "and", "for", "with", "who", "can", "help", "someone", "have", "has", "are", "not", "service"}
_ALIKE = 0.8


@dataclass(frozen=True)
class Asked:
    """What somebody is looking for. `place` is what they typed, `council` the id they chose among several."""

    need: str = ""
    place: str = ""
    council: str = ""
    age: str = ""
    open_only: bool = False
    words: str = ""

    @property
    def is_open(self) -> bool:
        """True when nobody said what for: then those for everybody are shown, and the others only named."""
        return not self.need and not self.words

    @property
    def is_first_look(self) -> bool:
        """True when the page was only opened."""
        return self == Asked()


@dataclass(frozen=True)
class Where:
    """What a place turned out to be. `unsure`: it may lie in several areas; `choices`: the councils it may be."""

    kind: Literal["not_asked", "not_found", "unsure", "inside", "outside", "no_fixed_address", "refuge"]
    name: str = ""
    group: str | None = None
    authority: str | None = None
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Found:
    """Cards in the order to show them. `by_name`: services that are only named, under the name of their area ("" for
    the whole country). `missed`: nothing fits all that was asked, so `now` holds those who are there for everybody."""

    where: Where
    now: tuple[Card, ...]
    later: tuple[Card, ...]
    by_name: tuple[tuple[str, tuple[Service, ...]], ...]
    missed: bool


def find_services(directory: Directory, asked: Asked, at: dt.datetime, said: Mapping[str, Any]) -> Found:
    """What is shown. `said`: the page's words; `needs` and `search` of it help to find a service by a word."""
    where = find_where(directory, asked)
    if asked.need == "under_18" and not asked.age:
        asked = replace(asked, age="16_17")
    answering = who_answers_now(
        directory,
        needs=(asked.need,) if asked.need else (),
        group=where.group,
        age_band=asked.age or None,
        at=at,
        authority=where.authority,
    )
    first = {contact.service_id: "" for contact in answering}
    fitting = _fitting(directory, asked, at, said)
    here = [one for one in fitting if directory.covers(one, where.authority, where.group)]
    if asked.is_open:
        here = [one for one in here if one.kind in _FOR_ALL or "national" not in one.areas]
    routed = {} if asked.words else {**first, **_routed(directory, asked, where, at)}
    # a reason found by routing is kept, and the order of those who answer now
    ranked = {**routed, **{one.id: "" for one in here if one.id not in routed}}
    own_police = directory.police(where.group).id
    if own_police != _POLICE and own_police in ranked:
        ranked.pop(_POLICE, None)  # the same number twice
    cards = [make_card(directory, one, at, where.authority, reason) for one, reason in ranked.items()]
    missed = not any(card.can_be_reached_now for card in cards) if asked.open_only else not cards
    if not any(card.can_be_reached_now for card in cards):
        cards += [make_card(directory, one, at, where.authority) for one in {**first, **_ALWAYS} if one not in ranked]
    later = [card for card in cards if not card.can_be_reached_now and not asked.open_only]
    return Found(
        where=where,
        now=tuple(card for card in cards if card.can_be_reached_now),
        later=tuple(sorted(later, key=lambda card: not card.ways)),
        by_name=_by_name(directory, asked, where, [one for one in fitting if one.id not in ranked]),
        missed=missed,
    )


def find_where(directory: Directory, asked: Asked) -> Where:
    """The area that was asked about; nothing is guessed."""
    atlas = directory.atlas
    if asked.council:
        group = atlas.service_area(asked.council)
        return Where("inside" if group else "outside", atlas.authorities[asked.council].name, group, asked.council)
    if not asked.place.strip():
        return Where("not_asked")
    match = directory.find_area(asked.place, lenient=True)
    if match is None:
        return Where(unsettled(asked.place, lenient=True) or "not_found", asked.place)
    choices = tuple((council, atlas.authorities[council].name) for council in match.candidates)
    if not match.certain:
        return Where("unsure", match.place or match.outcode or match.words, choices=choices)
    if match.outside:
        return Where("outside", match.place or match.outcode or match.words)
    known = match.authority or match.group
    return Where("inside", area_name(directory, known) if known else "", match.group, match.authority, choices)


def _routed(directory: Directory, asked: Asked, where: Where, at: dt.datetime) -> dict[str, str]:
    """Ids and the codes of their reasons, in the order that the assistant would name them."""
    age = asked.age or None
    if asked.need in (*_KINDS, "crime", *_HARMS):
        harm = () if asked.need in _KINDS else ("other_crime",) if asked.need == "crime" else (asked.need,)
        found = route(
            directory,
            area={"group": where.group, "authority": where.authority, "outside": where.kind == "outside"},
            kind=asked.need if asked.need in _KINDS else "other_harm",
            other_harm=harm,
            age_band=age,
            at=at,
        )
        lead = [(one.service_id, one.reason) for one in found.referrals if not one.if_wanted]
        signposts = [(one.service_id, one.reason) for one in found.signposts]
        rest = [(one.service_id, one.reason) for one in found.referrals if one.if_wanted]
        return _public(directory, [*lead, *signposts, *rest])
    if asked.need:
        found_contacts = safety_contacts(
            directory, signal=asked.need, group=where.group, authority=where.authority, age_band=age, at=at
        )
        return _public(directory, [(contact.service_id, "") for contact in found_contacts])
    return {}


def _public(directory: Directory, named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The same in order, without repeats and what is not for the public; only experts are called so."""
    kept: dict[str, str] = {}
    for service_id, reason in named:
        if directory.service(service_id).public_contact:
            apt = not reason.startswith("specialist_") or directory.service(service_id).kind in _EXPERT
            kept.setdefault(service_id, reason if apt else "")
    return kept


def _fitting(directory: Directory, asked: Asked, at: dt.datetime, said: Mapping[str, Any]) -> list[Service]:
    """Every public service of that day that fits the need, the age and the words, wherever it is; local ones first."""
    day, themes = london_day(at), NEEDS.get(asked.need)
    found = [
        one
        for one in directory.services.values()
        if one.public_contact
        and one.is_current(day)
        and (themes is None or set(themes) & set(one.themes))
        and (not asked.age or one.accepts_age(asked.age))
    ]
    if asked.words:
        found = _by_words(found, asked.words, said)
    return sorted(found, key=lambda one: ("national" in one.areas, _ORDER.index(one.kind)))


def _by_words(services: Sequence[Service], words: str, said: Mapping[str, Any]) -> list[Service]:
    """Services that hold all the words, else any of them; a slip of spelling does not matter."""
    looked_for = [word for word in _WORD.findall(words.lower()) if word not in _SMALL]
    texts = {one.id: _words_of(one, said) for one in services}
    hits = {one.id: sum(_holds(texts[one.id], word) for word in looked_for) for one in services}
    most = max(hits.values(), default=0)
    return [one for one in services if most and hits[one.id] == most]


def _holds(text: set[str], word: str) -> bool:
    return any(known.startswith(word) for known in text) or bool(difflib.get_close_matches(word, text, 1, _ALIKE))


def _words_of(service: Service, said: Mapping[str, Any]) -> set[str]:
    labels = [said["needs"][need] for need, themes in NEEDS.items() if set(themes) & set(service.themes)]
    also = [said["search"].get(theme, "") for theme in service.themes]
    text = " ".join([service.id, service.name, service.provider, service.for_whom, *service.offers, *labels, *also])
    return set(_WORD.findall(text.lower()))


def _by_name(
    directory: Directory, asked: Asked, where: Where, rest: Sequence[Service]
) -> tuple[tuple[str, tuple[Service, ...]], ...]:
    """Services to name alone: the others when nobody said what for; those of our areas while the area is not known."""
    if asked.open_only:
        return ()
    groups = {group.id: group.name for group in directory.atlas.groups.values() if group.service_area}
    named = [("", [one for one in rest if "national" in one.areas])] if asked.is_open else []
    for group, name in groups.items() if where.kind not in ("inside", "outside") else ():
        named.append((name, [one for one in rest if _is_in(directory, one, group)]))
    return tuple((name, tuple(found)) for name, found in named if found)


def _is_in(directory: Directory, service: Service, group: str) -> bool:
    held = {group, *directory.atlas.groups[group].members}
    parts = {area for one in service.areas for area in (one, *_members(directory, one))}
    return "national" not in service.areas and bool(parts & held)


def _members(directory: Directory, area: str) -> tuple[str, ...]:
    return directory.atlas.groups[area].members if area in directory.atlas.groups else ()


def with_council(asked: Asked, council: str) -> Asked:
    """The same question for a council chosen among several."""
    return replace(asked, council=council, place="")
