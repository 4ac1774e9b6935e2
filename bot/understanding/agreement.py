"""Is it a yes, a no, or "I do not know"? In words, in slang, in emoji; and is a yes clear enough to act on?"""

from __future__ import annotations

import re

from bot.understanding.words import split_words

_YES_SIGNS, _NO_SIGNS, _UNSURE_SIGNS = "👍✅✔☑💯👌🆗", "👎❌✖🚫🙅", "🤷"

#: What may stand before an answer without changing it.
_BEFORE = (
    r"(?:(?:oh|ooh|ah|well|erm?|err|um+|uh|hmm+|so|like|basically|honestly|ok|okay|i mean|to be honest|tbh|omg|god|"
    r"i would say|i think|i do think|i guess|thinking about it|all right) )*"
)
#: What may stand after it.
_AFTER = (
    r"(?: (?:please|pls|thanks|thank you|thankyou|ta|cheers|mate|love|duck|pal|dear|hun|babe|bro|sir|miss|tbh|"
    r"to be honest|lol|actually|really|then|sorry|x+|i guess|i suppose|i think|though|tho|too|so|now|ok|okay|"
    r"for now|at the moment|all the same|alright|you are alright|mind|like|innit|very much|a lot|all the time))*"
)
_YES = (
    r"(?:yes+|ye+a+h*|yeah+|yeh|yep+|yup+|yh|ye|ya|yas+|yus|yis|aye|y|si|tak|oui|sure|sure thing|correct|"
    r"defin[aei]tely|"
    r"definat\w*|defo|deffo|def|deffs|obvs|obviously|certainly|absolutely|totally|indeed|affirmative|agreed|granted|"
    r"of course|ofc|course|course i (?:am|do|have)|course (?:it is|it does|they (?:are|do)|he does|she does)|"
    r"100|100 per ?cent|one hundred per ?cent|too right|damn right|dead right|right|"
    r"that is (?:right|correct|true|it|the one|fine|ok|okay)|true|exactly|precisely|spot on|you got it|"
    r"you have got it|bang on|nail on the head|mhm+|mm hmm|mmhm|uh huh|i am|i do|i have|i did|we are|we do|we have|"
    r"it is|it does|it has|it was|they are|they do|they have|they did|he is|he does|he has|he did|she is|she does|"
    r"she has|she did|there is|there are|i think so|i believe so|i guess|i guess so|guess so|suppose|suppose so|"
    r"i suppose|i suppose so|probably|prob|probs|most likely|very likely|likely|more or less|pretty much|mostly|"
    r"mainly|sort of yes|go on|go on then|go ahead|go for it|why not|please|please do|fine|fine by me|"
    r"fine with me|ok|okay|okey dokey|alright|all right|alrighty|sounds good|sounds right|sounds alright|happy to|"
    r"for sure|very much so|most definitely|yes and no doubt|could do|do it|no doubt|without a doubt|affirm|"
    r"feels like it|looks like it|seems so|seems like it|happy with that|i agree|we agree)"
)
_NO = (
    r"(?:i (?:will|would) not|no i (?:will|would) not|we will not|no+|nah+|nope|naw|na|nay|n|nein|nie|non|never|"
    r"never ever|not really|not at all|not likely|not yet|not now|"
    r"not today|not (?:for now|at the moment|at present|right now|atm|atmo|currently|anymore|any more)|not ever|"
    r"not so far|not as such|not quite|not exactly|not particularly|not especially|not specially|"
    r"not (?:that|as far as) i (?:know|am aware)(?: of)?|not to my knowledge|"
    r"not in a million years|not a chance|not on your nelly|not for me|not for us|not with them|not that|not|negative|"
    r"wrong|incorrect|no way|no chance|no thanks|no thank you|no need|nowt|none|hardly|hardly ever|barely|fat chance|"
    r"i am not|i do not|i have not|i did not|we are not|we do not|we have not|it is not|it does not|it has not|"
    r"it was not|is not|does not|they are not|they do not|they have not|they did not|he is not|he does not|"
    r"he has not|she is not|she does not|she has not|there is not|i would not say so|do not think so|"
    r"i do not think so|i do not think (?:it is|it does|they are|they would|he would|he does)|should not think so|"
    r"i should not think so|i doubt it|doubt it|doubtful|unlikely|of course not|course not|definitely not|"
    r"certainly not|"
    r"absolutely not|obviously not|probably not|better not|best not|i would rather not|rather not|"
    r"i would prefer not(?: to)?|do not|nothing like that|that is not right|that is wrong|it is not right|"
    r"it is wrong|nah you are alright|no you are alright|i will pass|i am good|i am alright thanks|so no)"
)
_UNSURE = (
    r"(?:(?:i |we )?(?:just |really |honestly )?(?:do not (?:really |actually )?know|dunno|iunno|dno|idk|"
    r"not sure|unsure|"
    r"no idea|no clue|have not (?:a|got a) clue|have no idea|not certain|can not (?:really )?(?:say|tell|remember)|"
    r"could not (?:really )?(?:say|tell you|tell)|do not remember|forget|forgot)|not (?:too|really|that|100|"
    r"100 per cent|"
    r"entirely|totally|quite) sure|i am (?:not sure|unsure|not certain|not too sure)|am not sure|maybe(?: maybe not)?|"
    r"mebbe|mayb|perhaps|possibly|might|might be|might do|may be|could be|hard to (?:say|tell)|"
    r"difficult to (?:say|tell)|"
    r"not easy to (?:say|tell)|who knows|god knows|lord knows|search me|beats me|tough one|sometimes|it depends|"
    r"depends|"
    r"it varies|varies|it can be|can be|kind of|kinda|sort of|sorta|in a way|a bit|a little|bit of both|"
    r"a bit of both|50 ?/? ?50|fifty fifty|yes and no|up and down|on and off|i wonder|"
    r"i can not be sure|can not be sure|"
    r"in two minds|on the fence|undecided|not decided|have not decided|i have not decided|jury is out)"
)
_YES_RE = re.compile(rf"{_BEFORE}{_YES}(?:{_AFTER} {_YES})*{_AFTER}")
_NO_RE = re.compile(rf"{_BEFORE}{_NO}(?:{_AFTER} {_NO})*{_AFTER}")
_UNSURE_RE = re.compile(
    rf"{_BEFORE}{_UNSURE}(?:{_AFTER} (?:{_UNSURE}|about (?:it|that)|really|yet|either|why|which|one))*{_AFTER}"
)
_LEADS_YES = re.compile(rf"{_BEFORE}(?:yes+|yeah+|yep|yup|yh|yea|yeh|aye|course it is|course they do)\b")
_LEADS_NO = re.compile(
    rf"{_BEFORE}(?:no|nah|nope|naw)\b(?! (?:idea|one|body|comment|clue|doubt|problem|worries|english|matter|fixed|"
    r"pattern|name|number|email|phone))"
)
#: At the end of a sentence: "he is out till six so yes".
_ENDS_YES = re.compile(
    r"(?:^|[\s,.;-])(?:so |and |i say |then )?(?:yes|yeah|yep|yh|yeh|aye|yup)[\s.!]*$", re.IGNORECASE
)
_LONGEST_ENDING = 12
#: What makes a yes less than clear: a condition, a doubt, a part taken out, a question back.
_UNCLEAR = re.compile(
    r"\b(?:but|if|unless|except|only|not|never|no|nah|maybe|mebbe|perhaps|suppose|guess|probably|prob|probs|possibly|"
    r"think|later|could|might|depends|unsure|without|leave|until|first|before|dunno|idk|mind|hmm|some|part|bit|"
    r"sort of|kind of|whatever|what|who|why|how)\b|\?"
)
_HARMLESS = re.compile(r"\b(?:no problem|no worries|why not|no doubt|think it (?:would|will) help)\b")


