"""Which shape do the tables have? Alembic, run inside the program, one process at a time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from bot.db.patience import patient

#: Any number, the same for every process of Haven: PostgreSQL's advisory lock while tables change.
_LOCK = 4843501


def upgrade(engine: Engine, target: str) -> None:
    """Run the migrations up to `target`, all in one transaction."""
    with patient(), engine.begin() as connection:
        command.upgrade(_config(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Run the migrations back to `target`, all in one transaction."""
    with patient(), engine.begin() as connection:
        command.downgrade(_config(connection), target)


def _config(connection: Connection) -> Config:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
