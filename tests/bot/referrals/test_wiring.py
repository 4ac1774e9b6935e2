"""Does a referral go the whole way, wired as the program wires it: from consent to the service's answer?"""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import json
import re
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook

from bot.clock import frozen_clock
from bot.db import Database
from bot.delivery.outbox import deliver_due
from bot.delivery.record import Address
from bot.delivery.store import list_deliveries
from bot.referrals.receiving import Receiver
from bot.referrals.record import State
from bot.referrals.states import list_for_conversation
from bot.referrals.submit import submit_referral
from bot.referrals.wiring import make_houses
from bot.settings import Settings
from bot.worker import Chore, delivery_chores, run_worker
from tests.bot.referrals.samples import KEY, NOW, SECRET, request


def settings(tmp_path: Path, **changes: object) -> Settings:
    return Settings(var_dir=tmp_path / "var", public_url="https://haven.example/", webhook_secret=SECRET, **changes)


def test_one_referral_is_one_mail_one_signed_webhook_and_one_answer(
    db: Database, tmp_path: Path, httpserver: HTTPServer
) -> None:
    httpserver.expect_ordered_request("/in", method="POST").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/in", method="POST").respond_with_data("")
    house, delivery = make_houses(settings(tmp_path, webhook_url=httpserver.url_for("/in")), db, KEY)
    referral = submit_referral(house, request(), NOW)
    assert asyncio.run(deliver_due(delivery, NOW)) == 2
    (status,) = list_for_conversation(house, "conversation-1")
    assert (status.state, status.updated_at) == (State.SENT, NOW)
    assert asyncio.run(deliver_due(delivery, NOW + dt.timedelta(seconds=6))) == 1
    assert asyncio.run(deliver_due(delivery, NOW + dt.timedelta(days=1))) == 0

    first, second = (log[0] for log in httpserver.log)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    letter = Webhook(SECRET).verify(second.get_data(), dict(second.headers))
    assert letter["reference"] == referral.reference
    assert letter["schema"] == "haven/referral/1"

    (file,) = (tmp_path / "var" / "outbox").iterdir()
    mail = email.message_from_bytes(file.read_bytes())
    assert str(mail["To"]).startswith("harmony@")
    (token,) = re.findall(r"https://haven\.example/r/(\S+)", str(mail.get_payload()))
    receiver = Receiver(house)
    session = receiver.exchange_link(token, NOW)
    assert receiver.view_case(session, NOW).letter == json.loads(json.dumps(letter))
    assert receiver.act(session, "accept", None, NOW) == "accepted"
    assert list_for_conversation(house, "conversation-1")[0].state is State.ACCEPTED


def test_a_service_with_its_own_mailbox_gets_no_default_webhook(db: Database, tmp_path: Path) -> None:
    own = {"harmony": Address(email="inbox@harmony.example")}
    house, delivery = make_houses(settings(tmp_path, webhook_url="http://127.0.0.1:9/"), db, KEY, own.get)
    submit_referral(house, request(), NOW)
    assert asyncio.run(deliver_due(delivery, NOW)) == 1
    (file,) = (tmp_path / "var" / "outbox").iterdir()
    assert email.message_from_bytes(file.read_bytes())["To"] == "inbox@harmony.example"


def test_in_production_an_unreachable_service_is_never_called_sent(db: Database, tmp_path: Path) -> None:
    production = settings(tmp_path, env="production", encryption_keys="k1:x")
    house, delivery = make_houses(production, db, KEY)
    referral = submit_referral(house, request(), NOW)
    assert asyncio.run(deliver_due(delivery, NOW)) == 1
    assert list_for_conversation(house, "conversation-1")[0].state is State.OPEN
    with db.transaction() as session:
        (status,) = list_deliveries(session, subject=referral.id)
    assert (status.state, status.last_error) == ("waiting", "no_server")
    assert not (tmp_path / "var").exists()


def test_the_worker_sends_what_comes_and_stops_when_told(db: Database, tmp_path: Path) -> None:
    house, delivery = make_houses(settings(tmp_path), db, KEY)

    async def run() -> None:
        stop = asyncio.Event()
        chores = delivery_chores(delivery, every=0.02, sweep_every=0.02)
        worker = asyncio.create_task(run_worker(chores, frozen_clock(NOW), stop))
        await asyncio.to_thread(submit_referral, house, request(), NOW)
        for _ in range(200):
            (status,) = await asyncio.to_thread(list_for_conversation, house, "conversation-1")
            if status.state is State.SENT:
                break
            await asyncio.sleep(0.02)
        stop.set()
        await asyncio.wait_for(worker, 5)
        assert status.state is State.SENT

    asyncio.run(run())


@pytest.mark.parametrize("broken", [ZeroDivisionError, KeyError])
def test_a_broken_round_does_not_end_the_worker(broken: type[Exception]) -> None:
    rounds: list[dt.datetime] = []

    async def run() -> None:
        stop = asyncio.Event()

        async def job(now: dt.datetime) -> None:
            rounds.append(now)
            if len(rounds) == 3:
                stop.set()
            raise broken

        await asyncio.wait_for(run_worker([Chore("job", job, 0.01)], frozen_clock(NOW), stop), 5)

    asyncio.run(run())
    assert len(rounds) == 3
    assert NOW <= rounds[0] < rounds[1] < rounds[2] < NOW + dt.timedelta(seconds=5)
