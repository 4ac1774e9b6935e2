"""Is anything lost, doubled or crossed when the process is killed again and again? A ledger tells."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import requests

from bot.conversations import transcript
from bot.conversations.opening import conversation_by_token
from bot.referrals.states import list_for_conversation
from bot.security.store import verify_audit
from tests.faults.siege import ANSWERS, STORY, Siege, Stubborn, kill_and_start, wait_until

PEOPLE = 4
#: Kills at random moments; one more falls when the first person sends.
KILLS = 1

_chance = random.SystemRandom()


def secret_of(number: int) -> str:
    return f"The dog is called Canary{number}x{number}."


def begin(siege: Siege) -> Stubborn:
    while True:
        try:
            answer = requests.post(f"{siege.haven.url}/api/conversations", json={}, timeout=20)
        except requests.RequestException:
            time.sleep(0.05)
            continue
        assert answer.status_code == 201, answer.text
        talk = Stubborn(siege.haven, answer.json()["token"], [])
        talk._take(answer.json()["messages"])
        return talk


def live(
    siege: Siege, number: int, talks: dict[int, Stubborn], sending: threading.Event, stuck: dict[int, str]
) -> None:
    """One person's whole way, from the first word to the reference."""
    try:
        talks[number] = go_all_the_way(siege, number, sending)
    except AssertionError as why:
        stuck[number] = str(why)


def go_all_the_way(siege: Siege, number: int, sending: threading.Event) -> Stubborn:
    talk = begin(siege)
    talk.sending = sending
    talk.choose("Yes, it is safe")
    talk.say(f"{STORY} {secret_of(number)}")
    talk.go_on(ANSWERS, until="check_answers")
    talk.choose("Yes, send it")
    return talk


def test_killed_again_and_again_while_people_talk(siege: Siege) -> None:
    talks: dict[int, Stubborn] = {}
    stuck: dict[int, str] = {}
    sending = threading.Event()
    people = [threading.Thread(target=live, args=(siege, n, talks, sending, stuck), daemon=True) for n in range(PEOPLE)]
    for person in people:
        person.start()
    for _ in range(KILLS):
        time.sleep(_chance.uniform(0.1, 1.5))
        kill_and_start(siege.haven)
    assert sending.wait(60)
    time.sleep(_chance.uniform(0, 0.1))
    kill_and_start(siege.haven)
    for person in people:
        person.join(90)
    assert not stuck, siege.haven.log.read_text()[-2_000:]
    assert sorted(talks) == list(range(PEOPLE)), "somebody did not get to the end"

    told: set[str] = set()
    for number, talk in talks.items():
        told |= _check_person(siege, number, talk)
    _check_receivers(siege, told)
    with siege.house.db.transaction() as session:
        assert verify_audit(session) is None


def _check_person(siege: Siege, number: int, talk: Stubborn) -> set[str]:
    """The ledger of one person against the records; their references."""
    conversation = conversation_by_token(siege.house.conversations, talk.token, siege.house.clock())
    assert conversation is not None
    kept = transcript.history(siege.house.conversations, conversation)
    assert [m.text for m in kept if m.sender == "person"] == list(talk.said.values())
    shown = {m.id: m.text for m in kept if m.sender != "person"}
    assert len(shown) == sum(m.sender != "person" for m in kept)
    assert {id_: shown.get(id_) for id_ in talk.acknowledged} == talk.acknowledged
    others = [f"Canary{other}x" for other in range(PEOPLE) if other != number]
    assert not [other for other in others if any(other in m.text for m in kept) or other in " ".join(talk.heard)]
    referrals = list_for_conversation(siege.house.referrals, conversation.id)
    assert [r.service_id for r in referrals] == ["harmony"]
    references = {r.reference for r in referrals}
    assert all(reference in talk.text for reference in references)
    return references


def _check_receivers(siege: Siege, told: set[str]) -> None:
    """Every reference that was told came by webhook and mail, each under one id."""
    haven = siege.haven
    # A delivery that was under way when the process died is taken up again when its lease has run out.
    wait_until(lambda: len(haven.letters()) >= PEOPLE and len(_mails(siege)) >= PEOPLE, 120, "letters and mails")
    letters = haven.letters()
    assert Counter(letter["reference"] for letter in letters) == Counter(told)
    assert len(_mails(siege)) == PEOPLE
    for letter in letters:
        assert sum(secret_of(number) in letter["incident"]["narrative"] for number in range(PEOPLE)) == 1


def _mails(siege: Siege) -> set[str]:
    return {str(mail["Message-ID"]) for mail in siege.haven.mail.received}
