"""Photos of a conversation, and which of them went with which referral."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.db.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "photos",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("shown", sa.LargeBinary, nullable=False),
        sa.Column("original", sa.LargeBinary, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.UniqueConstraint("conversation_id", "fingerprint"),
    )
    op.create_table(
        "referral_photos",
        sa.Column("referral_id", sa.String(32), sa.ForeignKey("referrals.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "photo_id", sa.String(32), sa.ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, index=True
        ),
    )


def downgrade() -> None:
    """Drop them, the dependent one first."""
    for table in ("referral_photos", "photos"):
        op.drop_table(table)