_DO_NOT = r"(?:do ?n'?t|dont|do not|did ?n'?t|never|not)"
GIVING_CONSENT = re.compile(
    r"\b(i (give |do )?(consent|agree|permit)|consent given|permission|pass (it|that|them|this|"
    r"my details)( all)? on|pass on|"
    r"(send|share) (it|that|this|them|my|with)|go ahead|go for it|do it|please (do|send|pass|share)|"
    r"(you|u|they) (can|may|could) (have|pass|send|share|do)|yo?u (can|may)\W*$|happy for you to)\b",
    re.IGNORECASE,
)
REFUSING_CONSENT = re.compile(
    rf"\b({_DO_NOT} (want|agree|consent|send|pass|share|tell|give|wish|like you to)|refuse|no consent|"
    r"keep (it|that|this) (to (yourself|you)|private|here|between)|(rather|prefer)( that)? (you|u|"
    r"it) (did ?n'?t|didnt|did not|"
    r"do not|don'?t)|(rather|prefer|better|best) not|not (happy|comfortable|yet|now|ok|okay)|leave it|"
    r"please (don'?t|dont|do not)|"
    r"i say no|withh?old)\b",
    re.IGNORECASE,
)
SENDING = re.compile(
    r"\b(send (it|that|this|them|off|now)?|submit|(looks|sounds|all|its|it'?s|everything( is)?|thats|that'?s) "
    r"(good|right|correct|fine|perfect|ok|okay|great)|go ahead)\b",
    re.IGNORECASE,
)
NOT_SENDING = re.compile(
    rf"\b{_DO_NOT} (want (it|that|this|to) (sent|send)|send|sending|submit)|\b(bin|scrap|cancel|forget|"
    rf"delete) (it|that|this|all)\b|"
    r"\bkeep it here\b|\bchanged my mind\b|^\W*(please )?(don'?t|dont|do not)\W*$",
    re.IGNORECASE,
)
ALTERING = re.compile(
    r"\b(change|edit|alter|amend|fix|remove|take (out|off|that|it)|correct (the|my|one|a|something)|update|"
    r"wrong|mistake|"
    r"not (quite |all |completely )?(right|correct)|is ?n'?t right|add (something|one|a))\b",
    re.IGNORECASE,
)


