"""How long is a silent PostgreSQL waited for? Its own limits do not help when it is frozen or the network is."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2 import OperationalError, extensions

#: Seconds without an answer: longer than the longest lock may be waited for, shorter than a reply may take.
ANSWER_SECONDS = 4.5
CONNECT_SECONDS = 2.0

_thread = threading.local()


@contextmanager
def patient() -> Iterator[None]:
    """Within it, this thread waits as long as it takes: for changes of tables."""
    _thread.patient = True
    try:
        yield
    finally:
        _thread.patient = False


def bound_waiting() -> None:
    """Make every PostgreSQL connection of this process give up on a server that is silent for too long."""
    extensions.set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Wait for the server to be ready, as the driver's own example does, but not for ever."""
    connecting = connection.status == extensions.STATUS_SETUP
    limit = CONNECT_SECONDS if connecting else ANSWER_SECONDS
    deadline = None if getattr(_thread, "patient", False) else time.monotonic() + limit
    while (state := connection.poll()) != extensions.POLL_OK:
        descriptor = connection.fileno()
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        poller = select.poll()  # unlike select, it takes descriptors above 1024
        poller.register(descriptor, select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        if not poller.poll(None if left is None else left * 1000):
            raise OperationalError("the database server does not answer")
