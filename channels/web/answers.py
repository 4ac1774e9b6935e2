"""What does an HTTP answer look like? Messages as JSON, errors with numbers, and the headers of every answer."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.conversations.record import Message
from channels.doors import Doors
from channels.gate import Refused, help_with

_PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
    "midi=(), payment=(), usb=()"
)
#: Below this address there is only what anybody may read, copy and keep for a while.
OPEN_DATA = "/api/directory"
LEAVE_NO_TRACE = '"cache", "cookies", "storage"'


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """What a refusal says, by its code."""
    found: dict[str, str] = yaml.safe_load((Path(__file__).parents[1] / "words.yml").read_text("utf-8"))
    return found


def error(doors: Doors, refusal: Refused) -> HTTPResponse:
    """The one error shape of the API: a code, plain words (safety first), and the numbers to call."""
    headers = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"error": {"code": refusal.code, "message": said_of(refusal), "help": list(help_with(doors))}}
    return json(body, status=refusal.status, headers=headers)


def said_of(refusal: Refused) -> str:
    """A refusal in words; what keeps the person safe comes first."""
    return "\n\n".join(filter(None, (refusal.safety, words()[refusal.code].format(about=refusal.about))))


def message_as_json(message: Message) -> dict[str, Any]:
    """A message in the shape of the contract; what it does not have is left out."""
    shown: dict[str, Any] = {
        "id": message.id,
        "from": message.sender,
        "text": message.text,
        "lang": message.lang,
        "dir": message.dir,
        "choices": [{"id": choice.id, "label": choice.label} for choice in message.choices],
        "at": instant(message.at),
    }
    optional = {"name": message.name, "input": message.input, "asks": message.asks}
    shown.update({key: value for key, value in optional.items() if value is not None})
    return shown


def instant(at: dt.datetime) -> str:
    """An instant as RFC 3339 in UTC."""
    return at.astimezone(dt.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def address_of(request: Request) -> str:
    """Where a request came from: the address our own proxies pass on, else the peer's."""
    return str(request.remote_addr or request.ip)


def is_secure(doors: Doors) -> bool:
    """True when people reach us by HTTPS, so cookies are marked Secure."""
    return urlsplit(doors.public_url).scheme == "https"


def add_headers(doors: Doors, request: Request, response: HTTPResponse) -> None:
    """Close every answer: nothing from elsewhere, no frame, no cache, no referrer, no device.

    A handler opens one thing alone, by `request.ctx`: `ancestor`, who may frame this page; `frames`, that this page
    shows a frame of ours; `anywhere`, that other sites may read this file.
    """
    page = str(response.content_type or "").startswith("text/html")
    exit_origin = "{0.scheme}://{0.netloc}".format(urlsplit(doors.exit_url))
    ancestor = getattr(request.ctx, "ancestor", "'none'")
    # In a frame a picture is fetched by script, with the token, and shown from memory.
    pictures = "'self'" if ancestor == "'none'" else "'self' blob:"
    # Browsers hold a redirect after a form to form-action as well, so leaving must be allowed there.
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {pictures}; connect-src 'self'; "
        f"form-action 'self' {exit_origin}; base-uri 'none'; frame-ancestors {ancestor}"
        if page
        else "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    fixed = {
        "Content-Security-Policy": policy + ("; frame-src 'self'" if hasattr(request.ctx, "frames") else ""),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": _PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Robots-Tag": "noindex",
    }
    for name, value in fixed.items():
        response.headers[name] = value
    if is_secure(doors):
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    kept = "private, max-age=600" if request.path.startswith("/static/") else "no-store"
    if ancestor != "'none'":
        # The older header knows no list. A page that isolates itself takes frames that do the same.
        del response.headers["X-Frame-Options"]
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.path.startswith(OPEN_DATA) or hasattr(request.ctx, "anywhere"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        kept = response.headers.get("Cache-Control", kept)
    response.headers["Cache-Control"] = kept if response.status in (200, 304) else "no-store"
