"""Do short messages mean what people meant by them? The worked examples hold together, and unseen ones are read."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent

from bot.dialogue.engine import _read, load_agent
from bot.dialogue.moves import InProcessActions
from bot.dialogue.training import model_path, short_examples
from bot.directory import load_directory
from bot.settings import ROOT
from bot.understanding.learned import LearnedReader
from bot.understanding.short import (
    ANY,
    NO_OPTION,
    Short,
    intent_of,
    nearest_meaning,
    read_all_shorts,
    read_shorts,
    use_nearest,
)
from tests.nlu.meanings import Listener, is_right, question_for

SHORTS = read_all_shorts(ROOT / "data" / "short")
UNSEEN = {name: tuple(read_shorts(ROOT / "tests" / "nlu" / f"{name}.yml")) for name in ("short_dev", "short_second")}
INTENTS = tuple(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
#: Kinds of message that only buttons and the program itself send, and one that is known by its name.
NEVER_TYPED = {"begin", "resume", "choose", "pick", "change", "remove", "danger_now", "start_again_now", "case_review"}
#: The share that must be read rightly, with the nearest meaning and without it. Measured, less a little.
LEAST_RIGHT = {"short_dev": (0.91, 0.83), "short_second": (0.90, 0.79)}


def grams(text: str) -> set[str]:
    """Runs of four letters."""
    padded = f" {' '.join(text.lower().split())} "
    return {padded[i : i + 4] for i in range(max(1, len(padded) - 3))}


def same(text: str) -> str:
    """A message by its letters and figures; signs as they are."""
    return " ".join(re.findall(r"\w+", text.lower())) or text


def near_duplicates(shorts: tuple[Short, ...]) -> list[tuple[str, str]]:
    """Pairs of one meaning that differ in hardly a letter."""
    by_meaning: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
    found = []
    for short in shorts:
        mine = grams(short.text)
        for text, theirs in by_meaning[short.means]:
            if len(mine & theirs) / len(mine | theirs) > 0.8:
                found.append((text, short.text))
        by_meaning[short.means].append((short.text, mine))
    return found


def test_there_are_enough_and_none_twice() -> None:
    assert len(SHORTS) >= 1600
    assert near_duplicates(SHORTS) == []


def test_a_near_duplicate_is_found() -> None:
    pair = (Short("they live next door to me", "risk:5", "yes"), Short("they live next door to me!", "risk:5", "yes"))
    assert len(near_duplicates(pair)) == 1


def test_every_question_has_examples() -> None:
    documented = re.findall(r"^\|((?: `[a-z_:\dA-Z]+`)+) \|", (ROOT / "docs/questions.md").read_text(), re.MULTILINE)
    ids = {i.replace("SERVICE", "harmony") for row in documented for i in re.findall(r"`([^`]+)`", row)}
    # its answers are places, read as those of `area` are, whose examples stand for both
    assert ids - {short.asks for short in SHORTS} == {"happened_area"}


def test_every_kind_of_message_has_examples() -> None:
    assert set(INTENTS) - NEVER_TYPED - {intent_of(short, INTENTS) for short in SHORTS} == set()


def test_meanings_are_options_of_their_question() -> None:
    """A meaning that no button offers, and that is no intent, would teach nothing."""
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    known = {*INTENTS, *NO_OPTION, "yes", "no", "not_sure", "safe", "not_safe"}
    offered: dict[str, set[str]] = {}
    for name, variations in responses.items():
        buttons = [str(b.get("payload")) for v in variations or () for b in v.get("buttons") or ()]
        offered[name] = {c for p in buttons for c in re.findall(r'"choice": "(\w+)"', p)}
    for short in SHORTS:
        response = f"utter_ask_{short.asks.split(':')[0] if 'consent' in short.asks else short.asks.replace(':', '_')}"
        if short.asks == ANY or not offered.get(response):
            continue
        beside = {"worship", "pub", "care", "deaf", "children", "moving_home", "money", "other"}
        is_value = short.asks == "age_band" or short.asks.startswith("safe_contact:n")
        assert is_value or short.meanings <= offered[response] | known | beside, short


@pytest.mark.parametrize("name", sorted(UNSEEN))
def test_what_measures_is_never_learnt(name: str) -> None:
    seen = {(same(short.text), short.means) for short in SHORTS}
    assert [s.text for s in UNSEEN[name] if s.asks == ANY and (same(s.text), s.means) in seen] == []


def test_the_examples_are_in_rasas_format(tmp_path: Path) -> None:
    made = yaml.safe_load(short_examples(ROOT))
    by_intent = {block["intent"]: block["examples"].splitlines() for block in made["nlu"]}
    assert "- got to go" in by_intent["stop"]
    assert "- every day" in by_intent["tell"]
    assert all(line.startswith("- ") for lines in by_intent.values() for line in lines)


@pytest.mark.parametrize("content", ["when:\n  '=': |\n    last week\n", "risk:1:\n  worse: |\n    worse => yes\n"])
def test_a_line_without_sense_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"bad\.yml"):
        list(read_shorts(path))


@pytest.fixture(scope="module")
def meaning(model: Path, learned: LearnedReader) -> Callable[[str, str], frozenset[str]]:
    """What the trained dialogue makes of a message at an open question."""
    actions: Any = InProcessActions(_never, lambda _failure: False)
    agent: Agent = load_agent(model_path(model), actions)
    listener = Listener(load_directory(), dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.timezone.utc))
    return lambda text, asks: listener.meaning(text, asks, str(_read(agent, text)["intent"]["name"]))


async def _never(*_args: Any) -> None:
    raise AssertionError("no action is run while a message is only read")


@pytest.fixture
def no_nearest() -> Iterator[None]:
    """As on a machine without the encoder."""
    nearest = nearest_meaning()
    use_nearest(None)
    yield
    use_nearest(nearest)


def _share_right(meaning: Callable[[str, str], frozenset[str]], name: str) -> float:
    count: dict[str, int] = defaultdict(int)
    right = 0
    for short in UNSEEN[name]:
        right += is_right(short, meaning(short.text, question_for(short, count[short.asks])))
        count[short.asks] += 1
    return right / len(UNSEEN[name])


@pytest.mark.parametrize("name", sorted(UNSEEN))
def test_unseen_messages_are_read(meaning: Callable[[str, str], frozenset[str]], name: str) -> None:
    assert _share_right(meaning, name) >= LEAST_RIGHT[name][0]


@pytest.mark.parametrize("name", sorted(UNSEEN))
@pytest.mark.usefixtures("no_nearest")
def test_they_are_read_without_the_encoder_too(meaning: Callable[[str, str], frozenset[str]], name: str) -> None:
    assert _share_right(meaning, name) >= LEAST_RIGHT[name][1]


@pytest.mark.parametrize(
    "text",
    [*[s.text for s in (*SHORTS, *UNSEEN["short_dev"]) if s.asks == "consent:harmony" and s.means == "unclear"]]
    + [*[s.text for s in (*SHORTS, *UNSEEN["short_dev"]) if s.asks == "consent:harmony" and s.means == "refused"]]
    + [s.text for s in SHORTS if s.asks == ANY and s.means in ("no", "not_sure", "nothing", "rephrase")],
)
def test_consent_is_only_ever_a_clear_yes(meaning: Callable[[str, str], frozenset[str]], text: str) -> None:
    assert "given" not in meaning(text, "consent:harmony")


@pytest.mark.parametrize(
    "story",
    [
        "I want it to stop, every night they bang on the wall and shout until I cry and then they laugh",
        "he told me to leave and go back to where I came from, he never stops, my kids are scared to go out now",
        "I have to go to work tired every day because they start again at midnight and skip no night at all",
    ],
)
def test_a_story_is_never_a_command(meaning: Callable[[str, str], frozenset[str]], story: str) -> None:
    assert meaning(story, "story") <= {"tell", "in_danger"}
