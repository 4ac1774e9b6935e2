"""Is what `haven understand` prints whole and true, whatever comes in?"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.__main__ import main
from bot.settings import ROOT
from bot.triage.vocabulary import KINDS
from bot.understanding import read_words
from bot.understanding.contract import understand_lines
from bot.understanding.hearing import load_learned, read
from bot.understanding.labelled import GROUPS

NOW = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.timezone.utc)
FIELDS = {"id", "kind", *GROUPS, "third_party", "evidence", "confidence"}
STORY = (
    "The lads from no. 9 were chucking eggs at my windows again last night and shouting paki go home. I live in Hanley."
)


@pytest.fixture(scope="module", autouse=True)
def _learned(model: Path) -> None:
    assert load_learned(model)


def _understand(text: str) -> dict[str, Any]:
    ((line, problem),) = understand_lines([json.dumps({"id": 1, "text": text}).encode()], NOW)
    assert problem is None
    said: dict[str, Any] = json.loads(line)
    return said


def _check(text: str) -> dict[str, Any]:
    said = _understand(text)
    assert set(said) >= FIELDS
    assert said["kind"] in KINDS
    shown = {span["label"] for span in said["evidence"]}
    for group, known in GROUPS.items():
        assert set(said[group]) <= set(known)
        assert set(said[group]) <= shown
    for span in said["evidence"]:
        assert text[span["start"] : span["end"]] == span["text"] != ""
    assert all(0 <= sure <= 1 for sure in said["confidence"].values())
    return said


def test_a_story_is_understood() -> None:
    said = _check(STORY)
    assert said["kind"] == "both"
    assert "race" in said["hate_strands"]
    assert "vandalism_graffiti" in said["asb_types"]
    assert "repeat" in said["risk"]
    assert said["when"]["last"] == "2026-11-19"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "🙂🙂🙂",
        "\u202eاختبار\u202c",
        "\u200b\u200d\ufeff",
        "h\u200be\u200bs outside with a knife",
        "\x00\x01\x02 binary \xff",
        "a" * 100_000,
        "he shouts at me. " * 6_000,
        "جيراني يصرخون في وجهي كل ليلة",
        "<script>alert(1)</script> {{7*7}} /intent{}",
        "\ud83d lone half",
        STORY.upper(),
        STORY.replace(" ", ""),
    ],
    ids=range(14),
)
def test_any_text_has_a_valid_answer(text: str) -> None:
    _check(text)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_is_answered(text: str) -> None:
    _check(text)


def test_a_bad_line_never_stops_the_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = json.dumps({"id": "z", "text": STORY}).encode()
    bad = [b"{", b"[1]", b'{"id": 4}', b'{"id": 5, "text": 7}', b"\xff\xfe\x00", b"[" * 100_000]
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\n".join([*bad, b"", good]))
    assert main(["understand", str(path)]) == 1
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert [line.get("line") for line in lines] == [1, 2, 3, 4, 5, 6, None]
    assert all(line["error"] for line in lines[:-1])
    assert lines[2]["id"] == 4
    assert lines[-1]["kind"] == "both"
    assert len(printed.err.splitlines()) == len(bad)


def test_lines_come_out_as_they_went_in_without_a_learned_reader_too() -> None:
    lines = [b'{"id": 7, "text": "loud music every night"}\n', b"\n", b'{"id": "b", "text": ""}']
    out = [json.loads(line) for line, _ in understand_lines(lines, NOW, read_words)]
    assert [line["id"] for line in out] == [7, "b"]
    assert [line["kind"] for line in out] == ["asb", "off_topic"]


def test_a_labelled_file_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    path = next(iter(sorted((ROOT / "data" / "development").glob("*.jsonl"))))
    assert main(["understand", "--evaluate", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "kind, macro-F1" in printed
    assert "spans that hold                        1.000" in printed


def test_a_file_without_labels_is_refused_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"id": 1, "text": "hello"}\n', encoding="utf-8")
    assert main(["understand", "--evaluate", str(path)]) == 1
    assert "line 1: kind must be one of" in capsys.readouterr().err


def test_reading_twice_gives_the_same() -> None:
    assert read(STORY, NOW) == read(STORY, NOW)
