"""How is the database reached? One engine, one way to open a transaction, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.db.migrations import downgrade, upgrade
from bot.db.patience import bound_waiting

#: Seconds: a lock is waited for, a statement may run, a connection may take. Nobody waits longer than a reply may take.
LOCK_SECONDS = 4
STATEMENT_SECONDS = 5
CONNECT_SECONDS = 3


class DatabaseUnavailable(Exception):
    """The database cannot be reached, is locked for too long or has no room.

    Nothing of the transaction was kept, unless the connection broke during the commit itself: then it may have been.
    Use cases are written so that doing the same again is safe.
    """


class Database:
    """The database of one process. Thread-safe; give each process its own.

    `url` is a SQLAlchemy URL of a SQLite file or a PostgreSQL database. Raises ValueError for anything else.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block and rolls back on any error.

        Raises DatabaseUnavailable when the database fails, RuntimeError when called in the event loop.
        """
        session = Session(self._engine, future=True, expire_on_commit=False)
        try:
            with session.begin():
                yield session
        except PoolTimeout as error:
            raise DatabaseUnavailable("no free connection") from error
        except DBAPIError as error:
            if _is_unavailable(error):
                raise DatabaseUnavailable(type(error).__name__) from error
            raise
        finally:
            session.close()

    def migrate(self, target: str = "head") -> None:
        """Bring the tables up to `target`; safe when several processes start at once. Raises DatabaseUnavailable."""
        try:
            upgrade(self._engine, target)
        except DBAPIError as error:
            if _is_unavailable(error):
                raise DatabaseUnavailable(type(error).__name__) from error
            raise

    def downgrade(self, target: str) -> None:
        """Take the tables back to the revision `target`, or to nothing with "base"."""
        downgrade(self._engine, target)

    def is_reachable(self) -> bool:
        """True when a statement can be run now."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    @property
    def dialect(self) -> str:
        """sqlite or postgresql."""
        return str(self._engine.dialect.name)

    def dispose(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()


def rows_changed(session: Session, statement: Any) -> int:
    """Run an insert, update or delete; how many rows it changed."""
    return int(cast(Any, session.execute(statement)).rowcount)


def _is_unavailable(error: DBAPIError) -> bool:
    # Exactly DatabaseError, none of its kinds: SQLite says so of a file that is damaged or is no database.
    damaged = type(error) is DatabaseError
    return bool(damaged or error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError)))


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    except (ArgumentError, ValueError):
        # The library's own words show the URL, and with it the password.
        raise ValueError("HAVEN_DATABASE_URL cannot be read: it must look like postgresql+psycopg2://…") from None
    options: dict[str, Any] = {"future": True, "hide_parameters": True, "pool_timeout": CONNECT_SECONDS}
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise ValueError("a SQLite database needs a file: its memory is not shared between threads")
        engine: Engine = create_engine(
            parsed,
            poolclass=QueuePool,
            connect_args={"check_same_thread": False, "timeout": LOCK_SECONDS},
            **options,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif parsed.get_backend_name() == "postgresql":
        bound_waiting()
        settings = {
            "statement_timeout": f"{STATEMENT_SECONDS}s",
            "lock_timeout": f"{LOCK_SECONDS}s",
            "idle_in_transaction_session_timeout": "30s",
            "timezone": "UTC",
        }
        engine = create_engine(
            parsed,
            pool_pre_ping=True,
            pool_size=10,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            },
            **options,
        )
    else:
        raise ValueError("HAVEN_DATABASE_URL must name a SQLite file or a PostgreSQL database")
    event.listen(engine, "before_cursor_execute", _refuse_in_event_loop)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself: _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a commit is on disk before anything is acknowledged
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A transaction that reads and then writes would fail at once when another wrote between; this one waits its turn.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _refuse_in_event_loop(*_arguments: Any) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("database call in the event loop")
