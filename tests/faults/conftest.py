"""What do the tests of bad days share? One besieged server for them all: each leaves it as it found it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.siege import Siege, besieged


@pytest.fixture(scope="session")
def _siege(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    with besieged(tmp_path_factory.mktemp("siege")) as siege:
        yield siege


@pytest.fixture
def siege(_siege: Siege) -> Siege:
    """A running Haven with empty receivers."""
    _siege.haven.forget()
    return _siege
