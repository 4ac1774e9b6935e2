"""Can a test reach out of this machine? No."""

from __future__ import annotations

import asyncio
import socket
import urllib.request

import pytest

from tests.guard import ReachedOutside, is_local


@pytest.mark.parametrize("host", [None, "", "localhost", "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", b"127.0.0.1"])  # noqa: S104 (a sample, nothing binds)
def test_this_machine_is_local(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org", b"example.org", "10.0.0.1"])
def test_other_machines_are_not_local(host: object) -> None:
    assert not is_local(host)


def test_connections_outside_are_refused() -> None:
    with socket.socket() as outside, pytest.raises(ReachedOutside):
        outside.connect(("192.0.2.1", 80))
    with socket.socket() as outside, pytest.raises(ReachedOutside):
        outside.connect_ex(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as outside, pytest.raises(ReachedOutside):
        outside.sendto(b"x", ("192.0.2.1", 53))


def test_look_ups_of_other_names_are_refused() -> None:
    with pytest.raises(ReachedOutside):
        urllib.request.urlopen("http://example.org/")


async def test_the_event_loop_is_guarded_too() -> None:
    with pytest.raises(ReachedOutside):
        await asyncio.open_connection("example.org", 80)
    with pytest.raises(ReachedOutside):
        await asyncio.get_running_loop().sock_connect(_unblocked(), ("192.0.2.1", 80))


def _unblocked() -> socket.socket:
    made = socket.socket()
    made.setblocking(False)
    return made


def test_loopback_still_works() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname(), timeout=2) as client:
            client.sendall(b"hello")
            accepted, _ = server.accept()
            with accepted:
                assert accepted.recv(5) == b"hello"
