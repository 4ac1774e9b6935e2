"""What is new, as it happens? Server-Sent Events, read from the store each second while somebody listens."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from sanic.request import Request

from bot.conversations import transcript
from bot.conversations.record import Message
from bot.db import DatabaseUnavailable
from channels.gate import Gate, Refused


class Streams:
    """The open event streams of this process; their number is bounded."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._open = 0

    async def serve(
        self, request: Request, token: str, conversation_id: str, show: Callable[[Message], dict[str, Any]]
    ) -> None:
        """Stream messages (`id:` is the message's), `held_by` changes and `typing` until the token dies.

        A stream ends by itself after `stream_seconds`; the client opens the next one with Last-Event-ID.
        """
        limits = self._gate.doors.limits
        if self._open >= limits.open_streams:
            raise Refused(503, "too_many_streams", retry_after=60)
        self._open += 1
        try:
            response = await request.respond(
                content_type="text/event-stream; charset=utf-8", headers={"X-Accel-Buffering": "no"}
            )
            if response is None:
                return
            await response.send("retry: 2000\n\n")
            last_id, seq, held_by, writing = request.headers.get("last-event-id", ""), 0, "", False
            ends = time.monotonic() + limits.stream_seconds
            spoke = time.monotonic()
            while time.monotonic() < ends:
                events = []
                try:
                    fresh = await asyncio.to_thread(transcript.news, self._gate.doors.house, token, seq, last_id)
                except DatabaseUnavailable:
                    await asyncio.sleep(limits.poll_seconds)
                    continue
                if fresh is None:
                    await response.send("event: closed\ndata: {}\n\n")
                    break
                last_id, seq = "", fresh.last_seq
                if fresh.held_by != held_by:
                    held_by = fresh.held_by
                    events.append(_event("held_by", {"held_by": held_by}))
                events += [_event("message", show(m), m.id) for m in fresh.messages if m.sender != "person"]
                if writing != self._gate.is_writing(conversation_id):
                    writing = not writing
                    events.append(_event("typing", {"typing": writing}))
                if events:
                    await response.send("".join(events))
                    spoke = time.monotonic()
                elif time.monotonic() - spoke >= limits.comment_seconds:
                    await response.send(": still here\n\n")
                    spoke = time.monotonic()
                await asyncio.sleep(limits.poll_seconds)
            await response.eof()
        finally:
            self._open -= 1


def _event(name: str, data: dict[str, Any], id_: str = "") -> str:
    # JSON has no raw line breaks, so the data is always one line.
    return (f"id: {id_}\n" if id_ else "") + f"event: {name}\ndata: {json.dumps(data)}\n\n"
