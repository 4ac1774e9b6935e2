"""How does a message of the assistant read on a page? Lists as lists, numbers to tap, references that stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from markupsafe import Markup, escape

#: A line of a list of answers: "How often: Most weeks". The label is short and begins like a title.
_ROW = re.compile(r"^(?P<label>[A-Z][^:\n]{1,39}): (?P<value>.*)$")
_LEAST_ROWS = 3

# A code to come back with has 16 digits, so it is looked for before telephone numbers.
_TOUCHABLE = re.compile(
    r"(?<![\w@./-])(?:"
    r"(?P<code>\d{4}(?: \d{4}){3}|HV(?:-[A-Z0-9]{4}){2})"
    r"|(?P<keyword>[A-Z]{3,}) to (?P<short>\d{5})"
    r"|(?P<text>[Tt]ext) (?P<texted>999|07\d{3} ?\d{3} ?\d{3})"
    r"|(?P<number>999|101|111|18000|116 ?\d{3}|0(?: ?\d){7,10})"
    r"|(?P<site>(?:[a-z0-9-]+\.)+(?:uk|org|com|net|info)(?:/[\w/-]*\w)?)"
    r")(?![\w@-])"
)


def readable(text: str) -> Markup:
    """What somebody of ours said, as HTML: escaped, with its list and its numbers. The words stay as they are."""
    lines = text.split("\n")
    rows = [_ROW.match(line) for line in lines]
    if sum(row is not None for row in rows) < _LEAST_ROWS:
        return _paragraph(text)
    first = next(at for at, row in enumerate(rows) if row)
    listed: list[tuple[str, list[str]]] = []
    for line, row in zip(lines[first:], rows[first:], strict=True):
        if row:
            listed.append((row["label"], [row["value"]]))
        else:
            listed[-1][1].append(line)  # an answer of several lines
    pairs = Markup("").join(
        Markup("<div><dt>{}</dt><dd dir=auto>{}</dd></div>").format(label, "\n".join(value)) for label, value in listed
    )
    intro = _paragraph("\n".join(lines[:first])) if first else Markup("")
    return intro + Markup('<dl class="answers">') + pairs + Markup("</dl>")


def dialled(number: str) -> str:
    """A number as a telephone link takes it: digits and a leading plus."""
    return "".join(c for c in number if c.isdigit() or c == "+")


def as_dialled(number: str) -> str:
    """A number as people here dial it: +447700900123 becomes 07700 900123."""
    national = f"0{number[3:]}" if number.startswith("+44") else number
    return f"{national[:5]} {national[5:]}" if re.fullmatch(r"0\d{10}", national) else national


def _paragraph(text: str) -> Markup:
    return Markup('<p class="said" dir="auto">') + Markup("").join(_pieces(text)) + Markup("</p>")


def _pieces(text: str) -> Iterator[Markup]:
    at = 0
    for found in _TOUCHABLE.finditer(text):
        yield escape(text[at : found.start()])
        yield _touchable(found)
        at = found.end()
    yield escape(text[at:])


def _touchable(found: re.Match[str]) -> Markup:
    words = found[0]
    if found["code"]:
        return Markup('<b class="whole" dir="ltr">{}</b>').format(words)
    if found["short"]:
        body = quote(found["keyword"])
        return Markup('<a class="whole" href="sms:{}?body={}">{}</a>').format(found["short"], body, words)
    if found["texted"]:
        return Markup('<a class="whole" href="sms:{}">{}</a>').format(dialled(found["texted"]), words)
    if found["number"]:
        return Markup('<a class="whole" href="tel:{}" dir="ltr">{}</a>').format(dialled(words), words)
    opens = Markup('<span class="vh"> (a new page)</span>')
    return Markup('<a href="https://{}" target="_blank" rel="noopener noreferrer">{}{}</a>').format(words, words, opens)
