"""Is what was committed still there when PostgreSQL dies, and is an outage told quickly and survived?"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bot.db import Database, DatabaseUnavailable
from tests.databases import PostgresServer, running_postgres


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of its own, with fsync on, that may be killed."""
    with running_postgres(durable=True) as server:
        yield server


@pytest.fixture
def db(server: PostgresServer) -> Iterator[Database]:
    database = Database(server.create_database())
    with database.transaction() as session:
        session.execute(text("CREATE TABLE kept (number INTEGER PRIMARY KEY)"))
    yield database
    database.dispose()


def keep(db: Database, number: int) -> None:
    with db.transaction() as session:
        session.execute(text("INSERT INTO kept VALUES (:number)"), {"number": number})


def numbers(db: Database) -> list[int]:
    with db.transaction() as session:
        return list(session.execute(text("SELECT number FROM kept ORDER BY number")).scalars())


def test_a_killed_server_loses_nothing_that_was_acknowledged(server: PostgresServer, db: Database) -> None:
    for round_ in range(2):
        for number in range(round_ * 10, round_ * 10 + 10):
            keep(db, number)
        server.stop(signal.SIGKILL if round_ == 1 else signal.SIGQUIT)
        started = time.monotonic()
        assert not db.is_reachable()
        with pytest.raises(DatabaseUnavailable):
            keep(db, 999)
        assert time.monotonic() - started < 5
        server.start(durable=True)
        assert numbers(db) == list(range(round_ * 10 + 10))


def test_a_server_that_dies_within_a_transaction_keeps_none_of_it(server: PostgresServer, db: Database) -> None:
    def die_half_way() -> None:
        with db.transaction() as session:
            session.execute(text("INSERT INTO kept VALUES (1)"))
            server.stop(signal.SIGQUIT)

    with pytest.raises(DatabaseUnavailable):
        die_half_way()
    server.start(durable=True)
    assert numbers(db) == []


def test_a_frozen_server_holds_nobody_for_long(server: PostgresServer, db: Database) -> None:
    keep(db, 1)
    with db.transaction() as session:
        backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    frozen = (server.pid, backend)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            keep(db, 2)
        assert time.monotonic() - started < 8
        started = time.monotonic()
        assert not db.is_reachable()
        assert time.monotonic() - started < 5
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    assert numbers(db) == [1]
