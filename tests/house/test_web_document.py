"""Does docs/web.md account for every requirement, and is what it points at there?"""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, read

DOCUMENT = Path("docs/web.md")
WANTED = {*(f"W{n}" for n in range(1, 29)), *(f"X{n}" for n in range(1, 14))}
#: A row of the table: which requirement, what it is, where it is built and where it is tested.
ROW = re.compile(r"^\| ([WX]\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
PLACE = re.compile(r"`((?:[a-z_]+/)+[a-z0-9_.-]+\.[a-z]+)`")


def test_every_requirement_is_accounted_for_once() -> None:
    assert sorted(found[0] for found in ROW.findall(read(DOCUMENT))) == sorted(WANTED)


def test_every_place_that_is_named_is_there() -> None:
    named = PLACE.findall(read(DOCUMENT))
    assert len(named) > 50
    assert not {place for place in named if not (ROOT / place).is_file()}


def test_every_requirement_is_tested_somewhere_or_says_why_not() -> None:
    rows = ROW.findall(read(DOCUMENT))
    assert not {name for name, _, _, tested in rows if "`tests/" not in tested and "not tested: " not in tested}


def test_every_picture_is_shown() -> None:
    taken = {path.name for path in (ROOT / "docs/screens").glob("*.png")}
    assert taken == set(re.findall(r"\(screens/([a-z0-9-]+\.png)\)", read(DOCUMENT)))
    assert max((ROOT / "docs/screens" / name).stat().st_size for name in taken) <= 100_000
