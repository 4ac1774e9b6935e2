"""How does a mail leave? By SMTP when a server is named, else as a file in the var folder; the same id either way."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import secrets
from dataclasses import dataclass
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.delivery.record import AddressBook, DeliveryFailed, Envelope

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class SmtpServer:
    """A mail server. `tls`: from the start, required by STARTTLS, or when it is offered (this machine only)."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: str

    @classmethod
    def from_url(cls, url: str) -> SmtpServer:
        """Read HAVEN_SMTP_URL: smtp://user:password@host:port or smtps://. Raises ValueError, without the password."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("HAVEN_SMTP_URL must look like smtp://user:password@host:port or smtps://…")
        if parts.scheme == "smtps":
            tls, usual = "start", 465
        elif is_loopback(parts.hostname):
            tls, usual = "offered", 25
        else:
            tls, usual = "required", 587
        return cls(
            host=parts.hostname,
            port=parts.port or usual,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
        )

    def __repr__(self) -> str:
        return f"SmtpServer({self.host}:{self.port}, tls {self.tls})"


@dataclass(frozen=True)
class MailSender:
    """Sends envelopes of kind mail: payload {"subject", "body"}.

    `folder` takes the mail when there is no server, and is None in production, where that must not pass for delivered.
    `operator` is the mailbox that gets the mail of services whose address nobody entered (None: such mail fails).
    """

    addresses: AddressBook
    sender: str
    message_domain: str
    server: SmtpServer | None
    folder: Path | None
    operator: str | None = None

    async def __call__(self, envelope: Envelope) -> None:
        """Send it. Raises DeliveryFailed with smtp_451, unreachable, no_server, no_address …"""
        to = self.addresses.of(envelope.destination).email
        if self.server is None:
            if self.folder is None:
                raise DeliveryFailed("no_server")
            message = self._compose(envelope, to or f"{envelope.destination}@unknown.invalid")
            await asyncio.to_thread(write_mail_file, self.folder / f"{envelope.id}.eml", message)
            return
        recipient = to or self.operator
        if recipient is None:
            raise DeliveryFailed("no_address")
        await _send(self.server, self._compose(envelope, recipient))

    def _compose(self, envelope: Envelope, to: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = MailAddress("Haven", addr_spec=self.sender)
            message["To"] = MailAddress(addr_spec=to)
        except Exception as error:
            # The standard library raises many kinds for an address that is none; whichever, it cannot be sent to.
            raise DeliveryFailed("bad_address") from error
        message["Subject"] = one_line(str(envelope.payload["subject"]))
        message["Date"] = format_datetime(envelope.created_at)
        message["Message-ID"] = f"<{envelope.id}@{self.message_domain}>"
        message["Auto-Submitted"] = "auto-generated"
        if envelope.priority == "urgent":
            message["Importance"] = "high"
        message.set_content(str(envelope.payload["body"]))
        return message


def one_line(text: str) -> str:
    """The text without line breaks and control characters, so that it can only ever be one header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def write_mail_file(path: Path, message: EmailMessage) -> None:
    """Write the mail whole or not at all; writing it again changes nothing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise DeliveryFailed("no_room") from error


def is_loopback(host: str) -> bool:
    """True when the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _send(server: SmtpServer, message: EmailMessage) -> None:
    start_tls = {"start": False, "required": True, "offered": None}[server.tls]
    try:
        refused, _ = await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls == "start",
            start_tls=start_tls,
            timeout=_TIMEOUT_SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise DeliveryFailed(f"smtp_{error.recipients[0].code}") from error
    except aiosmtplib.SMTPResponseException as error:
        raise DeliveryFailed(f"smtp_{error.code}") from error
    except aiosmtplib.SMTPTimeoutError as error:
        raise DeliveryFailed("timeout") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise DeliveryFailed("unreachable") from error
    if refused:
        raise DeliveryFailed("smtp_refused")
