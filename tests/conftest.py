"""What may every test ask for? A database of its own on each kind, and a fixed instant."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import House, open_dialogue, open_house
from bot.conversations.record import Dialogue
from bot.db import Database
from bot.dialogue import training
from bot.settings import ROOT, Settings, hush_rasa
from bot.understanding import learning
from bot.understanding.hearing import learned_reader, load_learned, use_learned
from bot.understanding.learned import LearnedReader
from bot.understanding.short import nearest_meaning
from tests.chatting import Chat
from tests.databases import PostgresServer, running_postgres


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    """Python's own event loop: the one that the network guard can watch (uvloop looks names up by itself)."""
    return asyncio.DefaultEventLoopPolicy()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One real PostgreSQL for the whole run, started when the first test asks for it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, empty database; a test that asks for it runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'haven.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield url
    server.drop_database(url)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A fresh database with every table."""
    database = Database(database_url)
    database.migrate()
    yield database
    database.dispose()


@pytest.fixture
def now() -> dt.datetime:
    """A Friday afternoon in winter, when services are open."""
    return dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.timezone.utc)


@pytest.fixture(scope="session")
def model() -> Path:
    """The folder of the trained model, which must be the one these files make."""
    hush_rasa()
    folder = ROOT / "models"
    assert not training.is_stale(ROOT, folder), "the model is missing or stale: run `make train`"
    assert not learning.is_stale(ROOT, folder), "the reader is missing or stale: run `make train`"
    assert not learning.is_short_stale(ROOT, folder), (
        "what the reader knows of short messages is stale: run `make train`"
    )
    return folder


@pytest.fixture(autouse=True)
def _reader_as_found() -> Iterator[None]:
    """A test may load another reader, or none: those after it have the one there was before."""
    reader, nearest = learned_reader(), nearest_meaning()
    yield
    use_learned(reader, nearest)


@pytest.fixture(scope="session")
def learned(model: Path) -> LearnedReader:
    """The learned reader, loaded for the rest of the run: what a server has."""
    assert load_learned(model)
    reader = learned_reader()
    assert reader is not None
    return reader


@pytest.fixture(scope="session")
def house(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The real parts on SQLite, for tests that drive the embedded dialogue."""
    folder = tmp_path_factory.mktemp("house")
    opened = open_house(Settings(env="test", var_dir=folder, model_dir=model, webhook_url="http://127.0.0.1:9/none"))
    opened.db.migrate()
    yield opened
    opened.db.dispose()


@pytest.fixture(scope="session")
def dialogue(house: House, learned: LearnedReader) -> Dialogue:
    """The embedded dialogue of the trained model, with the learned reader."""
    return open_dialogue(house)


@pytest.fixture
async def chat(dialogue: Dialogue, now: dt.datetime) -> Chat:
    """A talk that has just begun."""
    return await Chat(dialogue, now).begin()
