"""What does a journey ask for? A running Haven on each kind of database, at the instant its `at` marker names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.databases import PostgresServer
from tests.journeys.haven import Haven, running_haven

#: A Friday afternoon in winter, when services are open.
AFTERNOON = "2026-11-20T14:30:00+00:00"


@pytest.fixture(scope="session")
def servers(
    model: Path, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], Haven]]:
    """The Havens that are running, by database and instant: each is started once and serves many journeys."""
    with ExitStack() as stack:
        yield _Servers(stack, postgres_server, tmp_path_factory)


class _Servers(dict[tuple[str, str], Haven]):
    def __init__(self, stack: ExitStack, postgres: PostgresServer, folders: pytest.TempPathFactory) -> None:
        super().__init__()
        self._stack, self._postgres, self._folders = stack, postgres, folders

    def __missing__(self, key: tuple[str, str]) -> Haven:
        kind, at = key
        folder = self._folders.mktemp(kind)
        url = f"sqlite:///{folder / 'haven.db'}" if kind == "sqlite" else self._postgres.create_database()
        self[key] = self._stack.enter_context(running_haven(folder, url, at))
        return self[key]


@pytest.fixture(params=["sqlite", "postgresql"])
def haven(request: pytest.FixtureRequest, servers: dict[tuple[str, str], Haven]) -> Haven:
    """A running Haven, once on each kind of database, with empty receivers."""
    marker = request.node.get_closest_marker("at")
    running = servers[request.param, marker.args[0] if marker else AFTERNOON]
    running.forget()
    return running


@pytest.fixture
def served(servers: dict[tuple[str, str], Haven]) -> Haven:
    """A running Haven on SQLite, for what does not depend on the database."""
    return servers["sqlite", AFTERNOON]
