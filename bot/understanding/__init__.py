"""What did the person say? Text in, findings out, each with the words that show it; and is anyone in danger?

The safety check is imported first and alone: nothing that `read` needs can keep it from answering.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bot.understanding.safety import SafetyReading, check_safety

if TYPE_CHECKING:
    from bot.understanding.reader import Reading

#: Not empty: with nothing to read, nothing is loaded.
_FIRST_WORDS = "I live in Stafford"

__all__ = ["SafetyReading", "check_safety", "read", "warm_up"]


def read(text: str, now: dt.datetime) -> Reading:
    """The findings in a message or story; see `reader.read`. spaCy is loaded on the first call."""
    from bot.understanding.reader import read as read_text

    return read_text(text, now)


def warm_up() -> None:
    """Load everything that reading needs, so that the first person does not wait."""
    check_safety(_FIRST_WORDS)
    read(_FIRST_WORDS, dt.datetime(2000, 1, 1, tzinfo=dt.timezone.utc))
