"""Pictures as tests need them: real ones of every kind, made by Pillow, with what a phone writes into them."""

from __future__ import annotations

import io
from typing import Any

import pillow_heif
from PIL import ExifTags, Image

pillow_heif.register_heif_opener()

#: What must never be in a copy that is shown: a place, an owner, a maker.
PLACE = b"52.8062N-2.1167W-sentinel"
OWNER = b"Owner-Sentinel-Phone"
TAKEN = "2026:11:18 22:41:07"
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}


def exif(orientation: int = 1) -> bytes:
    """What a phone writes: where, when, whose, which way up."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Artist] = OWNER.decode()
    detail = tags.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.DateTimeOriginal] = TAKEN
    detail[ExifTags.Base.OffsetTimeOriginal] = "+00:00"
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (52.0, 48.0, 22.3)
    gps[ExifTags.GPS.GPSMapDatum] = PLACE.decode()
    return tags.tobytes()


def picture(kind: str = "jpg", size: tuple[int, int] = (64, 48), *, orientation: int = 1, **saved: Any) -> bytes:
    """The bytes of a picture of a kind: its left half red, its right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    written = io.BytesIO()
    options = {"exif": exif(orientation), **saved}
    image.save(written, FORMATS[kind], **options)
    return written.getvalue()


def looked_at(data: bytes) -> Any:
    """A picture, opened."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
