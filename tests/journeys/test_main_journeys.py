"""From "tell me what has been happening" to a referral that the right service has received.

Each story is told once. A journey fails on any question that the story had already answered.
"""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
import requests

from tests.journeys.haven import ROOT, Haven, Talk, link_in, words_of

SCHEMA = json.loads((ROOT / "docs" / "referral.schema.json").read_text(encoding="utf-8"))

CONTACT = {
    "name": "Sam",
    "safe_contact:channel": "#Call me",
    "safe_contact:number": "07700 900123",
    "safe_contact:times": "weekday mornings, never after six",
    "safe_contact:voicemail": "#No",
    "safe_contact:neutral_name": "#Say nothing and ring off",
}


def tell(haven: Haven, story: str) -> Talk:
    talk = Talk.begin(haven)
    assert "999" in " ".join(talk.heard)
    assert talk.asks == "safe_to_talk"
    talk.choose("Yes, it is safe")
    assert talk.asks == "story"
    talk.say(story)
    return talk


def received(haven: Haven, count: int, story: str) -> dict[str, dict[str, Any]]:
    """The letters by service. Each is whole, lawful and consented; each mail holds a link and none of the story."""
    letters = haven.wait_for_letters(count)
    for letter in letters:
        jsonschema.validate(letter, SCHEMA)
        assert letter["incident"]["narrative"].startswith(story)
        assert letter["consent"]["given"] == "given"
        assert letter["incident"]["evidence"]
        for shown in letter["incident"]["evidence"]:
            assert letter["incident"]["narrative"][shown["start"] : shown["end"]] == shown["text"]
    for mail in haven.mail.received:
        body = mail.get_payload(decode=True)
        assert isinstance(body, bytes)
        assert link_in(mail)
        assert not [word for word in ("Sam", "07700", *story.split(". ")) if word in body.decode()]
    by_service = {letter["service"]["id"]: letter for letter in letters}
    assert len(by_service) == count
    return by_service


def finish(talk: Talk, count: int) -> None:
    assert talk.asks == "check_answers"
    talk.choose("Yes, send it")
    assert len(talk.referrals()) == count
    for referral in talk.referrals():
        assert referral["reference"] in talk.text


def test_noise_by_a_neighbour_in_hanley_reaches_harmony(haven: Haven) -> None:
    story = (
        "My neighbour at number 12 plays loud music and shouts until 3 in the morning, nearly every night since about "
        "Easter. I live in Hanley, ST1 3AB. I've reported it to the council three times and nothing has changed. "
        "I can't sleep and it's making me ill."
    )
    talk = tell(haven, story)
    assert talk.asks == "confirm_understanding"
    assert "anti-social behaviour" in talk.text
    assert "noise" in talk.text
    assert "My neighbour at number 12" in talk.text
    talk.choose("Yes, that is right")
    answers = {
        "happening_now": "#No",
        "speaker_role": "#It happened to me",
        "targeted": "#I am not sure",
        "risk:1": "#No",
        "risk:2": "#No, none of these",
        "risk:3": "#I live alone",
        "risk:4": "#They know where I live",
        "wishes": "#Practical help",
        "mediation": "#Yes",
        "access_needs": "#No, nothing",
        "age_band": "#26 to 64",
        "consent:harmony": "#Yes, pass it on",
        **CONTACT,
    }
    talk.go_on(answers, until="check_answers")
    assert "mediation" in talk.asked
    assert "Harmony" in talk.text
    finish(talk, 1)
    assert "open now, until 5pm" in talk.text
    letter = received(haven, 1, story)["harmony"]
    assert letter["kind"] == "asb"
    assert "noise" in letter["incident"]["asb_types"]
    assert letter["incident"]["frequency"] == "daily"
    assert letter["incident"]["when"]["first"].startswith("2026-04")
    assert letter["person"]["area"]["authority"] == "stoke_on_trent"
    assert letter["history"]["count"] == 3
    assert letter["history"]["reports"][0]["to"] == "council"
    assert "sleep" in letter["incident"]["effect"]["areas"]
    assert letter["other_party"]["relationship"] == "neighbour"
    assert letter["other_party"]["do_not_contact_without_asking"] is True
    assert letter["risk"]["screen"][0]["instrument"] == "haven-asb"
    assert letter["mediation"]["suitable"] is True
    assert letter["mediation"]["answer"] == "yes"
    assert letter["person"]["name"] == "Sam"
    assert letter["safe_contact"]["number"] == "+447700900123"
    assert letter["safe_contact"]["voicemail"] == "no"


