"""Does the gate keep its promises when processes die, race or are flooded?"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.conversations.house import ConversationHouse
from bot.conversations.opening import conversation_by_token
from bot.conversations.record import Conversation
from channels.doors import Doors, Limits
from channels.gate import Gate, Refused, what_broke
from tests.channels.conftest import Clock, Script


async def begin(gate: Gate, house: ConversationHouse, clock: Clock) -> Conversation:
    token, _ = await gate.begin(channel="web", language="en", address="127.0.0.1")
    found = await asyncio.to_thread(conversation_by_token, house, token, clock())
    assert found is not None
    return found


async def test_a_message_left_by_a_killed_process_is_answered_at_the_start(
    doors: Doors, house: ConversationHouse, clock: Clock, script: Script
) -> None:
    before = Gate(doors)
    conversation = await begin(before, house, clock)
    script.fails = True
    await before.hear(conversation.id, "c1", text="before the power went")
    script.fails = False
    after = Gate(doors)
    assert await after.catch_up() == 1
    assert script.heard[-1].text == "before the power went"
    assert await after.catch_up() == 0


async def test_two_processes_make_one_order_of_turns(
    doors: Doors, house: ConversationHouse, clock: Clock, script: Script
) -> None:
    one, two = Gate(doors), Gate(doors)
    conversation = await begin(one, house, clock)
    await asyncio.gather(
        *((one if n % 2 else two).hear(conversation.id, f"c{n}", text=f"message {n}") for n in range(4))
    )
    # Each turn that was recorded began from the one before: no snapshot was overwritten by a stale one.
    answered = await one.hear(conversation.id, "last", text="last")
    assert answered[-1].text == "6: last"


async def test_a_message_that_breaks_the_dialogue_does_not_block_the_next(
    doors: Doors, house: ConversationHouse, clock: Clock, script: Script
) -> None:
    gate = Gate(doors)
    conversation = await begin(gate, house, clock)
    for number in range(4):
        await gate.hear(conversation.id, f"c{number}", text="break it" if number == 0 else f"go on {number}")
    assert script.heard[-1].text == "go on 3"
    assert sum(said.text == "break it" for said in script.heard) == 3


async def test_twenty_starts_an_hour_from_one_address(doors: Doors, house: ConversationHouse, clock: Clock) -> None:
    gate = Gate(replace(doors, limits=Limits(starts_an_hour=3)))
    for _ in range(3):
        await gate.begin(channel="web", language="en", address="192.0.2.7")
    with pytest.raises(Refused) as refused:
        await gate.begin(channel="web", language="en", address="192.0.2.7")
    assert (refused.value.status, refused.value.code) == (429, "too_many_starts")
    await gate.begin(channel="web", language="en", address="192.0.2.8")
    assert Limits().starts_an_hour == 20
    assert "192.0.2.7" not in gate.address_index("192.0.2.7")


async def test_what_was_sent_stays_open_to_the_return_code(
    doors: Doors, house: ConversationHouse, clock: Clock
) -> None:
    gate = Gate(replace(doors, referrals_of=lambda _id: [{"reference": "HV-1", "service": "S", "status": "sent"}]))
    conversation = await begin(gate, house, clock)
    assert await gate.leave(conversation, keep=False) is False  # no return code was set: nothing could open it


def test_what_broke_never_holds_the_words() -> None:
    with pytest.raises(ValueError, match="KANARIE") as raised:
        raise ValueError("KANARIE")
    said = what_broke(raised.value)
    assert said.startswith("ValueError at test_gate.py:")
    assert "KANARIE" not in said
