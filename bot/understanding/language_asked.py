"""Does the person ask, in English, for another language or an interpreter? ("i speak polish better", "no english")"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.understanding.language_words import IN_ENGLISH_LETTERS, fold, language_data
from bot.understanding.words import LEXICONS, word_set

#: How these are recorded; the others as they are asked for.
_RECORDED = {"Sorani": "Kurdish (Sorani)", "Kurmanji": "Kurdish (Kurmanji)", "Brazilian": "Portuguese"}
#: An answer that is only the name of a language has so many words at most.
_LONGEST_NAME = 5
#: Words around such a name that tell nothing more.
_FILLING = word_set(
    "a an the my is in it its i speak am language lang please pls plz yes interpreter translator thanks thank you only "
    "want need for po dialect"
)

#: The whole of a message that takes an interpreter back.
NO_INTERPRETER = re.compile(
    r"^\W*(?:no thanks? |no,? |i )*(?:no|not?|do ?n['’]?t|do not|does ?n['’]?t|without)"
    r"(?: (?:need|want|have|an?|any|require))* (?:interpret[eo]r|translat[eo]r)(?: thanks?| please| pls| needed)*\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """Where it was asked, the language when one was named, and whether an interpreter is wanted."""

    start: int
    end: int
    language: str | None
    interpreter: bool


@dataclass(frozen=True)
class _Grammar:
    signs: tuple[str, ...]
    named: tuple[tuple[re.Pattern[str], bool], ...]
    unnamed: tuple[re.Pattern[str], ...]
    not_asked: re.Pattern[str]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every name and misspelling in lower case -> the name that is recorded."""
    names: dict[str, str] = {}
    for group in language_data()["asked"].split():
        first, *others = group.split("=")
        for name in (first, *others):
            names[name.lower()] = _RECORDED.get(first, first)
    return names


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    data = yaml.safe_load((LEXICONS / "languages_asked.yml").read_text(encoding="utf-8"))
    longest_first = "|".join(sorted(_names(), key=lambda name: (-len(name), name)))
    classes = {**data["classes"], "L": f"(?P<l>{longest_first})"}

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{([A-Za-z]+)\}", lambda m: classes[m.group(1)], pattern))

    return _Grammar(
        signs=("engl", "interp", "intrep", "transl", *_names()),
        named=tuple((compiled(p), True) for p in data["asking"]) + tuple((compiled(p), False) for p in data["telling"]),
        unnamed=tuple(compiled(pattern) for pattern in data["without_language"]),
        not_asked=compiled(data["not_asked"]),
    )


def find_language_asked(text: str) -> Asked | None:
    """The wish for another language or an interpreter that a message holds, for the person or someone of theirs."""
    grammar = _grammar()
    lower = text.lower()
    if not any(sign in lower for sign in grammar.signs):
        return None
    # a letter that changes its length in lower case is left as it is, so that places stay true
    said = "".join(low if len(low := c.lower()) == 1 else c for c in text).replace("’", "'")
    unnamed: Asked | None = None
    for pattern in grammar.unnamed:
        match = pattern.search(said)
        if match and not grammar.not_asked.search(said[: match.start()].rstrip()):
            unnamed = Asked(match.start(), match.end(), None, True)
            break
    for pattern, interpreter in grammar.named:
        for match in pattern.finditer(said):
            if not grammar.not_asked.search(said[: match.start()].rstrip()):
                return Asked(match.start(), match.end(), _names()[match["l"]], interpreter or unnamed is not None)
    return unnamed


def name_of_language(text: str) -> str | None:
    """The language when a short answer names one and tells nothing else: "Polish", "kurdish sorani pls", "polski"."""
    words = [word for word in re.findall(r"[^\W\d_]+", fold(text)) if word not in _FILLING]
    if not 0 < len(words) <= _LONGEST_NAME:
        return None
    known = {**_called(), **_names()}
    named = [known.get(word) for word in words]
    return None if None in named else max((name for name in named if name), key=len)


@lru_cache(maxsize=1)
def _called() -> dict[str, str]:
    """What speakers call their language -> the name that is recorded."""
    called: dict[str, str] = {}
    for name, about in language_data()["languages"].items():
        for word in about["called"].split():
            called.setdefault(fold(word), name.removesuffix(IN_ENGLISH_LETTERS))
    return called
