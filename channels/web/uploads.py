"""How does a photo come in? After its sender is known, a few at a time, bounded in bytes, and checked off the loop."""

from __future__ import annotations

import asyncio

from sanic.exceptions import PayloadTooLarge
from sanic.request import Request

from bot.conversations import photos
from bot.conversations.inbox import ConversationEnded
from bot.conversations.record import Conversation
from bot.evidence.checking import read_picture
from bot.evidence.record import MOST_BYTES, Photo, TooManyPhotos, Unusable
from channels.gate import Gate, Refused
from channels.web.session import field

#: Room for what a form adds around the file.
_FORM_BYTES = 64 * 1024
#: A larger file is read to its end and thrown away, so that a browser that still sends can show the answer.
_READ_AND_DROPPED = 100_000_000
#: Photos on their way at once, in this process: each may take MOST_BYTES of memory a few times over.
MOST_AT_ONCE = 8
#: Pictures decoded at once: each may take the memory that `bot.evidence.drawing` allows itself.
DRAWN_AT_ONCE = 2
#: Seconds that a file may be on its way: 10 MB from an old phone.
_ON_ITS_WAY = 300.0


class Uploads:
    """The photos that are on their way into this process."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._coming: set[str] = set()
        self._drawing = asyncio.Semaphore(DRAWN_AT_ONCE)

    async def receive(self, request: Request, conversation: Conversation) -> None:
        """Read the body of a request that may be large. Its route must stream, else the limit of all others holds.

        Raises Refused 413 for too much, 429 when this conversation sends one already, 503 when too many come at once.
        """
        if conversation.id in self._coming:
            raise Refused(429, "photo_busy", retry_after=10)
        if len(self._coming) >= MOST_AT_ONCE:
            raise Refused(503, "photo_busy", retry_after=10)
        self._coming.add(conversation.id)
        try:
            await asyncio.wait_for(_read(request), _ON_ITS_WAY)
        except (asyncio.TimeoutError, PayloadTooLarge):
            raise Refused(413, "photo_large") from None
        finally:
            self._coming.discard(conversation.id)

    async def keep(self, request: Request, conversation: Conversation) -> Photo:
        """Check the file of a form that was received, and keep it as a photo. Raises Refused, with a word on why."""
        doors = self._gate.doors
        file = (request.files or {}).get("photo")
        original = bytes(file.body) if file else b""
        try:
            if await self._gate.keep(doors.referrals_of, conversation.id):
                raise Refused(409, "photo_late")
            async with self._drawing:
                picture = await asyncio.to_thread(read_picture, original)
            return await self._gate.keep(
                photos.add_photo,
                doors.house,
                conversation.id,
                picture,
                original,
                field(request, "description"),
                doors.clock(),
            )
        except Unusable as unusable:
            raise Refused(413 if unusable.flaw == "large" else 422, f"photo_{unusable.flaw}") from None
        except TooManyPhotos:
            raise Refused(409, "photo_full") from None
        except ConversationEnded:
            raise Refused(401, "unauthorised") from None


async def _read(request: Request) -> None:
    most = MOST_BYTES + _FORM_BYTES
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > most:
        request.stream.request_max_size = _READ_AND_DROPPED
        async for _ in request.stream:
            pass
        raise PayloadTooLarge("a photo")
    request.stream.request_max_size = most
    await request.receive_body()
