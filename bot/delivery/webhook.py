"""How does a referral reach a service's own system? A signed POST (Standard Webhooks), to a checked address, once."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from bot.clock import Clock, system_clock
from bot.delivery.mail import is_loopback
from bot.delivery.record import AddressBook, DeliveryFailed, Envelope

_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class WebhookSender:
    """Sends envelopes of kind webhook: payload {"document": the JSON body}.

    Headers webhook-id (the delivery id), webhook-timestamp and webhook-signature. `clock` is the real time even where
    Haven's own clock is frozen, because receivers refuse an old timestamp.
    """

    addresses: AddressBook
    clock: Clock = system_clock

    async def __call__(self, envelope: Envelope) -> None:
        """Post it. Raises DeliveryFailed with http_500, timeout, unreachable, forbidden_address, no_secret …"""
        address = self.addresses.of(envelope.destination)
        if not address.webhook:
            raise DeliveryFailed("no_address")
        body = json.dumps(envelope.payload["document"], ensure_ascii=True, separators=(",", ":"))
        headers = sign(address.webhook_secret, envelope.id, body, self.clock)
        check_address(address.webhook)
        # HTTPS may be a name that leads inside; plain HTTP is only ever this machine.
        connector = aiohttp.TCPConnector(resolver=OutsideResolver(inside=is_loopback(_host(address.webhook))))
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector, timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS), trust_env=False
                ) as client,
                client.post(
                    address.webhook, data=body.encode("ascii"), headers=headers, allow_redirects=False
                ) as answer,
            ):
                status = answer.status
        except asyncio.TimeoutError as error:
            raise DeliveryFailed("timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise DeliveryFailed("unreachable") from error
        if not 200 <= status < 300:
            raise DeliveryFailed(f"http_{status}")


def check_address(url: str) -> None:
    """Raises DeliveryFailed unless the URL is https to the outside, or this machine."""
    host = _host(url)
    if urlsplit(url).scheme == "http" and is_loopback(host):
        return
    if urlsplit(url).scheme != "https" or not host:
        raise DeliveryFailed("forbidden_address")
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return
    if not (literal.is_global or literal.is_loopback):
        raise DeliveryFailed("forbidden_address")


class OutsideResolver(AbstractResolver):
    """Finds a host's addresses and leaves out private ones, at the moment of connecting: rebinding gains nothing.

    `inside=True` is for the name of this machine.
    """

    def __init__(self, *, inside: bool = False) -> None:
        self._inside = inside
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[dict[str, object]]:
        """The addresses that may be used. Raises OSError when there are none."""
        found = await self._resolver.resolve(host, port, family)
        if self._inside:
            return found
        outside = [entry for entry in found if ipaddress.ip_address(entry["host"]).is_global]
        if not outside:
            raise OSError("the name leads to no public address")
        return outside

    async def close(self) -> None:
        """Nothing is kept open."""
        await self._resolver.close()


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def sign(secret: str | None, delivery_id: str, body: str, clock: Clock) -> dict[str, str]:
    """The headers of a signed webhook. Raises DeliveryFailed, no_secret or bad_secret: nothing leaves unsigned."""
    if not secret:
        raise DeliveryFailed("no_secret")
    sent_at = clock()
    try:
        signature = Webhook(secret).sign(delivery_id, sent_at, body)
    except (ValueError, EmptyWebhookSecretError) as error:
        raise DeliveryFailed("bad_secret") from error
    return {
        "Content-Type": "application/json",
        "User-Agent": "Haven",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": signature,
    }
