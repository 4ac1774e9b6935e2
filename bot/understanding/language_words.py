"""Which words of which languages stand in a message? The evidence, from reviewed lists alone; no model."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from bot.understanding.words import LEXICONS

#: Added to a name where the language is written in English letters; it is not part of what is recorded.
IN_ENGLISH_LETTERS = " (in English letters)"

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
#: What is in no language: addresses of pages and people, postcodes, numbers.
_NO_WORDS = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|\b\d+(?:st|nd|rd|th|am|pm)?\b",
    re.IGNORECASE,
)
#: Letters whose strokes Unicode does not count as accents.
_STROKES = str.maketrans(
    {"ł": "l", "ı": "i", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "’": "'", "ŧ": "t", "ħ": "h"}
)


class Token(NamedTuple):
    """One word as it is looked up, and where it stands; `marked` are its letters that English does not write."""

    norm: str
    start: int
    end: int
    marked: str


@dataclass(frozen=True)
class Tables:
    """The lists, turned round: a word or letter -> the languages that have it. `codes`: as py3langid names them."""

    english: frozenset[str]
    by_word: Mapping[str, tuple[str, ...]]
    by_letter: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, str]


@lru_cache(maxsize=1)
def language_data() -> dict[str, Any]:
    """`lexicons/languages.yml`, read once."""
    loaded: dict[str, Any] = yaml.safe_load((LEXICONS / "languages.yml").read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables of languages written in Latin letters."""
    data = language_data()
    words: dict[str, list[str]] = {}
    letters: dict[str, list[str]] = {}
    for name, about in data["languages"].items():
        for word in dict.fromkeys(fold(w) for w in f"{about['words']} {about['called']}".split()):
            words.setdefault(word, []).append(name)
        for letter in about["letters"]:
            letters.setdefault(letter, []).append(name)
    english = frozenset(fold(word) for word in data["english"].split())
    shorthand = yaml.safe_load((LEXICONS / "spelling.yml").read_text(encoding="utf-8"))
    written = " ".join([*shorthand["variants"], *shorthand["variants"].values(), shorthand["near"]])
    return Tables(
        # shorthand counts as English where no other language has the word: "na" is Polish as well
        english=english | {w for w in written.lower().split() if w not in words},
        by_word={word: tuple(names) for word, names in words.items()},
        by_letter={letter: tuple(names) for letter, names in letters.items()},
        codes={name: about["read"] for name, about in data["languages"].items() if "read" in about},
    )


def fold(text: str) -> str:
    """Lower case without accents, dots and strokes: how a hurried hand writes it."""
    text = text.lower()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_STROKES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_STROKES)


def tokens_of(text: str) -> list[Token]:
    """The words of a text, without what is in no language. Places are those of `text`."""
    blanked = _NO_WORDS.sub(lambda m: " " * len(m.group()), text)
    found = []
    for match in _WORD.finditer(blanked):
        piece = match.group()
        marked = "" if piece.isascii() else "".join(c for c in piece.lower() if not c.isascii() and c != "’")
        found.append(Token(fold(piece), match.start(), match.end(), marked))
    return found


@dataclass(frozen=True)
class Weight:
    """What the words of a stretch say: how many there are, and for the likeliest language how much of it there is.

    `covered`: share of words that are of that language and not English; `distinct`: how many different ones, of two
    letters or more; `english`: share of words that are English and not of that language; `close`: the languages that
    the same words fit nearly as well, the likeliest first.
    """

    count: int
    language: str | None
    covered: float
    distinct: int
    english: float
    close: tuple[str, ...]


def english_share(tokens: Sequence[Token]) -> float:
    """The share of words that are in the list of everyday English; 1.0 for no words at all."""
    english = tables().english
    return sum(t.norm in english for t in tokens) / len(tokens) if tokens else 1.0


def weigh(tokens: Sequence[Token]) -> Weight:
    """Weigh a stretch of words against every language of the lists."""
    known = tables()
    score: Counter[str] = Counter()
    having: dict[str, list[str]] = {}
    for token in tokens:
        if token.norm in known.english:
            continue
        names = known.by_word.get(token.norm, ())
        for name in names:
            score[name] += 1 / len(names) + 0.25  # type: ignore[assignment]  # a Counter may count parts
        marked = {name for letter in token.marked for name in known.by_letter.get(letter, ())}
        for name in marked:
            score[name] += 1 / len(marked)  # type: ignore[assignment]  # the same
        for name in {*names, *marked}:
            having.setdefault(name, []).append(token.norm)
    count = len(tokens)
    if not score or not count:
        return Weight(count, None, 0.0, 0, english_share(tokens), ())
    ranked = sorted(score, key=lambda name: (-score[name], name))
    best = ranked[0]
    mine = having[best]
    english = sum(t.norm in known.english and best not in known.by_word.get(t.norm, ()) for t in tokens)
    return Weight(
        count=count,
        language=best,
        covered=len(mine) / count,
        distinct=len({word for word in mine if len(word) > 1}),
        english=english / count,
        close=tuple(name for name in ranked[:4] if score[name] >= 0.7 * score[best]),
    )
