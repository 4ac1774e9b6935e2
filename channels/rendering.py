"""How does a page become HTML? One Jinja2 environment that escapes everything."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.response import HTTPResponse, html

from bot.clock import LONDON
from channels.reading import as_dialled, dialled, readable

_HERE = Path(__file__).parent
_environment = Environment(
    loader=FileSystemLoader([_HERE / "web" / "templates", _HERE / "desk" / "templates"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def clock_time(at: dt.datetime) -> str:
    """The time of day where people read it: 14:05."""
    return at.astimezone(LONDON).strftime("%H:%M")


def day_and_time(at: dt.datetime) -> str:
    """A date and time as people say it: 21 November 2026, 14:05."""
    return at.astimezone(LONDON).strftime("%-d %B %Y, %H:%M")


_environment.filters.update(
    clock_time=clock_time, day_and_time=day_and_time, dialled=dialled, as_dialled=as_dialled, readable=readable
)


def render(template: str, **values: Any) -> str:
    """The HTML of a template. Raises when the template names a value it was not given."""
    return _environment.get_template(template).render(**values)


def block(template: str, name: str, **values: Any) -> str:
    """The HTML of one block of a template, as a page puts it into its frame."""
    found = _environment.get_template(template)
    return "".join(found.blocks[name](found.new_context(values)))


def page(template: str, status: int = 200, **values: Any) -> HTTPResponse:
    """A whole page as an answer."""
    return html(render(template, **values), status=status)
