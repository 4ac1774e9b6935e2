"""What do people see while the database, the mail server or the receiving system is down, and after it is back?"""

from __future__ import annotations

import time
import uuid

import requests

from bot.conversations import transcript
from bot.conversations.opening import conversation_by_token
from tests.faults.siege import ANSWERS, STORY, Siege, refused_kindly, start_mail, stop_mail, wait_until
from tests.journeys.haven import Talk, start

#: Seconds within which anybody is answered, whatever is down.
SOON = 7.0


def test_the_database_stops_in_the_middle_and_comes_back(siege: Siege) -> None:
    haven = siege.haven
    talk = Talk.begin(haven)
    talk.choose("Yes, it is safe")
    story = {"id": str(uuid.uuid4()), "text": STORY}
    siege.postgres.stop()
    try:
        began = time.monotonic()
        refused = talk.post(story)
        assert time.monotonic() - began < SOON
        assert refused.status_code == 503
        assert refused.json()["error"]["code"] == "not_saved"
        assert "could not save" in refused.json()["error"]["message"]
        danger = talk.post({"id": "d1", "text": "he is outside with a knife and kicking my door in right now"})
        assert danger.status_code == 503
        assert danger.json()["error"]["message"].index("999") < danger.json()["error"]["message"].index("not save")
        for method, path, status in (
            ("POST", "/api/conversations", 503),
            ("GET", "/api/conversations/current", 503),
            ("GET", "/readyz", 503),
            ("GET", "/chat", 503),
            ("POST", "/chat/start", 503),
            ("POST", "/r/abc", 503),
            ("GET", "/", 200),
            ("GET", "/static/chat.css", 200),
            ("GET", "/healthz", 200),
        ):
            headers = talk.key | {"Cookie": f"chat={talk.token}"}
            answer = requests.request(method, haven.url + path, headers=headers, timeout=SOON)
            assert answer.status_code == status, path
            assert status == 200 or refused_kindly(answer), path
    finally:
        siege.postgres.start()
    wait_until(lambda: requests.get(f"{haven.url}/readyz", timeout=SOON).ok, 30, "ready again")
    assert talk.post(story).status_code == 200
    again = talk.post(story)
    talk._take(again.json()["messages"])
    assert talk.asks == "confirm_understanding"
    talk.choose("Yes, that is right")
    assert talk.asks in ANSWERS
    conversation = conversation_by_token(siege.house.conversations, talk.token, siege.house.clock())
    assert conversation is not None
    kept = transcript.history(siege.house.conversations, conversation)
    assert [m.text for m in kept if m.sender == "person"] == ["Yes, it is safe", STORY, "Yes, that is right"]


def test_a_server_that_starts_without_its_database_gives_numbers_and_then_serves(siege: Siege) -> None:
    haven = siege.haven
    haven.kill()
    siege.postgres.stop()
    try:
        haven.process = start(haven.environment, haven.log, answers="/healthz")
        refused = requests.post(f"{haven.url}/api/conversations", json={}, timeout=SOON)
        assert refused.status_code == 503
        assert refused_kindly(refused)
    finally:
        siege.postgres.start()
    wait_until(lambda: requests.get(f"{haven.url}/readyz", timeout=SOON).ok, 30, "ready")
    assert Talk.begin(haven).asks == "safe_to_talk"


def test_nothing_is_called_sent_until_a_receiver_has_taken_it(siege: Siege) -> None:
    haven = siege.haven
    talk = Talk.begin(haven)
    talk.choose("Yes, it is safe")
    talk.say(STORY)
    talk.go_on(ANSWERS, until="check_answers")
    stop_mail(haven.mail)
    haven.webhooks.clear()
    haven.webhooks.expect_request("/referrals").respond_with_data("on fire", status=500)
    try:
        talk.choose("Yes, send it")
        wait_until(lambda: len(haven.webhooks.log) >= 1, 10, "the first try")
        assert [r["status"] for r in talk.referrals()] == ["open"]
        assert "has been sent" not in talk.text.lower()
    finally:
        start_mail(haven.mail)
        haven.webhooks.clear()
        haven.webhooks.expect_request("/referrals").respond_with_data("taken", status=200)
    wait_until(lambda: len(haven.letters()) == 1 and len(haven.mail.received) == 1, 30, "the letter and the mail")
    wait_until(lambda: [r["status"] for r in talk.referrals()] == ["sent"], 10, "the status")
    assert haven.letters()[0]["reference"] == talk.referrals()[0]["reference"]
