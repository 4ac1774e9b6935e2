"""Which language would help the person? Written in another one, asked for in English, or told: one access need."""

from __future__ import annotations

from bot.triage.vocabulary import HATE_STRANDS, Finding
from bot.understanding.language import find_language_written
from bot.understanding.language_asked import find_language_asked
from bot.understanding.people import Told

LABEL = "access_needs"
#: Surest is who asks for it; words in two languages may be no wish at all.
_ASKED, _WRITTEN, _MIXED, _TOLD = 0.95, 0.9, 0.6, 0.9


def find_language_need(said: str, known: Finding | None, told: Told | None) -> Finding | None:
    """The access need with the language in it, or None when no language shows.

    `known`: the need that other words show already, whose value is kept; `told`: a language named in passing. Who
    writes in another language, with no English to read beside it, is taken to want an interpreter.
    """
    asked = find_language_asked(said)
    if asked is not None and asked.language is not None:
        return _need(said, known, asked.start, asked.end, asked.language, asked.interpreter, _ASKED, said_so=True)
    written = find_language_written(said)
    if written is not None and not written.mixed:
        return _need(said, known, written.start, written.end, written.language, True, _WRITTEN, said_so=False)
    wants = asked is not None
    if told is not None:
        return _need(said, known, told.start, told.end, str(told.value), wants, _TOLD, said_so=True)
    if written is not None:
        return _need(said, known, written.start, written.end, written.language, wants, _MIXED, said_so=False)
    if asked is not None:
        return _need(said, known, asked.start, asked.end, None, True, _ASKED, said_so=True)
    return None


def without_wish(found: list[Finding], need: Finding) -> list[Finding]:
    """The findings but those read into the wish: "someone who speaks Urdu" is no stranger, and no matter of race."""
    return [f for f in found if not (f.label in (*HATE_STRANDS, "who") and need.start <= f.start and f.end <= need.end)]


def _need(
    said: str,
    known: Finding | None,
    start: int,
    end: int,
    language: str | None,
    interpreter: bool,
    sureness: float,
    *,
    said_so: bool,
) -> Finding:
    value = dict(known.value) if known else {"needs": []}
    if interpreter:
        value["needs"] = list(dict.fromkeys([*value.get("needs", ()), "interpreter"]))
        value["interpreter"] = True
    if language is not None:
        value["language"] = language
    # a story in another language is no words of what they need: the name of the language says it
    value.setdefault("words", said[start:end].strip(" .,;!?\n") if said_so else "")
    return Finding(LABEL, start, end, said[start:end], value, sureness)
