"""Stories are read whole: what happened, why, to whom, when and where, each with the words that show it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage import assess
from bot.triage.vocabulary import ASB_TYPES, FACTS, HATE_STRANDS, OTHER_HARM, RISKS
from bot.understanding import check_safety
from bot.understanding import read_words as read
from bot.understanding.contract import describe
from bot.understanding.reader import Reading

NOW = dt.datetime(2026, 11, 20, 23, 50, tzinfo=dt.timezone.utc)

NOISE = (
    "My neighbour at number 12 plays loud music and shouts until 3 in the morning, nearly "
    "every night since about Easter. "
    "I live in Hanley, ST1 3AB. I've reported it to the council three times and nothing has changed. "
    "I can't sleep and it's making me ill."
)
NOISE_MESSY = (
    "my neibor nxt door keeps blastin music evry nite since about easter, live in hanley ST1 3AB. "
    "told the council 3 times cant sleep its makin me ill"
)
BUS_STOP = (
    "I was at the bus stop in Stafford tonight about half eleven and a man I've never seen "
    "before shouted racist abuse at me, "
    "called me a p*** and told me to go back to my own country. I haven't told the police. I was really scared."
)
BUS_STOP_MESSY = (
    "so 2nite around 11.30pm im at the bus stop in stafford n some random man starts shoutin "
    "at me go back to ur own country "
    "called me a p*** havent told the police was proper scared"
)
EGGS = (
    "A group of teenagers keep throwing eggs at our house in Tamworth and pushing notes "
    "through the door calling us f*gs "
    "because me and my husband are gay. It's happened every weekend for two months."
)
EGGS_MESSY = (
    "Teenegers chucking eggs at our windows every wknd for two months now!! horrible notes "
    "thru our door calling us F*GS, "
    "me and my husband r gay. we live in tamworth"
)
FOLLOWED = (
    "I'm 16 and I live in Watford. A man has followed me home from school three times this "
    "week, he waits by the gate. "
    "I'm scared to go out."
)
FOLLOWED_MESSY = (
    "im 16 frm watford theres this man hes been following me home from school, three times "
    "this week. waits by the gate. "
    "scared to go out on my own"
)
PARTNER = "My partner hits me. He punched me again last night. I live in Preston. I'm a man so nobody believes me."
PARTNER_MESSY = "my wife hits me n last nite she punched me again, im a bloke nobody believes me, from preston"


def value(reading: Reading, label: str) -> Any:
    found = [f for f in reading.findings if f.label == label]
    return max(found, key=lambda f: (f.confidence, -f.start)).value if found else None


def labels(text: str) -> set[str]:
    return {f.label for f in read(text, NOW).findings}


@pytest.mark.parametrize("story", [NOISE, NOISE_MESSY])
def test_noise_every_night_told_to_the_council(story: str) -> None:
    reading = read(story, NOW)
    judged = assess(reading.findings, {})
    assert judged.kind == "asb"
    assert "noise" in judged.asb_types
    assert not judged.hate_strands
    assert "repeat" in judged.risk
    assert value(reading, "frequency") == "daily"
    assert value(reading, "when")["first"] == "2026-04-05"
    assert value(reading, "when")["about"] is True
    assert value(reading, "area")["postcode"] == "ST1 3AB"
    assert value(reading, "reported_before") == {"any": True, "reports": [{"to": "council", "count": 3}]}
    assert value(reading, "who")["relationship"] == "neighbour"
    assert {"sleep", "health"} <= set(value(reading, "effect")["areas"])
    assert check_safety(story).level is None


@pytest.mark.parametrize("story", [BUS_STOP, BUS_STOP_MESSY])
def test_racist_abuse_at_a_bus_stop(story: str) -> None:
    reading = read(story, NOW)
    judged = assess(reading.findings, {})
    assert judged.kind == "hate"
    assert judged.hate_strands == ("race",)
    assert value(reading, "when")["last"] == "2026-11-20"
    assert value(reading, "when")["time"] == "23:30"
    assert value(reading, "where")["place"] == "transport"
    assert value(reading, "area")["authority"] == "stafford"
    assert value(reading, "who")["relationship"] == "stranger"
    assert value(reading, "reported_before") == {"any": False, "reports": []}
    assert "fear" in value(reading, "effect")["areas"]


@pytest.mark.parametrize("story", [EGGS, EGGS_MESSY])
def test_eggs_and_notes_because_they_are_gay(story: str) -> None:
    reading = read(story, NOW)
    judged = assess(reading.findings, {})
    assert judged.kind == "both"
    assert judged.hate_strands == ("sexual_orientation",)
    assert {"vandalism_graffiti", "malicious_communications"} <= set(judged.asb_types)
    assert not judged.other_harm
    assert value(reading, "frequency") == "weekly"
    assert value(reading, "when")["first"] == "2026-09-20"
    assert value(reading, "who")["relationship"] == "young_people"
    assert value(reading, "where")["place"] == "home"


@pytest.mark.parametrize("story", [FOLLOWED, FOLLOWED_MESSY])
def test_followed_home_from_school(story: str) -> None:
    reading = read(story, NOW)
    judged = assess(reading.findings, {})
    assert "stalking" in judged.other_harm
    assert {"under_18", "repeat"} <= set(judged.risk)
    assert value(reading, "age_band") == {"band": "16_17", "years": 16}
    assert value(reading, "area")["authority"] == "watford"
    assert value(reading, "followed") is True
    assert "going_out" in value(reading, "effect")["areas"]


@pytest.mark.parametrize("story", [PARTNER, PARTNER_MESSY])
def test_a_partner_who_hits_is_never_asb(story: str) -> None:
    reading = read(story, NOW)
    judged = assess(reading.findings, {})
    assert judged.kind == "other_harm"
    assert judged.other_harm == ("domestic_abuse",)
    assert not judged.asb_types
    assert "injury" in judged.risk
    assert value(reading, "who")["relationship"] == "partner"
    assert value(reading, "when")["last"] == "2026-11-19"
    assert check_safety(story).level == "ask"


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("There were no weapons and nobody was hurt", {"weapon", "injury"}),
        ("I wasn't hurt and he hasn't got a knife", {"weapon", "injury"}),
        ("no one was injured", {"injury"}),
        ("he has never threatened me", {"threatened", "harassment_intimidation"}),
        ("this noise is killing me", {"threat_to_kill", "injury", "immediate_danger"}),
        ("I could murder a cup of tea", {"threat_to_kill", "other_crime"}),
        ("I was dying of embarrassment", {"suicide_self_harm"}),
        ("he'd kill for a parking space", {"threat_to_kill"}),
        ("shoot me a text when you can", {"weapon", "threat_to_kill"}),
        ("he shouted at me and my husband in the street", {"domestic_abuse"}),
    ],
)
def test_denials_and_figures_of_speech_are_not_findings(text: str, absent: set[str]) -> None:
    assert not absent & labels(text)


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("it's not just the noise, they never stop shouting at me", {"noise", "harassment_intimidation"}),
        ("they shout at me because I'm gay", {"sexual_orientation"}),
        ("it's because of my skin", {"race"}),
        ("told me to go back to my own country", {"race"}),
        ("he calls me a terrorist because of my hijab", {"religion"}),
        ("kids call my son a spastic because he's autistic", {"disability"}),
        ("she keeps deadnaming me and shouts tranny", {"transgender"}),
        ("they threw a bottle at me for being a goth", {"alternative_subculture"}),
        ("they target the elderly on our street", {"age"}),
        ("it's because I'm a woman", {"sex"}),
        ("ppl dealing drugs in the stairwell", {"drugs"}),
        ("off road bikes racing on the field", {"vehicle_nuisance"}),
        ("a burnt out car has been dumped on our road", {"abandoned_vehicle"}),
        ("letting off fireworks at midnight", {"fireworks"}),
        ("fly tipping in the alley, mattresses everywhere", {"litter_flytipping"}),
        ("his dog barks all day", {"animals"}),
        ("begging outside tesco", {"begging"}),
        ("they climb over our fence and go through my garden", {"trespass"}),
        ("street drinkers on the benches", {"street_drinking"}),
        ("kerb crawlers on our street", {"prostitution_related"}),
        ("they set fire to bins", {"environmental_damage"}),
        ("spray painted a swastika on my wall", {"vandalism_graffiti", "race"}),
        ("my ex has put a tracker on my car", {"stalking"}),
        ("someone scammed my nan out of her savings", {"fraud"}),
        ("our house was burgled", {"burglary"}),
        ("my family are forcing me to marry my cousin", {"honour_based"}),
        ("he took my passport and makes me work for nothing", {"modern_slavery"}),
        ("I was raped", {"sexual_violence"}),
        ("my dad hits me", {"child_abuse"}),
        ("a man on snapchat keeps asking my daughter for nudes", {"child_abuse"}),
        ("my black car was keyed last night", {"vandalism_graffiti"}),
        ("please don't call me, he checks my phone", {"safe_contact"}),
    ],
)
def test_labels_of_the_vocabulary_are_found(text: str, present: set[str]) -> None:
    assert present <= labels(text)


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("they're at it again right now", "happening_now", "yes"),
        ("my mum is being harassed by her neighbour", "speaker_role", "family_friend"),
        ("I'm a teacher and one of my pupils is bullied", "speaker_role", "professional"),
        ("I saw a man shouting at a woman", "speaker_role", "witness"),
        ("my name is Sam Okoro and it happened at home", "name", "Sam Okoro"),
        ("it's getting worse", "getting_worse", "yes"),
        ("I've got photos and I keep a diary", "evidence_held", ["photos", "diary"]),
        ("I want to report it to the police", "wishes", ["report_to_police"]),
        ("it only happened once", "frequency", "once"),
        ("about three times this month", "frequency", "weekly"),
        ("I haven't told anyone", "reported_before", {"any": False, "reports": []}),
        ("I'm 72 years old", "age_band", {"band": "65_over", "years": 72}),
    ],
)
def test_facts_have_the_shape_of_answers(text: str, label: str, expected: object) -> None:
    assert value(read(text, NOW), label) == expected


def test_a_polish_interpreter() -> None:
    needs = value(read("I need a Polish interpreter please", NOW), "access_needs")
    assert needs["language"] == "Polish"
    assert needs["interpreter"] is True


def test_a_childs_age_is_not_the_speakers() -> None:
    assert "under_18" not in labels("my 9 year old is scared of the neighbour, the music wakes her")
    assert "under_18" in labels("my 9 year old son is being bullied by teenagers")


@pytest.mark.parametrize("text", [NOISE, BUS_STOP_MESSY, EGGS, FOLLOWED_MESSY, PARTNER])
def test_the_contract_shows_evidence_for_every_label(text: str) -> None:
    said = describe(read(text, NOW))
    shown = {*said["asb_types"], *said["hate_strands"], *said["other_harm"], *said["risk"]}
    assert shown == {item["label"] for item in said["evidence"]}
    assert all(text[item["start"] : item["end"]] == item["text"] for item in said["evidence"])
    assert set(said["confidence"]) >= shown
    json.dumps(said)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_every_finding_is_a_quotation(text: str) -> None:
    for finding in read(text, NOW).findings:
        assert finding.text == text[finding.start : finding.end] != ""
        assert finding.label in (*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM, *RISKS, *FACTS)
        assert 0 <= finding.confidence <= 1


@given(st.lists(st.sampled_from(f"{NOISE} {BUS_STOP} {EGGS} {FOLLOWED} {PARTNER}".split()), max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_order_of_telling_words_is_read(words: list[str]) -> None:
    text = " ".join(words)
    for finding in read(text, NOW).findings:
        assert finding.text == text[finding.start : finding.end]
        json.dumps(finding.value)
