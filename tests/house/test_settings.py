"""Is every setting listed for operators, and is every listed setting real?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, by_service
from tests.house.tree import ROOT, read

EXAMPLE = Path("deploy/env.example")
LINE = re.compile(r"^#?((?:HAVEN|TWILIO)_[A-Z_]+)=(.*)$", re.MULTILINE)


def listed(text: str) -> dict[str, str]:
    """The settings of an env file: name to value. A line that is commented out still counts."""
    return dict(LINE.findall(text))


def known() -> set[str]:
    """Every variable that `bot.settings` reads."""
    return {name.upper() for field in Settings.__fields__.values() for name in field.field_info.extra["env_names"]}


def differences(names: Iterable[str], expected: set[str]) -> tuple[set[str], set[str]]:
    """Those listed but unknown, and those known but not listed."""
    found = set(names)
    return found - expected, expected - found


def test_every_setting_is_listed_and_every_listed_setting_is_real() -> None:
    assert differences(listed(read(EXAMPLE)), known()) == (set(), set())


def test_a_forgotten_and_an_invented_setting_are_found() -> None:
    assert differences({"HAVEN_HOST", "HAVEN_MAGIC"}, {"HAVEN_HOST", "HAVEN_PORT"}) == ({"HAVEN_MAGIC"}, {"HAVEN_PORT"})


def test_every_setting_is_explained() -> None:
    silent = [
        block for block in read(EXAMPLE).strip().split("\n\n") if LINE.search(block) and not block.startswith("# ")
    ]
    assert not silent


def test_the_listed_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in known():
        monkeypatch.delenv(name, raising=False)
    plain = Settings()
    for line in read(EXAMPLE).splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value)
    assert Settings() == plain


def test_production_refuses_a_stopped_clock_and_missing_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVEN_ENV", "production")
    with pytest.raises(ValidationError, match="HAVEN_ENCRYPTION_KEYS"):
        Settings()
    monkeypatch.setenv("HAVEN_ENCRYPTION_KEYS", "a:b")
    monkeypatch.setenv("HAVEN_CLOCK", "2026-11-21T23:30:00+00:00")
    with pytest.raises(ValidationError, match="HAVEN_CLOCK"):
        Settings()


def test_data_and_secrets_stay_out_of_git() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/var/", "/models/", "/.venv/", "/.tools/"} <= set(ignored)


def test_the_leave_button_is_named_by_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVEN_LEAVE_WORDS", "harmony=Leave this page; *=Go to the weather;")
    assert by_service(Settings().leave_words) == {"harmony": "Leave this page", "*": "Go to the weather"}
    assert by_service("") == {}


@pytest.mark.parametrize("words", ["Leave", "harmony=", "Harmony=Leave", "*=one; *=two", "*=" + "long " * 6])
def test_words_for_the_leave_button_that_cannot_be_used_are_refused(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAVEN_LEAVE_WORDS", words)
    with pytest.raises(ValidationError, match="leave_words"):
        Settings()


def test_sites_that_may_show_the_chat_are_origins_by_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVEN_EMBED_SITES", "harmony=https://a.example https://b.example:8443; *=http://localhost:8001")
    assert by_service(Settings().embed_sites)["harmony"].split() == ["https://a.example", "https://b.example:8443"]


@pytest.mark.parametrize(
    "site", ["http://a.example", "https://a.example/", "https://*.example", "a.example", "https://a.example,", "*"]
)
def test_a_site_that_is_no_origin_is_refused_by_its_name(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVEN_EMBED_SITES", f"harmony=https://ok.example {site}")
    with pytest.raises(ValidationError, match=re.escape(repr(site))):
        Settings()
