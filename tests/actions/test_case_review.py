"""Does the assistant say when a case review may be asked for, what that hangs on and whom to ask?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.case_review import look, offer_review, say_review
from actions.slots import Picture, see
from bot.directory import Directory, load_directory
from bot.settings import ROOT
from bot.triage import Finding
from tests.actions.test_conversation import TO_THE_CHECK
from tests.chatting import Chat
from tests.house.plain_english import complaints, sentences

DIRECTORY = load_directory()
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
NOW = dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.timezone.utc)
STOKE = {"authority": "stoke_on_trent", "group": "staffordshire_stoke", "words": "Hanley"}
BURNLEY = {"authority": "burnley", "group": "lancashire", "words": "Burnley"}
PRESTON = {"authority": "preston", "group": "lancashire", "words": "Preston"}
EAST_HERTS = {"authority": "east_hertfordshire", "group": "hertfordshire", "words": "Hertford"}
CANNOCK = {"authority": "cannock_chase", "group": "staffordshire_stoke", "words": "Cannock"}
WATFORD = {"authority": "watford", "group": "hertfordshire", "words": "Watford"}


def reports(*listed: tuple[str, int]) -> dict[str, Any]:
    return {"any": bool(listed), "reports": [{"to": to, "count": count} for to, count in listed]}


def picture(label: str = "noise", directory: Directory = DIRECTORY, **answers: Any) -> Picture:
    """A case with one finding and these answers."""
    finding = Finding(label, 0, 5, "words")
    slots = {"narrative": "words", "findings": [vars(finding)], **answers}
    return see(Tracker("somebody", slots, {}, [], False, None, {}, ""), directory, NOW)


def said(seen: Picture, directory: Directory = DIRECTORY) -> str:
    say = CollectingDispatcher()
    say_review(look(seen, directory), seen, say, DOMAIN, directory)
    message = say.messages[0]
    text: str = DOMAIN["responses"][message["response"]][0]["text"]
    return text.format(said=message["said"], who=message["who"])


def offered(seen: Picture) -> bool:
    say = CollectingDispatcher()
    offer_review(seen, say, DOMAIN, DIRECTORY)
    return bool(say.messages)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (
            picture(area=STOKE, reported_before=reports(("council", 3)), frequency="weekly"),
            ["3 reports may count, if they are recent", "Staffordshire Police, 101"],
        ),
        (
            picture(area=STOKE, reported_before=reports(("council", 2))),
            ["not be able to ask for one yet: it takes 3 reports, and I count 2", "You can still ask"],
        ),
        (
            picture(area=EAST_HERTS, reported_before=reports(("council", 2), ("landlord", 1))),
            ["if they are recent and the landlord is the council or a housing association", "your council, 01279"],
        ),
        (
            picture(area=EAST_HERTS, reported_before=reports(("council", 3)), when={"first": "2026-11-02"}),
            ["as 3 reports may count."],
        ),
        (
            picture(area=WATFORD, reported_before=reports(("council", 3))),
            [
                "do not know all of the rule",
                "often it takes 3 reports in 6 months, and I count 3",
                "contact your council.",
            ],
        ),
        (
            picture("race", area=BURNLEY, reported_before=reports(("police", 1)), when={"first": "2026-11-02"}),
            ["as 1 report of hate may be enough there", "01282 425011"],
        ),
        (
            picture("race", area=PRESTON, reported_before=reports(("police", 1)), when={"first": "2026-11-02"}),
            ["1 report of hate may be enough there, if nothing was done about it"],
        ),
        (
            picture("race", area=BURNLEY, reported_before=reports(("friend", 1))),
            ["I know of no report of hate that may count"],
        ),
        (
            picture(area=CANNOCK, reported_before=reports(("council", 2))),
            ["I go by the rule for the whole county, so to be sure, contact Staffordshire Police, 101."],
        ),
        (picture(reported_before=reports(("council", 3))), ["Each council has its own rule: often it takes 3 reports"]),
    ],
)
def test_it_says_whether_what_that_hangs_on_and_whom_to_ask(seen: Picture, words: list[str]) -> None:
    text = said(seen)
    assert not [part for part in words if part not in text]
    assert text.startswith("A case review is when")


@pytest.mark.parametrize("area", [None, STOKE, CANNOCK, BURNLEY, PRESTON, EAST_HERTS, WATFORD])
@pytest.mark.parametrize("label", ["noise", "race"])
@pytest.mark.parametrize("told", [(), (("council", 1),), (("council", 2), ("landlord", 1)), (("police", 4),)])
@pytest.mark.parametrize("when", [None, {"first": "2026-11-02"}, {"first": "2025-01-01", "last": "2025-01-02"}])
def test_it_is_three_sentences_plain_and_no_promise(area: Any, label: str, told: Any, when: Any) -> None:
    answers = {
        "reported_before": reports(*told),
        **({"area": area} if area else {}),
        **({"when": when} if when else {}),
    }
    text = said(picture(label, **answers, frequency="once"))
    three = [part for part in text.replace(": ", ", ").split(". ") if part]
    assert len(three) == 3
    assert "{" not in text
    assert not [wrong for wrong in complaints(text) if "numbers come from the directory" not in wrong]
    assert sentences(text)
    assert "will get" not in text


def test_a_contact_nobody_checked_is_not_given() -> None:
    bare = DIRECTORY.without_unchecked(NOW.date())
    seen = picture(directory=bare, area=BURNLEY, reported_before=reports(("council", 3)))
    assert said(seen, bare).endswith("contact your council.")


def test_it_is_said_unasked_from_the_second_report_on() -> None:
    assert not offered(picture(area=STOKE, reported_before=reports()))
    assert not offered(picture(area=STOKE, reported_before=reports(("council", 1))))
    assert offered(picture(area=STOKE, reported_before=reports(("council", 2))))
    assert offered(picture("race", area=BURNLEY, reported_before=reports(("council", 1))))
    assert offered(picture(area=STOKE, reported_before=reports(), wishes=["case_review"]))
    assert not offered(picture("domestic_abuse", area=STOKE, reported_before=reports(("police", 5))))


def test_a_report_too_old_is_not_counted() -> None:
    told = {"any": True, "reports": [{"to": "council", "count": 1, "when": "2026-01-05"}]}
    seen = picture(area=EAST_HERTS, reported_before=told)
    assert look(seen, DIRECTORY).best == 0
    assert look(replace(seen, now=NOW.replace(month=6)), DIRECTORY).best == 1


@pytest.mark.parametrize(
    "words",
    ["what is a community trigger", "can I ask for a case review?", "how many reports do I need for a case review"],
)
async def test_whoever_asks_is_told_and_the_open_question_stays(chat: Chat, words: str) -> None:
    await chat.choose("Yes, it is safe")
    await chat.say("My neighbour plays loud music nearly every night since August. I live in Hanley, ST1 3AB.")
    open_question = chat.asks
    await chat.say(words)
    assert "A case review is when" in chat.text
    assert "Staffordshire Police" in chat.text
    assert chat.asks == open_question


async def test_it_is_said_after_sending_when_there_were_two_reports(chat: Chat) -> None:
    await chat.go_to("check_answers", TO_THE_CHECK)
    await chat.choose("Yes, send it")
    assert "Your reference is" in chat.text
    assert "You may not be able to ask for one yet: it takes 3 reports, and I count 2." in chat.text


async def test_it_is_not_said_after_sending_when_nobody_was_told(chat: Chat) -> None:
    story = "My neighbour plays loud music nearly every night since August. I live in Hanley, ST1 3AB."
    await chat.go_to("check_answers", {**TO_THE_CHECK, "story": story, "reported_before": "No one yet"})
    await chat.choose("Yes, send it")
    assert "Your reference is" in chat.text
    assert "case review" not in chat.text


async def test_a_wish_for_one_is_met_after_sending(chat: Chat) -> None:
    story = "My neighbour plays loud music nearly every night since August. I live in Hanley, ST1 3AB."
    wish = {"reported_before": "No one yet", "wishes": "I want a case review"}
    await chat.go_to("check_answers", {**TO_THE_CHECK, "story": story, **wish})
    assert chat.slots["wishes"] == ["case_review"]
    await chat.choose("Yes, send it")
    assert "it takes 3 reports, and I count 0" in chat.text
