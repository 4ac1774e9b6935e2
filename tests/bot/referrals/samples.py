"""A whole case, as the dialogue hands it over, for the tests of the record and of delivery."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.db import Database
from bot.delivery.record import Address, AddressBook
from bot.referrals.house import ReferralHouse
from bot.referrals.record import Consent, Recipient, ReferralRequest
from bot.security.keyring import Keyring
from bot.triage.assess import Assessment
from bot.triage.case import Case
from bot.triage.mediation import Mediation
from bot.triage.risk import Screen
from bot.triage.vocabulary import Finding

NOW = dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.timezone.utc)
STORY = "The lads next door bang on our wall at night and shout 'go home'. One had a bat."
KEY = Keyring({"k1": b"1" * 32})
SECRET = "whsec_" + "c2VjcmV0IGZvciB0ZXN0cyBvbmx5ISE="


def found(label: str, words: str, value: Any = None) -> Finding:
    start = STORY.index(words)
    return Finding(label, start, start + len(words), words, value)


CASE = Case(
    story=STORY,
    findings=(
        found("noise", "bang on our wall"),
        found("race", "shout 'go home'"),
        found("weapon", "had a bat"),
        found(
            "who", "lads next door", {"relationship": "neighbour", "known": True, "number": "several", "words": "lads"}
        ),
    ),
    answers={
        "story": STORY,
        "confirm_understanding": "yes",
        "happening_now": "no",
        "speaker_role": "self",
        "frequency": "weekly",
        "effect": "skipped",
        "reported_before": {"any": True, "reports": [{"to": "police", "count": 2, "reference": "123/45"}]},
        "area": {"postcode": "ST4 1AA", "group": "staffordshire", "words": "st4 1aa"},
        "risk": {"1": "yes", "2": ["threatened", "weapon"]},
        "wishes": ["emotional", "security"],
        "police_share": "no",
        "name": "Amina K",
        "safe_contact": {"channel": ["text"], "number": "+447700900123", "times": "mornings", "neutral_name": "Sam"},
        "consent": {"harmony": "given", "usah": "refused"},
        "return_word": "buttercup",
        "equality:1": "private answer",
        "pets_harmed": "yes, the cat",
    },
)
ASSESSMENT = Assessment("both", ("noise",), ("race",), (), ("weapon",), False, CASE.findings, ())
SCREEN = Screen("haven-asb", "1", {"2": ["threatened", "weapon"]}, 14, "high", (("A4", 3, "They were threatened."),))
MEDIATION = Mediation(False, False, ("weapon",))


def consent(recipient: str = "harmony", given: Any = "given", at: dt.datetime = NOW) -> Consent:
    return Consent(recipient, "asb", given, "May we pass this on to Harmony?", "2026-11", at, "web")


def request(service_id: str = "harmony", case_key: str = "case-1", **changes: Any) -> ReferralRequest:
    """A request to refer that case; any field can be replaced."""
    fields: dict[str, Any] = {
        "case_key": case_key,
        "conversation_id": "conversation-1",
        "case": CASE,
        "assessment": ASSESSMENT,
        "recipient": Recipient(service_id, service_id.title(), "asb", None, "asb_in_area", "urgent"),
        "consent": consent(service_id),
        "channel": "web",
        "screens": (SCREEN,),
        "mediation": MEDIATION,
        "due_at": NOW + dt.timedelta(days=3),
        "area_pack": "staffordshire",
    }
    return ReferralRequest(**{**fields, **changes})


def make_house(db: Database, *, own: dict[str, Address] | None = None, webhook: str | None = None) -> ReferralHouse:
    """A house whose services have these addresses, and this default webhook."""
    addresses = AddressBook((own or {}).get, webhook, SECRET)
    return ReferralHouse(db, KEY, addresses, "https://haven.example")
