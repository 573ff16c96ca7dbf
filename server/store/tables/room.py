"""What is said, written and shown in the spaces of a meeting, and how people got there."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.store.tables.columns import created, own_id, to, word
from server.store.types import Id, UtcDateTime, metadata

# Bodies are sealed under the case's key.
message = Table(
    "message",
    metadata,
    own_id(),
    to("session", index=True),
    Column("space", Id(), nullable=False),
    Column("kind", word(), nullable=False),
    to("seat", "by"),
    # In whose lobby it was written; only that seat and the hosts read it.
    to("seat", "to_lobby", nullable=True),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    created(),
)

# Who was there when it was written: rule 3.
message_reader = Table(
    "message_reader",
    metadata,
    to("message", primary_key=True),
    to("seat", primary_key=True, index=True),
    created(),
)

# A host's notes. `scope`: whose privacy they belong to (domain.release.scope).
room_note = Table(
    "room_note",
    metadata,
    own_id(),
    to("session", index=True),
    Column("scope", String(64), nullable=False),
    to("seat", "by"),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("struck_at", UtcDateTime()),
    Column("release", word(), nullable=False),
    to("seat", "answered_by", nullable=True),
    Column("answered_at", UtcDateTime()),
    created(),
)

# A paper put before people. `blob` is the file as it came, `pdf` what its pages are made of.
exhibit = Table(
    "exhibit",
    metadata,
    own_id(),
    to("session", index=True),
    Column("space", Id(), nullable=False),
    Column("scope", String(64), nullable=False),
    to("seat", "by"),
    to("document", nullable=True),
    Column("name", Text, nullable=False),
    Column("type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("blob", Id(), nullable=False),
    Column("pdf", Id()),
    Column("pages", Integer, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("removed_at", UtcDateTime()),
    Column("release", word(), nullable=False),
    to("seat", "answered_by", nullable=True),
    Column("answered_at", UtcDateTime()),
    created(),
)

# Who may read it later: those who were there when it was brought or shown.
exhibit_reader = Table(
    "exhibit_reader",
    metadata,
    to("exhibit", primary_key=True),
    to("seat", primary_key=True, index=True),
    created(),
)

# Pages that were looked at, as pictures of so many pixels across.
exhibit_page = Table(
    "exhibit_page",
    metadata,
    to("exhibit", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("width", Integer, primary_key=True, autoincrement=False),
    Column("blob", Id(), nullable=False),
    created(),
)

# What was drawn on a page, sealed; it is seen in the space where it was drawn, and nowhere else.
stroke = Table(
    "stroke",
    metadata,
    own_id(),
    to("exhibit"),
    Column("page", Integer, nullable=False),
    Column("space", Id(), nullable=False),
    to("seat", "by"),
    Column("shape", Text, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    created(),
    Index("ix_stroke_page", "exhibit", "page", "space"),
)

# Papers that are written on in the meeting, each save a version: what is to be talked about, and
# the minutes. `kind`: agenda, minutes.
session_text = Table(
    "session_text",
    metadata,
    own_id(),
    to("session"),
    Column("kind", word(), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    to("seat", "by", nullable=True),
    to("user", nullable=True),
    Column("at", UtcDateTime(), nullable=False),
    created(),
    UniqueConstraint("session", "kind", "version"),
)

# How far somebody has come on the way to their seat, and what stands in the way: for the mediator
# and for who helps them. One row for the day itself, one for the try before it.
# When another device than the seat's last stood before the locked door with its link.
outside = Table(
    "outside",
    metadata,
    to("seat", primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
    created(),
)

progress = Table(
    "progress",
    metadata,
    to("seat", primary_key=True),
    Column("rehearsal", Boolean, primary_key=True),
    Column("step", word(), nullable=False),
    Column("fault", word()),
    Column("browser", String(60), nullable=False, default=""),
    Column("microphone", Boolean),
    Column("camera", Boolean),
    Column("speaker", Boolean),
    Column("transport", String(8)),
    Column("rtt_ms", Integer),
    Column("loss", Float),
    Column("at", UtcDateTime(), nullable=False),
    created(),
)

# How well a seat was connected in a minute (domain.quality): figures of networks, and nothing of
# what was said. `grade` and `cause` are as they were judged then. Shares are from 0 to 1.
seat_quality = Table(
    "seat_quality",
    metadata,
    to("seat", primary_key=True),
    Column("at", UtcDateTime(), primary_key=True),
    Column("up_loss", Float),
    Column("down_loss", Float),
    Column("jitter_ms", Integer),
    Column("round_trip_ms", Integer),
    Column("up_kbits", Integer, nullable=False),
    Column("down_kbits", Integer, nullable=False),
    Column("pictures", word(), nullable=False),
    Column("held_ms", Integer, nullable=False),
    Column("breaks", Integer, nullable=False),
    Column("freezes", Integer),
    Column("frozen_ms", Integer),
    Column("concealed_ms", Integer),
    Column("dropped", Float),
    Column("starved_s", Integer),
    Column("grade", word(), nullable=False),
    Column("cause", word()),
    created(),
    Index("ix_seat_quality_at", "at"),
)
