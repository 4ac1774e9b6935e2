"""Is every way in for programs described in an OpenAPI document, and is every described way there?"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import parsed, python_files, read

DESCRIPTIONS = (Path("channels/web/openapi.json"), Path("channels/web/directory_openapi.json"))
METHODS = {"get", "post", "put", "patch", "delete"}
#: Pages are for people: they explain themselves. Everything else is for programs.
PAGES = re.compile(r"/$|/(?:chat|services|about|safety|r|desk|static|embed)(?:[/.]|$)")

Route = tuple[str, str]


def routes(module: ast.Module) -> Iterator[Route]:
    """(method, path) of each route a module declares by a decorator with a written path: `@api.get("/healthz")`."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in METHODS:
                    path = call.args[0] if call.args else None
                    if isinstance(path, ast.Constant) and isinstance(path.value, str):
                        yield call.func.attr, re.sub(r"<(\w+)(?::[^>]*)?>", r"{\1}", path.value)


def described(document: str) -> set[Route]:
    """(method, path) of each call an OpenAPI document describes."""
    paths = json.loads(document)["paths"]
    return {(method, path) for path, calls in paths.items() for method in calls if method in METHODS}


def for_programs(found: set[Route]) -> set[Route]:
    return {(method, path) for method, path in found if not PAGES.match(path)}


def test_what_is_served_is_what_is_described() -> None:
    served = {route for path in python_files("channels") for route in routes(parsed(path))}
    assert served
    assert for_programs(served) == {route for path in DESCRIPTIONS for route in described(read(path))}


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=str)
def test_every_call_says_what_it_does_and_what_it_answers(description: Path) -> None:
    paths = json.loads(read(description))["paths"]
    calls = {f"{m} {p}": call for p, found in paths.items() for m, call in found.items() if m in METHODS}
    assert not [name for name, call in calls.items() if not (call.get("summary") or call.get("description"))]
    assert not [name for name, call in calls.items() if not call.get("responses")]


def test_a_hidden_and_an_invented_route_are_found() -> None:
    code = '@api.post("/api/secret/<name:str>")\nasync def f(): ...\n@pages.get("/chat/return")\nasync def g(): ...'
    served = for_programs(set(routes(ast.parse(code))))
    assert served == {("post", "/api/secret/{name}")}
    assert described('{"paths": {"/api/gone": {"get": {}, "parameters": []}}}') - served == {("get", "/api/gone")}
