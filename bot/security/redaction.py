"""What may a log line hold? Anything but telephone numbers, postcodes, e-mail addresses and long numbers."""

from __future__ import annotations

import re

_PERSONAL = re.compile(
    r"""
    (?P<id>   (?<![\w-]) (?: [0-9a-f]{32} | [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} ) (?![\w-]) )
  | (?P<email> [^\s@<>",;:()\[\]]+ @ [^\s@<>",;:()\[\]]+ )
  | (?P<phone> (?<!\d) (?: \+ | 00 | \(?0 ) (?: [\s().\-/]{0,2} \d ){8,14} (?!\d) )
  | (?P<postcode> \b (?: [A-Z]{1,2} \d [A-Z\d]? \s* \d [A-Z]{2} | GIR \s* 0AA ) \b )
  | (?P<number> (?<!\d) \d (?: [\ ]? \d ){5,} (?!\d) )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text with each of those replaced by a word in square brackets; our own hexadecimal ids are left."""
    return _PERSONAL.sub(lambda found: found[0] if found.lastgroup == "id" else f"[{found.lastgroup}]", text)
