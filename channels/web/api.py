"""The chat API of the contract: which call does what, and what is refused how?"""

from __future__ import annotations

import asyncio
import json as json_text
import re
from pathlib import Path
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot.conversations import opening
from bot.conversations.record import Conversation
from bot.db import DatabaseUnavailable
from channels.gate import Gate, Refused
from channels.web.answers import LEAVE_NO_TRACE, address_of, error, message_as_json
from channels.web.session import LANGUAGE, SERVICE, bearer_of
from channels.web.stream import Streams

OPENAPI = Path(__file__).with_name("openapi.json")
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def add_api(app: Sanic, gate: Gate, streams: Streams) -> None:
    """Add every route of the API to `app`."""
    doors = gate.doors
    api = Blueprint("api")

    @api.post("/api/conversations")
    async def start(request: Request) -> HTTPResponse:
        body = _body(request, gate.doors.limits.body_bytes, may_be_empty=True)
        language = _matching(body.get("lang", "en"), LANGUAGE)
        service = _matching(body["service"], SERVICE) if body.get("service") is not None else None
        token, messages = await gate.begin(
            channel="web", language=language, address=address_of(request), service=service
        )
        return json({"token": token, "messages": [message_as_json(m) for m in messages]}, status=201)

    @api.post("/api/conversations/resume")
    async def resume(request: Request) -> HTTPResponse:
        body = _body(request, gate.doors.limits.body_bytes)
        code, word = body.get("code"), body.get("word")
        if not isinstance(code, str) or not isinstance(word, str) or len(code) > 64 or len(word) > 200:
            raise Refused(400, "bad_request")
        token, messages = await gate.resume(code=code, word=word, address=address_of(request))
        return json({"token": token, "messages": [message_as_json(m) for m in messages]}, status=201)

    @api.post("/api/conversations/current/messages")
    async def say(request: Request) -> HTTPResponse:
        body = _body(request, gate.doors.limits.body_bytes)
        try:
            conversation, _ = await _current(gate, request)
        except Refused as refusal:
            raise gate.with_safety(refusal, body.get("text")) from None
        client_id = _matching(body.get("id"), _CLIENT_ID)
        text, choice = body.get("text"), body.get("choice")
        if choice is not None and text is None and isinstance(choice, str) and len(choice) <= 64:
            messages = await gate.hear(conversation.id, client_id, choice=choice)
        elif text is not None and choice is None and isinstance(text, str):
            if not text.strip():
                raise Refused(400, "empty")
            messages = await gate.hear(conversation.id, client_id, text=text)
        else:
            raise Refused(400, "bad_request")
        return json({"messages": [message_as_json(m) for m in messages]})

    @api.get("/api/conversations/current")
    async def current(request: Request) -> HTTPResponse:
        conversation, _ = await _current(gate, request)
        referrals = await asyncio.to_thread(doors.referrals_of, conversation.id)
        next_opening = await asyncio.to_thread(doors.next_opening, conversation.id)
        return json(
            {
                "held_by": conversation.held_by,
                "referrals": [dict(referral) for referral in referrals],
                "next_opening": next_opening,
            }
        )

    @api.delete("/api/conversations/current")
    async def leave(request: Request) -> HTTPResponse:
        conversation, _ = await _current(gate, request)
        kept = await gate.leave(conversation, keep=request.args.get("keep") == "draft")
        return json({"kept": kept}, headers={"Clear-Site-Data": LEAVE_NO_TRACE})

    @api.get("/api/conversations/current/events")
    async def events(request: Request) -> None:
        conversation, token = await _current(gate, request)
        await streams.serve(request, token, conversation.id, message_as_json)

    @api.get("/healthz")
    async def alive(_request: Request) -> HTTPResponse:
        return json({"status": "alive"})

    @api.get("/readyz")
    async def ready(_request: Request) -> HTTPResponse:
        if await asyncio.to_thread(doors.ready):
            return json({"status": "ready"})
        return error(doors, Refused(503, "not_ready", retry_after=30))

    @api.get("/openapi.json")
    async def openapi(_request: Request) -> HTTPResponse:
        return raw(OPENAPI.read_bytes(), content_type="application/json")

    app.blueprint(api)


async def _current(gate: Gate, request: Request) -> tuple[Conversation, str]:
    """The conversation whose token the request bears. Raises Refused 401."""
    token = bearer_of(request)
    if not token:
        raise Refused(401, "unauthorised")
    try:
        conversation = await asyncio.to_thread(
            opening.conversation_by_token, gate.doors.house, token, gate.doors.clock()
        )
    except DatabaseUnavailable:
        raise Refused(503, "not_saved", retry_after=30) from None
    if conversation is None:
        raise Refused(401, "unauthorised")
    return conversation, token


def _body(request: Request, limit: int, *, may_be_empty: bool = False) -> dict[str, Any]:
    if len(request.body) > limit:
        raise Refused(413, "too_big")
    if may_be_empty and not request.body.strip():
        return {}
    try:
        body = json_text.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused(400, "bad_json") from None
    if not isinstance(body, dict):
        raise Refused(400, "bad_request")
    return body


def _matching(value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused(400, "bad_request")
    return value
