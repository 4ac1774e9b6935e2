"""Do the documents keep their shape, and is what they say there?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, read

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"(?:\.venv/bin/|`)haven ([a-z]+)")
TARGET = re.compile(r"`?make ([a-z][a-z-]*)")
DECISION_PARTS = ("Status: ", "## Context", "## Decision", "## Consequences")


def documents() -> list[Path]:
    return [path for path in files() if path.suffix == ".md"]


def broken_links(path: Path, text: str) -> list[str]:
    """Links of a document to files that are not there. Addresses of the web are not followed."""
    targets = (target for target in LINK.findall(text) if "://" not in target and not target.startswith("mailto:"))
    return [target for target in targets if not (ROOT / path.parent / target).exists()]


def decision_faults(name: str, text: str) -> list[str]:
    """What an architecture decision record lacks."""
    number = re.match(r"(\d{4})-[a-z0-9-]+\.md$", name)
    if not number:
        return ["its name is not NNNN-title.md"]
    faults = [f"lacks {part!r}" for part in DECISION_PARTS if part not in text]
    return faults if text.startswith(f"# {int(number[1])}. ") else [*faults, "its title lacks its number"]


def targets_of(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


@pytest.mark.parametrize("path", documents(), ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    assert not broken_links(path, read(path))


def test_a_broken_link_is_found() -> None:
    assert broken_links(Path("docs/x.md"), "[a](nowhere.md) [b](../README.md) [c](https://example.org)") == [
        "nowhere.md"
    ]


def test_the_changelog_has_a_place_for_what_is_next() -> None:
    assert re.search(r"^## \[Unreleased\]$", read(Path("CHANGELOG.md")), re.MULTILINE)


def test_the_architecture_stays_short_and_has_a_glossary() -> None:
    text = read(Path("docs/architecture.md"))
    assert text.count("\n") < 200
    assert "## Glossary" in text


def test_the_architecture_names_every_package() -> None:
    packages = {
        path.parts[1] for path in files() if path.suffix == ".py" and path.parts[0] == "bot" and len(path.parts) > 2
    }
    assert not {name for name in packages if f"bot/{name}" not in read(Path("docs/architecture.md"))}


def test_decisions_keep_their_form_and_their_numbers() -> None:
    decisions = [path for path in files() if path.parent == Path("docs/decisions")]
    assert not {str(path): faults for path in decisions if (faults := decision_faults(path.name, read(path)))}
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))


def test_a_formless_decision_is_found() -> None:
    assert decision_faults("why.md", "") == ["its name is not NNNN-title.md"]
    assert "its title lacks its number" in decision_faults("0002-x.md", "# 1. X")
    assert "lacks '## Context'" in decision_faults(
        "0002-x.md", "# 2. X\n\nStatus: accepted\n## Decision\n## Consequences"
    )


def test_every_make_word_is_a_target_and_is_listed() -> None:
    known = targets_of(read(Path("Makefile")))
    told = {word for path in documents() for word in TARGET.findall(read(path)) if f"`make {word}" in read(path)}
    assert told <= known
    listed = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert not {name for name in known if f"make {name} " not in listed}


def test_every_command_told_exists() -> None:
    told = {
        word
        for path in [*documents(), Path("Makefile")]
        for word in COMMAND.findall(read(path).replace("$(HAVEN)", "`haven"))
    }
    shown = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert {"serve", "train", "migrate"} <= told
    assert not {word for word in told if not re.search(rf"\b{word}\b", shown.stdout)}


def test_the_checks_are_the_checks() -> None:
    lines = [line for line in read(Path(".ci/run")).splitlines() if line and not line.startswith("#")]
    assert lines == ["set -eu", 'cd "$(dirname "$0")/.."', "make check", "make test"]
