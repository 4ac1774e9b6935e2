"""Does it go on, and how often? "keeps ringing", "three nights running", "Thursday to Sunday", "they bang"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.words import Sentence

_NUMBER = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|several|a few|few|couple of|a couple of)"
_DAY = r"(?:mon|tues?|weds?|wednes|thurs?|fri|sat|satur|sun)(?:day)?s?"
#: Verbs of what is done to people and places. In the present, with somebody as subject, it is what they do.
_DOES = (
    r"(?:bangs?|blasts?|plays?|shouts?|screams?|throws?|chucks?|parks?|dumps?|rings?|knocks?|kicks?|follows?|stares?"
    r"|films?|stamps?"
    r"|revs?|races?|swears?|threatens?|blocks?|spits?|gathers?|deals?|laughs?|mocks?|waits?|leaves?|smokes?|barks?"
    r"|tips?|urinates?"
    r"|pees?|wakes?|calls? (?:me|us|my|her|him|our)|puts|comes? (?:out|over|round|past|up|to|on)|goes? (?:past|off"
    r"|on|round)|lets|drives?|rides?|drinks?|sits? (?:on|in|outside|there)|stands? (?:on|in|outside|there|at)|hangs?"
    r"|starts? (?:at|about|around|on|his|her|up|with|screaming|shouting|banging|playing|barking)|uses?|pulls?|steals?"
    r"|burns?|lights?|feeds?|climbs?|jumps?|touch(?:es)?|takes? (?:our|my|the)|thumps?|slams?|whistles?|shines?"
    r"|watches|bullies|harass(?:es)?|intimidates?|pushes|hits|makes?|sends?|turns? up)"
)
_WHO = (
    r"(?:they|he|she|neighbours?|kids|lads|youths|teenagers|people|boys|girls|gangs?|men|customers|dogs?|drivers"
    r"|students|tenants|someone|somebody|upstairs|downstairs|next door|music|cars|bikes|landlord|boss|dad|mum|brother"
    r"|husband|wife|partner|ex|man|woman|colleague)"
)
_REPEAT = (
    re.compile(
        r"\b(?:keeps?|kept|keeping|always|constantly|forever|continually|continuously|repeatedly|regularly|frequently"
        r"|persistently"
        r"|still|never stops?|will not stop|does not stop|do not stop|spends? (?:all|every)|loves?) (?:on |just "
        r"|bloody |also )?(?!being\b"
        r"|going to\b|waiting\b|nothing\b|living\b|having\b|trying\b|working\b|during\b|morning\b|evening\b|going\b"
        r"|reading\b|looking\b|hearing\b|feeling\b|thinking\b|seeing\b"
        r"|bringing\b|wearing\b|saying\b|getting better\b|checking\b|wondering\b|paying\b|walking\b|crying\b"
        r"|shaking\b|hoping\b|telling me\b)[a-z]{2,}ing\b"
    ),
    re.compile(
        rf"\b{_NUMBER} (?:days|nights|weekends|weeks|evenings|mornings|times|sundays|saturdays|fridays) (?:running"
        rf"|in a row|on the trot|on"
        r" the bounce|straight|out of)\b|\b\d{1,2} ?x\b"
        r"|\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|4th|5th|6th) (?!time to\b|of\b|floor"
        r"|class|hand|world|party"
        r"|year|language|opinion|half|person)[a-z]+ (?:through|on|at|in|this|from|i|we|he|she|they|now|of)\b"
        r"|\b(?:at|till?|until) all hours\b|\ball hours of\b|\b(?:are|is|were|was) (?:back|at it) (?:again|with|on"
        r"|tonight|doing)?"
        r"|\bmost (?:afternoons|mornings|evenings|nights|days|weeks|weekends)\b|\bof a (?:night|weekend|evening"
        r"|morning|saturday|friday)\b"
        r"|\bwhenever\b|\bevery ?time\b|\beach time\b|\bother times\b|\bsometimes\b|\boften\b|\bdaily\b"
        r"|\ball day (?:and|every)\b"
    ),
    re.compile(
        rf"\b{_WHO} (?:has|have) (?:also |just |now |always )?been (?:\w+ly )?(?!being|going|living|having|seeing"
        rf"|working|feeling"
        r"|trying|told|lying|sitting|waiting|drinking|looking|thinking)[a-z]{2,}ing\b"
    ),
    # now and again as a way of life: "they bang on the wall", "he parks across my drive"
    re.compile(rf"\b{_WHO} (?:just |also |then |all |always |even |deliberately |purposely )?{_DOES} (?!him|himself)"),
    re.compile(
        r"\b(?:i|we) (?:always |often |sometimes |constantly )?(?:get|gets) (?:\w+ )?(?:[a-z]+ed|spat|hit"
        r"|sworn|told) (?:at|on|names|by)\b"
    ),
)
#: From this one on, the patterns are the plain present.
_PRESENT = 2
#: Past or single: the present is how the one time is told ("so this man starts shouting").
_ONE_TIME = re.compile(
    r"\b(?:yesterday|last night|tonight|today|this morning|this afternoon|just now|right now|suddenly|once|earlier"
    r"|an hour ago|so then"
    r"|came up|walked up|ran up|at this point|then|all of a sudden)\b"
)
_ONLY_MAYBE = re.compile(
    r"\b(?:if|saw|seen|witnessed|watched|heard|see|make|let|when i was|would|could|might|used to|not|never)\b"
)
_DAILY = re.compile(
    r"\b[4-7] (?:nights|days) out of (?:7|seven)\b|\bweek ?nights\b|"
    rf"\b{_NUMBER} (?:days|nights|evenings|mornings) (?:running|in a row|on the trot|on the bounce|straight)\b"
    r"|\bmost (?:afternoons|mornings|evenings|nights|days)\b|\b(?:mon|monday) (?:to|through|till) (?:thurs?|thursday"
    r"|fri|friday|sun|sunday)\b"
    r"|\bevery (?:single |bloody |blessed |other )?(?:afternoon|lunchtime|dinnertime|teatime|break)\b"
    r"|\bnight after night\b"
)
_WEEKLY = re.compile(
    rf"\b(?:thurs?|thursday|fri|friday|sat|saturday) (?:to|through|till|and) (?:sat|saturday|sun"
    rf"|sunday)s?\b(?! (?:just|last|gone))"
    rf"|\b{_NUMBER} (?:mornings|nights|days|evenings|times) (?:this|a|per|each|every) week\b|\bof a (?:weekend"
    rf"|saturday|friday|sunday)\b"
    rf"|\bevery (?:single |bloody )?{_DAY}\b"
)
_ONCE = re.compile(
    r"\b(?:that|this|the) (?:one|only) time\b|\bjust that (?:once|time)\b|\bonly ever happened\b"
    r"|\bsingle (?:incident|occasion)\b"
)


@dataclass(frozen=True)
class Sign:
    """A stretch of text that shows it, and what it shows: a frequency, or None."""

    start: int
    end: int
    value: str | None


def find_repeat(sentences: Sequence[Sentence]) -> Sign | None:
    """The first words that show it happens again and again, where no list of phrases could."""
    for sentence in sentences:
        for number, pattern in enumerate(_REPEAT):
            match = pattern.search(sentence.plain)
            if match is None:
                continue
            before = sentence.plain[: match.start()]
            if number >= _PRESENT and (_ONE_TIME.search(sentence.plain) or _ONLY_MAYBE.search(before)):
                continue
            return Sign(*sentence.span(match.start(), match.end()), None)
    return None


def find_frequency(sentences: Sequence[Sentence]) -> Sign | None:
    """How often, said with a number or a run of days."""
    for sentence in sentences:
        for value, pattern in (("daily", _DAILY), ("weekly", _WEEKLY), ("once", _ONCE)):
            match = pattern.search(sentence.plain)
            if match:
                return Sign(*sentence.span(match.start(), match.end()), value)
    return None
