"""Are other languages told from English, named, and heard when they speak of danger?"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.vocabulary import RISKS
from bot.understanding import check_safety, read_words
from bot.understanding.contract import describe
from bot.understanding.language import find_language_written
from bot.understanding.language_asked import NO_INTERPRETER, find_language_asked, name_of_language
from bot.understanding.language_danger import danger_data, find_danger
from bot.understanding.language_words import fold, language_data, tables
from bot.understanding.reader import Reading

NOW = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.timezone.utc)
CORPUS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "nlu" / "languages.yml").read_text(encoding="utf-8")
)
FIRST = [(language, text) for language, texts in CORPUS["foreign"].items() for text in texts]
SECOND = [(language, text) for language, texts in CORPUS["foreign_second"].items() for text in texts]
LEVELS = [None, "ask", "now"]


def need(reading: Reading) -> dict[str, Any]:
    found = [f.value for f in reading.findings if f.label == "access_needs"]
    assert len(found) == 1
    return dict(found[0])


@pytest.mark.parametrize(("language", "text"), FIRST + SECOND)
def test_another_language_is_seen_and_named(language: str, text: str) -> None:
    written = find_language_written(text)
    assert written is not None
    assert (written.language, written.mixed) == (language, False)
    assert 0 <= written.start < written.end <= len(text)


@pytest.mark.parametrize("text", CORPUS["english"])
def test_english_stays_english(text: str) -> None:
    assert find_language_written(text) is None
    assert find_danger(text) == ()


@pytest.mark.parametrize(("language", "text"), [(lang, t) for lang, texts in CORPUS["mixed"].items() for t in texts])
def test_mixed_messages_are_read_and_noted(language: str, text: str) -> None:
    written = find_language_written(text)
    assert written is not None
    assert (written.language, written.mixed) == (language, True)


def test_the_corpus_is_large_enough() -> None:
    assert len(FIRST) >= 150
    assert len(CORPUS["english"]) >= 150
    assert len({language for language, _ in FIRST}) >= 30


def test_a_few_words_of_many_messages_are_enough_whatever_the_accents() -> None:
    seen = [find_language_written(fold(text)) is not None for _, text in FIRST if fold(text).isascii()]
    assert sum(seen) / len(seen) >= 0.97


def test_only_the_foreign_stretch_is_marked() -> None:
    text = "hello i am from poland. mój sąsiad rzuca kamienie w moje okna każdej nocy i krzyczy"
    written = find_language_written(text)
    assert written is not None
    assert text[written.start : written.end] == "mój sąsiad rzuca kamienie w moje okna każdej nocy i krzyczy"


@pytest.mark.parametrize("case", CORPUS["asked"], ids=lambda case: case["say"])
def test_a_wish_in_english_is_read(case: dict[str, str | None]) -> None:
    said = str(case["say"])
    asked = find_language_asked(said)
    assert asked is not None
    assert asked.language == case["language"]
    assert asked.interpreter
    assert need(read_words(said, NOW))["interpreter"] is True


@pytest.mark.parametrize("text", CORPUS["not_asked"])
def test_a_language_in_the_story_is_no_wish(text: str) -> None:
    assert find_language_asked(text) is None


def test_a_first_language_is_noted_without_an_interpreter() -> None:
    asked = find_language_asked("my first language is Portugese")
    assert asked is not None
    assert (asked.language, asked.interpreter) == ("Portuguese", False)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Polish", "Polish"),
        ("kurdish sorani pls", "Kurdish (Sorani)"),
        ("po polsku", "Polish"),
        ("română", "Romanian"),
        ("interpreter in urdu", "Urdu"),
        ("he is polish", None),
        ("", None),
        ("interpreter", None),
    ],
)
def test_the_bare_name_of_a_language(text: str, language: str | None) -> None:
    assert name_of_language(text) == language


@pytest.mark.parametrize(
    "text", ["no interpreter", "I don't need an interpreter thanks", "no thanks i dont want a translator"]
)
def test_an_interpreter_can_be_taken_back(text: str) -> None:
    assert NO_INTERPRETER.search(text)
    assert not NO_INTERPRETER.search("I need an interpreter")


@pytest.mark.parametrize("level", ["now", "ask"])
def test_danger_is_heard_in_other_languages(level: str) -> None:
    missed = [t for t in CORPUS["danger"][level] if LEVELS.index(check_safety(t).level) < LEVELS.index(level)]
    assert not missed


@pytest.mark.parametrize("text", CORPUS["danger"]["none"])
def test_what_is_no_danger_alarms_nobody(text: str) -> None:
    assert check_safety(text).level is None


def test_danger_in_english_is_not_changed_by_other_languages() -> None:
    assert check_safety("hes got a knife at my door").level == "now"
    assert check_safety("last month he had a knife").level == "ask"
    assert check_safety("my neighbour is loud").level is None


def test_every_danger_entry_is_reviewed() -> None:
    for entry in danger_data():
        assert len(str(entry["why"]).split()) >= 3, entry
        assert entry["means"]
        assert entry["signal"] in RISKS
        assert entry["level"] in ("now", "ask")
        assert entry["say"]
        assert all(isinstance(say, str) and say == say.lower() for say in entry["say"]), entry
    assert len({entry["language"] for entry in danger_data()}) >= 12


def test_no_danger_word_is_everyday_english() -> None:
    english = tables().english
    alone = [say for entry in danger_data() for say in entry["say"] if fold(say) in english]
    assert not alone


@pytest.mark.parametrize(("_language", "text"), FIRST[::7])
def test_reading_another_language_stays_valid(_language: str, text: str) -> None:
    reading = read_words(text, NOW)
    assert all(text[f.start : f.end] == f.text for f in reading.findings)
    wanted = need(reading)
    assert wanted["language"]
    assert wanted["interpreter"] is True
    assert wanted["words"] == ""
    assert set(describe(reading)) >= {"kind", "asb_types", "risk", "evidence"}


def test_words_that_cannot_be_read_are_off_topic() -> None:
    assert describe(read_words("Moj sasiad halasuje co noc i nie moge spac", NOW))["kind"] == "off_topic"


def test_a_wish_for_a_language_is_no_hate() -> None:
    labels = {f.label for f in read_words("do you have someone who speaks urdu", NOW).findings}
    assert labels == {"access_needs"}


def test_other_needs_are_kept_beside_the_language() -> None:
    wanted = need(read_words("i am deaf and my english is bad, i speak polish better", NOW))
    assert wanted["language"] == "Polish"
    assert set(wanted["needs"]) >= {"deaf", "interpreter"}


def test_the_model_is_loaded_only_in_doubt() -> None:
    code = (
        "import sys; from bot.understanding.language import find_language_written as f;"
        "f('my neighbour plays loud music every night and i cant sleep'); f('moj sasiad krzyczy na mnie kazdej nocy');"
        "print('py3langid' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_every_list_names_what_it_is() -> None:
    for name, about in language_data()["languages"].items():
        assert len(about["words"].split()) >= 50, name
        assert {"letters", "called", "words"} <= set(about), name


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_looked_at(text: str) -> None:
    written = find_language_written(text)
    assert written is None or 0 <= written.start < written.end <= len(text)
    for signal in find_danger(text):
        assert text[signal.start : signal.end] == signal.text
    asked = find_language_asked(text)
    assert asked is None or 0 <= asked.start < asked.end <= len(text)


def test_english_costs_next_to_nothing() -> None:
    text = "My neighbour plays loud music until three and I have told the council about it. " * 5
    find_language_written(text)
    began = time.perf_counter()
    for _ in range(20):
        find_language_written(text)
        find_danger(text)
    assert (time.perf_counter() - began) / 20 < 0.02  # measured: 0.2 ms for 400 characters; room for a busy machine
