"""Conversations, their messages and quick replies, and the tries at coming back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("token_hash", sa.String(64), unique=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("service", sa.String(64)),
        sa.Column("held_by", sa.String(16), nullable=False),
        sa.Column("state", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("shown_from", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=False, index=True),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("urgent_at", UtcDateTime),
        sa.Column("return_code_index", sa.String(64), unique=True),
        sa.Column("word_hash", sa.Text),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(32), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("sender", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("flags", sa.Text),
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
    op.create_table(
        "choices",
        sa.Column("conversation_id", sa.String(32), primary_key=True),
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column(
            "message_id", sa.String(32), sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_table(
        "return_tries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("tried", sa.String(64), nullable=False, index=True),
        sa.Column("at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in ("return_tries", "choices", "messages", "conversations"):
        op.drop_table(table)
