"""Cases from before know their status, as their history says it; people from before have their
names as names are compared.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, bindparam, column, select, table, update

from server.domain.conflict import plain

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        'UPDATE "case" SET status = (SELECT s.status FROM case_status s '
        'WHERE s."case" = "case".id ORDER BY s.n DESC LIMIT 1)'
    )
    for people in ("party", "representative", "user"):
        _name(op.get_bind(), people)


def _name(conn: Connection, people: str) -> None:
    """A thousand at a time: there may be very many."""
    named = table(people, column("id"), column("name"), column("plain_name"))
    known = update(named).where(named.c.id == bindparam("who"))
    last = ""
    while rows := conn.execute(
        select(named.c.id, named.c.name).where(named.c.id > last).order_by(named.c.id).limit(1000)
    ).all():
        again = [{"who": row.id, "plain": plain(row.name)} for row in rows]
        conn.execute(known.values(plain_name=bindparam("plain")), again)
        last = rows[-1].id


def downgrade() -> None:
    """The columns go with 0003."""
