"""Is a photo kept whole and sealed, given to nobody else, taken out, sent, and gone when it should be?"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading

import pytest
from sqlalchemy import text

from bot.conversations import opening, photos, returning
from bot.conversations.house import ConversationHouse
from bot.conversations.inbox import ConversationEnded
from bot.conversations.record import Conversation
from bot.db import Database
from bot.delivery import links
from bot.evidence import store
from bot.evidence.record import MOST_PHOTOS, Photo, Picture, TooManyPhotos
from bot.referrals.house import ReferralHouse
from bot.referrals.receiving import Receiver
from bot.referrals.record import DutyToAct, State
from bot.referrals.states import change_state
from bot.referrals.submit import submit_referral, submit_referrals
from bot.referrals.upkeep import erase_case, reseal, thin_ended
from bot.security.keyring import Keyring, SealBroken
from tests.bot.referrals.samples import KEY, NOW, make_house, request

LATER = NOW + dt.timedelta(hours=1)
WORDS = "The broken window of my kitchen"


@pytest.fixture
def house(db: Database) -> ConversationHouse:
    return ConversationHouse(db, KEY)


@pytest.fixture
def referrals(db: Database) -> ReferralHouse:
    return make_house(db)


@pytest.fixture
def conversation(house: ConversationHouse) -> Conversation:
    return opening.start_conversation(house, "web", "en", NOW)[0]


def checked(original: bytes) -> Picture:
    """What the check says of these bytes; that check has tests of its own."""
    sha256 = hashlib.sha256(original).hexdigest()
    return Picture("jpg", sha256, len(original), 64, 48, "2026-11-18T22:41:07", b"shown " + original)


def added(house: ConversationHouse, conversation_id: str, original: bytes = b"original", words: str = WORDS) -> Photo:
    return photos.add_photo(house, conversation_id, checked(original), original, words, NOW)


def original_of(house: ConversationHouse, photo: Photo) -> bytes:
    with house.db.transaction() as session:
        return store.read_copy(session, house.keyring, photo.id, "original")


def left_over(house: ConversationHouse) -> int:
    with house.db.transaction() as session:
        return int(session.execute(text("SELECT count(*) FROM photos")).scalar_one())


def test_the_original_comes_back_byte_for_byte(house: ConversationHouse, conversation: Conversation) -> None:
    original = bytes(range(256)) * 4_000
    photo = added(house, conversation.id, original)
    assert hashlib.sha256(original_of(house, photo)).hexdigest() == photo.sha256
    assert original_of(house, photo) == original
    assert photos.read_photo(house, conversation, photo.id) == b"shown " + original
    assert photos.list_photos(house, conversation.id) == [photo]


def test_nothing_of_it_can_be_read_in_the_database(house: ConversationHouse, conversation: Conversation) -> None:
    photo = added(house, conversation.id, b"picture-sentinel")
    with house.db.transaction() as session:
        row = session.execute(text("SELECT * FROM photos")).one()
    kept = b" ".join(bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row)
    for secret in (b"picture-sentinel", WORDS.encode(), photo.sha256.encode(), b"2026-11-18T22"):
        assert secret not in kept


def test_a_changed_or_moved_original_is_found_out(house: ConversationHouse, conversation: Conversation) -> None:
    one, two = added(house, conversation.id, b"one"), added(house, conversation.id, b"two")
    with house.db.transaction() as session:
        session.execute(
            text("UPDATE photos SET original = (SELECT original FROM photos WHERE id = :a) WHERE id = :b"),
            {"a": one.id, "b": two.id},
        )
    assert original_of(house, one) == b"one"
    with pytest.raises(SealBroken):
        original_of(house, two)


def test_the_same_file_twice_is_one_photo(house: ConversationHouse, conversation: Conversation) -> None:
    assert added(house, conversation.id) == added(house, conversation.id, words="again")
    other, _ = opening.start_conversation(house, "web", "en", NOW)
    assert added(house, other.id).id != added(house, conversation.id).id


def test_there_are_ten_at_most_however_many_come_at_once(house: ConversationHouse, conversation: Conversation) -> None:
    refused: list[int] = []

    def add(number: int) -> None:
        try:
            added(house, conversation.id, b"%d" % number)
        except TooManyPhotos:
            refused.append(number)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(MOST_PHOTOS + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert len(photos.list_photos(house, conversation.id)) == MOST_PHOTOS


def test_another_conversation_sees_and_removes_nothing(house: ConversationHouse, conversation: Conversation) -> None:
    photo = added(house, conversation.id)
    other, _ = opening.start_conversation(house, "web", "en", NOW)
    assert photos.read_photo(house, other, photo.id) is None
    assert photos.list_photos(house, other.id) == []
    assert not photos.remove_photo(house, other.id, photo.id)
    assert photos.remove_photo(house, conversation.id, photo.id)
    assert photos.read_photo(house, conversation, photo.id) is None
    assert left_over(house) == 0


def test_leaving_deletes_what_was_not_sent(house: ConversationHouse, conversation: Conversation) -> None:
    added(house, conversation.id)
    opening.leave_conversation(house, conversation.id, NOW)
    assert left_over(house) == 0
    with pytest.raises(ConversationEnded):
        added(house, conversation.id)  # it was still on its way
    assert left_over(house) == 0


def test_a_kept_draft_keeps_its_photos_and_does_not_show_them_again(
    house: ConversationHouse, conversation: Conversation
) -> None:
    before = added(house, conversation.id, b"before")
    code = returning.set_return_word(house, conversation.id, "buttercup", NOW)
    opening.keep_draft(house, conversation.id, NOW)
    back, _ = returning.resume_conversation(house, code, "buttercup", NOW)
    after = added(house, back.id, b"after")
    assert [photos.may_show(back, photo) for photo in photos.list_photos(house, back.id)].count(True) == 1
    assert photos.read_photo(house, back, before.id) is None
    assert photos.read_photo(house, back, after.id) == b"shown after"
    assert photos.remove_photo(house, back.id, before.id)


def test_photos_go_with_the_referral_and_stay_with_it(
    house: ConversationHouse, referrals: ReferralHouse, conversation: Conversation
) -> None:
    photo = added(house, conversation.id)
    referral = submit_referral(referrals, request(conversation_id=conversation.id), NOW)
    assert photos.list_photos(house, conversation.id)[0].sent_at == NOW
    assert not photos.remove_photo(house, conversation.id, photo.id)
    opening.leave_conversation(house, conversation.id, NOW)
    session_token = receiving(referrals, referral.id)
    case = Receiver(referrals).view_case(session_token, LATER)
    assert case.letter is not None
    assert case.letter["photos"] == [
        {
            "description": WORDS,
            "kind": "jpg",
            "bytes": 8,
            "width": 64,
            "height": 48,
            "sha256": photo.sha256,
            "received_at": "2026-11-20T14:30:00+00:00",
            "taken_at": "2026-11-18T22:41:07",
        }
    ]
    assert "Photos: 1." in case.letter["summary"]
    assert [shown.id for shown in case.photos] == [photo.id]
    assert read(referrals, session_token, photo.id, "original") == b"original"
    assert read(referrals, session_token, photo.id, "shown") == b"shown original"


def test_each_look_is_written_down_and_another_referral_gets_nothing(
    house: ConversationHouse, referrals: ReferralHouse, conversation: Conversation
) -> None:
    photo = added(house, conversation.id)
    first = submit_referral(referrals, request(conversation_id=conversation.id), NOW)
    second = submit_referral(referrals, request(case_key="case-2", conversation_id="another"), NOW)
    read(referrals, receiving(referrals, first.id), photo.id, "original")
    assert read(referrals, receiving(referrals, second.id), photo.id, "original") is None
    with referrals.db.transaction() as session:
        rows = session.execute(text("SELECT action, subject, details FROM audit WHERE action LIKE '%read%'")).all()
    assert [(row.action, row.subject) for row in rows] == [
        ("referral.photo_read", first.id),
        ("referral.read_refused", second.id),
    ]
    assert "original" in rows[0].details


def test_two_services_are_sent_the_same_photos_and_one_alone_can_be_erased(
    house: ConversationHouse, referrals: ReferralHouse, conversation: Conversation
) -> None:
    added(house, conversation.id)
    both = [request(name, f"case-{name}", conversation_id=conversation.id) for name in ("harmony", "usah")]
    submit_referrals(referrals, both, NOW)
    erase_case(referrals, "case-harmony", actor="adviser:1", now=LATER)
    assert left_over(house) == 1
    assert erase_case(referrals, "case-usah", actor="adviser:1", now=LATER)["photos"] == 1
    assert left_over(house) == 0


def test_what_is_shared_without_a_yes_goes_without_photos(
    house: ConversationHouse, referrals: ReferralHouse, conversation: Conversation
) -> None:
    added(house, conversation.id)
    duty = DutyToAct("safeguarding_child", "adviser:1", "A child is at risk.")
    referral = submit_referral(referrals, request(conversation_id=conversation.id, consent=None, exception=duty), NOW)
    case = Receiver(referrals).view_case(receiving(referrals, referral.id), LATER)
    assert case.letter is not None
    assert (case.letter["photos"], case.photos) == ([], ())


def test_old_photos_go_with_the_old_letter(
    house: ConversationHouse, referrals: ReferralHouse, conversation: Conversation
) -> None:
    added(house, conversation.id)
    referral = submit_referral(referrals, request(conversation_id=conversation.id), NOW)
    change_state(referrals, referral.reference, State.SENT, actor="adviser:1", now=NOW)
    assert thin_ended(referrals, before=LATER, now=LATER) == 0
    assert left_over(house) == 1
    change_state(referrals, referral.reference, State.DECLINED, actor="adviser:1", reason="no_capacity", now=NOW)
    assert thin_ended(referrals, before=LATER, now=LATER) == 1
    assert left_over(house) == 0


def test_a_new_key_takes_over_photos_too(
    house: ConversationHouse, referrals: ReferralHouse, conversation: Conversation
) -> None:
    photo = added(house, conversation.id)
    second = added(house, conversation.id, b"second")
    both = Keyring({"k2": b"2" * 32, "k1": b"1" * 32})
    rotated = ReferralHouse(referrals.db, both, referrals.addresses, referrals.public_url)
    assert (
        photos.add_photo(ConversationHouse(house.db, both), conversation.id, checked(b"second"), b"", "", NOW) == second
    )
    assert reseal(rotated) == 2
    assert reseal(rotated) == 0
    alone = ConversationHouse(house.db, Keyring({"k2": b"2" * 32}))
    assert original_of(alone, photo) == b"original"
    assert {kept.id for kept in photos.list_photos(alone, conversation.id)} == {photo.id, second.id}


def receiving(referrals: ReferralHouse, referral_id: str) -> str:
    """A session of the service that was sent this referral."""
    with referrals.db.transaction() as session:
        link = links.issue_link(session, subject=referral_id, destination="harmony", now=NOW)
    return Receiver(referrals).exchange_link(link, LATER)


def read(referrals: ReferralHouse, session_token: str, photo_id: str, copy: store.Copy) -> bytes | None:
    found = Receiver(referrals).read_photo(session_token, photo_id, copy, LATER)
    return None if found is None else found[2]
