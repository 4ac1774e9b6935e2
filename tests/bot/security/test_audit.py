"""Does the audit chain show every change made behind its back?"""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import text

from bot.db import Database
from bot.security.store import append_audit, count_audit, list_audit, verify_audit


def append(db: Database, now: dt.datetime, rows: int = 1, actor: str = "adviser:1") -> None:
    for _ in range(rows):
        with db.transaction() as session:
            append_audit(session, actor=actor, action="referral.read", subject="r1", details={"count": 1}, now=now)


def first_bad_row(db: Database) -> int | None:
    with db.transaction() as session:
        return verify_audit(session)


def test_a_whole_chain_verifies(db: Database, now: dt.datetime) -> None:
    assert first_bad_row(db) is None
    append(db, now, rows=3)
    assert first_bad_row(db) is None
    with db.transaction() as session:
        rows = list_audit(session, subject="r1")
    assert [row.id for row in rows] == [1, 2, 3]
    assert rows[0].at == now
    assert rows[0].details == {"count": 1}


@pytest.mark.parametrize(
    ("meddling", "named"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE id = 2", 2),
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE id = 3", 3),
        ("UPDATE audit SET details = '{}' WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 4", 4),
        ("UPDATE audit_head SET hash = '00' WHERE id = 1", 4),
        (
            "INSERT INTO audit SELECT 5, at, actor, action, subject, details, previous, hash FROM audit WHERE id = 4",
            5,
        ),
    ],
)
def test_the_row_that_was_meddled_with_is_named(db: Database, now: dt.datetime, meddling: str, named: int) -> None:
    append(db, now, rows=4)
    with db.transaction() as session:
        session.execute(text(meddling))
    assert first_bad_row(db) == named


def test_rows_written_at_once_form_one_chain(db: Database, now: dt.datetime) -> None:
    threads = [threading.Thread(target=append, args=(db, now, 10, f"adviser:{n}")) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.transaction() as session:
        assert count_audit(session) == 50
        assert verify_audit(session) is None


def test_a_row_that_is_rolled_back_leaves_no_gap(db: Database, now: dt.datetime) -> None:
    append(db, now)

    def fail() -> None:
        with db.transaction() as session:
            append_audit(session, actor="a", action="b", subject="c", now=now)
            raise KeyError("changed my mind")

    with pytest.raises(KeyError):
        fail()
    append(db, now)
    assert first_bad_row(db) is None
    with db.transaction() as session:
        assert count_audit(session) == 2


def test_details_never_keep_a_number_or_an_address(db: Database, now: dt.datetime) -> None:
    details = {"said": "ring 07700 900123 or a@b.example", "list": ["ST1 4QQ"], "deep": {"n": "x" * 500}}
    with db.transaction() as session:
        append_audit(session, actor="a", action="b", subject="c", details=details, now=now)
        (row,) = list_audit(session)
    assert row.details == {"said": "ring [phone] or [email]", "list": ["[postcode]"], "deep": {"n": "x" * 200}}


def test_a_detail_that_cannot_be_kept_is_refused(db: Database, now: dt.datetime) -> None:
    def keep_an_object() -> None:
        with db.transaction() as session:
            append_audit(session, actor="a", action="b", subject="c", details={"x": object()}, now=now)

    with pytest.raises(TypeError, match="audit detail"):
        keep_an_object()


def test_a_chain_that_grows_while_it_is_read_is_whole(db: Database, now: dt.datetime) -> None:
    def write() -> None:
        for _ in range(60):
            with db.transaction() as session:
                append_audit(session, actor="system:test", action="test.done", subject="s", now=now)

    writer = threading.Thread(target=write)
    writer.start()
    found = []
    while writer.is_alive():
        with db.transaction() as session:
            found.append(verify_audit(session))
    writer.join()
    assert found
    assert set(found) == {None}
