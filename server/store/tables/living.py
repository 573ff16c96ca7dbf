"""What happens in a case between coming in and closing."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table, Text

from server.store.tables.columns import created, own_id, to, word
from server.store.types import UtcDateTime, metadata

note = Table(
    "note",
    metadata,
    own_id(),
    to("case", index=True),
    # note, call, message, visit
    Column("kind", word(), nullable=False),
    # case: all who read the case; handlers: those who handle it; own: who wrote it
    Column("readers", word(), nullable=False),
    Column("body", Text, nullable=False),
    # Nobody of the staff: a party, by the status page.
    to("user", "by", nullable=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("struck_at", UtcDateTime()),
    created(),
)

screening = Table(
    "screening",
    metadata,
    own_id(),
    to("case", index=True),
    Column("side", String(8), nullable=False),
    # Sealed JSON (domain.screening): read by the mediator only.
    Column("body", Text, nullable=False),
    # Null: came from another case, and says nothing of it in this one.
    Column("shuttle_only", Boolean),
    to("user", "by"),
    Column("at", UtcDateTime(), nullable=False),
    created(),
)

deadline = Table(
    "deadline",
    metadata,
    to("case", primary_key=True),
    Column("kind", word(), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("due_on", Date, nullable=False),
    Column("met_at", UtcDateTime()),
    # The law or rule it comes from is the domain's to say.
    Column("dropped_at", UtcDateTime()),
    created(),
)
Index(None, deadline.c.due_on)

extension = Table(
    "extension",
    metadata,
    own_id(),
    to("case", index=True),
    Column("until_on", Date, nullable=False),
    # Sealed.
    Column("why", Text, nullable=False),
    to("user", "by"),
    Column("at", UtcDateTime(), nullable=False),
    # {side: {"yes": bool, "at": ISO, "how": "phone|paper|meeting", "by": user}}
    Column("answers", JSON, nullable=False),
    Column("decided_at", UtcDateTime()),
    Column("granted", Boolean),
    created(),
)

confirmation = Table(
    "confirmation",
    metadata,
    own_id(),
    to("case", index=True),
    Column("applied_on", Date, nullable=False),
    # Sealed.
    Column("court", Text, nullable=False),
    to("user", "by"),
    Column("at", UtcDateTime(), nullable=False),
    Column("taken_back_at", UtcDateTime()),
    created(),
)

workday = Table(
    "workday",
    metadata,
    # Exceptions only: a day off that would be worked, or worked that would be off.
    Column("country", String(2), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("works", Boolean, nullable=False),
    Column("why", Text, nullable=False, default=""),
    created(),
)

saved_filter = Table(
    "saved_filter",
    metadata,
    own_id(),
    to("user", index=True),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    created(),
)

bulk = Table(
    "bulk",
    metadata,
    own_id(),
    to("user", index=True),
    Column("verb", word(), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    # [{"case": id, "before": …, "after": …}]
    Column("items", JSON, nullable=False),
    Column("undone_at", UtcDateTime()),
    created(),
)

import_job = Table(
    "import_job",
    metadata,
    own_id(),
    to("user", "by", index=True),
    to("organisation"),
    # organisations, users, cases
    Column("what", word(), nullable=False),
    # checking, checked, importing, done, failed
    Column("state", word(), nullable=False),
    # A blob, sealed under a key of the job's own; empty once it is gone.
    Column("file", String(36), nullable=False),
    Column("encoding", String(16), nullable=False),
    Column("columns", JSON, nullable=False),
    Column("total", Integer, nullable=False, default=0),
    Column("checked", Integer, nullable=False, default=0),
    Column("imported", Integer, nullable=False, default=0),
    Column("wrong", Integer, nullable=False, default=0),
    # Rows gone through in this pass: where it goes on after a restart.
    Column("position", Integer, nullable=False, default=0),
    # Of the import itself.
    Column("rows_per_second", Integer, nullable=False, default=0),
    # Why it failed as a whole.
    Column("code", String(64), nullable=False, default=""),
    Column("ended_at", UtcDateTime()),
    created(),
)

import_error = Table(
    "import_error",
    metadata,
    to("import_job", "job", primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("column", String(64), primary_key=True),
    Column("code", String(64), nullable=False),
    # With the first mistake of a row: the row itself, sealed JSON, to be downloaded and mended.
    Column("line", Text, nullable=False, default=""),
    created(),
)
