"""Cases from before know their status, as their history says it.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        'UPDATE "case" SET status = (SELECT s.status FROM case_status s '
        'WHERE s."case" = "case".id ORDER BY s.n DESC LIMIT 1)'
    )


def downgrade() -> None:
    """The column goes with 0003."""
