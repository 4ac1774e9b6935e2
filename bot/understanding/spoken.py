"""What do everyday words say that no button says? Tables of how people answer, by question."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Everyday ways to say what a button says, by question; the first that is found counts, or all where several may be.
WAYS_TO_SAY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "safe_to_talk": (
        (
            r"\b(not|isn'?t|aint|never) (really |very |that |all that )*(safe|private|alone)\b|\bunsafe\b|"
            r"\b(next to|beside|with|watching|behind|hear|overhear) me\b|\breads (everything|all|my)\b|\bmonitor",
            "no",
        ),
        (
            r"\b(might|could|may|sometimes|maybe|someone|somebody|people|others?|shared?|sharing|next room|"
            r"other room|upstairs|"
            r"downstairs|about|around|any minute|not sure|if he|if she|looks? at)\b(?!.*\b(so yes|its? (ok|fine|"
            r"safe))\b)",
            "not_sure",
        ),
        (
            r"^(?!.*\b(not|isn'?t|never|but|until)\b).*\b(alone|by (my|me)self|on my (own|tod)|nobody|no ?one|"
            r"private|safe|"
            r"asleep|in bed|(he|she)('?s| is)? (out|at work|away|gone)|own (phone|laptop|tablet|room|car)|"
            r"my car|all good|"
            r"(i'?m|im|its|it'?s|all|am|be|is) (fine|ok|okay|good|safe)|go ahead)\b",
            "yes",
        ),
    ),
    "safe_contact:voicemail": (
        (r"\b(no ?one|nobody) else\b|\bonly (me|i|myself)\b|\b(has|got) a (pin|code|lock)\b", "yes"),
        (
            r"\b(do ?n'?t|not|never|no) |n'?t\b|\b(he|she|they|someone|mum|dad|husband|wife|partner)\b.*\b(hear|"
            r"check|listen|"
            r"pick)|\bshared\b|\brather\b|\bbetter not\b",
            "no",
        ),
        (r"\b(ok|okay|fine|safe|alright|leave (a|one|it)|go ahead|you can)\b", "yes"),
    ),
    "mediation": (
        (r"\b(think (about|on|it over)|later|ask my|decide|let me see|depends)\b", "not_sure"),
        (
            r"\b(rather|prefer|sooner) not\b|\b(wo ?n'?t|do ?n'?t|not|never|no) .*\b(talk|speak|meet|sit|see|"
            r"trust)",
            "no",
        ),
        (r"^(?!.*(\bnot\b|n't\b|\bnever\b)).*\b(happy|willing|open|glad|like|love|try|go)\b", "yes"),
    ),
    "speaker_role": (
        (r"\b(i|we) (just |only )?(saw|seen|watched|witnessed|heard)\b|\bpass(ing|ed) by\b", "witness"),
        (
            r"\b(housing|police|youth|support|social|case|care|family|probation|neighbourhood) (officer|worker|"
            r"manager)\b|"
            r"^\W*(i'?m|i am|im) (a|an|the|their|his|her) (\w+ )?(officer|worker|teacher|nurse|doctor|gp|warden|"
            r"manager|pcso)\b|"
            r"\bmy (job|work|role)\b|\bprofessional\b|\bi support\b|\bmy (client|tenant|pupil|student|patient)",
            "professional",
        ),
        (r"\bi care for\b|\bi('| a)?m (her|his|their|a) carer\b", "carer"),
        (
            r"^(it('| i)?s |its |is |to |just |both |all |happened |happening )*(me|us|myself|ourselves|mine)\b|"
            r"^\W*i\W*$",
            "self",
        ),
        (
            r"\b(my|our) (son|daughter|kid|kids|child|children|mum|mom|mam|mother|dad|father|nan|gran|grandad|sister|"
            r"brother|wife|husband|partner|friend|mate|neighbou?r|uncle|aunt|family|lad|lass|girl|boy)\b",
            "family_friend",
        ),
    ),
    "reported_before": (
        (r"\b(not|never|no ?one|nobody)\b|n't\b", "no"),
        (r"\b(council|cncl|counsil|local authority|environmental health)\b", "council"),
        (r"\b(police|cops?|pcso|101|999|bobby|officer)\b", "police"),
        (r"\b(landlord|landlady|housing|ha)\b", "landlord"),
        (r"\b(told|tell|mention\w*|report\w*|spoke|said|complain\w*|rang|asked)\b", "other"),
    ),
    "frequency": (
        (r"\b(one|two|three|four|couple|few|[1-4]) ?(of )?times? (in|a|per|each|every) (the )?week\b", "weekly"),
        (r"^(lots|loads|a lot|often|regular(ly)?|quite a bit|too (much|often))\b", "weekly"),
        (
            r"\b([4-7]|four|five|six|seven)( or ([4-7]|five|six|seven))?( (times|days|nights|x))? (a|per|each|"
            r"every) (week|wk)\b",
            "daily",
        ),
        (r"\b(every|each|alternate) (other|second|2nd|few) (day|night)s?\b", "weekly"),
        (r"\b(week ?ends?|(mon|tues?|wed(nes)?|thurs?|fri|sat(ur)?|sun)(day)?s?)\b", "weekly"),
        (
            r"\b(every|each|all|most) ?(\w+ )?(day|night|nite|evening|morning|time|the time)s?\b|\b(stops?|"
            r"ends?)\b|24 ?/ ?7|\bday in\b",
            "daily",
        ),
        (r"\b(random(ly)?|no pattern|var(y|ies)|different|unpredictable)\b", "not_sure"),
        (r"\b(1nce|wunce|one[- ]?off|single|never before|only time)\b", "once"),
    ),
    "risk:2": (
        (r"\b(no ?one|nobody|nothing|never|none)('s)?\b", "none"),
        (r"\b(hit|hurt|punch|kick|push|bruis|injur|slap|beat|spat|attack)", "hurt"),
        (
            r"\bthreat|\b(he|she|they)( say| says| said)?( he| she| they)?('ll| will| would| is going to| gonna) "
            r"(break|hurt|kill|smash|get|burn|hit|do)",
            "threatened",
        ),
        (r"\bfollow", "followed"),
        (r"\b(knife|knives|weapon|bat|gun|machete|hammer|bar)\b", "weapon"),
        (r"\b(fire|burn|petrol|arson)", "fire"),
    ),
    "risk:3": (
        (r"\b(kids?|child|children|baby|babies|toddlers?)\b", "children"),
        (r"\b(age|old|elderly|young|pensioner)\b", "age"),
        (r"\b(anxi|depress|mental|panic|ptsd|nerves|bipolar)", "mental_health"),
        (r"\b(disab|wheelchair|deaf|blind|autis|adhd|learning|mobility|hip|legs?)", "disability"),
        (r"\b(ill|sick|cancer|heart|asthma|copd|diabet|stroke|epilep)", "illness"),
        (r"\bpregnan|\bexpecting\b|\b(months?|weeks?) gone\b|\bbaby (on the way|due)\b", "pregnant"),
        (r"\b(alone|on my own|by myself|only me|just me|widow(ed|er)?|lonely)\b", "alone"),
    ),
    "risk:4": (
        (r"\b(no idea|do ?n'?t know|doesn'?t know|dunno|never found out) (where|who)\b", "no"),
        (
            r"^(?!.*\b(not|n't|never)\b).*\b(hurt|hit|kill|attack|beat|batter|smash|revenge|worse|kick off|"
            r"retaliat|come (after|for)|"
            r"comeback|violent|dangerous|scared|afraid|frightened|get me\b)",
            "could_hurt",
        ),
        (
            r"\b(know|no|knows|nos) (were|where|our|my|the)\b|\bnext door\b|\bneighbou?rs?\b|"
            r"\bliv(es?|ing) (near|close|by|above|below|opposite|across|upstairs|downstairs|next|on the same|"
            r"two|2|\w+ doors)|"
            r"\b(opposite|across the (road|street|landing)|doors? (away|down|up)|same (street|road|block|"
            r"building))\b|\bmy address\b",
            "lives_near",
        ),
    ),
    "on_behalf_consent": (
        (r"\bdon'?t know (him|her|them)\b|\bnot asked\b|\bhaven'?t asked\b", "no"),
        (r"\b(s?he|they) (asked|knows?|said)\b", "yes"),
    ),
    "targeted": (
        (
            r"^(?!.*(\bnot\b|n't\b|\bnever\b)).*(\b(at|me|my|our|his|her|their) (personally|house|home|family)\b|"
            r"^(me|us|him|her|them)$|\bsingled out\b|\bpick(s|ed|ing)? on\b)",
            "yes",
        ),
        (r"\b(everyone|everybody|whole (street|road|block|estate)|all of us|anyone)\b", "no"),
    ),
    "risk:6": (
        (r"\b(no ?one|nobody|on my own|by myself|alone|just me)\b", "nobody"),
        (
            r"\b(my|our|me|i do|we do) ?(mum|mam|dad|nan|gran|wife|husband|partner|son|daughter|sister|brother|"
            r"friends?|mates?|family|neighbours?|church|mosque)?\b",
            "someone",
        ),
    ),
    "wishes": (
        (r"\b(talk|listen|chat)|\bemotional\b|\bsupport\b", "emotional"),
        (r"\b(advice|advise|options?|rights|what (i|we) can do|what to do|information|info|know)\b", "information"),
        (r"\b(stop|sort|help|fix|moved?|rehous|peace|quiet|end to)", "practical"),
        (r"\b(safe|safer|locks?|camera|cctv|security|alarm|ring doorbell)\b", "security"),
        (r"\b(speak (up|for)|on my side|advocate)", "advocacy"),
        (r"\b(evidence|diary|proof|record(ing|ings)|log)\b", "evidence"),
        (r"\b(on record|recorded|logged|noted|(just|only) (log|note|record|write)\b)", "record_only"),
        (r"\b(tell|report|ring|call|involve|go|want|need)\w*\b.{0,25}\bpolice\b", "report_to_police"),
    ),
    "safe_contact:channel": (
        (
            r"\b(i('| wi)?ll|i can|let me) (contact|ring|call|get in touch|phone)\b|\bdon'?t contact\b|\bno contact\b",
            "none",
        ),
        (r"\b(txt|text|sms|whats ?app|messages?)\b", "text"),
        (r"\be-?mails?\b|@", "email"),
        (r"\b(call|ring|bell|phone|telephone|mobile|landline)\b", "call"),
    ),
    "police_share": (
        (r"\bdecide\b|\bnot (yet|now)\b|\blater\b|\banother time\b|\bthink about\b|\bdecided\b", "not_sure"),
        (
            r"\b(do ?n'?t|not|no|never|without|keep|leave)\b.*\b(police|cops?|feds?|coppers?|old bill|them|it|"
            r"involve\w*|tell|share|"
            r"know)\b|\brather (they|you|u|not)\b|\bn'?t know\b|\b(police|them) out\b",
            "no",
        ),
        (
            r"^(?!.*(\bnot\b|n't\b|\bnever\b|\bif\b|\bbut\b)).*\b(tell (them|the police)|share|want (them|the police)|"
            r"(can|may|should) (know|be told)|happy|mind|let them know)\b",
            "yes",
        ),
    ),
}

YES_NO = (("yes", ("Yes",)), ("no", ("No",)))

#: What says that it is not known.
UNKNOWN = (("not_sure", ("I am not sure", "I forget")), ("no", ("No", "nothing really", "nothing")))

_UNSURE = re.compile(
    r"\b(don'?t (really )?know|dunno|not (really |too )?sure|"
    r"(?<!they have )(?<!they've )(?<!has )(?<!he's )(?<!got )no idea|idk|"
    r"can'?t say|hard to say)\b",
    re.IGNORECASE,
)
#: Asking for a person, rather than wishing to be heard.
ASKS_FOR_A_PERSON = re.compile(
    r"\?|\b(can|could|may) (i|we|you)\b|\b(real|actual|human|person|adviser|advisor|agent|operator)\b|"
    r"\bput me through\b",
    re.IGNORECASE,
)
#: What someone wishes for begins so; wishing to leave the chat does not count.
WISHING = re.compile(
    r"^(i|we)('?d| would)?( just| only| really)? (want|need|like|wish|do ?n'?t want)\b"
    r"(?!.*\b(stop( here| now)?\W*$|do this|carry on|continue|any ?more|talk to|speak to))",
    re.IGNORECASE,
)
_SAYING = r"(been )?(just )?(said|say|saying|told|tell|telling|wrote|writing|written)"
_SOMEONE_ELSE = re.compile(
    r"^\W*(so |oi |and |right )?(who('s| is| are)? (this|that|you)\W+)?("
    rf"(tell me )?what('s| is| has| have| did| does)? s?he('s| is| has)? ?{_SAYING}( to you| here| about me| you)?|"
    r"who (is|was|has|'s) s?he (been )?(talking|texting|writing|messaging)( to)?|"
    r"(is|was|has) s?he (been )?(talking|writing|texting|messaging) (to|with) you|"
    r"(this is|i'?m|i am) (her|his) (husband|boyfriend|partner|dad|father|brother|wife|girlfriend|man))\W*$",
    re.IGNORECASE,
)
#: Swearing says how someone feels, not what they answer.
_SWEARING = re.compile(
    r"\b(for )?(f+u+c*k+(ing|in|s)?( it| sake)?|bloody|sodding|effing|ffs|shit|damn|hell)\b", re.IGNORECASE
)

ABOUT_A_DEVICE = re.compile(
    r"\b(phone|device|history|browser|screen|private|delete|hid|page|computer|laptop|tablet|read|see|saw|find|"
    r"check|track|"
    r"spy|look|safe|secret|trace|clear|know|wipe)",
    re.IGNORECASE,
)
_LONGEST_UNSURE = 8
DECLINING = re.compile(
    r"^(oh |well |um )*(not|no|nope|nah)\b(?! sure| certain| idea| one)|"
    r"[, ]no[,.]?( thanks?( you)?| dear| love| mate| duck)?"
    r"[.!]*$|"
    r"^i (don'?t|haven'?t|do not|have not)( have| got| want| need)*( one| any| it| that| to)*[.!]*$",
    re.IGNORECASE,
)

#: At these questions more than one may be meant.
SEVERAL = (
    "hate_reason",
    "reported_before",
    "effect",
    "access_needs",
    "wishes",
    "safe_contact:channel",
    "risk:2",
    "risk:3",
)

#: What says that a date is gone from memory.
FORGOTTEN = re.compile(
    r"\b(can'?t|cannot|dont|don'?t|do not|couldn'?t) (really )?(rem\w*|recall|say|tell)|\bforg[eo]t|\bno (idea|clue)\b|"
    r"\b(god|lord|who) knows\b|\bha(ven'?t|vent) (a|got a) clue\b|\bnot sure\b|\bdunno\b|\bidk\b|\bblur\b|"
    r"\b(don'?t|dont|do not) know\b",
    re.IGNORECASE,
)
_UPSET = re.compile(
    r"\b(crying|cry|tears|exhausted|so tired|shaking|scared|terrified|frightened|fed up|had enough|at my wits|"
    r"can'?t (cope|stop|do this|take|go on|think)|hate this|broken|in bits|in a state|so alone|hopeless|desperate)\b",
    re.IGNORECASE,
)


#: "They egg our house and called my mum names": it happened to the speaker too, so whose story it is must be asked.
TO_ME_TOO = re.compile(
    r"\b(my|our) (house|home|door|flat|car|garden|window|windows|letterbox|fence|wall)\b|"
    r"\b(at|hit|hits|hitting|threaten\w*|call\w*|follow\w*|push\w*|punch\w*) (me|us)\b",
    re.IGNORECASE,
)

#: How a correction begins, however long it is.
CORRECTING = re.compile(
    r"^\W*(actually|correction|i meant|i got that wrong|sorry,? (i meant|it was|it'?s)|no wait|wait)\b", re.IGNORECASE
)

#: What a correction says it was not: "September, not August".
WAS_NOT = re.compile(
    r",? \bnot (in |on |at |every |since )?\w+( (night|day|week|weekend|month|morning)s?)?\b", re.IGNORECASE
)

_FINE = re.compile(
    r"\b(i'?m|im|i am|we'?re|we are|were|feel|feeling|all) (all |fine|ok\b|okay|safe|alright|good)|"
    r"\b(he|she|they)('s| has|'ve| have)? (gone|left)\b|\bit'?s (ok|okay|fine|over)\b",
    re.IGNORECASE,
)
#: What takes "I am fine" back.
NOT_FINE = re.compile(r"\b(not|never|isn'?t|aren'?t|dont|don'?t|until|if|but|think|maybe)\b|\?", re.IGNORECASE)


def says_safe(text: str) -> bool:
    """True for "im ok now, he has gone"; false for anything that takes it back."""
    return bool(_FINE.search(text)) and not NOT_FINE.search(text)


def is_unsure(text: str) -> bool:
    """True when a short answer only says that they do not know."""
    return len(text.split()) <= _LONGEST_UNSURE and bool(_UNSURE.search(text.replace("\u2019", "'")))


def is_someone_else(text: str) -> bool:
    """True when somebody else seems to hold the phone: "who is this? what has she been saying"."""
    return bool(_SOMEONE_ELSE.match(text.replace("\u2019", "'")))


def without_swearing(text: str) -> str:
    """The answer in it: "fuck it yes" is a yes. Unchanged when nothing else is left."""
    return " ".join(_SWEARING.sub(" ", text).split()) or text


def sounds_upset(text: str) -> bool:
    """True for words of feeling, which want kindness before the question."""
    return bool(_UPSET.search(text.replace("\u2019", "'")))


def how_many_times(text: str) -> int:
    """How many times, when a small number says so; once otherwise."""
    found = re.search(r"\b(\d{1,2}|twice|two|three|four|five) ?(times|x)?\b", text.lower())
    return (
        1 if found is None else {"twice": 2, "two": 2, "three": 3, "four": 4, "five": 5}.get(found[1]) or int(found[1])
    )


_UNSAFE = re.compile(
    r"\b(still|just) (here|there|outside|about|around|inside|banging|shouting)\b|\b(has|have|hasn'?t|haven'?t|"
    r"has not|have not|"
    r"wo ?n'?t|will not|not) (gone|left|leave|stopped|going|stop)\b|\b(scared|frightened|terrified|hiding|hid|"
    r"unsafe|in danger)\b|"
    r"\bneed help\b|\b(not|isn'?t|don'?t feel|never) (really |very )?safe\b|\b(next|same|other) room\b|"
    r"\bat (the|my) door\b",
    re.IGNORECASE,
)


def says_unsafe(text: str) -> bool:
    """True for "he is still here": an answer to "are you safe?" that need not say no."""
    return bool(_UNSAFE.search(text.replace("\u2019", "'")))
