"""How do the web pages and the API become one application? Routes, headers and errors, put together."""

from __future__ import annotations

import asyncio
import logging

from sanic import Sanic
from sanic.exceptions import MethodNotSupported, NotFound, PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.db import DatabaseUnavailable
from channels.desk.receiver import add_receiver
from channels.doors import Doors
from channels.gate import Gate, Refused, what_broke
from channels.web.answers import add_headers, error
from channels.web.api import add_api
from channels.web.directory_api import add_directory_api
from channels.web.embed import add_embedding
from channels.web.notes import add_notes
from channels.web.page import add_pages, refusal_page
from channels.web.photos import add_photos
from channels.web.services_page import add_services_pages
from channels.web.stream import Streams

__all__ = ["Doors", "create_app"]
log = logging.getLogger("haven.web")

#: Room for the percent-encoding of a form: 5,000 characters of four bytes each become 60,000 characters.
_OVERHEAD = 4 * 1024


def create_app(doors: Doors, name: str = "haven") -> Sanic:
    """The application with every door. `name` must be new in this process. The caller runs it."""
    app = Sanic(name, configure_logging=False)
    app.update_config(
        {
            "REQUEST_MAX_SIZE": doors.limits.body_bytes + _OVERHEAD,
            "REQUEST_MAX_HEADER_SIZE": 16 * 1024,
            "REQUEST_TIMEOUT": 15,
            "RESPONSE_TIMEOUT": 60,
            "KEEP_ALIVE_TIMEOUT": 20,
            "GRACEFUL_SHUTDOWN_TIMEOUT": 10,
            "PROXIES_COUNT": doors.trusted_proxies or None,
            "ACCESS_LOG": False,
            "FALLBACK_ERROR_FORMAT": "json",
        }
    )
    gate = Gate(doors)
    app.ctx.gate = gate
    streams = Streams(gate)
    add_api(app, gate, streams)
    add_directory_api(app, doors)
    add_pages(app, gate, streams)
    add_embedding(app, doors)
    add_photos(app, gate)
    add_notes(app, gate)
    add_services_pages(app, doors)
    if doors.receiver is not None:
        add_receiver(app, doors, doors.receiver)

    @app.exception(Exception)
    async def refuse(request: Request, exception: Exception) -> HTTPResponse:
        refusal = _refusal(exception, request)
        if refusal.status == 500:
            log.error("a request to a known address broke: %s", what_broke(exception))
        as_page = "text/html" in request.headers.get("accept", "") and not request.path.startswith("/api/")
        response = refusal_page(doors, refusal) if as_page else error(doors, refusal)
        allowed = getattr(exception, "headers", None) or {}
        response.headers.update({name: value for name, value in allowed.items() if name.lower() == "allow"})
        add_headers(doors, request, response)
        return response

    @app.middleware("response")
    async def close(request: Request, response: HTTPResponse) -> None:
        add_headers(doors, request, response)

    @app.listener("after_server_start")
    async def catch_up(app: Sanic, _loop: object) -> None:
        app.ctx.catching_up = asyncio.get_running_loop().create_task(gate.catch_up())

    return app


def _refusal(exception: Exception, request: Request) -> Refused:
    if isinstance(exception, Refused):
        return exception
    if isinstance(exception, PayloadTooLarge):
        return Refused(413, "too_big")
    if isinstance(exception, NotFound):
        return Refused(404, "not_found")
    if isinstance(exception, MethodNotSupported):
        return Refused(405, "not_allowed")
    if isinstance(exception, SanicException) and 400 <= exception.status_code < 500:
        return Refused(exception.status_code, "bad_request")
    if isinstance(exception, SanicException) and exception.status_code == 503:
        return Refused(503, "not_ready", retry_after=30)
    if isinstance(exception, DatabaseUnavailable):
        return Refused(503, "not_saved", retry_after=30)
    if request.path.startswith("/static/") and isinstance(exception, (ValueError, OSError)):
        return Refused(404, "not_found")  # a NUL in a name, or a folder
    if request.route is None and isinstance(exception, ValueError):
        return Refused(400, "bad_request")  # it broke while it was read, so nothing of ours saw it
    return Refused(500, "broken")
