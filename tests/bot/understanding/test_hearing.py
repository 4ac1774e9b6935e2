"""Does reading go on when the learned reader is not there, and gain when it is?"""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.triage import assess
from bot.triage.vocabulary import HEARD_KIND, Finding
from bot.understanding import check_safety, hearing, read_words
from bot.understanding.heard import marks_of
from bot.understanding.hearing import heed, learned_reader, load_learned, read
from bot.understanding.learned import FOLDER, HEADS_FILE, Heads
from bot.understanding.learning import is_stale
from bot.understanding.safety import SafetyReading

NOW = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.timezone.utc)
SIDEWAYS = "they do the limp behind me when I go past the shop with my stick"


@pytest.fixture(autouse=True)
def _warned_afresh() -> Iterator[None]:
    yield
    hearing._Loaded.warned = False


def test_what_lexicons_cannot_hold_is_heard(model: Path) -> None:
    assert load_learned(model)
    by_words = {f.label for f in read_words(SIDEWAYS, NOW).findings}
    heard = {f.label for f in read(SIDEWAYS, NOW).findings}
    assert "disability" not in by_words
    assert "disability" in heard
    assert assess(read(SIDEWAYS, NOW).findings, {}).is_hate


def test_each_label_heard_has_words_of_the_person(model: Path) -> None:
    load_learned(model)
    for found in read(SIDEWAYS, NOW).findings:
        assert SIDEWAYS[found.start : found.end] == found.text != ""


def test_without_a_model_the_lexicons_read_and_one_warning_is_given(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert not load_learned(tmp_path / "nowhere")
        assert not load_learned(tmp_path / "nowhere")
    assert [record.message for record in caplog.records if "by lexicons alone" in record.message] != []
    assert len(caplog.records) == 1
    assert learned_reader() is None
    assert read(SIDEWAYS, NOW) == read_words(SIDEWAYS, NOW)


def test_a_damaged_model_is_no_crash(model: Path, tmp_path: Path) -> None:
    shutil.copytree(model / FOLDER, tmp_path / FOLDER)
    (tmp_path / FOLDER / HEADS_FILE).write_bytes(b"half a file")
    assert not load_learned(tmp_path)
    assert read("they shout at us", NOW) == read_words("they shout at us", NOW)


def test_the_kind_heard_is_shown_to_the_rules(model: Path) -> None:
    load_learned(model)
    (kind,) = [f for f in read("Any good chip shops near the station?", NOW).findings if f.label == HEARD_KIND]
    assert kind.value == "off_topic"


def test_marks_name_what_the_lexicons_found() -> None:
    marks = marks_of("my ex keeps ringing me at work", read_words("my ex keeps ringing me at work", NOW).findings)
    assert "who=ex_partner" in marks
    assert "who" in marks


def test_heads_are_kept_whole(model: Path, tmp_path: Path) -> None:
    heads = Heads.load(model / FOLDER / HEADS_FILE)
    heads.save(tmp_path / HEADS_FILE)
    again = Heads.load(tmp_path / HEADS_FILE)
    assert again.mark_names == heads.mark_names
    assert (again.queries == heads.queries).all()


def test_a_reader_without_its_stamp_is_stale(model: Path, tmp_path: Path) -> None:
    from bot.settings import ROOT

    assert not is_stale(ROOT, model)
    shutil.copytree(model / FOLDER, tmp_path / FOLDER)
    assert not is_stale(ROOT, tmp_path)
    (tmp_path / FOLDER / "reader.json").unlink()
    assert is_stale(ROOT, tmp_path)


def test_danger_without_its_words_is_heard(model: Path) -> None:
    load_learned(model)
    said = "the lock wont hold much longer and my little ones are up here with me"
    assert heed(said).level is not None


def test_the_check_is_never_outvoted(model: Path) -> None:
    load_learned(model)
    for said in ("he's outside with a knife", "i want to kill myself", "hes kicking the door in now", "send help"):
        checked = check_safety(said)
        assert checked.level == "now"
        assert heed(said) == checked


def test_in_a_calm_story_a_cry_becomes_a_question(model: Path) -> None:
    load_learned(model)
    said = (
        "Smell of weed is coming through our letterbox again from the flat below, it has been like this since they "
        "moved in at Easter, and the housing association only ever sends letters. There's people asleep in our stairs."
    )
    assert check_safety(said).level == "now"
    assert heed(said).level == "ask"


def test_calm_never_silences_a_child_or_an_adult_at_risk(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_learned(model)
    monkeypatch.setattr(hearing, "is_calm_story", lambda heard: True)
    monkeypatch.setattr(hearing, "danger_in", lambda heard: None)
    for label, level in (("child_at_risk", "ask"), ("adult_at_risk", "ask"), ("threat_to_kill", None)):
        asked = SafetyReading("ask", (Finding(label, 0, 4, "they", "ask"),))
        monkeypatch.setattr(hearing, "check_safety", lambda said, asked=asked: asked)
        assert heed("they never come to the door for anybody now").level == level


def test_without_a_model_the_check_answers_alone(tmp_path: Path) -> None:
    load_learned(tmp_path / "nowhere")
    for said in ("he's outside with a knife", "the bins again", "i dont see the point any more"):
        assert heed(said) == check_safety(said)


def test_another_language_is_left_to_the_lexicons(model: Path) -> None:
    load_learned(model)
    said = "Sąsiedzi krzyczą na nas każdej nocy i rzucają śmieci do ogrodu"
    assert not [f for f in read(said, NOW).findings if f.label == HEARD_KIND]
