"""Do meaning frames match what they say, and nothing else?"""

from __future__ import annotations

import pytest

from bot.understanding.frames import FrameBook, verb_forms

CLASSES = {
    "THEM": "he she they a_man",
    "PERSON": "me him her mum",
    "DOOR": "door window front_door",
    "CALM": "film new_kitchen",
}
VERBS = {"HIT": "kick stab+ beat/beating/beat,beaten", "TRY": "try"}


def found(line: str, said: str) -> tuple[int, int] | None:
    """The first and one past the last of the words that fill the frame."""
    book = FrameBook(CLASSES, VERBS, [line])
    words = said.split()
    return next(((first, last) for _, first, last in book.find(book.tag(words), len(words))), None)


@pytest.mark.parametrize(
    ("line", "said", "span"),
    [
        ("THEM HIT:ing PERSON", "now he is kicking my mum", (1, 6)),
        ("THEM HIT:ing PERSON", "a man is kickin her", (0, 5)),
        ("THEM HIT:ing PERSON", "he kicked her", None),
        ("THEM HIT:ed PERSON", "he kicked her", (0, 3)),
        ("THEM HIT PERSON", "he kick her", (0, 3)),
        ("THEM HIT:ing PERSON", "he keeps kicking her", None),
        ("THEM HIT PERSON", "he keeps kicking her", (0, 4)),
        ("THEM PERSON", "he said to all of her", None),
        ("THEM .. PERSON", "he said to all of her", (0, 6)),
        ("HIT:ing +PERSON", "kicking her", (0, 2)),
        ("HIT:ing +PERSON", "kicking at her", None),
        ("DOOR|mum HIT:ing", "mum kicking", (0, 2)),
        ("~ THEM DOOR HIT:ing", "kicking the front door he is", (0, 5)),
        ("~ THEM PERSON", "he", None),
        ("HIT:ing DOOR !CALM", "kicking the door of the new kitchen", None),
        ("HIT:ing DOOR !CALM|then", "kicking the door", (0, 3)),
        ("^ HIT:ing", "kicking off", (0, 1)),
        ("^ HIT:ing", "stop kicking", None),
        ("THEM +is +here $", "he is here", (0, 3)),
        ("THEM +is +here $", "he is here daily", None),
    ],
)
def test_a_frame_is_filled_or_not(line: str, said: str, span: tuple[int, int] | None) -> None:
    assert found(line, said) == span


def test_the_shortest_stretch_is_shown() -> None:
    assert found("THEM .. PERSON", "he said he hurt her") == (2, 5)


def test_a_class_is_held_or_not() -> None:
    book = FrameBook(CLASSES, VERBS, [])
    assert book.holds(book.tag(["our", "new", "kitchen"]), "CALM")
    assert not book.holds(book.tag(["our", "kitchen"]), "CALM")


def test_a_class_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="THEMM"):
        FrameBook(CLASSES, VERBS, ["THEMM HIT"])


@pytest.mark.parametrize(
    ("verb", "s", "ing", "ed"),
    [
        ("kick", ("kick", "kicks"), ("kicking", "kickin"), ("kicked",)),
        ("stab+", ("stab", "stabs"), ("stabbing", "stabbin"), ("stabbed",)),
        ("chase", ("chase", "chases"), ("chasing", "chasin"), ("chased",)),
        ("punch", ("punch", "punches"), ("punching", "punchin"), ("punched",)),
        ("bury", ("bury", "buries"), ("burying", "buryin"), ("buried",)),
        ("beat/beating/beat,beaten", ("beat", "beats"), ("beating", "beatin"), ("beat", "beaten")),
    ],
)
def test_a_verb_is_bent(verb: str, s: tuple[str, ...], ing: tuple[str, ...], ed: tuple[str, ...]) -> None:
    assert verb_forms(verb) == {"s": s, "ing": ing, "ed": ed}
