"""How does a journey reach Haven? A real server in a process of its own, and real receivers on this machine."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mail
from pathlib import Path
from typing import Any

import requests
from aiosmtpd.controller import Controller
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_" + base64.b64encode(b"a secret that only tests know 01").decode()
START_SECONDS = 60


class MailRoom:
    """A real SMTP server on a free port, which keeps what it takes."""

    def __init__(self) -> None:
        self.received: list[Mail] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.received.append(message_from_bytes(envelope.content))
        return "250 taken"

    def __enter__(self) -> MailRoom:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"


@dataclass
class Haven:
    """A running server, its receivers, and what they have taken."""

    url: str
    mail: MailRoom
    webhooks: HTTPServer
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    def letters(self) -> list[dict[str, Any]]:
        """Every letter that came by webhook, its signature verified by the standard's own library."""
        found: dict[str, dict[str, Any]] = {}
        for request, _response in self.webhooks.log:
            headers = {name.lower(): value for name, value in request.headers.items()}
            letter = Webhook(SECRET).verify(request.get_data(), headers)
            found[headers["webhook-id"]] = letter
        return list(found.values())

    def wait_for_letters(self, count: int, seconds: float = 20) -> list[dict[str, Any]]:
        """The letters, once as many mails and webhooks as expected have arrived."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self.letters()) >= count and len(self.mail.received) >= count:
                break
            time.sleep(0.1)
        assert len(self.letters()) == count, f"{len(self.letters())} webhooks arrived: {self.log.read_text()[-2000:]}"
        assert len(self.mail.received) == count, f"{len(self.mail.received)} mails arrived"
        return self.letters()

    def forget(self) -> None:
        """Empty both receivers, for the next journey."""
        self.webhooks.clear_log()
        self.mail.received.clear()

    def kill(self) -> None:
        """kill -9, as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def restart(self) -> None:
        """Start the same server again, on the same port and database."""
        self.process = start(self.environment, self.log)


@dataclass
class Talk:
    """One person's conversation over the chat API. `asked` lists every question id in the order it came."""

    haven: Haven
    token: str
    replies: list[dict[str, Any]]
    asked: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, haven: Haven) -> Talk:
        answer = requests.post(f"{haven.url}/api/conversations", json={}, timeout=10)
        assert answer.status_code == 201, answer.text
        talk = cls(haven, answer.json()["token"], [])
        talk._take(answer.json()["messages"])
        return talk

    @property
    def asks(self) -> str | None:
        """The open question."""
        return self.replies[-1].get("asks")

    @property
    def text(self) -> str:
        """Everything said in the last turn."""
        return "\n".join(message["text"] for message in self.replies)

    def say(self, text: str, message_id: str | None = None) -> str:
        return self._post({"id": message_id or str(uuid.uuid4()), "text": text})

    def choose(self, label: str) -> str:
        """Press the button that says `label`."""
        offered = {c["label"]: c["id"] for message in self.replies for c in message["choices"]}
        assert label in offered, f"{label!r} was not offered, but {list(offered)} (asked: {self.asks})"
        return self._post({"id": str(uuid.uuid4()), "choice": offered[label]})

    def post(self, body: dict[str, Any]) -> requests.Response:
        url = f"{self.haven.url}/api/conversations/current/messages"
        return requests.post(url, json=body, headers=self.key, timeout=20)

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def go_on(self, answers: dict[str, str], until: str, most: int = 40) -> None:
        """Answer each question as `answers` says ("#label" presses a button) until one asks `until`.

        Fails on a question that `answers` does not name: everything else must have been in the story.
        """
        for _ in range(most):
            question = self.asks
            if question == until:
                return
            assert self.asked.count(question or "") < 3, f"{question!r} goes round in circles: {self.text}"
            assert question in answers, f"asked {question!r}, which the story had answered: {self.text}"
            answer = answers[question]
            if answer.startswith("#"):
                self.choose(answer[1:])
            else:
                self.say(answer)
        raise AssertionError(f"{until!r} was not asked within {most} turns: {self.asked}")

    def referrals(self) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.haven.url}/api/conversations/current", headers=self.key, timeout=10)
        assert answer.status_code == 200
        return list(answer.json()["referrals"])

    def _post(self, body: dict[str, Any]) -> str:
        answer = self.post(body)
        assert answer.status_code == 200, answer.text
        self._take(answer.json()["messages"])
        return self.text

    def _take(self, messages: list[dict[str, Any]]) -> None:
        assert messages, "nothing was answered"
        self.replies = messages
        self.heard += [message["text"] for message in messages]
        self.asked += [message["asks"] for message in messages if message.get("asks")]


@contextmanager
def running_haven(folder: Path, database_url: str, at: str) -> Iterator[Haven]:
    """A server on a free port, with a frozen clock, a real mail server and a real webhook receiver."""
    with MailRoom() as mail, HTTPServer(host="127.0.0.1", port=0) as webhooks:
        webhooks.expect_request("/referrals").respond_with_data("taken", status=200)
        port = free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HAVEN_")},
            "HAVEN_ENV": "test",
            "HAVEN_VAR_DIR": str(folder),
            "HAVEN_MODEL_DIR": str(ROOT / "models"),
            "HAVEN_DATABASE_URL": database_url,
            "HAVEN_PORT": str(port),
            "HAVEN_MESSAGES_A_MINUTE": "1000",
            "HAVEN_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HAVEN_CLOCK": at,
            "HAVEN_SMTP_URL": mail.url,
            "HAVEN_WEBHOOK_URL": webhooks.url_for("/referrals"),
            "HAVEN_WEBHOOK_SECRET": SECRET,
        }
        log = folder / "server.log"
        process = start(environment, log)
        haven = Haven(f"http://127.0.0.1:{port}", mail, webhooks, environment, process, log)
        try:
            yield haven
        finally:
            haven.process.terminate()
            haven.process.wait(20)


def start(environment: dict[str, str], log: Path, answers: str = "/readyz") -> subprocess.Popen[bytes]:
    """Start the server and wait until `answers` does. Fails with its log when it does not."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    ready = f"http://127.0.0.1:{environment['HAVEN_PORT']}{answers}"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(ready, timeout=2).status_code == 200:
                return process
        except requests.RequestException:
            time.sleep(0.1)
    process.kill()
    process.wait(10)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-3000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def link_in(mail: Mail) -> str:
    """The one-time link of a mail."""
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    found = re.search(r"http://127\.0\.0\.1:\d+/r/[\w-]+", payload.decode())
    assert found, payload.decode()
    return found[0]


def words_of(letter: dict[str, Any]) -> str:
    """The whole letter as text, to look for what must, or must not, be in it."""
    return json.dumps(letter, ensure_ascii=False)
