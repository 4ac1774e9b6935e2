"""Is a fact that was told ever asked for again, or made up? Messages with what they hold, counted fact by fact."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.triage.vocabulary import Finding
from bot.understanding import read_words as read

CORPUS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "nlu" / "extraction.yml").read_text(encoding="utf-8")
)
NOW: dt.datetime = CORPUS["now"]
WAVES = ("first", "second", "last")

#: The short names of the corpus, and the label each is read as.
LABELS = {
    **{"when": "when", "frequency": "frequency", "repeat": "repeat", "area": "area", "reported": "reported_before"},
    **{"evidence": "evidence_held", "age": "age_band", "name": "name", "safe": "safe_contact"},
    **{"access": "access_needs", "wishes": "wishes", "followed": "followed", "now": "happening_now"},
    **{"worse": "getting_worse", "who": "who", "where": "where", "effect": "effect", "speaker": "speaker_role"},
    **{"vulnerable": "vulnerable", "threatened": "threatened", "targeted": "targeted", "close": "lives_close"},
    **{"children": "children_affected", "language": "access_needs"},
}
ALWAYS = tuple(LABELS)[:14]

Points = frozenset[str]


def _wanted(name: str, said: Any) -> Points:
    """What the corpus says, as points that are each right or wrong."""
    if said is None or said is False:
        return frozenset()
    if name == "when":
        return frozenset(f"{part} {day}" for part, day in _plainly(said).items())
    if name == "reported":
        if said in ("no", False):
            return frozenset({"no"})
        told = {f"told {to} {count}" for to, count in said.items() if to != "ref"}
        return frozenset({"yes", *told} | ({f"ref {said['ref']}"} if "ref" in said else set()))
    if name == "safe":
        ways = {f"{side} {way}" for side, given in said.items() for way in given} if said is not True else set()
        return frozenset({"said", *ways})
    if isinstance(said, list):
        return frozenset(map(str, said))
    return frozenset({str(said)})


def _plainly(when: dict[str, Any]) -> dict[str, str]:
    return {part: str(when[part]) for part in ("first", "last", "time") if when.get(part)}


def _read(name: str, best: Finding | None, wanted: Points) -> Points:
    """What was read, as the same kind of points."""
    if best is None:
        return frozenset()
    value = best.value
    if name in ("repeat", "vulnerable", "followed", "threatened", "close", "children"):
        return frozenset({"True"})
    if name == "when":
        return frozenset(f"{part} {day}" for part, day in _plainly(value).items())
    if name == "reported":
        if not value["any"]:
            return frozenset({"no"})
        told = {f"told {r['to']} {r['count']}" for r in value["reports"]}
        return frozenset({"yes", *told, *(f"ref {r['reference']}" for r in value["reports"] if "reference" in r)})
    if name == "safe":
        ways = {f"{side} {way}" for side in ("avoid", "prefer") for way in (value or {}).get(side, ())}
        return frozenset({"said", *(way for way in ways if len(wanted) > 1)})
    if name == "area":
        parts = {str(value.get(part)) for part in ("postcode", "outcode", "authority", "place")}
        return wanted if wanted & parts else frozenset({str(value)})
    if name == "age":
        years = str(value.get("years"))
        return frozenset({years if years in wanted or not wanted & {value["band"]} else value["band"]})
    if name == "language":
        return frozenset({value["language"]} if "language" in value else ())
    if name in ("who", "where"):
        return frozenset({value["relationship" if name == "who" else "place"]})
    if name in ("effect", "access"):
        return frozenset(value["areas" if name == "effect" else "needs"])
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset({str(value)})


def judged(message: dict[str, Any]) -> dict[str, tuple[Points, Points]]:
    """For each fact that this message is judged on: what should be read, and what is."""
    best: dict[str, Finding] = {}
    for finding in sorted(read(message["say"], NOW).findings, key=lambda f: (f.confidence, -f.start)):
        best[finding.label] = finding
    names = [name for name in LABELS if name in ALWAYS or name in message]
    shown = {}
    for name in names:
        wanted = _wanted(name, message.get(name))
        shown[name] = (wanted, _read(name, best.get(LABELS[name]), wanted))
    return shown


@lru_cache(maxsize=4)
def measured(wave: str) -> dict[str, tuple[int, int, int]]:
    """For each fact: points rightly read, wrongly read, missed."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for message in CORPUS[wave]:
        for name, (wanted, found) in judged(message).items():
            right[name] += len(wanted & found)
            wrong[name] += len(found - wanted)
            missed[name] += len(wanted - found)
    return {name: (right[name], wrong[name], missed[name]) for name in LABELS}


def test_the_corpus_is_large_and_names_every_fact() -> None:
    assert len(CORPUS["first"]) + len(CORPUS["second"]) >= 295
    assert len(CORPUS["last"]) >= 60
    named = {name for wave in WAVES for message in CORPUS[wave] for name in message}
    assert set(LABELS) | {"say"} == named


@pytest.mark.parametrize(
    ("wave", "precision", "recall"), [("first", 0.96, 0.96), ("second", 0.94, 0.94), ("last", 0.91, 0.9)]
)
def test_facts_are_read_and_not_invented(wave: str, precision: float, recall: float) -> None:
    right, wrong, missed = (sum(counts) for counts in zip(*measured(wave).values(), strict=True))
    assert right / (right + wrong) >= precision
    assert right / (right + missed) >= recall


@pytest.mark.parametrize("name", ["when", "reported", "safe", "area", "repeat", "frequency"])
def test_what_is_asked_most_is_read_best(name: str) -> None:
    right, wrong, missed = (sum(counts) for counts in zip(*(measured(wave)[name] for wave in WAVES), strict=True))
    assert right / (right + wrong) >= 0.92
    assert right / (right + missed) >= 0.92


@pytest.mark.parametrize(
    "message", [message for wave in WAVES for message in CORPUS[wave]], ids=lambda m: m["say"][:60]
)
def test_the_words_shown_are_theirs_and_no_day_is_still_to_come(message: dict[str, Any]) -> None:
    for finding in read(message["say"], NOW).findings:
        assert message["say"][finding.start : finding.end] == finding.text
        if finding.label == "when":
            days = [finding.value[part] for part in ("first", "last") if part in finding.value]
            assert all(day <= NOW.date().isoformat() for day in days)
            assert days == sorted(days)
