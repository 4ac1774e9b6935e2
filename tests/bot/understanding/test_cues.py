"""Do single words hint at who somebody is, however they are written?"""

from __future__ import annotations

import pytest

from bot.triage.vocabulary import HATE_STRANDS, OTHER_HARM
from bot.understanding.cues import _cues, cues_in
from bot.understanding.words import split_words


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("They shouted as we came out of the Mosque.", "cue=religion"),
        ("my WHEELCHAIR again", "cue=disability"),
        ("two brides and a dog", "cue=sexual_orientation"),
        ("since I started living as a woman", "cue=transgender"),
        ("called me an old bag", "cue=age"),
        ("he sent the gift cards and all his life savings", "cues=fraud"),
    ],
)
def test_words_hint_at_labels(text: str, hint: str) -> None:
    assert hint in cues_in(text)


def test_nothing_hints_in_plain_words() -> None:
    assert cues_in("") == cues_in("the bus was late") == frozenset()


def test_one_word_is_no_second_one() -> None:
    assert "cues=religion" not in cues_in("mosque mosque mosque")


def test_every_cue_can_be_met() -> None:
    """A phrase that spelling or apostrophes would change could never be found in what was said."""
    for phrase in _cues():
        assert "_".join(word.norm for word in split_words(phrase.replace("_", " "))) == phrase
        assert phrase.count("_") <= 1, "two words at most"


def test_cues_point_to_labels() -> None:
    assert {label for labels in _cues().values() for label in labels} == {*HATE_STRANDS, *OTHER_HARM}
