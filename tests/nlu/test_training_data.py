"""Is there enough to learn from, does nothing contradict itself, and can commands be told from answers?"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.dialogue.letters import LetterClassifier, as_letters, make_letter_model

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "nlu"
FILES = ("safety", "incident", "person", "referral", "signpost", "handoff", "faq", "chat")

#: Intents that only buttons and the program itself send, and one that is known by its name (commands.py).
NEVER_LEARNT = {"begin", "resume", "choose", "pick", "change", "remove", "danger_now", "start_again_now", "case_review"}
#: A yes and a no are answers: taking one for the other kind of message loses nothing.
ANSWERS = {"tell", "affirm", "deny"}
#: How sure the pipeline is of a command before it believes it (config.yml).
SURE = 0.4
FEWEST, FEWEST_TELL, MOST_WORDS = 25, 250, 14


def read_file(name: str) -> dict[str, list[str]]:
    """The intents of one file, each with its sentences."""
    content: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    assert content["version"] == "3.1"
    read: dict[str, list[str]] = {}
    for block in content["nlu"]:
        assert block["intent"] not in read, f"{block['intent']} stands twice in {name}.yml"
        read[block["intent"]] = [line.removeprefix("- ") for line in block["examples"].splitlines()]
    return read


def plain(sentence: str) -> str:
    """A sentence as the classifier nearly sees it: lower case, letters and figures only."""
    return " ".join(re.findall(r"[a-z0-9]+", sentence.lower()))


BY_FILE = {name: read_file(name) for name in FILES}
BY_INTENT = {intent: sentences for intents in BY_FILE.values() for intent, sentences in intents.items()}


def test_the_files_are_the_topics() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yml")) == sorted(FILES)


def test_no_intent_is_split_over_files() -> None:
    assert sum(len(intents) for intents in BY_FILE.values()) == len(BY_INTENT)


def test_every_intent_of_the_domain_is_taught_and_none_besides() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["intents"]) - NEVER_LEARNT == set(BY_INTENT)


@pytest.mark.parametrize("intent", sorted(BY_INTENT))
def test_there_is_enough_of_each(intent: str) -> None:
    assert len(BY_INTENT[intent]) >= (FEWEST_TELL if intent == "tell" else FEWEST)


def test_nothing_is_said_twice() -> None:
    counts = Counter(plain(sentence) for sentences in BY_INTENT.values() for sentence in sentences)
    assert [sentence for sentence, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("intent", sorted(BY_INTENT))
def test_sentences_are_plain_text_and_short(intent: str) -> None:
    for sentence in BY_INTENT[intent]:
        assert sentence == sentence.strip()
        assert plain(sentence)
        assert len(sentence.split()) <= MOST_WORDS
        assert not set('[]{}\\"') & set(sentence), "brackets and quotes mean something to the reader of these files"


def test_no_explosion_of_templates() -> None:
    """At most a third of an intent's sentences begin with the same three words."""
    for intent, sentences in BY_INTENT.items():
        openings = Counter(tuple(plain(s).split()[:3]) for s in sentences if len(plain(s).split()) > 3)
        opening, count = openings.most_common(1)[0]
        assert count <= len(sentences) / 3, f"{intent}: {' '.join(opening)}"


@pytest.fixture(scope="module")
def held_out() -> tuple[list[str], list[str]]:
    """What each sentence is taken for by the pipeline's own reader of letters that never saw it, by letters alone."""
    sentences = [as_letters(sentence) for intent in BY_INTENT for sentence in BY_INTENT[intent]]
    intents = [intent for intent in BY_INTENT for _ in BY_INTENT[intent]]
    model = make_letter_model({**LetterClassifier.get_default_config(), "max_iter": 50})
    folds = StratifiedKFold(n_splits=3, shuffle=True, random_state=7)
    with warnings.catch_warnings():
        # fewer steps than the real training takes, to keep the test short; the answers hardly move after these
        warnings.simplefilter("ignore", ConvergenceWarning)
        sure = cross_val_predict(model, sentences, intents, cv=folds, method="predict_proba")
    names = sorted(BY_INTENT)
    taken = [names[row.argmax()] if row.max() >= SURE else "tell" for row in np.asarray(sure)]
    return intents, taken


def test_an_answer_is_seldom_taken_for_a_command(held_out: tuple[list[str], list[str]]) -> None:
    """Most "tell" sentences are traps ("I want it to stop"), so the share in real talk is smaller than this."""
    true, taken = held_out
    told = [guess for intent, guess in zip(true, taken, strict=True) if intent == "tell"]
    assert sum(guess not in ANSWERS for guess in told) / len(told) <= 0.11


def test_a_command_that_is_heard_is_the_right_one(held_out: tuple[list[str], list[str]]) -> None:
    true, taken = held_out
    heard = [(intent, guess) for intent, guess in zip(true, taken, strict=True) if guess not in ANSWERS]
    assert sum(intent == guess for intent, guess in heard) / len(heard) >= 0.87


def test_most_commands_are_heard(held_out: tuple[list[str], list[str]]) -> None:
    true, taken = held_out
    given = [(intent, guess) for intent, guess in zip(true, taken, strict=True) if intent not in ANSWERS]
    assert sum(intent == guess for intent, guess in given) / len(given) >= 0.6
