"""What does a bad day need? A server of its own on a PostgreSQL of its own, at DEBUG, and people who do not give up."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from aiosmtpd.controller import Controller
from pytest_httpserver import HTTPServer

from bot.app import House, open_house
from bot.settings import Settings
from tests.databases import PostgresServer, running_postgres
from tests.journeys.haven import ROOT, SECRET, Haven, MailRoom, Talk, free_port, start

#: Seconds for which a person sends the same message again: longer than all the restarts of a test together.
PATIENCE = 150
#: A Friday afternoon in winter, when services are open.
AFTERNOON = "2026-11-20T14:30:00+00:00"

STORY = (
    "My neighbour at number 12 plays loud music and shouts until 3 in the morning, nearly every night since about "
    "Easter. I live in Hanley, ST1 3AB. I've reported it to the council three times and nothing has changed. "
    "I can't sleep and it's making me ill."
)
ANSWERS = {
    "confirm_understanding": "#Yes, that is right",
    "happening_now": "#No",
    "speaker_role": "#It happened to me",
    "targeted": "#I am not sure",
    "risk:1": "#No",
    "risk:2": "#No, none of these",
    "risk:3": "#I live alone",
    "risk:4": "#They know where I live",
    "wishes": "#Practical help",
    "mediation": "#Yes",
    "access_needs": "#No, nothing",
    "age_band": "#26 to 64",
    "consent:harmony": "#Yes, pass it on",
    "name": "Sam",
    "safe_contact:channel": "#Call me",
    "safe_contact:number": "07700 900123",
    "safe_contact:times": "weekday mornings, never after six",
    "safe_contact:voicemail": "#No",
    "safe_contact:neutral_name": "#Say nothing and ring off",
}


@dataclass
class Siege:
    """A running Haven, its PostgreSQL, and the house of its records as somebody with its keys opens them."""

    haven: Haven
    postgres: PostgresServer
    house: House


@contextlib.contextmanager
def besieged(folder: Path) -> Iterator[Siege]:
    """A server that logs all it can, on a database server that may be stopped."""
    with contextlib.ExitStack() as stack:
        mail = stack.enter_context(MailRoom())
        webhooks = stack.enter_context(HTTPServer(host="127.0.0.1", port=0))
        webhooks.expect_request("/referrals").respond_with_data("taken", status=200)
        postgres = stack.enter_context(running_postgres())
        environment = environment_of(folder, postgres.create_database()) | {
            "HAVEN_SMTP_URL": mail.url,
            "HAVEN_WEBHOOK_URL": webhooks.url_for("/referrals"),
            "HAVEN_WEBHOOK_SECRET": SECRET,
            "HAVEN_LOG_LEVEL": "DEBUG",
        }
        log = folder / "server.log"
        haven = Haven(url_of(environment), mail, webhooks, environment, start(environment, log), log)
        house = open_house(
            Settings(env="test", var_dir=folder, database_url=environment["HAVEN_DATABASE_URL"], clock=AFTERNOON)
        )
        stack.callback(house.db.dispose)
        try:
            yield Siege(haven, postgres, house)
        finally:
            haven.process.terminate()
            haven.process.wait(20)


def environment_of(folder: Path, database_url: str) -> dict[str, str]:
    """The settings of a server on a free port, without receivers."""
    port = free_port()
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("HAVEN_")},
        "HAVEN_ENV": "test",
        "HAVEN_VAR_DIR": str(folder),
        "HAVEN_MODEL_DIR": str(ROOT / "models"),
        "HAVEN_DATABASE_URL": database_url,
        "HAVEN_PORT": str(port),
        "HAVEN_MESSAGES_A_MINUTE": "1000",
        "HAVEN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HAVEN_CLOCK": AFTERNOON,
    }


def url_of(environment: dict[str, str]) -> str:
    """Where that server listens."""
    return f"http://127.0.0.1:{environment['HAVEN_PORT']}"


def wait_until(true: Any, seconds: float, what: str) -> None:
    """Look again every tenth of a second until `true()`."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.1)


def kill_and_start(haven: Haven) -> None:
    """kill -9, then the same server again. What it still owed is answered first, so it may be slow to say it is up."""
    haven.kill()
    with haven.log.open("ab") as out:
        command = [sys.executable, "-m", "bot", "serve"]
        haven.process = subprocess.Popen(command, cwd=ROOT, env=haven.environment, stdout=out, stderr=out)
    wait_until(lambda: answers(f"{haven.url}/readyz"), 60, "the server is up again")


def answers(url: str) -> bool:
    """True when somebody answers there, and well."""
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


@dataclass
class Stubborn(Talk):
    """A person who sends the same message again until it is answered, and writes down all that was acknowledged.

    `said`: what was sent, by its client id, in order. `acknowledged`: each reply that was seen, by its id.
    """

    said: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    told_off: list[requests.Response] = field(default_factory=list)
    sending: threading.Event = field(default_factory=threading.Event)

    def choose(self, label: str) -> str:
        offered = {c["label"]: c["id"] for message in self.replies for c in message["choices"]}
        assert label in offered, f"{label!r} was not offered, but {list(offered)} (asked: {self.asks})"
        client_id = str(uuid.uuid4())
        self.said[client_id] = label
        if label == "Yes, send it":
            self.sending.set()
        return self._post({"id": client_id, "choice": offered[label]})

    def post(self, body: dict[str, Any]) -> requests.Response:
        if "text" in body:
            self.said[body["id"]] = body["text"]
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = super().post(body)
                if answer.status_code != 503:
                    return answer
                self.told_off.append(answer)
            except requests.RequestException:
                assert time.monotonic() < until, "nobody came back"
            time.sleep(0.05)

    def _take(self, messages: list[dict[str, Any]]) -> None:
        super()._take(messages)
        self.acknowledged.update({message["id"]: message["text"] for message in messages})


def stop_mail(mail: MailRoom) -> None:
    """Take the mail server away."""
    mail._controller.stop()


def start_mail(mail: MailRoom) -> None:
    """Bring it back on the port where it was."""
    mail._controller = Controller(mail, hostname="127.0.0.1", port=mail._controller.port)
    mail._controller.start()


def refused_kindly(answer: requests.Response) -> bool:
    """True for a refusal that carries the numbers and gives nothing away."""
    return 400 <= answer.status_code < 600 and "999" in answer.text and "Traceback" not in answer.text
