"""How is the directory asked from the command line? `haven directory …`."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import yaml

from bot.clock import LONDON
from bot.directory import Directory, command, load_directory
from bot.directory.command import Outcome
from bot.directory.hours import london_day
from bot.directory.rebuilding import run_postcodes
from bot.directory.review_command import run_review
from bot.settings import ROOT, Settings


def add_directory(parser: argparse.ArgumentParser, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add what can be asked of the directory to its parser."""
    parts = parser.add_subparsers(required=True, metavar="WHAT", parser_class=parser_class)

    def add(name: str, run: Callable[[argparse.Namespace], Outcome], words: str) -> argparse.ArgumentParser:
        part = parts.add_parser(name, help=words, description=words)
        part.set_defaults(run=lambda asked: _show(run(asked)))
        return part

    add("check", _check, "Say everything that is wrong with the directory, or soon will be.")
    route = add("route", _route, "Say who can help, and why.")
    route.add_argument("--postcode", required=True, help="where the person lives: a postcode, town or council")
    route.add_argument("--happened-in", help="where it happened, when that is elsewhere")
    route.add_argument("--kind", required=True, help="asb, hate, both or other_harm")
    route.add_argument("--at", type=instant, help="an ISO instant (now)")
    route.add_argument("--age", type=int, help="in years")
    route.add_argument("--need", action="append", default=[], help="a harm or need, such as domestic_abuse; may repeat")
    hours = add("hours", _hours, "Say whether a service is open, and when that changes.")
    hours.add_argument("service", metavar="SERVICE")
    hours.add_argument("--at", type=instant, help="an ISO instant (now)")
    review = add("review", _review, "Work out from a diary whether an ASB case review may be asked for.")
    review.add_argument("file", metavar="FILE.jsonl", help="the incidents, one a line, or - for standard input")
    review.add_argument("--postcode", required=True, help="where it happens: a postcode, town or council")
    review.add_argument("--on", type=_day, help="the day of asking, as 2026-11-20 (today)")
    add("export", _export, "Print the services that the public may be given, as Open Referral HSDS.")
    postcodes = add("postcodes", _postcodes, "Make tables of postcodes from a newer OS Code-Point Open.")
    postcodes.add_argument("--code-point", type=Path, required=True, metavar="FOLDER", help="the unzipped release")
    postcodes.add_argument("--out", type=Path, metavar="FOLDER", help="where to write (the var folder)")
    postcodes.add_argument("--councils", type=Path, metavar="FILE", help="councils that we do not know yet")


def instant(iso: str) -> dt.datetime:
    """An instant as it is typed; London time when it has no offset. Raises ArgumentTypeError."""
    try:
        at = dt.datetime.fromisoformat(iso)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{iso!r} is not an ISO instant, such as 2026-12-25T09:00") from None
    return at if at.tzinfo else at.replace(tzinfo=LONDON)


def _day(iso: str) -> dt.date:
    try:
        return dt.date.fromisoformat(iso)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{iso!r} is not a day, such as 2026-12-25") from None


def _show(outcome: Outcome) -> int:
    print(outcome.text)
    return outcome.code


def _now() -> dt.datetime:
    return Settings().make_clock()()


def _directory(at: dt.datetime) -> Directory:
    """The directory as it stands at an instant; in production, as the public may be given it."""
    settings = Settings()
    known = load_directory(settings.var_dir / "services.local.yml")
    return known.without_unchecked(london_day(at)) if settings.env == "production" else known.on(london_day(at))


def _check(_asked: argparse.Namespace) -> Outcome:
    return command.run_check(london_day(_now()), Settings().var_dir / "services.local.yml")


def _route(asked: argparse.Namespace) -> Outcome:
    at = asked.at or _now()
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    words = {name: texts[0].get("text", "") for name, texts in domain["responses"].items()}
    return command.run_route(
        _directory(at), asked.postcode, asked.kind, at, asked.age, asked.need, asked.happened_in, words
    )


def _hours(asked: argparse.Namespace) -> Outcome:
    at = asked.at or _now()
    return command.run_hours(_directory(at), asked.service, at)


def _review(asked: argparse.Namespace) -> Outcome:
    on = asked.on or london_day(_now())
    with nullcontext(sys.stdin) if asked.file == "-" else Path(asked.file).open(encoding="utf-8") as lines:
        return run_review(_directory(_now()), asked.postcode, lines, on)


def _export(_asked: argparse.Namespace) -> Outcome:
    now = _now()
    return command.run_export(_directory(now), london_day(now))


def _postcodes(asked: argparse.Namespace) -> Outcome:
    return run_postcodes(asked.code_point, asked.out or Settings().var_dir, asked.councils)
