"""How matters come in, and the files that come with them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from server.store.tables.columns import created, own_id, to, word
from server.store.types import Id, UtcDateTime, metadata

application = Table(
    "application",
    metadata,
    # Also the id of the case that it becomes, so that what is sealed in it can stay sealed.
    own_id(),
    Column("secret_hash", String(80), nullable=False, unique=True),
    Column("tenant", Id(), nullable=False),
    # Sealed JSON: what was answered so far.
    Column("answers", Text, nullable=False, default=""),
    Column("saved_at", UtcDateTime(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False, index=True),
    Column("sent_at", UtcDateTime()),
    created(),
)

matter_code = Table(
    "matter_code",
    metadata,
    to("case", primary_key=True),
    # HMAC of the code people type, and the code sealed, so that staff can tell it again.
    Column("hash", String(80), nullable=False, unique=True),
    Column("sealed", Text, nullable=False),
    created(),
)

report = Table(
    "report",
    metadata,
    # Also the id of its case.
    own_id(),
    to("user", "by", index=True),
    Column("at", UtcDateTime(), nullable=False),
    # Somebody was in danger when it was reported.
    Column("danger", Boolean, nullable=False),
    created(),
)

document = Table(
    "document",
    metadata,
    own_id(),
    # A case, or an application that is not sent yet.
    Column("case", Id(), nullable=False, index=True),
    # application, evidence, photo, identity, other
    Column("kind", word(), nullable=False),
    # Sealed: names of files name people.
    Column("name", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("blob", Id(), nullable=False),
    # Who brought it: a member of staff, or nobody of them (the applicant).
    to("user", "by", nullable=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("removed_at", UtcDateTime()),
    created(),
)
