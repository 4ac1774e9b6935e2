"""How is a picture from a stranger decoded and drawn anew? A program of its own, run once for each picture.

Standard input: the file. Argument: its kind. Standard output: a line of JSON (width, height, taken_at, or flaw), then
the new JPEG. It imports nothing of Haven, and it gives up its rights before it looks at the picture.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import resource
import sys
from typing import Any

from PIL import ExifTags, Image, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin

#: What Pillow imports only when it meets it. It must be here before: afterwards no file can be opened.
PRELOADED = (MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}

#: Phones of today take up to 50 million pixels in one photo (8160 by 6144) unless they are told to take more.
MOST_PIXELS = 51_000_000
LONGEST_SIDE = 1600
QUALITY = 82
MEMORY_BYTES = 1_200 * 1024 * 1024
CPU_SECONDS = 20

_TAKEN = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")


class Flawed(Exception):
    """The picture is refused; its text is the code of the flaw."""


def give_up_rights() -> None:
    """From here on: bounded memory and time, nothing written to disk, no further file or socket opened."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (most, most))


def draw(data: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    """(facts, the new JPEG) of a picture. Raises Flawed, or whatever a decoder raises of a broken file."""
    image: Any = Image.open(io.BytesIO(data), formats=(FORMATS[kind],))
    if image.width * image.height > MOST_PIXELS:
        raise Flawed("pixels")
    if kind in ("png", "webp") and getattr(image, "n_frames", 1) > 1:
        raise Flawed("moving")
    taken_at = when_taken(image)
    width, height = image.size
    if kind == "jpg":
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # libjpeg reads all of it, and draws it smaller at once
    image.load()
    sideways = image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image = ImageOps.exif_transpose(image).convert("RGBA")
    # A new picture: nothing that the file said about itself comes along.
    fresh = Image.new("RGB", image.size, "white")
    fresh.paste(image, mask=image.getchannel("A"))
    jpeg = io.BytesIO()
    fresh.save(jpeg, "JPEG", quality=QUALITY, optimize=True)
    sides = (height, width) if sideways else (width, height)
    return {"width": sides[0], "height": sides[1], "taken_at": taken_at}, jpeg.getvalue()


def when_taken(image: Any) -> str | None:
    """When the file says it was taken, ISO 8601, with the offset if the file has one."""
    with contextlib.suppress(Exception):  # what a file says of itself may be broken in any way; the picture need not be
        exif = image.getexif()
        detail = exif.get_ifd(ExifTags.IFD.Exif)
        said = str(detail.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or "")
        offset = str(detail.get(ExifTags.Base.OffsetTimeOriginal) or "")
        if found := _TAKEN.fullmatch(said):
            zone = offset if _OFFSET.fullmatch(offset) else ""
            return f"{found[1]}-{found[2]}-{found[3]}T{found[4]}{zone}"
    return None


def main() -> None:
    """Read, draw, answer."""
    kind = sys.argv[1]
    if kind == "heic":
        import pillow_heif  # here: the other kinds need not load it

        pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
    Image.MAX_IMAGE_PIXELS = None  # counted in `draw`, by our own measure
    Image.preinit()
    give_up_rights()
    try:
        facts, jpeg = draw(sys.stdin.buffer.read(), kind)
    except Flawed as flawed:
        facts, jpeg = {"flaw": str(flawed)}, b""
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + jpeg)


if __name__ == "__main__":
    main()
