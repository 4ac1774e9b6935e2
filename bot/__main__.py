"""The command line: what can Haven be told to do?"""

from __future__ import annotations

import argparse
import datetime as dt
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.commands.directory import add_directory
from bot.db import Database, DatabaseUnavailable
from bot.security.logs import configure_logs
from bot.settings import ROOT, Settings, hush_rasa

ROLES = ("chat", "worker")


class Failed(Exception):
    """A command could not do what it was asked. Its text is the one line that is shown."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when it did it, 1 when it could not, 2 when it was asked wrongly."""
    hush_rasa()
    # The old libraries warn about themselves at every import, and Sanic switches its filter back on; tests turn
    # warnings of our own code into errors.
    warnings.showwarning = lambda *_warning, **_more: None
    parser = _parser()
    try:
        asked = parser.parse_args(arguments)
    except SystemExit as left:
        return int(left.code or 0)
    try:
        run: Callable[[argparse.Namespace], int] = asked.run
        return run(asked)
    except ValidationError as problem:
        print("haven: " + "; ".join(_wrong_setting(e) for e in problem.errors()), file=sys.stderr)
    except (Failed, OSError, ValueError, KeyError) as problem:
        print(f"haven: {_one_line(problem)}", file=sys.stderr)
    except DatabaseUnavailable as problem:
        print(f"haven: the database cannot be reached, or not be used ({_one_line(problem)})", file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    except Exception as problem:  # its own words may hold anything, so only its kind and place are shown
        print(f"haven: {_where_it_broke(problem)}", file=sys.stderr)
    return 1


def _wrong_setting(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0])
    return str(error["msg"]) if name == "__root__" else f"HAVEN_{name.upper()}: {error['msg']}"


def _where_it_broke(problem: Exception) -> str:
    last = traceback.extract_tb(problem.__traceback__)[-1]
    return f"this could not be done: {type(problem).__name__} at {Path(last.filename).name}:{last.lineno}"


