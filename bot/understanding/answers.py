"""How is a reply to a question read? Every reader gives the fact's shape (see `triage.vocabulary`), or None."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from bot.understanding.contact import parse_email, parse_name, parse_phone
from bot.understanding.options import is_skip, match_option, match_options, plain
from bot.understanding.people import age_in_answer
from bot.understanding.reader import read
from bot.understanding.reports import find_reports
from bot.understanding.when import find_when

__all__ = [
    "is_skip",
    "match_option",
    "match_options",
    "parse_age",
    "parse_effect",
    "parse_email",
    "parse_frequency",
    "parse_given_name",
    "parse_name",
    "parse_phone",
    "parse_place",
    "parse_reported",
    "parse_when",
    "parse_who",
]

#: Readers that do not depend on the day are handed any instant.
_ANY_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
_OFTEN = (
    (r"(?:only |just )?(?:the )?once|one time|1|1 time|first time|never before|just the one", "once"),
    (
        r"daily|all the time|always|constantly|non stop|every ?day|each day|most days|day and "
        r"night|\d+ times a day|(?:[4-7]|four|five|six|seven) (?:days|nights|times)(?: a week)?",
        "daily",
    ),
    (
        r"weekly|(?:most |at |every )?weekends?|(?:[1-3]|one|two|three|once|twice)(?: or (?:two|"
        r"three|twice|2|3))?(?: (?:times|days|nights))? (?:a|per|each|every) (?:week|wk)|a lot|often|"
        r"regularly|quite often",
        "weekly",
    ),
    (
        r"monthly|now and then|now and again|sometimes|occasionally|rarely|not often|(?:once|"
        r"twice|[1-3] times|two times|three times|couple of times) (?:a|per|each) month|every "
        r"(?:few weeks|fortnight|so often|month|other week|couple of weeks)",
        "monthly",
    ),
    (
        r"not sure|do not know|dunno|idk|no idea|hard to say|it varies|varies|depends|it depends|"
        r"can not remember|random(?:ly)?",
        "not_sure",
    ),
)
_NOT_REPORTED = re.compile(
    r"(?:no|nope|nah|none|never|not yet|no one|nobody|not anyone|nothing|i have not|have not|not "
    r"really|not reported|no i have not|this is the first time|you are the first|just you|only "
    r"you)(?: (?:one|yet|never|i have not|thanks|really|no one|nobody|not yet))*"
)
_REPORTED = re.compile(
    r"(?:yes|yeah|yep|yh|i have|yes i have|yeah i have|i did|yes i did|several times|lots of "
    r"times|many times|loads of times|multiple times)(?: .{0,20})?"
)
_EFFECTS = {
    "sleep": "sleep sleeping insomnia tired exhausted awake",
    "anxiety": "anxiety anxious stress stressed worry worried depressed upset panic mood nerves nervous mental",
    "fear": "fear scared afraid frightened terrified safe unsafe",
    "health": "health ill sick unwell headaches physical",
    "work_school": "work job school college uni university studies exams",
    "going_out": "out outside housebound",
    "moving_home": "moving move rehoused",
    "children": "children kids child son daughter baby",
    "money": "money cost costs bills afford repairs",
}
_PEOPLE = {
    "neighbour": "neighbour neighbours upstairs downstairs",
    "stranger": "stranger strangers random unknown",
    "partner": "partner husband wife boyfriend girlfriend hubby missus fiance fiancee",
    "ex_partner": "ex",
    "family": "family dad father mum mother brother sister son daughter uncle aunt cousin stepdad relative "
    "relatives nephew parents grandson",
    "young_people": "kids teenagers youths youth lads children youngsters boys girls",
    "colleague": "colleague colleagues boss manager workmate coworker work",
    "carer": "carer carers",
    "friend": "friend friends mate mates flatmate housemate",
    "landlord": "landlord landlady",
    "group": "group gang gangs crowd",
    "other": "customer passenger teacher resident tenant driver",
}
_PLURALS = frozenset(
    [
        "neighbours",
        "strangers",
        "kids",
        "teenagers",
        "youths",
        "lads",
        "children",
        "boys",
        "girls",
        "colleagues",
        "friends",
        "mates",
        "group",
        "gang",
        "gangs",
        "crowd",
        "people",
        "men",
        "they",
    ]
)
_PLACES = {
    "home": "home house flat garden bedroom indoors door driveway mine",
    "street": "street road pavement alley estate town",
    "work": "work office workplace job",
    "shop": "shop shops supermarket tesco asda market",
    "pub": "pub club bar nightclub restaurant",
    "park": "park playground field fields woods canal rec swings skatepark pitch pitches",
    "transport": "bus train tram station taxi",
    "education": "school college university uni nursery",
    "worship": "mosque church synagogue temple gurdwara",
    "care": "hospital ward surgery",
    "public_building": "library gym court",
    "online": "online facebook instagram snapchat tiktok internet whatsapp text phone",
}


@lru_cache(maxsize=8)
def _by_word(name: str) -> dict[str, str]:
    table = {"effects": _EFFECTS, "people": _PEOPLE, "places": _PLACES}[name]
    return {word: value for value, words in table.items() for word in words.split()}


def _fact(text: str, label: str) -> Any:
    """What reading the reply as a story shows of one fact: the surest finding's value."""
    found = [f for f in read(text, _ANY_DAY).findings if f.label == label]
    return max(found, key=lambda f: (f.confidence, -f.start)).value if found else None


