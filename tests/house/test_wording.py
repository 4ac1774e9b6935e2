"""Is every word the assistant says plain, kind and used, and is every word it needs there?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.plain_english import complaints, reading_age, syllables
from tests.house.tree import files, parsed, read

DOMAIN = Path("domain.yml")
#: Years of age. The whole of the wording is held to nine; one text may be harder, because names of things are long.
READING_AGE = 9.0
HARDEST_TEXT = 13.0
#: Below this many words a reading age says more about one long name than about the text.
LONG_ENOUGH = 12

NAME = re.compile(r"\butter_[a-z0-9_/]*[a-z0-9]\b(?![{/])")


@cache
def domain() -> dict[str, Any]:
    return dict(yaml.safe_load(read(DOMAIN)))


def texts(responses: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text that a person reads, with the key it stands under: what is said, and the label of each choice."""
    for key, variations in responses.items():
        for variation in variations or []:
            if variation.get("text"):
                yield key, variation["text"]
            for button in [*(variation.get("buttons") or []), *(variation.get("quick_replies") or [])]:
                yield key, button["title"]


class _Shown(HTMLParser):
    """Collects what a page shows: text and labels, without scripts and styles."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.blocks = [""]
        self._silent = 0
        # A branch of the template begins a text of its own.
        branched = re.sub(r"\{%.*?%\}", "<br>", re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL), flags=re.DOTALL)
        self.feed(branched.replace("{{", "{").replace("}}", "}"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self.blocks += [
            value for name, value in attrs if name in ("aria-label", "placeholder", "title", "alt") and value
        ]
        if tag not in ("a", "b", "strong", "em", "span", "kbd"):
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")
        if tag not in ("a", "b", "strong", "em", "span", "kbd"):
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.blocks[-1] += data


def shown(template: str) -> list[str]:
    """The texts of a page, block by block."""
    return [text for block in _Shown(template).blocks if (text := " ".join(block.split()))]


def leaves(tree: object) -> Iterator[str]:
    """Every text in a YAML tree."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict | list):
        for inner in tree.values() if isinstance(tree, dict) else tree:
            yield from leaves(inner)


def named(text: str) -> set[str]:
    """Responses that a YAML file names."""
    return set(NAME.findall(text))


def named_by_code(module: ast.Module) -> tuple[set[str], set[str]]:
    """Responses that Python names outright, and patterns of those it may put together.

    `"utter_hello"` is outright: it must be there. `"hello"`, `f"utter_ask_{slot}"` and `f"ask_{slot}"` may stand
    for responses: what they match counts as used. A pattern that would match everything counts for nothing.
    """
    outright: set[str] = set()
    patterns: set[str] = set()
    inside = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            if NAME.fullmatch(node.value):
                outright.add(node.value)
            elif re.fullmatch("[a-z][a-z0-9_]*", node.value):
                patterns.add(f"utter_{node.value}")
        elif isinstance(node, ast.JoinedStr):
            first = node.values[0]
            begins = str(first.value) if isinstance(first, ast.Constant) else ""
            if re.fullmatch("[a-z][a-z0-9_]{2,}", begins.removeprefix("utter_")):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z0-9_]+" for p in node.values]
                patterns.add("utter_" + "".join(parts).removeprefix("utter_"))
    return outright, patterns


