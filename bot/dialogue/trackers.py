"""Where does Rasa's tracker come from? From our own snapshot, rebuilt for each turn.

Rasa keeps a conversation as an ever longer list of events, replays it several times a turn and, when the database is
away, starts the person again from nothing. Here the tracker is a cache of one turn: a snapshot goes in, a snapshot
comes out, and the caller stores it in the same transaction as the replies.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

Snapshot = dict[str, Any]

#: The snapshot of the turn that is running in this task: {"slots": {...}, "loop": str | None}.
_turn: ContextVar[Snapshot] = ContextVar("haven_turn")


def begin_turn(snapshot: Snapshot | None) -> None:
    """Hand the tracker store what the conversation was like before this message."""
    _turn.set(dict(snapshot or {}))


def end_turn() -> Snapshot:
    """What the conversation is like now."""
    return _turn.get()


class SnapshotTrackerStore(TrackerStore):
    """Rebuilds a tracker from the turn's snapshot, and writes the new snapshot back to the turn. Stores nothing."""

    def __init__(self, domain: Domain | None) -> None:
        super().__init__(domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what the next turn needs: the slots that are set, and the active loop."""
        slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
        _turn.set({"slots": slots, "loop": tracker.active_loop_name})

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """A tracker as it stood when it last listened; None when the conversation has not begun."""
        snapshot = _turn.get()
        if not snapshot:
            return None
        return DialogueStateTracker.from_events(
            sender_id,
            list(_events(snapshot)),
            slots=self.domain.slots if self.domain else [],
            domain=self.domain,
        )

    async def keys(self) -> Iterable[str]:
        """None: conversations live in our own tables."""
        return []


def _events(snapshot: Snapshot) -> Iterable[Event]:
    yield ActionExecuted(ACTION_SESSION_START_NAME)
    yield SessionStarted()
    slots: dict[str, Any] = snapshot.get("slots", {})
    for name, value in slots.items():
        if name != REQUESTED_SLOT:
            yield SlotSet(name, value)
    loop = snapshot.get("loop")
    if loop:
        yield ActionExecuted(loop)
        yield ActiveLoop(loop)
        yield SlotSet(REQUESTED_SLOT, slots.get(REQUESTED_SLOT))
    yield ActionExecuted(ACTION_LISTEN_NAME)
