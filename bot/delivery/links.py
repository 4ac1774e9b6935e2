"""How does a service open one referral without an account? A one-time link, exchanged for a short session."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid

from bot.db import Session
from bot.delivery import store

LINK_LIFE = dt.timedelta(days=14)
SESSION_LIFE = dt.timedelta(hours=8)
#: How many fresh links one referral may be given in a day: an old link must not become a way to flood a mailbox.
FRESH_LINKS_A_DAY = 5


class LinkUnknown(Exception):
    """There is no such link or session, or it has ended."""


class LinkUsed(Exception):
    """The link was opened before: ask for a fresh one."""


class LinkExpired(Exception):
    """The link is too old: ask for a fresh one."""


class TooManyLinks(Exception):
    """Enough fresh links were asked for today."""


def issue_link(session: Session, *, subject: str, destination: str, now: dt.datetime) -> str:
    """A fresh token (256 bits) for one subject and one service. Only its hash is kept: send it now or never."""
    token = secrets.token_urlsafe(32)
    store.insert_link(
        session,
        id=uuid.uuid4().hex,
        token_hash=_hash(token),
        subject=subject,
        destination=destination,
        created_at=now,
        expires_at=now + LINK_LIFE,
    )
    return token


def open_link(session: Session, token: str, now: dt.datetime) -> tuple[str, str]:
    """(session token, subject), for the first who asks; the session lives eight hours.

    Raises LinkUsed, LinkExpired or LinkUnknown. Only ever call this for a POST: mail scanners follow links with GET.
    """
    if not store.mark_link_used(session, _hash(token), now):
        link = store.find_link(session, _hash(token))
        if link is None or link.ended_at is not None:
            raise LinkUnknown
        raise LinkUsed if link.used_at is not None else LinkExpired
    link = store.find_link(session, _hash(token))
    session_token = secrets.token_urlsafe(32)
    store.insert_session(
        session, token_hash=_hash(session_token), link_id=link.id, created_at=now, expires_at=now + SESSION_LIFE
    )
    return session_token, str(link.subject)


def subject_of(session: Session, session_token: str, now: dt.datetime) -> tuple[str, str]:
    """(subject, destination) that a live session is for. Raises LinkUnknown."""
    link = store.find_session(session, _hash(session_token), now)
    if link is None:
        raise LinkUnknown
    return str(link.subject), str(link.destination)


def replace_link(session: Session, token: str, now: dt.datetime) -> tuple[str, str, str]:
    """(fresh token, subject, destination) instead of an old link, used or expired; sessions stay.

    The fresh one must be sent to the service's own address, never shown to whoever asked. Raises LinkUnknown for a
    link that never was or has ended, TooManyLinks after five in a day.
    """
    link = store.find_link(session, _hash(token))
    if link is None or link.ended_at is not None:
        raise LinkUnknown
    if store.count_links_since(session, link.subject, now - dt.timedelta(days=1)) > FRESH_LINKS_A_DAY:
        raise TooManyLinks
    fresh = issue_link(session, subject=link.subject, destination=link.destination, now=now)
    return fresh, str(link.subject), str(link.destination)


def _hash(token: str) -> str:
    # A plain hash is enough: the token holds 256 random bits, so there is nothing to guess.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
