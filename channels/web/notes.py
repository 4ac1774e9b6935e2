"""What may a person keep of their chat? A plain text file with a neutral name, after a word of warning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw, redirect

from bot.conversations import transcript
from bot.conversations.record import Message
from channels.gate import Gate
from channels.rendering import page, render
from channels.web.look import frame
from channels.web.session import IDLE, form_key, session_of

#: A code to come back with. With the word, which was said as well, it opens the chat: neither is in the notes.
_CODE = re.compile(r"\b\d{4}(?: ?\d{4}){3}\b")
_SECRET_QUESTION = "return_word"  # noqa: S105 - the name of a question


def add_notes(app: Sanic, gate: Gate) -> None:
    """Add the page that warns, and the file."""
    routes = Blueprint("notes")

    @routes.get("/chat/notes")
    async def warn(request: Request) -> HTTPResponse:
        conversation, token = await session_of(gate, request, IDLE)
        if conversation is None:
            return redirect("/chat", status=303)
        return page("notes.html", form_key=form_key(token), **frame(gate.doors, conversation.service))

    @routes.get("/chat/notes.txt")
    async def take(request: Request) -> HTTPResponse:
        conversation, _ = await session_of(gate, request, IDLE)
        if conversation is None:
            return redirect("/chat", status=303)
        messages = await gate.keep(transcript.history, gate.doors.house, conversation)
        referrals = await gate.keep(gate.doors.referrals_of, conversation.id)
        return raw(
            as_text(messages, referrals).encode("utf-8", "replace"),
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="notes.txt"'},
        )

    app.blueprint(routes)


def as_text(messages: Sequence[Message], referrals: Sequence[Mapping[str, str]]) -> str:
    """The notes: when, who and what was said, and the references; no ids, and nothing that opens the chat again."""
    return render("notes.txt", said=list(_without_secrets(messages)), referrals=referrals)


def _without_secrets(messages: Sequence[Message]) -> Iterator[tuple[Message, str | None]]:
    """Each message with its text; None in place of the return word."""
    asked: str | None = None
    for message in messages:
        if message.sender == "person":
            yield message, None if asked == _SECRET_QUESTION else message.text
        else:
            asked = message.asks or asked
            yield message, _CODE.sub("****", message.text)