@pytest.mark.at("2026-11-21T23:40:00+00:00")
def test_racist_abuse_in_stafford_on_a_saturday_night_reaches_the_hate_crime_service(haven: Haven) -> None:
    story = (
        "I was at the bus stop in Stafford tonight about half eleven and a man I've never seen before shouted racist "
        "abuse at me, called me a p*** and told me to go back to my own country. I haven't told the police. "
        "I was really scared."
    )
    talk = tell(haven, story)
    assert "hate crime" in talk.text
    assert "You do not need proof" in talk.text
    talk.choose("Yes, that is right")
    answers = {
        "happening_now": "#No",
        "speaker_role": "#It happened to me",
        "frequency": "#It happened once",
        "risk:1": "#No",
        "risk:2": "#No, none of these",
        "risk:5": "#No",
        "risk:6": "#Yes, there is someone",
        "wishes": "#Someone to talk to",
        "access_needs": "#No, nothing",
        "age_band": "#26 to 64",
        "police_share": "#I will decide later",
        "consent:usah": "#Yes, pass it on",
        **CONTACT,
    }
    talk.go_on(answers, until="check_answers")
    finish(talk, 1)
    assert "08 08 16 89 111" in talk.text
    assert "Monday 23 November" in talk.text
    assert "Whether the police are told is up to you" in talk.text
    letter = received(haven, 1, story)["usah"]
    assert letter["kind"] == "hate"
    assert letter["incident"]["hate_strands"] == ["race"]
    assert letter["incident"]["where"]["place"] == "transport"
    assert letter["incident"]["when"]["last"] == "2026-11-21"
    assert letter["incident"]["when"]["time"] == "23:30"
    assert letter["history"]["reported_before"] is False
    assert letter["consent"]["police_share"] == "not_sure"
    assert letter["risk"]["level"] in ("medium", "high")
    assert letter["mediation"]["suitable"] is False


def test_homophobic_notes_and_eggs_in_tamworth_is_both_and_reaches_two_services(haven: Haven) -> None:
    story = (
        "A group of teenagers keep throwing eggs at our house in Tamworth and pushing notes through the door calling "
        "us f*gs because me and my husband are gay. It's happened every weekend for two months."
    )
    talk = tell(haven, story)
    assert "anti-social behaviour" in talk.text
    assert "your sexual orientation" in talk.text
    talk.choose("Yes, that is right")
    answers = {
        "happening_now": "#No",
        "speaker_role": "#It happened to me",
        "reported_before": "#No one yet",
        "effect": "we are on edge all the time and my husband is scared to go out",
        "risk:1": "#Yes",
        "risk:2": "#No, none of these",
        "risk:3": "#No, nothing",
        "risk:4": "#They know where I live",
        "risk:5": "#Yes",
        "risk:6": "#Yes, there is someone",
        "wishes": "1 and 3",
        "access_needs": "#No, nothing",
        "age_band": "41",
        "police_share": "#Yes, they may",
        "consent:harmony": "#Yes, pass it on",
        "consent:usah": "yes",
        **CONTACT,
    }
    talk.go_on(answers, until="check_answers")
    assert "mediation" not in talk.asked
    assert talk.asked.count("story") == 1
    finish(talk, 2)
    letters = received(haven, 2, story)
    assert set(letters) == {"harmony", "usah"}
    for letter in letters.values():
        assert letter["kind"] == "both"
        assert "sexual_orientation" in letter["incident"]["hate_strands"]
        assert letter["incident"]["frequency"] == "weekly"
        assert letter["person"]["area"]["authority"] == "tamworth"
        assert {screen["instrument"] for screen in letter["risk"]["screen"]} == {"haven-asb", "haven-hate"}
        assert letter["wishes"] == ["emotional", "security"]
        assert letter["mediation"]["suitable"] is False
    assert letters["harmony"]["reference"] != letters["usah"]["reference"]


