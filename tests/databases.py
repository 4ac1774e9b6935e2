"""Which databases do tests run on? A SQLite file, and a real PostgreSQL started for the test run."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

INSTALL = "apt-get install -y postgresql"


class PostgresServer:
    """A PostgreSQL of our own, in a temporary folder, on a Unix socket only. It listens on no port."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._binaries = binaries
        self._user = _unprivileged()
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "-D", str(self.data), "-U", "haven", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    def start(self, *, durable: bool = False) -> None:
        """Start it and wait until it answers; `durable` keeps fsync on, for tests that kill it."""
        safety = "on" if durable else "off"
        self._process = subprocess.Popen(
            [
                str(self._binaries / "postgres"),
                *("-D", str(self.data), "-k", str(self.folder)),
                *("-c", "listen_addresses=", "-c", f"fsync={safety}", "-c", f"synchronous_commit={safety}"),
                *("-c", "max_connections=60", "-c", "shared_buffers=32MB"),
            ],
            user=self._user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("ab"),
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg2.connect(self._dsn("postgres")).close()
                return
            except psycopg2.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    pytest.fail(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()[-2000:]}")
                time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it by its own process id: SIGINT closes connections and ends, SIGQUIT ends at once."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def create_database(self) -> str:
        """A fresh, empty database; its SQLAlchemy URL."""
        name = f"haven_{secrets.token_hex(6)}"
        self._command(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return f"postgresql://haven@/{name}?host={self.folder}"

    def drop_database(self, url: str) -> None:
        name = url.split("@/")[1].split("?")[0]
        self._command(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _command(self, sql: str) -> None:
        connection = psycopg2.connect(self._dsn("postgres"))
        try:
            connection.autocommit = True
            connection.cursor().execute(sql)
        finally:
            connection.close()

    def _dsn(self, name: str) -> str:
        return f"host={self.folder} user=haven dbname={name} connect_timeout=3"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._binaries / program), *arguments],
            check=True,
            user=self._user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A running server; stopped and removed at the end."""
    # The path of a Unix socket may hold 107 bytes at most, so not pytest's own deep folder.
    folder = Path(tempfile.mkdtemp(prefix="haven-pg-"))
    server = PostgresServer(folder, postgres_binaries())
    try:
        server.prepare()
        server.start(durable=durable)
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def postgres_binaries() -> Path:
    """The folder that holds initdb and postgres; the test fails, with what to install, when there is none."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).resolve().parent
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if not versions:
        pytest.fail(f"these tests need a real PostgreSQL. Install it with: {INSTALL}")
    return max(versions, key=lambda path: float(path.parent.name))


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as the first of these users that exists."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)
