"""Which of many patterns could match this text at all? Saves trying the hundreds that cannot.

Every match of a pattern holds, at each place that must match, at least one of a few pieces of plain text, found by
reading the pattern once. A text that holds none of them is passed over. Only ever leaves out what cannot match: the
results are the same, sooner.
"""

from __future__ import annotations

import sre_parse
from collections import Counter
from collections.abc import Sequence
from typing import Any

#: Pieces are looked up by this many letters.
_SIZE = 3
#: A pattern that any of more pieces than this may start is as well tried at once.
_MOST_PIECES = 400


def _needed(parsed: Any) -> list[frozenset[str]]:
    """For each place of a pattern that must match, the plain pieces one of which then stands there.

    `parsed` is what `sre_parse` makes of a pattern: pairs of a code and its argument, which has no type of its own.
    """
    found: list[frozenset[str]] = []
    run = ""
    for code, argument in parsed:
        if code is sre_parse.LITERAL:
            run += chr(argument)
            continue
        if run:
            found.append(frozenset({run}))
            run = ""
        found += _needed_inside(code, argument)
    if run:
        found.append(frozenset({run}))
    return found


def _needed_inside(code: Any, argument: Any) -> list[frozenset[str]]:
    if code is sre_parse.SUBPATTERN:
        return _needed(argument[-1])  # (group, flags on, flags off, pattern)
    if code is sre_parse.MAX_REPEAT or code is sre_parse.MIN_REPEAT:
        least, _, repeated = argument  # (least, most, pattern)
        return _needed(repeated) if least else []
    if code is sre_parse.BRANCH:
        best = [_best(_needed(branch)) for branch in argument[1]]  # (None, branches)
        return [frozenset().union(*best)] if all(best) else []
    return []


def _fit(places: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The places whose pieces are all long enough to look up, the most telling first."""
    fit = [pieces for pieces in places if pieces and all(len(piece) >= _SIZE for piece in pieces)]
    return sorted(fit, key=lambda pieces: (min(map(len, pieces)), -len(pieces)), reverse=True)


def _best(places: Sequence[frozenset[str]]) -> frozenset[str]:
    """The place with the longest pieces; empty when no place will do."""
    return next(iter(_fit(places)), frozenset())


def _letters(text: str) -> set[str]:
    return {text[at : at + _SIZE] for at in range(len(text) - _SIZE + 1)}


class Screen:
    """Made once of patterns; `candidates(text)` gives the numbers of those worth trying, in order."""

    def __init__(self, patterns: Sequence[str]) -> None:
        places = [_fit(_needed(sre_parse.parse(pattern))) for pattern in patterns]
        pieces = [fit[0] if fit else frozenset[str]() for fit in places]
        common = Counter(three for found in pieces for piece in found for three in _letters(piece))

        def rarest(piece: str) -> str:
            return min(sorted(_letters(piece)), key=common.__getitem__)

        self._always = tuple(n for n, found in enumerate(pieces) if not 0 < len(found) <= _MOST_PIECES)
        self._by_letters: dict[str, set[int]] = {}
        for number, found in enumerate(pieces):
            if number not in self._always:
                for piece in found:
                    self._by_letters.setdefault(rarest(piece), set()).add(number)
        self._besides = [tuple(frozenset(map(rarest, found)) for found in fit[1:]) for fit in places]

    def candidates(self, text: str) -> list[int]:
        """Every pattern that could match `text`, and maybe some that cannot."""
        known, letters = self._by_letters, _letters(text)
        numbers = set(self._always)
        for three in letters & known.keys():
            numbers |= known[three]
        return sorted(n for n in numbers if not any(besides.isdisjoint(letters) for besides in self._besides[n]))
