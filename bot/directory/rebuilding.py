"""Which council is each postcode in, by a newer Code-Point Open? A release in, an operator's two tables out."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.directory.atlas import COLUMNS, LOCAL, NON_GEOGRAPHIC, Authority, load_atlas
from bot.directory.command import Outcome

#: Columns of a row: postcode, quality of its position, easting, northing, codes of country, two NHS bodies, county,
#: district and ward (OS, Code-Point Open technical specification, "Product structure": docs.os.uk).
_WIDTH = 10
_POSTCODE, _QUALITY, _DISTRICT = 0, 1, 8
#: From this quality on, a position is only an estimate: it counts among its neighbours, and decides nothing alone.
ESTIMATED = 50
_UNIT = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
#: This many examples of a fault are named; the rest are counted.
_NAMED = 3


class ReleaseError(ValueError):
    """The release cannot be used; the words say which file, line or code, and what to do."""


@dataclass(frozen=True)
class Located:
    """A postcode ("ST1 4LA"), the national code of its council ("" where none is given), and whether that is sure."""

    postcode: str
    lad_code: str
    sure: bool

    @property
    def outcode(self) -> str:
        """Its first half."""
        return self.postcode.split()[0]

    @property
    def sector(self) -> str:
        """Its first half and the digit after it."""
        return self.postcode[:-2]


@dataclass(frozen=True)
class Tables:
    """`shares`: (outcode or sector, code of council, 0..1). `exact`: (postcode, code) where a sector is divided."""

    shares: tuple[tuple[str, str, float], ...]
    exact: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def read_rows(rows: Iterable[list[str]], name: str) -> Iterator[Located]:
    """The rows of one file of the release. Raises ReleaseError, naming the line, where one is not of its shape."""
    empty = True
    for number, row in enumerate(rows, start=1):
        empty = False
        unit = _UNIT.fullmatch(row[_POSTCODE].replace(" ", "").upper()) if row else None
        if len(row) != _WIDTH or unit is None or not row[_QUALITY].isdigit():
            raise ReleaseError(f"{name}, line {number}: not {_WIDTH} columns with a postcode first")
        sure = int(row[_QUALITY]) < ESTIMATED
        yield Located(f"{unit[1]} {unit[2]}", row[_DISTRICT].strip().upper(), sure)
    if empty:
        raise ReleaseError(f"{name}: empty: unzip the release again")


def rebuild(located: Iterable[Located], councils: Mapping[str, Authority], known: Collection[str]) -> Tables:
    """The tables for these postcodes. `councils`: by national code. `known`: outcodes of the table in use.

    Raises ReleaseError on a council that is not among `councils`, a postcode in two councils, or none of ours at all.
    """
    held: dict[str, Located] = {}
    doubled: set[str] = set()
    for one in located:
        before = held.setdefault(one.postcode, one)
        if before is not one:
            doubled.add(one.postcode)
            if before.lad_code != one.lad_code:
                raise ReleaseError(f"{one.postcode} stands twice: in '{before.lad_code}' and '{one.lad_code}'")
    served = _served(councils)
    placed = [one for one in held.values() if one.lad_code and one.outcode not in NON_GEOGRAPHIC]
    strangers: dict[str, list[str]] = {}
    for one in placed:
        if one.lad_code not in councils:
            strangers.setdefault(one.lad_code, []).append(one.sector)
    if strangers:
        raise ReleaseError("; ".join(_stranger(code, sectors) for code, sectors in sorted(strangers.items())))
    there = {one.lad_code for one in placed}
    if not there & served:
        raise ReleaseError("no postcode lies in a council that we serve: is it the whole of Code-Point Open?")
    warnings = [
        f"{councils[code].name} ({code}) has no postcode in this release: was it merged? See areas.yml"
        for code in sorted(served - there)
    ]
    warnings += _counted("twice in the release, counted once", doubled)
    warnings += _counted(
        "without a council in the release, left out", [o.postcode for o in held.values() if not o.lad_code]
    )
    seen = {one.outcode for one in placed}
    gone = set(known) - seen - set(NON_GEOGRAPHIC)
    warnings += _counted("outcodes of the table in use are not in this release: kept as they were", gone)
    return _tabulated(placed, warnings)


def _tabulated(placed: list[Located], warnings: list[str]) -> Tables:
    counts: dict[str, Counter[str]] = {}
    for one in placed:
        for code in (one.outcode, one.sector):
            counts.setdefault(code, Counter())[one.lad_code] += 1
    shares = tuple(
        (code, lad_code, count / sum(held.values()))
        for code, held in sorted(counts.items())
        for lad_code, count in held.most_common()
    )
    divided = [one for one in placed if len(counts[one.sector]) > 1]
    guessed = [one.postcode for one in divided if not one.sure]
    warnings += _counted("in divided sectors with an estimated position: asked about, not decided", guessed)
    exact = tuple(sorted((one.postcode, one.lad_code) for one in divided if one.sure))
    return Tables(shares, exact, tuple(warnings))


def _served(councils: Mapping[str, Authority]) -> set[str]:
    return {code for code, council in councils.items() if council.served}


def _stranger(code: str, sectors: list[str]) -> str:
    examples = ", ".join(sorted(set(sectors))[:_NAMED])
    return f"{code} ({len(sectors)} postcodes, in {examples}) is in no list of councils: add it with --councils"


def _counted(what: str, codes: Collection[str]) -> list[str]:
    if not codes:
        return []
    return [f"{len(codes)} {what}: {', '.join(sorted(codes)[:_NAMED])}{', ...' if len(codes) > _NAMED else ''}"]


def run_postcodes(folder: Path, out: Path, councils: Path | None = None) -> Outcome:
    """`haven directory postcodes --code-point FOLDER --out FOLDER [--councils FILE]`: writes the operator's tables.

    `councils` has the columns of authorities.csv; its rows are laid over ours and written beside the tables.
    """
    try:
        added = _councils(councils) if councils else []
        atlas = load_atlas()
        known = {one.lad_code: one for one in atlas.authorities.values()} | {one.lad_code: one for one in added}
        outcodes = {code for code in atlas.shares if " " not in code}
        # read twice, so that the other million and a half postcodes need not be held
        wanted = outcodes | {one.outcode for one in _release(folder) if one.lad_code in _served(known)}
        tables = rebuild((one for one in _release(folder) if one.outcode in wanted), known, outcodes)
        out.mkdir(parents=True, exist_ok=True)
        rows = [(code, lad_code, f"{share:.4f}") for code, lad_code, share in tables.shares]
        _write(out / LOCAL["shares"], COLUMNS["shares"], rows)
        _write(out / LOCAL["exact"], COLUMNS["exact"], tables.exact)
        if added:
            listed = [(o.lad_code, o.id, o.name, o.county, "yes" if o.served else "no") for o in added]
            _write(out / LOCAL["councils"], COLUMNS["councils"], listed)
    except (ReleaseError, OSError, UnicodeDecodeError, csv.Error) as error:
        return Outcome(f"error: {error}", 1)
    councils_of: dict[str, set[str]] = {}
    for code, lad_code, _ in tables.shares:
        councils_of.setdefault(code, set()).add(known[lad_code].id)
    sectors = [code for code in councils_of if " " in code]
    changed = [code for code in sectors if councils_of[code] != set(atlas.shares.get(code, ()))]
    lines = [f"warning: {words}" for words in tables.warnings]
    lines.append(f"{out / LOCAL['shares']}: {len(councils_of) - len(sectors)} outcodes, {len(sectors)} sectors")
    lines.append(f"{out / LOCAL['exact']}: {len(tables.exact)} postcodes of divided sectors")
    lines += _counted("sectors lie in other councils than in the shipped table", changed)
    return Outcome("\n".join(lines))


def _release(folder: Path) -> Iterator[Located]:
    inside = folder / "Data" / "CSV"
    files = sorted((inside if inside.is_dir() else folder).glob("*.csv"))
    if not files:
        raise ReleaseError(f"{folder}: no .csv files: give the folder of the unzipped release")
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            yield from read_rows(csv.reader(file), path.name)


def _councils(path: Path) -> list[Authority]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    if tuple(reader.fieldnames or ()) != COLUMNS["councils"]:
        raise ReleaseError(f"{path.name}: the first line must be {','.join(COLUMNS['councils'])}")
    for number, row in enumerate(rows, start=2):
        if not all(row[column] for column in COLUMNS["councils"]) or row["served"] not in ("yes", "no"):
            raise ReleaseError(f"{path.name}, line {number}: every column must be filled, served with yes or no")
    return [Authority(row["id"], row["name"], row["county"], row["lad_code"], row["served"] == "yes") for row in rows]


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    made = path.with_name(path.name + ".new")
    with made.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    made.replace(path)  # whole or not at all: what is in use is never half a table
