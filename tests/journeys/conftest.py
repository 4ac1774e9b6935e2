"""What does a journey ask for? A Haven of its own, at the instant its `at` marker names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.haven import Haven, running_haven

#: A Friday afternoon in winter, when services are open.
AFTERNOON = "2026-11-20T14:30:00+00:00"


@pytest.fixture
def haven(request: pytest.FixtureRequest, model: Path, database_url: str, tmp_path: Path) -> Iterator[Haven]:
    """A running Haven, once on each kind of database."""
    marker = request.node.get_closest_marker("at")
    with running_haven(tmp_path, database_url, marker.args[0] if marker else AFTERNOON) as running:
        yield running


@pytest.fixture(scope="session")
def served(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Haven]:
    """One Haven on SQLite for journeys that leave nothing behind for each other."""
    folder = tmp_path_factory.mktemp("served")
    with running_haven(folder, f"sqlite:///{folder / 'haven.db'}", AFTERNOON) as running:
        yield running
