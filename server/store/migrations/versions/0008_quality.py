"""How well each seat was connected, minute by minute.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seat_quality",
        sa.Column("seat", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("up_loss", sa.Float(), nullable=True),
        sa.Column("down_loss", sa.Float(), nullable=True),
        sa.Column("jitter_ms", sa.Integer(), nullable=True),
        sa.Column("round_trip_ms", sa.Integer(), nullable=True),
        sa.Column("up_kbits", sa.Integer(), nullable=False),
        sa.Column("down_kbits", sa.Integer(), nullable=False),
        sa.Column("pictures", sa.String(length=32), nullable=False),
        sa.Column("held_ms", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.Integer(), nullable=False),
        sa.Column("freezes", sa.Integer(), nullable=True),
        sa.Column("frozen_ms", sa.Integer(), nullable=True),
        sa.Column("concealed_ms", sa.Integer(), nullable=True),
        sa.Column("dropped", sa.Float(), nullable=True),
        sa.Column("starved_s", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seat"], ["seat.id"], name=op.f("fk_seat_quality_seat_seat")),
        sa.PrimaryKeyConstraint("seat", "at", name=op.f("pk_seat_quality")),
    )
    with op.batch_alter_table("seat_quality", schema=None) as batch_op:
        batch_op.create_index("ix_seat_quality_at", ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("seat_quality", schema=None) as batch_op:
        batch_op.drop_index("ix_seat_quality_at")
    op.drop_table("seat_quality")
