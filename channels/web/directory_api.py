"""What may other systems read of the directory? All that the public may: Open Referral HSDS 3, without a key."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from bot.directory import Directory
from bot.directory.export import Export, Record, export
from bot.directory.hours import london_day
from channels.doors import Doors
from channels.gate import Refused
from channels.web.answers import instant

OPENAPI = Path(__file__).with_name("directory_openapi.json")
#: The version of HSDS, and where the profile that these names follow is described.
VERSION, PROFILE = "3.0", "https://docs.openreferraluk.org/en/latest/"
PAGE_SIZE, LARGEST_PAGE = 50, 100
#: Kept for five minutes; a list of who is open now is asked for anew each time.
KEPT, ASKED_ANEW = "public, max-age=300", "no-cache"

_LISTED = ("search", "page", "per_page", "format")


def add_directory_api(app: Sanic, doors: Doors) -> None:
    """Add the open directory to `app`. It reads and changes nothing else, sets no cookie and knows nobody."""
    shelf = _Shelf(doors)
    api = Blueprint("directory")

    @api.get("/api/directory/")
    async def about(request: Request) -> HTTPResponse:
        _asked(request)
        openapi_url = f"{doors.public_url.rstrip('/')}/api/directory/openapi.json"
        return _answer(request, {"version": VERSION, "profile": PROFILE, "openapi_url": openapi_url})

    @api.get("/api/directory/openapi.json")
    async def openapi(request: Request) -> HTTPResponse:
        _asked(request)
        return _send(request, OPENAPI.read_bytes(), KEPT)

    @api.get("/api/directory/services")
    async def services(request: Request) -> HTTPResponse:
        asked = _asked(
            request, *_LISTED, "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal",
            "full", "postcode", "open_at", "open_now",
        )  # fmt: skip
        if asked.get("minimal") and asked.get("full"):
            raise Refused(400, "bad_parameter", about="minimal")
        if asked.get("open_now"):
            if "open_at" in asked:
                raise Refused(400, "bad_parameter", about="open_at")
            asked["open_at"] = doors.clock()
        found = _wanted(shelf, asked)
        if asked.get("minimal"):
            found = [{"id": one["id"], "last_modified": one["last_modified"]} for one in found]
        elif not asked.get("full"):
            found = [_flat(one) for one in found]
        return _paged(request, asked, found, ASKED_ANEW if asked.get("open_now") else KEPT)

    @api.get("/api/directory/services/<service_id:str>")
    async def service(request: Request, service_id: str) -> HTTPResponse:
        _asked(request)
        return _answer(request, _one(shelf.export.services.values(), service_id))

    @api.get("/api/directory/organizations")
    async def organizations(request: Request) -> HTTPResponse:
        asked = _asked(request, *_LISTED, "full", "full_service")
        found: Iterable[Record] = _searched(shelf.export.organizations, asked)
        if asked.get("full") or asked.get("full_service"):
            found = [_with_services(shelf.export, one, bool(asked.get("full_service"))) for one in found]
        return _paged(request, asked, found)

    @api.get("/api/directory/organizations/<organization_id:str>")
    async def organization(request: Request, organization_id: str) -> HTTPResponse:
        asked = _asked(request, "full_service")
        found = _one(shelf.export.organizations, organization_id)
        return _answer(request, _with_services(shelf.export, found, bool(asked.get("full_service"))))

    @api.get("/api/directory/taxonomies")
    async def taxonomies(request: Request) -> HTTPResponse:
        asked = _asked(request, *_LISTED)
        return _paged(request, asked, _searched(shelf.export.taxonomies, asked))

    @api.get("/api/directory/taxonomies/<taxonomy_id:str>")
    async def taxonomy(request: Request, taxonomy_id: str) -> HTTPResponse:
        _asked(request)
        return _answer(request, _one(shelf.export.taxonomies, taxonomy_id))

    @api.get("/api/directory/taxonomy_terms")
    async def terms(request: Request) -> HTTPResponse:
        asked = _asked(request, *_LISTED, "taxonomy_id")
        found = _searched(shelf.export.terms, asked)
        if "taxonomy_id" in asked:
            found = [one for one in found if one["taxonomy_id"] == asked["taxonomy_id"]]
        return _paged(request, asked, found)

    @api.get("/api/directory/taxonomy_terms/<term_id:str>")
    async def term(request: Request, term_id: str) -> HTTPResponse:
        _asked(request)
        return _answer(request, _one(shelf.export.terms, term_id))

    app.blueprint(api)


class _Shelf:
    """The export of today's directory, made once for each directory and day."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._made: tuple[Directory, dt.date, Export] | None = None

    @property
    def directory(self) -> Directory:
        """Today's directory, as the public may see it."""
        return self._doors.directory()

    @property
    def export(self) -> Export:
        """The same as HSDS objects. A service is as new as the first time that it was given in its present form."""
        directory, now = self.directory, self._doors.clock()
        day = london_day(now)
        if self._made is None or self._made[:2] != (directory, day):
            before = self._made[2].services if self._made else {}
            made = export(directory, day)
            for own, one in made.services.items():
                same = before.get(own, {})
                unchanged = {**one, "last_modified": same.get("last_modified")} == same
                one["last_modified"] = same["last_modified"] if unchanged else instant(now)
            self._made = (directory, day, made)
        return self._made[2]


