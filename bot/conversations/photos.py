"""Which photos did the person add to their conversation, and how are they added, seen and taken out?"""

from __future__ import annotations

import datetime as dt

from bot.conversations import store
from bot.conversations.house import ConversationHouse
from bot.conversations.inbox import ConversationEnded
from bot.conversations.record import Conversation
from bot.evidence import store as evidence
from bot.evidence.record import MOST_PHOTOS, MOST_WORDS, Photo, Picture, TooManyPhotos


def add_photo(
    house: ConversationHouse,
    conversation_id: str,
    picture: Picture,
    original: bytes,
    description: str,
    now: dt.datetime,
) -> Photo:
    """Keep a photo that was checked. The same file again gives the photo that is there.

    Raises TooManyPhotos, or ConversationEnded when the person left while it was on its way.
    """
    words = " ".join(description.split())[:MOST_WORDS]
    with house.db.transaction() as session:
        # The row is locked: whoever leaves now finds this photo, or this finds that they left.
        seq = store.change_conversation(session, conversation_id, last_at=now)
        conversation = store.find_conversation(session, id=conversation_id)
        if seq is None or conversation is None or conversation.ended_at is not None:
            raise ConversationEnded
        known = evidence.same_photo(session, house.keyring, conversation_id, picture.sha256)
        if known is not None:
            return known
        if evidence.count_photos(session, conversation_id) >= MOST_PHOTOS:
            raise TooManyPhotos
        return evidence.add_photo(
            session, house.keyring, conversation_id, picture, original, description=words, seq=seq, now=now
        )


def list_photos(house: ConversationHouse, conversation_id: str) -> list[Photo]:
    """The photos of a conversation, in the order in which they came."""
    with house.db.transaction() as session:
        return evidence.photos_of(session, house.keyring, conversation_id=conversation_id)


def may_show(conversation: Conversation, photo: Photo) -> bool:
    """False for a photo from before a return: like words said before, it is kept but not shown again."""
    return photo.seq >= conversation.shown_from


def read_photo(house: ConversationHouse, conversation: Conversation, photo_id: str) -> bytes | None:
    """The JPEG of a photo, for the person who added it; None when there is none to show under this id."""
    with house.db.transaction() as session:
        found = evidence.photos_of(session, house.keyring, conversation_id=conversation.id)
        if not any(photo.id == photo_id and may_show(conversation, photo) for photo in found):
            return None
        return evidence.read_copy(session, house.keyring, photo_id, "shown")


def remove_photo(house: ConversationHouse, conversation_id: str, photo_id: str) -> bool:
    """Delete a photo; False when there is none here, or when it was sent with a referral already."""
    with house.db.transaction() as session:
        return evidence.remove_unsent(session, conversation_id, photo_id) == 1
