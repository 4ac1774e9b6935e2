"""Does any test reach out of this machine? A plugin that makes every connection or look-up beyond loopback fail."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

LOCAL_NAMES = frozenset({"", "localhost", "ip6-localhost", socket.gethostname()})


class ReachedOutside(RuntimeError):
    """A test tried to speak to another machine. Not an OSError, so that retry code cannot swallow it."""


def is_local(host: object) -> bool:
    """True for loopback addresses and this machine's own names; None and "" mean this machine."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _check(host: object) -> None:
    if not is_local(host):
        raise ReachedOutside(f"tests stay on this machine, but one tried to reach {host!r}")


@pytest.fixture(scope="session", autouse=True)
def stay_on_this_machine() -> Iterator[None]:
    """Refuses look-ups, connections and datagrams to anywhere but loopback, for the whole run."""
    patch = pytest.MonkeyPatch()

    def guarded(name: str, host_of: Any) -> None:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, *args: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _check(host_of(args))
            return real(self, *args)

        patch.setattr(socket.socket, name, call)

    guarded("connect", lambda args: args[0][0])
    guarded("connect_ex", lambda args: args[0][0])
    guarded("sendto", lambda args: args[-1][0])

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        _check(host)
        return look_up(host, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    patch.undo()
