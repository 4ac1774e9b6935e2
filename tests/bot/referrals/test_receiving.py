"""Can the receiving service, and nobody else, open one referral and answer it?"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from typing import Any

import pytest
from sqlalchemy import text

from bot.db import Database
from bot.delivery.links import LinkExpired, LinkUnknown, LinkUsed, TooManyLinks
from bot.delivery.store import list_deliveries
from bot.referrals.access import open_referral
from bot.referrals.contact import find_by_number
from bot.referrals.house import ReferralHouse
from bot.referrals.receiving import Receiver
from bot.referrals.record import NotLawful, NotPermitted, Reader, Referral, State, UnknownReferral
from bot.referrals.states import change_state, list_for_conversation, referral_by_reference
from bot.referrals.submit import submit_referral
from bot.referrals.upkeep import erase_case, reseal, thin_ended
from bot.referrals.withdrawal import withdraw
from bot.security.keyring import Keyring, SealBroken
from bot.security.store import list_audit, verify_audit
from tests.bot.referrals.samples import KEY, NOW, STORY, make_house, request

LATER = NOW + dt.timedelta(hours=1)


def payloads(house: ReferralHouse) -> list[dict[str, Any]]:
    """What waits in the outbox, opened, the oldest first."""
    with house.db.transaction() as session:
        rows = session.execute(
            text("SELECT id, payload FROM outbox WHERE payload IS NOT NULL ORDER BY created_at")
        ).all()
    place = {"table": "outbox", "field": "payload"}
    return [json.loads(house.keyring.open_sealed(row.payload, row=row.id, **place)) for row in rows]


def link_in(house: ReferralHouse) -> str:
    """The token in the last mail that waits."""
    (token,) = re.findall(r"https://haven\.example/r/(\S+)", payloads(house)[-1]["body"])
    return str(token)


@pytest.fixture
def house(db: Database) -> ReferralHouse:
    return make_house(db)


@pytest.fixture
def referral(house: ReferralHouse) -> Referral:
    return submit_referral(house, request(), NOW)


@pytest.fixture
def receiver(house: ReferralHouse, referral: Referral) -> Receiver:
    return Receiver(house)


def test_the_mail_says_nothing_about_the_person(house: ReferralHouse, referral: Referral) -> None:
    (mail,) = payloads(house)
    assert referral.reference in mail["subject"]
    assert "urgent" in mail["subject"]
    assert "Harmony" in mail["body"]
    assert "Monday 23 November 2026, 14:30" in mail["body"]
    for private in ("Amina", "wall", "race", "7700", "ST4", "hate", "anti-social", "asb"):
        assert private not in mail["subject"] + mail["body"]


def test_the_whole_way_from_link_to_outcome(house: ReferralHouse, receiver: Receiver, referral: Referral) -> None:
    session = receiver.exchange_link(link_in(house), NOW)
    view = receiver.view_case(session, NOW)
    assert view.letter is not None
    assert view.letter["incident"]["narrative"] == STORY
    assert (view.reference, view.state, view.allowed_actions) == (referral.reference, "sent", ("accept", "decline"))
    assert receiver.act(session, "accept", None, LATER) == "accepted"
    assert receiver.view_case(session, LATER).allowed_actions == ("outcome", "decline")
    assert receiver.act(session, "outcome", "support_started", LATER) == "outcome"
    (status,) = list_for_conversation(house, "conversation-1")
    assert (status.state, status.reason) == (State.OUTCOME, "support_started")
    with house.db.transaction() as db_session:
        actions = [row.action for row in list_audit(db_session, subject=referral.id)]
        assert verify_audit(db_session) is None
    assert actions == [
        "referral.submitted",
        "referral.link_opened",
        "referral.read",
        "referral.accepted",
        "referral.read",
        "referral.outcome",
    ]


def test_a_decline_says_why(house: ReferralHouse, receiver: Receiver) -> None:
    session = receiver.exchange_link(link_in(house), NOW)
    for reason in (None, "", "   "):
        with pytest.raises(NotLawful, match="needs a reason"):
            receiver.act(session, "decline", reason, NOW)
    assert receiver.act(session, "decline", "outside_area", NOW) == "declined"
    assert receiver.act(session, "decline", "outside_area", NOW) == "declined"
    with pytest.raises(NotLawful, match="declined"):
        receiver.act(session, "accept", None, NOW)


def test_a_reason_in_words_is_kept_but_not_told_to_the_person(
    house: ReferralHouse, receiver: Receiver, referral: Referral
) -> None:
    session = receiver.exchange_link(link_in(house), NOW)
    receiver.act(session, "decline", "Mrs K is already with our other team", NOW)
    (status,) = list_for_conversation(house, "conversation-1")
    assert status.reason == "other"
    assert receiver.view_case(session, NOW).history[-1].note == "Mrs K is already with our other team"
    with house.db.transaction() as db_session:
        assert "Mrs K" not in str(db_session.execute(text("SELECT note FROM referral_states")).all())


@pytest.mark.parametrize("action", ["", "delete", "withdrawn"])
def test_other_actions_do_not_exist(house: ReferralHouse, receiver: Receiver, action: str) -> None:
    session = receiver.exchange_link(link_in(house), NOW)
    with pytest.raises(NotLawful, match="no such action"):
        receiver.act(session, action, None, NOW)


def test_a_link_works_once_even_for_two_at_the_same_moment(house: ReferralHouse, receiver: Receiver) -> None:
    token, opened, refused = link_in(house), [], []

    def open_it() -> None:
        try:
            opened.append(receiver.exchange_link(token, NOW))
        except LinkUsed:
            refused.append(1)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(opened), len(refused)) == (1, 5)


def test_a_link_and_a_session_end_in_time(house: ReferralHouse, receiver: Receiver) -> None:
    token = link_in(house)
    with pytest.raises(LinkExpired):
        receiver.exchange_link(token, NOW + dt.timedelta(days=14, seconds=1))
    session = receiver.exchange_link(token, NOW)
    with pytest.raises(LinkUnknown):
        receiver.view_case(session, NOW + dt.timedelta(hours=8, seconds=1))


@pytest.mark.parametrize("guess", ["", "x", "é\ud800", "A" * 43])
def test_a_guess_opens_nothing(receiver: Receiver, guess: str) -> None:
    with pytest.raises(LinkUnknown):
        receiver.exchange_link(guess, NOW)
    with pytest.raises(LinkUnknown):
        receiver.view_case(guess, NOW)
    with pytest.raises(LinkUnknown):
        receiver.renew(guess, NOW)


def test_a_used_link_brings_a_fresh_one_to_the_services_own_mailbox(house: ReferralHouse, receiver: Receiver) -> None:
    old = link_in(house)
    first = receiver.exchange_link(old, NOW)
    receiver.renew(old, LATER)
    fresh = link_in(house)
    assert fresh != old
    assert receiver.view_case(receiver.exchange_link(fresh, LATER), LATER).state == "sent"
    assert receiver.view_case(first, LATER).state == "sent"


def test_an_old_link_cannot_flood_a_mailbox(house: ReferralHouse, receiver: Receiver) -> None:
    token = link_in(house)
    for _ in range(5):
        receiver.renew(token, LATER)
    with pytest.raises(TooManyLinks):
        receiver.renew(token, LATER)
    receiver.renew(token, LATER + dt.timedelta(days=1, seconds=1))


def test_staff_read_through_one_door_that_writes_it_down(house: ReferralHouse, referral: Referral) -> None:
    reader = Reader("adviser:1", lambda found: found.service_id == "harmony")
    for _ in range(3):
        opened = open_referral(house, referral.reference, reader=reader, now=NOW)
    assert opened.letter is not None
    assert opened.letter["person"]["name"] == "Amina K"
    with pytest.raises(NotPermitted):
        open_referral(house, referral.reference, reader=Reader("adviser:2", lambda _: False), now=NOW)
    with pytest.raises(UnknownReferral):
        open_referral(house, "HV-0000-0000", reader=reader, now=NOW)
    with house.db.transaction() as session:
        actions = [(row.actor, row.action) for row in list_audit(session, subject=referral.id)[1:]]
    assert actions == [("adviser:1", "referral.read")] * 3 + [("adviser:2", "referral.read_refused")]


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900 123", "0044 7700900123"])
def test_a_number_finds_its_referrals_for_those_who_may_see_them(
    house: ReferralHouse, referral: Referral, typed: str
) -> None:
    everyone, nobody = Reader("adviser:1", lambda _: True), Reader("adviser:2", lambda _: False)
    assert find_by_number(house, typed, reader=everyone, now=NOW) == [referral]
    assert find_by_number(house, typed, reader=nobody, now=NOW) == []
    assert find_by_number(house, "07700 900124", reader=everyone, now=NOW) == []
    rotated = ReferralHouse(house.db, Keyring({"k2": b"2" * 32, "k1": b"1" * 32}), house.addresses, house.public_url)
    assert find_by_number(rotated, typed, reader=everyone, now=NOW) == [referral]
    with house.db.transaction() as session:
        rows = list_audit(session, subject="referrals")
    assert [row.details["found"] for row in rows] == [1, 0, 0, 1]
    assert "7700" not in str(rows)


def test_a_letter_moved_to_another_referral_is_not_read(house: ReferralHouse, referral: Referral) -> None:
    other = submit_referral(house, request(case_key="case-2"), NOW)
    with house.db.transaction() as session:
        session.execute(
            text("UPDATE referrals SET letter = (SELECT letter FROM referrals WHERE id = :a) WHERE id = :b"),
            {"a": referral.id, "b": other.id},
        )
    with pytest.raises(SealBroken):
        open_referral(house, other.reference, reader=Reader("adviser:1", lambda _: True), now=NOW)


def test_no_state_moves_backwards(house: ReferralHouse, referral: Referral) -> None:
    for to, reason in ((State.ACCEPTED, None), (State.CLOSED, None), (State.OPEN, None)):
        with pytest.raises(NotLawful):
            change_state(house, referral.reference, to, actor="adviser:1", reason=reason, now=NOW)
    for to, reason in ((State.SENT, None), (State.DECLINED, "no_capacity"), (State.RE_ROUTED, None)):
        moved = change_state(house, referral.reference, to, actor="adviser:1", reason=reason, now=LATER)
        assert moved.state is to
    with pytest.raises(NotLawful):
        change_state(house, referral.reference, State.SENT, actor="adviser:1", now=LATER)
    with pytest.raises(UnknownReferral):
        change_state(house, "HV-2222-2222", State.SENT, actor="adviser:1", now=LATER)


def test_a_withdrawal_before_it_left_leaves_nothing_to_send(house: ReferralHouse, referral: Referral) -> None:
    token = link_in(house)
    withdraw(house, referral.reference, actor="person", reason="asked_by_person", channel="web", now=LATER)
    assert payloads(house) == []
    with pytest.raises(LinkUnknown):
        Receiver(house).exchange_link(token, LATER)
    with house.db.transaction() as session:
        assert [status.state for status in list_deliveries(session, subject=referral.id)] == ["cancelled"]
        events = session.execute(text("SELECT event FROM consents ORDER BY id")).scalars().all()
    assert events == ["given", "withdrawn"]


def test_a_withdrawal_after_it_left_tells_the_service_to_stop(house: ReferralHouse, referral: Referral) -> None:
    receiver = Receiver(house)
    session = receiver.exchange_link(link_in(house), NOW)
    with house.db.transaction() as db_session:
        db_session.execute(text("UPDATE outbox SET state = 'delivered', attempts = 1, payload = NULL"))
    withdraw(house, referral.reference, actor="person", reason="consent_withdrawn", channel="web", now=LATER)
    (mail,) = payloads(house)
    assert "withdrawn" in mail["subject"]
    assert "/r/" not in mail["body"]
    with pytest.raises(LinkUnknown):
        receiver.view_case(session, LATER)
    with pytest.raises(NotLawful):
        withdraw(house, referral.reference, actor="person", reason="asked_by_person", channel="web", now=LATER)
    assert referral_by_reference(house, referral.reference).state is State.WITHDRAWN


def test_erasing_a_case_leaves_only_the_counts(house: ReferralHouse, referral: Referral) -> None:
    kept = submit_referral(house, request(case_key="case-2"), NOW)
    Receiver(house).exchange_link(link_in(house), NOW)
    counts = erase_case(house, "case-1", actor="adviser:1", now=LATER)
    assert counts["referrals"] == counts["consents"] == counts["outbox"] == counts["receiver_links"] == 1
    assert erase_case(house, "case-1", actor="adviser:1", now=LATER).get("referrals") == 0
    with pytest.raises(UnknownReferral):
        referral_by_reference(house, referral.reference)
    assert referral_by_reference(house, kept.reference).service_id == "harmony"
    with house.db.transaction() as session:
        assert verify_audit(session) is None


def test_old_letters_go_and_outcomes_stay(house: ReferralHouse, referral: Referral) -> None:
    change_state(house, referral.reference, State.SENT, actor="adviser:1", now=NOW)
    assert thin_ended(house, before=LATER, now=LATER) == 0
    change_state(house, referral.reference, State.DECLINED, actor="adviser:1", reason="other", note="why", now=NOW)
    assert thin_ended(house, before=LATER, now=LATER) == 1
    opened = open_referral(house, referral.reference, reader=Reader("a", lambda _: True), now=LATER)
    assert opened.letter is None
    assert opened.history[-1].note is None
    assert opened.referral.reason == "other"


def test_a_new_key_takes_over_and_the_old_one_can_go(house: ReferralHouse, referral: Referral) -> None:
    change_state(house, referral.reference, State.SENT, actor="adviser:1", note="kept words", now=NOW)
    both = Keyring({"k2": b"2" * 32, "k1": b"1" * 32})
    rotated = ReferralHouse(house.db, both, house.addresses, house.public_url)
    assert reseal(rotated, batch=1) == 3
    assert reseal(rotated) == 0
    alone = ReferralHouse(house.db, Keyring({"k2": b"2" * 32}), house.addresses, house.public_url)
    opened = open_referral(alone, referral.reference, reader=Reader("a", lambda _: True), now=LATER)
    assert opened.letter is not None
    assert opened.history[-1].note == "kept words"
    assert payloads(alone)
    assert KEY.key_ids == ("k1",)


def test_a_change_of_keys_that_was_cut_short_goes_on(house: ReferralHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    references = [submit_referral(house, request(case_key=f"case-{n}"), NOW).reference for n in range(4)]
    both = Keyring({"k2": b"2" * 32, "k1": b"1" * 32})
    rotated = ReferralHouse(house.db, both, house.addresses, house.public_url)
    calls, real = [], both.seal

    def seal_twice_then_die(plaintext: str, *, table: str, row: str, field: str) -> str:
        calls.append(row)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return real(plaintext, table=table, row=row, field=field)

    with monkeypatch.context() as patch:
        patch.setattr(both, "seal", seal_twice_then_die)
        with pytest.raises(KeyboardInterrupt):
            reseal(rotated, batch=1)
    reader = Reader("a", lambda _: True)
    assert all(open_referral(rotated, reference, reader=reader, now=NOW).letter for reference in references)
    assert reseal(rotated) == 6
    alone = ReferralHouse(house.db, Keyring({"k2": b"2" * 32}), house.addresses, house.public_url)
    assert all(open_referral(alone, reference, reader=reader, now=NOW).letter for reference in references)
