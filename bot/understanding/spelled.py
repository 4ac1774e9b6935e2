"""What does a number, a postcode or an address say that was read out in words, or typed with look-alike letters?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from uk_postcodes_parsing import is_in_ons_postcode_directory

_DIGITS = {
    **{"o": "0", "oh": "0", "zero": "0", "nought": "0", "naught": "0", "nil": "0", "ow": "0", "one": "1", "won": "1"},
    **{"two": "2", "to": "2", "too": "2", "three": "3", "four": "4", "for": "4", "five": "5", "six": "6"},
    **{"seven": "7", "eight": "8", "ate": "8", "nine": "9", "ten": "10"},
}
_SOUND_ALIKE = frozenset({"o", "oh", "nil", "ow", "won", "to", "too", "for", "ate"})
_TIMES = {"double": 2, "triple": 3, "treble": 3}
#: How letters sound when they are read out.
_LETTERS = {
    **{"ay": "A", "bee": "B", "be": "B", "see": "C", "sea": "C", "cee": "C", "dee": "D", "ee": "E", "eff": "F"},
    **{"ef": "F", "gee": "G", "jee": "G", "aitch": "H", "haitch": "H", "eye": "I", "jay": "J", "kay": "K", "el": "L"},
    **{"ell": "L", "em": "M", "en": "N", "oh": "O", "pee": "P", "pea": "P", "cue": "Q", "queue": "Q", "are": "R"},
    **{"ar": "R", "es": "S", "ess": "S", "tee": "T", "tea": "T", "you": "U", "yew": "U", "vee": "V", "ex": "X"},
    **{"why": "Y", "wye": "Y", "zed": "Z", "zee": "Z"},
    **{"alpha": "A", "bravo": "B", "charlie": "C", "delta": "D", "echo": "E", "foxtrot": "F", "golf": "G"},
    **{"hotel": "H", "india": "I", "juliet": "J", "kilo": "K", "lima": "L", "mike": "M", "november": "N"},
    **{"oscar": "O", "papa": "P", "quebec": "Q", "romeo": "R", "sierra": "S", "tango": "T", "uniform": "U"},
    **{"victor": "V", "whiskey": "W", "yankee": "Y", "zulu": "Z"},
}
_NUMBERS_OVER_NINE = {
    **{"ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15"},
    **{"sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20"},
}
#: Characters that are typed or seen for one another, first as a digit, then as a letter.
_AS_DIGIT = {"O": "0", "I": "1", "L": "1", "S": "5", "Z": "2", "B": "8", "G": "6"}
_AS_LETTER = {"0": "O", "1": "IL", "5": "S", "2": "Z", "8": "B", "6": "G"}
_SHAPES = ("ANNAA", "AANNAA", "ANNNAA", "AANNNAA", "ANANAA", "AANANAA")
_OUT_OF_PLACE = re.compile(
    r"\b(?:it'?s|its|it is|my|our|the|post ?code|is|i live (?:at|in)|live|in|at|thanks?|ta|pls|please|near|around)\b|"
    r"[^\w\s]",
    re.IGNORECASE,
)


def spoken_digits(text: str) -> str:
    """The digits of a number that is read out ("oh double seven, nine hundred"), or typed with the letter O."""
    out: list[str] = []
    times = 1
    for word in re.findall(r"\+|[a-z]+|\d+|[a-z\d]+", re.sub(r"(?<=\d)[oO]+|[oO]+(?=\d)", _zeros, text.lower())):
        if word in _TIMES:
            times = _TIMES[word]
        elif word == "hundred":
            out.append("00")
        elif word in _DIGITS or word.isdigit() or word == "+" or re.fullmatch("o+", word):
            digits = word.replace("o", "0") if re.fullmatch("o+", word) else _DIGITS.get(word, word)
            out.append(digits[0] * times + digits[1:] if times > 1 else digits)
            times = 1
        elif out and len("".join(out)) >= 10:
            break
        else:
            out, times = [], 1
    return "".join(out)


def _zeros(match: re.Match[str]) -> str:
    return "0" * len(match.group())


def postcode_guesses(text: str) -> Iterator[str]:
    """Real postcodes that an answer may mean: spelt out, with a stray zero, or with characters that look alike."""
    words = _OUT_OF_PLACE.sub(" ", text).split()
    if not words or len(words) > 12:
        return
    runs = [words[i:j] for i in range(len(words)) for j in range(len(words), i, -1)]
    runs = [run for run in runs if any(map(_is_number, run))]  # "night" is no N1 6HT
    codes = dict.fromkeys(code for run in runs for code in ("".join(run).upper(), "".join(map(_as_code, run))))
    likely = [code for code in codes if 5 <= len(code) <= 8]
    yield from (mended for code in likely for mended in _mended(code) if is_in_ons_postcode_directory(mended))
    # a code that is newer than the list, or wrong at its end, still tells its first half
    yield from (mended for code in likely for mended in _mended(code))


def _is_number(word: str) -> bool:
    """True for what holds a digit, or is the name of a number and of nothing else ("to" and "for" are both)."""
    named = word.lower() in _DIGITS and word.lower() not in _SOUND_ALIKE
    return named or word.lower() in _NUMBERS_OVER_NINE or any(map(str.isdigit, word))


def _as_code(word: str) -> str:
    said = word.lower()
    known = {**_DIGITS, **_LETTERS, **_NUMBERS_OVER_NINE}
    return known.get(said, word).upper()


def _mended(code: str) -> list[str]:
    """What a code may be with each character of the kind its place wants, the fewest changes first."""
    shorter = re.sub(r"^([A-Z]{1,2})[0O](?=\d)", r"\1", code)  # "STO4 2DF": an O slipped in
    found: list[tuple[int, str]] = []
    for candidate in dict.fromkeys((code, shorter)):
        for shape in (s for s in _SHAPES if len(s) == len(candidate)):
            for put in _put_right(candidate, shape):
                changes = sum(a != b for a, b in zip(candidate, put, strict=True))
                found.append((changes, f"{put[:-3]} {put[-3:]}"))
    return [mended for _, mended in sorted(found, key=lambda pair: pair[0])]


def _put_right(code: str, shape: str) -> Iterator[str]:
    ways: list[str] = []
    for kind, char in zip(shape, code, strict=True):
        if kind == "N":
            ways.append(char if char.isdigit() else _AS_DIGIT.get(char, ""))
        else:
            ways.append(char if char.isalpha() else _AS_LETTER.get(char, ""))
    if all(ways):
        yield from map("".join, product(*ways))


def written_email(text: str) -> str:
    """An address as it is typed, from one that is read out or set with spaces and brackets."""
    out = re.sub(r"^\s*mailto:", "", text, flags=re.IGNORECASE)
    out = re.sub(r"\s*[(\[]\s*at\s*[)\]]\s*", "@", out, flags=re.IGNORECASE)
    out = re.sub(r"\s*[(\[]\s*dot\s*[)\]]\s*", ".", out, flags=re.IGNORECASE)
    for word, sign in (("underscore", "_"), ("dash", "-"), ("hyphen", "-"), ("dot", "."), ("full stop", ".")):
        out = re.sub(rf"\s+{word}\s+", sign, out, flags=re.IGNORECASE)
    out = re.sub(r"\s+at\s+(?=\S+\.)", "@", out, flags=re.IGNORECASE)
    out = re.sub(r"\s*@\s*", "@", out)
    return re.sub(r"(?<=@)(\w[\w-]*),(?=\w)", r"\1.", out)
