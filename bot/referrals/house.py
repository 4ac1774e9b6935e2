"""What do the use cases of referrals work with? The database, the keys, and how services are reached."""

from __future__ import annotations

from dataclasses import dataclass

from bot.db import Database
from bot.delivery.record import AddressBook
from bot.security.keyring import Keyring


@dataclass(frozen=True)
class ReferralHouse:
    """What the use cases are handed. `public_url` has no slash at its end: links are `{public_url}/r/TOKEN`."""

    db: Database
    keyring: Keyring
    addresses: AddressBook
    public_url: str
