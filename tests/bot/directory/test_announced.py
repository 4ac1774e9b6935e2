"""Does what an operator announces, and the day a service begins or ends, count in the whole directory?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.clock import LONDON
from bot.directory import DirectoryError, load_directory
from bot.directory.when_read import when_read

FRIDAY = dt.datetime(2027, 5, 7, 17, tzinfo=LONDON)


def laid_over(folder: Path, text: str) -> Path:
    path = folder / "services.local.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_announced_bank_holiday_is_one_for_every_service(tmp_path: Path) -> None:
    extra = 'bank_holidays: [{date: 2027-05-10, name: One of a kind, source: "the operator"}]'
    directory = load_directory(laid_over(tmp_path, extra))
    assert load_directory().next_opening("harmony", FRIDAY) == dt.datetime(2027, 5, 10, 9, tzinfo=LONDON)
    assert directory.next_opening("harmony", FRIDAY) == dt.datetime(2027, 5, 11, 9, tzinfo=LONDON)
    assert directory.on(dt.date(2027, 5, 7)).state("stoke_edt", FRIDAY + dt.timedelta(days=2, hours=18)) == "open"
    assert when_read(directory, "usah", FRIDAY).working_day == dt.date(2027, 5, 11)


def test_an_announcement_without_its_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match=r"bank_holidays.*source"):
        load_directory(laid_over(tmp_path, "bank_holidays: [{date: 2027-05-10, name: One of a kind}]"))


def test_a_service_that_begins_later_opens_then_and_one_that_ends_changes_then(tmp_path: Path) -> None:
    dated = "services: {harmony: {valid_from: 2027-06-01}, emergency_999: {valid_to: 2027-05-31}}"
    directory = load_directory(laid_over(tmp_path, dated))
    assert directory.next_opening("harmony", FRIDAY) == dt.datetime(2027, 6, 1, 9, tzinfo=LONDON)
    assert directory.opening("emergency_999", FRIDAY).changes_at == dt.datetime(2027, 6, 1, tzinfo=LONDON)