#: How a name is introduced, beside the ways that the reader of names knows.
_CALLED = re.compile(
    r"^(?:(?:hi|hello|hey|just|well|um|i'?d|i|would|prefer|like|to be|be|being|call(?:ed)?|they|you|u|can|could|"
    r"may|use|"
    r"put|say|it'?s|its|it is|the|name'?s?|is|my|first|ask for|go by|known as|everyone calls me|tell them|me|im|i'?m|"
    r"am|that'?s)\b[\s,:]*)+(?=\w)|"
    r"\s+(?:please|pls|is (?:fine|ok|okay|good)|will do|would do|thanks|ta)\W*$",
    re.IGNORECASE,
)


def parse_given_name(text: str) -> str | None:
    """The name in a reply to "what name should they use?", however it is introduced."""
    said = text.strip()
    return parse_name(_CALLED.sub("", said)) or parse_name(said)


def parse_when(text: str, now: dt.datetime) -> dict[str, Any] | None:
    """When it happened: `{"first"?, "last"?, "time"?, "about", "words"}`; `now` is aware."""
    found = find_when(text, now, is_answer=True)
    if found is not None:
        return found.value
    # A word alone, "Nov" or "2025", is a month or a year only because it was asked for.
    alone = find_when(f"in {text.strip()}", now, is_answer=True) if len(text.split()) == 1 else None
    if alone is not None:
        return {**alone.value, "words": text.strip()}
    return _by_dateparser(text, now) if re.search(r"\d|ago|back|last", text) and len(text) <= 60 else None


def _by_dateparser(text: str, now: dt.datetime) -> dict[str, Any] | None:
    """For what our own grammar does not know; loaded only then, since it is slow to load."""
    import dateparser

    naive = now.replace(tzinfo=None)
    settings: Any = {"DATE_ORDER": "DMY", "PREFER_DATES_FROM": "past", "RELATIVE_BASE": naive, "STRICT_PARSING": True}
    parsed = dateparser.parse(text.strip(" .!?"), languages=["en"], settings=settings)
    if parsed is None or parsed.date() > now.date():
        return None
    day = parsed.date().isoformat()
    return {"first": day, "last": day, "about": False, "words": text.strip()}


def parse_frequency(text: str) -> str | None:
    """How often: "once", "monthly", "weekly", "daily" or "not_sure"."""
    said = plain(text)
    for pattern, value in _OFTEN:
        if re.fullmatch(
            rf"(?:it is |it was |about |nearly |almost |maybe |probably |i think |just )*(?:{pattern})", said
        ):
            return value
    found = _fact(text, "frequency")
    return found if isinstance(found, str) else None


def parse_reported(text: str, now: dt.datetime) -> dict[str, Any] | None:
    """Who was told: `{"any", "reports": [{"to", "count", "reference"?, "when"?}]}`."""
    said = plain(text)
    if _NOT_REPORTED.fullmatch(said):
        return {"any": False, "reports": []}
    found = find_reports(text, now, is_answer=True)
    if found is not None:
        return found.value
    return {"any": True, "reports": []} if _REPORTED.fullmatch(said) else None


def parse_effect(text: str) -> dict[str, Any] | None:
    """How it affects them: `{"areas": [...], "words"}`."""
    found = _fact(text, "effect")
    areas = list(found["areas"]) if isinstance(found, dict) else []
    said = plain(text).split()
    if len(said) <= 8:
        table = _by_word("effects")
        areas += [table[word] for word in said if word in table]
    return {"areas": list(dict.fromkeys(areas)), "words": text.strip()} if areas else None


def parse_who(text: str) -> dict[str, Any] | None:
    """Who the other party is: `{"relationship", "known", "number", "words"}`."""
    said = plain(text).split()
    table = _by_word("people")
    if len(said) <= 8 and not set(said) & {"never", "not"}:
        named = next((table[word] for word in said if word in table), None)
        named = "ex_partner" if "ex" in said else "neighbour" if "next door" in " ".join(said) else named
        if named:
            known = named not in ("stranger", "group", "young_people")
            several = bool(_PLURALS & set(said))
            number = "several" if several else "one"
            return {
                "relationship": named,
                "known": known or (False if named == "stranger" else None),
                "number": number,
                "words": text.strip(),
            }
    found = _fact(text, "who")
    if isinstance(found, dict):
        return {**found, "words": text.strip()}
    return (
        {"relationship": "stranger", "known": False, "number": None, "words": text.strip()}
        if (re.search(r"\b(?:do not know|no idea who|not know|never seen|not sure who)\b", " ".join(said)))
        else None
    )


def parse_place(text: str) -> dict[str, Any] | None:
    """What kind of place: `{"place", "words"}`."""
    # on the way home is not at home
    said = re.sub(
        r"\b(walk\w*|way|going|went|coming|came|bus|head\w*|drive|driving) home\b", r"\1", plain(text)
    ).split()
    table = _by_word("places")
    named = next((table[word] for word in said if word in table), None) if len(said) <= 6 else None
    if "bus" in said or "train" in said:
        named = "transport"
    if named is None and said == ["outside"]:
        named = "street"
    if named is None:
        found = _fact(text, "where")
        named = found["place"] if isinstance(found, dict) else None
    return {"place": named, "words": text.strip()} if named else None


def parse_age(text: str) -> dict[str, Any] | None:
    """Age: `{"band", "years"?}`."""
    return age_in_answer(text)
