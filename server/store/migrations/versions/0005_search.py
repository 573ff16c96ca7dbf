"""What search looks in, each engine in its own way.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from server.domain.search import in_order, tokens

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Full-text rows go by whole numbers; a case's own row number may change (VACUUM), so these are
# numbers of their own. Nothing is stored twice: the full-text table holds its index only, which
# is why it must be told the old words to forget them.
SQLITE = (
    'CREATE TABLE case_word (n INTEGER PRIMARY KEY, "case" VARCHAR(36) NOT NULL UNIQUE)',
    "CREATE VIRTUAL TABLE case_fts USING fts5"
    "(words, content='', columnsize=0, detail=none, tokenize='ascii')",
    'INSERT INTO case_word ("case") SELECT id FROM "case" ORDER BY created_at, id',
    "INSERT INTO case_fts (rowid, words) "
    'SELECT w.n, c.search FROM case_word w JOIN "case" c ON c.id = w."case"',
    'CREATE TRIGGER case_added AFTER INSERT ON "case" BEGIN '
    'INSERT INTO case_word ("case") VALUES (new.id); '
    "INSERT INTO case_fts (rowid, words) "
    'SELECT n, new.search FROM case_word WHERE "case" = new.id; END',
    'CREATE TRIGGER case_renamed AFTER UPDATE OF search ON "case" '
    "WHEN old.search <> new.search BEGIN "
    "INSERT INTO case_fts (case_fts, rowid, words) "
    "SELECT 'delete', n, old.search FROM case_word WHERE \"case\" = new.id; "
    "INSERT INTO case_fts (rowid, words) "
    'SELECT n, new.search FROM case_word WHERE "case" = new.id; END',
    'CREATE TRIGGER case_removed AFTER DELETE ON "case" BEGIN '
    "INSERT INTO case_fts (case_fts, rowid, words) "
    "SELECT 'delete', n, old.search FROM case_word WHERE \"case\" = old.id; "
    'DELETE FROM case_word WHERE "case" = old.id; END',
)
# Without a list of what waits, which some unlucky reader would have to work off.
POSTGRESQL = (
    "CREATE INDEX ix_case_search ON \"case\" USING gin (string_to_array(search, ' ')) "
    "WITH (fastupdate = off)",
)


def upgrade() -> None:
    _fill(op.get_bind())
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.get_bind().exec_driver_sql(statement)


def _fill(conn: sa.Connection) -> None:
    """Cases from before there was a search."""
    words = defaultdict(list)
    for case, name in conn.exec_driver_sql('SELECT "case", name FROM party'):
        words[case].append(name)
    older = "SELECT id, number, title FROM \"case\" WHERE search = ''"
    rows = [
        {
            "id": case,
            "words": " ".join(tokens("\n".join([number, title, *words[case]]))),
            "number_order": in_order(number),
        }
        for case, number, title in conn.exec_driver_sql(older)
    ]
    if rows:
        filled = 'UPDATE "case" SET search = :words, number_order = :number_order WHERE id = :id'
        conn.execute(sa.text(filled), rows)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_case_search")
        return
    for name in ("case_added", "case_renamed", "case_removed"):
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE case_fts")
    op.execute("DROP TABLE case_word")
