"""Do anybody's words get out? Canaries in a whole conversation, looked for in logs, mails, tables and pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from bot.__main__ import main
from tests.faults.siege import ANSWERS, Siege, wait_until
from tests.journeys.haven import Haven, Talk, link_in

MARKUP = "<script>alert('pwned')</script>"
FORMULA = "=HYPERLINK(evil)"
STORY = (
    "My neighbour Quibblewort at number 12 plays loud music until 3 in the morning, nearly every night since Easter, "
    f"and leaves Zanzibarbaric bottles outside {MARKUP} {{{{ 1111111 * 1111111 }}}}. I live in Hanley, ST1 3AB. I've "
    "told the council three times. I can't sleep and it's making me ill. Write to mordecai@flumber.example."
)
NAME = "Xylothorpe <img src=x onerror=alert('pwned')>"
TIMES = f"{FORMULA}\r\nBcc: evil@flumber.example\r\n after Grobnitz"
CANARIES = [
    "Quibblewort",
    "Zanzibarbaric",
    "mordecai",
    "flumber",
    "Xylothorpe",
    "Grobnitz",
    "HYPERLINK",
    "900987",
    "ST1 3AB",
    "pwned",
]


def whole_conversation(haven: Haven) -> Talk:
    talk = Talk.begin(haven)
    talk.choose("Yes, it is safe")
    talk.say(STORY)
    own = {"name": NAME, "safe_contact:number": "07700 900987", "safe_contact:times": TIMES}
    talk.go_on(ANSWERS | own, until="check_answers")
    talk.choose("Yes, send it")
    haven.wait_for_letters(1)
    wait_until(lambda: [r["status"] for r in talk.referrals()] == ["sent"], 10, "the status")
    return talk


def rows_of(siege: Siege) -> dict[str, str]:
    """Every table as text, as somebody who stole the database reads it."""
    with siege.house.db.transaction() as session:
        tables = session.execute(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        return {
            name: "\n".join(session.execute(sa.text(f'SELECT t::text FROM "{name}" t')).scalars())  # noqa: S608  (names from the catalogue)
            for name in tables
        }


def found_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary.lower() in text.lower()]


def open_case(haven: Haven) -> tuple[requests.Session, requests.Response]:
    reader = requests.Session()
    shown = reader.post(link_in(haven.mail.received[-1]), timeout=10)
    assert shown.status_code == 200
    return reader, shown


def test_words_are_in_the_letter_alone(siege: Siege) -> None:
    haven = siege.haven
    talk = whole_conversation(haven)
    letter = json.dumps(haven.letters()[0], ensure_ascii=False)
    assert set(found_in(letter)) >= set(CANARIES) - {"ST1 3AB"}
    assert "1234567654321" not in letter
    assert found_in(haven.log.read_text()) == []
    assert talk.token not in haven.log.read_text()
    for mail in haven.mail.received:
        assert found_in(mail.as_string()) == []
        assert found_in((mail.get_payload(decode=True) or b"").decode()) == []  # type: ignore[union-attr]  # one part
        assert mail["Bcc"] is None
    tables = rows_of(siege)
    assert {name for name in ("messages", "conversations", "referrals", "outbox", "audit") if tables[name]}
    assert {name: found_in(text) for name, text in tables.items() if found_in(text)} == {}
    assert not [name for name, text in tables.items() if talk.token in text]


def test_a_receiver_reads_words_and_never_runs_them(siege: Siege) -> None:
    whole_conversation(siege.haven)
    _, shown = open_case(siege.haven)
    assert "Quibblewort" in shown.text
    assert "&lt;script&gt;" in shown.text
    assert "<script" not in shown.text
    assert "<img" not in shown.text
    assert "1234567654321" not in shown.text
    assert "script-src 'self'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Cache-Control"] == "no-store"


def test_a_link_and_a_session_open_one_case_for_one_reader(siege: Siege) -> None:
    haven = siege.haven
    whole_conversation(haven)
    link = link_in(haven.mail.received[-1])
    for _ in range(3):
        assert "Quibblewort" not in requests.get(link, timeout=10).text
        assert requests.head(link, timeout=10).status_code == 200
    cross = requests.post(link, headers={"Sec-Fetch-Site": "cross-site"}, timeout=10)
    assert cross.status_code == 403
    reader, shown = open_case(haven)
    assert requests.post(link, timeout=10).status_code == 410
    for session in ("", "x" * 43, "é", "../" * 9):
        cookie = {"Cookie": f"referral={session}".encode()}
        assert requests.get(f"{haven.url}/r", headers=cookie, timeout=10).status_code == 401
    for form in ({}, {"key": "x"}, {"key": "\ud800".encode("utf-8", "surrogatepass"), "action": "accept"}):
        refused = reader.post(f"{haven.url}/r", data=form | {"action": "accept"}, timeout=10)
        assert refused.status_code == 403
    assert "Accept this referral" in reader.get(f"{haven.url}/r", timeout=10).text
    key = shown.text.split('name="key" value="')[1].split('"')[0]
    statuses: list[int] = []
    for action, reason in (
        ("destroy", ""),
        ("decline", ""),
        ("outcome", "advice_given"),
        ("accept", ""),
        ("accept", ""),
    ):
        form = {"key": key, "action": action, "reason": reason, "note": MARKUP}
        statuses.append(reader.post(f"{haven.url}/r", data=form, timeout=10).status_code)
    assert statuses == [409, 400, 409, 200, 409]
    assert "<script" not in reader.get(f"{haven.url}/r", timeout=10).text


def change(siege: Siege, statement: str, **values: Any) -> None:
    with siege.house.db.transaction() as session:
        session.execute(sa.text(statement), values)


@pytest.mark.parametrize(("column", "forged"), [("actor", "somebody-else"), ("at", "2001-01-01T00:00:00+00:00")])
def test_the_audit_of_a_journey_is_whole_and_a_forged_row_is_named(
    siege: Siege, column: str, forged: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole_conversation(siege.haven)
    open_case(siege.haven)
    for name, value in siege.haven.environment.items():
        monkeypatch.setenv(name, value)
    with siege.house.db.transaction() as session:
        row = session.execute(sa.text("SELECT max(id) - 1 FROM audit")).scalar_one()
        true = session.execute(sa.text(f"SELECT {column} FROM audit WHERE id = :row"), {"row": row}).scalar_one()  # noqa: S608  (our own words)
    forge = f"UPDATE audit SET {column} = :value WHERE id = :row"  # noqa: S608  (our own words)
    assert main(["audit", "verify"]) == 0
    assert capsys.readouterr().out == "The chain is whole.\n"
    change(siege, forge, value=forged, row=row)
    try:
        assert main(["audit", "verify"]) == 1
        assert capsys.readouterr().out == f"The chain is broken at row {row}.\n"
    finally:
        change(siege, forge, value=true, row=row)
