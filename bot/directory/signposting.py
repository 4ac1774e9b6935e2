"""Whom else may the person turn to? Signposts only: nothing is passed on, and the person chooses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.directory.catalogue import Directory
from bot.directory.contacts import SAFETY_SIGNALS

#: Every code that a Signpost's `reason` may hold. Words for each live in domain.yml.
SIGNPOST_REASONS = (
    *(f"specialist_{signal}" for signal in SAFETY_SIGNALS),
    "report_to_police",
    "council",
    "case_review",
    "report_hate_online",
    "antisemitism",
    "anti_muslim_hate",
    "lgbt_support",
    "hate_support_local",
    "self_guided",
    "listening_any_time",
    "anonymous_information",
    "outside_area",
    "area_unknown",
)
_LGBT = ("sexual_orientation", "transgender")


@dataclass(frozen=True)
class Signpost:
    """A service to name, and the code of the reason."""

    service_id: str
    reason: str


def signposts_for(
    directory: Directory,
    *,
    group: str | None,
    authority: str | None,
    area_known: bool,
    purposes: tuple[str, ...],
    strands: tuple[str, ...],
    asb_types: tuple[str, ...],
    wishes: tuple[str, ...],
) -> list[Signpost]:
    """Signposts in the order to show them: what was wished for, the area's own, what fits the person, the rest.

    `purposes` are of asb, hate, crime; none of them (off topic) gives only the listening line.
    """
    police = directory.police(group).id
    council = directory.council(authority, group)
    found: list[Signpost] = []
    if not group and purposes:
        reason = "outside_area" if area_known else "area_unknown"
        found += [Signpost("victim_support_supportline", reason), Signpost(police, reason)]
    if "case_review" in wishes and "asb" in purposes:
        review = directory.case_review(authority, group)
        by_police = group == "staffordshire_stoke" and (review is None or review.area == group)
        chair = police if by_police or council is None else council.id
        found.append(Signpost(chair, "case_review"))
    if "report_to_police" in wishes:
        found.append(Signpost(police, "report_to_police"))
    if "my_support_space" in wishes:
        found.append(Signpost("my_support_space", "self_guided"))
    if "hate" in purposes:
        found += _hate(directory, authority, strands)
    if "asb" in purposes and council:
        found.append(Signpost(council.id, "council"))
    if purposes:
        found.append(Signpost(police, "report_to_police"))
    if "drugs" in asb_types or "crime" in purposes:
        found.append(Signpost("crimestoppers", "anonymous_information"))
    found.append(Signpost("victim_support_supportline", "listening_any_time"))
    if "asb" in purposes:
        found.append(Signpost("my_support_space", "self_guided"))
    return found


def _hate(directory: Directory, authority: str | None, strands: tuple[str, ...]) -> list[Signpost]:
    found = [Signpost("true_vision", "report_hate_online")]
    if any(strand in _LGBT for strand in strands):
        found.append(Signpost("galop", "lgbt_support"))
    if "religion" in strands:
        found += [Signpost("cst", "antisemitism"), Signpost("british_muslim_trust", "anti_muslim_hate")]
    if authority in directory.service("stop_hate_uk").areas:
        found.append(Signpost("stop_hate_uk", "hate_support_local"))
    return found
