"""What was recorded, and what became of it."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, String, Table, Text

from server.store.tables.columns import created, own_id, to, word
from server.store.types import Id, UtcDateTime, metadata

# The moment that was asked for, in which words, and how it ended. `texts`: in each language.
# The files are in a folder by the recording's id; their key is in the key store.
recording = Table(
    "recording",
    metadata,
    own_id(),
    to("session", index=True),
    Column("space", Id(), nullable=False),
    Column("purpose", word(), nullable=False),
    Column("texts", JSON, nullable=False),
    Column("minutes", Integer, nullable=False),
    to("seat", "by"),
    Column("asked_at", UtcDateTime(), nullable=False),
    Column("began_at", UtcDateTime()),
    Column("writing", Boolean, nullable=False, server_default="0"),
    Column("trouble", word()),
    Column("ended_at", UtcDateTime()),
    Column("ended", word()),
    created(),
)

# What is on the disk, once it is whole: how long, how much, and the hash of its last segment, by
# which bundles and the audit know it. How long it is kept, what holds it, and its end.
recording_file = Table(
    "recording_file",
    metadata,
    to("recording", primary_key=True),
    Column("head", String(80), nullable=False),
    Column("segments", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("ms", BigInteger, nullable=False),
    Column("keep_until", UtcDateTime(), nullable=False, index=True),
    Column("held_why", Text),
    to("user", "held_by", nullable=True),
    Column("held_at", UtcDateTime()),
    Column("destroyed_at", UtcDateTime()),
    Column("destroyed_why", Text),
    created(),
)
