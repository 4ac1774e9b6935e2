"""Did it happen, or not? Denials and figures of speech take a finding away, but never a safety signal."""

from __future__ import annotations

from collections.abc import Sequence

from bot.triage.vocabulary import HATE_STRANDS, OTHER_HARM, group_of
from bot.understanding.phrases import Hit
from bot.understanding.words import Word

#: How many words back a denial reaches, by the word that denies.
_REACH = {"no": 2, "not": 4, "never": 4, "without": 3, "nobody": 4, "none": 3, "noone": 4, "zero": 1, "nothing": 1}
#: "not just the noise", "never stops shouting": these are not denials.
_NOT_DENYING = frozenset(
    {"just", "only", "stop", "stops", "stopped", "sure", "joking", "first", "know", "care", "longer", "sleep", "cope"}
    | {"stand", "take", "bear", "enough", "surprised", "help", "listen", "let", "leave", "believe", "worth", "go"}
)
#: A new thought starts here, so a denial before it does not reach past it.
_TURNS = frozenset(
    ["but", "because", "as", "when", "while", "and", "so", "since", "although", "or", "due", "with", "then"]
)
_CLOSE = frozenset(
    [
        "partner",
        "husband",
        "wife",
        "boyfriend",
        "girlfriend",
        "dad",
        "father",
        "mum",
        "mother",
        "brother",
        "sister",
        "son",
        "daughter",
    ]
)
_BEFORE_OBJECT = frozenset(
    [
        "and",
        "at",
        "to",
        "with",
        "for",
        "called",
        "calls",
        "call",
        "threatened",
        "threatens",
        "on",
        "about",
        "told",
        "attacked",
        "abused",
        "harassed",
        "punched",
        "bullied",
        "shouted",
        "hates",
        "targeted",
        "swore",
        "stabbed",
        "hurt",
    ]
)
#: Facts that are often told by a denial ("can't sleep"), or that a denial does not undo.
_OWN_DENIALS = frozenset(
    [
        "effect",
        "speaker_role",
        "who",
        "where",
        "happening_now",
        "getting_worse",
        "targeted",
        "wishes",
        "access_needs",
        "lives_close",
    ]
)


def is_denied(hit: Hit, words: Sequence[Word]) -> bool:
    """True when the words before a match, in the same thought, say that it did not happen."""
    label = hit.entry.label
    if label in _OWN_DENIALS or label in ("safe_contact", "repeat", "vulnerable"):
        return False
    return _denied_at(hit, words)


def _denied_at(hit: Hit, words: Sequence[Word]) -> bool:
    sentence = words[hit.first].sentence
    for back in range(1, 6):
        index = hit.first - back
        if index < 0 or words[index].sentence != sentence or words[index].norm in _TURNS:
            return False
        word = words[index].norm
        if word == "one" and index and words[index - 1].norm == "no":
            return back <= 4
        reach = _REACH.get(word, 0)
        if back <= reach:
            between = [w.norm for w in words[index + 1 : hit.first + 1]]
            return not _NOT_DENYING.intersection(between)
    return False


def is_the_person_or_theirs(hit: Hit, words: Sequence[Word]) -> bool:
    """True when the words name the person, or someone close it was done to: "he shouted at me and my husband"."""
    if hit.entry.label not in ("who", "domestic_abuse") or hit.first == 0:
        return False
    if hit.entry.value == "stranger" and [w.norm for w in words[max(0, hit.first - 2) : hit.first]] == ["i", "am"]:
        return True  # "I'm a man"
    names = {word.norm for word in words[hit.first : hit.first + 3]}
    return bool(names & _CLOSE) and words[hit.first - 1].norm in _BEFORE_OBJECT


def overlaps_idiom(hit: Hit, idioms: Sequence[Hit]) -> bool:
    """True when a figure of speech covers part of this match (facts about how someone feels are left alone)."""
    if group_of(hit.entry.label) == "fact" and hit.entry.label not in ("threatened", "followed"):
        return False
    if hit.entry.label in HATE_STRANDS or hit.entry.label in OTHER_HARM:
        return any(hit.first >= idiom.first and hit.last <= idiom.last for idiom in idioms)
    return any(hit.first < idiom.last and idiom.first < hit.last for idiom in idioms)
