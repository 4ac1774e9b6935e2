"""Which files does the house hold? Paths and parsed modules, for the rules to read."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("bot", "channels", "actions")
TEXT = {
    ".py",
    ".md",
    ".yml",
    ".yaml",
    ".toml",
    ".txt",
    ".in",
    ".sh",
    ".js",
    ".css",
    ".html",
    ".json",
    ".example",
    ".csv",
    "",
}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: what git holds or would hold, that still exists."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = (Path(name) for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in found if (ROOT / path).is_file())


def python_files(*folders: str) -> tuple[Path, ...]:
    """The .py files of these top folders (all of them when none is named)."""
    return tuple(p for p in files() if p.suffix == ".py" and (not folders or p.parts[0] in folders))


def text_files() -> Iterator[tuple[Path, str]]:
    """Each file of words, with its words. Vendored files are left out: they are not ours to write."""
    for path in files():
        if path.suffix in TEXT and "vendor" not in path.parts:
            yield path, read(path)


@cache
def read(path: Path) -> str:
    """The text of a file of the project."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file of the project."""
    return ast.parse(read(path), filename=str(path))
