"""Which short messages plainly ask for something? Leaving, skipping, a case review, and what is a question."""

from __future__ import annotations

import re

from bot.understanding.options import is_skip, plain

_LONGEST_COMMAND = 8
#: With so few words beside it, a name alone asks about the thing.
_FEW = 4

#: Having to go: nobody who writes this is telling a story.
_LEAVING = re.compile(
    r"(?:(?:sorry|ok|okay|right|anyway|thanks|quick|oh no|shit|look|i) )*(?:i (?:have|had|am) |i |im )?"
    r"(?:got to|gotta|gotto|have to|have got to|need to|must|better|off to) "
    r"(?:go|dash|run|leave|shoot|log off|sign off|get off)(?: (?:now|sorry|bye|thanks|quick|out|here|mate|love|"
    r"(?:he|she|they|hubby|someone|mum|dad|my \w+) (?:is|are|has|have|just|come|coming|back|home|here)\b.{0,25}))*|"
    r"(?:please )?(?:just )?leave me (?:alone|be)(?: (?:now|please|will you|thanks))*|"
    r"(?:ok |right |thats |that is |i am |im )*(?:done|finished|off)(?: (?:now|here|thanks|thank you|bye|for now|for "
    r"today))*|(?:that is me|that will do|that will be all|thats me)(?: (?:done|off|now|for (?:now|today|tonight)))*"
)
_QUESTION = re.compile(
    r"^\W*(?:(?:and|but|so|ok|sorry|um|erm|please|hi|hello|wait) )*"
    r"(?:(?:who|what|when|where|wot|wat|wen)\b(?! (?:i|we|he|she|they|my|the|it|people|kids|walking|going|coming)\b)|"
    r"(?:why|how|y|whats|whos|hows|whys|whens|wheres|which)\b(?! ever)|"
    r"(?:is|are|r|do|does|did|can|could|will|would|has|have|am|was|were|shall|should|wil|cn)(?:n't)? "
    r"(?:i|you|u|yo|ur|he|she|it|they|we|this|that|there|these|those|my|the|your|any|anyone|someone|somebody|police|"
    r"people)\b)|\?\s*$",
    re.IGNORECASE,
)


#: A thing with a name of its own, and what shows that it is asked about: a question, a wish or little else.
_CASE_REVIEW = re.compile(
    r"\b(?:comm?unity trigg?ers?|(?:case|asb) (?:rev(?:iew|eiw)(?:s|ed|ing)?|trigg?er)|reviews?(?: of)? my case"
    r"|my case (?:be )?reviewed)\b"
)
_ASKING_ABOUT = re.compile(
    r"^(?:please |can you |could you )?(?:tell me|explain|help me understand|what about|more about|info\w*|any info\w*"
    r"|i heard|someone (?:said|told me)|(?:i |we )?(?:want|need|(?:would|d) like|wanna|like to)|id like|wed like)\b"
)
_LONGEST_QUESTION = 14


def plain_command(text: str) -> str | None:
    """ "stop", "skip" or "case_review" when the words can mean nothing else, else None."""
    said = plain(text)
    length = len(said.split())
    if length <= _LONGEST_QUESTION and _CASE_REVIEW.search(said):
        asked = length <= _FEW or is_question(text) or _ASKING_ABOUT.search(said)
        return "case_review" if asked else None
    if not said or length > _LONGEST_COMMAND:
        return None
    if _LEAVING.fullmatch(said):
        return "stop"
    return "skip" if is_skip(text) else None


def begins_as_question(text: str) -> bool:
    """True for "does he get told": the words themselves ask, with or without the sign."""
    found = _QUESTION.match(text.replace("\u2019", "'"))
    return found is not None and found.start() == 0


def is_question(text: str) -> bool:
    """True when something is put as a question."""
    return bool(_QUESTION.search(text.replace("\u2019", "'")))
