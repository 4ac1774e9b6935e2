"""Is this message written in another language than English, and in which?

Reviewed word lists and letters decide (`lexicons/languages.yml`); py3langid is asked where they leave a doubt. Cautious
on purpose: dialect, shorthand, second-language English, names and words that were quoted stay English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.understanding.language_words import (
    IN_ENGLISH_LETTERS,
    Token,
    Weight,
    english_share,
    fold,
    language_data,
    tables,
    tokens_of,
    weigh,
)
from bot.understanding.words import word_set

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: A message is looked at no further than this: the language of a story shows in its beginning.
_LONGEST = 2_000
#: Fewer words than this are no sign in Latin letters, and fewer letters none in others.
_FEWEST_WORDS, _FEWEST_LETTERS = 3, 4
#: With this share of everyday English words a message without a foreign stretch is English: nothing more is asked.
_ENGLISH_ENOUGH = 0.5
#: So many English words can be read on their own, whatever stands beside them.
_READABLE = 8
#: Small words inside names, which are written small.
_PARTICLES = word_set("das del der des dos den las les los van von della delle dello och und")
_SEGMENT = re.compile(r"[^.!?;\n…]+")
_QUOTED = re.compile(r"“[^”]{2,}”|\"[^\"]{2,}\"|«[^»]{2,}»|‘[^’]{2,}’(?!\w)|(?<!\w)'[^'\n]{2,}'(?!\w)")
#: What follows these was said by somebody else, as a rule.
_SAYING = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|shout(?:s|ed|ing)?|scream(?:s|ed|ing)?|yell(?:s|ed|ing)?|call(?:s|ed|ing)?|wr(?:ote|ites?|itten)|"
    r"told|tells?|sings?|sang|singing|chant(?:s|ed|ing)?|sprayed|go(?:es|ing)?|like|text(?:s|ed)?|message[sd]?|words?)"
    r"(?: (?:me|us|him|her|them|at|it|things?|out|that|on|stuff|like|is|was|:|-))*\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Writing:
    """A stretch in another language. `mixed`: there is English enough beside it to read the message as usual."""

    language: str
    start: int
    end: int
    mixed: bool


class _Script(NamedTuple):
    ranges: tuple[tuple[int, int], ...]
    languages: tuple[dict[str, Any], ...]


@lru_cache(maxsize=1)
def _scripts() -> tuple[_Script, ...]:
    return tuple(
        _Script(
            tuple((int(low, 16), int(high, 16)) for low, high in (part.split("-") for part in entry["range"].split())),
            tuple(entry["languages"]),
        )
        for entry in language_data()["scripts"]
    )


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """py3langid, for the languages of the lists and English; loaded when first in doubt."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    known = {code for _, code in _known_codes()}
    identifier.set_languages(["en", *(code for code in identifier.nb_classes if code in known)])
    return identifier


def _known_codes() -> Iterator[tuple[str, str]]:
    yield from tables().codes.items()
    for script in _scripts():
        for language in script.languages:
            yield language["name"], language["read"]


def find_language_written(text: str) -> Writing | None:
    """The language a message is written in when that is surely not English, else None. Any Unicode; never raises."""
    said = text[:_LONGEST]
    if not said.isascii():
        by_script = _by_script(said)
        if by_script is not None:
            return by_script
    unquoted = _QUOTED.sub(lambda m: " " * len(m.group()), said)
    tokens = tokens_of(unquoted)
    if len(tokens) < _FEWEST_WORDS and len(tokens_of(said)) >= _FEWEST_WORDS:
        tokens = tokens_of(said)  # all of it stands in quotation marks
    if len(tokens) < _FEWEST_WORDS or _are_names(said, tokens):
        return None
    return _in_latin_letters(said, unquoted, tokens)


def _in_latin_letters(said: str, unquoted: str, tokens: Sequence[Token]) -> Writing | None:
    whole = weigh(tokens)
    screened = whole.english >= _ENGLISH_ENOUGH
    seen = not screened and _is_seen(whole, said, tokens)
    if seen and not any(english_share(part) >= 0.8 for part in _segments(unquoted, tokens)):
        return _writing(whole, said, tokens, mixed=_is_readable(whole))
    if screened and whole.covered < 0.08:
        return None
    found = []
    for part in _segments(unquoted, tokens):
        weight = weigh(part)
        if (
            weight.count >= 5
            and weight.english <= 0.25
            and weight.distinct >= 3
            and weight.covered >= 0.4
            and not _SAYING.search(said[max(0, part[0].start - 40) : part[0].start])
        ):
            found.append((weight, part))
    if not found:
        return _writing(whole, said, tokens, mixed=False) if seen else None
    most, part = max(found, key=lambda pair: pair[0].distinct)
    rest = len(tokens) - sum(weight.count for weight, _ in found)
    own = _writing(most, said, part, mixed=rest >= _READABLE)
    return Writing(own.language, found[0][1][0].start, found[-1][1][-1].end, own.mixed)


def _is_readable(weight: Weight) -> bool:
    """Whether the English words among the others tell something: "mera neighbour loud music play karta hai"."""
    return weight.english > 0.25 and weight.english * weight.count >= 4


