"""Which findings are about something long over, told as background to what happens now?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS, OTHER_HARM, Finding
from bot.understanding.words import Sentence

_LONG_AGO = re.compile(
    r"\b(?:(?:six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|[6-9]|[1-9]\d)"
    r" (?:or so )?(?:years|yrs) (?:ago|back)"
    r"|in (?:19\d\d|200\d|201[0-8])|(?:back )?in the (?:sixties|seventies|eighties|nineties|noughties|[6-9]0s)"
    r"|when i was (?:a |very )?(?:little|young|child|kid|boy|girl)|decades ago)\b"
)
_GOING_ON = re.compile(r"\b(?:since|started|began|still|ever since|going on|moved|again|now|keeps?|always)\b")
#: Harm by someone close, and hate, are never old news: they are what people come to tell, years later.
_MAY_BE_OLD = frozenset(ASB_TYPES) | {
    "weapon",
    "injury",
    "threat_to_kill",
    "immediate_danger",
    "threatened",
    "followed",
}
_MAY_BE_OLD |= {"other_crime", "burglary"}


def without_old_news(findings: list[Finding], sentences: Sequence[Sentence]) -> list[Finding]:
    """The findings less those of long ago, unless nothing else was told: then the old story is the story."""
    spans = [
        (sentence.words[0].start, sentence.words[-1].end)
        for sentence in sentences
        if _LONG_AGO.search(sentence.plain) and not _GOING_ON.search(sentence.plain)
    ]
    if not spans:
        return findings

    def is_old(finding: Finding) -> bool:
        return any(start <= finding.start < end for start, end in spans)

    told = (*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM)
    if not any(f.label in told and not is_old(f) for f in findings):
        return findings
    return [f for f in findings if f.label not in _MAY_BE_OLD or not is_old(f)]
