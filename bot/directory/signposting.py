"""Whom else may the person turn to? Signposts only: nothing is passed on, and the person chooses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.directory.catalogue import Directory
from bot.directory.contacts import SAFETY_SIGNALS
from bot.directory.eligibility import ASK_REASONS, Person, takes

#: Every code that a Signpost's `reason` may hold. Words for each live in domain.yml (utter_signpost_*).
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
    *ASK_REASONS,
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
    person: Person,
    served: bool,
    purposes: tuple[str, ...],
    strands: tuple[str, ...],
    anonymous: bool,
    wishes: tuple[str, ...],
) -> list[Signpost]:
    """Signposts in the order to show them: what was wished for, the area's own, what fits the person, the rest.

    `served`: a service of our areas takes the person, or could. `purposes` are of asb, hate, crime; none of them (off
    topic) gives only the listening line. `anonymous`: name the line for those who fear to say by name what they know;
    it gives no support, so it is not for those who have specialists. Police and council are those of the place; who
    takes nobody of this person's age, or nobody from where they live, is left out.
    """
    place = person.place
    police = directory.police(place.group).id
    council = directory.council(place.authority, place.group)
    if council and takes(directory, council, person) == "no":
        council = None  # the police of the place take part in every review, and take reports from everybody
    found: list[Signpost] = []
    if not served and not person.home.group and purposes:
        reason = "outside_area" if person.home.outside else "area_unknown"
        found += [Signpost("victim_support_supportline", reason), Signpost(police, "report_to_police")]
    if "case_review" in wishes and "asb" in purposes:
        review = directory.case_review(place.authority, place.group)
        by_police = place.group == "staffordshire_stoke" and (review is None or review.area == place.group)
        chair = police if by_police or council is None else council.id
        found.append(Signpost(chair, "case_review"))
    if "report_to_police" in wishes:
        found.append(Signpost(police, "report_to_police"))
    if "my_support_space" in wishes:
        found.append(Signpost("my_support_space", "self_guided"))
    if "hate" in purposes:
        found += _hate(strands)
    if "asb" in purposes and council:
        found.append(Signpost(council.id, "council"))
    if purposes:
        found.append(Signpost(police, "report_to_police"))
    if anonymous:
        found.append(Signpost("crimestoppers", "anonymous_information"))
    found.append(Signpost("victim_support_supportline", "listening_any_time"))
    if "asb" in purposes:
        found.append(Signpost("my_support_space", "self_guided"))
    return [fitting for one in found if (fitting := _fitting(directory, one, person))]


def _hate(strands: tuple[str, ...]) -> list[Signpost]:
    found = [Signpost("true_vision", "report_hate_online")]
    if any(strand in _LGBT for strand in strands):
        found.append(Signpost("galop", "lgbt_support"))
    if "religion" in strands:
        found += [Signpost("cst", "antisemitism"), Signpost("british_muslim_trust", "anti_muslim_hate")]
    return [*found, Signpost("stop_hate_uk", "hate_support_local")]


def _fitting(directory: Directory, signpost: Signpost, person: Person) -> Signpost | None:
    answer = takes(directory, directory.service(signpost.service_id), person)
    if answer == "no":
        return None
    return signpost if answer == "yes" else Signpost(signpost.service_id, answer)
