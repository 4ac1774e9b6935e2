"""How well are stories read that the lexicons were not written from? Floors, measured; a fall below one is a fault."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.triage import assess
from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS, OTHER_HARM, RISKS
from bot.understanding import read_words as read

NOW = dt.datetime(2026, 11, 20, 20, 0, tzinfo=dt.timezone.utc)
STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "nlu" / "stories_second.yml").read_text(encoding="utf-8")
)
FACTS = ("third", "reported", "age", "area")
GROUPS = {"asb": ASB_TYPES, "strand": HATE_STRANDS, "harm": OTHER_HARM, "risk": RISKS, "fact": FACTS}


def _facts(story: dict[str, Any], third_party: bool, best: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the case worker said, and what was read, of who speaks, reports, age and area."""
    reported, age, area = (best.get(name) for name in ("reported_before", "age_band", "area"))
    wanted_area = story.get("area")
    found_area = None if area is None else str(area)
    if wanted_area and found_area and wanted_area.lower() in found_area.lower():
        found_area = wanted_area
    read_as = {
        "third": third_party or None,
        "reported": None if reported is None else ("yes" if reported["any"] else "no"),
        "age": None if age is None else age["band"],
        "area": found_area,
    }
    return {name: story.get(name) for name in FACTS}, read_as


@lru_cache(maxsize=1)
def _measured() -> tuple[dict[str, tuple[int, int, int]], int]:
    """For each group: rightly found, wrongly found, missed. And how many kinds were right."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    kinds = 0
    for story in STORIES:
        findings = read(story["text"], NOW).findings
        judged = assess(findings, {})
        kinds += judged.kind == story["kind"]
        found = {*judged.asb_types, *judged.hate_strands, *judged.other_harm, *judged.risk}
        wanted = set(story["labels"])
        for group in ("asb", "strand", "harm", "risk"):
            labels = set(GROUPS[group])
            right[group] += len(found & wanted & labels)
            wrong[group] += len((found - wanted) & labels)
            missed[group] += len((wanted - found) & labels)
        best = {f.label: f.value for f in sorted(findings, key=lambda f: (f.confidence, -f.start))}
        said, got = _facts(story, judged.third_party, best)
        for name in FACTS:
            right["fact"] += said[name] is not None and said[name] == got[name]
            wrong["fact"] += got[name] is not None and said[name] != got[name]
            missed["fact"] += said[name] is not None and said[name] != got[name]
    return {group: (right[group], wrong[group], missed[group]) for group in GROUPS}, kinds


def test_every_kind_of_trouble_is_among_the_stories() -> None:
    told = {label for story in STORIES for label in story["labels"]}
    assert len(STORIES) >= 75
    assert set(ASB_TYPES) | set(HATE_STRANDS) | set(OTHER_HARM) <= told
    assert {"weapon", "safe_contact", "immediate_danger", "suicide_self_harm"} >= set(RISKS) - told


@pytest.mark.parametrize(
    ("group", "precision", "recall"),
    [("asb", 0.81, 0.92), ("strand", 0.95, 0.91), ("harm", 1.0, 0.86), ("risk", 0.81, 0.73), ("fact", 1.0, 0.93)],
)
def test_labels_are_found_and_not_invented(group: str, precision: float, recall: float) -> None:
    right, wrong, missed = _measured()[0][group]
    assert right / (right + wrong) >= precision
    assert right / (right + missed) >= recall


def test_the_kind_is_right_in_most_stories() -> None:
    assert _measured()[1] / len(STORIES) >= 0.88


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("he told me he'd smash my car if I ring the council", "reported_before"),
        ("they call us names and the school parents stare", "reported_before"),
        ("my dad takes my phone every night", "reported_before"),
        ("I want to report it to the police", "reported_before"),
        ("he said he would call the police on me", "reported_before"),
        ("she gets him to buy her fags", "sexual_orientation"),
        ("I told the kids to go home", "race"),
        ("he will send me back if I complain", "race"),
        ("the glass breaking woke us", "burglary"),
        ("next door burns plastic in the yard", "injury"),
        ("two men spat at us", "injury"),
        ("what time do you open on Saturday", "frequency"),
        ("he shouted at me on Friday night", "repeat"),
    ],
)
def test_nothing_is_made_of_ordinary_words(text: str, label: str) -> None:
    assert label not in {finding.label for finding in read(text, NOW).findings}


def test_what_is_long_over_is_not_taken_for_what_is_told() -> None:
    story = (
        "Ten years ago a neighbour threatened me with a knife. Now the students next door play loud music every night."
    )
    labels = {finding.label for finding in read(story, NOW).findings}
    assert "noise" in labels
    assert not labels & {"weapon", "harassment_intimidation", "threatened"}
    alone = {finding.label for finding in read("Ten years ago a neighbour threatened me with a knife.", NOW).findings}
    assert "harassment_intimidation" in alone


@pytest.mark.parametrize(
    ("text", "role", "band"),
    [
        ("My mum's 79 and lads next door kick a ball at her wall", "family_friend", "65_over"),
        ("They shout monkey noises at my son. He's 9.", "family_friend", "under_16"),
        ("Housing officer here. Tenant of ours, 58, is being targeted by youths", "professional", "26_64"),
    ],
)
def test_whose_age_it_is(text: str, role: str, band: str) -> None:
    best = {f.label: f.value for f in sorted(read(text, NOW).findings, key=lambda f: (f.confidence, -f.start))}
    assert best["speaker_role"] == role
    assert best["age_band"]["band"] == band


def test_a_childs_age_is_not_the_speakers() -> None:
    text = "I've got kids of 4, 7 and 11 and none of them can sleep for next door's music. She's 11 and has school."
    assert not [f for f in read(text, NOW).findings if f.label in ("age_band", "under_18")]
