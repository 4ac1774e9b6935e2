"""Which of the offered answers is meant? A number, a place in the list, the label or something near it, yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.understanding.agreement import yes_or_no
from bot.understanding.words import split_words

Options = Sequence[tuple[str, Sequence[str]]]

_ORDINALS = {
    **{
        "first": 1,
        "1st": 1,
        "top": 1,
        "second": 2,
        "2nd": 2,
        "third": 3,
        "3rd": 3,
        "fourth": 4,
        "4th": 4,
        "fifth": 5,
        "5th": 5,
    },
    **{
        "sixth": 6,
        "6th": 6,
        "seventh": 7,
        "7th": 7,
        "eighth": 8,
        "8th": 8,
        "ninth": 9,
        "9th": 9,
        "tenth": 10,
        "10th": 10,
    },
}
_CARDINALS = {
    w: n for n, w in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1)
}
_ALL = re.compile(
    r"(?:all|both|all of (?:them|the above|it|those)|the lot|everything|all three|all four|every "
    r"one|both of them|all the above|each|them all)"
)
_NONE = re.compile(r"(?:none|none of (?:them|the above|these|those)|neither|nothing|no one|nobody|nothing really)")
_SKIP = re.compile(
    r"(?:(?:no|nah|um|sorry|can (?:i|we|you)|could (?:i|we)|please|let us|i will|i would|id|just|i|we|you can|ok|yeah|"
    r"yes) )*"
    r"(?:pass(?: on (?:that|this)(?: one| question)?)?|"
    r"(?:skip|skp|next|move on|miss|leave|go to the next|go to next|go on to the next|no comment|n a|"
    r"not applicable)(?: (?:it|this|that|out|blank|one|question|the|next|for now|empty|alone|open|over))*|"
    r"ask (?:me )?(?:something else|another(?: one| question)?|a different (?:one|question)|the next(?: one)?)|"
    r"sit (?:this|that) (?:one )?out|give (?:this|that) (?:one )?a miss|"
    r"(?:rather|prefer|sooner) not(?: to)?(?: (?:say|answer|tell(?: you)?|give|share|discuss|go into|"
    r"get into)\b.{0,30})|"
    r"(?:rather|prefer|sooner) (?:keep|leave) .{0,25}(?:to myself|private|out)|(?:rather|prefer) not(?: to)?|"
    r"do not (?:really )?(?:want to|wish to|like to|need to|feel like)(?: (?:say|answer|tell|give|share|put|"
    r"talk about|discuss|go "
    r"into|get into|do|fill)\b.{0,30})?|"
    r"(?:am |i am |we are )?not (?:going to |happy |comfortable |willing |really )*(?:saying|answer\w*|tell\w*|"
    r"giv\w*|shar\w*|"
    r"putting|say|discussing|doing that one)\b.{0,30}|not comfortable(?: .{0,25})?|will not (?:say|answer|"
    r"tell)\b.{0,20}|"
    r"none of (?:your|ur) (?:business|concern)|not your business|(?:that is |this is |it is |too |a bit )*"
    r"(?:private|personal)(?: that| thanks)?|keep (?:that|it|this) (?:private|to myself)|no answer)"
    r"(?: (?:please|pls|thanks|thank you|for now|sorry|if that is ok|if i can|if that is alright|though|today))*"
)
_LONGEST_SKIP = 10
_LETTERS = "abcdefgh"
_PLACE = re.compile(
    r"(?:(?:i (?:would )?(?:choose|pick|want|think|go (?:for|with)|say)|it is|that is|just|probably|number|"
    r"go for|go with|"
    r"the answer is|um|erm) )*(?:the )?(?:(?:number|num|no|option|opt|answer|choice|q) )?(\w+)"
    r"(?: (?:one|option|please|pls|1|on the list|thanks|answer|choice))*"
)
_FIRST_FEW = re.compile(r"(?:the )?(?P<end>first|1st|top|last|bottom) (?P<n>\w+)(?: ones| options)?(?: please)?")
#: How alike a reply and a label must be (rapidfuzz, 0 to 100), by the length of the label.
_NEAR, _NEAR_SHORT = 82, 90


def plain(text: str) -> str:
    """A reply in plain words, one space between them."""
    return " ".join(word.norm for word in split_words(text))


def _said_yes_no(text: str, values: Sequence[str]) -> str | None:
    meant = yes_or_no(text)
    return meant if meant in values else None


def _by_number(said: str, count: int) -> int | None:
    """A place in the list, from 1: "2", "2.", "number two", "the second one", "option b", "last"."""
    match = _PLACE.fullmatch(said)
    if not match:
        return None
    word = match.group(1)
    place = int(word) if word.isdigit() and len(word) < 4 else _ORDINALS.get(word) or _CARDINALS.get(word)
    if word in ("last", "bottom"):
        place = count
    if place is None and word in _LETTERS:
        place = _LETTERS.index(word) + 1
    return place if place and 1 <= place <= count else None


def _run_of_places(said: str, count: int) -> list[int]:
    """ "The first two", "last three", "2 to 4": several places at once."""
    match = _FIRST_FEW.fullmatch(said)
    if match:
        size = _CARDINALS.get(match["n"]) or int(match["n"]) if match["n"] in _CARDINALS or match["n"].isdigit() else 0
        places = range(1, count + 1)
        return list(places[:size] if match["end"] in ("first", "1st", "top") else places[-size:]) if size else []
    return []


def _by_label(said: str, options: Options) -> str | None:
    scored: list[tuple[float, str]] = []
    for value, labels in options:
        for label in (*labels, value.replace("_", " ")):
            wanted = plain(label)
            if not wanted:
                continue
            if said == wanted:
                return value
            score = fuzz.ratio(said, wanted)
            if len(said) >= 4 and re.search(rf"\b{re.escape(wanted)}\b", said) and len(wanted) >= 4:
                score = max(score, 95.0)
            elif len(said) >= 4 and re.search(rf"\b{re.escape(said)}\b", wanted):
                score = max(score, 91.0)
            if score >= (_NEAR if len(wanted) > 6 else _NEAR_SHORT):
                scored.append((score, value))
    if not scored:
        return None
    best = max(score for score, _ in scored)
    winners = {value for score, value in scored if score == best}
    return winners.pop() if len(winners) == 1 else None


def match_option(text: str, options: Options) -> str | None:
    """The value of the option a reply means; None when it is not clear. `options`: (value, labels) in shown order."""
    said = plain(text)
    if not said:
        return _said_yes_no(text, [value for value, _ in options])
    place = _by_number(said, len(options))
    if place is not None:
        return options[place - 1][0]
    values = [value for value, _ in options]
    exact = next((value for value, labels in options if said in {plain(label) for label in labels}), None)
    return exact or _said_yes_no(text, values) or _by_label(said, options)


def match_options(text: str, options: Options) -> list[str]:
    """The values of every option a reply means, in shown order: "1 and 3", "both", "all of them", labels."""
    said = plain(text)
    values = [value for value, _ in options]
    if not said:
        return []
    if _ALL.fullmatch(said):
        return [value for value in values if value not in ("none", "no", "not_sure", "something_else", "skipped")]
    if _NONE.fullmatch(said):
        return [value for value in values if value in ("none", "no")][:1]
    run = _run_of_places(said, len(options))
    if run:
        return [values[place - 1] for place in run]
    whole = match_option(text, options)
    parts = [
        part
        for part in re.split(r"[,;/&+\n]|\band\b|\bor\b|\bplus\b|\balso\b|\bn\b", text, flags=re.IGNORECASE)
        if part.strip()
    ]
    if all(re.fullmatch(r"[\s\d.)]+", part) for part in parts):
        parts = re.findall(r"\d+", text)
    chosen = {value for part in parts if (value := match_option(part, options))}
    if not chosen and whole:
        chosen = {whole}
    if not chosen:
        chosen = {value for value, labels in options if any(len(plain(w)) > 3 and plain(w) in said for w in labels)}
    return [value for value in values if value in chosen]


def is_skip(text: str) -> bool:
    """True when the person would rather not answer this question."""
    said = plain(text)
    return len(said.split()) <= _LONGEST_SKIP and bool(_SKIP.fullmatch(said))
