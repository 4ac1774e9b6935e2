"""How are photos kept? Tables and queries; pictures and what is said of them are sealed here and nowhere else."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.db import Session, UtcDateTime, metadata, rows_changed
from bot.evidence.record import Copy, Photo, Picture
from bot.security.keyring import Keyring

photos = sa.Table(
    "photos",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    # No foreign key: a conversation may be forgotten while a photo that was sent with a referral is not.
    sa.Column("conversation_id", sa.String(32), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),  # keyed: the same photo twice is one photo
    sa.Column("details", sa.Text, nullable=False),  # sealed
    sa.Column("shown", sa.LargeBinary, nullable=False),  # sealed
    sa.Column("original", sa.LargeBinary, nullable=False),  # sealed
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.UniqueConstraint("conversation_id", "fingerprint"),
)
referral_photos = sa.Table(
    "referral_photos",
    metadata,
    sa.Column("referral_id", sa.String(32), sa.ForeignKey("referrals.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("photo_id", sa.String(32), sa.ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, index=True),
)

#: Everything but the pictures themselves, which are large.
_PLAIN = (photos.c.id, photos.c.details, photos.c.seq, photos.c.received_at, photos.c.sent_at)


def add_photo(
    session: Session,
    keyring: Keyring,
    conversation_id: str,
    picture: Picture,
    original: bytes,
    *,
    description: str,
    seq: int,
    now: dt.datetime,
) -> Photo:
    """Keep a photo: its copy for showing, the untouched original, and what is known of it."""
    photo_id = uuid.uuid4().hex
    details: dict[str, Any] = {
        "kind": picture.kind,
        "sha256": picture.sha256,
        "size": picture.size,
        "width": picture.width,
        "height": picture.height,
        "taken_at": picture.taken_at,
        "description": description,
    }
    session.execute(
        sa.insert(photos).values(
            id=photo_id,
            conversation_id=conversation_id,
            fingerprint=keyring.blind_index(f"photo:{picture.sha256}"),
            details=keyring.seal(json.dumps(details), table="photos", row=photo_id, field="details"),
            shown=keyring.seal_bytes(picture.shown, table="photos", row=photo_id, field="shown"),
            original=keyring.seal_bytes(original, table="photos", row=photo_id, field="original"),
            seq=seq,
            received_at=now,
        )
    )
    return Photo(id=photo_id, seq=seq, received_at=now, sent_at=None, **details)


def photos_of(
    session: Session,
    keyring: Keyring,
    *,
    conversation_id: str | None = None,
    referral_id: str | None = None,
    lock: bool = False,
) -> list[Photo]:
    """The photos of a conversation, or those that went with a referral, in the order in which they came.

    `lock` keeps them from being taken out until the transaction ends.
    """
    query = sa.select(*_PLAIN).order_by(photos.c.received_at, photos.c.id)
    if lock:
        query = query.with_for_update(of=photos)
    if referral_id is not None:
        query = query.join(referral_photos, referral_photos.c.photo_id == photos.c.id).where(
            referral_photos.c.referral_id == referral_id
        )
    else:
        query = query.where(photos.c.conversation_id == conversation_id)
    return [_photo(keyring, row) for row in session.execute(query)]


def same_photo(session: Session, keyring: Keyring, conversation_id: str, sha256: str) -> Photo | None:
    """The photo of this conversation with the same original, if there is one."""
    fingerprints = keyring.blind_indexes(f"photo:{sha256}")
    row = session.execute(
        sa.select(*_PLAIN).where(photos.c.conversation_id == conversation_id, photos.c.fingerprint.in_(fingerprints))
    ).first()
    return _photo(keyring, row) if row else None


def count_photos(session: Session, conversation_id: str) -> int:
    """How many photos a conversation holds, sent or not."""
    return int(
        session.execute(
            sa.select(sa.func.count()).select_from(photos).where(photos.c.conversation_id == conversation_id)
        ).scalar_one()
    )


def read_copy(session: Session, keyring: Keyring, photo_id: str, copy: Copy) -> bytes:
    """The copy for showing, or the untouched original. Raises SealBroken when it was changed."""
    sealed = session.execute(sa.select(photos.c[copy]).where(photos.c.id == photo_id)).scalar_one()
    return keyring.open_bytes(bytes(sealed), table="photos", row=photo_id, field=copy)


def attach_photos(session: Session, referral_id: str, sent: Sequence[Photo], now: dt.datetime) -> None:
    """These photos go with this referral, and can no longer be taken out."""
    ids = [photo.id for photo in sent]
    if ids:
        session.execute(
            sa.insert(referral_photos), [{"referral_id": referral_id, "photo_id": photo_id} for photo_id in ids]
        )
        session.execute(sa.update(photos).where(photos.c.id.in_(ids), photos.c.sent_at.is_(None)).values(sent_at=now))


def remove_unsent(session: Session, conversation_id: str, photo_id: str | None = None) -> int:
    """Delete one photo of a conversation, or all of them, unless they went with a referral. How many."""
    statement = sa.delete(photos).where(photos.c.conversation_id == conversation_id, photos.c.sent_at.is_(None))
    return rows_changed(session, statement if photo_id is None else statement.where(photos.c.id == photo_id))


def remove_sent(session: Session, referral_ids: Sequence[str]) -> int:
    """Delete the photos that went with these referrals and with no other. How many."""
    went = sa.select(referral_photos.c.photo_id)
    ids = session.execute(went.where(referral_photos.c.referral_id.in_(referral_ids))).scalars().all()
    session.execute(sa.delete(referral_photos).where(referral_photos.c.referral_id.in_(referral_ids)))
    return rows_changed(session, sa.delete(photos).where(photos.c.id.in_(ids), photos.c.id.not_in(went)))


def reseal_photos(session: Session, keyring: Keyring, *, after: str, limit: int) -> tuple[str, int]:
    """Seal the next photos again with the active key: (the last one looked at, or "" at the end; how many changed)."""
    columns = ("details", "shown", "original")
    query = sa.select(photos.c.id, *(photos.c[name] for name in columns)).where(photos.c.id > after)
    rows = session.execute(query.order_by(photos.c.id).limit(limit)).all()
    changed = 0
    for row in rows:
        fresh = {name: _resealed(keyring, row.id, name, getattr(row, name)) for name in columns}
        if fresh := {name: value for name, value in fresh.items() if value is not None}:
            changed += rows_changed(session, sa.update(photos).where(photos.c.id == row.id).values(**fresh))
    return (rows[-1].id if rows else ""), changed


def _resealed(keyring: Keyring, photo_id: str, field: str, value: Any) -> Any:
    place = {"table": "photos", "row": photo_id, "field": field}
    sealed = value if isinstance(value, str) else bytes(value)
    if not keyring.needs_resealing(sealed):
        return None
    if isinstance(sealed, str):
        return keyring.seal(keyring.open_sealed(sealed, **place), **place)
    return keyring.seal_bytes(keyring.open_bytes(sealed, **place), **place)


def _photo(keyring: Keyring, row: Any) -> Photo:
    details = json.loads(keyring.open_sealed(row.details, table="photos", row=row.id, field="details"))
    return Photo(id=row.id, seq=row.seq, received_at=row.received_at, sent_at=row.sent_at, **details)