def _wanted(shelf: _Shelf, asked: dict[str, Any]) -> list[Record]:
    """The services that answer every part of what is asked. Raises Refused when the postcode cannot be placed."""
    directory, made = shelf.directory, shelf.export
    ids: list[str] = list(made.services)
    if "postcode" in asked:
        area = directory.find_area(asked["postcode"], lenient=True)
        if area is None or area.outcode is None:
            raise Refused(400, "bad_parameter", about="postcode")
        if not area.certain:
            raise Refused(400, "unclear_postcode", about="postcode")
        ids = [one for one in ids if directory.covers(directory.service(one), area.authority, area.group)]
    if "open_at" in asked:
        ids = [one for one in ids if directory.state(one, asked["open_at"]) == "open"]
    found = _searched([made.services[one] for one in ids], asked)
    if "organization_id" in asked:
        found = [one for one in found if one["organization_id"] == asked["organization_id"]]
    for name, key in (("taxonomy_term_id", "id"), ("taxonomy_id", "taxonomy_id")):
        if name in asked:
            found = [one for one in found if any(it["taxonomy_term"][key] == asked[name] for it in one["attributes"])]
    if "modified_after" in asked:
        found = [one for one in found if _instant(one["last_modified"]) >= asked["modified_after"]]
    return found


def _searched(records: Sequence[Record], asked: dict[str, Any]) -> list[Record]:
    """Those in which every word that is searched for begins a word."""
    sought = [re.compile(rf"\b{re.escape(word)}", re.IGNORECASE) for word in asked.get("search", "").split()]
    return [one for one in records if all(word.search(_text(one)) for word in sought)]


def _text(record: Record) -> str:
    named = [record.get(key, "") for key in ("name", "description", "eligibility_description")]
    named += [one["taxonomy_term"]["name"] for one in record.get("attributes", ()) if one["link_type"] == "themes"]
    return " ".join([*named, record.get("organization", {}).get("name", "")])


def _flat(record: Record) -> Record:
    """A record without its lists, as HSDS gives it in a list."""
    return {name: value for name, value in record.items() if not isinstance(value, list)}


def _with_services(made: Export, organization: Record, whole: bool) -> Record:
    run = [one for one in made.services.values() if one["organization_id"] == organization["id"]]
    short = ("id", "name", "status")
    return {**organization, "services": run if whole else [{key: one[key] for key in short} for one in run]}


def _one(records: Iterable[Record], asked: str) -> Record:
    found = next((one for one in records if one["id"] == asked.lower()), None)
    if found is None:
        raise Refused(404, "not_found")
    return found


def _asked(request: Request, *names: str) -> dict[str, Any]:
    """What the address asks for. Raises Refused 400 naming the first part that is not known, or not usable.

    A filter that we do not know is refused: an answer without it would be the answer to another question.
    """
    found: dict[str, Any] = {}
    for name, values in request.args.items():
        if name not in names:
            raise Refused(400, "unknown_parameter", about=name[:64])
        try:
            (value,) = values
            found[name] = _READ[name](value)
        except ValueError:
            raise Refused(400, "bad_parameter", about=name) from None
    return found


def _paged(request: Request, asked: dict[str, Any], items: Iterable[Record], kept: str = KEPT) -> HTTPResponse:
    listed = list(items)
    page, size = asked.get("page", 1), asked.get("per_page", PAGE_SIZE)
    pages = -(-len(listed) // size)
    contents = listed[(page - 1) * size : page * size]
    body = {
        "total_items": len(listed),
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }
    return _answer(request, body, kept)


def _answer(request: Request, body: Record, kept: str = KEPT) -> HTTPResponse:
    return _send(request, json.dumps(body, ensure_ascii=False).encode(), kept)


def _send(request: Request, body: bytes, kept: str) -> HTTPResponse:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": kept}
    known = re.findall(r'"[^"]*"|\*', request.headers.get("if-none-match", ""))
    if tag in known or "*" in known:
        return empty(304, headers=headers)
    return raw(body, headers=headers, content_type="application/json")


def _whole(largest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"[1-9][0-9]{0,5}", value) or int(value) > largest:
            raise ValueError(value)
        return int(value)

    return read


def _among(values: dict[str, Any]) -> Callable[[str], Any]:
    def read(value: str) -> Any:
        if value not in values:
            raise ValueError(value)
        return values[value]

    return read


def _short(value: str) -> str:
    if len(value) > 200:
        raise ValueError(value)
    return value


def _id(value: str) -> str:
    return str(uuid.UUID(value))


def _instant(value: str) -> dt.datetime:
    # an unescaped plus arrives as a space
    at = dt.datetime.fromisoformat(re.sub(r" (\d\d:\d\d)$", r"+\1", re.sub(r"Z$", "+00:00", value)))
    if at.tzinfo is None or not 2000 <= at.year < 2100:
        raise ValueError(value)
    return at


_flag = _among({"true": True, "false": False})
_READ: dict[str, Callable[[str], Any]] = {
    "search": _short,
    "postcode": _short,
    "page": _whole(999_999),
    "per_page": _whole(LARGEST_PAGE),
    "format": _among({"json": "json"}),
    "taxonomy_term_id": _id,
    "taxonomy_id": _id,
    "organization_id": _id,
    "modified_after": _instant,
    "open_at": _instant,
    "open_now": _flag,
    "minimal": _flag,
    "full": _flag,
    "full_service": _flag,
}
