"""Does a message say anything at all? Mashed keys, tests of the machine and bare signs do not."""

from __future__ import annotations

import re

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_TESTING = re.compile(
    r"^\W*(this is |just |only )*(a )?(test(ing|er)?|blah|bla|lol|lmao|ha(ha)*|he(he)+|x+|abc|123)"
    r"( (test(ing)?|blah|bla|this|\d+|lol|1|2|3))*\W*$",
    re.IGNORECASE,
)


def says_nothing(text: str) -> bool:
    """True for mashed keys, a test, or signs without a word or figure."""
    said = text.lower().strip()
    if not re.search(r"\w", said):
        return True
    if _TESTING.match(said):
        return True
    words = said.split()
    return (
        bool(words)
        and len(words) <= 3
        and all(_is_mash(word) for word in words if not word.isdigit())
        and not any(word.isdigit() for word in words)
    )


def _is_mash(word: str) -> bool:
    letters = re.sub(r"[^a-z]", "", word)
    if len(letters) < 4 or letters != word.strip(".,!?"):
        return False
    if len(set(letters)) <= 2 and len(letters) >= 5:
        return True
    if not set(letters) & set("aeiouy") or re.search(r"[bcdfghjklmnpqrstvwxz]{5,}", letters):
        return True
    # a walk along one row of the keyboard
    return any(letters[:4] in row or letters[:4] in row[::-1] for row in _ROWS)
