"""Who is asking? A chat's token, by cookie on the page or by header in a frame, and the key of its forms."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import re

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.conversations import opening
from bot.conversations.record import Conversation
from bot.db import DatabaseUnavailable
from channels.doors import Doors
from channels.gate import Gate, Refused
from channels.web.answers import is_secure

#: A page nobody touched for this long shows nothing any more (a shared computer). Typing keeps it open.
IDLE = dt.timedelta(minutes=20)
#: A form that was open longer may still be sent: what somebody wrote is not thrown away.
FORM_IDLE = dt.timedelta(hours=2)
#: What somebody may name before a chat begins: a service by its id, a language by its BCP 47 tag.
SERVICE = re.compile(r"[a-z0-9_-]{1,64}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


def bearer_of(request: Request) -> str:
    """The token in the Authorization header, or nothing. A frame may be denied cookies: it holds its token itself."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def session_of(gate: Gate, request: Request, idle: dt.timedelta) -> tuple[Conversation | None, str]:
    """The open conversation of a request and its token. Raises Refused 503 when the database is away."""
    token = bearer_of(request) or request.cookies.get(cookie_name(gate.doors)) or ""
    if not token:
        return None, ""
    now = gate.doors.clock()
    try:
        return await asyncio.to_thread(opening.conversation_by_token, gate.doors.house, token, now, idle), token
    except DatabaseUnavailable:
        raise Refused(503, "not_saved", retry_after=30) from None


def cookie_name(doors: Doors) -> str:
    """The name of the page's cookie."""
    # Browsers accept the __Host- prefix with Secure alone, which plain HTTP on this machine cannot have.
    return "__Host-chat" if is_secure(doors) else "chat"


def remember(doors: Doors, response: HTTPResponse, token: str) -> HTTPResponse:
    """The same answer, with the token as a cookie that is gone when the browser closes."""
    name = cookie_name(doors)
    response.cookies[name] = token
    response.cookies[name]["path"] = "/"
    response.cookies[name]["httponly"] = True
    response.cookies[name]["samesite"] = "Strict"
    if is_secure(doors):
        response.cookies[name]["secure"] = True
    return response


def forget(doors: Doors, response: HTTPResponse) -> HTTPResponse:
    """The same answer, taking the cookie away."""
    remember(doors, response, "")
    response.cookies[cookie_name(doors)]["max-age"] = 0
    return response


def form_key(token: str) -> str:
    """The key that every form of this conversation carries; other sites cannot know it."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()


def form_is_ours(request: Request, token: str) -> bool:
    """True when another site cannot have sent this form: it bears the token itself, or the key made from it."""
    given = field(request, "key").encode("utf-8", "replace")
    return bool(bearer_of(request)) or hmac.compare_digest(given, form_key(token).encode())


def check_form(request: Request, token: str) -> None:
    """Raises Refused 403 when the form may be another site's."""
    if not form_is_ours(request, token):
        raise Refused(403, "form_not_ours")


def same_origin(request: Request) -> None:
    """Raises Refused 403 when the browser says that another site asks."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "form_not_ours")


def field(request: Request, name: str) -> str:
    """A field of the form, or nothing."""
    return str((request.form or {}).get(name) or "")


def wants_data(request: Request) -> bool:
    """True when our script asks and not the browser itself."""
    return "application/json" in request.headers.get("accept", "")


def named(given: str, pattern: re.Pattern[str]) -> str | None:
    """What was given when it is of this form, else None."""
    return given if pattern.fullmatch(given) else None
