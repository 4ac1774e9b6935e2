"""Is each file small, well named, introduced, and free of this machine's addresses?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, parsed, python_files, read, text_files, walked

LONGEST = 400
LONGEST_TEST = 600
EMPTY_WORDS = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "managers",
    "base",
    "models",
    "core",
    "stuff",
}
#: Whole dictionaries and data have no size; neither have files that a program writes.
UNMEASURED = re.compile(r"(^|/)(vendor|versions)/|requirements.*\.txt$|\.(csv|svg|json|jsonl)$|^data/|^domain\.yml$")
KINDS_MEASURED = {".py", ".js", ".css", ".html", ".sh"}

_HOSTS = "|".join(
    ("pypi" + r"\.org", "python" + "hosted", "npmjs" + r"\.", "crates" + r"\.io/api", "conda" + r"\.anaconda")
)
MACHINE_ADDRESSES = re.compile(
    rf"{_HOSTS}"
    r"|https?://(?:files|registry|deb|security|index|mirror|proxy)\.[a-z]"
    r"|(?<![\w.\-/}])/(?:root|Users|work|home/[a-z])[\w.-]*/[\w.]"
    r"|[A-Z]:\\Users\\"
)


def size_limit(path: Path) -> int:
    return LONGEST_TEST if path.parts[0] == "tests" else LONGEST


def misnamed(path: Path) -> bool:
    """True for a name that says nothing about what is inside."""
    return any(Path(part).stem.lower() in EMPTY_WORDS for part in path.parts)


def introduces_itself(module: ast.Module) -> bool:
    """True for a module with a docstring, or an empty package marker."""
    return not module.body or bool(ast.get_docstring(module))


def machine_addresses(text: str) -> list[str]:
    """Registry hosts and absolute paths of one machine: nobody else can follow them."""
    return [found.group() for found in MACHINE_ADDRESSES.finditer(text)]


def test_no_file_is_too_long() -> None:
    lengths = {
        p: read(p).count("\n") for p in files() if p.suffix in KINDS_MEASURED and not UNMEASURED.search(p.as_posix())
    }
    assert not {str(path): n for path, n in lengths.items() if n > size_limit(path)}


def test_a_test_file_may_be_longer() -> None:
    assert size_limit(Path("bot/clock.py")) == LONGEST
    assert size_limit(Path("tests/bot/test_clock.py")) == LONGEST_TEST


def test_names_say_what_is_inside() -> None:
    assert not [str(path) for path in files() if misnamed(path) and "vendor" not in path.parts]


@pytest.mark.parametrize(
    "name", ["bot/utils.py", "bot/helpers/dates.py", "channels/base.py", "bot/models.py", "bot/Manager.py"]
)
def test_an_empty_name_is_found(name: str) -> None:
    assert misnamed(Path(name))


def test_every_module_says_which_question_it_answers() -> None:
    assert not [str(path) for path in python_files() if not introduces_itself(parsed(path))]


def test_a_silent_module_is_found() -> None:
    assert not introduces_itself(ast.parse("import os"))
    assert introduces_itself(ast.parse(""))
    assert introduces_itself(ast.parse('"""What time is it?"""'))


def test_nothing_points_at_one_machine() -> None:
    found = {str(path): machine_addresses(text) for path, text in text_files()}
    here = {str(path) for path, text in text_files() if f"{ROOT}/" in text or f"{Path.home()}/" in text}
    assert not {path: hits for path, hits in found.items() if hits}
    assert not here


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://" + "pypi" + ".org/simple",
        "see https://files." + "python" + "hosted.org/packages",
        "https://" + "registry.example/x",
        "open('/" + "root/haven/var')",
        "cd /" + "work/main/bot",
        "/" + "home/ana/haven/x",
    ],
)
def test_an_address_of_one_machine_is_found(text: str) -> None:
    assert machine_addresses(text)


@pytest.mark.parametrize(
    "text", ["/var/lib/haven/", "https://www.gov.uk/homework/x", "a/work/b/c", "/api/conversations"]
)
def test_other_addresses_are_let_be(text: str) -> None:
    assert not machine_addresses(text)


def test_a_copy_without_history_holds_the_same_files(tmp_path: Path) -> None:
    for name in ("bot/clock.py", ".venv/x.py", "var/haven.db", "bot/__pycache__/clock.pyc", ".mypy_cache/y.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert walked(tmp_path) == {Path("bot/clock.py")}
