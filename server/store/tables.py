"""Every table. Names are the domain's nouns; `created_at` is when the row was written.

Words in columns (`state`, `role`, …) are the values of the domain's enums.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from server.store.types import Id, UtcDateTime, metadata, now


def _word() -> String:
    return String(32)


def _id() -> Column[Any]:
    return Column("id", Id(), primary_key=True)


def _to(table: str, name: str | None = None, **options: Any) -> Column[Any]:
    options.setdefault("nullable", False)
    return Column(name or table, Id(), ForeignKey(f"{table}.id"), **options)


def _created() -> Column[Any]:
    return Column("created_at", UtcDateTime(), nullable=False, default=now)


# ---- who works where --------------------------------------------------------------------------

organisation = Table(
    "organisation",
    metadata,
    _id(),
    _to("organisation", "parent", nullable=True),
    Column("path", Text, nullable=False, unique=True),
    Column("kind", _word(), nullable=False),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("phone", Text, nullable=False, default=""),
    _created(),
)

user = Table(
    "user",
    metadata,
    _id(),
    _to("organisation"),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    _created(),
)

grant = Table(
    "role_grant",
    metadata,
    _to("user", primary_key=True),
    _to("organisation", primary_key=True),
    Column("role", _word(), primary_key=True),
    _created(),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("secret_hash", String(80), primary_key=True),
    _to("user", index=True),
    Column("seen_at", UtcDateTime(), nullable=False),
    Column("ends_at", UtcDateTime(), nullable=False, index=True),
    _created(),
)

# ---- what they work on ------------------------------------------------------------------------

case = Table(
    "case",
    metadata,
    _id(),
    _to("organisation", index=True),
    Column("kind", _word(), nullable=False),
    Column("dispute_type", _word(), nullable=False),
    Column("title", Text, nullable=False),
    _created(),
)
Index(None, case.c.created_at)

case_status = Table(
    "case_status",
    metadata,
    _to("case", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("before", _word()),
    Column("status", _word(), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    _to("user", "by", nullable=True),
    Column("why", Text, nullable=False, default=""),
    _created(),
)

case_handler = Table(
    "case_handler",
    metadata,
    _id(),
    _to("case", index=True),
    _to("user", index=True),
    Column("since", UtcDateTime(), nullable=False),
    Column("until", UtcDateTime()),
    _created(),
)

party = Table(
    "party",
    metadata,
    _id(),
    _to("case", index=True),
    Column("side", String(8), nullable=False),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False, default=""),
    _created(),
)

form = Table(
    "form",
    metadata,
    _to("user", primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("made", Id(), nullable=False),
    _created(),
)

# ---- meetings ---------------------------------------------------------------------------------

session = Table(
    "session",
    metadata,
    _id(),
    _to("case", index=True),
    _to("organisation"),
    Column("starts_at", UtcDateTime(), nullable=False, index=True),
    Column("state", _word(), nullable=False, index=True),
    Column("result_kind", _word()),
    Column("result_reason", Text),
    Column("result_until", Date),
    Column("version", Integer, nullable=False),
    _created(),
)

space = Table(
    "space",
    metadata,
    _id(),
    _to("session", index=True),
    Column("kind", _word(), nullable=False),
    Column("side", String(8)),
    Column("opened_at", UtcDateTime(), nullable=False),
    Column("closed_at", UtcDateTime()),
    Column("unattended_since", UtcDateTime()),
    Column("silenced", Boolean, nullable=False),
    _created(),
)

seat = Table(
    "seat",
    metadata,
    _id(),
    _to("session", index=True),
    # Whose account this seat is opened with (hosts); None for those who come by link only.
    _to("user", nullable=True, index=True),
    Column("role", _word(), nullable=False),
    Column("side", String(8)),
    Column("name", Text, nullable=False),
    Column("link_version", Integer, nullable=False),
    Column("chair", Boolean, nullable=False),
    _to("seat", "claim_of", nullable=True),
    Column("device", Id()),
    Column("said_name", Text),
    Column("admitted", Boolean, nullable=False),
    Column("sent_out", Boolean, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("since", UtcDateTime()),
    Column("lost_at", UtcDateTime()),
    # May name a space that is closed by now: then the seat is nowhere.
    Column("space", Id()),
    Column("microphone", Boolean, nullable=False),
    Column("camera", Boolean, nullable=False),
    Column("asks", JSON, nullable=False),
    # The number of the last thing this seat was told.
    Column("told", Integer, nullable=False, default=0),
    # A claim that is over: its row stays for what refers to it.
    Column("dropped_at", UtcDateTime()),
    _created(),
)

seat_event = Table(
    "seat_event",
    metadata,
    _to("seat", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("fact", JSON, nullable=False),
)

command = Table(
    "command",
    metadata,
    _to("seat", primary_key=True),
    Column("id", Id(), primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("answer", JSON, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    _to("session", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    _to("seat", index=True),
    Column("purpose", _word(), nullable=False),
    Column("text_version", Integer, nullable=False),
    Column("text_hash", String(80), nullable=False),
    Column("given_at", UtcDateTime(), nullable=False),
    Column("withdrawn_at", UtcDateTime()),
    _created(),
)

attendance = Table(
    "attendance",
    metadata,
    _id(),
    _to("session", index=True),
    _to("seat"),
    Column("space", Id(), nullable=False),
    Column("kind", _word(), nullable=False),
    Column("device", Id()),
    Column("entered_at", UtcDateTime(), nullable=False),
    Column("left_at", UtcDateTime()),
    _created(),
)
Index(
    "ix_attendance_open",
    attendance.c.seat,
    sqlite_where=text("left_at IS NULL"),
    postgresql_where=text("left_at IS NULL"),
)

device = Table(
    "device",
    metadata,
    _id(),
    _to("seat", index=True),
    Column("secret_hash", String(80), nullable=False),
    Column("link_version", Integer, nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False, index=True),
    _created(),
)

# ---- audit ------------------------------------------------------------------------------------

audit_head = Table(
    "audit_head",
    metadata,
    Column("chain", String(64), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("hash", String(80), nullable=False),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("chain", String(64), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("verb", String(64), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("thing", String(64), nullable=False),
    # Canonical JSON, kept as the very text that was hashed.
    Column("body", Text, nullable=False),
    Column("alg", String(16), nullable=False),
    Column("previous", String(80), nullable=False),
    Column("hash", String(80), nullable=False),
)

# A signature over where chains ended at some moment: it shows a chain that was rewritten whole.
audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("alg", String(16), nullable=False),
    Column("previous", String(128), nullable=False),
    Column("signature", String(128), nullable=False),
)

audit_seal = Table(
    "audit_seal",
    metadata,
    Column("checkpoint", Integer, ForeignKey("audit_checkpoint.n"), primary_key=True),
    Column("chain", String(64), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("hash", String(80), nullable=False),
)
Index(None, audit_seal.c.chain, audit_seal.c.n)
