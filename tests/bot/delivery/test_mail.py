"""Does a mail leave by a real mail server, whole, encrypted where it must be, and as one file where there is none?"""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import socket
import stat
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bot.delivery.mail import MailSender, SmtpServer
from bot.delivery.record import Address, AddressBook, DeliveryFailed, Envelope

NOW = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.timezone.utc)
BOOK = AddressBook({"harmony": Address(email="inbox@harmony.example")}.get)


class Mailbox:
    """An SMTP server's memory: answers with these lines in turn, then takes everything."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.taken: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[SmtpServer]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield SmtpServer.from_url(f"smtp://127.0.0.1:{port}")
    controller.stop()


def envelope(**changes: Any) -> Envelope:
    fields: dict[str, Any] = {
        "id": "d1",
        "kind": "mail",
        "subject": "r1",
        "destination": "harmony",
        "priority": "urgent",
        "payload": {"subject": "Haven referral HV-7K3M-9QX2", "body": "Open it here: https://haven.example/r/x\n"},
        "attempt": 1,
        "created_at": NOW,
    }
    return Envelope(**{**fields, **changes})


def sender(server: SmtpServer | None, folder: Path | None = None, **changes: Any) -> MailSender:
    fields = {"addresses": BOOK, "sender": "haven@haven.example", "message_domain": "haven.example", **changes}
    return MailSender(server=server, folder=folder, **fields)


def send(sender: MailSender, item: Envelope) -> None:
    asyncio.run(_send(sender, item))


async def _send(sender: MailSender, item: Envelope) -> None:
    await sender(item)


def read(raw: bytes) -> Message:
    return email.message_from_bytes(raw)


def test_a_mail_arrives_with_one_id_for_every_attempt(server: SmtpServer, mailbox: Mailbox) -> None:
    send(sender(server), envelope())
    send(sender(server), envelope(attempt=2))
    first, second = (read(taken.content) for taken in mailbox.taken)
    assert mailbox.taken[0].rcpt_tos == ["inbox@harmony.example"]
    assert first["Message-ID"] == second["Message-ID"] == "<d1@haven.example>"
    assert first["Subject"] == "Haven referral HV-7K3M-9QX2"
    assert first["Importance"] == "high"
    assert "https://haven.example/r/x" in str(first.get_payload())


@pytest.mark.parametrize(("answer", "code"), [("451 later", "smtp_451"), ("550 no such box", "smtp_550")])
def test_a_refusal_is_told_by_its_code_and_then_it_works(
    server: SmtpServer, mailbox: Mailbox, answer: str, code: str
) -> None:
    mailbox.answers.append(answer)
    with pytest.raises(DeliveryFailed) as caught:
        send(sender(server), envelope())
    assert caught.value.code == code
    send(sender(server), envelope())
    assert len(mailbox.taken) == 1


def test_no_text_can_add_a_header(server: SmtpServer, mailbox: Mailbox) -> None:
    nasty = "Hello\r\nBcc: everyone@evil.example\r\n\r\nbody\x00\x85\u2028X-Evil: 1"
    send(sender(server), envelope(payload={"subject": nasty, "body": "b\r\n.\r\nMAIL FROM:<x@evil.example>"}))
    (taken,) = mailbox.taken
    mail = read(taken.content)
    assert taken.rcpt_tos == ["inbox@harmony.example"]
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert len(mailbox.taken) == 1


@pytest.mark.parametrize("bad", ["a@b.example\r\nBcc: c@d.example", "no address", "", "a@b.example, c@d.example"])
def test_an_address_that_is_none_is_never_sent_to(server: SmtpServer, mailbox: Mailbox, bad: str) -> None:
    book = AddressBook({"harmony": Address(email=bad)}.get)
    with pytest.raises(DeliveryFailed) as caught:
        send(sender(server, addresses=book), envelope())
    assert caught.value.code in ("bad_address", "no_address")
    assert mailbox.taken == []


def test_a_server_elsewhere_must_encrypt(server: SmtpServer, mailbox: Mailbox) -> None:
    strict = SmtpServer(server.host, server.port, None, None, "required")
    with pytest.raises(DeliveryFailed):
        send(sender(strict), envelope())
    assert mailbox.taken == []


def test_no_server_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DeliveryFailed) as caught:
        send(sender(SmtpServer.from_url(f"smtp://127.0.0.1:{port}")), envelope())
    assert caught.value.code == "unreachable"


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example", 587, "required"),
        ("smtps://mail.example", 465, "start"),
        ("smtp://localhost", 25, "offered"),
        ("smtp://me%40x:s%3Acret@mail.example:2525", 2525, "required"),
    ],
)
def test_the_setting_says_how_to_encrypt(url: str, port: int, tls: str) -> None:
    server = SmtpServer.from_url(url)
    assert (server.port, server.tls) == (port, tls)
    assert server.password in (None, "s:cret")
    assert "cret" not in repr(server)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_another_setting_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="HAVEN_SMTP_URL"):
        SmtpServer.from_url(url)


def test_without_a_server_the_mail_is_a_file_written_whole(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    send(sender(None, folder), envelope())
    send(sender(None, folder), envelope(attempt=2))
    (file,) = folder.iterdir()
    assert file.name == "d1.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read(file.read_bytes())["To"] == "inbox@harmony.example"


def test_a_folder_that_cannot_be_written_fails_and_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "outbox" / "d1.eml").mkdir(parents=True)
    with pytest.raises(DeliveryFailed) as caught:
        send(sender(None, tmp_path / "outbox"), envelope())
    assert caught.value.code == "no_room"
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == ["d1.eml"]


def test_in_production_nothing_passes_for_delivered(server: SmtpServer, mailbox: Mailbox) -> None:
    with pytest.raises(DeliveryFailed, match="no_server"):
        send(sender(None), envelope())
    with pytest.raises(DeliveryFailed, match="no_address"):
        send(sender(server), envelope(destination="unknown"))
    send(sender(server, operator="team@haven.example"), envelope(destination="unknown"))
    assert mailbox.taken[0].rcpt_tos == ["team@haven.example"]
