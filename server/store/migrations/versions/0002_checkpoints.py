"""Signed checkpoints over the audit chains.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_checkpoint",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alg", sa.String(length=16), nullable=False),
        sa.Column("previous", sa.String(length=128), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_audit_checkpoint")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint"],
            ["audit_checkpoint.n"],
            name=op.f("fk_audit_seal_checkpoint_audit_checkpoint"),
        ),
        sa.PrimaryKeyConstraint("checkpoint", "chain", name=op.f("pk_audit_seal")),
    )
    with op.batch_alter_table("audit_seal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_seal_chain_audit_seal_n"), ["chain", "n"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("audit_seal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_seal_chain_audit_seal_n"))

    op.drop_table("audit_seal")
    op.drop_table("audit_checkpoint")
