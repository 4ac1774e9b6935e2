"""Do the tests themselves keep to the rules? Nothing skipped, nothing slept through, nothing asserted in vain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_homes import dotted_uses
from tests.house.tree import parsed, python_files

LONGEST_SLEEP = 1.0
SKIPS = {
    "pytest.skip",
    "pytest.xfail",
    "pytest.importorskip",
    "pytest.mark.skip",
    "pytest.mark.skipif",
    "pytest.mark.xfail",
    "unittest.skip",
    "unittest.skipIf",
    "unittest.skipUnless",
}
BLOCKING = {"time.sleep", "sleep"}
WAITING = {"asyncio.sleep", "sleep"}


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What a function does itself, without the functions that are defined inside it."""
    for node in ast.iter_child_nodes(function):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from _own_nodes(node)


def _naps(module: ast.Module) -> list[str]:
    """Sleeps with a written length above the limit.

    A blocking sleep counts anywhere; a cancellable one only in a test's own body, because a stand-in for a service that
    never answers sleeps until it is cancelled.
    """
    blocking = (node for node in ast.walk(module) if isinstance(node, ast.Call) and ast.unparse(node.func) in BLOCKING)
    waiting = (
        node
        for test in ast.walk(module)
        if isinstance(test, ast.AsyncFunctionDef) and test.name.startswith("test_")
        for node in _own_nodes(test)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WAITING
    )
    lengths = (node.args[0] for node in (*blocking, *waiting) if node.args)
    return [f"sleeps {n.value} s" for n in lengths if isinstance(n, ast.Constant) and n.value > LONGEST_SLEEP]


def _asserts_something(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """True when a test can fail by itself: an assert, a `raises`, or a call of something that checks or expects."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            if not (isinstance(node.test, ast.Constant) and node.test.value):
                return True
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).lower()
            if any(word in name for word in ("raises", "assert", "expect", "check", "warns")):
                return True
    return False


def complaints(module: ast.Module) -> list[str]:
    """What a test module does that it should not."""
    found = [f"uses {use}" for use in sorted(set(dotted_uses(module)) & SKIPS)] + _naps(module)
    for node in ast.walk(module):
        is_test = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if is_test and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _asserts_something(node):
            found.append(f"{node.name} asserts nothing")
    return found


def swallowed(module: ast.Module) -> list[int]:
    """Lines where an error is caught and nothing at all is done."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(s, ast.Pass) for s in node.body)
    ]


def test_tests_are_honest() -> None:
    found = {str(path): complaints(parsed(path)) for path in python_files("tests")}
    assert not {path: lines for path, lines in found.items() if lines}


def test_no_error_is_swallowed() -> None:
    found = {str(path): swallowed(parsed(path)) for path in python_files()}
    assert not {path: lines for path, lines in found.items() if lines}


@pytest.mark.parametrize(
    "code",
    [
        "import pytest\n@pytest.mark.skip\ndef test_x(): assert f()",
        "import pytest\ndef test_x():\n    pytest.skip('later')\n    assert f()",
        "from pytest import mark\n@mark.xfail\ndef test_x(): assert f()",
        "import time\ndef test_x():\n    time.sleep(5)\n    assert f()",
        "async def test_x():\n    await asyncio.sleep(1.5)\n    assert f()",
        "def test_x():\n    f()",
        "def test_x():\n    assert True",
    ],
)
def test_a_dishonest_test_is_found(code: str) -> None:
    assert complaints(ast.parse(code))


def test_a_swallowed_error_is_found() -> None:
    assert swallowed(ast.parse("try:\n    f()\nexcept OSError:\n    pass")) == [3]
    assert not swallowed(ast.parse("try:\n    f()\nexcept OSError:\n    g()"))


def test_an_honest_test_is_let_be() -> None:
    assert not complaints(ast.parse("import time\ndef test_x():\n    time.sleep(0.01)\n    assert f()"))
    never = "async def test_x():\n    async def silent():\n        await asyncio.sleep(60)\n    assert await g(silent)"
    assert not complaints(ast.parse(never))


@pytest.mark.parametrize("folder", ["bot", "channels", "actions"])
def test_every_folder_of_code_is_a_package(folder: str) -> None:
    folders = {path.parent for path in python_files(folder) if path.parent.name != "versions"}
    assert not [str(f) for f in folders if f / "__init__.py" not in python_files(folder)]


def test_files_of_tests_are_found_by_pytest() -> None:
    strays = [
        str(path)
        for path in python_files("tests")
        if not path.name.startswith("test_")
        and any(isinstance(n, ast.FunctionDef) and n.name.startswith("test_") for n in ast.walk(parsed(path)))
    ]
    assert not strays
    assert Path("tests/house/test_tests.py") in python_files("tests")
