"""Does a service's system get a signed letter, once, and can no address lead inside?"""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import time
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug import Request, Response

from bot.delivery.record import Address, AddressBook, DeliveryFailed, Envelope
from bot.delivery.webhook import OutsideResolver, WebhookSender, check_address
from tests.bot.delivery.test_mail import envelope

SECRET = "whsec_" + "c2VjcmV0IGZvciB0ZXN0cyBvbmx5ISE="
DOCUMENT = {"schema": "haven/referral/1", "incident": {"narrative": "они кричат \ud800 '\""}}


def post(url: str, secret: str | None = SECRET, **changes: Any) -> None:
    async def run() -> None:
        sender = WebhookSender(AddressBook({"harmony": Address(webhook=url, webhook_secret=secret)}.get))
        await sender(letter(**changes))

    asyncio.run(run())


def letter(**changes: Any) -> Envelope:
    return envelope(kind="webhook", payload={"document": DOCUMENT}, **changes)


def test_the_letter_arrives_signed_and_under_its_delivery_id(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/in", method="POST").respond_with_data("thanks", status=202)
    post(httpserver.url_for("/in"))
    (request, _) = httpserver.log[0]
    headers = dict(request.headers)
    assert Webhook(SECRET).verify(request.get_data(), headers) == DOCUMENT
    assert request.headers["webhook-id"] == "d1"
    assert request.headers["Content-Type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.get_data() + b" ", headers)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410, 429, 500, 503])
def test_anything_but_a_yes_is_tried_again(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_ordered_request("/in").respond_with_data(
        "", status=status, headers={"Location": httpserver.url_for("/elsewhere")}
    )
    httpserver.expect_ordered_request("/in").respond_with_data("")
    with pytest.raises(DeliveryFailed, match=f"http_{status}"):
        post(httpserver.url_for("/in"))
    post(httpserver.url_for("/in"), attempt=2)
    assert [request.path for request, _ in httpserver.log] == ["/in", "/in"]
    assert {request.headers["webhook-id"] for request, _ in httpserver.log} == {"d1"}


def test_a_receiver_that_hangs_is_left(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.webhook._TIMEOUT_SECONDS", 0.2)

    def hang(_request: Request) -> Response:
        time.sleep(0.6)
        return Response("late")

    httpserver.expect_request("/in").respond_with_handler(hang)
    with pytest.raises(DeliveryFailed, match="timeout"):
        post(httpserver.url_for("/in"))


def test_nobody_listening_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DeliveryFailed, match="unreachable"):
        post(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("secret", [None, "", "whsec_"])
def test_nothing_leaves_unsigned(httpserver: HTTPServer, secret: str | None) -> None:
    with pytest.raises(DeliveryFailed, match="secret"):
        post(httpserver.url_for("/in"), secret)
    assert httpserver.log == []


@pytest.mark.parametrize(
    "url",
    [
        "http://service.example/in",
        "http://169.254.169.254/latest",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://172.16.0.1/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "ftp://service.example/",
        "file:///etc/passwd",
        "https://",
        "service.example",
        "",
    ],
)
def test_no_address_leads_inside(url: str) -> None:
    with pytest.raises(DeliveryFailed, match=r"forbidden_address|no_address"):
        post(url)


@pytest.mark.parametrize(
    "url", ["https://service.example/in", "http://127.0.0.1:9/", "http://localhost/", "http://[::1]/"]
)
def test_the_outside_by_https_and_this_machine_are_fine(url: str) -> None:
    check_address(url)


def test_a_name_that_leads_inside_is_refused_when_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [("10.0.0.1", "inside"), ("93.184.215.14", "outside")]

    class Names:
        async def resolve(self, _host: str, _port: int, _family: int) -> list[dict[str, object]]:
            return [{"host": host, "hostname": name} for host, name in found]

    resolver = asyncio.run(_resolver())
    monkeypatch.setattr(resolver, "_resolver", Names())
    assert [entry["hostname"] for entry in asyncio.run(resolver.resolve("x.example"))] == ["outside"]
    found.pop()
    with pytest.raises(OSError, match="no public address"):
        asyncio.run(resolver.resolve("x.example"))


async def _resolver() -> OutsideResolver:
    return OutsideResolver()


def test_the_signature_carries_the_real_time(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/in").respond_with_data("")
    post(httpserver.url_for("/in"), created_at=dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc))
    sent = int(httpserver.log[0][0].headers["webhook-timestamp"])
    assert abs(sent - dt.datetime.now(dt.timezone.utc).timestamp()) < 60
