"""Where is it kept? The engine, transactions, column types and migrations; tables live in each part's `store.py`."""

from sqlalchemy.orm import Session

from bot.db.columns import JsonText, UtcDateTime
from bot.db.database import Database, DatabaseUnavailable, rows_changed
from bot.db.schema import Base, metadata

__all__ = ["Base", "Database", "DatabaseUnavailable", "JsonText", "Session", "UtcDateTime", "metadata", "rows_changed"]
