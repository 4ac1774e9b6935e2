"""What did the person say, by every layer that is there? Lexicons always, the learned reader when it is loaded."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.understanding.alarm import check_safety
from bot.understanding.heard import Heard, marks_of
from bot.understanding.language import find_language_written
from bot.understanding.reader import LONGEST, Reading
from bot.understanding.reader import read as read_words
from bot.understanding.safety import SafetyReading
from bot.understanding.short import NearestMeaning, use_nearest
from bot.understanding.weighing import danger_in, is_calm, is_calm_story, weigh

if TYPE_CHECKING:
    from bot.understanding.learned import LearnedReader

#: Danger does not depend on the day.
_ANY_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)

#: In fewer words there is nothing to hear that is not in the words themselves.
FEWEST_WORDS = 3

#: What the learned reader has no ear for, so its calm says nothing about them.
_NEVER_LEARNT = frozenset({"child_at_risk", "adult_at_risk"})

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
        from bot.understanding.encoder import PUBLISHED_FILE, Encoder
        from bot.understanding.learned import FOLDER, LearnedReader

        reader = LearnedReader(model_dir / FOLDER)
        published = Encoder(model_dir / FOLDER, PUBLISHED_FILE)
        use_learned(reader, NearestMeaning.load(model_dir / FOLDER, published))
    except Exception as problem:
        use_learned(None, None)
        if not _Loaded.warned:
            _Loaded.warned = True
            _log.warning("The learned reader is not loaded; reading goes on by lexicons alone: %s", problem)
        return False
    return True


def use_learned(reader: LearnedReader | None, nearest: NearestMeaning | None) -> None:
    """Read stories and short messages with these from now on; with None, by lexicons alone."""
    _hear.cache_clear()
    _Loaded.reader = reader
    use_nearest(nearest)


def learned_reader() -> LearnedReader | None:
    """The learned reader in use, if one was loaded."""
    return _Loaded.reader


def heed(text: str) -> SafetyReading:
    """Whether anyone is in danger: the safety check first, and what the learned reader hears beside it.

    A cry that the check is sure of stands, whatever is heard; in a long story in which no danger at all is heard its
    answer becomes a question, never silence. Where the check itself would only ask, nothing is asked in such a story,
    nor about something vague when all is calm; but a child or an adult at risk is always asked about. The check alone
    answers when the learned reader is not there. Never raises for what is in the text.
    """
    checked = check_safety(text)
    said = text[:LONGEST]
    heard = _hear(said, _marks(said)) if _Loaded.reader is not None else None
    if heard is None:
        return checked
    if checked.level == "now":
        if not is_calm_story(heard):
            return checked
        return SafetyReading("ask", tuple(replace(signal, value="ask") for signal in checked.signals))
    added = danger_in(heard)
    if added is None:
        labels = {signal.label for signal in checked.signals}
        calm = is_calm(heard) if labels <= {"immediate_danger"} else is_calm_story(heard) and not labels & _NEVER_LEARNT
        return SafetyReading(None) if calm else checked
    if checked.level == "ask" and added.value == "ask":
        return checked
    return SafetyReading("now" if added.value == "now" else "ask", (added, *checked.signals))


def read(text: str, now: dt.datetime) -> Reading:
    """Read a message or a whole story. `now` is aware. Any Unicode; never raises for what is in the text."""
    words = read_words(text, now)
    said = text[:LONGEST]
    heard = _hear(said, marks_of(said, words.findings)) if _Loaded.reader is not None else None
    if heard is None:
        return words
    return Reading(text, tuple(sorted(weigh(words.findings, heard), key=lambda f: (f.start, f.end, f.label))))


@lru_cache(maxsize=2)
def _marks(said: str) -> frozenset[str]:
    return marks_of(said, read_words(said, _ANY_DAY).findings)


@lru_cache(maxsize=2)  # one message is asked about three times in one turn: for danger, for its intent, for the story
def _hear(said: str, marks: frozenset[str]) -> Heard | None:
    if _Loaded.reader is None or len(said.split()) < FEWEST_WORDS:
        return None
    written = find_language_written(said)
    if written is not None and not written.mixed:
        return None  # the learned reader knows English alone, and would mishear
    return _Loaded.reader.hear(said, marks)
