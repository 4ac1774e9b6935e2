"""The pages that say who can help, how to stay safe and who we are: /services, /safety, /about. No JavaScript."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.directory import Directory
from bot.directory.hours import london_day
from bot.directory.record import AGE_RANGES
from bot.security.keyring import KeyMissing, SealBroken
from channels.doors import Doors
from channels.gate import Refused
from channels.rendering import page
from channels.web.look import frame
from channels.web.service_card import make_card, said_date
from channels.web.service_list import NEEDS, Asked, Where, find_services, with_council

#: A list nobody touched for this long shows nothing any more (a shared computer).
IDLE = dt.timedelta(minutes=20)
#: The year of our postcode table; the notice that its licence asks for is in bot/directory/README.md.
POSTCODES_OF = 2022
#: Whom the safety page names: for danger, and to talk to at any hour. All of them answer day and night.
IN_DANGER = ("emergency_999", "emergency_sms_999", "relay_18000", "bsl_999")
TO_TALK = ("victim_support_supportline", "samaritans", "childline")
_SEAL = {"table": "services_page", "row": "", "field": "asked"}


def add_services_pages(app: Sanic, doors: Doors) -> None:
    """Add the list of services, the page of one service, and those on safety and about us. Nothing is stored."""
    pages = Blueprint("services")

    @pages.get("/services")
    async def services(request: Request) -> HTTPResponse:
        sealed = str(request.args.get("k", ""))
        asked = _opened(doors, sealed) if sealed else _asked(doors.directory(), request.args.get)
        return _list(doors, asked or Asked(), closed=asked is None)

    @pages.post("/services")
    async def find(request: Request) -> HTTPResponse:
        # What was asked goes into the next address sealed: the back button and the reload work, yet neither the
        # history of a shared device nor a log of ours holds a postcode or a need that anybody could read.
        asked = _asked(doors.directory(), (request.form or {}).get)
        return redirect(f"/services?k={_sealed(doors, asked)}#found", status=303)

    @pages.get("/services/<service_id:str>")
    async def service(_request: Request, service_id: str) -> HTTPResponse:
        directory, now = doors.directory(), doors.clock()
        if service_id not in directory.services or not directory.service(service_id).public_contact:
            raise Refused(404, "not_found")
        card = make_card(directory, service_id, now)
        sources = [(source.url, said_date(source.date or "")) for source in card.service.sources]
        may_have_changed = any(one.earliest <= london_day(now) and not one.then for one in card.service.changes_ahead)
        return page("service.html", card=card, sources=sources, may_have_changed=may_have_changed, **_frame(doors, now))

    @pages.get("/about")
    async def about(_request: Request) -> HTTPResponse:
        return page("about.html", year=POSTCODES_OF, **_frame(doors, doors.clock()))

    @pages.get("/safety")
    async def safety(_request: Request) -> HTTPResponse:
        return page("safety.html", **_safety(doors, on_its_own=False))

    @pages.get("/safety.html")
    async def safety_on_its_own(_request: Request) -> HTTPResponse:
        # For a proxy to keep and to show when we do not answer: it leads nowhere that would not answer either.
        return page("safety.html", **_safety(doors, on_its_own=True))

    app.blueprint(pages)


def _safety(doors: Doors, on_its_own: bool) -> dict[str, Any]:
    directory, now = doors.directory(), doors.clock()
    danger, talk = ([make_card(directory, one, now) for one in ids] for ids in (IN_DANGER, TO_TALK))
    return {"danger": danger, "talk": talk, "on_its_own": on_its_own, **_frame(doors, now)}


@lru_cache(maxsize=1)
def said() -> dict[str, Any]:
    """The words of these pages: by need, age, note and reason, and what else people call a theme."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "words.yml").read_text("utf-8"))["services"]
    return found


def _list(doors: Doors, asked: Asked, closed: bool) -> HTTPResponse:
    now = doors.clock()
    found = find_services(doors.directory(), asked, now, said())
    # A search may be the only place where somebody says it: it is read for danger like a message.
    level = doors.check_safety(f"{asked.words}\n{asked.place}").level
    return page(
        "services.html",
        asked=asked,
        found=found,
        closed=closed,
        choices=_choices(doors, asked, found.where),
        safety=[reply.text for reply in doors.safety_words(level)] if level == "now" else [],
        needs=[(need, said()["needs"][need]) for need in NEEDS],
        ages=[(age, said()["ages"][age]) for age in AGE_RANGES],
        **_frame(doors, now),
    )


def _choices(doors: Doors, asked: Asked, where: Where) -> list[tuple[str, str]]:
    """A link and a name for each council that the place may lie in."""
    return [(f"/services?k={_sealed(doors, with_council(asked, one))}#found", name) for one, name in where.choices]


def _frame(doors: Doors, now: dt.datetime) -> dict[str, Any]:
    return {**frame(doors), "now": now, "said": said()}


def _asked(directory: Directory, field: Callable[[str], Any]) -> Asked:
    """What a form or a link asks for; what it cannot ask for counts as not asked."""

    def given(name: str) -> str:
        return str(field(name) or "")[:200].strip()

    need, age, council = given("need"), given("age"), given("council")
    return Asked(
        need=need if need in NEEDS else "",
        place=given("place"),
        council=council if council in directory.atlas.authorities else "",
        age=age if age in AGE_RANGES else "",
        open_only=bool(given("open")),
        words=given("words"),
    )


def _sealed(doors: Doors, asked: Asked) -> str:
    body = json.dumps({"at": doors.clock().timestamp(), "asked": asdict(asked)})
    return doors.house.keyring.seal(body, **_SEAL)


def _opened(doors: Doors, sealed: str) -> Asked | None:
    """What was asked, or None when that is too long ago or not from us."""
    try:
        body = json.loads(doors.house.keyring.open_sealed(sealed, **_SEAL))
    except (SealBroken, KeyMissing):
        return None
    return Asked(**body["asked"]) if doors.clock().timestamp() - body["at"] < IDLE.total_seconds() else None
