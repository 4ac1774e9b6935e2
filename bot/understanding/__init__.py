"""What did the person say? Text in, findings out, each with the words that show it; and is anyone in danger?

The safety check is imported first and alone: nothing that `read` needs can keep it from answering.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from bot.understanding.alarm import check_safety
from bot.understanding.safety import SafetyReading

if TYPE_CHECKING:
    from bot.understanding.reader import Reading

#: Not empty: with nothing to read, nothing is loaded.
_FIRST_WORDS = "I live in Stafford"

__all__ = ["SafetyReading", "check_safety", "heed", "read", "read_words", "warm_up"]


def heed(text: str) -> SafetyReading:
    """The safety check with the learned reader behind it, which can only add; see `hearing.heed`."""
    from bot.understanding.hearing import heed as heed_text

    return heed_text(text)


def read(text: str, now: dt.datetime) -> Reading:
    """The findings in a message or story; see `hearing.read`. spaCy is loaded on the first call."""
    from bot.understanding.hearing import read as read_text

    return read_text(text, now)


def read_words(text: str, now: dt.datetime) -> Reading:
    """The same by the lexicons alone, for answers and other pieces; see `reader.read`."""
    from bot.understanding.reader import read as read_by_words

    return read_by_words(text, now)


def warm_up(model_dir: Path) -> None:
    """Load everything that reading needs, so that the first person does not wait; the learned reader from here."""
    from bot.understanding.hearing import load_learned

    check_safety(_FIRST_WORDS)
    load_learned(model_dir)
    read(_FIRST_WORDS, dt.datetime(2000, 1, 1, tzinfo=dt.timezone.utc))
