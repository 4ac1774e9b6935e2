"""How is a code, a date or an answer of a letter said to an adviser? The words are in words.yml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.clock import LONDON

_SAID = {True: "Yes", False: "No", None: "Not known", "": "Not known"}


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, Any]]:
    """Everything in words.yml: fields, groups, screens, items, and values by field."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))
    return found


def field_name(field: str, of: str = "") -> str:
    """The name of a field of a group of the letter; one we have no words for is spelt out."""
    known = words()["fields"]
    return str(known.get(f"{of}.{field}") or known.get(field) or _spelt_out(field))


def value_name(code: str, field: str = "any") -> str:
    """A code as words, for this field or for any; what is no code (the person's own words) stays as it is."""
    values = words()["values"]
    known = values.get(field, {}).get(code) or values["any"].get(code)
    if known:
        return str(known)
    is_code = "_" in code and code.replace("_", "").isalnum() and code == code.lower()
    return _spelt_out(code) if is_code else code


def in_words(value: Any, field: str = "any") -> str:
    """Any answer as an adviser reads it, never as data."""
    if value is None or value == "" or isinstance(value, bool):
        return _SAID[value]
    if isinstance(value, Mapping):
        known = {key: item for key, item in value.items() if item not in (None, "", [], {})}
        shape = _SHAPES.get(field)
        said = shape(known) if shape else ""
        return said or "; ".join(f"{field_name(str(k))}: {in_words(v, str(k))}" for k, v in known.items()) or "None"
    if isinstance(value, (list, tuple)):
        return "; ".join(dict.fromkeys(in_words(item, field) for item in value)) or in_words("none")
    return value_name(str(value), field)


def day(iso: str) -> str:
    """A day as people say it: 21 November 2026. What is no date stays as it is."""
    try:
        return f"{dt.date.fromisoformat(iso[:10]):%-d %B %Y}"
    except ValueError:
        return iso


def moment(iso: str) -> str:
    """An instant as people say it in London: 21 November 2026, 23:40. What is none stays as it is."""
    try:
        return f"{dt.datetime.fromisoformat(iso).astimezone(LONDON):%-d %B %Y, %H:%M}"
    except ValueError:
        return iso


def _spelt_out(code: str) -> str:
    plain = code.replace("_", " ").replace(":", " ").strip()
    return plain[:1].upper() + plain[1:]


def _age(value: Mapping[str, Any]) -> str:
    return f"{value['years']} years old" if value.get("years") else in_words(value.get("band"))


def _area(value: Mapping[str, Any]) -> str:
    if value.get("same"):
        return in_words("same")
    authority = str(value.get("authority") or "")
    council = words()["values"]["any"].get(authority) or authority.replace("_", " ").title()
    place = str(value.get("postcode") or value.get("place") or value.get("words") or value.get("outcode") or "")
    group = in_words(value["group"]) if value.get("group") else ""
    settled = in_words("no_fixed_address") if value.get("no_fixed_address") else ""
    return ", ".join(dict.fromkeys(filter(None, (settled, place, council, group))))


def _when(value: Mapping[str, Any]) -> str:
    days = [day(str(value[key])) for key in ("first", "last") if value.get(key)]
    dated = " to ".join(dict.fromkeys(days))
    dated = f"about {dated}" if dated and value.get("about") else dated
    dated = ", ".join(filter(None, (dated, f"at {value['time']}" if value.get("time") else "")))
    return _quoted_and(value, dated)


def _place(value: Mapping[str, Any]) -> str:
    return _quoted_and(value, in_words(value.get("place"), "where"))


def _areas(value: Mapping[str, Any]) -> str:
    return _quoted_and(value, in_words(value.get("areas") or [], "effect"))


def _mentioned(value: Mapping[str, Any]) -> str:
    return _quoted_and(value, in_words(value.get("said")))


def _report(value: Mapping[str, Any]) -> str:
    count = value.get("count")
    often = {1: "once", 2: "twice"}.get(count, f"{count} times") if isinstance(count, int) else ""
    reference = f"reference {value['reference']}" if value.get("reference") else ""
    when = day(str(value["when"])) if value.get("when") else ""
    return ", ".join(filter(None, (in_words(value.get("to") or "Someone"), often, reference, when)))


def _quoted_and(value: Mapping[str, Any], said: str) -> str:
    quoted = f"“{value['words']}”" if value.get("words") else ""
    return f"{said} ({quoted})" if said and quoted else said or quoted


_SHAPES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "age_band": _age,
    "area": _area,
    "happened_area": _area,
    "when": _when,
    "where": _place,
    "effect": _areas,
    "reports": _report,
    **dict.fromkeys(("injuries", "damage", "weapon", "threatened", "followed"), _mentioned),
}
