"""Does a transaction keep all or nothing, and never run in the event loop?"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, text

from bot.db import Database, DatabaseUnavailable, JsonText, UtcDateTime

_things = Table(
    "test_things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("word", Text, nullable=False),
    Column("at", UtcDateTime),
    Column("value", JsonText),
)


@pytest.fixture
def things(db: Database) -> Database:
    with db.transaction() as session:
        _things.create(session.connection())
    return db


def words(db: Database) -> list[str]:
    with db.transaction() as session:
        return list(session.execute(select(_things.c.word).order_by(_things.c.id)).scalars())


def test_a_transaction_commits_at_its_end(things: Database) -> None:
    with things.transaction() as session:
        session.execute(insert(_things).values(word="kept"))
    assert words(things) == ["kept"]


def test_an_error_rolls_back_everything(things: Database) -> None:
    def fail_half_way() -> None:
        with things.transaction() as session:
            session.execute(insert(_things).values(word="lost"))
            raise KeyError("half way")

    with pytest.raises(KeyError):
        fail_half_way()
    assert words(things) == []


def test_an_instant_comes_back_in_utc_whatever_its_offset(things: Database) -> None:
    summer = dt.datetime(2026, 7, 1, 9, 30, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with things.transaction() as session:
        session.execute(insert(_things).values(word="summer", at=summer))
        kept = session.execute(select(_things.c.at)).scalar_one()
        earlier = session.execute(select(_things.c.id).where(_things.c.at < summer)).all()
    assert kept == summer
    assert kept.utcoffset() == dt.timedelta(0)
    assert earlier == []


def test_a_naive_instant_is_refused(things: Database) -> None:
    def keep_naive() -> None:
        with things.transaction() as session:
            session.execute(insert(_things).values(word="x", at=dt.datetime(2026, 7, 1)))  # noqa: DTZ001 - the point

    with pytest.raises(Exception, match="without its offset"):
        keep_naive()


def test_json_keeps_what_text_columns_cannot(things: Database) -> None:
    value = {"nul": "a\x00b", "lone": "\ud800", "list": [1, None, True], "arabic": "سلام"}
    with things.transaction() as session:
        session.execute(insert(_things).values(word="json", value=value))
    with things.transaction() as session:
        assert session.execute(select(_things.c.value)).scalar_one() == value


def test_a_statement_in_the_event_loop_is_refused(things: Database) -> None:
    async def ask_in_the_loop() -> None:
        with things.transaction() as session:
            session.execute(select(_things))

    async def ask_beside_the_loop() -> list[str]:
        return await asyncio.to_thread(words, things)

    with pytest.raises(RuntimeError, match="database call in the event loop"):
        asyncio.run(ask_in_the_loop())
    assert asyncio.run(ask_beside_the_loop()) == []


def test_writers_at_once_all_get_through(things: Database) -> None:
    def write(number: int) -> None:
        for turn in range(5):
            with things.transaction() as session:
                session.execute(select(_things.c.id)).all()
                session.execute(insert(_things).values(word=f"{number}-{turn}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(words(things))) == 30


def test_foreign_keys_are_kept(db: Database) -> None:
    def orphan() -> None:
        with db.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO receiver_sessions (token_hash, link_id, created_at, expires_at)"
                    " VALUES ('a', 'nobody', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
                )
            )

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        orphan()


def test_errors_do_not_print_what_was_to_be_kept(things: Database) -> None:
    def break_a_rule() -> None:
        with things.transaction() as session:
            session.execute(insert(_things).values(id=1, word="canary"))
            session.execute(insert(_things).values(id=1, word="canary"))

    with pytest.raises(Exception, match="test_things") as caught:
        break_a_rule()
    assert "canary" not in str(caught.value)


def test_an_unreachable_database_says_so() -> None:
    nowhere = Database("postgresql://haven@/haven?host=/nonexistent")
    assert nowhere.is_reachable() is False
    with pytest.raises(DatabaseUnavailable), nowhere.transaction() as session:
        session.execute(select(_things))


def test_a_locked_sqlite_file_is_waited_for_then_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.db.database.LOCK_SECONDS", 0.2)
    url = f"sqlite:///{tmp_path / 'busy.db'}"
    holder, other = Database(url), Database(url)

    def write_beside() -> None:
        with other.transaction() as session:
            session.execute(text("CREATE TABLE never (id INTEGER)"))

    with holder.transaction() as session:
        session.execute(text("CREATE TABLE held (id INTEGER)"))
        with pytest.raises(DatabaseUnavailable):
            write_beside()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/haven"])
def test_other_databases_are_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite"):
        Database(url)


def test_a_full_disk_is_told_and_nothing_is_half_kept(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'full.db'}")

    def write(much: int) -> None:
        with database.transaction() as session:
            session.execute(text("INSERT INTO kept VALUES (:words)"), {"words": "x" * much})

    with database.transaction() as session:
        session.execute(text("CREATE TABLE kept (words TEXT)"))
        session.execute(text("PRAGMA max_page_count = 10"))
    write(100)
    with pytest.raises(DatabaseUnavailable):
        write(100_000)
    with database.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM kept")).scalar_one() == 1
        session.execute(text("PRAGMA max_page_count = 10000"))
    write(100_000)
