"""The chat as a page that works without JavaScript: which address shows what, and which form does what?"""

from __future__ import annotations

import asyncio
import logging
import secrets
from pathlib import Path
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json, redirect

from bot.conversations import opening, transcript
from bot.conversations.record import Conversation, Message
from channels.doors import Doors
from channels.gate import Gate, Refused
from channels.rendering import block, page, render
from channels.web.answers import LEAVE_NO_TRACE, address_of, said_of
from channels.web.look import frame
from channels.web.session import (
    FORM_IDLE,
    IDLE,
    LANGUAGE,
    SERVICE,
    bearer_of,
    check_form,
    field,
    forget,
    form_is_ours,
    form_key,
    named,
    remember,
    same_origin,
    session_of,
    wants_data,
)
from channels.web.stream import Streams

log = logging.getLogger("haven.web")
_STATIC = Path(__file__).with_name("static")


def add_pages(app: Sanic, gate: Gate, streams: Streams) -> None:
    """Add the landing page, the chat page and what its forms and script call."""
    doors = gate.doors
    pages = Blueprint("pages")
    app.static("/static", str(_STATIC), name="static")

    @pages.get("/")
    async def landing(request: Request) -> HTTPResponse:
        request.ctx.frames = True
        return page("landing.html", **frame(doors))

    @pages.get("/chat")
    async def chat(request: Request) -> HTTPResponse:
        if request.headers.get("sec-fetch-site") == "cross-site":
            # The Strict cookie does not come along from another site; it does when our own page asks again.
            return page("again.html", **frame(doors))
        conversation, token = await session_of(gate, request, IDLE)
        if conversation is None:
            stale, _ = await session_of(gate, request, opening.IDLE)
            if stale is not None:
                await gate.leave(stale, keep=stale.has_return_code)
            response = page("start.html", closed=stale is not None, **frame(doors))
            if token:
                forget(doors, response)
            return response
        return await _chat_page(gate, conversation, token)

    @pages.post("/chat/start")
    async def start(request: Request) -> HTTPResponse:
        same_origin(request)
        old, _ = await session_of(gate, request, opening.IDLE)
        if old is not None:
            await gate.leave(old, keep=old.has_return_code)
        token, _ = await gate.begin(
            channel="web",
            language=named(field(request, "lang"), LANGUAGE) or "en",
            address=address_of(request),
            service=named(field(request, "service"), SERVICE),
        )
        return await _begun(gate, request, token)

    @pages.get("/chat/return")
    async def return_form(_request: Request) -> HTTPResponse:
        return page("return.html", error="", **frame(doors))

    @pages.post("/chat/return")
    async def come_back(request: Request) -> HTTPResponse:
        same_origin(request)
        code, word = field(request, "code")[:64], field(request, "word")[:200]
        try:
            token, _ = await gate.resume(code=code, word=word, address=address_of(request))
        except Refused as refusal:
            if wants_data(request):
                raise
            return page("return.html", refusal.status, error=said_of(refusal), **frame(doors))
        return await _begun(gate, request, token)

    @pages.post("/chat/messages")
    async def say(request: Request) -> HTTPResponse:
        as_data = wants_data(request)
        try:
            conversation, token = await session_of(gate, request, FORM_IDLE)
            if conversation is None:
                raise Refused(401, "unauthorised")
        except Refused as refusal:
            raise gate.with_safety(refusal, field(request, "text")) from None
        check_form(request, token)
        text, choice = field(request, "text").replace("\r\n", "\n"), field(request, "choice")
        client_id = field(request, "id")[:64] or secrets.token_hex(16)
        try:
            if choice:
                await gate.hear(conversation.id, client_id, choice=choice[:64])
            elif text.strip():
                await gate.hear(conversation.id, client_id, text=text)
            else:
                raise Refused(400, "empty")
        except Refused as refusal:
            if as_data or refusal.status == 401:
                raise
            return await _chat_page(gate, conversation, token, refusal.status, said_of(refusal), draft=text)
        return await _since(gate, conversation, request) if as_data else _to_chat("#latest")

    @pages.get("/chat/since")
    async def since(request: Request) -> HTTPResponse:
        conversation, _ = await session_of(gate, request, IDLE)
        return _not_here(doors, True) if conversation is None else await _since(gate, conversation, request)

    @pages.get("/chat/events")
    async def events(request: Request) -> HTTPResponse | None:
        conversation, token = await session_of(gate, request, IDLE)
        if conversation is None:
            return empty(204)  # tells EventSource to stop asking
        await streams.serve(request, token, conversation.id, lambda message: {"id": message.id})
        return None

    @pages.post("/chat/stay")
    async def stay(request: Request) -> HTTPResponse:
        conversation, token = await session_of(gate, request, IDLE)
        if conversation is None:
            return _not_here(doors, wants_data(request))
        check_form(request, token)
        await asyncio.to_thread(opening.stay, doors.house, conversation.id, doors.clock())
        return empty(204) if wants_data(request) else _to_chat()

    @pages.post("/chat/leave")
    async def leave(request: Request) -> HTTPResponse:
        conversation, token = await session_of(gate, request, opening.IDLE)
        response = empty(204) if wants_data(request) else redirect(doors.exit_url, status=303)
        # Pages beside the chat have no key of its forms; browsers let no other site say that it is ours.
        ours = request.headers.get("sec-fetch-site") == "same-origin"
        if conversation is not None and (ours or form_is_ours(request, token)):
            try:
                await gate.leave(conversation, keep=conversation.has_return_code)
            except Refused as refusal:  # left all the same: whoever leaves in a hurry must not meet an error
                log.error("conversation %s could not be ended: %s", conversation.id, refusal.code)
        response.headers["Clear-Site-Data"] = LEAVE_NO_TRACE
        return response if bearer_of(request) else forget(doors, response)

    app.blueprint(pages)


