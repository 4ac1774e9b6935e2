"""Who may show the chat on a page of their own? The one line they add, and the frame that it opens."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from pathlib import Path
from urllib.parse import urlsplit

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw, redirect

from channels.doors import Doors
from channels.rendering import page
from channels.web.look import frame
from channels.web.session import LANGUAGE, SERVICE, named

log = logging.getLogger("haven.web")

#: The loader. A page that pins its hash keeps working: what changes it gets a new number, and the old file stays.
LOADER = Path(__file__).with_name("static") / "chat-1.js"
#: An origin as a browser writes it.
_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?|https?://\[[0-9a-f:]{2,39}\](:[0-9]{1,5})?")


def add_embedding(app: Sanic, doors: Doors) -> None:
    """Add the loader, and the document of its frame."""
    pages = Blueprint("embedding")

    async def loader(request: Request) -> HTTPResponse:
        request.ctx.anywhere = True
        # A pinned file never changes; the other is looked at again within the hour.
        age = "31536000, immutable" if request.path == "/chat-1.js" else "3600"
        headers = {"Cache-Control": f"public, max-age={age}"}
        return raw(LOADER.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)

    for address in ("/chat.js", "/chat-1.js"):
        pages.add_route(loader, address, name=address)

    @pages.get("/embed")
    async def embed(request: Request) -> HTTPResponse:
        service = named(_given(request, "service"), SERVICE)
        parent = named(_given(request, "parent"), _ORIGIN)
        ancestor = parent and _ancestor(doors, request, service, parent)
        if not ancestor:
            if parent:
                log.info("%s asked for the chat of %s, and is not in HAVEN_EMBED_SITES", parent, service or "*")
            return redirect("/chat", status=303)  # which nobody may frame
        request.ctx.ancestor = ancestor
        return page(
            "embed.html",
            parent=parent,
            language=named(_given(request, "lang"), LANGUAGE) or "",
            closed=_given(request, "then") == "closed",
            begin=_given(request, "then") == "begin",
            **frame(doors, service),
        )

    app.blueprint(pages)


def loader_hash() -> str:
    """The integrity value of the numbered loader, as `docs/embed.md` tells it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(LOADER.read_bytes()).digest()).decode()}"


def _ancestor(doors: Doors, request: Request, service: str | None, parent: str) -> str | None:
    """What Content-Security-Policy may name as the one page around the frame; None when it may not be there."""
    if parent == _origin(doors.public_url) or urlsplit(parent).netloc == request.host:
        return "'self'"
    allowed = doors.embed_sites.get(service or "", doors.embed_sites.get("*", ()))
    return parent if parent in allowed else None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _given(request: Request, name: str) -> str:
    return str(request.args.get(name) or "")
