"""What did the person say, with every layer that is there? The lexicons always, the learned reader when it is loaded."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from bot.understanding.reader import LONGEST, Reading
from bot.understanding.reader import read as read_words

if TYPE_CHECKING:
    from bot.understanding.learned import LearnedReader

_log = logging.getLogger(__name__)


class _Loaded:
    """What was loaded, and whether it was said that nothing could be."""

    reader: LearnedReader | None = None
    warned = False


def load_learned(model_dir: Path) -> bool:
    """Load the learned reader of a model folder. False, and one warning, when it is not there or will not load.

    Without it Haven reads by its lexicons alone, and goes on.
    """
    try:
        from bot.understanding.learned import load_reader

        _Loaded.reader = load_reader(model_dir)
    except Exception as problem:
        _Loaded.reader = None
        if not _Loaded.warned:
            _Loaded.warned = True
            _log.warning("The learned reader is not loaded; reading goes on by lexicons alone: %s", problem)
        return False
    return True


def learned_reader() -> LearnedReader | None:
    """The learned reader in use, if one was loaded."""
    return _Loaded.reader


def read(text: str, now: dt.datetime) -> Reading:
    """Read a message or a whole story. `now` is aware. Any Unicode; never raises for what is in the text."""
    words = read_words(text, now)
    if _Loaded.reader is None:
        return words
    from bot.understanding.learned import marks_of
    from bot.understanding.weighing import weigh

    heard = _Loaded.reader.hear(text[:LONGEST], marks_of(words.findings))
    if heard is None:
        return words
    return Reading(text, tuple(sorted(weigh(words.findings, heard), key=lambda f: (f.start, f.end, f.label))))
