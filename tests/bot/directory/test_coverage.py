"""Nobody may be left without somebody who answers: the check that tries every need, area, age and hard hour."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.clock import LONDON
from bot.directory import Directory, load_directory
from bot.directory.catalogue import build_directory
from bot.directory.coverage import hard_hours, uncovered

TODAY = dt.date(2026, 11, 20)


def with_changes(**changes: dict[str, object]) -> Directory:
    known = load_directory()
    blocks = {one.id: dataclasses.asdict(one) for one in known.services.values()}
    for service_id, changed in changes.items():
        blocks[service_id].update(changed)
    return build_directory(blocks, known.signals)


def test_everybody_has_somebody_who_answers_with_unchecked_numbers_withheld() -> None:
    assert list(uncovered(load_directory(), TODAY)) == []


def test_the_hard_hours_hold_nights_a_weekend_and_every_kind_of_holiday() -> None:
    days = {at.astimezone(LONDON).date() for at in hard_hours(TODAY)}
    christmas, easter_sunday = dt.date(2026, 12, 25), dt.date(2027, 3, 28)
    assert {TODAY, dt.date(2026, 11, 21), dt.date(2026, 11, 22), christmas, easter_sunday} <= days
    assert {at.astimezone(LONDON).hour for at in hard_hours(TODAY)} == {3, 12, 22}


def test_a_line_that_shuts_at_christmas_leaves_people_alone_and_is_named() -> None:
    shut = {"hours": {"rule": "always", "bank_holidays": "closed"}}
    found = [str(one) for one in uncovered(with_changes(samaritans=shut, shout=shut), TODAY)]
    assert "routes.yml: asb: nobody answers: outside our areas, any age, Fri 25 Dec 2026 12:00" in found
    assert all("25 Dec 2026" in one for one in found)
    assert not any(": immediate_danger: " in one for one in found)


def test_a_line_whose_number_is_gone_leaves_people_alone() -> None:
    found = [one for one in uncovered(with_changes(samaritans={"phone": None}), TODAY) if one.field == "hate"]
    assert found
    assert {one.level for one in found} == {"error"}
