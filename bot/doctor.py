"""Is this installation fit to serve? One check a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.app import open_house
from bot.delivery.webhook import check_address, sign
from bot.dialogue import training
from bot.directory import check, load_directory
from bot.directory.bank_holidays import bank_holidays
from bot.directory.hours import london_day
from bot.directory.record import Reliance
from bot.security.keyring import Keyring
from bot.settings import ROOT, Settings
from bot.understanding import learning

#: Contacts that must not be given as certain, by why.
DOUBTFUL: tuple[Reliance, ...] = ("expired", "unchecked")


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, and what was seen, in words."""

    name: str
    ok: bool
    words: str


def examine(settings: Settings) -> list[Check]:
    """Every check, in order. A check that breaks is a check that failed."""
    return [_run(name, look, settings) for name, look in _CHECKS]


def _run(name: str, look: Callable[[Settings], tuple[bool, str]], settings: Settings) -> Check:
    try:
        return Check(name, *look(settings))
    except Exception as problem:  # a doctor that stops at the first illness is no use
        return Check(name, False, " ".join(str(problem).split()) or type(problem).__name__)


def _settings(settings: Settings) -> tuple[bool, str]:
    return True, f"environment {settings.env}, public address {settings.public_url}"


def _keys(settings: Settings) -> tuple[bool, str]:
    keyring = Keyring.from_settings(settings.encryption_keys.get_secret_value(), settings.var_dir)
    return True, f"sealing with key {keyring.key_ids[0]}, {len(keyring.key_ids)} in all"


def _database(settings: Settings) -> tuple[bool, str]:
    house = open_house(settings)
    reachable = house.db.is_reachable()
    return reachable, f"{house.db.dialect} {'answers' if reachable else 'does not answer'}"


def _model(settings: Settings) -> tuple[bool, str]:
    stale = training.is_stale(ROOT, settings.model_dir)
    return not stale, "missing or out of date: run `haven train`" if stale else "matches its sources"


def _reader(settings: Settings) -> tuple[bool, str]:
    stale = learning.is_stale(ROOT, settings.model_dir)
    if stale:
        return False, "missing or out of date: run `haven train`; until then stories are read by lexicons alone"
    return True, "matches its sources"


def _directory(settings: Settings) -> tuple[bool, str]:
    directory = load_directory(settings.var_dir / "services.local.yml")
    problems = check(directory, london_day(settings.make_clock()()))
    errors = [str(p) for p in problems if p.level == "error"]
    seen = f"{len(directory.services)} services, {len(errors)} errors, {len(problems) - len(errors)} notes"
    return not errors, "; ".join([seen, *errors])


def _contacts(settings: Settings) -> tuple[bool, str]:
    day = london_day(settings.make_clock()())
    directory = load_directory(settings.var_dir / "services.local.yml").on(day)
    doubtful = {name: [s.id for s in directory.services.values() if s.reliance(day) == name] for name in DOUBTFUL}
    said = [f"{len(ids)} {name} ({', '.join(ids)})" for name, ids in doubtful.items() if ids]
    shown = "withheld" if settings.env == "production" else "shown, because this is not production"
    return not doubtful["expired"], f"{'; '.join(said)}: {shown}" if said else "every contact may be relied on"


def _holidays(settings: Settings) -> tuple[bool, str]:
    year = settings.make_clock()().year
    missing = [y for y in (year, year + 1) if not bank_holidays(y)]
    return not missing, f"no list for {missing}" if missing else f"known for {year} and {year + 1}"


def _mail(settings: Settings) -> tuple[bool, str]:
    if settings.smtp_url.get_secret_value():
        return True, f"sends from {settings.mail_from}"
    return settings.env != "production", f"no HAVEN_SMTP_URL: mail is written to {settings.var_dir / 'outbox'}"


def _webhook(settings: Settings) -> tuple[bool, str]:
    if not settings.webhook_url:
        return True, "no HAVEN_WEBHOOK_URL: only services with an address of their own get webhooks"
    check_address(settings.webhook_url)
    sign(settings.webhook_secret.get_secret_value() or None, "doctor", "{}", settings.make_clock())
    return True, "the address may be used and the secret signs"


_CHECKS: tuple[tuple[str, Callable[[Settings], tuple[bool, str]]], ...] = (
    ("settings", _settings),
    ("keys", _keys),
    ("database", _database),
    ("model", _model),
    ("reader", _reader),
    ("directory", _directory),
    ("contacts", _contacts),
    ("bank holidays", _holidays),
    ("mail", _mail),
    ("webhook", _webhook),
)
