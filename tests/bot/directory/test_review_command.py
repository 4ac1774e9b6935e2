"""Does `haven directory review` say what counts, what is missing and whom to ask, and name a bad line?"""

from __future__ import annotations

import datetime as dt
import json
from typing import get_args

import pytest
import yaml

from bot.directory import load_directory
from bot.directory.atlas import HERE, CaseReview
from bot.directory.case_review import CODES, LACKS, Verdict, Way
from bot.directory.command import Outcome
from bot.directory.review_command import run_review

DIRECTORY = load_directory()
TODAY = dt.date(2026, 11, 20)
MUSIC = {"incident": "2026-09-01", "reported": [{"to": "council", "on": "2026-09-02"}], "what": "Loud music"}
EGGS = {
    "incident": "2026-10-05",
    "reported": [{"to": "police", "on": "2026-10-06"}, {"to": "Council", "on": "2026-10-07"}],
    "what": "Eggs thrown",
}
SHOUTS = {"incident": "2026-11-02", "reported": [{"to": "housing association", "on": "2026-11-03"}]}


def run(place: str, *lines: object, on: dt.date = TODAY) -> Outcome:
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return run_review(DIRECTORY, place, written, on)


def test_it_says_the_rule_each_date_what_is_missing_and_whom_to_ask() -> None:
    found = run("ST1 3AB", MUSIC, EGGS)
    assert found.code == 0
    assert found.text.startswith("You may not be able to ask for a case review yet.")
    assert "Source: staffordshire-pfcc.gov.uk (July 2023)" in found.text
    assert "1. 1 September 2026, Loud music; Told the council, 2 September 2026. -> counts" in found.text
    assert "Told the police, 6 October 2026. -> does not count again, the same incident" in found.text
    assert "- more reports of something that happened: 1" in found.text
    assert "- whether it is still going on" in found.text
    assert "up to 2 March 2027" in found.text
    assert "To ask: Staffordshire Police, 101" in found.text
    assert "If it is refused: Staffordshire Commissioner's Office" in found.text
    assert "not a complaints procedure" in found.text


def test_the_application_can_be_copied() -> None:
    found = run("Lancaster", {**MUSIC, "hate": True, "action": False}, {**SHOUTS, "going_on": True})
    text = found.text.partition("---- Text to copy ----")[2]
    assert "Where it happens: Lancaster\n" in text
    assert "It is still going on." in text
    assert "1. Loud music, 1 September 2026. Told the council, 2 September 2026. I feel that it was" in text
    assert "Nothing was done about it." in text
    assert "2. 2 November 2026. Told the housing association, 3 November 2026." in text


def test_enough_is_said_with_the_day_until_which_it_holds() -> None:
    found = run("ST1 3AB", MUSIC, EGGS, "", {**SHOUTS, "going_on": True})
    assert found.text.startswith("You may be able to ask for a case review.\n")
    assert "Asked by 3 December 2026" in found.text


def test_what_is_not_known_of_a_council_is_said() -> None:
    assert "Only the council can say." in run("Watford", MUSIC, EGGS, SHOUTS).text
    assert "as a norm only: 3 qualifying reports in 6 months" in run("Watford", MUSIC).text
    assert "taken from the rule for the whole area: all of it" in run("Cannock", MUSIC).text
    assert "whole area: how many reports, how far back" in run("Stafford", MUSIC).text
    assert "read by the norm: how far back reports count" in run("Wyre", MUSIC).text
    assert "whole area" not in run("ST1 3AB", MUSIC).text


def test_a_contact_that_is_not_checked_is_withheld_and_so_said() -> None:
    bare = DIRECTORY.without_unchecked(TODAY)
    found = run_review(bare, "Burnley", [json.dumps(MUSIC)], TODAY)
    assert "01282" in run("Burnley", MUSIC).text
    assert "01282" not in found.text
    assert "(contact details not checked, or not known)" in found.text


def test_days_not_known_are_said_to_be_so() -> None:
    found = run("Burnley", {"incident": None, "reported": [{"to": "police", "on": "2026-10"}]})
    assert "1. day not known; Told the police, between 1 October 2026 and 31 October 2026." in found.text
    assert "-> may count, the day is not known well enough" in found.text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2: not JSON"),
        ([MUSIC], "line 2: not an object"),
        ("null", "line 2: not an object"),
        ({"reported": []}, "line 2: incident: field required"),
        ({**MUSIC, "incident": "1 May"}, "line 2: incident: '1 May' is not a day"),
        ({**MUSIC, "incident": 5}, "line 2: incident: str type expected"),
        ({**MUSIC, "incident": "2027-01-01"}, "line 2: incident: 2027-01-01 is after 2026-11-20"),
        ({**MUSIC, "reported": [{"to": "police", "on": "2026-02-30"}]}, "line 2: reported.0.on: '2026-02-30' is not"),
        ({**MUSIC, "reported": [{"to": "police", "on": "2026-08-31"}]}, "line 2: reported.on: 2026-08-31 is before"),
        ({**MUSIC, "reported": [{"too": "police"}]}, "line 2: reported.0.too: extra fields"),
        ({**MUSIC, "hate": "no"}, "line 2: hate: value is not a valid boolean"),
        ({**MUSIC, "colour": 1}, "line 2: colour: extra fields"),
    ],
)
def test_a_bad_line_is_named_with_its_field(line: object, words: str) -> None:
    found = run("Burnley", "", line, MUSIC)
    assert (found.code, found.text.count("\n")) == (2, 0)
    assert found.text.startswith(words)


@pytest.mark.parametrize("place", ["nowhere at all", "Lancashire", "Staffordshire"])
def test_a_place_that_is_no_one_council_is_refused(place: str) -> None:
    found = run(place, MUSIC)
    assert found.code == 2
    assert found.text.startswith(f"--postcode {place}: ")


def test_outside_our_areas_the_norm_is_named_as_one() -> None:
    found = run("Manchester", MUSIC)
    assert found.code == 0
    assert "as a norm only" in found.text


def test_every_code_has_words_and_no_words_stand_idle() -> None:
    words = yaml.safe_load((HERE / "review_words.yml").read_text(encoding="utf-8"))
    assert set(words["codes"]) == set(CODES)
    assert set(words["lacks"]) == set(LACKS)
    assert set(words["verdict"]) == set(get_args(Verdict))
    assert set(words["way"]) == set(get_args(Way))
    named = {name for rule in DIRECTORY.atlas.case_reviews.values() for name in rule.assumed} | {"hate_months"}
    assert named == set(words["fields"])
    assert named <= set(CaseReview.__dataclass_fields__)
