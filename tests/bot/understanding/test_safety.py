"""Every danger is caught, nothing harmless is, and the check stands alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.vocabulary import RISKS
from bot.understanding.safety import check_safety

CORPUS = yaml.safe_load((Path(__file__).parents[2] / "nlu" / "safety.yml").read_text(encoding="utf-8"))


def test_the_corpus_is_large_enough_and_holds_nothing_twice() -> None:
    assert len(CORPUS["now"]) >= 120
    assert len(CORPUS["ask"]) >= 40
    assert len(CORPUS["benign"]) >= 100
    every = [text for texts in CORPUS.values() for text in texts]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("text", CORPUS["now"])
def test_danger_now_is_caught(text: str) -> None:
    assert check_safety(text).level == "now"


@pytest.mark.parametrize("text", CORPUS["ask"])
def test_unclear_danger_is_asked_about(text: str) -> None:
    assert check_safety(text).level == "ask"


@pytest.mark.parametrize("text", CORPUS["benign"])
def test_harmless_words_are_left_alone(text: str) -> None:
    assert check_safety(text).level is None


@pytest.mark.parametrize("text", CORPUS["now"])
def test_capitals_punctuation_and_company_change_nothing(text: str) -> None:
    assert check_safety(text.upper()).level == "now"
    assert check_safety(text.replace("'", "’") + "!!!").level == "now"
    assert check_safety(f"My neighbour plays music every night. {text}. I live in Hanley.").level == "now"


@pytest.mark.parametrize("text", [*CORPUS["now"], *CORPUS["ask"]])
def test_signals_are_quotations_with_a_known_label(text: str) -> None:
    for signal in check_safety(text).signals:
        assert signal.text == text[signal.start : signal.end] != ""
        assert signal.value in ("now", "ask")
        assert signal.label in (*RISKS, "child_at_risk", "adult_at_risk")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("he is hitting my son", "child_at_risk"),
        ("dealers have taken over my flat", "adult_at_risk"),
        ("I want to die", "suicide_self_harm"),
        ("he has a gun", "weapon"),
        ("he said he'd kill me", "threat_to_kill"),
        ("she slapped me yesterday", "injury"),
        ("house on fire", "immediate_danger"),
    ],
)
def test_the_signal_names_what_it_is(text: str, label: str) -> None:
    assert label in {signal.label for signal in check_safety(text).signals}


def test_a_past_weapon_is_never_now() -> None:
    assert check_safety("last month he had a knife").level == "ask"


def test_a_denial_beside_it_does_not_lower_an_explicit_signal() -> None:
    assert check_safety("no I'm not joking, I don't feel well, I want to kill myself").level == "now"
    assert check_safety("nobody is helping and he's outside with a knife").level == "now"


def test_the_gravest_signal_comes_first() -> None:
    reading = check_safety("he said he'd kill me. now hes kicking the door in")
    assert [signal.value for signal in reading.signals] == ["now", "ask"]


def test_it_loads_neither_spacy_nor_the_rest() -> None:
    script = (
        "import sys; from bot.understanding import check_safety; assert check_safety('hes got a nife').level == 'now';"
        "assert not {'spacy', 'bot.understanding.reader', 'bot.directory'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3], check=False).returncode == 0


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_it_reads_anything(text: str) -> None:
    assert check_safety(text).level in ("now", "ask", None)


def test_the_longest_hostile_message_ends_quickly() -> None:
    for piece in ("he is ", "they are going to ", "a", "knife with a ", "is is is are ", "'"):
        began = time.perf_counter()
        check_safety((piece * 5000)[:5000])
        assert time.perf_counter() - began < 5  # not a benchmark: only that it ends
