"""A server to be killed: `python -m tests.channels.killable DATABASE PORT hang|answer`."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.clock import system_clock
from bot.conversations.house import ConversationHouse
from bot.db import Database
from bot.directory import load_directory
from bot.security.keyring import Keyring
from channels.doors import Doors, Limits
from channels.web.app import create_app
from tests.channels.conftest import HELP, Script, check_safety, fallback, safety_words


def main(database: str, port: str, mood: str) -> None:
    """Serve until killed; with "hang" every answer but the greeting takes a minute."""
    db = Database(f"sqlite:///{Path(database)}")
    db.migrate()
    doors = Doors(
        house=ConversationHouse(db, Keyring({"test": b"k" * 32})),
        dialogue=Script(hangs_on="hang" if mood == "hang" else None),
        check_safety=check_safety,
        fallback=fallback,
        safety_words=safety_words,
        help_numbers=HELP,
        referrals_of=lambda _id: [],
        next_opening=lambda _id: None,
        directory=load_directory,
        ready=db.is_reachable,
        clock=system_clock,
        limits=Limits(turn_seconds=30),
    )
    create_app(doors, "killable").run(host="127.0.0.1", port=int(port), debug=False, motd=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
