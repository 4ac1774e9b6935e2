"""What does the program say when it is asked wrongly, or something is broken? One line, and a code."""

from __future__ import annotations

import base64
import socket
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app import open_house, refuse_unfit
from bot.directory import load_directory
from bot.settings import Settings
from tests.journeys.haven import free_port

SECRET = "hunter2"
COMMANDS = [
    [],
    ["serve"],
    ["worker"],
    ["migrate"],
    ["train"],
    ["doctor"],
    ["understand"],
    ["directory"],
    ["directory", "check"],
    ["directory", "route"],
    ["directory", "hours"],
    ["audit"],
    ["audit", "verify"],
    ["outbox"],
    ["outbox", "list"],
    ["outbox", "retry"],
]
ASKED_WRONGLY = [
    [],
    ["nonsense"],
    ["directory"],
    ["audit"],
    ["understand"],
    ["outbox", "retry"],
    ["serve", "--port", "x"],
    ["serve", "--workers", "0"],
    ["directory", "hours", "harmony", "--at", "nonsense"],
    ["directory", "hours", "nobody"],
    ["directory", "route", "--postcode", "ST1 3AB", "--kind", "nonsense"],
    ["directory", "route", "--postcode", "Atlantis", "--kind", "asb"],
]


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Settings of a machine of its own."""
    monkeypatch.setenv("HAVEN_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("HAVEN_ENV", "test")
    return monkeypatch


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    said = (err or out).strip()
    assert said
    assert "\n" not in said, said
    assert "Traceback" not in said
    assert SECRET not in out + err
    return said


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    assert "usage: haven" in capsys.readouterr().out


@pytest.mark.parametrize("command", ASKED_WRONGLY, ids=" ".join)
def test_asked_wrongly_is_2_and_one_line(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 2
    one_line(capsys)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("HAVEN_PORT", "abc", "HAVEN_PORT"),
        ("HAVEN_ENV", "staging", "HAVEN_ENV"),
        ("HAVEN_CLOCK", "yesterday", "HAVEN_CLOCK"),
        ("HAVEN_CLOCK", "2026-11-20T14:30:00", "HAVEN_CLOCK"),
        ("HAVEN_LOG_LEVEL", "loud", "HAVEN_LOG_LEVEL"),
        ("HAVEN_VAR_DIR", "/proc/none", "/proc/none"),
        ("HAVEN_DATABASE_URL", "nonsense", "HAVEN_DATABASE_URL"),
        ("HAVEN_DATABASE_URL", f"haven:{SECRET}@nonsense", "HAVEN_DATABASE_URL"),
        ("HAVEN_DATABASE_URL", f"postgresql://haven:{SECRET}@127.0.0.1:port/x", "HAVEN_DATABASE_URL"),
        ("HAVEN_DATABASE_URL", f"mysql://haven:{SECRET}@127.0.0.1/x", "HAVEN_DATABASE_URL"),
        ("HAVEN_ENCRYPTION_KEYS", SECRET, "HAVEN_ENCRYPTION_KEYS"),
        ("HAVEN_ENCRYPTION_KEYS", "id:c2hvcnQ=", "32 bytes"),
        ("HAVEN_SMTP_URL", f"ftp://u:{SECRET}@h", "HAVEN_SMTP_URL"),
    ],
)
@pytest.mark.parametrize("command", [["migrate"], ["audit", "verify"], ["serve"]], ids=" ".join)
def test_a_broken_setting_is_1_and_one_line(
    machine: pytest.MonkeyPatch,
    command: list[str],
    setting: str,
    value: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    machine.setenv("HAVEN_PORT", str(free_port()))
    machine.setenv(setting, value)
    assert main(command) == 1
    assert said in one_line(capsys)


@pytest.mark.parametrize("command", [["migrate"], ["audit", "verify"], ["outbox", "list"]], ids=" ".join)
def test_a_database_that_is_away_is_1_and_one_line(
    machine: pytest.MonkeyPatch, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    machine.setenv("HAVEN_DATABASE_URL", f"postgresql://haven:{SECRET}@127.0.0.1:9/x")
    assert main(command) == 1
    assert "database cannot be reached" in one_line(capsys)


def test_a_delivery_that_is_not_held_is_not_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert main(["outbox", "list"]) == 0
    assert "0 held or late" in capsys.readouterr().out
    assert main(["outbox", "retry", "nothing"]) == 1
    assert "nothing" in one_line(capsys)


def test_production_wants_its_numbers_checked_by_somebody(
    machine: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.setenv("HAVEN_ENV", "production")
    machine.setenv("HAVEN_ENCRYPTION_KEYS", f"k1:{base64.b64encode(bytes(32)).decode()}")
    machine.setenv("HAVEN_PORT", str(free_port()))
    assert main(["serve"]) == 1
    assert "victim_support_supportline: last_checked: " in one_line(capsys)
    signed = "{victim_support_supportline: {last_checked: 2026-11-19, check_by: 2999-01-01}}"
    (tmp_path / "var" / "services.local.yml").write_text(f"services: {signed}", encoding="utf-8")
    load_directory.cache_clear()
    refuse_unfit(open_house(Settings()))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            "{harmony: {hours: {rule: weekly, bank_holidays: open, "
            "weekly: [{days: [mon], open: 9am, close: '17:00'}]}}}",
            "harmony: hours.weekly.0.open: '9am' is not a time",
        ),
        ("{harmony: {out_of_hours_fallback: []}}", "harmony: out_of_hours_fallback: nobody is offered"),
        ("{harmony: {last_checked: 2025-01-01}}", "harmony: check_by: the check of 2025-01-01 held until 2026-01-01"),
        ("{harmony: {valid_to: 2026-01-01}}", "harmony: valid_to: ended 2026-01-01"),
    ],
)
def test_a_directory_that_is_not_fit_stops_the_start_and_names_entry_and_field(
    machine: pytest.MonkeyPatch, tmp_path: Path, wrong: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.setenv("HAVEN_PORT", str(free_port()))
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "services.local.yml").write_text(f"services: {wrong}", encoding="utf-8")
    load_directory.cache_clear()
    assert main(["serve"]) == 1
    assert said in one_line(capsys)
    assert main(["directory", "check"]) == 1
    assert f"error: {said}" in capsys.readouterr().out


def test_the_doctor_names_contacts_that_must_not_be_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "services.local.yml").write_text(
        "services: {cst: {last_checked: 2025-01-01}}", encoding="utf-8"
    )
    load_directory.cache_clear()
    assert main(["doctor"]) == 1
    [line] = [line for line in capsys.readouterr().out.splitlines() if " contacts: " in line]
    assert line.startswith("FAIL contacts: 1 expired (cst); 54 unchecked (")
    assert "harmony" in line


def test_a_taken_port_is_said_before_anything_is_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 1
    assert "in use" in one_line(capsys)


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", port]) == 1
    assert port in one_line(capsys)


def test_a_file_that_is_no_database_is_said(
    machine: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "haven.db").write_bytes(b"\1" * 5000)
    machine.setenv("HAVEN_DATABASE_URL", f"sqlite:///{tmp_path / 'haven.db'}")
    for command in (["migrate"], ["audit", "verify"]):
        assert main(command) == 1
        assert "database" in one_line(capsys)


def test_what_nobody_foresaw_is_one_line_without_its_words(
    machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError(SECRET)

    machine.setattr("bot.db.Database.migrate", breaks)
    assert main(["migrate"]) == 1
    assert "RuntimeError" in one_line(capsys)


def test_the_doctor_goes_on_after_the_first_illness(
    machine: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.setenv("HAVEN_DATABASE_URL", f"haven:{SECRET}@nonsense")
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "FAIL database" in out
    assert "ok   keys" in out
    assert SECRET not in out
