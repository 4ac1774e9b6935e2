"""Did it happen, or not? Denials and figures of speech take a finding away, but never a safety signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.triage.vocabulary import HATE_STRANDS, OTHER_HARM, group_of
from bot.understanding.phrases import Hit
from bot.understanding.words import Word

#: How many words back a denial reaches, by the word that denies.
_REACH = {"no": 2, "not": 4, "never": 4, "without": 3, "nobody": 4, "none": 3, "noone": 4, "zero": 1, "nothing": 1}
#: A wish is turned down by these: "I don't want the police involved", "no mediation".
_REFUSALS = {"no": 2, "not": 4, "never": 4, "without": 3}
#: What is asked for, or told to get, is not held.
_WISHING = frozenset(
    {"fit", "fitting", "install", "want", "wanted", "need", "could", "can", "get", "help", "how", "should", "advised"}
    | {"asked", "told", "said", "suggested", "buy", "afford", "provide", "please", "sent", "send", "keep", "start"}
)
#: "Again" after these is only feared or hoped for.
_FEARED = frozenset(
    {
        "never",
        "if",
        "case",
        "might",
        "could",
        "will",
        "would",
        "ever",
        "safe",
        "hope",
        "hoping",
        "worried",
        "want",
        "to",
    }
    | {"not", "scared", "afraid", "let", "can", "feel"}
)
#: "I see him every day", "I take the kids to school every morning".
_DAILY_LIFE = frozenset({"commute", "cook", "pray", "medication", "tablets"})
_SEEN = frozenset({"him", "her", "them", "it"})
_THEIR_DOING = frozenset({"they", "kids", "lads", "abuse", "shout", "shouting", "them", "shouts", "dealers", "drug"})
_HOLDING = frozenset(["have", "has", "got", "took", "taken", "kept", "keeping", "caught", "saved", "fill", "recorded"])
_HELD_IN_IT = _HOLDING | {"on", "my", "our", "filled", "footage"}
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
_TOLD = frozenset(
    ["told", "reported", "complained", "emailed", "asked", "rang", "phoned", "contacted", "spoke", "tell"]
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
        "access_needs",
        "lives_close",
    ]
)


def is_denied(hit: Hit, words: Sequence[Word]) -> bool:
    """True when the words before a match, in the same thought, say that it did not happen."""
    label = hit.entry.label
    if label == "safe_contact":
        return _is_about_themselves(hit, words)
    if label in ("repeat", "frequency") and _is_not_it(hit, words):
        return True
    if label in _OWN_DENIALS or label in ("repeat", "vulnerable"):
        return False
    if label == "frequency":
        # a comma ends it: "no lights, no helmets, nightly"
        return _denied_at(hit, words) and words[hit.first].clause == words[hit.first - 1].clause
    if label == "evidence_held" and (_is_wished_for(hit, words) or _is_lacking(hit, words)):
        return True
    if label == "wishes":
        return _denied_at(hit, words, _REFUSALS)
    return _denied_at(hit, words)


def _is_not_it(hit: Hit, words: Sequence[Word]) -> bool:
    """ "In case it happens again", "I see him every day": feared, or daily life, not the trouble itself."""
    sentence = words[hit.first].sentence
    before = {word.norm for word in words[max(0, hit.first - 6) : hit.first] if word.sentence == sentence}
    if words[hit.last - 1].norm == "again" and "if" in {w.norm for w in words[max(0, hit.first - 10) : hit.first]}:
        return True
    if words[hit.last - 1].norm == "again" and hit.last <= hit.first + 2:
        return bool(before & _FEARED)
    near = [word.norm for word in words[max(0, hit.first - 4) : hit.first] if word.sentence == sentence]
    if "if" in near[-2:]:
        return True
    if len(near) > 1 and near[-2] == "see" and near[-1] in _SEEN:
        return True
    return bool(_DAILY_LIFE.intersection(near)) and not before & _THEIR_DOING


def _is_about_themselves(hit: Hit, words: Sequence[Word]) -> bool:
    """ "I can't write well", "he will know it was me": not how to reach them."""
    said = [word.norm for word in words[hit.first : hit.last]]
    if "took" in said and hit.last < len(words) and words[hit.last].norm in ("off", "and"):
        return True  # taken away, not read
    if said[-1] in ("write", "know") or said[-2:] in (["know", "i"], ["know", "about"]):
        return said[0] in ("can", "will", "would", "do") or words[hit.first].norm in ("he", "she", "they")
    return False


def _is_wished_for(hit: Hit, words: Sequence[Word]) -> bool:
    """ "Can you fit CCTV?", "they said keep a diary": not held yet."""
    before = {
        word.norm for word in words[max(0, hit.first - 5) : hit.first] if word.sentence == words[hit.first].sentence
    }
    words_of_it = {word.norm for word in words[hit.first : hit.last]}
    return (
        bool(before & _WISHING)
        and not before & _HOLDING
        and not words_of_it & _HELD_IN_IT
        and not _held_after(hit, words)
    )


def _is_lacking(hit: Hit, words: Sequence[Word]) -> bool:
    """ "I haven't got any of it on video", "the shop's CCTV might have it": not in their hands."""
    near = words[max(0, hit.first - 8) : hit.first]
    before = [word.norm for word in near if word.clause == words[hit.first].clause]
    after = [word.norm for word in words[hit.last : hit.last + 8] if word.sentence == words[hit.first].sentence]
    return ("not" in before and bool({"any", "got"} & set(before))) or bool({"might", "think", "probably"} & set(after))


def _held_after(hit: Hit, words: Sequence[Word]) -> bool:
    """ "They sent diary sheets, which I fill in": after all, it is."""
    after = [word.norm for word in words[hit.last : hit.last + 6] if word.sentence == words[hit.first].sentence]
    return "fill" in after or "filled" in after or "filling" in after


def _denied_at(hit: Hit, words: Sequence[Word], reaches: Mapping[str, int] = _REACH) -> bool:
    sentence = words[hit.first].sentence
    for back in range(1, 6):
        index = hit.first - back
        if index < 0 or words[index].sentence != sentence or words[index].norm in _TURNS:
            return False
        word = words[index].norm
        if word == "one" and index and words[index - 1].norm == "no":
            return back <= 4
        reach = reaches.get(word, 0)
        if back <= reach:
            between = [w.norm for w in words[index + 1 : hit.first + 1]]
            return not _NOT_DENYING.intersection(between)
    return False


def is_the_person_or_theirs(hit: Hit, words: Sequence[Word]) -> bool:
    """True when the words name the person, or someone close it was done to: "he shouted at me and my husband"."""
    if hit.entry.value in ("landlord", "colleague", "other") and hit.entry.label == "who":
        before = [w.norm for w in words[max(0, hit.first - 4) : hit.first] if w.sentence == words[hit.first].sentence]
        if _TOLD.intersection(before):
            return True  # told, so not the one who did it
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
