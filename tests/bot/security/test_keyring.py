"""Can a sealed value be read by its owner, in its place, and by nobody else?"""

from __future__ import annotations

import base64
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.security.keyring import KeyMissing, Keyring, SealBroken, new_key

PLACE = {"table": "referrals", "row": "a1", "field": "letter"}


@pytest.fixture
def keyring() -> Keyring:
    return Keyring({"k1": b"1" * 32})


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_was_said_comes_back(said: str) -> None:
    keyring = Keyring({"k1": b"1" * 32})
    assert keyring.open_sealed(keyring.seal(said, **PLACE), **PLACE) == said


def test_the_same_words_are_never_sealed_alike(keyring: Keyring) -> None:
    first, second = keyring.seal("they shout at us", **PLACE), keyring.seal("they shout at us", **PLACE)
    assert first != second
    assert "shout" not in first


@pytest.mark.parametrize("moved", [{"table": "outbox"}, {"row": "a2"}, {"field": "note"}])
def test_a_value_moved_elsewhere_is_refused(keyring: Keyring, moved: dict[str, str]) -> None:
    with pytest.raises(SealBroken, match="belongs elsewhere"):
        keyring.open_sealed(keyring.seal("x", **PLACE), **{**PLACE, **moved})


def test_every_changed_byte_is_noticed(keyring: Keyring) -> None:
    version, key_id, body = keyring.seal("x", **PLACE).split(".")
    raw = base64.urlsafe_b64decode(body)
    for position in range(len(raw)):
        changed = bytes([*raw[:position], raw[position] ^ 1, *raw[position + 1 :]])
        with pytest.raises(SealBroken):
            keyring.open_sealed(f"{version}.{key_id}.{base64.urlsafe_b64encode(changed).decode()}", **PLACE)


@pytest.mark.parametrize("value", ["", "plain words", "h1.k1.", "h1.k1.!!!!", "h9.k1.AAAA", "h1.k1.é"])
def test_what_was_never_sealed_is_refused(keyring: Keyring, value: str) -> None:
    with pytest.raises(SealBroken):
        keyring.open_sealed(value, **PLACE)


def test_an_older_key_still_opens_and_only_the_first_seals() -> None:
    old = Keyring({"k1": b"1" * 32})
    both = Keyring({"k2": b"2" * 32, "k1": b"1" * 32})
    sealed = old.seal("kept", **PLACE)
    assert both.open_sealed(sealed, **PLACE) == "kept"
    assert both.needs_resealing(sealed)
    assert not both.needs_resealing(both.seal("kept", **PLACE))
    with pytest.raises(KeyMissing, match="k2"):
        old.open_sealed(both.seal("kept", **PLACE), **PLACE)


def test_equal_texts_share_an_index_that_depends_on_the_key() -> None:
    one, both = Keyring({"k1": b"1" * 32}), Keyring({"k2": b"2" * 32, "k1": b"1" * 32})
    assert one.blind_index("+447700900123") == one.blind_index("+447700900123")
    assert one.blind_index("+447700900123") != one.blind_index("+447700900124")
    assert both.blind_index("+447700900123") != one.blind_index("+447700900123")
    assert one.blind_index("+447700900123") in both.blind_indexes("+447700900123")


def test_keys_are_read_from_the_setting_and_never_shown(tmp_path: Path) -> None:
    entry = new_key("k7")
    keyring = Keyring.from_settings(f" {entry} , {new_key('k6')}", tmp_path)
    assert keyring.key_ids == ("k7", "k6")
    assert entry.split(":")[1] not in repr(keyring)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["justakey", "k1:c2hvcnQ=", "k1:***", "k 1:" + "A" * 43 + "=", ","])
def test_a_key_that_cannot_be_used_is_refused_without_being_shown(value: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"(?i)key") as caught:
        Keyring.from_settings(value, tmp_path)
    assert "c2hvcnQ" not in str(caught.value)


def test_a_key_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        Keyring.from_settings(f"{new_key('k1')},{new_key('k1')}", tmp_path)


def test_development_makes_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    rings: list[Keyring] = []
    threads = [
        threading.Thread(target=lambda: rings.append(Keyring.from_settings("", tmp_path / "var"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = rings[0].seal("kept", **PLACE)
    assert [ring.open_sealed(sealed, **PLACE) for ring in rings] == ["kept"] * 8
    (kept,) = (tmp_path / "var" / "keys").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
