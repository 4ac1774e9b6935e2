"""How does a service read and answer one referral? Pages behind a one-time link; no account is needed."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw, redirect

from bot.delivery import links
from bot.evidence.record import Copy, Photo
from bot.referrals.receiving import Receiver
from bot.referrals.record import NotLawful, Referral
from channels.desk.codes import day, in_words
from channels.desk.letter import read_letter
from channels.doors import Doors
from channels.gate import Refused
from channels.rendering import page
from channels.web.answers import is_secure


def add_receiver(app: Sanic, doors: Doors, receiver: Receiver) -> None:
    """Add the receiving service's pages to `app`."""
    desk = Blueprint("receiver")

    @desk.route("/r/<token:str>", methods=["GET", "HEAD"])
    async def look(request: Request, token: str) -> HTTPResponse:
        # Mail scanners follow links: looking changes nothing and shows nothing.
        return empty(200) if request.method == "HEAD" else page("receiver_link.html", path=f"/r/{token}")

    @desk.post("/r/<token:str>")
    async def open_it(request: Request, token: str) -> HTTPResponse:
        _same_origin(request)
        try:
            session_token = await asyncio.to_thread(receiver.exchange_link, token, doors.clock())
        except links.LinkUnknown:
            return _closed("unknown", 404)
        except (links.LinkUsed, links.LinkExpired) as problem:
            why = "used" if isinstance(problem, links.LinkUsed) else "expired"
            return _closed(why, 410, renew=f"/r/{token}/renew")
        response = redirect("/r", status=303)
        cookie = _cookie(doors)
        response.cookies[cookie] = session_token
        response.cookies[cookie]["path"] = "/" if is_secure(doors) else "/r"
        response.cookies[cookie]["httponly"] = True
        response.cookies[cookie]["samesite"] = "Strict"
        if is_secure(doors):
            response.cookies[cookie]["secure"] = True
        return response

    @desk.post("/r/<token:str>/renew")
    async def renew(request: Request, token: str) -> HTTPResponse:
        _same_origin(request)
        try:
            await asyncio.to_thread(receiver.renew, token, doors.clock())
        except links.TooManyLinks:
            return _closed("enough", 429)
        except links.LinkUnknown:
            return _closed("unknown", 404)
        return page("receiver_closed.html", why="renewed", renew="")

    @desk.get("/r")
    async def read(request: Request) -> HTTPResponse:
        return await _case_page(doors, receiver, _session(doors, request))

    async def picture(request: Request, photo_id: str, copy: Copy) -> tuple[Referral, Photo, bytes]:
        session_token = _session(doors, request)
        try:
            found = await asyncio.to_thread(receiver.read_photo, session_token, photo_id, copy, doors.clock())
        except links.LinkUnknown:
            raise Refused(404, "not_found") from None
        if found is None:
            raise Refused(404, "not_found")
        return found

    @desk.get("/r/photos/<photo_id:str>")
    async def look_at(request: Request, photo_id: str) -> HTTPResponse:
        _, _, shown = await picture(request, photo_id, "shown")
        return raw(shown, content_type="image/jpeg", headers={"Content-Disposition": 'inline; filename="photo.jpg"'})

    @desk.get("/r/photos/<photo_id:str>/original")
    async def fetch(request: Request, photo_id: str) -> HTTPResponse:
        referral, photo, original = await picture(request, photo_id, "original")
        name = f"{referral.reference}-{photo.sha256[:8]}.{photo.kind}"
        # Not as a picture: a browser saves it, and nothing in it is drawn or run here.
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return raw(original, content_type="application/octet-stream", headers=headers)

    @desk.post("/r")
    async def act(request: Request) -> HTTPResponse:
        session_token = _session(doors, request)
        form = request.form or {}
        given = str(form.get("key") or "").encode("utf-8", "replace")
        if not session_token or not hmac.compare_digest(given, _form_key(session_token).encode()):
            raise Refused(403, "form_not_ours")
        action, reason = str(form.get("action") or ""), str(form.get("reason") or "").strip() or None
        note = str(form.get("note") or "").strip()[:2_000] or None
        if action in ("decline", "outcome") and reason is None:
            return await _case_page(doors, receiver, session_token, 400, missing=action)
        try:
            await asyncio.to_thread(receiver.act, session_token, action, reason, doors.clock(), note=note)
        except NotLawful:
            return await _case_page(doors, receiver, session_token, 409, missing="state")
        except links.LinkUnknown:
            return _closed("session", 401)
        return redirect("/r#answer", status=303)

    app.blueprint(desk)


async def _case_page(
    doors: Doors, receiver: Receiver, session_token: str, status: int = 200, missing: str = ""
) -> HTTPResponse:
    if not session_token:
        return _closed("session", 401)
    try:
        case = await asyncio.to_thread(receiver.view_case, session_token, doors.clock())
    except links.LinkUnknown:
        return _closed("session", 401)
    if case.letter is None:
        return _closed("gone", 410)
    letter = case.letter
    return page(
        "receiver_case.html",
        status,
        case=case,
        letter=letter,
        sheet=read_letter(letter),
        written_at=dt.datetime.fromisoformat(str(letter["created_at"])),
        in_words=in_words,
        day=day,
        missing=missing,
        form_key=_form_key(session_token),
    )


def _closed(why: str, status: int, renew: str = "") -> HTTPResponse:
    return page("receiver_closed.html", status, why=why, renew=renew)


def _session(doors: Doors, request: Request) -> str:
    return str(request.cookies.get(_cookie(doors)) or "")


def _cookie(doors: Doors) -> str:
    return "__Host-referral" if is_secure(doors) else "referral"


def _form_key(session_token: str) -> str:
    return hashlib.sha256(f"receiver form:{session_token}".encode()).hexdigest()


def _same_origin(request: Request) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "form_not_ours")