def test_a_frightened_16_year_old_in_watford_reaches_beacon_first(haven: Haven) -> None:
    story = (
        "I'm 16 and I live in Watford. A man has followed me home from school three times this week, he waits by the "
        "gate. I'm scared to go out."
    )
    talk = tell(haven, story)
    while talk.asks == "safety_check":
        talk.choose("No, not right now")
    assert talk.asks == "confirm_understanding"
    assert "0808 802 0300" in "\n".join(talk.heard), "the stalking route is said"
    talk.choose("Yes, that is right")
    assert "0800 1111" in talk.text, "Childline is offered"
    answers = {
        "happening_now": "#No",
        "speaker_role": "#It happened to me",
        "targeted": "#Yes",
        "reported_before": "#No one yet",
        "risk:1": "#Yes",
        "risk:3": "#My age",
        "risk:4": "#I am not sure",
        "wishes": "#Someone to talk to",
        "access_needs": "#No, nothing",
        "consent:beacon": "#Yes, pass it on",
        **CONTACT,
    }
    talk.go_on(answers, until="check_answers")
    finish(talk, 1)
    letter = received(haven, 1, story)["beacon"]
    assert letter["priority"] in ("urgent", "high")
    assert letter["person"]["age_band"] == {"band": "16_17", "years": 16}
    assert "stalking" in letter["incident"]["other_harm"]
    assert letter["risk"]["level"] == "high"
    assert letter["mediation"]["suitable"] is False
    assert letter["person"]["area"]["authority"] == "watford"


def test_a_man_hit_by_his_partner_in_preston_is_not_put_through_the_asb_form(haven: Haven) -> None:
    story = "My partner hits me. He punched me again last night. I live in Preston. I'm a man so nobody believes me."
    talk = tell(haven, story)
    while talk.asks == "safety_check":
        talk.choose("No, not right now")
    said = "\n".join(talk.heard)
    assert "It is not your fault" in said
    assert "0808 2000 247" in said or "0808 801 0327" in said
    assert "anti-social" not in said
    assert talk.asks == "confirm_understanding"
    talk.choose("Yes, that is right")
    answers = {
        "speaker_role": "#It happened to me",
        "reported_before": "#No one yet",
        "wishes": "#Someone to talk to",
        "access_needs": "#No, nothing",
        "age_band": "#26 to 64",
        "consent:lancashire_victim_services": "#Yes, pass it on",
        **CONTACT,
    }
    talk.go_on(answers, until="check_answers")
    assert not {"mediation", "targeted", "frequency", "risk:1", "risk:3"} & set(talk.asked)
    finish(talk, 1)
    letter = received(haven, 1, story)["lancashire_victim_services"]
    assert letter["kind"] == "other_harm"
    assert "domestic_abuse" in letter["incident"]["other_harm"]
    assert letter["incident"]["asb_types"] == []
    assert letter["service"]["team"] == "domestic"
    assert letter["mediation"]["suitable"] is False
    assert "Sam" in words_of(letter)


def test_the_receiver_opens_the_link_and_the_person_can_ask_what_happened(haven: Haven) -> None:
    story = "The lads next door in Burslem smash bottles and shout abuse at me every night, it started in August."
    talk = tell(haven, story)
    talk.choose("Yes, that is right")
    answers = {
        "happening_now": "no",
        "speaker_role": "it happened to me",
        "targeted": "yes",
        "reported_before": "no",
        "area": "Burslem",
        "where": "at home",
        "effect": "#I cannot sleep",
        "risk:1": "not sure",
        "risk:2": "none",
        "risk:3": "none",
        "risk:4": "no",
        "wishes": "#Practical help",
        "mediation": "#No",
        "access_needs": "no",
        "age_band": "52",
        "consent:harmony": "yes",
        **CONTACT,
    }
    talk.go_on(answers, until="check_answers")
    finish(talk, 1)
    haven.wait_for_letters(1)
    talk.say("no thanks, skip that")
    talk.say("what happened to my referral?")
    assert "it has reached them" in talk.text
    decide(haven, link_in(haven.mail.received[0]))
    talk.say("what happened to my referral?")
    assert "they have accepted it" in talk.text
    assert talk.referrals()[0]["status"] == "accepted"


def decide(haven: Haven, link: str) -> None:
    """As the service: look (which changes nothing), open, accept; a second opening is refused."""
    receiver = requests.Session()
    looked = receiver.get(link, timeout=10)
    assert looked.status_code == 200
    assert "bottles" not in looked.text, "a mail scanner that follows the link must see nothing"

    def form(page: str, contains: str) -> tuple[str, dict[str, str]]:
        for action, inside in re.findall(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL):
            if contains in inside or contains in action:
                return action, dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', inside))
        raise AssertionError(f"no form with {contains!r}: {page[:3000]}")

    action, fields = form(looked.text, "Show this referral")
    opened = receiver.post(haven.url + action, data=fields, timeout=10)
    assert opened.status_code == 200
    assert {"lads", "smash", "bottles", "August"} <= set(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", opened.text)))
    action, fields = form(opened.text, "ccept")
    answered = receiver.post(haven.url + action, data=fields, timeout=10)
    assert answered.status_code == 200
    assert requests.post(link, timeout=10).status_code >= 400
