"""Are labelled lines read, and bad ones refused in plain words?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.understanding.labelled import load_labelled, read_labelled

GOOD = {
    "id": "a",
    "text": "bins set alight again",
    "kind": "asb",
    "asb_types": ["environmental_damage"],
    "risk": ["repeat"],
}


def test_a_line_is_read() -> None:
    (found,) = read_labelled([json.dumps({**GOOD, "third_party": True}), "  "])
    assert (found.id, found.kind) == ("a", "asb")
    assert found.labels == {"environmental_damage", "repeat", "third_party"}
    assert found.of("asb_types") == {"environmental_damage"}
    assert found.of("hate_strands") == frozenset()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2 is not JSON"),
        (json.dumps({**GOOD, "kind": "bad"}), "line 2: kind must be one of"),
        (json.dumps({**GOOD, "asb_types": ["racket"]}), "line 2: asb_types may not hold 'racket'"),
        (json.dumps({**GOOD, "risk": "repeat"}), "line 2: risk may not hold 'repeat'"),
        (json.dumps(["a"]), 'line 2: a labelled line needs "id", "text" and "kind"'),
        (json.dumps({**GOOD, "text": 3}), 'line 2: a labelled line needs "id", "text" and "kind"'),
    ],
)
def test_a_bad_line_is_named(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("[", r"\[")):
        list(read_labelled([json.dumps(GOOD), line]))


def test_a_bad_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "street.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"street\.jsonl, line 1: a labelled line needs"):
        load_labelled(tmp_path)