def yes_or_no(text: str) -> str | None:
    """ "yes", "no" or "not_sure" when a reply comes down to one of them, else None."""
    said = " ".join(word.norm for word in split_words(text))
    if not said:
        return _by_sign(text)
    for value, pattern in (("not_sure", _UNSURE_RE), ("no", _NO_RE), ("yes", _YES_RE)):
        if pattern.fullmatch(said):
            return value
    if said.replace(" ", "") in ("yes", "yeah", "no", "nope") and " " in said:  # "y e s"
        return "yes" if said[0] == "y" else "no"
    if _LEADS_YES.match(said):
        return "yes"
    if _LEADS_NO.match(said):
        return "no"
    if len(said.split()) <= _LONGEST_ENDING and _ENDS_YES.search(text):
        return "yes"
    return None


def is_clear_yes(text: str) -> bool:
    """True only for a yes without a condition, a doubt or a question: the only kind that lets anything leave."""
    said = " ".join(word.norm for word in split_words(text))
    asked = " ?" if "?" in text else ""
    return bool(said) and yes_or_no(text) == "yes" and not _UNCLEAR.search(_HARMLESS.sub(" ", said + asked))


def is_unclear(text: str) -> bool:
    """True for words of condition, doubt or question, whatever else is said."""
    said = " ".join(word.norm for word in split_words(text))
    return bool(_UNCLEAR.search(_HARMLESS.sub(" ", said + (" ?" if "?" in text else ""))))


def _by_sign(text: str) -> str | None:
    found = {
        value
        for value, signs in (("yes", _YES_SIGNS), ("no", _NO_SIGNS), ("not_sure", _UNSURE_SIGNS))
        if any(sign in text for sign in signs)
    }
    return found.pop() if len(found) == 1 else None
