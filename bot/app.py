"""How do the parts become one program? The one place that wires real parts together."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from sanic import Sanic

from bot.clock import LONDON, Clock
from bot.conversations import photos, returning
from bot.conversations.house import ConversationHouse
from bot.conversations.record import Dialogue, DialogueAbsent, Reply, Said, Turn
from bot.db import Database, DatabaseUnavailable
from bot.delivery.outbox import DeliveryHouse
from bot.delivery.record import Address
from bot.directory import Directory, load_directory, refuse_errors
from bot.directory.hours import london_day
from bot.referrals import consent as ledger
from bot.referrals import receiving, states, submit
from bot.referrals.house import ReferralHouse
from bot.referrals.record import Consent, ReferralRequest
from bot.referrals.wiring import make_houses
from bot.security.keyring import Keyring
from bot.security.logs import configure_logs
from bot.settings import ROOT, Settings, by_service
from bot.understanding import check_safety, warm_up
from bot.worker import delivery_chores, run_worker

log = logging.getLogger("haven")

#: The numbers that stand in every refusal and on every page.
ALWAYS_SHOWN = ("emergency_999", "victim_support_supportline")

#: Seconds between looks at a database that was away when the program started.
MIGRATION_PAUSE = 2.0


@dataclass(frozen=True)
class House:
    """The real parts of one installation, made from its settings."""

    settings: Settings
    clock: Clock
    db: Database
    keyring: Keyring
    known: Directory
    conversations: ConversationHouse
    referrals: ReferralHouse
    delivery: DeliveryHouse

    @property
    def directory(self) -> Directory:
        """The directory of this day: a change of provider or a check that runs out takes effect at midnight."""
        return _directory_of(self.known, london_day(self.clock()), self.settings.env == "production")


@lru_cache(maxsize=4)
def _directory_of(known: Directory, day: dt.date, careful: bool) -> Directory:
    return known.without_unchecked(day) if careful else known.on(day)


def open_house(settings: Settings) -> House:
    """Database, keys, directory and the houses built on them. Does not migrate and loads no model."""
    configure_logs(settings.log_level)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    clock = settings.make_clock()
    db = Database(settings.database)
    keyring = Keyring.from_settings(settings.encryption_keys.get_secret_value(), settings.var_dir)
    known = load_directory(settings.var_dir / "services.local.yml")
    referrals, delivery = make_houses(settings, db, keyring, _own_addresses(known, clock))
    return House(settings, clock, db, keyring, known, ConversationHouse(db, keyring), referrals, delivery)


def refuse_unfit(house: House) -> None:
    """Raise ValueError, naming entry and field, when people must not be served from this directory today."""
    refuse_errors(house.known, london_day(house.clock()))
    for always in ALWAYS_SHOWN:
        if not house.directory.service(always).phone:
            raise ValueError(
                f"{always}: last_checked: in production every number must be checked first: say in services.local.yml "
                "who checked this one, and when"
            )
    house.directory.state("police_101", house.clock())  # the list of bank holidays is slow to load, once


def _own_addresses(known: Directory, clock: Clock) -> Callable[[str], Address | None]:
    def own(service_id: str) -> Address | None:
        address = _directory_of(known, london_day(clock()), False).service(service_id).referral
        return Address(email=address.email, webhook=address.webhook)

    return own


def make_reach(house: House) -> Any:
    """What the assistant's moves may do to the world, each done off the event loop."""
    from actions.reach import Reach, Sent  # here: the moves stand above this module

    async def send(requests: tuple[ReferralRequest, ...]) -> tuple[Sent, ...]:
        made = await asyncio.to_thread(submit.submit_referrals, house.referrals, requests, house.clock())
        return tuple(Sent(r.reference, r.service_name, r.state.value) for r in made)

    async def refuse(answer: Consent, case_key: str, conversation_id: str) -> None:
        keep = ledger.record_consent
        await asyncio.to_thread(keep, house.referrals, answer, case_key=case_key, conversation_id=conversation_id)

    async def sent(conversation_id: str) -> tuple[Sent, ...]:
        found = await asyncio.to_thread(states.list_for_conversation, house.referrals, conversation_id)
        return tuple(Sent(r.reference, r.service_name, r.state.value) for r in found)

    async def give_return_code(conversation_id: str, word: str, now: dt.datetime) -> str:
        return await asyncio.to_thread(returning.set_return_word, house.conversations, conversation_id, word, now)

    async def count_photos(conversation_id: str) -> int:
        return len(await asyncio.to_thread(photos.list_photos, house.conversations, conversation_id))

    return Reach(lambda: house.directory, house.clock, send, refuse, sent, give_return_code, count_photos)


@lru_cache(maxsize=1)
def open_reach() -> Any:
    """For `rasa run actions`: the reach of this machine's own settings, opened when the first move needs it."""
    house = open_house(Settings())
    with ThreadPoolExecutor(1) as thread:  # Rasa's action server asks from inside its event loop
        thread.submit(house.db.migrate).result()
    return make_reach(house)


class ModelUnusable(Exception):
    """There is no trained model, or it is not the one that was trained here. Its text says which, in words."""


