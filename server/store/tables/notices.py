"""What is to be done later, and what was sent to whom."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text, text

from server.store.tables.columns import created, own_id, to, word
from server.store.types import Id, UtcDateTime, metadata

due = Table(
    "due",
    metadata,
    own_id(),
    Column("at", UtcDateTime(), nullable=False),
    Column("kind", word(), nullable=False),
    # What it is about, so that it can be called off; with `key` unique: asked twice, done once.
    Column("thing", Id(), nullable=False, index=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("body", JSON, nullable=False),
    # How often it was taken. Only who counted it up last may say that it is done.
    Column("tries", Integer, nullable=False, default=0),
    # How often of these it was too early.
    Column("early", Integer, nullable=False, default=0, server_default="0"),
    Column("done_at", UtcDateTime()),
    # Given up: the kind of the last error. Empty: not yet, or done well.
    Column("error", String(64), nullable=False, default="", server_default=""),
    created(),
)
Index(
    "ix_due_open",
    due.c.at,
    sqlite_where=text("done_at IS NULL"),
    postgresql_where=text("done_at IS NULL"),
)

notice = Table(
    "notice",
    metadata,
    own_id(),
    to("case", nullable=True, index=True),
    to("organisation", index=True),
    # A hash: said twice with the same key, it is sent once.
    Column("key", String(64), nullable=False, unique=True),
    # To whom: a member of staff or a party; the address is sealed.
    Column("to_kind", word(), nullable=False),
    Column("to_id", Id(), nullable=False),
    # email, sms, copy
    Column("channel", word(), nullable=False),
    Column("address", Text, nullable=False, default=""),
    Column("template", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    # Sealed JSON: the values and the words as they were sent.
    Column("body", Text, nullable=False),
    # Goes at night too.
    Column("urgent", Boolean, nullable=False, default=False, server_default="0"),
    # domain.notice: NoticeState, and Reason where it did not go well
    Column("state", word(), nullable=False, index=True),
    Column("error", word(), nullable=False, default="", server_default=""),
    Column("provider_id", String(128), nullable=False, default="", index=True),
    Column("sent_at", UtcDateTime()),
    Column("settled_at", UtcDateTime()),
    created(),
)

notice_template = Table(
    "notice_template",
    metadata,
    own_id(),
    # An organisation's own wording (an empty body: ours again); ours are files.
    to("organisation"),
    Column("name", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    Column("subject", Text, nullable=False, default=""),
    Column("body", Text, nullable=False),
    Column("provider_template", String(64), nullable=False, default=""),
    to("user", "by"),
    created(),
)
Index(
    None,
    notice_template.c.organisation,
    notice_template.c.name,
    notice_template.c.language,
    notice_template.c.version,
    unique=True,
)
