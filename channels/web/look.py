"""Whose colours and whose words does a page wear? What the frame around every page is handed."""

from __future__ import annotations

from typing import Any

from channels.doors import Doors
from channels.gate import help_with
from channels.web.answers import words


def frame(doors: Doors, service: str | None = None) -> dict[str, Any]:
    """The values of frame.html: numbers, where and in which words to leave, and the service whose theme it wears.

    A service without words of its own has those of "*", else the neutral ones of words.yml.
    """
    told = doors.leave_words
    return {
        "help_numbers": help_with(doors),
        "exit_url": doors.exit_url,
        "service": service or "",
        "leave_words": told.get(service or "", told.get("*", words()["leave"])),
    }
