"""What is a delivery? A sealed envelope on its way to one service, and where that service can be reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

DeliveryState = Literal["waiting", "delivering", "delivered", "held", "cancelled"]

#: How long delivery is tried before a person must decide (trust.md 5: a long bank-holiday weekend is 112 h).
KEEP_TRYING = dt.timedelta(hours=120)


class DeliveryFailed(Exception):
    """It was not taken. `code` is short and holds nothing of what was sent: smtp_451, http_500, timeout."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Address:
    """Where a service can be reached; None for what is not known. The secret signs webhooks."""

    email: str | None = None
    webhook: str | None = None
    webhook_secret: str | None = None


@dataclass(frozen=True)
class Envelope:
    """One claimed delivery, opened for sending. `id` is the idempotency key: the same at every attempt.

    `subject` is the id of what it is about, `destination` a service id, `attempt` counts from 1.
    """

    id: str
    kind: str
    subject: str
    destination: str
    priority: str
    payload: Mapping[str, Any]
    attempt: int
    created_at: dt.datetime


@dataclass(frozen=True)
class DeliveryStatus:
    """Where one delivery stands, for the desk: no contents."""

    id: str
    kind: str
    subject: str
    destination: str
    priority: str
    state: str
    attempts: int
    created_at: dt.datetime
    next_try_at: dt.datetime
    last_error: str | None
    delivered_at: dt.datetime | None


#: Sends an envelope or raises DeliveryFailed. It may be called again with the same id after a crash.
Sender = Callable[[Envelope], Awaitable[None]]


@dataclass(frozen=True)
class AddressBook:
    """Every service's address: its own, else the installation's default webhook.

    `own` answers for a service id; it reads the directory and the operator's overrides.
    """

    own: Callable[[str], Address | None]
    default_webhook: str | None = None
    default_secret: str | None = None

    def of(self, service_id: str) -> Address:
        """Where the service is reached now; asked at every attempt, so that a corrected address takes effect."""
        own = self.own(service_id) or Address()
        if own.webhook:
            return Address(own.email, own.webhook, own.webhook_secret or self.default_secret)
        if own.email:
            return Address(own.email)
        return Address(None, self.default_webhook, self.default_secret)

    def ways(self, service_id: str) -> tuple[str, ...]:
        """By which ways a service gets its referrals: mail, webhook or both.

        A service without any address of its own gets both, so that a person is told whatever the machine does.
        """
        own = self.own(service_id) or Address()
        found = tuple(way for way, known in (("webhook", own.webhook), ("mail", own.email)) if known)
        return found or (("webhook", "mail") if self.default_webhook else ("mail",))
