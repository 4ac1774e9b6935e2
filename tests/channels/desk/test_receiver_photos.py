"""Does the receiving service see the photos of its one referral, stripped, and get the originals whole?"""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace

import aiohttp
from sqlalchemy import text

from bot.conversations import opening, photos
from bot.conversations.house import ConversationHouse
from bot.evidence.checking import read_picture
from bot.referrals.receiving import Receiver
from bot.referrals.submit import submit_referral
from channels.doors import Doors
from channels.web.app import create_app
from tests.bot.referrals.samples import NOW, make_house, request
from tests.channels.desk.test_receiver import newest_link
from tests.channels.serving import served
from tests.pictures import OWNER, PLACE, looked_at, picture

WORDS = "My door, <kicked in>"


async def test_a_gallery_with_words_and_hashes_and_the_original_behind_it(doors: Doors) -> None:
    referrals = make_house(doors.house.db)
    conversations = ConversationHouse(referrals.db, referrals.keyring)
    original = picture("heic")

    def refer() -> str:
        mine, _ = opening.start_conversation(conversations, "web", "en", NOW)
        photos.add_photo(conversations, mine.id, read_picture(original), original, WORDS, NOW)
        submit_referral(referrals, request(conversation_id=mine.id), NOW)
        return newest_link(referrals)

    link = await asyncio.to_thread(refer)
    app = create_app(replace(doors, receiver=Receiver(referrals)), "receiver-photos")
    with served(app) as site:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            async with http.post(f"{site}/r/{link}") as answer:
                html = await answer.text()
            assert 'alt="My door, &lt;kicked in&gt;"' in html
            assert hashlib.sha256(original).hexdigest() in html
            assert "18 November 2026, 22:41:07" in html
            shown_at = re.findall(r'<img src="(/r/photos/[0-9a-f]{32})"', html)[0]
            async with http.get(site + shown_at) as answer:
                shown = await answer.read()
                assert answer.headers["Cache-Control"] == "no-store"
            assert looked_at(shown).format == "JPEG"
            assert PLACE not in shown
            assert OWNER not in shown
            async with http.get(f"{site}{shown_at}/original") as answer:
                assert await answer.read() == original
                assert answer.headers["Content-Type"] == "application/octet-stream"
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert re.fullmatch(
                    r'attachment; filename="HV-[A-Z0-9-]+-[0-9a-f]{8}\.heic"', answer.headers["Content-Disposition"]
                )
            async with http.get(f"{site}/r/photos/{'0' * 32}") as answer:
                assert answer.status == 404
        async with aiohttp.ClientSession() as nobody:
            for path in (shown_at, f"{shown_at}/original"):
                async with nobody.get(site + path) as answer:
                    assert answer.status == 404

    def looks() -> list[str]:
        with referrals.db.transaction() as session:
            rows = session.execute(text("SELECT details FROM audit WHERE action = 'referral.photo_read' ORDER BY id"))
            return [str(row.details) for row in rows]

    shown_then_original = await asyncio.to_thread(looks)
    assert len(shown_then_original) == 2
    assert '"shown"' in shown_then_original[0]
    assert '"original"' in shown_then_original[1]
