"""May this message in, and what comes back? Limits, safety, storage, and the dialogue, in that order of trust."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.conversations import inbox, opening, returning, transcript, turns
from bot.conversations.record import Conversation, DialogueAbsent, Message, Said
from bot.db import DatabaseUnavailable
from channels.doors import Doors

log = logging.getLogger("haven.gate")
T = TypeVar("T")

#: How many older messages that were never answered are answered before the new one.
_BACKLOG = 5


class Refused(Exception):
    """Not taken in. `code` names the words in `words.yml`; `safety` is said first when the text showed danger.

    `about` is what those words are about, where they name something.
    """

    def __init__(
        self, status: int, code: str, safety: str = "", retry_after: int | None = None, about: str = ""
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.safety, self.retry_after, self.about = status, code, safety, retry_after, about


@dataclass(frozen=True)
class _Safety:
    level: str | None
    signals: tuple[str, ...]


class Gate:
    """The door that every incoming message passes, whatever the channel. One for each process."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self._storage = MemoryStorage()  # the limiter itself holds it by a weak reference only
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._writing: set[str] = set()

    async def begin(
        self, *, channel: str, language: str, address: str, service: str | None = None
    ) -> tuple[str, list[Message]]:
        """Begin a conversation: (token, greeting). Raises Refused."""
        limits = self.doors.limits
        allowed = limits.local_starts_an_hour if _is_local(address) else limits.starts_an_hour
        if not self._limiter.hit(RateLimitItemPerHour(allowed), "start", self.address_index(address)):
            raise Refused(429, "too_many_starts", retry_after=3600)
        conversation, token = await self.keep(
            opening.start_conversation, self.doors.house, channel, language, self.doors.clock(), service
        )
        return token, await self._owed(conversation)

    async def resume(self, *, code: str, word: str, address: str) -> tuple[str, list[Message]]:
        """Come back by code and word: (new token, summary). Raises Refused."""
        if not self._limiter.hit(RateLimitItemPerHour(self.doors.limits.resumes_an_hour), "resume"):
            raise Refused(429, "locked", retry_after=3600)
        try:
            conversation, token = await self.keep(
                returning.resume_conversation,
                self.doors.house,
                code,
                word,
                self.doors.clock(),
                address_index=self.address_index(address),
            )
        except returning.TooManyTries:
            raise Refused(429, "locked", retry_after=int(returning.WINDOW.total_seconds())) from None
        except returning.WrongCodeOrWord:
            raise Refused(403, "wrong_code_or_word") from None
        return token, await self._owed(conversation)

    async def hear(
        self, conversation_id: str, client_id: str, *, text: str | None = None, choice: str | None = None
    ) -> list[Message]:
        """Take in one message and answer it. The same `client_id` again gives the same replies. Raises Refused."""
        safety = self._check(text or "")
        limits = self.doors.limits
        if text is not None and len(text) > limits.text_characters:
            raise Refused(413, "too_long", self._spoken(safety))
        if not self._limiter.hit(RateLimitItemPerMinute(limits.messages_a_minute), "message", conversation_id):
            raise Refused(429, "too_many_messages", self._spoken(safety), retry_after=60)
        async with self._lock(conversation_id):
            try:
                received = await self.keep(
                    inbox.receive_message,
                    self.doors.house,
                    conversation_id,
                    client_id,
                    self.doors.clock(),
                    safety=safety,
                    text=text,
                    choice=choice,
                )
            except inbox.UnknownChoice:
                raise Refused(422, "unknown_choice") from None
            except inbox.ConversationEnded:
                raise Refused(401, "unauthorised", self._spoken(safety)) from None
            if received.answered:
                return list(received.replies)
            return await self._answer(received.said, safety)

    def with_safety(self, refusal: Refused, text: object) -> Refused:
        """The same refusal, with the safety words first when the refused text shows danger."""
        said = text if isinstance(text, str) else ""
        refusal.safety = refusal.safety or self._spoken(self._check(said))
        return refusal

    async def leave(self, conversation: Conversation, *, keep: bool) -> bool:
        """Leave: the token is dead at once. What was already sent stays open to the return code."""
        sent = bool(await self.keep(self.doors.referrals_of, conversation.id))
        return await self.keep(
            opening.leave_conversation, self.doors.house, conversation.id, self.doors.clock(), keep=keep or sent
        )

    async def catch_up(self) -> int:
        """Answer what was stored and never answered, for when the program starts. Returns how many conversations."""
        try:
            waiting = await self.keep(inbox.conversations_unanswered, self.doors.house)
        except Refused:
            return 0
        for conversation_id in waiting:
            try:
                async with self._lock(conversation_id):
                    left = await self.keep(inbox.unanswered, self.doors.house, conversation_id)
                    if left:
                        await self._answer(left[-1], self._check(left[-1].text))
            except Refused as refusal:
                log.warning("conversation %s could not be caught up: %s", conversation_id, refusal.code)
        return len(waiting)

    async def keep(
        self, function: Callable[..., T], *arguments: object, safety: _Safety | None = None, **named: object
    ) -> T:
        """Call something that uses the database in a thread. Raises Refused 503 when it cannot be reached."""
        try:
            return await asyncio.to_thread(function, *arguments, **named)
        except DatabaseUnavailable:
            raise Refused(503, "not_saved", self._spoken(safety), retry_after=30) from None

    def is_writing(self, conversation_id: str) -> bool:
        """True while the dialogue works on an answer in this process."""
        return conversation_id in self._writing

    def address_index(self, address: str) -> str:
        """A keyed hash of an address: enough to count by, not to find anybody by."""
        return self.doors.house.keyring.blind_index(f"address:{address}")

    async def _owed(self, conversation: Conversation) -> list[Message]:
        async with self._lock(conversation.id):
            left = await self.keep(inbox.unanswered, self.doors.house, conversation.id)
            return await self._answer(left[-1], _Safety(None, ())) if left else []

    async def _answer(self, said: Said, safety: _Safety) -> list[Message]:
        """Answer what is still owed before `said`, then `said`. The lock of the conversation is held."""
        self._writing.add(said.conversation_id)
        try:
            left = await self.keep(inbox.unanswered, self.doors.house, said.conversation_id, safety=safety)
            older = [owed for owed in left if owed.message_id != said.message_id][-_BACKLOG:]
            for owed in older:
                await self._turn(owed, self._check(owed.text), handed_out_with=said.message_id)
            await self._turn(said, safety, handed_out_with=said.message_id)
            return list(await self.keep(transcript.replies_to, self.doors.house, said, safety=safety))
        finally:
            self._writing.discard(said.conversation_id)

    async def _turn(self, said: Said, safety: _Safety, *, handed_out_with: str) -> None:
        house, clock = self.doors.house, self.doors.clock
        tried = True
        for _ in range(3):
            at = await self.keep(turns.standing, house, said.conversation_id, safety=safety)
            if at is None or at.ended:
                raise Refused(401, "unauthorised", self._spoken(safety))
            if at.held_by == "adviser":
                words = self.doors.safety_words("now") if safety.level == "now" else ()
                await self.keep(turns.record_notice, house, said, words, clock(), signals=safety.signals, settled=True)
                return
            try:
                turn = await asyncio.wait_for(self.doors.dialogue(said, at.state), self.doors.limits.turn_seconds)
            except DialogueAbsent:
                tried = False
                break
            except Exception as error:  # whatever broke in there, the person still gets an answer with numbers
                log.error("the dialogue failed on message %s: %s", said.message_id, what_broke(error))
                break
            turn = replace(turn, flags=tuple(dict.fromkeys((*turn.flags, *safety.signals))))
            try:
                await self.keep(
                    turns.record_turn, house, said, turn, at.version, clock(), answers=handed_out_with, safety=safety
                )
                return
            except turns.TurnLost:
                left = await self.keep(inbox.unanswered, house, said.conversation_id, safety=safety)
                if all(owed.message_id != said.message_id for owed in left):
                    return
        notice = self.doors.fallback(safety.level)
        await self.keep(
            turns.record_notice, house, said, notice, clock(), signals=safety.signals, counts=tried, safety=safety
        )

    def _check(self, text: str) -> _Safety:
        try:
            reading = self.doors.check_safety(text)
            return _Safety(reading.level, tuple(reading.signals) if reading.level == "now" else ())
        except Exception as error:  # a check that breaks must not silence the rest; it is asked, not assumed
            log.error("the safety check failed: %s", what_broke(error))
            return _Safety("ask", ())

    def _spoken(self, safety: _Safety | None) -> str:
        if safety is None or safety.level != "now":
            return ""
        return "\n\n".join(reply.text for reply in self.doors.safety_words("now"))

    def _lock(self, conversation_id: str) -> asyncio.Lock:
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        return lock


def what_broke(error: BaseException) -> str:
    """An error for the log: its kind and where it was raised, never its message, which may hold words of a person."""
    frames = traceback.extract_tb(error.__traceback__)
    return (
        f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"
        if frames
        else repr(type(error))
    )


def help_with(doors: Doors) -> Sequence[dict[str, str]]:
    """The numbers that every refusal carries."""
    return [{"label": one.label, "number": one.number} for one in doors.help_numbers]


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
