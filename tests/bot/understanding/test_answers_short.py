"""Yes and no in all their forms, things read out in words, ages said sideways, mash, and the nearest meaning."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.understanding.ages import band_in_answer
from bot.understanding.agreement import is_clear_yes, yes_or_no
from bot.understanding.answers import parse_given_name
from bot.understanding.commands import is_question, plain_command
from bot.understanding.mash import says_nothing
from bot.understanding.options import is_skip, match_option, match_options
from bot.understanding.short import NearestMeaning, Short
from bot.understanding.short_learning import learn
from bot.understanding.spelled import postcode_guesses, spoken_digits, written_email

NOW = dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.timezone.utc)
FOUR = [(value, [value * 4]) for value in "abcd"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *[
            (t, "yes")
            for t in ("yh", "aye", "course", "go on then", "suppose", "👍🏾", "basically yeah", "100%", "y e s")
        ],
        *[(t, "yes") for t in ("yes and he has a dog he sets on us", "he's at work till six so yes", "deffo mate")],
        *[
            (t, "no")
            for t in ("nah ur alrite", "not likely", "naw", "👎", "I doubt it", "not as such, no", "no ta duck")
        ],
        *[(t, "not_sure") for t in ("dunno", "maybe, maybe not", "couldn't say", "🤷", "depends", "50/50")],
        *[(t, None) for t in ("no one else listens to it", "purple", "definitely isn't safe", "", "👍👎")],
    ],
)
def test_yes_no_and_between(text: str, meant: str | None) -> None:
    assert yes_or_no(text) == meant


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        *[(t, True) for t in ("yes", "yes please", "i agree", "yeah no problem", "ok yes", "why not, yes")],
        *[
            (t, False)
            for t in ("suppose", "yes but not my number", "yes if she wants", "maybe yes", "yes?", "👍", "i guess")
        ],
    ],
)
def test_a_clear_yes(text: str, clear: bool) -> None:
    assert is_clear_yes(text) is clear


@pytest.mark.parametrize(
    ("text", "places"),
    [("option b", "b"), ("number 3 pls", "c"), ("go with 2", "b"), ("top one", "a"), ("the 2nd one", "b"), ("d", "d")],
)
def test_a_place_in_the_list(text: str, places: str) -> None:
    assert match_option(text, FOUR) == places


@pytest.mark.parametrize(("text", "places"), [("1st two", "ab"), ("last two", "cd"), ("2 & 3", "bc"), ("1 or 4", "ad")])
def test_several_places(text: str, places: str) -> None:
    assert match_options(text, FOUR) == list(places)


@pytest.mark.parametrize(
    "text",
    [
        *("oh double seven double oh nine double oh four five six", "O77OO 9OO456", "0 7 7 0 0 9 0 0 4 5 6"),
        *("zero seven seven zero zero nine zero zero four five six", "its 07700 nine hundred 456 ta"),
    ],
)
def test_a_number_read_out(text: str) -> None:
    assert spoken_digits(text) == "07700900456"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[("5T4 2DF", "ST4 2DF"), ("sto4 2df", "ST4 2DF"), ("S T 1 3 A B", "ST1 3AB"), ("PRl 2AB", "PR1 2AB")],
        *[
            ("es tee one three ay bee", "ST1 3AB"),
            ("my postcode is st.4 2df thanks", "ST4 2DF"),
            ("sgl 1ej", "SG1 1EJ"),
        ],
    ],
)
def test_a_postcode_with_slips(text: str, code: str) -> None:
    assert next(postcode_guesses(text)) == code


def test_no_postcode_where_there_is_none() -> None:
    assert list(postcode_guesses("near the shop")) == []
    for word in ("every night", "that sounds right for me to see", "bright lights"):
        assert list(postcode_guesses(word)) == [], f"{word} names no number"


@pytest.mark.parametrize(
    ("text", "address"),
    [("bob(at)example.org", "bob@example.org"), ("kaz99 at example dot com", "kaz99@example.com")],
)
def test_an_address_read_out(text: str, address: str) -> None:
    assert written_email(text) == address


@pytest.mark.parametrize(
    ("text", "band"),
    [
        *[
            ("I'll be 70 in March", "65_over"),
            ("fifty-odd", "26_64"),
            ("13 nearly 14", "under_16"),
            ("yr 9", "under_16"),
        ],
        *[
            ("im 18 next month", "16_17"),
            ("born in 1950", "65_over"),
            ("my late thirties", "26_64"),
            ("oap", "65_over"),
        ],
        *[("early twenties", "18_25"), ("in my teens", None), ("no idea", None)],
    ],
)
def test_an_age_said_sideways(text: str, band: str | None) -> None:
    found = band_in_answer(text, NOW)
    assert (found or {}).get("band") == band


@pytest.mark.parametrize(
    ("text", "name"),
    [("they can use Sandra", "Sandra"), ("Id prefer Alex please", "Alex"), ("hi im Fatima", "Fatima"), ("May", "May")],
)
def test_a_name_however_it_is_introduced(text: str, name: str) -> None:
    assert parse_given_name(text) == name


@pytest.mark.parametrize("text", ["asdfghjkl", "test", "testing 123", "...", "😂😂", "hjkhkjh", "aaaaaa", "lol"])
def test_it_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["no", "2", "my mum", "rhythm", "st1 3ab", "idk", "11.30", "nights"])
def test_it_says_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        *[
            (t, "stop")
            for t in ("got to go hes home", "leave me alone now", "im done", "ive got to dash", "sorry i have to go")
        ],
        *[(t, "skip") for t in ("next", "id rather not say where i live", "not comfortable answering that", "pass")],
        *[
            (t, None)
            for t in ("i have to go to court", "they won't leave me alone", "pass it on", "he is done for assault")
        ],
        *[(t, None) for t in ("i dont want to talk to him", "they skip school", "")],
        *[
            (t, "case_review")
            for t in (
                *(
                    "what is a case review",
                    "community trigger",
                    "comunity trigger",
                    "case reveiw how",
                    "asb case review",
                ),
                *(
                    "how do I get a community trigger started",
                    "can my case be reviewed",
                    "I'd like a case review please",
                ),
                *("I'd like a case review please", "asb case review", "have I reported it enough for a case review?"),
                *("what counts for a case review", "someone said I should do a community trigger"),
            )
        ],
        *[
            (t, None)
            for t in (
                *("I asked for a community trigger and nothing happened", "we did a community trigger in march"),
                *(
                    "the council refused our case review last month",
                    "he got a bad review on my case of beer and hit me",
                ),
            )
        ],
    ],
)
def test_a_plain_command(text: str, command: str | None) -> None:
    assert plain_command(text) == command


def test_what_is_put_as_a_question() -> None:
    assert is_question("does he get told ive complained")
    assert is_question("the council?")
    assert not is_question("where I work")
    assert not is_skip("leave it now")


@dataclass(frozen=True)
class Bag:
    mean: Any


class Words:
    """A stand-in for the encoder: a text is the sum of its words' places."""

    def encode(self, text: str) -> Bag:
        vector = np.zeros(64, np.float32)
        for word in text.split():
            vector[sum(map(ord, word)) % 64] += 1
        return Bag(vector / max(float(np.linalg.norm(vector)), 1.0))


