"""Is this file a photo and nothing else? Its first bytes, its whole picture, and what else it could be taken for."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import filetype

from bot.evidence.record import MEDIA_TYPES, MOST_BYTES, Kind, Picture, Unusable

#: Seconds for one picture, the start of its process included.
SECONDS = 30
_PROGRAM = Path(__file__).with_name("drawing.py")
_KINDS: dict[str, Kind] = {**{media: kind for kind, media in MEDIA_TYPES.items()}, "image/apng": "png"}

#: Where a reader of pages or documents would begin to believe that the file is one of its own.
_HEAD = re.compile(rb"%pdf-|<(?:html|svg|!doctype|\?xml)", re.IGNORECASE)
_ANYWHERE = re.compile(rb"<\?php|<script", re.IGNORECASE)
_HEAD_BYTES = 1024


def read_picture(data: bytes) -> Picture:
    """The picture in a file. Raises Unusable. It takes half a second and more: call it in a thread."""
    if not data:
        raise Unusable("empty")
    if len(data) > MOST_BYTES:
        raise Unusable("large")
    kind = _KINDS.get(str(filetype.guess_mime(data[:_HEAD_BYTES])))
    if kind is None:
        raise Unusable("kind")
    if _HEAD.search(data[:_HEAD_BYTES]) or _ANYWHERE.search(data) or zipfile.is_zipfile(io.BytesIO(data)):
        raise Unusable("kind")
    facts, shown = _drawn(data, kind)
    return Picture(
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        width=facts["width"],
        height=facts["height"],
        taken_at=facts["taken_at"],
        shown=shown,
    )


def _drawn(data: bytes, kind: Kind) -> tuple[dict[str, Any], bytes]:
    """The picture's facts and its JPEG, by a process that has no environment and lives for this one picture."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the picture goes in by its standard input
            [sys.executable, "-I", str(_PROGRAM), kind],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unusable("broken") from None
    if done.returncode != 0:
        raise Unusable("broken")
    said, _, shown = done.stdout.partition(b"\n")
    facts: dict[str, Any] = json.loads(said)
    if "flaw" in facts:
        raise Unusable(facts["flaw"])
    return facts, shown
