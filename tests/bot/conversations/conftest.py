"""What do tests of conversations share? A house on each kind of database."""

from __future__ import annotations

import pytest

from bot.conversations.house import ConversationHouse
from bot.db import Database
from bot.security.keyring import Keyring


@pytest.fixture
def house(db: Database) -> ConversationHouse:
    return ConversationHouse(db, Keyring({"test": b"k" * 32}))
