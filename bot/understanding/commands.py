"""Which short messages plainly ask for something, whatever is open? Leaving, skipping, and what is a question."""

from __future__ import annotations

import re

from bot.understanding.options import is_skip, plain

_LONGEST_COMMAND = 8

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


def plain_command(text: str) -> str | None:
    """ "stop" or "skip" when a few words can mean nothing else, else None."""
    said = plain(text)
    if not said or len(said.split()) > _LONGEST_COMMAND:
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
