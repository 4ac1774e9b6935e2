"""What is a photo here, and how large may one be?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

#: Bytes of one photo: a phone's largest ordinary one is about half of it.
MOST_BYTES = 10_000_000
#: Photos of one conversation.
MOST_PHOTOS = 10
#: Characters of what the person says a photo shows.
MOST_WORDS = 500

Kind = Literal["jpg", "png", "webp", "heic"]
Flaw = Literal["empty", "large", "kind", "broken", "pixels", "moving"]
Copy = Literal["shown", "original"]

MEDIA_TYPES: dict[Kind, str] = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "heic": "image/heic"}


class Unusable(Exception):
    """The file cannot be taken as a photo. `flaw` says why, as a code."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw: Flaw = flaw


class TooManyPhotos(Exception):
    """The conversation holds MOST_PHOTOS already."""


@dataclass(frozen=True)
class Picture:
    """A file that was checked: what it is, and its copy for showing, a JPEG without any metadata.

    `width` and `height` are pixels of the original as it is meant to be seen. `taken_at` is what the file itself says,
    ISO 8601, with an offset only when the file has one.
    """

    kind: Kind
    sha256: str
    size: int
    width: int
    height: int
    taken_at: str | None
    shown: bytes


@dataclass(frozen=True)
class Photo:
    """A photo of a conversation, without its bytes. `size` is bytes and `sha256` the hash of the untouched original.

    `seq`: how far the conversation had come, so that nothing from before a return is shown again.
    """

    id: str
    kind: Kind
    sha256: str
    size: int
    width: int
    height: int
    description: str
    received_at: dt.datetime
    taken_at: str | None
    seq: int
    sent_at: dt.datetime | None
