"""Which moves are there? One list, for Haven's own process and for `rasa run actions` alike."""

from __future__ import annotations

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import area, case_review, chat, faq, handoff, incident, intake, person, referral, safety, signpost
from actions.reach import Move, Reach

_TOPICS = (area, case_review, chat, faq, handoff, incident, intake, person, referral, safety, signpost)


def moves() -> list[type[Move]]:
    """Every move, in the order of the topics."""
    return [
        member
        for topic in _TOPICS
        for member in vars(topic).values()
        if isinstance(member, type) and member.__module__ == topic.__name__ and issubclass(member, Move)
    ]


def make_executor(reach: Reach) -> ActionExecutor:
    """The SDK's executor with every move, reaching what it is given."""
    executor = ActionExecutor()
    for move in moves():
        executor.register_action(move(reach))
    return executor


def is_rejection(failure: Exception) -> bool:
    """True when an action declined to run, which Rasa's form understands; false for a fault."""
    return isinstance(failure, ActionExecutionRejection)
