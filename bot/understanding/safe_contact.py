"""How may they be reached, and how not? "Don't ring, he checks my phone", "only text after 3", "email is best"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.words import Sentence, word_set

#: Ways of reaching somebody, by the words for them.
_WAYS = {
    "call": r"ring(?:ing)?|call(?:ing|s)?|phone(?:d|s|ing)?|phone calls?|telephon\w*|speak on the phone",
    "voicemail": r"(?:leave|leaving) (?:\w+ ){0,2}(?:voice ?mails?|voice messages?|messages?|answer ?phone messages?)"
    r"|voice ?mails?"
    r"|answer ?phone messages?",
    "text": r"text(?:ing|s)?(?: messages?)?|sms|messag(?:e|ing)(?: me| us)?|msg|whatsapp(?: me)?|txt",
    "email": r"e ?mail(?:ing|s)?",
    "letter": r"letters?|post(?! here| on here| about| on| it on| this on| online)|write to (?:me|us|my)"
    r"|send (?:\w+ ){0,3}(?:letters?|post|anything)"
    r"|by post|mail",
    "visit": r"come (?:round|to|here|over)|visit|knock|turn up|home visits?",
}
_WAY = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _WAYS.items()))
_ANY = "|".join(_WAYS.values())
_SOMEONE = (
    r"(?:he|she|they|husband|wife|partner|boyfriend|girlfriend|ex|mum|dad|mother|father|brother|sister|son|daughter"
    r"|uncle|aunt"
    r"|family|parents|in laws?|neighbours?|flatmates?|housemates?|carer|landlord|staff|everyone|someone|kids|people)"
)
#: What is theirs and watched, and so what not to use.
_WATCHED = (
    (re.compile(r"\b(?:phone|mobile|iphone|whatsapp)\b"), ("call", "text")),
    (re.compile(r"\b(?:texts?|messages?|sms|whatsapps?)\b"), ("text",)),
    (re.compile(r"\be ?mails?\b|\binbox\b|\blaptop\b|\bcomputer\b"), ("email",)),
    (re.compile(r"\b(?:post|mail|letters?)\b"), ("letter",)),
    (re.compile(r"\b(?:calls|call log|bills?|call history)\b"), ("call",)),
)
_WATCHES = re.compile(
    rf"\b{_SOMEONE} (?:\w+ ){{0,2}}(?:checks?|checking|reads?|reading|goes through|go through|going through"
    rf"|looks? (?:at|through)"
    r"|looking (?:at|through)|monitors?|sees?|sees|has access to|have access to|can see|tracks?|opens?|opening"
    r"|answers?|gets?|takes?"
    r"|has|have|took|controls?|hacked|picks? up) (?:(?:all|every|into|even|everything|things|of|on) ){0,3}(?:my"
    r"|our) (?P<what>(?:\w+ ){0,2}?(?:phone|mobile|iphone"
    r"|whatsapps?|texts?|messages?|e ?mails?|post|mail|letters?|calls|call log|call history|phone bills?|inbox|laptop"
    r"|computer))\b"
)
_SHARED = re.compile(
    r"\b(?:share|shared|sharing|joint|borrowed) (?:an? |the |my |this )?(?P<what>phone|mobile|e ?mail|computer"
    r"|laptop|inbox)\b"
    r"|\b(?P<whose>this is (?:not my|his|her|my \w+s) (?:phone|computer|e ?mail))\b"
)
_MONITORED = re.compile(
    r"\b(?P<what>(?:mine|phone|mobile|calls|texts|e ?mails?|messages|whatsapp)) (?:is|are|gets?|being"
    r"|has been)(?: being)? (?:monitored|bugged"
    r"|tracked|checked|read|hacked|watched|looked at)\b"
)
_OVERHEARD = re.compile(
    rf"\b{_SOMEONE} (?:will |would |can |could |might |is |are |always )?(?:over)?(?:hears?|listens?|listening|hearing)"
    r"(?: (?:me|us|everything|my calls|in|every word|through)|$)"
)
_BEGINS = (
    r"(?:^|\b(?:please|so|but|and|just|you|we|i|better|because|if possible|ideally|pls|also|then|way|ok|okay"
    r"|yes|no|sorry) )"
)
_AFTER_WAY = (
    r"(?=$| (?:me|us|my|the (?:house|home|landline|flat|phone)|at|here|back|because|as|in case|he|she|they|i|it|when"
    r"|while|if|after"
    r"|before|until|till|unless|on|this|without|between|house|home|anything|to (?:the|my|me|our)|please|thanks|only"
    r"|or|ever|and|but)\b)"
)
_NOT_NAMES = r"(?! (?:me|us) (?:names|a|an|racist|things|paki|gay)\b)(?! (?:the )?(?:police|999|101|council)\b)"
_AVOID = re.compile(
    rf"{_BEGINS}(?:\w+ ){{0,2}}?(?P<no>do not|never|must not|should not|cannot|can not|not safe to|unsafe to"
    rf"|not able to"
    rf"|would rather you did"
    rf" not|rather not|prefer not to be) (?:ever |please |just "
    rf"|you )?(?P<ways>(?:{_ANY})(?: or (?:{_ANY}))*){_NOT_NAMES}{_AFTER_WAY}"
    rf"|\b(?:no|without) (?P<none>phone calls|calls|voice ?mails?|texts|letters|post|home visits|visits|phoning"
    rf"|ringing|telephone)\b"
    r"(?= please| at all|$| because| as| to| text| email| or)"
    rf"|^(?:please )?(?:not|no) (?P<not>{_ANY}|phone)(?: (?:me|this|my|on|at|to|back|home|house)\b|$)"
    r"|\b(?:do not|never|nothing) (?:\w+ ){0,2}?(?:put|send|leave)?(?: anything)? ?(?P<written>in writing"
    r"|through (?:the|my) (?:door|letterbox))\b"
    r"|\b(?:not|instead of|rather than|(?:better|safer|easier) than|do not want (?:any|you to|a|to be)|not by"
    r"|never by|not on the) "
    rf"(?P<instead>{_ANY}|phone|telephone)(?=$| (?:please|me|because|as|he|she|they|when|while|if|home|at home"
    rf"|the house)\b)"
)
_CANNOT_CALL = re.compile(
    r"\b(?:do not|never|can not|will not) (?:answer|pick up)(?: to)? (?:calls|unknown|withheld|private|numbers"
    r"|the phone|my phone|blocked)\b|"
    r"\b(?:can not|cannot|do not|hard to|not good at|struggle to|struggle with|hate|anxious about|scared of"
    r"|not able to|unable to)"
    r" (?:really )?(?:talk|speak|understand|hear|use|answer|do|make|talking|speaking|using|answering|phone)?(?: well)?"
    r" ?(?:on |over |by |the |a |to people )*(?:phone|telephone|phone calls|calls)\b"
)
_PREFER = re.compile(
    rf"\bonly (?P<only>{_ANY})(?: me| us)?\b(?! when| the police)"
    rf"|\b(?P<only2>{_ANY})(?: me| us)? only\b"
    rf"|\b(?P<best>{_ANY}|phone|writ(?:e|ing)) (?:me |us )?(?:is|would be|will be|works?) (?:the |much |so |always )?"
    r"(?:best|better|fine|ok|okay|safer|safest|safe|preferred|easiest|easier|good|way)\b"
    rf"|\b(?:prefer|preferred|rather|better|best|safer|safest|safe|easier|easiest|ok|okay|fine|happy for you|happy"
    rf"|you can|could you"
    rf"|can you|please|pls|instead|use) (?:if you |you |to be |to |contacted |contact (?:me |us )?|reached |by "
    rf"|via |if |with |through "
    rf"|time to |way to (?:contact|reach) me is (?:by )?|me |my ){{0,5}}(?P<would>{_ANY}|phone)(?! (?:the|him|her"
    rf"|them|101|999"
    rf"|off)\b)"
    rf"|\b(?:contact|contacted|reach|reached|reply|get back to|get in touch with|get hold of)(?: me| us)? (?:by|via"
    rf"|through|on|with) "
    rf"(?:an? |my )?(?P<by>{_ANY}|phone)\b"
    rf"|^(?P<start>{_ANY})(?: me| us)? (?:my|please|instead|after|before|between|on my)\b"
)
_TIMES = re.compile(
    r"\b(?:(?:only |not |any ?time )?(?:after|before|between|from|until|past)(?: about"
    r"| around)? (?:\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|midday|noon|work|school|lunch)(?: ?(?:and"
    r"|to|till|until|-)"
    r" ?\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)?|when (?:he|she|they|my \w+) (?:is|are) (?:at work|out|asleep|away"
    r"|not (?:here|in|home)|at school)"
    r"|while (?:he|she|they) (?:is|are) (?:at work|out)|in the (?:mornings?|afternoons?|evenings?|daytime)"
    r"|during the day"
    r"|(?:mornings?|evenings?|afternoons?|weekdays) (?:is|are|only|best)|in school hours|in working hours|at night)\b"
)
_THEN = word_set(
    "on at after before between when back any in if to please tomorrow later today but and or because instead for from"
)
#: Nothing here can be said without one of these.
_WORTH_READING = re.compile(
    r"\b(?:ring|call|phone|text|mail|email|voicemail|message|contact|post|letter|write|reads?|checks?|hear|listen"
    r"|share|visit|mobile"
    r"|whatsapp|telephone|sms|reach|come)"
)
#: "he keeps ringing me", "they said do not ring": how others use the phone is not how to reach the person.
_REPORTED_SPEECH = re.compile(
    r"\b(?:police|council|they|he|she|landlord|officer|101) (?:\w+ )?(?:said|says|told me"
    r"|keeps?|kept|always)\b"
)


@dataclass(frozen=True)
class Reach:
    """The value, and the stretch of text that shows it."""

    start: int
    end: int
    value: dict[str, Any]


def _ways_in(words: str) -> list[str]:
    if words.strip() in ("phone", "telephone", "calls", "phone calls", "phoning", "ringing"):
        return ["call"]
    if words.startswith("writ"):
        return ["text"]
    if words.startswith(("in writing", "through")):
        return ["letter"]
    return [str(match.lastgroup) for match in _WAY.finditer(words)]


def _said(match: re.Match[str]) -> list[str]:
    return [way for words in match.groups() if words for way in _ways_in(words)]


def _watched(match: re.Match[str]) -> list[str]:
    what = match.groupdict().get("what") or match.groupdict().get("whose") or ""
    return next((list(ways) for pattern, ways in _WATCHED if pattern.search(what)), [])


def _read_sentence(plain: str) -> tuple[list[str], list[str], list[tuple[int, int]]]:
    """Ways to leave and ways to use, and where that is said."""
    avoid: list[str] = []
    prefer: list[str] = []
    spans: list[tuple[int, int]] = []
    for pattern in (_WATCHES, _SHARED, _MONITORED):
        for match in pattern.finditer(plain):
            if re.match(" off (?:me|us)", plain[match.end() :]):
                continue  # taken away, not read
            avoid += _watched(match) or ["call", "text"]
            spans.append(match.span())
    others = _REPORTED_SPEECH.search(plain)
    for match in _AVOID.finditer(plain):
        if others and others.start() < match.start():
            continue
        ways = _said(match)
        # "can not write", "can not text": what they are able to do, not what is safe
        if ways and not re.search(r"\bi (?:can not|cannot|do not|never) (?:write|text|mail)", plain[: match.end()]):
            avoid += ways
            spans.append((match.start("no") if match["no"] else match.start(), match.end()))
    for pattern, way in ((_CANNOT_CALL, "call"), (_OVERHEARD, "call")):
        found = pattern.search(plain)
        if found and (
            way != "call"
            or pattern is _CANNOT_CALL
            or re.search(
                r"\b(?:phone|call|talk|speak"
                r"|ring)",
                plain,
            )
        ):
            avoid.append(way)
            spans.append(found.span())
    for match in _PREFER.finditer(plain):
        if others or any(start <= match.start() < end for start, end in spans):
            continue
        after = plain[match.end() :].split()
        if (
            match.group().endswith("call")
            and after[:1] in (["me"], ["us"])
            and len(after) > 1
            and after[1] not in _THEN
        ):
            continue  # "you can call me Sue"
        ways = [way for way in _said(match) if way not in ("voicemail", "visit", "letter")]
        if ways:
            prefer += ways
            spans.append(match.span())
    return avoid, [way for way in prefer if way not in avoid], spans


def find_safe_contact(sentences: Sequence[Sentence]) -> Reach | None:
    """`{"avoid": [way], "prefer": [way], "words", "times"?}`, or None. Ways: call voicemail text email letter visit."""
    avoid: dict[str, None] = {}
    prefer: dict[str, None] = {}
    places: list[tuple[int, int]] = []
    words: list[str] = []
    times = ""
    for sentence in sentences:
        if not _WORTH_READING.search(sentence.plain):
            continue
        leave, use, spans = _read_sentence(sentence.plain)
        if not spans:
            continue
        avoid.update(dict.fromkeys(leave))
        prefer.update(dict.fromkeys(use))
        start, end = min(s for s, _ in spans), max(e for _, e in spans)
        when = _TIMES.search(sentence.plain, start)
        if when:
            times, end = when.group(), max(end, when.end())
        places.append(sentence.span(start, end))
        words.append(sentence.plain[start:end].strip())
    if not places:
        return None
    value: dict[str, Any] = {"avoid": list(avoid), "prefer": [w for w in prefer if w not in avoid]}
    value["words"] = " … ".join(words)
    if times:
        value["times"] = times
    return Reach(*places[0], value)
