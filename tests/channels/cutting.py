"""What does a bad line do to a page? A proxy on this machine that cuts, swallows or never answers what a test names."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

#: Lost on the way there; lost on the way back; the answer breaks off; no answer ever; its head without its body (as a
#: proxy does that waits for the end of what never ends); nothing wrong.
Fate = Literal["before", "after", "midway", "never", "held back", "well"]


@dataclass
class Line:
    """The way to one server. `fate(path)` is asked once for each request, in the order they come."""

    server: str
    fate: Callable[[str], Fate] = lambda _path: "well"
    url: str = ""
    #: (path, Last-Event-ID) of every request.
    asked: list[tuple[str, str]] = field(default_factory=list)
    cuts: int = 0
    _open: dict[socket.socket, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hang_up(self, path: str) -> None:
        """Cut every connection on which `path` is being answered."""
        with self._lock:
            cut = [one for one, asked in self._open.items() if asked == path]
        for one in cut:
            _reset(one)

    def carry(self, browser: socket.socket) -> None:
        """Carry one request and its answer."""
        request = _read_request(browser)
        if not request:
            browser.close()
            return
        head = request.partition(b"\r\n\r\n")[0].decode("latin-1")
        path = head.split(" ")[1].partition("?")[0]
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
        with self._lock:
            self.asked.append((path, headers.get("last-event-id", "")))
            fate = self.fate(path)
            self.cuts += fate != "well"
            self._open[browser] = path
        with suppress(OSError):
            self._carry(browser, request, fate)
        if fate not in ("never", "held back"):
            with self._lock:
                self._open.pop(browser, None)
            browser.close()

    def _carry(self, browser: socket.socket, request: bytes, fate: Fate) -> None:
        if fate in ("before", "never"):
            if fate == "before":
                _reset(browser)
            return
        to = urlsplit(self.server)
        with socket.create_connection((to.hostname or "", to.port or 0)) as server:
            head, _, body = request.partition(b"\r\n\r\n")
            lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
            server.sendall(b"\r\n".join([*lines, b"Connection: close", b"", b""]) + body)
            answer = b""
            while piece := server.recv(65536):
                if fate == "well":
                    browser.sendall(piece)
                    continue
                answer += piece
                if fate == "held back":
                    browser.sendall(answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
                    return
            if fate == "midway":
                browser.sendall(answer[: answer.index(b"\r\n\r\n") + 40])
            if fate != "well":
                _reset(browser)


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """A line to `server`; its `url` is what the browser is given."""
    listening = socket.create_server(("127.0.0.1", 0))
    line = Line(server, url=f"http://127.0.0.1:{listening.getsockname()[1]}")
    stopped = threading.Event()

    def answer() -> None:
        while not stopped.is_set():
            with suppress(OSError):
                browser, _ = listening.accept()
                threading.Thread(target=line.carry, args=(browser,), daemon=True).start()

    threading.Thread(target=answer, daemon=True).start()
    try:
        yield line
    finally:
        stopped.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _read_request(browser: socket.socket) -> bytes:
    request = b""
    with suppress(OSError):
        while b"\r\n\r\n" not in request:
            piece = browser.recv(65536)
            if not piece:
                return b""
            request += piece
        head, _, body = request.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            piece = browser.recv(65536)
            if not piece:
                return b""
            body += piece
            request += piece
    return request


def _reset(one: socket.socket) -> None:
    """Close as a line that breaks: no goodbye."""
    with suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.shutdown(socket.SHUT_RDWR)
        one.close()
