"""How guests of a meeting are reached, and who is let through its locked door.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("let_through", sa.Boolean(), server_default="0", nullable=False)
        )
    op.create_table(
        "outside",
        sa.Column("seat", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seat"], ["seat.id"], name=op.f("fk_outside_seat_seat")),
        sa.PrimaryKeyConstraint("seat", name=op.f("pk_outside")),
    )


def downgrade() -> None:
    op.drop_table("outside")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_column("let_through")
        batch_op.drop_column("contact")
