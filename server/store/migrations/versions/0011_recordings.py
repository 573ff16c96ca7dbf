"""Recordings, and how the last one in a space ended.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _recordings()
    _files()
    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded", sa.String(length=32), nullable=True))


def _recordings() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("writing", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("trouble", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["seat.id"], name=op.f("fk_recording_by_seat")),
        sa.ForeignKeyConstraint(
            ["session"], ["session.id"], name=op.f("fk_recording_session_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    with op.batch_alter_table("recording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recording_session"), ["session"], unique=False)


def _files() -> None:
    op.create_table(
        "recording_file",
        sa.Column("recording", sa.String(length=36), nullable=False),
        sa.Column("head", sa.String(length=80), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_why", sa.Text(), nullable=True),
        sa.Column("held_by", sa.String(length=36), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_why", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["held_by"], ["user.id"], name=op.f("fk_recording_file_held_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["recording"], ["recording.id"], name=op.f("fk_recording_file_recording_recording")
        ),
        sa.PrimaryKeyConstraint("recording", name=op.f("pk_recording_file")),
    )
    with op.batch_alter_table("recording_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recording_file_keep_until"), ["keep_until"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.drop_column("recorded")
    op.drop_table("recording_file")
    op.drop_table("recording")