def _are_names(said: str, tokens: Sequence[Token]) -> bool:
    """True for "Ana Maria da Silva": a few words, and all but the small ones written as names are."""
    words = [said[t.start : t.end] for t in tokens if t.end - t.start > 2 and t.norm not in _PARTICLES]
    return len(tokens) <= 8 and len(words) > 1 and all(word.istitle() for word in words)


def _segments(text: str, tokens: Sequence[Token]) -> list[list[Token]]:
    """The words by sentence; sentences without words are left out."""
    parts: list[list[Token]] = []
    at = 0
    for match in _SEGMENT.finditer(text):
        part = []
        while at < len(tokens) and tokens[at].start < match.end():
            part.append(tokens[at])
            at += 1
        if part:
            parts.append(part)
    return parts


def _is_seen(weight: Weight, said: str, tokens: Sequence[Token]) -> bool:
    """Whether the words show another language: many of its words, or some and py3langid says the same."""
    if weight.language is None:
        return _is_seen_by_letters(weight, said, tokens)
    if weight.count < 4 and (weight.english > 0 or weight.covered < 0.6 or weight.distinct < 2):
        return False
    if weight.distinct >= 3 and weight.covered >= 0.35 and weight.english <= 0.25:
        return True
    if weight.distinct >= 4 and weight.covered >= 0.35 and weight.english <= 0.45:
        return True
    if weight.english > 0.2 or weight.distinct < 2:
        return _is_seen_by_letters(weight, said, tokens)
    code, sureness = _identify(said)
    agreed = code in {tables().codes.get(name) for name in weight.close} and sureness >= 0.7
    return weight.covered >= 0.5 or (weight.covered >= 0.2 and agreed) or _is_seen_by_letters(weight, said, tokens)


def _is_seen_by_letters(weight: Weight, said: str, tokens: Sequence[Token]) -> bool:
    """Words that no list knows, in what py3langid is certain of: only where hardly a word is English."""
    marked = sum(bool(t.marked) for t in tokens)
    if len(tokens) < 4 or english_share(tokens) > 0.15 or weight.english > 0.1:
        return False
    if marked < 2 and (len(tokens) < 6 or weight.distinct < 1):
        return False
    code, sureness = _identify(said)
    return code != "en" and sureness >= 0.99


def _identify(said: str) -> tuple[str, float]:
    code, sureness = _identifier().classify(said.lower())
    return str(code), float(sureness)


def _writing(weight: Weight, said: str, tokens: Sequence[Token], mixed: bool) -> Writing:
    name = weight.language
    codes = tables().codes
    if name is None or (len(weight.close) > 1 and any(other in codes for other in weight.close)):
        code, sureness = _identify(said)
        fitting = [other for other in (weight.close if name else codes) if codes.get(other) == code]
        if fitting and sureness >= 0.6:
            name = fitting[0]
    if name is None:
        name = _name_of(_identify(said)[0])
    return Writing(name.removesuffix(IN_ENGLISH_LETTERS), tokens[0].start, tokens[-1].end, mixed)


def _name_of(code: str) -> str:
    return next((name for name, known in _known_codes() if known == code), code)


def _by_script(said: str) -> Writing | None:
    """The language of letters that are not Latin, when there are enough of them."""
    counts: Counter[int] = Counter()
    places: dict[int, list[int]] = {}
    for place, letter in enumerate(said):
        if letter.isascii():
            continue
        number = ord(letter)
        for index, script in enumerate(_scripts()):
            if any(low <= number <= high for low, high in script.ranges):
                counts[index] += 1
                places.setdefault(index, []).append(place)
                break
    if not counts:
        return None
    # kana beside Chinese characters is Japanese
    index = max(counts, key=lambda i: counts[i] + (1000 if _scripts()[i].languages[0]["name"] == "Japanese" else 0))
    start, end = places[index][0], places[index][-1] + 1
    latin = sum(c.isascii() and c.isalpha() for c in said)
    if counts[index] < _FEWEST_LETTERS or (counts[index] < latin and counts[index] < 12):
        return None
    quoted = _QUOTED.sub(lambda m: " " * len(m.group()), said)
    if latin > counts[index] and (not quoted[start:end].strip() or _SAYING.search(said[max(0, start - 40) : start])):
        return None
    english = [t for t in tokens_of(said) if t.norm in tables().english]
    return Writing(_script_language(index, said), start, end, mixed=len(english) >= _READABLE)


def _script_language(index: int, said: str) -> str:
    """Which of the languages that share these letters: by letters of its own, then by words, then py3langid."""
    languages = _scripts()[index].languages
    if len(languages) == 1:
        return str(languages[0]["name"])
    for language in languages[:-1]:
        own = set(language["letters"]) - {c for other in languages if other is not language for c in other["letters"]}
        if own & set(said):
            return str(language["name"])
    words = {fold(w) for w in re.findall(r"\w[\w\u0900-\u097F]*", said)}
    shared = {language["name"]: len({fold(w) for w in language["words"].split()} & words) for language in languages}
    code, sureness = _identify(said)
    best = max(shared.values())
    fitting = [language for language in languages if shared[language["name"]] == best]
    by_model = [language for language in fitting if language["read"] == code and sureness >= 0.5]
    return str((by_model or fitting[-1:] if best == 0 else by_model or fitting)[0]["name"])
