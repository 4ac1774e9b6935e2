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


def _ways(parsed: list[Any]) -> list[list[Any]]:
    """The ways to match a pattern: where it is a choice, one for each branch, with all that stands around it."""
    for at, (code, argument) in enumerate(parsed):
        if code is sre_parse.SUBPATTERN:
            inner = list(argument[-1])
            if len(inner) == 1 and inner[0][0] in (sre_parse.BRANCH, sre_parse.SUBPATTERN):
                return [[*parsed[:at], *way, *parsed[at + 1 :]] for way in _ways(inner)]
        if code is sre_parse.BRANCH:
            return [[*parsed[:at], *branch, *parsed[at + 1 :]] for branch in argument[1]]
    return [parsed]


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
        ways = [
            (number, _fit(_needed(way)))
            for number, pattern in enumerate(patterns)
            for way in _ways(sre_parse.parse(pattern).data)
        ]
        common = Counter(
            three for _, places in ways for pieces in places[:1] for piece in pieces for three in _letters(piece)
        )

        def rarest(pieces: frozenset[str]) -> frozenset[str]:
            return frozenset(min(sorted(_letters(piece)), key=common.__getitem__) for piece in pieces)

        self._always = frozenset(n for n, places in ways if not places or len(places[0]) > _MOST_PIECES)
        #: letters -> what they may start: the number of a pattern, and what else must then be in the text
        self._by_letters: dict[str, list[tuple[int, tuple[frozenset[str], ...]]]] = {}
        for number, places in ways:
            if number not in self._always:
                first, *besides = map(rarest, places)
                for three in first:
                    self._by_letters.setdefault(three, []).append((number, tuple(besides)))

    def candidates(self, text: str) -> list[int]:
        """Every pattern that could match `text`, and maybe some that cannot."""
        letters = _letters(text)
        numbers = set(self._always)
        for three in letters & self._by_letters.keys():
            for number, besides in self._by_letters[three]:
                if number not in numbers and not any(map(letters.isdisjoint, besides)):
                    numbers.add(number)
        return sorted(numbers)