def open_dialogue(house: House) -> Dialogue:
    """The dialogue of the trained model. Raises ModelUnusable.

    A model file is code: only the one whose SHA-256 `haven train` wrote beside it is ever loaded.
    """
    from bot.dialogue.training import model_path

    model = model_path(house.settings.model_dir)
    try:
        trained = str(json.loads((model.parent / "haven.json").read_text(encoding="utf-8"))["model"])
        found = hashlib.sha256(model.read_bytes()).hexdigest()
    except FileNotFoundError as missing:
        raise ModelUnusable(f"there is no trained model at {missing.filename}: run `haven train`") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelUnusable(f"the trained model at {model} cannot be read: run `haven train`") from None
    if found != trained:
        raise ModelUnusable(f"{model} is not the model that was trained (SHA-256 differs): run `haven train`")
    try:
        return _load(house, model)
    except Exception as error:  # a model of another version breaks in many ways; whichever, people must be answered
        raise ModelUnusable(f"the trained model at {model} cannot be loaded ({type(error).__name__})") from error


def _load(house: House, model: Path) -> Dialogue:
    from actions.executor import is_rejection, make_executor
    from bot.dialogue.engine import load_agent, make_dialogue
    from bot.dialogue.moves import InProcessActions

    executor = make_executor(make_reach(house))
    return make_dialogue(load_agent(model, InProcessActions(executor.run, is_rejection)))


async def _absent(_said: Said, _state: dict[str, Any] | None) -> Turn:
    raise DialogueAbsent


@dataclass(frozen=True)
class _Heard:
    """What the doors are told of a safety reading: its level, and the labels alone."""

    level: Literal["now", "ask"] | None
    signals: tuple[str, ...]


def _check(text: str) -> _Heard:
    reading = check_safety(text)
    return _Heard(reading.level, tuple(signal.label for signal in reading.signals))


def make_app(
    house: House, dialogue: Dialogue | None, *, with_worker: bool = True, migrate_first: bool = False
) -> Sanic:
    """The web application with every door, and the worker that delivers beside it.

    Without a dialogue every message is kept, checked for danger and answered with numbers; it is taken up again by the
    next start that has one. `migrate_first`: the database was away; its tables are brought up to date when it answers.
    """
    from actions import wording
    from channels.doors import Doors, HelpNumber, Limits
    from channels.web.app import create_app

    warm_up(house.settings.model_dir)
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    numbers = wording.numbers(house.directory)
    emergency, helpline = (house.directory.service(name) for name in ALWAYS_SHOWN)

    def say(*responses: str) -> Sequence[Reply]:
        return tuple(Reply(text=wording.words(domain, name, **numbers)) for name in responses)

    def fallback(level: str | None) -> Sequence[Reply]:
        return (*safety_words(level or ""), *say("utter_fallback"))

    def safety_words(level: str) -> Sequence[Reply]:
        return say("utter_safety_immediate_danger", "utter_safety_crisis_lines") if level == "now" else ()

    def referrals_of(conversation_id: str) -> Sequence[dict[str, str]]:
        found = states.list_for_conversation(house.referrals, conversation_id)
        return [{"reference": r.reference, "service": r.service_name, "status": r.state.value} for r in found]

    def next_opening(conversation_id: str) -> str | None:
        now = house.clock()
        found = states.list_for_conversation(house.referrals, conversation_id)
        opens = [at for r in found if (at := house.directory.next_opening(r.service_id, now)) is not None]
        return min(opens).astimezone(LONDON).isoformat() if opens else None

    app = create_app(
        Doors(
            house=house.conversations,
            dialogue=dialogue or _absent,
            check_safety=_check,
            fallback=fallback,
            safety_words=safety_words,
            help_numbers=(
                HelpNumber("Emergency", emergency.phone or ""),
                HelpNumber(helpline.name, helpline.phone or ""),
            ),
            referrals_of=referrals_of,
            next_opening=next_opening,
            directory=lambda: house.directory,
            ready=lambda: dialogue is not None and house.db.is_reachable(),
            clock=house.clock,
            receiver=receiving.Receiver(house.referrals),
            public_url=house.settings.public_url,
            leave_words=by_service(house.settings.leave_words),
            embed_sites={name: sites.split() for name, sites in by_service(house.settings.embed_sites).items()},
            trusted_proxies=house.settings.trusted_proxies,
            limits=Limits(messages_a_minute=house.settings.messages_a_minute),
        )
    )
    if migrate_first:
        _add_migration(app, house)
    if with_worker:
        _add_worker(app, house)
    return app


def _add_migration(app: Sanic, house: House) -> None:
    async def migrate() -> None:
        while True:
            try:
                await asyncio.to_thread(house.db.migrate)
            except DatabaseUnavailable:
                await asyncio.sleep(MIGRATION_PAUSE)
            else:
                log.warning("the database answers: its tables are up to date")
                return

    app.add_task(migrate())


def _add_worker(app: Sanic, house: House) -> None:
    @app.listener("after_server_start")
    async def start(app: Sanic, _loop: object) -> None:
        app.ctx.stop_worker = asyncio.Event()
        app.ctx.worker = asyncio.create_task(
            run_worker(delivery_chores(house.delivery), house.clock, app.ctx.stop_worker)
        )

    @app.listener("before_server_stop")
    async def stop(app: Sanic, _loop: object) -> None:
        app.ctx.stop_worker.set()
        await app.ctx.worker
