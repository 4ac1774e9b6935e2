"""Which labels do single words point towards, without showing them? Hints for the learned reader, never findings.

Somebody who names a mosque, a stick or a bride says who they are, and so which of several reasons is likely. The words
are in `lexicons/cues.yml`; what each is worth is learnt.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import pairwise

import yaml

from bot.understanding.words import LEXICONS, split_words

_CUES = "cues.yml"


def cues_in(text: str) -> frozenset[str]:
    """`cue=LABEL` where a word points to a label, and `cues=LABEL` where two or more different ones do."""
    table = _cues()
    words = [word.norm for word in split_words(text)]
    said = {*words, *(f"{first}_{second}" for first, second in pairwise(words))}
    counted = Counter(label for phrase in said & table.keys() for label in table[phrase])
    return frozenset(
        f"{name}={label}" for label, count in counted.items() for name in ("cue", "cues")[: 2 if count > 1 else 1]
    )


@lru_cache(maxsize=1)
def _cues() -> dict[str, tuple[str, ...]]:
    data = yaml.safe_load((LEXICONS / _CUES).read_text(encoding="utf-8"))
    table: dict[str, tuple[str, ...]] = {}
    for label, phrases in data.items():
        for phrase in phrases.split():
            table[phrase] = (*table.get(phrase, ()), label)
    return table