def _one_line(problem: Exception) -> str:
    text = str(problem.args[0]) if isinstance(problem, KeyError) and problem.args else str(problem)
    return " ".join(text.split()) or type(problem).__name__


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> None:  # type: ignore[override]  # the base never returns; neither does exit
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="haven", description="Haven: a conversational referral assistant.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)

    def add(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(run=run)
        return command

    serve = add("serve", _serve, "Serve the chat, and deliver referrals beside it.")
    serve.add_argument("--host", help="address to listen on (HAVEN_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (HAVEN_PORT)")
    serve.add_argument("--workers", type=_count, default=1, metavar="N", help="processes (1)")
    serve.add_argument("--roles", default=",".join(ROLES), help=f"which parts, from: {', '.join(ROLES)}")
    add("worker", _worker, "Deliver referrals, and nothing else.")
    add("migrate", _migrate, "Bring the database's tables up to date.")
    train = add("train", _train, "Train the model.")
    train.add_argument("--if-stale", action="store_true", help="only when the model does not match its sources")
    add("doctor", _doctor, "Check settings, model, directory, keys and database; exit 1 when anything is wrong.")
    understand = add("understand", _understand, "Read a JSON line each with id and text; write what was understood.")
    understand.add_argument("file", metavar="FILE.jsonl", help="the lines, or - for standard input")
    understand.add_argument(
        "--evaluate", action="store_true", help="the lines are labelled: print how well they were read"
    )
    understand.add_argument("--words-only", action="store_true", help="read by the lexicons alone")
    add_directory(add("directory", _nothing_asked, "Services, areas and hours."), _Parser)
    audit = add("audit", _nothing_asked, "The record of who did what.").add_subparsers(required=True, metavar="WHAT")
    audit.add_parser("verify", help="show that no row was changed").set_defaults(run=_audit_verify)
    outbox = add("outbox", _nothing_asked, "Referrals on their way.").add_subparsers(required=True, metavar="WHAT")
    outbox.add_parser("list", help="what is held or late").set_defaults(run=_outbox_list)
    retry = outbox.add_parser("retry", help="try a held delivery again, for five more days")
    retry.add_argument("id", metavar="ID", help="as `haven outbox list` shows it")
    retry.set_defaults(run=_outbox_retry)
    return parser


def _nothing_asked(_asked: argparse.Namespace) -> int:
    return 2


def _serve(asked: argparse.Namespace) -> int:
    overrides = {name: value for name in ("host", "port") if (value := getattr(asked, name)) is not None}
    settings = Settings(**overrides)
    roles = [role.strip() for role in asked.roles.split(",") if role.strip()]
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Failed(f"no such role: {', '.join(unknown)} (there are: {', '.join(ROLES)})")
    if "chat" not in roles:
        return _worker(asked)
    _check_address(settings.host, settings.port)
    from bot import app as wiring  # takes seconds to import: what is wrong is said first

    house = wiring.open_house(settings)
    wiring.refuse_unfit(house)
    migrated = _migrated(house.db)
    try:
        dialogue = wiring.open_dialogue(house)
    except wiring.ModelUnusable as problem:
        # Whoever writes to us in danger must still be answered: with numbers, and with the words kept.
        print(f"haven: {problem}\n  NO CONVERSATIONS: every message is kept and answered with numbers", file=sys.stderr)
        dialogue = None
    app = wiring.make_app(house, dialogue, with_worker="worker" in roles, migrate_first=not migrated)
    house.db.dispose()  # before processes part: each opens its own connections
    where = f"http://{settings.host}:{settings.port}"
    print("Haven is ready." if dialogue else "Haven is up, without conversations.")
    print(f"  chat   {where}/chat\n  start  {where}/\n  API    {where}/openapi.json", flush=True)
    if not settings.smtp_url.get_secret_value():
        print(f"  mail   {settings.var_dir / 'outbox'} (no HAVEN_SMTP_URL is set)", flush=True)
    app.run(host=settings.host, port=settings.port, workers=asked.workers, access_log=False, motd=False)
    return 0


def _check_address(host: str, port: int) -> None:
    """Say at once, before anything is loaded, that nobody can listen there. Raises Failed."""
    if not 1 <= port <= 65_535:  # a look-up would take the remainder, and Haven would say one port and use another
        raise Failed(f"there is no port {port}")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], found[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except OSError as problem:
        raise Failed(f"cannot listen on {host}:{port}: {problem.strerror}") from problem


def _migrated(db: Database) -> bool:
    """True when the tables are up to date; False when the database is away, which is no reason to shut the door."""
    try:
        db.migrate()
    except DatabaseUnavailable as problem:
        print(
            f"haven: {_one_line(problem)}\n  NOTHING CAN BE KEPT: people get the numbers until the database answers",
            file=sys.stderr,
        )
        return False
    return True


def _worker(_asked: argparse.Namespace) -> int:
    import asyncio

    from bot.app import open_house
    from bot.worker import delivery_chores, run_worker

    house = open_house(Settings())

    async def work() -> None:
        stop = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        await run_worker(delivery_chores(house.delivery), house.clock, stop)

    asyncio.run(work())
    return 0


def _migrate(_asked: argparse.Namespace) -> int:
    from bot.app import open_house

    open_house(Settings()).db.migrate()
    return 0


def _train(asked: argparse.Namespace) -> int:
    from bot.dialogue import training
    from bot.understanding import learning
    from bot.understanding.encoder_export import EncoderMissing

    configure_logs("WARNING")
    folder = Settings().model_dir
    with training.alone(folder):
        everything = not asked.if_stale
        if everything or learning.is_stale(ROOT, folder):
            print("Teaching the reader. This takes about nine minutes on two cores.", flush=True)
            try:
                print(f"Taught: {learning.learn(ROOT, folder)}", flush=True)
            except EncoderMissing as problem:
                print(f"haven: {problem}; Haven will read by its lexicons alone", file=sys.stderr)
            except ValueError as problem:
                raise Failed(_one_line(problem)) from None
        else:
            print("The reader is up to date.")
        if not learning.is_stale(ROOT, folder) and (everything or learning.is_short_stale(ROOT, folder)):
            print("Teaching it short messages.", flush=True)
            learning.learn_short(ROOT, folder)
        if everything or training.is_stale(ROOT, folder):
            print("Training the dialogue. This takes about half a minute.", flush=True)
            try:
                print(f"Trained: {training.train(ROOT, folder)}")
            except training.TrainingFailed as problem:
                raise Failed(_one_line(problem)) from None
        else:
            print("The dialogue model is up to date.")
    return 0


def _doctor(_asked: argparse.Namespace) -> int:
    from bot.doctor import examine

    found = examine(Settings())
    for check in found:
        print(f"{'ok  ' if check.ok else 'FAIL'} {check.name}: {check.words}")
    return 0 if all(check.ok for check in found) else 1


def _understand(asked: argparse.Namespace) -> int:
    from bot.understanding.contract import understand_lines
    from bot.understanding.hearing import load_learned, read

    settings = Settings()
    configure_logs("WARNING")
    if not asked.words_only:
        load_learned(settings.model_dir)
    now = settings.make_clock()()
    with nullcontext(sys.stdin.buffer) if asked.file == "-" else Path(asked.file).open("rb") as lines:
        if asked.evaluate:
            return _evaluate(lines, now)
        failed = False
        for line, problem in understand_lines(lines, now, read):
            print(line, flush=asked.file == "-")
            if problem:
                failed = True
                print(f"haven: {problem}", file=sys.stderr)
    return 1 if failed else 0


def _evaluate(lines: Iterable[bytes], now: dt.datetime) -> int:
    from bot.understanding.evaluate import see, table
    from bot.understanding.labelled import read_labelled

    try:
        messages = list(read_labelled(line.decode("utf-8") for line in lines))
    except ValueError as problem:
        raise Failed(_one_line(problem)) from None
    if not messages:
        raise Failed("there is no labelled line to read")
    see(messages[:3], now)  # what is loaded on first use is not timed
    for line in table(see(messages, now)):
        print(line)
    return 0


def _audit_verify(_asked: argparse.Namespace) -> int:
    from bot.app import open_house
    from bot.security.store import verify_audit

    with open_house(Settings()).db.transaction() as session:
        broken = verify_audit(session)
    print("The chain is whole." if broken is None else f"The chain is broken at row {broken}.")
    return 0 if broken is None else 1


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"{written!r} is not a number from 1 up")
    return int(written)


def _outbox_list(_asked: argparse.Namespace) -> int:
    from bot.app import open_house
    from bot.delivery.outbox import list_troubled

    house = open_house(Settings())
    troubled = list_troubled(house.db, house.clock())
    for one in troubled:
        tried = f"{one.attempts} tries since {one.created_at.isoformat(timespec='minutes')}"
        print(f"{one.id} {one.state}: {one.kind} to {one.destination}, {tried}, {one.last_error}")
    print(f"{len(troubled)} held or late")
    return 1 if troubled else 0


def _outbox_retry(asked: argparse.Namespace) -> int:
    from bot.app import open_house
    from bot.delivery.outbox import retry_held

    house = open_house(Settings())
    if not retry_held(house.db, asked.id, actor="operator:command", now=house.clock()):
        raise Failed(f"no delivery of that id is held: {asked.id}")
    print("It will be tried again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