def refusal_page(doors: Doors, refusal: Refused) -> HTTPResponse:
    """A refusal as a page, with the numbers."""
    return page("refusal.html", refusal.status, said=said_of(refusal), **frame(doors))


async def _begun(gate: Gate, request: Request, token: str) -> HTTPResponse:
    """Where to go with a new token: a browser to the page, with a cookie; our script in a frame holds both itself."""
    if not wants_data(request):
        return remember(gate.doors, _to_chat(), token)
    conversation = await asyncio.to_thread(
        opening.conversation_by_token, gate.doors.house, token, gate.doors.clock(), IDLE
    )
    if conversation is None:
        raise Refused(401, "unauthorised")
    shown = await _shown(gate, conversation, token)
    return json({"token": token, **{part: block("chat.html", part, **shown) for part in ("head", "main")}}, status=201)


async def _chat_page(
    gate: Gate, conversation: Conversation, token: str, status: int = 200, error: str = "", draft: str = ""
) -> HTTPResponse:
    return page("chat.html", status, **await _shown(gate, conversation, token, error, draft))


async def _shown(
    gate: Gate, conversation: Conversation, token: str, error: str = "", draft: str = ""
) -> dict[str, Any]:
    """The values of chat.html."""
    messages = await asyncio.to_thread(transcript.history, gate.doors.house, conversation)
    return {
        "messages": messages,
        "offered": _offered(messages),
        "expects": _expects(messages),
        "held_by": conversation.held_by,
        "form_key": form_key(token),
        "error": error,
        "draft": draft,
        "client_id": secrets.token_hex(16),
        **frame(gate.doors, conversation.service),
    }


async def _since(gate: Gate, conversation: Conversation, request: Request) -> HTTPResponse:
    """What the script has not shown yet, rendered by the same templates as the whole page."""
    messages = await asyncio.to_thread(transcript.history, gate.doors.house, conversation)
    after = field(request, "after") or str(request.args.get("after", ""))
    ids = [message.id for message in messages]
    fresh = messages[ids.index(after) + 1 :] if after in ids else messages
    return json(
        {
            "messages": [
                {"id": m.id, "from": m.sender, "html": render("message.html", message=m), "spoken": _spoken(m)}
                for m in fresh
            ],
            "choices": render("choices.html", offered=_offered(messages)),
            "expects": _expects(messages),
            "held_by": conversation.held_by,
        }
    )


def _offered(messages: list[Message]) -> list[Any]:
    """The quick replies that are open: those offered since the person last spoke."""
    open_ones: list[Any] = []
    for message in messages:
        open_ones = [] if message.sender == "person" else [*open_ones, *message.choices]
    return open_ones


def _expects(messages: list[Message]) -> str:
    last = next((m for m in reversed(messages) if m.sender != "person"), None)
    return (last.input if last else None) or "text"


def _spoken(message: Message) -> str:
    who = {"person": "You", "assistant": "Assistant", "notice": "Notice"}.get(message.sender)
    return f"{who or message.name or 'Adviser'} said: {message.text}"


def _to_chat(anchor: str = "") -> HTTPResponse:
    return redirect(f"/chat{anchor}", status=303)


def _not_here(doors: Doors, as_data: bool) -> HTTPResponse:
    if as_data:
        raise Refused(401, "unauthorised")
    return forget(doors, _to_chat())
