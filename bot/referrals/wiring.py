"""How are referrals and their delivery put together by the settings? Once, when the program starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.clock import Clock, system_clock
from bot.db import Database, Session
from bot.delivery.mail import MailSender, SmtpServer
from bot.delivery.outbox import DeliveryHouse
from bot.delivery.record import Address, AddressBook, Envelope
from bot.delivery.webhook import WebhookSender
from bot.referrals.house import ReferralHouse
from bot.referrals.states import mark_sent
from bot.security.keyring import Keyring
from bot.settings import Settings


def make_houses(
    settings: Settings,
    db: Database,
    keyring: Keyring,
    own_address: Callable[[str], Address | None] = lambda _service_id: None,
    wall_clock: Clock = system_clock,
) -> tuple[ReferralHouse, DeliveryHouse]:
    """Both houses by the settings. `own_address` answers with the operator's address for a service id.

    Outside production a service without an address is reached through the operator: its mail goes to HAVEN_MAIL_FROM
    when there is a mail server, else to files in the var folder. In production it fails, is held and is shouted.
    """
    production = settings.env == "production"
    addresses = AddressBook(
        own=own_address,
        default_webhook=settings.webhook_url or None,
        default_secret=settings.webhook_secret.get_secret_value() or None,
    )
    smtp_url = settings.smtp_url.get_secret_value()
    mail = MailSender(
        addresses=addresses,
        sender=settings.mail_from,
        message_domain=urlsplit(settings.public_url).hostname or "localhost",
        server=SmtpServer.from_url(smtp_url) if smtp_url else None,
        folder=None if production else settings.var_dir / "outbox",
        operator=None if production else settings.mail_from,
    )
    delivery = DeliveryHouse(
        db=db,
        keyring=keyring,
        senders={"mail": mail, "webhook": WebhookSender(addresses, wall_clock)},
        on_delivered=_when_delivered,
    )
    return ReferralHouse(db, keyring, addresses, settings.public_url.rstrip("/")), delivery


def _when_delivered(session: Session, envelope: Envelope, now: dt.datetime) -> None:
    mark_sent(session, envelope.subject, actor="system:delivery", now=now)