SHORTS = [
    *[Short(t, "where", "park") for t in ("by the swings", "near the swings", "on the swings", "swings")],
    *[Short(t, "where", "shop") for t in ("in the chemist", "outside chemist", "at chemist", "chemist queue")],
    *[Short(t, "any", "stop") for t in ("enough", "enough now", "quite enough")],
]


@pytest.fixture(scope="module")
def nearest() -> NearestMeaning:
    return learn(Words(), SHORTS, [("hello", "greet"), ("hello there", "greet")], ("stop", "greet"))


def test_the_nearest_meaning_is_found(nearest: NearestMeaning) -> None:
    assert nearest.answers("where", "round the back of the swings", ("park", "shop")) == ["park"]
    kinds = nearest.intents("enough enough")
    assert max(kinds, key=lambda name: kinds[name]) == "stop"
    assert sum(kinds.values()) == pytest.approx(1.0)


def test_only_what_is_offered_is_meant(nearest: NearestMeaning) -> None:
    assert nearest.answers("where", "swings", ("shop",)) == []
    assert nearest.answers("frequency", "swings", ("daily",)) == []


def test_what_was_learnt_can_be_kept(nearest: NearestMeaning, tmp_path: Path) -> None:
    nearest.save(tmp_path)
    again = NearestMeaning.load(tmp_path, Words())
    assert again.intents("hello you") == nearest.intents("hello you")
    assert again.answers("where", "at the chemist", ("park", "shop")) == ["shop"]
