"""Does an adviser read words, and never a code, a date of a machine or a bare list?"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.directory.routing import REFERRAL_REASONS
from bot.referrals.letter import letter_for
from bot.referrals.record import DUTIES_TO_ACT, REASONS, State
from bot.triage import mediation, vocabulary
from channels.desk.codes import field_name, in_words, value_name, words
from channels.desk.letter import read_letter
from tests.bot.referrals.samples import NOW, STORY, request
from tests.house.tree import ROOT

#: A code as it would look if it slipped through: joined by low lines, or a moment of a machine.
CODE = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b|\d{4}-\d{2}-\d{2}|[\[\]{}]|\bTrue\b|\bFalse\b|\bNone\b(?! of these)")


def letter(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(letter_for(request(), "HV-AAAA-BBBB", NOW)))
    for path, value in changes.items():
        group, _, name = path.partition("__")
        made[group][name] = value
    return made


def everything(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from everything(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from everything(getattr(value, field.name))


def test_no_code_is_left_on_the_sheet() -> None:
    made = letter(
        incident__when={"first": "2026-08-01", "last": "2026-11-17", "about": True, "words": "since August"},
        incident__where={"place": "public_building", "words": "by the library"},
        incident__effect={"areas": ["work_school", "going_out"], "words": "I stay in"},
        person__age_band={"band": "26_64"},
        person__area={"postcode": "DE14 2AB", "authority": "east_staffordshire", "group": "staffordshire_stoke"},
        other_party__relationship="ex_partner",
    )
    for said in everything(read_letter(made)):
        assert not CODE.search(said), said


def test_the_glance_says_who_where_what_and_why() -> None:
    glance = dict(read_letter(letter(person__age_band={"band": "16_17", "years": 16})).glance)
    assert glance["Who"] == "Amina K, 16 years old"
    assert glance["What"] == "Noise"
    assert glance["Because of"] == "Race or where they come from"
    assert glance["Happening now"] == "No"
    assert glance["Risk"] == "High. They were threatened."
    assert glance["Signs of risk"] == "Weapon"
    assert glance["They would like"] == "Someone to talk to; Feeling safer at home"
    assert glance["Tell the police?"] == "No. Do not tell the police"


def test_safe_contact_has_the_number_apart_and_says_when_there_is_none() -> None:
    sheet = read_letter(letter())
    assert sheet.number == "+447700900123"
    assert ("Ways", "Text message") in sheet.safe_contact
    none = read_letter(letter(safe_contact__number="skipped"))
    assert none.number == ""
    assert ("Number", "They gave none") in none.safe_contact
    assert "Number" in none.not_said


def test_the_story_stays_whole_and_says_what_its_words_show() -> None:
    sheet = read_letter(letter())
    assert "".join(text for text, _ in sheet.story) == STORY
    assert ("Weapon", "“had a bat”") in sheet.shown
    assert all(label != "Who" for label, _ in sheet.shown), "plain facts have rows of their own"


def test_what_is_not_known_and_what_was_refused_are_named_apart() -> None:
    sheet = read_letter(letter(incident__getting_worse=None))
    assert "How it affects them" in sheet.not_said
    assert "Getting worse" in sheet.not_known
    assert "How it affects them" not in sheet.not_known


def test_an_older_letter_with_less_in_it_can_still_be_read() -> None:
    bare = {"service": {"name": "Harmony"}, "kind": "asb", "priority": "high", "wishes": None, "risk": None}
    assert read_letter(bare).glance == [("Who", "Not named")]


@pytest.mark.parametrize(
    ("value", "field", "said"),
    [
        (None, "any", "Not known"),
        ("skipped", "any", "Chose not to say"),
        (["going_out", "sleep"], "effect", "Going out; Sleep"),
        ([], "A4", "None of these"),
        ({"said": True, "words": "a knife"}, "weapon", "Yes (“a knife”)"),
        ({"to": "council", "count": 2, "reference": "12/3", "when": "2026-05-04"}, "reports",
         "The council, twice, reference 12/3, 4 May 2026"),
        ({"postcode": "ST1 1AA", "authority": "stoke_on_trent", "outcode": None}, "area", "ST1 1AA, Stoke-on-Trent"),
        ({"same": True, "words": "same"}, "happened_area", "Where they live"),
        ({"words": "in my car", "no_fixed_address": True}, "area", "No fixed address, in my car"),
        ({"first": "2026-11-17", "time": "23:00", "words": "last night"}, "when",
         "17 November 2026, at 23:00 (“last night”)"),
        ("none", "channels", "Do not contact them: they will contact you"),
        ("a_b@c.example", "email", "a_b@c.example"),
        ("i told_him no", "words", "i told_him no"),
    ],
)  # fmt: skip
def test_values_in_words(value: Any, field: str, said: str) -> None:
    assert in_words(value, field) == said


def codes() -> Iterator[str]:
    """Every code that may stand in a letter or on its page."""
    yield from (*vocabulary.KINDS, *vocabulary.ASB_TYPES, *vocabulary.HATE_STRANDS, *vocabulary.OTHER_HARM)
    yield from (*vocabulary.RISKS, *vocabulary.PLACES, *vocabulary.RELATIONSHIPS, *vocabulary.EFFECTS)
    yield from (*vocabulary.AGE_BANDS, *vocabulary.WISHES, *REFERRAL_REASONS, *DUTIES_TO_ACT)
    yield from (*mediation.BARRED_HARM, *mediation.BARRED_RISK, *mediation.BARRED_TYPES)
    yield from (f"suits_{name}" for name in mediation.SUITED_TYPES)
    yield from (code for reasons in REASONS.values() for code in reasons)
    yield from (state.value for state in State)
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    private = ("safety_check", "check_answers", "equality", "feedback", "consent", "reported_before")
    for name, variants in responses.items():
        if name.startswith("utter_ask_") and not any(part in name for part in private):
            for button in variants[0].get("buttons") or ():
                yield from re.findall(r'"choice": "([^"]+)"', button["payload"])


def test_every_code_has_words_of_its_own() -> None:
    said = {code for values in words()["values"].values() for code in values}
    assert sorted(set(codes()) - said) == []


def test_every_field_of_the_schema_has_a_name() -> None:
    made = letter()
    for group in words()["groups"]:
        for field in made[group] if isinstance(made[group], dict) else ():
            if field not in ("narrative", "evidence", "pets_harmed"):
                assert field in words()["fields"], field
    assert field_name("pets_harmed") == "Pets harmed"
    assert field_name("name", "other_party") == "Their name"
    assert value_name("new_code_of_tomorrow") == "New code of tomorrow"
