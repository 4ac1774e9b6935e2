"""What did the person say? Text in, findings out, each with the words that show it; and is anyone in danger?

The safety check is imported first and alone: nothing that `read` needs can keep it from answering.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bot.understanding.safety import SafetyReading, check_safety

if TYPE_CHECKING:
    from bot.understanding.reader import Reading

__all__ = ["SafetyReading", "check_safety", "read", "warm_up"]


def read(text: str, now: dt.datetime) -> Reading:
    """The findings in a message or story; see `reader.read`. spaCy is loaded on the first call."""
    from bot.understanding.reader import read as read_text

    return read_text(text, now)


def warm_up() -> None:
    """Load everything that reading needs, so that the first person does not wait."""
    from bot.understanding.lexicon import phrase_book

    check_safety("")
    phrase_book()
