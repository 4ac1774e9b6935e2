"""Does the open directory answer over real HTTP as its description says, and give nothing that is not checked?"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import jsonschema
import pytest

from bot.directory import Directory, load_directory
from channels.doors import Doors
from channels.web import directory_api
from channels.web.app import create_app
from tests.channels.conftest import HELP, Clock
from tests.channels.serving import served

ROOT = "/api/directory"
DOCUMENT = json.loads(directory_api.OPENAPI.read_text("utf-8"))
NUMBERS = [{"label": one.label, "number": one.number} for one in HELP]
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass
class Shelf:
    """The directory of the day, which a test may change."""

    today: Directory

    def __call__(self) -> Directory:
        return self.today


@pytest.fixture
def shelf(now: dt.datetime) -> Shelf:
    return Shelf(load_directory().on(now.date()))


@pytest.fixture
def doors(doors: Doors, shelf: Shelf) -> Doors:
    return replace(doors, directory=shelf)


class Reader:
    """Another system that reads the directory."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url = http, url

    async def raw(self, path: str, method: str = "GET", **options: Any) -> tuple[int, Any, aiohttp.ClientResponse]:
        async with self.http.request(method, self.url + ROOT + path, **options) as answer:
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            text = await answer.text()
            return answer.status, json.loads(text) if text else None, answer

    async def get(self, path: str, **params: Any) -> Any:
        """The body of an answer that is there, after it was held against the description."""
        status, body, answer = await self.raw(path, params={name: str(value) for name, value in params.items()})
        assert status == 200, body
        assert answer.headers["ETag"]
        assert answer.content_type == "application/json"
        holds(path, body)
        return body

    async def names(self, **params: Any) -> set[str]:
        body = await self.get("/services", per_page=100, **params)
        assert body["total_items"] == len(body["contents"])
        return {one["name"] for one in body["contents"]}

    async def refused(self, path: str, status: int, code: str, **options: Any) -> str:
        """What a refusal says, in the house's one shape."""
        found, body, answer = await self.raw(path, **options)
        assert found == status, body
        assert body["error"]["code"] == code
        assert body["error"]["help"] == NUMBERS
        assert answer.headers["Cache-Control"] == "no-store"
        validate({"$ref": "#/components/schemas/Error"}, body)
        return str(body["error"]["message"])


def validate(schema: dict[str, Any], body: Any) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(body)