def endings(module: ast.Module) -> set[str]:
    """What Python adds to a name it was handed: `_open` of f"{prefix}_open"."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr) and len(node.values) == 2 and isinstance(node.values[1], ast.Constant):
            last = str(node.values[1].value)
            if re.fullmatch("_[a-z0-9_]+", last):
                found.add(last)
    return found


def missing_and_idle(
    keys: Iterable[str], outright: set[str], patterns: set[str], ends: Iterable[str] = ()
) -> tuple[set[str], set[str]]:
    """Responses that are named but not there, and those that are there but named by nobody.

    A name to which an ending is added stands for the names so made, and need not be there itself.
    """
    there = set(keys)
    made = {name: {name + end for end in ends} & there for name in outright}
    used = outright.union(*made.values()) | {k for k in there if any(re.fullmatch(pattern, k) for pattern in patterns)}
    return {name for name in outright - there if not made[name]}, there - used


@cache
def uses() -> tuple[set[str], set[str], set[str]]:
    """What the whole project names: outright, by pattern, by ending."""
    outright: set[str] = set()
    patterns: set[str] = set()
    ends: set[str] = set()
    for path in files():
        if path.suffix == ".py" and path.parts[0] in ("bot", "actions", "channels"):
            more, shapes = named_by_code(parsed(path))
            outright |= more
            patterns |= shapes
            ends |= endings(parsed(path))
        elif path.suffix in (".yml", ".yaml") and path.parts[0] in ("data", "config.yml"):
            outright |= named(read(path))
    # A form asks for a slot by this name of its own accord, unless an action asks for it.
    asked_by_actions = set(domain().get("actions") or [])
    for form in (domain().get("forms") or {}).values():
        slots = (form or {}).get("required_slots", [])
        outright |= {f"utter_ask_{slot}" for slot in slots if f"action_ask_{slot}" not in asked_by_actions}
    return outright, patterns, ends


def test_every_text_is_plain() -> None:
    found = [(key, text[:60], complaints(text)) for key, text in texts(domain()["responses"])]
    assert not [line for line in found if line[2]]


def test_refusals_and_pages_are_plain_too() -> None:
    said = [("channels/words.yml", text) for text in leaves(yaml.safe_load(read(Path("channels/words.yml"))))]
    pages = [path for path in files() if path.suffix == ".html" and path.parts[:2] == ("channels", "web")]
    said += [(str(path), text) for path in pages for text in shown(read(path))]
    assert not [(where, text[:60], wrong) for where, text in said if (wrong := complaints(text))]


def test_the_wording_is_read_at_nine() -> None:
    said = [text for _, text in texts(domain()["responses"])]
    assert reading_age("\n".join(said)) <= READING_AGE
    hard = {text[:60]: round(reading_age(text), 1) for text in said if len(text.split()) >= LONG_ENOUGH}
    assert not {text: age for text, age in hard.items() if age > HARDEST_TEXT}


def test_every_response_is_used_and_every_used_one_is_there() -> None:
    assert missing_and_idle(domain()["responses"], *uses()) == (set(), set())


def test_the_person_reads_no_words_from_python() -> None:
    """Messages of the dialogue come from responses: no action says a sentence of its own."""
    spoken = {
        str(path): [node.lineno for node in ast.walk(parsed(path)) if _utters_a_sentence(node)]
        for path in files()
        if path.suffix == ".py" and path.parts[0] == "actions"
    }
    assert not {path: lines for path, lines in spoken.items() if lines}


def _utters_a_sentence(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("utter_message")):
        return False
    said = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "text")]
    return any(
        isinstance(words, ast.JoinedStr) or (isinstance(words, ast.Constant) and bool(words.value)) for words in said
    )


@pytest.mark.parametrize(
    "text",
    [
        "Why didn't you report it?",
        "Why did you open the door?",
        "You made a complaint.",
        "As a victim you have rights.",
        "People who suffer from a disability can ask.",
        "Did they commit suicide?",
        "Please calm down.",
        "Everything will be OK.",
        "It is a neighbour dispute.",
        "It sounds low level.",
        "The police will arrest them.",
        "Someone will call you soon.",
        "This is not hate.",
        "We can send your ASB report.",
        "Thank you!",
        "Thank you \U0001f642",
        "Error: invalid input",
        "You don't have to.",
        "Call 0300 303 0554 to talk.",
        "Call 116 123 to talk.",
        "Where was it? When was it?",
        "This goes on " + "and on " * 13 + "until it ends.",
    ],
)
def test_an_unkind_or_unclear_text_is_found(text: str) -> None:
    assert complaints(text)


@pytest.mark.parametrize(
    "text",
    [
        "Call 999. If you cannot speak, press 55.",
        "The Hate Crime Service reads it on Monday, 9am to 5pm. It helps at 16 or 17 too.",
        "You can call {line_name} on {line_number}, at any time.",
        "Lancashire Victim Services can help.",
        "Did it happen more than once?",
        "Domestic abuse is never your fault.",
        "That is longer than 5,000 characters.",
    ],
)
def test_a_plain_text_is_let_be(text: str) -> None:
    assert not complaints(text)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("happened", 2),
        ("service", 2),
        ("table", 2),
        ("what", 1),
        ("information", 4),
        ("times", 1),
        ("wanted", 2),
    ],
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count


def test_reading_age_tells_easy_from_hard() -> None:
    assert reading_age("You can stop at any time. Tell me what happened. I will ask one thing at a time.") < 9
    assert reading_age("The organisation subsequently facilitates appropriate multidisciplinary interventions.") > 16


def test_a_missing_and_an_idle_response_are_found() -> None:
    code = ast.parse(
        'd.utter_message(response="utter_hello")\nx = f"utter_ask_{slot}"\ny = "utter_gone"\n'
        'say("bye")\nsay(f"name_{label}")\nz = f"utter_{anything}"'
    )
    outright, patterns = named_by_code(code)
    keys = ["utter_hello", "utter_ask_when", "utter_bye", "utter_name_noise", "utter_idle"]
    assert missing_and_idle(keys, outright, patterns) == ({"utter_gone"}, {"utter_idle"})
    ends = endings(ast.parse('say(f"{prefix}_now")'))
    assert missing_and_idle(["utter_gone_now"], {"utter_gone", "utter_lost"}, set(), ends) == ({"utter_lost"}, set())
    assert named("- action: utter_hello\n- action: utter_faq/who") == {"utter_hello", "utter_faq/who"}


def test_a_sentence_in_an_action_is_found() -> None:
    def found(code: str) -> bool:
        return any(_utters_a_sentence(node) for node in ast.walk(ast.parse(code)))

    assert found('dispatcher.utter_message("Hello there")')
    assert found('dispatcher.utter_message(text=f"Hello {name}")')
    assert not found('dispatcher.utter_message(response="utter_hello", name=name)')


def test_the_words_of_a_page_are_read() -> None:
    page = '<p title="Oops">Call <b>{{ number }}</b> now</p>{% if x %}<style>!</style><p>Error</p>{% endif %}'
    assert shown(page) == ["Oops", "Call { number } now", "Error"]
    assert list(leaves({"a": ["b", {"c": "d"}]})) == ["b", "d"]


def test_labels_of_choices_are_read_too() -> None:
    said = {"utter_x": [{"text": "Is it?", "buttons": [{"title": "Yes!", "payload": "/yes"}]}]}
    assert list(texts(said)) == [("utter_x", "Is it?"), ("utter_x", "Yes!")]
