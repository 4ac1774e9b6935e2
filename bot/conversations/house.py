"""What do conversations need to be kept? The database and the keyring, handed over together."""

from __future__ import annotations

from dataclasses import dataclass

from bot.db import Database
from bot.security.keyring import Keyring


@dataclass(frozen=True)
class ConversationHouse:
    """Where conversations live. Wired once by `bot.app`; every use case takes it first."""

    db: Database
    keyring: Keyring
