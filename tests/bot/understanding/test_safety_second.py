"""Does the safety check hold for words it was not written from? A set by another hand, and what it taught."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.understanding.safety import check_safety

CORPUS = yaml.safe_load((Path(__file__).parents[2] / "nlu" / "safety_second.yml").read_text(encoding="utf-8"))
FIRST = yaml.safe_load((Path(__file__).parents[2] / "nlu" / "safety.yml").read_text(encoding="utf-8"))


def test_the_second_set_is_large_and_new() -> None:
    every = [text for texts in CORPUS.values() for text in texts]
    assert len(CORPUS["now"]) >= 200
    assert len(CORPUS["ask"]) >= 60
    assert len(CORPUS["benign"]) >= 240
    assert len(every) == len(set(every))
    assert not set(every) & {text for texts in FIRST.values() for text in texts}


@pytest.mark.parametrize("text", CORPUS["now"])
def test_danger_now_is_caught(text: str) -> None:
    assert check_safety(text).level == "now"
    assert check_safety(text.upper().replace("'", "’")).level == "now"


@pytest.mark.parametrize("text", CORPUS["at_least_ask"])
def test_danger_the_patterns_do_not_know_is_asked_about(text: str) -> None:
    assert check_safety(text).level is not None


@pytest.mark.parametrize("text", CORPUS["ask"])
def test_unclear_danger_is_asked_about(text: str) -> None:
    assert check_safety(text).level == "ask"


@pytest.mark.parametrize("text", CORPUS["benign"])
def test_harmless_words_are_left_alone(text: str) -> None:
    assert check_safety(text).level is None


@pytest.mark.parametrize("text", ["I'm not suicidal", "no im not suicidal", "I am really not suicidal, just tired"])
def test_saying_one_is_not_suicidal_is_asked_about_and_no_more(text: str) -> None:
    assert check_safety(text).level == "ask"


def test_a_denial_of_one_thing_hides_no_other() -> None:
    assert check_safety("I'm not suicidal but he's outside with a bat").level == "now"
    assert check_safety("he has never hit me but he is kicking the door in").level == "now"
    assert check_safety("what do I do if he comes back, he's got a knife").level in ("now", "ask")


@pytest.mark.parametrize(
    "text",
    [
        "my grandad was shot in the war and he's just been stabbed outside my house",
        "I used to watch horror films with him. he's got hold of my hair and he won't stop hitting me",
        "twenty years ago we were mates, he is kicking the door in",
    ],
)
def test_old_news_in_the_same_breath_hides_nothing(text: str) -> None:
    assert check_safety(text).level == "now"
