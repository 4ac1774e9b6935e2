"""How does a person add photos, see them and take them out? A page that works by forms alone, and the same by API."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json, raw, redirect

from bot.conversations import opening, photos
from bot.conversations.record import Conversation
from bot.evidence.record import MOST_BYTES, MOST_PHOTOS, MOST_WORDS, Photo
from channels.gate import Gate, Refused
from channels.rendering import page
from channels.web.answers import instant, said_of
from channels.web.look import frame
from channels.web.session import FORM_IDLE, IDLE, bearer_of, check_form, field, form_key, session_of
from channels.web.uploads import Uploads

_PAGE = "/chat/photos"


def add_photos(app: Sanic, gate: Gate) -> None:
    """Add the photo page and the calls of the API to `app`."""
    pages, api = Blueprint("photos"), Blueprint("api_photos")
    uploads = Uploads(gate)
    house = gate.doors.house

    @pages.get("/chat/photos")
    async def look(request: Request) -> HTTPResponse:
        conversation, token = await session_of(gate, request, IDLE)
        return redirect("/chat", status=303) if conversation is None else await _photo_page(gate, conversation, token)

    @pages.post("/chat/photos", stream=True)
    async def add(request: Request) -> HTTPResponse:
        conversation, token = await session_of(gate, request, FORM_IDLE)
        if conversation is None:
            raise Refused(401, "unauthorised")
        try:
            await uploads.receive(request, conversation)
            check_form(request, token)
            await uploads.keep(request, conversation)
        except Refused as refusal:
            if refusal.status in (401, 403):
                raise
            words = field(request, "description") if request.body else ""
            return await _photo_page(gate, conversation, token, refusal.status, said_of(refusal), words)
        return redirect(f"{_PAGE}#added", status=303)

    @pages.get("/chat/photos/<photo_id:str>")
    async def see(request: Request, photo_id: str) -> HTTPResponse:
        conversation, _ = await session_of(gate, request, IDLE)
        return await _jpeg(gate, conversation, photo_id)

    @pages.post("/chat/photos/<photo_id:str>/remove")
    async def remove(request: Request, photo_id: str) -> HTTPResponse:
        conversation, token = await session_of(gate, request, FORM_IDLE)
        if conversation is None:
            raise Refused(401, "unauthorised")
        check_form(request, token)
        await gate.keep(photos.remove_photo, house, conversation.id, photo_id)
        return redirect(_PAGE, status=303)

    @api.get("/api/conversations/current/photos")
    async def list_them(request: Request) -> HTTPResponse:
        conversation = await _current(gate, request)
        found = await gate.keep(photos.list_photos, house, conversation.id)
        return json({"photos": [_as_json(conversation, photo) for photo in found]})

    @api.post("/api/conversations/current/photos", stream=True)
    async def send(request: Request) -> HTTPResponse:
        conversation = await _current(gate, request)
        await uploads.receive(request, conversation)
        return json({"photo": _as_json(conversation, await uploads.keep(request, conversation))}, status=201)

    @api.get("/api/conversations/current/photos/<photo_id:str>")
    async def fetch(request: Request, photo_id: str) -> HTTPResponse:
        return await _jpeg(gate, await _current(gate, request), photo_id)

    @api.delete("/api/conversations/current/photos/<photo_id:str>")
    async def delete(request: Request, photo_id: str) -> HTTPResponse:
        conversation = await _current(gate, request)
        if not await gate.keep(photos.remove_photo, house, conversation.id, photo_id):
            raise Refused(404, "not_found")
        return empty(204)

    app.blueprint(pages)
    app.blueprint(api)


async def _photo_page(
    gate: Gate, conversation: Conversation, token: str, status: int = 200, error: str = "", words: str = ""
) -> HTTPResponse:
    found = await gate.keep(photos.list_photos, gate.doors.house, conversation.id)
    sent = await gate.keep(gate.doors.referrals_of, conversation.id)
    return page(
        "photos.html",
        status,
        photos=[(photo, photos.may_show(conversation, photo)) for photo in found],
        is_sent=bool(sent),
        is_full=len(found) >= MOST_PHOTOS,
        most=MOST_PHOTOS,
        megabytes=MOST_BYTES // 1_000_000,
        characters=MOST_WORDS,
        error=error,
        words=words,
        form_key=form_key(token),
        **frame(gate.doors, conversation.service),
    )


async def _jpeg(gate: Gate, conversation: Conversation | None, photo_id: str) -> HTTPResponse:
    """The copy without metadata. Another conversation's photo, one that is gone and none at all answer alike."""
    found = None
    if conversation is not None:
        found = await gate.keep(photos.read_photo, gate.doors.house, conversation, photo_id)
    if found is None:
        raise Refused(404, "not_found")
    return raw(found, content_type="image/jpeg", headers={"Content-Disposition": 'inline; filename="photo.jpg"'})


async def _current(gate: Gate, request: Request) -> Conversation:
    """The conversation whose token the request bears: the API takes no cookie. Raises Refused 401."""
    conversation, _ = await session_of(gate, request, opening.IDLE) if bearer_of(request) else (None, "")
    if conversation is None:
        raise Refused(401, "unauthorised")
    return conversation


def _as_json(conversation: Conversation, photo: Photo) -> dict[str, Any]:
    """A photo in the shape of the contract. One from before a return shows no more than that it is there."""
    known: dict[str, Any] = {"id": photo.id, "received_at": instant(photo.received_at), "sent": bool(photo.sent_at)}
    if not photos.may_show(conversation, photo):
        return {**known, "shown": False}
    return {
        **known,
        "shown": True,
        "kind": photo.kind,
        "bytes": photo.size,
        "width": photo.width,
        "height": photo.height,
        "sha256": photo.sha256,
        "description": photo.description,
    }
