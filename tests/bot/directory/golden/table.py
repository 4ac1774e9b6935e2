"""How does the golden table read? Equal answers under one heading, names instead of ids, reasons in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from bot.directory import Directory, Route
from tests.bot.directory.golden.asked import (
    AGES,
    AREAS,
    DIRECTORY,
    KINDS,
    NO_ADDRESS,
    NOWHERE,
    PRODUCTION,
    TIMES,
    Asked,
    answers,
    go,
)

HERE = Path(__file__).parent
RESPONSES = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))["responses"]
Lines = tuple[str, ...]
Cells = Mapping[tuple[str, ...], Lines]

YOUNG = ("under 16", "16 or 17")
#: Home and place, where they are not the same.
ELSEWHERE = (
    ("Cheshire East", "Stoke-on-Trent"),
    (NOWHERE, "Stoke-on-Trent"),
    (NO_ADDRESS, "Stoke-on-Trent"),
    ("Stoke-on-Trent", "Cheshire East"),
    ("Barnet", "Hertsmere"),
    (NOWHERE, "Burnley"),
    ("Watford", "Preston"),
)


def words_of(response: str, **values: str) -> str:
    """The words of domain.yml for a response. Raises KeyError when it has none."""
    text: str = RESPONSES[response][0]["text"]
    return text.format(**values)


def referrals(directory: Directory, found: Route) -> Lines:
    """What may be passed on, and what is never offered."""
    lines = []
    for one in found.referrals:
        name = directory.service(one.service_id).name
        parts = [one.purpose.replace("_", " "), one.team and f"team: {one.team.replace('_', ' ')}"]
        parts += [one.priority and f"taken {one.priority}", "only if wanted" if one.if_wanted else None]
        purpose = words_of(f"utter_reason_for_{one.purpose}")
        said = words_of(f"utter_reason_{one.reason}", service="It", purpose=purpose)
        lines.append(f"{name} ({', '.join(filter(None, parts))}): {said}")
    if found.mediation:
        lines.append(f"mediation, where the screen allows it: {directory.service(found.mediation).name}")
    never = [what.replace("_", " ") for what in found.never]
    return (*(lines or ["nobody"]), f"never: {', '.join(never)}") if never else tuple(lines or ["nobody"])


def signposts(directory: Directory, found: Route) -> Lines:
    """Whom the person may turn to, in order."""
    return tuple(
        f"{_name(directory, one.service_id)}: {words_of(f'utter_signpost_{one.reason}')}" for one in found.signposts
    )


def now(directory: Directory, found: Route) -> Lines:
    """Who can be reached at that instant, in order."""
    unsure = {"unknown": " (not known to be open)"}
    return tuple(_name(directory, one.service_id) + unsure.get(one.state, "") for one in found.now)


def _name(directory: Directory, service_id: str) -> str:
    service = directory.service(service_id)
    if service.kind == "council":
        return "The council's own team"
    if service.kind == "police":
        return "The police of the place, 101"
    return service.name + (" (number withheld)" if service_id in directory.withheld else "")


def whole(directory: Directory) -> str:
    """The table of a directory, as text."""
    parts: list[tuple[str, Callable[[Directory, Route], Lines]]] = [
        ("Who may be sent a referral", referrals),
        ("Whom the person may turn to", signposts),
        ("Who answers now", now),
    ]
    text = [
        "Who can help, where and when: what the route answers. Written by `python -m tests.bot.directory.golden`.",
        f"{len(AREAS)} places, {len(KINDS)} kinds, {len(AGES)} ages, {len(TIMES)} hours; equal answers together.",
    ]
    full = directory is DIRECTORY
    for title, part in parts if full else parts[1:]:
        text += ["", "", title.upper()]
        cells = {tuple(asked): part(directory, found) for asked, found in answers(directory).items()}
        text += _shown(cells)
    if full:
        text += ["", "", "WHOSE COUNCIL AND POLICE", "", *_councils(directory)]
        text += ["", "", "LIVES IN ONE PLACE, HAPPENED IN ANOTHER", *_elsewhere(directory)]
    return "\n".join(text) + "\n"


def _shown(cells: Cells) -> Iterator[str]:
    for kinds, rest in _grouped(cells):
        yield ""
        yield "== " + ", ".join(kind.replace("_", " ") for kind in kinds)
        for areas, by_age in _grouped(rest):
            for ages, by_time in _grouped(by_age):
                for times, ends in _grouped(by_time):
                    yield f"{_areas(areas)} | {_all('age', ages, AGES)} | {_all('time', times, TIMES)}"
                    yield from (f"    {line}" for line in ends[()])


def _grouped(cells: Cells) -> list[tuple[Lines, Cells]]:
    """The first labels of the keys, those with equal answers together, and what is left under them."""
    under: dict[str, dict[tuple[str, ...], Lines]] = {}
    for (label, *rest), lines in cells.items():
        under.setdefault(label, {})[tuple(rest)] = lines
    same: dict[tuple[object, ...], list[str]] = {}
    for label, rest in under.items():
        same.setdefault(tuple(rest.items()), []).append(label)
    return [(tuple(labels), under[labels[0]]) for labels in same.values()]


def _all(what: str, labels: Iterable[str], every: Iterable[str]) -> str:
    chosen = list(labels)
    if chosen in (list(YOUNG), [one for one in AGES if one not in YOUNG]):
        return "under 18" if chosen == list(YOUNG) else "18 and over, or not known"
    left = [one for one in every if one not in chosen]
    if not left:
        return f"any {what}"
    return f"any {what} but {' and '.join(left)}" if len(left) < len(chosen) - 1 else ", ".join(chosen)


def _areas(names: Iterable[str]) -> str:
    chosen, said = set(names), []
    counties: dict[str, list[str]] = {}
    for name, fact in AREAS.items():
        group = (fact or {}).get("group")
        counties.setdefault(DIRECTORY.atlas.groups[group].name if group else "", []).append(name)
    outside = {name for name in counties.pop("") if name not in (NOWHERE, NO_ADDRESS)}
    for county, councils in [*counties.items(), ("everywhere outside", sorted(outside))]:
        left = [one for one in councils if one not in chosen]
        if not left:
            said.append(county)
        elif len(left) <= len(councils) / 3:
            said.append(f"{county} but {' and '.join(left)}")
        else:
            said += [one for one in councils if one in chosen]
    said += [one for one in (NOWHERE, NO_ADDRESS) if one in chosen]
    return "anywhere" if chosen == set(AREAS) else ", ".join(said)


def _councils(directory: Directory) -> Iterator[str]:
    """Who the council and the police are in each area: what the rest of the table calls by one name."""
    for name, fact in AREAS.items():
        authority, group = (fact or {}).get("authority"), (fact or {}).get("group")
        council = directory.council(authority, group)
        yield f"{name}: {council.name if council else 'no council known'}; {directory.police(group).name}"


def _elsewhere(directory: Directory) -> Iterator[str]:
    for home, place in ELSEWHERE:
        yield ""
        yield f"== lives: {home}; happened: {place}"
        for kind in ("asb", "hate", "burglary", "domestic_abuse"):
            found = go(directory, Asked(kind, home, "26 to 64", "in hours"), AREAS[place])
            local = [directory.service(one.service_id) for one in found.signposts]
            yield kind.replace("_", " ")
            yield from (f"    {line}" for line in referrals(directory, found))
            yield from (f"    turn to: {one.name}" for one in local if "national" not in one.areas)


#: Each table, and the directory it is asked of.
TABLES = {HERE / "answers.txt": DIRECTORY, HERE / "answers_in_production.txt": PRODUCTION}