def holds(path: str, body: Any) -> None:
    """Fails when a real answer is not as its path is described."""
    (described,) = [
        calls
        for template, calls in DOCUMENT["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), ROOT + path)
        and (template.endswith("}") or template == ROOT + path)
    ]
    validate(described["get"]["responses"]["200"]["content"]["application/json"]["schema"], body)


@pytest.fixture
async def reader(url: str) -> AsyncIterator[Reader]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Reader(http, url)


def test_the_description_lists_what_the_router_serves(doors: Doors) -> None:
    app = create_app(doors, f"test-{secrets.token_hex(8)}")
    app.router.finalize()
    paths = {"/" + re.sub(r"<(\w+)[^>]*>", r"{\1}", route.path) for route in app.router.routes_all.values()}
    ours = {path.rstrip("/") for path in paths if path.startswith(ROOT)}
    assert ours == {path.rstrip("/") for path in DOCUMENT["paths"]}
    assert {method for calls in DOCUMENT["paths"].values() for method in calls} == {"get"}


def test_each_description_of_a_shape_is_valid_and_used() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    text = json.dumps(DOCUMENT)
    for kind, found in DOCUMENT["components"].items():
        for name, schema in found.items():
            assert f'"#/components/{kind}/{name}"' in text
            if kind == "schemas":
                jsonschema.Draft202012Validator.check_schema(schema)
    used = set(re.findall(r"#/components/(\w+)/(\w+)", text))
    assert used == {(kind, name) for kind, found in DOCUMENT["components"].items() for name in found}
    assert set(DOCUMENT["components"]["parameters"]) == set(directory_api._READ)


def test_a_wrong_answer_would_be_found() -> None:
    with pytest.raises(jsonschema.ValidationError):
        holds("/", {"version": "3.0"})
    with pytest.raises(jsonschema.ValidationError):
        holds(f"/taxonomies/{NOBODY}", {"id": "no", "name": "a", "description": "b"})


async def test_it_says_what_it_is(reader: Reader, doors: Doors) -> None:
    about = await reader.get("/")
    assert about["version"] == "3.0"
    assert about["openapi_url"] == f"{doors.public_url}/api/directory/openapi.json"
    assert await reader.get("/openapi.json") == DOCUMENT
    status, body, _ = await reader.raw("")
    assert (status, body) == (200, about)


async def test_every_address_answers_as_described(reader: Reader) -> None:
    for kind in ("services", "organizations", "taxonomies", "taxonomy_terms"):
        listed = (await reader.get(f"/{kind}", per_page=100, format="json"))["contents"]
        assert listed
        for one in listed:
            whole = await reader.get(f"/{kind}/{one['id']}")
            assert {name: whole[name] for name in one} == one
    flat = (await reader.get("/services"))["contents"][0]
    assert not [value for value in flat.values() if isinstance(value, list)]


async def test_every_service_is_given_whole_on_request(reader: Reader, shelf: Shelf) -> None:
    whole = (await reader.get("/services", full="true", per_page=100))["contents"]
    assert len(whole) == sum(service.public_contact for service in shelf.today.services.values())
    assert [await reader.get(f"/services/{one['id']}") for one in whole[:5]] == whole[:5]
    harmony = next(one for one in whole if "Harmony" in one["name"])
    assert harmony["phones"][0]["number"] == "0330 1757 258"
    minimal = await reader.get("/services", minimal="true", per_page=100)
    assert minimal["contents"] == [{"id": one["id"], "last_modified": one["last_modified"]} for one in whole]


async def test_pages_one_after_the_other_and_past_the_last(reader: Reader) -> None:
    every = await reader.get("/services", minimal="true", per_page=100)
    total = every["total_items"]
    assert (every["total_pages"], every["first_page"], every["last_page"]) == (1, True, True)
    seen: list[Any] = []
    pages = -(-total // 25)
    for number in range(1, pages + 1):
        page = await reader.get("/services", minimal="true", page=number, per_page=25)
        assert (page["total_items"], page["total_pages"], page["page_number"]) == (total, pages, number)
        assert (page["first_page"], page["last_page"]) == (number == 1, number == pages)
        assert page["size"] == len(page["contents"])
        assert not page["empty"]
        seen += page["contents"]
    assert seen == every["contents"]
    past = await reader.get("/services", page=pages + 1, per_page=25)
    assert past["empty"]
    assert past["contents"] == []
    assert (past["size"], past["last_page"], past["first_page"]) == (0, True, False)
    nothing = await reader.get("/services", search="nothing-is-called-that")
    assert (nothing["total_items"], nothing["total_pages"], nothing["first_page"], nothing["last_page"]) == (
        0,
        0,
        True,
        True,
    )


async def test_what_was_read_once_is_not_sent_again(reader: Reader) -> None:
    for path in ("/", "/openapi.json", "/services?full=true", "/taxonomies"):
        _, _, first = await reader.raw(path)
        assert first.headers["Cache-Control"] == "public, max-age=300"
        tag = first.headers["ETag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            status, body, again = await reader.raw(path, headers={"If-None-Match": known})
            assert (status, body) == (304, None)
            assert again.headers["ETag"] == tag
            assert again.headers["Cache-Control"] == "public, max-age=300"
        status, _, _ = await reader.raw(path, headers={"If-None-Match": '"other"'})
        assert status == 200


async def test_who_is_open_now_is_never_kept(reader: Reader, clock: Clock) -> None:
    _, _, answer = await reader.raw("/services?open_now=true")
    assert answer.headers["Cache-Control"] == "no-cache"
    clock.now = dt.datetime(2026, 11, 20, 14, tzinfo=dt.timezone.utc)  # a Friday
    by_day = await reader.names(open_now="true")
    assert "Harmony ASB & Mediation Service" in by_day
    clock.now = dt.datetime(2026, 11, 20, 17, 1, tzinfo=dt.timezone.utc)
    assert "Harmony ASB & Mediation Service" not in await reader.names(open_now="true")
    assert "Harmony ASB & Mediation Service" in await reader.names(open_now="false")
    for at in ("2026-11-20T14:00:00Z", "2026-11-20T14:00:00+00:00", "2026-11-20T16:00:00+02:00"):
        assert await reader.names(open_at=at) == by_day
    _, body, _ = await reader.raw("/services?per_page=100&open_at=2026-11-20T14:00:00+00:00")  # a plus, not escaped
    assert {one["name"] for one in body["contents"]} == by_day
    christmas = await reader.names(open_at="2026-12-25T14:00:00Z")
    assert "Samaritans" in christmas
    assert not {"Harmony ASB & Mediation Service", "Papyrus HOPELINE247", "Victim Support Supportline"} & christmas


async def test_services_of_a_place(reader: Reader) -> None:
    stoke = await reader.names(postcode="ST1 3AB")
    assert {"Harmony ASB & Mediation Service", "Samaritans", "Stoke-on-Trent emergency duty team"} <= stoke
    assert not [name for name in stoke if "Lancashire" in name or "Beacon" in name]
    assert stoke == await reader.names(postcode="st13ab")
    outside = await reader.names(postcode="M1 1AE")
    assert "Samaritans" in outside
    assert not [name for name in outside if "Harmony" in name or "Lancashire" in name or "Hert" in name]
    for wrong in ("somewhere", "Stoke-on-Trent", "ZZ99 9ZZ9", "?"):
        said = await reader.refused(f"/services?postcode={wrong}", 400, "bad_parameter")
        assert "“postcode”" in said
    said = await reader.refused("/services?postcode=ST14", 400, "unclear_postcode")
    assert "full postcode" in said


async def test_services_found_by_word_theme_and_organisation(reader: Reader, shelf: Shelf) -> None:
    assert await reader.names(search="mediat") == {"Harmony ASB & Mediation Service"}
    assert await reader.names(search="MEDIATION harmony") == {"Harmony ASB & Mediation Service"}
    assert await reader.names(search="mediation samaritans") == set()
    assert await reader.names(search=".*") == set()
    (term,) = (await reader.get("/taxonomy_terms", search="mediation"))["contents"]
    assert await reader.names(taxonomy_term_id=term["id"]) == {"Harmony ASB & Mediation Service"}
    assert await reader.names(taxonomy_term_id=term["id"].upper()) == {"Harmony ASB & Mediation Service"}
    everything = await reader.names()
    assert await reader.names(taxonomy_id=term["taxonomy_id"]) == everything
    assert await reader.names(taxonomy_id=NOBODY) == set()
    terms = (await reader.get("/taxonomy_terms", taxonomy_id=term["taxonomy_id"], per_page=100))["contents"]
    assert {one["taxonomy"] for one in terms} == {"Themes"}
    (unit,) = (await reader.get("/organizations", search="NSPCC"))["contents"]
    run = {one.name for one in shelf.today.services.values() if one.provider == "NSPCC"}
    assert len(run) == 2
    assert await reader.names(organization_id=unit["id"]) == run
    named = await reader.get(f"/organizations/{unit['id']}")
    assert {one["name"] for one in named["services"]} == run
    assert all(set(one) == {"id", "name", "status"} for one in named["services"])
    whole = await reader.get(f"/organizations/{unit['id']}", full_service="true")
    assert whole["services"][0]["phones"]
    (same,) = (await reader.get("/organizations", search="NSPCC", full_service="true"))["contents"]
    assert same == whole
    (short,) = (await reader.get("/organizations", search="NSPCC", full="true"))["contents"]
    assert short == named


async def test_what_changed_since(reader: Reader, clock: Clock, shelf: Shelf) -> None:
    first = clock.now
    every = await reader.names()
    assert await reader.names(modified_after=first.isoformat()) == every
    clock.now += dt.timedelta(minutes=1)
    assert await reader.names(modified_after=clock.now.isoformat()) == set()
    harmony = replace(shelf.today.service("harmony"), phone="0330 000 0000")
    shelf.today = replace(shelf.today, services={**shelf.today.services, "harmony": harmony})
    assert await reader.names(modified_after=clock.now.isoformat()) == {"Harmony ASB & Mediation Service"}
    assert await reader.names(modified_after=first.isoformat()) == every
    signed = replace(harmony, last_checked=first.date(), check_by=first.date(), changes_ahead=())
    shelf.today = replace(shelf.today, services={**shelf.today.services, "harmony": signed})
    (found,) = (await reader.get("/services", search="harmony"))["contents"]
    assert "alert" not in found
    clock.now += dt.timedelta(days=1)
    assert "Harmony ASB & Mediation Service" in await reader.names(modified_after=clock.now.isoformat())
    (found,) = (await reader.get("/services", search="harmony"))["contents"]
    assert "run out" in found["alert"]


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("/services", "page=0", "page"),
        ("/services", "page=-1", "page"),
        ("/services", "page=1.5", "page"),
        ("/services", "page=%EF%BC%91", "page"),
        ("/services", "page=99999999999999999999", "page"),
        ("/services", "page=1&page=2", "page"),
        ("/services", "per_page=101", "per_page"),
        ("/services", "per_page=many", "per_page"),
        ("/services", "format=xml", "format"),
        ("/services", "full=yes", "full"),
        ("/services", "minimal=true&full=true", "minimal"),
        ("/services", "open_now=1", "open_now"),
        ("/services", "open_now=true&open_at=2026-11-20T14:00:00Z", "open_at"),
        ("/services", "open_at=2026-11-20T14:00:00", "open_at"),
        ("/services", "open_at=tomorrow", "open_at"),
        ("/services", "open_at=9999-12-31T23:59:59Z", "open_at"),
        ("/services", "modified_after=2026-11-20", "modified_after"),
        ("/services", "taxonomy_id=asb", "taxonomy_id"),
        ("/services", "taxonomy_term_id=asb", "taxonomy_term_id"),
        ("/services", "organization_id=%00", "organization_id"),
        ("/services", f"search={'a' * 201}", "search"),
        ("/organizations", "full_service=maybe", "full_service"),
        ("/taxonomies", "per_page=0", "per_page"),
        ("/taxonomy_terms", "taxonomy_id=1", "taxonomy_id"),
    ],
)  # fmt: skip
async def test_what_cannot_be_used_is_refused_by_name(reader: Reader, path: str, query: str, name: str) -> None:
    said = await reader.refused(f"{path}?{query}", 400, "bad_parameter")
    assert f"“{name}”" in said


async def test_what_is_not_known_is_refused_not_passed_over(reader: Reader) -> None:
    for path in ("/", "/openapi.json", "/services", "/organizations", "/taxonomies", "/taxonomy_terms"):
        said = await reader.refused(f"{path}?proximity=500", 400, "unknown_parameter")
        assert "“proximity”" in said
    for path in ("/services", "/organizations", "/taxonomies", "/taxonomy_terms"):
        for wrong in (NOBODY, "harmony", "%00", "..%2F..%2Fetc"):
            await reader.refused(f"{path}/{wrong}", 404, "not_found")
    said = await reader.refused("/services?{about}=1", 400, "unknown_parameter")
    assert "“{about}”" in said
    await reader.refused("/nothing", 404, "not_found")
    await reader.refused("/services", 405, "not_allowed", method="POST")
    _, _, answer = await reader.raw("/services", method="DELETE")
    assert answer.headers["Allow"] == "GET"
    said = await reader.refused("/services/x", 404, "not_found", headers={"Accept": "text/html"})
    assert said


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def numbers(directory: Directory, relied_on: bool, day: dt.date) -> Iterator[str]:
    for service in directory.services.values():
        if service.is_relied_on(day) == relied_on:
            local = [one.phone for one in service.by_authority.values()]
            yield from (digits(number) for number in (service.phone, service.sms, *local) if number)


async def test_nothing_unchecked_is_given_where_it_is_withheld(reader: Reader, shelf: Shelf, clock: Clock) -> None:
    known, day = shelf.today, clock.now.date()
    named = {digits(service.name) for service in known.services.values()}
    secret = set(numbers(known, False, day)) - set(numbers(known, True, day)) - named
    assert len(secret) > 30
    queries = [f"/services?full=true&per_page=100{more}" for more in ("", "&open_now=true", "&postcode=ST1%203AB")]
    queries += ["/services?per_page=100", "/organizations?full_service=true&per_page=100"]
    queries += ["/taxonomies", "/taxonomy_terms?per_page=100"]

    async def shown() -> set[str]:
        found: set[str] = set()
        for query in queries:
            status, body, _ = await reader.raw(query)
            assert status == 200
            holds(query.partition("?")[0], body)
            # sources are addresses of pages, and pages have numbers in their addresses
            text = re.sub(r'"value": "[^"]*"', "", json.dumps(body))
            found |= {digits(number) for number in re.findall(r"\d[\d ]*\d", text)}
        return found

    assert secret <= await shown()
    shelf.today = known.without_unchecked(day)
    assert not secret & await shown()
    (harmony,) = (await reader.get("/services", search="harmony", full="true"))["contents"]
    assert "phones" not in harmony
    assert "999" in harmony["alert"]


async def test_the_export_is_made_once_for_a_directory(
    reader: Reader, shelf: Shelf, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def counted(directory: Directory, day: dt.date) -> Any:
        made.append(day)
        return real(directory, day)

    real = directory_api.export
    monkeypatch.setattr(directory_api, "export", counted)
    await asyncio.gather(*(reader.get("/services", page=page, per_page=10) for page in range(1, 8)))
    clock.now += dt.timedelta(minutes=30)
    await reader.get("/organizations")
    assert len(made) == 1
    shelf.today = replace(shelf.today)
    await reader.get("/taxonomies")
    assert len(made) == 2
    clock.now += dt.timedelta(days=1)
    await reader.get("/services")
    assert len(made) == 3


async def test_other_routes_are_not_opened(url: str) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{url}/openapi.json") as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_start_gives_the_same_ids(doors: Doors, url: str) -> None:
    async def ids(base: str) -> set[str]:
        async with aiohttp.ClientSession() as http:
            body = await Reader(http, base).get("/services", minimal="true", per_page=100)
            return {one["id"] for one in body["contents"]}

    with served(create_app(doors, f"test-{secrets.token_hex(8)}")) as second:
        assert asyncio.run(ids(url)) == asyncio.run(ids(second))
