"""Which of the offered answers is meant? A number, a place in the list, the label or something near it, yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.understanding.words import split_words

Options = Sequence[tuple[str, Sequence[str]]]

_ORDINALS = {
    **{"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5},
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
_YES = re.compile(
    r"(?:oh )?(?:yes|yeah|yea|yep|yup|yh|ye|ya|yeh|aye|sure|correct|definitely|of course|that is "
    r"right|that is it|right|okay|"
    r"i am|i do|i have|it is|they are|he is|she is|they do|he does|absolutely|please|go ahead|"
    r"true|exactly|i think so|i guess|"
    r"probably|fine|y|it does|it has|they have|he has|go on then|please do|that is correct|spot on|it was)"
    r"(?: (?:please|thanks|thank you|it is|i am|i do|definitely|i think so|they are|mate|love|"
    r"that is right|of course|i have|sure|right|he is|she is|they do|it does|pls|a lot|all the "
    r"time|very much))*"
)
_NO = re.compile(
    r"(?:oh )?(?:no|nah|nope|na|naw|not really|never|not at all|nay|negative|wrong|incorrect|no "
    r"way|not at the moment|not yet|not now|n|"
    r"i am not|i do not|i have not|it is not|they are not|he is not|she is not|none|no thanks|i "
    r"would rather not|it is not right|that is not right|that is wrong|do not|do not think so|i "
    r"do not think so|not that i know of|they do not|it has not|not)"
    r"(?: (?:thanks|thank you|not really|really|it is not|i am not|i do not|i have not|not at all|"
    r"never|mate|at all|it is wrong|no|not|they are not|he is not|ta|i do not think so|not yet|"
    r"so))*"
)
_NOT_SURE = re.compile(
    r"(?:i )?(?:do not know|dunno|dno|idk|not sure|unsure|maybe|possibly|perhaps|might be|hard to "
    r"say|no idea|not certain|can not remember|do not remember|"
    r"am not sure|i am not sure|could be|not really sure|sometimes|it depends|depends|do not "
    r"really know|who knows|not too sure|not 100 sure|have no idea|might do|kind of|sort of)"
    r"(?: (?:really|sorry|tbh|to be honest|maybe|yet|about that|sure))*"
)
_ALL = re.compile(
    r"(?:all|both|all of (?:them|the above|it|those)|the lot|everything|all three|all four|every "
    r"one|both of them|all the above|each|them all)"
)
_NONE = re.compile(r"(?:none|none of (?:them|the above|these|those)|neither|nothing|no one|nobody|nothing really)")
_SKIP = re.compile(
    r"(?:skip|pass|next|skip (?:it|this|that|please|this one|question|this question)|pass on "
    r"(?:that|this)|next (?:one|question|please)|move on|"
    r"(?:i )?(?:would )?(?:rather|prefer) not(?: to)?(?: say| answer| tell(?: you)?)?(?: that| "
    r"this)?|(?:i )?do not want to (?:say|answer|tell you|talk about (?:it|that))(?: that| this)?|"
    r"no comment|none of your business|leave (?:it|that)(?: blank)?|not saying|no answer|not "
    r"telling you|i will skip(?: that| this| it)?|can i skip(?: this| that| it| this one)?|"
    r"can we skip(?: this| that| it)?|skip please|please skip(?: this| that)?|do not want to)(?: "
    r"please| thanks| thank you)?"
)
#: How alike a reply and a label must be (rapidfuzz, 0 to 100), by the length of the label.
_NEAR, _NEAR_SHORT = 82, 90


def plain(text: str) -> str:
    """A reply in plain words, one space between them."""
    return " ".join(word.norm for word in split_words(text))


def _said_yes_no(said: str, values: Sequence[str]) -> str | None:
    for value, pattern in (("not_sure", _NOT_SURE), ("no", _NO), ("yes", _YES)):
        if value in values and pattern.fullmatch(said):
            return value
    lead = said.split(" ", 1)[0] if said else ""
    if lead in ("yes", "yeah", "yep", "yh", "yea") and "yes" in values:
        return "yes"
    if lead in ("no", "nah", "nope") and "no" in values and not said.startswith(("no idea", "no one", "no comment")):
        return "no"
    return None


def _by_number(said: str, count: int) -> int | None:
    """A place in the list, from 1: "2", "2.", "number two", "the second one", "option 3", "last"."""
    match = re.fullmatch(
        r"(?:i (?:would )?(?:choose|pick|want|think) )?(?:the )?(?:(?:number|no|option|answer|"
        r"choice) )?(\w+)(?: (?:one|option|please|1))*",
        said,
    )
    if not match:
        return None
    word = match.group(1)
    place = int(word) if word.isdigit() and len(word) < 4 else _ORDINALS.get(word) or _CARDINALS.get(word)
    if word == "last":
        place = count
    return place if place and 1 <= place <= count else None


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
        return None
    place = _by_number(said, len(options))
    if place is not None:
        return options[place - 1][0]
    values = [value for value, _ in options]
    exact = next((value for value, labels in options if said in {plain(label) for label in labels}), None)
    return exact or _said_yes_no(said, values) or _by_label(said, options)


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
    whole = match_option(text, options)
    parts = [
        part
        for part in re.split(r"[,;/&+\n]|\band\b|\bplus\b|\balso\b|\bn\b", text, flags=re.IGNORECASE)
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
    return bool(_SKIP.fullmatch(plain(text)))
