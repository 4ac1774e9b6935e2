"""Which words were said, once shorthand, spelling and apostrophes are out of the way, and where do they stand?"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml
from rapidfuzz.distance import OSA


def word_set(words: str) -> frozenset[str]:
    """The words of a list written with spaces."""
    return frozenset(words.split())


LEXICONS = Path(__file__).parent / "lexicons"

#: Zero-width characters: pasted text carries them inside words.
_INVISIBLE = "\u200b-\u200d\u2060\ufeff\u00ad"
_APOSTROPHES = "'’‘`´ʼ"
_PIECE = re.compile(
    rf"\d+(?:[.:,/]\d+)+\w*"
    rf"|[^\W_](?:[^\W_{_INVISIBLE}]|[{_INVISIBLE}](?=[^\W_])|[{_APOSTROPHES}*@$](?=[^\W_]))*\*{{0,6}}"
    r"|[.!?;]+(?=[\s\"')”’]|$)|[…\n]+|,|[–—]|(?<=\s)-(?=\s)"
)
_ANY_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_LONG_RUN = re.compile(r"(\D)\1{2,}")
#: Endings that an apostrophe joins to a word, and what they stand for.
_ENDINGS = {"s": "s", "m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
_WITH_IS = word_set("he she it that there what who where how when someone somebody everyone here let")
_LONGEST_KEPT = 16
_CLAUSE_WORDS = word_set("but because cos as when while although though so then and since after until unless")


class Word(NamedTuple):
    """One plain lower-case word; `start`/`end` point at the piece of the original it came from."""

    norm: str
    start: int
    end: int
    sentence: int
    clause: int


@lru_cache(maxsize=1)
def _spelling() -> tuple[dict[str, str], tuple[str, ...]]:
    """The table of shorthand and misspellings -> plain words, and the long words that near spellings may mean."""
    data = yaml.safe_load((LEXICONS / "spelling.yml").read_text(encoding="utf-8"))
    table = {variant: plain for plain, variants in data["variants"].items() for variant in variants.split()}
    return table, tuple(data["near"].split())


@lru_cache(maxsize=1)
def _near_words() -> dict[tuple[int, str], tuple[str, ...]]:
    """Candidates by the length and first letter of what was written."""
    near = _spelling()[1]
    return {
        (size, letter): tuple(w for w in near if abs(len(w) - size) <= 1 and w[0] == letter)
        for size in range(6, 20)
        for letter in {w[0] for w in near}
    }


def plain_words(piece: str) -> tuple[str, ...]:
    """The plain words behind one written piece: "can't" -> can not, "neibor" -> neighbour, "hes" -> he is."""
    # The first ten thousand words of a language are nearly all of what is said; longer pieces are not worth keeping.
    return _kept_plain_words(piece) if len(piece) <= _LONGEST_KEPT else _find_plain_words(piece)


@lru_cache(maxsize=10_000)
def _kept_plain_words(piece: str) -> tuple[str, ...]:
    return _find_plain_words(piece)


def _find_plain_words(piece: str) -> tuple[str, ...]:
    text = piece.lower()
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", piece)
        kept = (c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
        text = "".join(kept).lower()
    if not text.isalnum():
        text = _ANY_APOSTROPHE.sub("'", text)
    squeezed = _LONG_RUN.sub(r"\1\1", text)
    table = _spelling()[0]
    # An ordinary word has one form: nothing to squeeze, no apostrophe to leave out.
    usual = squeezed == text and "'" not in text
    for form in (text,) if usual else (text, text.replace("'", ""), squeezed, _LONG_RUN.sub(r"\1", text)):
        if form in table and not ("'" in text and form in {"hell", "shell", "well", "ill", "shed", "wed", "were"}):
            return tuple(table[form].split())
    if "'" in squeezed:
        stem, _, ending = squeezed.rpartition("'")
        if ending == "t" and stem.endswith("n"):
            return (*plain_words(stem[:-1]), "not")
        if ending == "s" and stem in _WITH_IS:
            return (stem, "is")
        if ending in _ENDINGS and stem:
            return (*plain_words(stem), _ENDINGS[ending])
        squeezed = squeezed.replace("'", "")
    return (_near_spelling(squeezed),) if squeezed else ()


def _near_spelling(word: str) -> str:
    """A telling word that this one is one letter away from; both are long, so errors are few."""
    if not 6 <= len(word) < 20 or not word.isalpha() or word in _spelling()[1]:
        return word
    for known in _near_words().get((len(word), word[0]), ()):
        if word[:-1] in (known, known[:-1]) or word == known[:-1]:
            continue  # another ending ("attacker" for "attacked") is another word, not a slip
        if OSA.distance(word, known, score_cutoff=1) <= 1:
            return known
    return word


def split_words(text: str) -> list[Word]:
    """Every word of `text` in order, with its sentence and clause number. Never raises, whatever the characters."""
    words: list[Word] = []
    sentence = clause = 0
    for match in _PIECE.finditer(text):
        piece = match.group()
        if not piece[0].isalnum():
            clause += 1
            if piece[0] not in ",–—-":
                sentence += 1
            continue
        for norm in plain_words(piece):
            if norm in _CLAUSE_WORDS:
                clause += 1
            words.append(Word(norm, match.start(), match.end(), sentence, clause))
    return words


@dataclass(frozen=True)
class Sentence:
    """One sentence in plain words, one space between them, and where each word stands in what was said."""

    plain: str
    starts: tuple[int, ...]
    words: tuple[Word, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From a stretch of `plain` to the stretch of what was said."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, max(start, end - 1)) - 1
        return self.words[first].start, self.words[last].end


def sentences_of(words: list[Word]) -> list[Sentence]:
    """The words as sentences, in order."""
    grouped: dict[int, list[Word]] = {}
    for word in words:
        grouped.setdefault(word.sentence, []).append(word)
    sentences = []
    for group in grouped.values():
        starts, at = [], 0
        for word in group:
            starts.append(at)
            at += len(word.norm) + 1
        sentences.append(Sentence(" ".join(word.norm for word in group), tuple(starts), tuple(group)))
    return sentences
