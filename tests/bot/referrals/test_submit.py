"""Is a referral kept whole, once, and only with consent?"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.db import Database
from bot.delivery.record import Address
from bot.delivery.store import list_deliveries
from bot.referrals.consent import consents_of, record_consent, withdraw_consent
from bot.referrals.record import ConsentMissing, DutyToAct, Recipient, Referral, State
from bot.referrals.states import list_for_conversation, referral_by_reference
from bot.referrals.submit import ALPHABET, make_reference, submit_referral, submit_referrals
from bot.security.store import list_audit, verify_audit
from tests.bot.referrals.samples import KEY, NOW, STORY, consent, make_house, request

LATER = NOW + dt.timedelta(minutes=5)
TABLES = ("referrals", "referral_states", "consents", "outbox", "receiver_links", "audit")


def count_rows(db: Database) -> dict[str, int]:
    with db.transaction() as session:
        return {name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES}  # noqa: S608 - names above


def dump(db: Database) -> str:
    """Everything the database holds, as text."""
    with db.transaction() as session:
        rows = [session.execute(text(f"SELECT * FROM {name}")).all() for name in TABLES]  # noqa: S608 - names above
    return str(rows)


def test_a_referral_is_kept_with_consent_history_deliveries_and_audit(db: Database) -> None:
    house = make_house(db, webhook="http://127.0.0.1:9/")
    referral = submit_referral(house, request(), NOW)
    assert referral.state is State.OPEN
    assert referral.sent_at is None
    assert referral.due_at == NOW + dt.timedelta(days=3)
    assert count_rows(db) == {
        "referrals": 1,
        "referral_states": 1,
        "consents": 1,
        "outbox": 2,
        "receiver_links": 1,
        "audit": 1,
    }
    with db.transaction() as session:
        assert {status.kind for status in list_deliveries(session, subject=referral.id)} == {"mail", "webhook"}
        (row,) = list_audit(session, subject=referral.id)
        assert verify_audit(session) is None
    assert row.action == "referral.submitted"
    assert row.details == {"service": "harmony", "purpose": "asb", "priority": "urgent"}


def test_nothing_the_person_said_is_readable_in_the_database(db: Database) -> None:
    submit_referral(make_house(db, webhook="http://127.0.0.1:9/"), request(), NOW)
    kept = dump(db)
    for words in (STORY, "bat", "Amina", "7700", "ST4", "/r/"):
        assert words not in kept


def test_the_same_case_again_is_the_same_referral(db: Database) -> None:
    house = make_house(db)
    first = submit_referral(house, request(), NOW)
    before = count_rows(db)
    assert submit_referral(house, request(), LATER) == first
    assert count_rows(db) == before


def test_many_at_once_make_one_referral(db: Database) -> None:
    house = make_house(db)
    made: list[Referral] = []
    threads = [threading.Thread(target=lambda: made.append(submit_referral(house, request(), NOW))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len({referral.reference for referral in made}) == 1
    assert count_rows(db)["referrals"] == 1
    assert count_rows(db)["outbox"] == 1


def test_one_story_goes_to_two_services_with_two_consents(db: Database) -> None:
    house = make_house(db)
    made = submit_referrals(house, [request("harmony"), request("usah")], NOW)
    assert [referral.service_id for referral in made] == ["harmony", "usah"]
    assert len({referral.reference for referral in made}) == 2
    assert [c.recipient for c in consents_of(house, "case-1")] == ["harmony", "usah"]


def test_two_purposes_for_one_service_are_two_referrals(db: Database) -> None:
    house = make_house(db)
    hate = Recipient("harmony", "Harmony", "hate")
    agreed = consent()
    agreed_hate = type(agreed)("harmony", "hate", "given", "w", "1", NOW, "web")
    made = submit_referrals(house, [request(), request(recipient=hate, consent=agreed_hate)], NOW)
    assert made[0].reference != made[1].reference


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: request(consent=None),
        lambda: request(consent=consent(given="refused")),
        lambda: request(consent=consent("usah")),
        lambda: request(recipient=Recipient("harmony", "Harmony", "hate")),
    ],
    ids=["never asked", "refused", "for another service", "for another purpose"],
)
def test_nothing_leaves_without_a_consent_for_that_service(db: Database, wrong: Callable[[], object]) -> None:
    with pytest.raises(ConsentMissing):
        submit_referral(make_house(db), wrong(), NOW)  # type: ignore[arg-type] - built late, so that ids stay short
    assert set(count_rows(db).values()) == {0}


def test_one_missing_consent_keeps_all_back(db: Database) -> None:
    with pytest.raises(ConsentMissing):
        submit_referrals(make_house(db), [request("harmony"), request("usah", consent=None)], NOW)
    assert set(count_rows(db).values()) == {0}


def test_a_consent_taken_back_does_not_live_again_by_itself(db: Database) -> None:
    house = make_house(db)
    record_consent(house, consent(), case_key="case-1", conversation_id="conversation-1")
    assert withdraw_consent(
        house, case_key="case-1", recipient="harmony", purpose="asb", channel="web", actor="person", now=LATER
    )
    with pytest.raises(ConsentMissing):
        submit_referral(house, request(), LATER)
    assert consents_of(house, "case-1")[0].withdrawn_at == LATER
    again = consent(at=LATER + dt.timedelta(minutes=1))
    assert submit_referral(house, request(consent=again), LATER).state is State.OPEN


def test_withdrawing_what_was_never_given_is_said(db: Database) -> None:
    assert not withdraw_consent(
        make_house(db), case_key="c", recipient="harmony", purpose="asb", channel="web", actor="person", now=NOW
    )


def test_a_refusal_is_kept_in_the_ledger(db: Database) -> None:
    house = make_house(db)
    record_consent(house, consent(given="refused"), case_key="case-1", conversation_id="conversation-1")
    (kept,) = consents_of(house, "case-1")
    assert kept == consent(given="refused")
    assert not kept.is_live


def test_an_adviser_may_act_without_consent_and_it_is_on_record(db: Database) -> None:
    house = make_house(db)
    duty = DutyToAct("vital_interests", "adviser:7", "They are in hospital and cannot be asked.")
    referral = submit_referral(house, request(consent=None, exception=duty), NOW)
    with db.transaction() as session:
        (row,) = list_audit(session, subject=referral.id)
        event, note = session.execute(text("SELECT event, note FROM consents")).one()
    assert row.actor == "adviser:7"
    assert row.details["duty_to_act"] == "vital_interests"
    assert event == "exception"
    assert "hospital" not in note


@pytest.mark.parametrize(("reason", "actor", "note"), [("whim", "adviser:7", "x"), ("vital_interests", "person", "x")])
def test_a_duty_to_act_needs_a_lawful_reason_and_a_named_adviser(reason: str, actor: str, note: str) -> None:
    with pytest.raises(ValueError, match="duty to act"):
        DutyToAct(reason, actor, note)


def test_the_person_is_told_the_state_and_no_more(db: Database) -> None:
    house = make_house(db)
    made = submit_referral(house, request(), NOW)
    (status,) = list_for_conversation(house, "conversation-1")
    assert (status.reference, status.service_id, status.service_name) == (made.reference, "harmony", "Harmony")
    assert (status.state, status.reason, status.updated_at) == (State.OPEN, None, NOW)
    assert list_for_conversation(house, "conversation-2") == []


def test_a_reference_is_found_however_it_was_typed(db: Database) -> None:
    house = make_house(db)
    made = submit_referral(house, request(), NOW)
    assert referral_by_reference(house, f" {made.reference.lower()} ") == made


def test_a_reference_can_be_read_aloud() -> None:
    references = {make_reference() for _ in range(200)}
    assert len(references) == 200
    assert not set("".join(references).replace("HV-", "").replace("-", "")) - set(ALPHABET)
    assert not set("01ILOU") & set(ALPHABET)


def test_a_taken_reference_is_not_given_twice(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    house = make_house(db)
    first = submit_referral(house, request(), NOW)
    given = iter([first.reference, first.reference, "HV-2222-2222"])
    monkeypatch.setattr("bot.referrals.submit.make_reference", lambda: next(given))
    assert submit_referral(house, request(case_key="case-2"), NOW).reference == "HV-2222-2222"
    assert count_rows(db)["referrals"] == 2


def test_the_way_out_depends_on_the_services_address(db: Database) -> None:
    def ways(own: dict[str, Address], webhook: str | None) -> tuple[str, ...]:
        return make_house(db, own=own, webhook=webhook).addresses.ways("harmony")

    assert ways({}, None) == ("mail",)
    assert ways({}, "http://127.0.0.1:9/") == ("webhook", "mail")
    assert ways({"harmony": Address(email="a@b.example")}, "http://127.0.0.1:9/") == ("mail",)
    assert ways({"harmony": Address(webhook="https://x.example/")}, None) == ("webhook",)
    assert KEY.key_ids == ("k1",)
