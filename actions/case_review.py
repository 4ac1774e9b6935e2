"""May they ask for a case review? Said once a referral is sent, beside other help, and to whoever asks about one."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.reach import Move
from actions.slots import Picture, see
from bot.directory import Directory
from bot.directory.atlas import NORM
from bot.directory.case_review import Review, review_for, whom_to_ask
from bot.directory.diary import diary_of, is_going_on
from bot.directory.hours import london_day

#: From the second report on it is worth speaking of, though nobody asked (features, row 59).
WORTH_SAYING = 2

#: So many things that it depends on are said; a worker asks about the rest.
_MOST_CONDITIONS = 2


def look(picture: Picture, directory: Directory) -> Review:
    """What the conversation so far gives, by the rule of the person's council."""
    case, assessment = picture.case, picture.assessment
    today = london_day(picture.now)
    diary = diary_of(case, today, assessment.is_hate or bool(assessment.hate_strands))
    return review_for(directory, picture.authority, picture.group, diary, today, is_going_on(case))


def offer_review(picture: Picture, say: CollectingDispatcher, domain: wording.Domain, directory: Directory) -> None:
    """Say it where it may be of use: when it was wished for, at the second report, and where one report may do."""
    if picture.assessment.kind not in ("asb", "hate", "both"):
        return
    review = look(picture, directory)
    wished = "case_review" in (picture.case.value("wishes") or ())
    if wished or review.best >= WORTH_SAYING or review.verdict in ("may_ask", "unclear"):
        say_review(review, picture, say, domain, directory)


def say_review(
    review: Review, picture: Picture, say: CollectingDispatcher, domain: wording.Domain, directory: Directory
) -> None:
    """What a review is; whether they may ask and what that hangs on; whom to ask. One sentence each."""
    rule = review.rule
    lacks = review.lacks[:_MOST_CONDITIONS] if review.verdict == "unclear" else ()
    conditions = wording.join(domain, (wording.words(domain, f"utter_case_review_if_{lack.code}") for lack in lacks))
    said = wording.words(
        domain,
        f"utter_case_review_{_answer(review, picture)}",
        needed=review.needed,
        best=review.best,
        months=rule.months or directory.atlas.case_reviews[NORM].months,
        conditions=conditions,
    )
    who = f"utter_case_review_{_whom(review, picture)}"
    contact = _contact(picture, domain, directory)
    say.utter_message(response="utter_case_review", said=said, who=wording.words(domain, who, contact=contact))


def _answer(review: Review, picture: Picture) -> str:
    """The ending of the response that says what was worked out."""
    if picture.group is None:
        return "general"
    if review.verdict == "ask_council":
        return "ask_council"
    if review.verdict == "not_yet" and review.best >= review.needed:
        return "not_yet_old"
    return f"{review.verdict}_{review.way}"


def _whom(review: Review, picture: Picture) -> str:
    """The ending of the response that says whom to ask, and why it is worth asking."""
    if review.verdict == "ask_council":
        return "who"
    if picture.authority is None or review.rule.is_assumed_for(picture.authority):
        return "who_assumed"
    return "who_anyway" if review.verdict == "not_yet" and review.rule.weighs_below else "who"


def _contact(picture: Picture, domain: wording.Domain, directory: Directory) -> str:
    """The service to ask, by the ways that may be shown; a council is "your council"."""
    council = wording.words(domain, "utter_name_your_council")
    if picture.group is None:
        return council
    service, local = whom_to_ask(directory, picture.authority, picture.group)
    name = council if service.kind == "council" else service.name
    way = next((way for one in (local, service) if one for way in (one.phone, one.web) if way), None)
    return f"{name}, {way}" if way else name


class AboutCaseReview(Move):
    """Says whether a case review may be asked for."""

    def name(self) -> str:
        return "action_case_review"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: wording.Domain) -> list[EventType]:
        picture = see(tracker, self.reach.directory, self.now(tracker))
        say_review(look(picture, self.reach.directory), picture, dispatcher, domain, self.reach.directory)
        return []
