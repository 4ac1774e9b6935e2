"""Which files does the house hold? Paths and parsed modules, for the rules to read."""

from __future__ import annotations

import ast
import os
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


#: What a set-up, a run or a test leaves behind; git ignores it, and so do the rules.
LEFT_BEHIND = {".git", ".venv", ".tools", "var", "models", "build", ".rasa", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: what git holds or would hold, that still exists."""
    found = sorted(_listed_by_git() or walked(ROOT))
    return tuple(path for path in found if (ROOT / path).is_file())


def _listed_by_git() -> set[Path]:
    """Nothing where there is no git, or where it does not trust the owner of the folder."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return {Path(name) for name in done.stdout.split("\0") if name} if done.returncode == 0 else set()


def walked(root: Path) -> set[Path]:
    """The same by looking, for a copy of the project without its history."""
    found = set()
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if name not in LEFT_BEHIND and not name.endswith("_cache")]
        found |= {(Path(folder) / name).relative_to(root) for name in names}
    return {path for path in found if path.suffix != ".pyc"}


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
