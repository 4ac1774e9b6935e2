"""How are conversations kept? Tables and queries; the words are sealed here and nowhere else."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.conversations.record import Choice, Conversation, Message, Reply, Said, Standing
from bot.conversations.sealing import Sealer, conversation_from, message_from, open_field, said_from
from bot.db import UtcDateTime, metadata
from bot.security.keyring import Keyring

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.String(64), unique=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("language", sa.String(35), nullable=False),
    sa.Column("service", sa.String(64)),
    sa.Column("held_by", sa.String(16), nullable=False),
    sa.Column("state", sa.Text),  # sealed
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("shown_from", sa.Integer, nullable=False),  # what came before is not shown to the present token
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("urgent_at", UtcDateTime),
    sa.Column("return_code_index", sa.String(64), unique=True),
    sa.Column("word_hash", sa.Text),
)
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("client_id", sa.String(64)),
    sa.Column("sender", sa.String(16), nullable=False),  # Sender, or "system" for what the gate says to the dialogue
    sa.Column("text", sa.Text, nullable=False),  # sealed
    sa.Column("payload", sa.Text),  # sealed
    sa.Column("name", sa.Text),  # sealed
    sa.Column("flags", sa.Text),  # sealed
    sa.Column("asks", sa.String(64)),
    sa.Column("input", sa.String(16)),
    sa.Column("lang", sa.String(35), nullable=False),
    sa.Column("dir", sa.String(3), nullable=False),
    sa.Column("answers", sa.String(32)),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("conversation_id", "client_id"),
    sa.Index("ix_messages_answered_at_sender", "answered_at", "sender"),
)
choices = sa.Table(
    "choices",
    metadata,
    sa.Column("conversation_id", sa.String(32), primary_key=True),
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column(
        "message_id", sa.String(32), sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("label", sa.Text, nullable=False),  # sealed
    sa.Column("payload", sa.Text, nullable=False),  # sealed
)
return_tries = sa.Table(
    "return_tries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("tried", sa.String(64), nullable=False, index=True),  # blind index of a code or of an address
    sa.Column("at", UtcDateTime, nullable=False),
)

#: Who is waiting for an answer: the person, or the gate on their behalf.
_INBOUND = ("person", "system")


def add_conversation(session: Session, conversation: Conversation, token_hash: str) -> None:
    """Keep a new conversation."""
    session.execute(
        sa.insert(conversations).values(
            id=conversation.id,
            token_hash=token_hash,
            channel=conversation.channel,
            language=conversation.language,
            service=conversation.service,
            held_by=conversation.held_by,
            version=0,
            last_seq=0,
            shown_from=0,
            created_at=conversation.created_at,
            last_at=conversation.last_at,
        )
    )


def find_conversation(
    session: Session, *, id: str | None = None, token_hash: str | None = None, code_indexes: Sequence[str] = ()
) -> Conversation | None:
    """The conversation with this id, this hash of a token, or one of these indexes of a return code."""
    query = sa.select(conversations)
    if id is not None:
        query = query.where(conversations.c.id == id)
    elif token_hash is not None:
        query = query.where(conversations.c.token_hash == token_hash)
    else:
        query = query.where(conversations.c.return_code_index.in_(code_indexes))
    row = session.execute(query).first()
    return conversation_from(row) if row else None


def hashes_of(session: Session, conversation_id: str) -> tuple[str | None, str | None]:
    """(hash of the token, hash of the return word) of a conversation."""
    row = session.execute(
        sa.select(conversations.c.token_hash, conversations.c.word_hash).filter_by(id=conversation_id)
    ).first()
    return (row.token_hash, row.word_hash) if row else (None, None)


def standing_of(session: Session, keyring: Keyring, conversation_id: str) -> Standing | None:
    """Where the dialogue stands: version, holder and the last snapshot."""
    row = session.execute(sa.select(conversations).filter_by(id=conversation_id)).first()
    if row is None:
        return None
    state = None if row.state is None else json.loads(open_field(keyring, row.state, "conversations", row.id, "state"))
    return Standing(row.version, row.held_by, state, row.ended_at is not None)


def change_conversation(
    session: Session, conversation_id: str, *, expected_version: int | None = None, places: int = 0, **values: Any
) -> int | None:
    """Set column values and take `places` sequence numbers; the row stays locked until the transaction ends.

    Returns the last sequence number taken, or None when the conversation is not there or its version moved on.
    """
    statement = sa.update(conversations).where(conversations.c.id == conversation_id)
    if expected_version is not None:
        statement = statement.where(
            conversations.c.version == expected_version,
            conversations.c.ended_at.is_(None),
            conversations.c.held_by != "adviser",
        )
    changed: Any = session.execute(statement.values(last_seq=conversations.c.last_seq + places, **values))
    if changed.rowcount != 1:
        return None
    return int(session.execute(sa.select(conversations.c.last_seq).filter_by(id=conversation_id)).scalar_one())


def bump(session: Session, conversation_id: str) -> None:
    """Move the version on, so that a turn under way cannot be recorded."""
    session.execute(sa.update(conversations).filter_by(id=conversation_id).values(version=conversations.c.version + 1))


def sealed_state(keyring: Keyring, conversation_id: str, state: dict[str, Any]) -> str:
    """A snapshot, sealed for its row."""
    return Sealer(keyring, "conversations", conversation_id)("state", json.dumps(state, separators=(",", ":")))


def add_message(
    session: Session,
    keyring: Keyring,
    conversation_id: str,
    message: Message | Said,
    seq: int,
    *,
    sender: str,
    client_id: str | None = None,
    answers: str | None = None,
    answered_at: dt.datetime | None = None,
    flags: Sequence[str] = (),
) -> None:
    """Keep one message; a `Said` is what came in, a `Message` is what goes out."""
    outgoing = message if isinstance(message, Message) else None
    said = message if isinstance(message, Said) else None
    row_id = outgoing.id if outgoing else said.message_id if said else ""
    seal = Sealer(keyring, "messages", row_id)
    session.execute(
        sa.insert(messages).values(
            id=row_id,
            conversation_id=conversation_id,
            seq=seq,
            client_id=client_id,
            sender=sender,
            text=seal("text", message.text),
            payload=seal.maybe("payload", said.payload if said else None),
            name=seal.maybe("name", outgoing.name if outgoing else None),
            flags=seal.maybe("flags", json.dumps(list(flags)) if flags else None),
            asks=outgoing.asks if outgoing else None,
            input=outgoing.input if outgoing else None,
            lang=outgoing.lang if outgoing else "en",
            dir=outgoing.dir if outgoing else "ltr",
            answers=answers,
            answered_at=answered_at,
            attempts=0,
            at=message.at,
        )
    )


def add_choices(
    session: Session, keyring: Keyring, conversation_id: str, message: Message, payloads: Iterable[str]
) -> None:
    """Keep the quick replies of a message with the payloads they stand for."""
    for position, (choice, payload) in enumerate(zip(message.choices, payloads, strict=True)):
        seal = Sealer(keyring, "choices", choice.id)
        session.execute(
            sa.insert(choices).values(
                conversation_id=conversation_id,
                id=choice.id,
                message_id=message.id,
                position=position,
                label=seal("label", choice.label),
                payload=seal("payload", payload),
            )
        )


def choice_of(session: Session, keyring: Keyring, conversation_id: str, choice_id: str) -> tuple[str, str] | None:
    """(label, payload) of a choice of this conversation, or None: a choice of another conversation is unknown here."""
    row = session.execute(sa.select(choices).filter_by(conversation_id=conversation_id, id=choice_id)).first()
    if row is None:
        return None
    return (
        open_field(keyring, row.label, "choices", row.id, "label"),
        open_field(keyring, row.payload, "choices", row.id, "payload"),
    )


def said_with_client_id(
    session: Session, keyring: Keyring, conversation_id: str, client_id: str
) -> tuple[Said, bool] | None:
    """(what was said, whether it was answered) for a message the client sent before under the same id."""
    row = session.execute(
        _messages_with_channel().where(messages.c.conversation_id == conversation_id, messages.c.client_id == client_id)
    ).first()
    return (said_from(keyring, row), row.answered_at is not None) if row else None


def unanswered_in(session: Session, keyring: Keyring, conversation_id: str) -> list[Said]:
    """What was said here and not answered yet, oldest first."""
    rows = session.execute(
        _messages_with_channel()
        .where(
            messages.c.conversation_id == conversation_id,
            messages.c.sender.in_(_INBOUND),
            messages.c.answered_at.is_(None),
        )
        .order_by(messages.c.seq)
    )
    return [said_from(keyring, row) for row in rows]


def conversations_unanswered(session: Session, limit: int) -> list[str]:
    """Ids of living conversations in which something was said and not answered, longest waiting first."""
    rows = session.execute(
        sa.select(messages.c.conversation_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.answered_at.is_(None), messages.c.sender.in_(_INBOUND), conversations.c.ended_at.is_(None))
        .group_by(messages.c.conversation_id)
        .order_by(sa.func.min(messages.c.at))
        .limit(limit)
    )
    return [row.conversation_id for row in rows]


def mark_answered(session: Session, message_id: str, now: dt.datetime) -> bool:
    """Mark what was said as answered; False when it was already (or is gone)."""
    done: Any = session.execute(
        sa.update(messages).where(messages.c.id == message_id, messages.c.answered_at.is_(None)).values(answered_at=now)
    )
    return bool(done.rowcount == 1)


def count_attempt(session: Session, message_id: str) -> int:
    """One more attempt at answering failed; returns how many have."""
    session.execute(sa.update(messages).filter_by(id=message_id).values(attempts=messages.c.attempts + 1))
    return int(session.execute(sa.select(messages.c.attempts).filter_by(id=message_id)).scalar_one_or_none() or 0)


def messages_of(
    session: Session, keyring: Keyring, conversation_id: str, *, after: int = 0, answers: str | None = None
) -> list[tuple[int, Message]]:
    """(sequence number, message) that can be shown, in order: after a number, or those that answer a message."""
    query = (
        sa.select(messages)
        .where(messages.c.conversation_id == conversation_id, messages.c.seq > after, messages.c.sender != "system")
        .order_by(messages.c.seq)
    )
    if answers is not None:
        query = query.where(messages.c.answers == answers)
    rows = session.execute(query).all()
    offered: dict[str, list[Choice]] = {}
    if rows:
        for row in session.execute(
            sa.select(choices)
            .where(choices.c.message_id.in_([row.id for row in rows]))
            .order_by(choices.c.message_id, choices.c.position)
        ):
            label = open_field(keyring, row.label, "choices", row.id, "label")
            offered.setdefault(row.message_id, []).append(Choice(row.id, label))
    return [(row.seq, message_from(keyring, row, tuple(offered.get(row.id, ())))) for row in rows]


def seq_of(session: Session, conversation_id: str, message_id: str) -> int:
    """The sequence number of a message of this conversation; 0 when there is none."""
    found = session.execute(
        sa.select(messages.c.seq).filter_by(conversation_id=conversation_id, id=message_id)
    ).scalar_one_or_none()
    return int(found or 0)


def delete_messages(session: Session, conversation_id: str) -> None:
    """Delete every word that was said; quick replies go with the messages."""
    session.execute(sa.delete(messages).filter_by(conversation_id=conversation_id))


def flag_message(session: Session, keyring: Keyring, message_id: str, flags: Sequence[str]) -> None:
    """Keep the safety signals of a message for the desk."""
    if flags:
        sealed = Sealer(keyring, "messages", message_id)("flags", json.dumps(list(flags)))
        session.execute(sa.update(messages).filter_by(id=message_id).values(flags=sealed))


def flags_of(session: Session, keyring: Keyring, conversation_id: str) -> list[tuple[dt.datetime, list[str]]]:
    """(when, safety signals) of a conversation, in order."""
    rows = session.execute(
        sa.select(messages)
        .where(messages.c.conversation_id == conversation_id, messages.c.flags.is_not(None))
        .order_by(messages.c.seq)
    )
    return [(row.at, json.loads(open_field(keyring, row.flags, "messages", row.id, "flags"))) for row in rows]


def channel_of(session: Session, conversation_id: str) -> str:
    """The channel a conversation began on."""
    return str(session.execute(sa.select(conversations.c.channel).filter_by(id=conversation_id)).scalar_one())


def add_tries(session: Session, tried: Sequence[str], now: dt.datetime, since: dt.datetime) -> int:
    """Count one more try of each key, forget those before `since`; returns the largest count."""
    session.execute(sa.delete(return_tries).where(return_tries.c.at < since))
    for key in tried:
        session.execute(sa.insert(return_tries).values(tried=key, at=now))
    counts = session.execute(
        sa.select(sa.func.count()).where(return_tries.c.tried.in_(tried)).group_by(return_tries.c.tried)
    ).scalars()
    return max(counts, default=0)


def forget_tries(session: Session, tried: Sequence[str]) -> None:
    """Forget the tries of these keys."""
    session.execute(sa.delete(return_tries).where(return_tries.c.tried.in_(tried)))


def new_message(message_id: str, choice_ids: Sequence[str], reply: Reply, sender: Any, now: dt.datetime) -> Message:
    """A reply, given its ids."""
    offered = tuple(Choice(id_, label) for id_, (label, _) in zip(choice_ids, reply.choices, strict=True))
    return Message(message_id, sender, reply.text, offered, reply.asks, reply.input, now)


def _messages_with_channel() -> Any:
    return sa.select(messages, conversations.c.channel).join(
        conversations, conversations.c.id == messages.c.conversation_id
    )
