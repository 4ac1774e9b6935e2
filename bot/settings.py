"""What was this machine told? Every environment variable Haven reads, and nothing else reads the environment."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import Literal

from pydantic import BaseSettings, Field, SecretStr, root_validator, validator

from bot.clock import Clock, frozen_clock, system_clock

#: Where the project stands: config.yml, domain.yml and data/ lie here.
ROOT = Path(__file__).resolve().parent.parent


#: One entry of a setting that differs by service: an id of the directory, or * for all others.
_BY_SERVICE = re.compile(r"\s*(?P<service>[a-z0-9_-]{1,64}|\*)\s*=\s*(?P<value>[^;]*[^;\s])\s*")
#: The leave button stays on one line of a small phone, beside the name of the page.
_LONGEST_LEAVE_WORDS = 24
#: Whose pages may frame the chat: an origin as browsers write it. Plain HTTP is for this machine alone.
_ORIGIN = re.compile(r"(https://[a-z0-9-]+(\.[a-z0-9-]+)*|http://(127\.0\.0\.1|localhost))(:[0-9]{1,5})?")


def by_service(setting: str) -> dict[str, str]:
    """`harmony=one; *=other` as a dictionary. Raises ValueError, naming the part that cannot be read."""
    found: dict[str, str] = {}
    for part in filter(str.strip, setting.split(";")):
        entry = _BY_SERVICE.fullmatch(part)
        if entry is None or entry["service"] in found:
            raise ValueError(f"write it as service=value; *=value, each service once: {part.strip()!r} is not so")
        found[entry["service"]] = entry["value"]
    return found


def hush_rasa() -> None:
    """Tell Rasa to send nothing to its makers, and TensorFlow to print less: this is the only way they listen."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


class Settings(BaseSettings):
    """Settings, read once when the program starts. Listed for operators in `deploy/env.example`.

    Raises pydantic.ValidationError, in words, when a value cannot be used.
    """

    env: Literal["development", "test", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    var_dir: Path = Path("var")
    model_dir: Path = Path("models")
    database_url: str = ""
    encryption_keys: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "haven@localhost"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    clock: dt.datetime | None = None
    trusted_proxies: int = Field(default=0, ge=0)
    messages_a_minute: int = Field(default=30, ge=1)
    leave_words: str = ""
    embed_sites: str = ""
    log_level: str = Field(default="INFO", regex="^(DEBUG|INFO|WARNING|ERROR)$")

    class Config:
        env_prefix = "HAVEN_"
        frozen = True

    @root_validator(pre=True)
    def _empty_is_unset(cls, values: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in values.items() if value != ""}

    @validator("clock")
    def _clock_has_an_offset(cls, value: dt.datetime | None) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("HAVEN_CLOCK needs an offset, for example 2026-11-21T23:30:00+00:00")
        return value

    @validator("leave_words")
    def _leave_words_fit(cls, value: str) -> str:
        for service, words in by_service(value).items():
            if len(words) > _LONGEST_LEAVE_WORDS:
                raise ValueError(f"HAVEN_LEAVE_WORDS: {service}: {_LONGEST_LEAVE_WORDS} characters fit on the button")
        return value

    @validator("embed_sites")
    def _embed_sites_are_origins(cls, value: str) -> str:
        for service, sites in by_service(value).items():
            for site in sites.split():
                if not _ORIGIN.fullmatch(site):
                    raise ValueError(f"HAVEN_EMBED_SITES: {service}: {site!r} is not like https://www.example.org")
        return value

    @root_validator(skip_on_failure=True)
    def _production_is_strict(cls, values: dict[str, object]) -> dict[str, object]:
        if values["env"] == "production":
            if values["clock"] is not None:
                raise ValueError("HAVEN_CLOCK is for tests and demonstrations: it is refused when HAVEN_ENV=production")
            keys = values["encryption_keys"]
            if not isinstance(keys, SecretStr) or not keys.get_secret_value():
                raise ValueError("HAVEN_ENCRYPTION_KEYS must be set when HAVEN_ENV=production")
        return values

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: what was set, or a SQLite file in the var folder."""
        return self.database_url or f"sqlite:///{self.var_dir.resolve() / 'haven.db'}"

    def make_clock(self) -> Clock:
        """The clock that everything is handed: frozen when HAVEN_CLOCK is set."""
        return frozen_clock(self.clock) if self.clock else system_clock
