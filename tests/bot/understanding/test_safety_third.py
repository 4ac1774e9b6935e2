"""Does the safety check keep what it learnt? The lines its frames were written from, held to what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.understanding.safety import check_safety

NLU = Path(__file__).parents[2] / "nlu"
CORPUS = yaml.safe_load((NLU / "safety_third.yml").read_text(encoding="utf-8"))
LEVELS = {level: [check_safety(text).level for text in texts] for level, texts in CORPUS.items()}


def _share(written_as: str, *levels: str | None) -> float:
    found = LEVELS[written_as]
    return sum(level in levels for level in found) / len(found)


def test_the_third_set_is_large_and_new() -> None:
    every = [text for texts in CORPUS.values() for text in texts]
    assert {level: len(texts) for level, texts in CORPUS.items()} == {"now": 305, "ask": 182, "none": 409}
    assert len(every) == len(set(every))
    for name in ("safety.yml", "safety_second.yml"):
        known = yaml.safe_load((NLU / name).read_text(encoding="utf-8"))
        assert not set(every) & {text for texts in known.values() for text in texts}


def test_danger_now_is_answered_first() -> None:
    assert _share("now", "now") >= 0.89
    assert _share("now", "now", "ask") >= 0.93


def test_what_is_veiled_is_asked_about() -> None:
    assert _share("ask", "now", "ask") >= 0.83


def test_what_is_harmless_is_left_alone() -> None:
    assert _share("none", "now") == 0
    assert _share("none", "ask") <= 0.03


@pytest.mark.parametrize(
    "text",
    [
        "they are kicking each door on our landing",
        "he is kicking every door on the landing",
        "she's jemmying the back window",
        "some fella is rattling the shutters",
        "they're booting the gate in",
        "im stuck in the loo, hes on the other side of the door",
        "two men bundling my sister into a car",
        "he's strangling my nan",
        "he's put a pillow over her face",
        "the shed is alight and it's spreading to the house",
        "she's thrown acid at my brother",
        "he is stamping on his head",
        "sat on the railway bridge, sorry everyone",
        "swallowed all my tablets",
    ],
)
def test_a_frame_holds_for_words_that_no_line_has(text: str) -> None:
    assert check_safety(text).level == "now"


@pytest.mark.parametrize(
    "text",
    [
        "he's not joking, he says he'll kill me and he's outside now with a hammer",
        "I am fine but he is kicking the door in",
        "do you think he will stop? he is strangling my mum",
        "we are ok, no one is hurt yet, but they are pouring petrol through the letterbox",
    ],
)
def test_soothing_words_lower_no_explicit_signal(text: str) -> None:
    assert check_safety(text).level == "now"


def test_a_long_story_is_not_a_cry_unless_it_says_now() -> None:
    story = (
        "They have lived above us since August and it is every single night. The lads stand about on the stairs, one "
        "of them was banging on our windows, and my wife has stopped going down to the bins on her own because of it. "
    )
    assert check_safety(story).level != "now"
    assert check_safety(story + "Help, he is kicking the front door in right now.").level == "now"


def test_a_question_about_rules_is_no_danger() -> None:
    assert check_safety("is it legal to keep a crossbow in a shed").level is None
    assert check_safety("what age can kids buy fireworks").level is None
