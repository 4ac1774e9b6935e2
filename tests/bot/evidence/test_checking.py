"""Is only a picture taken for a picture, and does its copy say nothing of where and whose?"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.evidence import checking, drawing
from bot.evidence.checking import read_picture
from bot.evidence.record import MOST_BYTES, Unusable
from tests.pictures import OWNER, PLACE, looked_at, picture

KINDS = ("jpg", "png", "webp", "heic")


def flaw(data: bytes) -> str:
    with pytest.raises(Unusable) as refused:
        read_picture(data)
    return refused.value.flaw


def zipped(name: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, "x")
    return written.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_the_copy_says_nothing_and_the_facts_are_right(kind: str) -> None:
    data = picture(kind)
    # The test means something only if the sentinels are there before.
    assert PLACE in data
    assert OWNER in data
    read = read_picture(data)
    assert PLACE not in read.shown
    assert OWNER not in read.shown
    shown = looked_at(read.shown)
    assert shown.format == "JPEG"
    assert not shown.getexif()
    assert not {"exif", "icc_profile", "comment", "xmp", "photoshop"} & set(shown.info)
    assert (read.kind, read.width, read.height, read.size) == (kind, 64, 48, len(data))
    assert read.sha256 == hashlib.sha256(data).hexdigest()
    assert read.taken_at == "2026-11-18T22:41:07+00:00"


def test_a_comment_and_a_profile_stay_behind_too() -> None:
    data = picture(comment=OWNER, icc_profile=PLACE * 20)
    assert OWNER not in (shown := read_picture(data).shown)
    assert PLACE not in shown


def test_a_picture_is_turned_the_right_way_up() -> None:
    read = read_picture(picture(orientation=6))
    shown = looked_at(read.shown)
    assert (read.width, read.height) == shown.size == (48, 64)
    red, _, blue = shown.getpixel((24, 8))
    assert red > 200 > 60 > blue  # what was left is on top


def test_a_large_picture_is_shown_smaller_and_a_see_through_one_on_white() -> None:
    read = read_picture(picture(size=(4000, 1000)))
    assert (read.width, read.height) == (4000, 1000)
    assert looked_at(read.shown).size == (drawing.LONGEST_SIDE, drawing.LONGEST_SIDE // 4)
    written = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(written, "PNG")
    assert looked_at(read_picture(written.getvalue()).shown).getpixel((4, 4)) == (255, 255, 255)


def test_what_a_file_says_of_its_time_is_kept_only_when_it_is_a_time() -> None:
    assert read_picture(picture(exif=b"")).taken_at is None
    tags = Image.Exif()
    tags[0x0132] = "yesterday"
    assert read_picture(picture(exif=tags.tobytes())).taken_at is None


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<!doctype html><p>hello",
        b"%PDF-1.7\n%",
        zipped("a.txt"),
        b"GIF89a" + bytes(64),
        b"BM" + bytes(64),
        b"MZ" + bytes(64),
        b"just words",
        bytes(64),
        b"\x00\x00\x00\x18ftypmp42" + bytes(64),
    ],
    ids=["svg", "svg-xml", "html", "pdf", "zip", "gif", "bmp", "exe", "words", "zeros", "film"],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    assert flaw(data) == "kind"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "tail", [zipped("a.html"), b"<script>alert(1)</script>", b"<?php echo 1;"], ids=["zip", "script", "php"]
)
def test_a_photo_that_is_something_else_as_well_is_refused(kind: str, tail: bytes) -> None:
    assert flaw(picture(kind) + tail) == "kind"


def test_a_page_in_the_first_lines_of_a_photo_is_refused() -> None:
    assert flaw(picture(comment=b"<html><body>", exif=b"")) == "kind"
    assert flaw(picture(comment=b"%PDF-1.4", exif=b"")) == "kind"


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_that_a_phone_put_a_film_behind_is_taken(kind: str) -> None:
    assert read_picture(picture(kind) + b"\x00\x00\x00\x18ftypmp42" + bytes(500)).kind == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_cut_photo_is_refused(kind: str, part: float) -> None:
    data = picture(kind, (600, 400))
    assert flaw(data[: int(len(data) * part)]) == "broken"


@pytest.mark.parametrize("kind", KINDS)
def test_first_bytes_alone_make_no_photo(kind: str) -> None:
    assert flaw(picture(kind)[:32] + b"\xa5" * 5_000) == "broken"


def test_too_many_bytes_and_none_are_refused() -> None:
    assert flaw(picture() + bytes(MOST_BYTES)) == "large"
    assert flaw(b"") == "empty"


def png_of(width: int, height: int, rows: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    # 3.6 billion pixels in a file of kilobytes, and as many zeros packed into rows.
    assert flaw(png_of(60_000, 60_000, zlib.compress(bytes(5_000_000)))) == "pixels"
    side = int(drawing.MOST_PIXELS**0.5) + 1
    assert flaw(png_of(side, side, zlib.compress(b""))) == "pixels"


def test_a_profile_that_unpacks_without_end_takes_nothing_with_it() -> None:
    bomb = zlib.compress(bytes(300_000_000), 9)
    body = b"icc\x00\x00" + bomb
    chunk = struct.pack(">I", len(body)) + b"iCCP" + body + struct.pack(">I", zlib.crc32(b"iCCP" + body))
    data = picture("png", exif=b"")
    assert flaw(data[:33] + chunk + data[33:]) == "broken"


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_moving_picture_is_refused(kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    assert flaw(picture(kind, (16, 16), save_all=True, append_images=frames)) == "moving"


def test_a_photo_of_several_in_one_is_taken_by_its_first() -> None:
    written = io.BytesIO()
    Image.new("RGB", (32, 32), "red").save(
        written, "MPO", save_all=True, append_images=[Image.new("RGB", (16, 16), "blue")]
    )
    assert read_picture(written.getvalue()).width == 32


def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.001)
    assert flaw(picture()) == "broken"


def test_the_process_is_given_nothing_and_can_open_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = checking._PROGRAM.read_text()
    marker = "    try:\n        facts, jpeg = draw("
    assert marker in program
    spying = program.replace("import re\n", "import os, re, socket\n").replace(
        marker,
        "    found = sorted(set(os.environ) - {'LC_CTYPE'})\n"  # Python's own, where there is no locale
        "    for name, way in (('file', lambda: open('/etc/hostname')), ('socket', socket.socket)):\n"
        "        try:\n"
        "            way(); found.append(name)\n"
        "        except OSError:\n"
        "            pass\n"
        "    if found: raise SystemExit(' '.join(found))\n" + marker,
    )
    spy = tmp_path / "spy.py"
    spy.write_text(spying)
    monkeypatch.setattr(checking, "_PROGRAM", spy)
    monkeypatch.setenv("HAVEN_ENCRYPTION_KEYS", "never to be seen")
    assert read_picture(picture()).kind == "jpg"
