"""How is a value kept so that only Haven can read it? AES-256-GCM, bound to the place where it is kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = "h1"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class SealBroken(Exception):
    """The value was changed, or belongs to another table, row or field."""


class KeyMissing(Exception):
    """The value was sealed with a key that this keyring does not hold."""


class Keyring:
    """The keys of one installation: the first seals, all of them open.

    Sealed values look like `h1.KEY_ID.BASE64URL(nonce + ciphertext + tag)`. Its repr shows key ids only.
    """

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        for key_id, key in keys.items():
            if not _KEY_ID.fullmatch(key_id):
                raise ValueError("the id of an encryption key holds 1 to 32 letters, digits, hyphens or underscores")
            if len(key) != _KEY_BYTES:
                raise ValueError(f"the encryption key {key_id!r} must be {_KEY_BYTES} bytes long, not {len(key)}")
        self.key_ids = tuple(keys)
        self._ciphers = {key_id: AESGCM(_derive(key, "seal")) for key_id, key in keys.items()}
        self._index_keys = {key_id: _derive(key, "index") for key_id, key in keys.items()}

    @classmethod
    def from_settings(cls, value: str, var_dir: Path) -> Keyring:
        """The keys of HAVEN_ENCRYPTION_KEYS ("id:base64key,id2:base64key", the first is active).

        When empty, as in development, one key is made once and kept in `var_dir`/keys/encryption, readable by its owner
        alone. Raises ValueError, without showing any key, when a key cannot be used.
        """
        return cls(_parse(value.strip() or _kept_key(var_dir / "keys" / "encryption")))

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.key_ids)})"

    def seal(self, plaintext: str, *, table: str, row: str, field: str) -> str:
        """The text as ciphertext that opens at this table, row and field only."""
        # A lone surrogate cannot be UTF-8, yet what a person typed is kept as it came.
        said = plaintext.encode("utf-8", "surrogatepass")
        key_id, body = self._encrypt(said, table, row, field)
        return f"{_VERSION}.{key_id}.{base64.urlsafe_b64encode(body).decode('ascii')}"

    def open_sealed(self, value: str, *, table: str, row: str, field: str) -> str:
        """The text again. Raises SealBroken when it was changed or moved, KeyMissing when its key is not here."""
        return self._decrypt(*_split(value), table, row, field).decode("utf-8", "surrogatepass")

    def seal_bytes(self, plain: bytes, *, table: str, row: str, field: str) -> bytes:
        """The same for bytes, without base64: `h1.KEY_ID.` and then nonce, ciphertext and tag as they are."""
        key_id, body = self._encrypt(plain, table, row, field)
        return f"{_VERSION}.{key_id}.".encode("ascii") + body

    def open_bytes(self, value: bytes, *, table: str, row: str, field: str) -> bytes:
        """The bytes again. Raises like `open_sealed`."""
        return self._decrypt(*_split_bytes(value), table, row, field)

    def needs_resealing(self, value: str | bytes) -> bool:
        """True when the value was sealed with a key that is no longer the active one."""
        return (_split(value) if isinstance(value, str) else _split_bytes(value))[0] != self.key_ids[0]

    def blind_index(self, text: str) -> str:
        """64 hex digits by which equal texts can be found without being readable (HMAC-SHA-256, active key)."""
        return self._index(self.key_ids[0], text)

    def blind_indexes(self, text: str) -> tuple[str, ...]:
        """The index of a text under every key held, the active one first: to look up rows older than a rotation."""
        return tuple(self._index(key_id, text) for key_id in self.key_ids)

    def _encrypt(self, plain: bytes, table: str, row: str, field: str) -> tuple[str, bytes]:
        key_id, nonce = self.key_ids[0], secrets.token_bytes(_NONCE_BYTES)
        return key_id, nonce + self._ciphers[key_id].encrypt(nonce, plain, _place(key_id, table, row, field))

    def _decrypt(self, key_id: str, body: bytes, table: str, row: str, field: str) -> bytes:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyMissing(f"{table}.{field} of row {row} is sealed with the key {key_id!r}, which is not here")
        try:
            return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], _place(key_id, table, row, field))
        except InvalidTag:
            raise SealBroken(f"{table}.{field} of row {row} was changed or belongs elsewhere") from None

    def _index(self, key_id: str, text: str) -> str:
        said = text.encode("utf-8", "surrogatepass")
        return hmac.new(self._index_keys[key_id], said, hashlib.sha256).hexdigest()


def new_key(key_id: str) -> str:
    """A fresh entry for HAVEN_ENCRYPTION_KEYS: "id:base64key"."""
    return f"{key_id}:{base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode('ascii')}"


def _derive(key: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"haven/{use}".encode()).derive(key)


def _place(key_id: str, table: str, row: str, field: str) -> bytes:
    return "\x1f".join((_VERSION, key_id, table, row, field)).encode("utf-8", "surrogatepass")


def _split(value: str) -> tuple[str, bytes]:
    version, _, rest = value.partition(".")
    key_id, _, body = rest.partition(".")
    try:
        decoded = base64.b64decode(body.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        decoded = b""
    if version != _VERSION or len(decoded) <= _NONCE_BYTES:
        raise SealBroken("this is not a sealed value")
    return key_id, decoded


def _split_bytes(value: bytes) -> tuple[str, bytes]:
    version, _, rest = value.partition(b".")
    key_id, _, body = rest.partition(b".")
    if version != _VERSION.encode("ascii") or len(body) <= _NONCE_BYTES:
        raise SealBroken("this is not a sealed value")
    return key_id.decode("ascii", "replace"), body


def _parse(value: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in value.split(","))):
        key_id, separator, encoded = entry.partition(":")
        if not separator:
            raise ValueError('HAVEN_ENCRYPTION_KEYS is a list of "id:base64key", separated by commas')
        if key_id in keys:
            raise ValueError(f"HAVEN_ENCRYPTION_KEYS names the key {key_id!r} twice")
        try:
            standard = encoded.replace("-", "+").replace("_", "/")
            keys[key_id] = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
        except binascii.Error:
            raise ValueError(f"the encryption key {key_id!r} is not base64") from None
    return keys


def _kept_key(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f".{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_key("local"))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            # Another process was first; its key is the one to use.
            return path.read_text()
        finally:
            fresh.unlink()
    return path.read_text()
