"""Sessions, who sits in them, and what each seat was told."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table, Text, text

from server.store.tables.columns import created, own_id, to, word
from server.store.types import Id, UtcDateTime, metadata

session = Table(
    "session",
    metadata,
    own_id(),
    to("case", index=True),
    to("organisation"),
    Column("starts_at", UtcDateTime(), nullable=False, index=True),
    Column("state", word(), nullable=False, index=True),
    # The sides never share a space; from the case when it was booked, and changed with it.
    Column("shuttle_only", Boolean, nullable=False, default=False, server_default="0"),
    Column("purpose", word(), nullable=False, server_default="meeting"),
    Column("minutes", Integer, nullable=False, server_default="60"),
    Column("locked", Boolean, nullable=False, server_default="0"),
    Column("break_until", UtcDateTime()),
    Column("result_kind", word()),
    Column("result_reason", Text),
    Column("result_until", Date),
    Column("edition", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False),
    created(),
)

space = Table(
    "space",
    metadata,
    own_id(),
    to("session", index=True),
    Column("kind", word(), nullable=False),
    Column("side", String(8)),
    Column("opened_at", UtcDateTime(), nullable=False),
    Column("closed_at", UtcDateTime()),
    Column("unattended_since", UtcDateTime()),
    Column("silenced", Boolean, nullable=False),
    Column("quiet", Boolean, nullable=False, server_default="0"),
    Column("expected_at", UtcDateTime()),
    Column("knock", Id()),
    Column("exhibit", Id()),
    Column("page", Integer, nullable=False, server_default="1"),
    Column("shown_by", Id()),
    Column("screen", Id()),
    Column("scope", String(64), nullable=False, server_default=""),
    # How the last recording here ended.
    Column("recorded", word()),
    created(),
)

seat = Table(
    "seat",
    metadata,
    own_id(),
    to("session", index=True),
    # Who of the staff sits here: hosts, whose account opens it, and co-mediators of the case.
    to("user", nullable=True, index=True),
    # Which party of the case sits here.
    to("party", nullable=True, index=True),
    # Who speaks for that party, if it is not the party itself.
    to("representative", "speaker", nullable=True),
    # What an interpreter interprets.
    Column("language", String(60), nullable=False, server_default=""),
    # Sealed: by what a guest is reached, who is neither a party nor speaks for one.
    Column("contact", Text, nullable=False, server_default=""),
    Column("role", word(), nullable=False),
    Column("side", String(8)),
    Column("name", Text, nullable=False),
    Column("link_version", Integer, nullable=False),
    Column("chair", Boolean, nullable=False),
    to("seat", "claim_of", nullable=True),
    Column("device", Id()),
    Column("said_name", Text),
    Column("admitted", Boolean, nullable=False),
    Column("sent_out", Boolean, nullable=False),
    Column("let_through", Boolean, nullable=False, server_default="0"),
    Column("present", Boolean, nullable=False),
    Column("since", UtcDateTime()),
    Column("lost_at", UtcDateTime()),
    # May name a space that is closed by now: then the seat is nowhere.
    Column("space", Id()),
    Column("microphone", Boolean, nullable=False),
    Column("camera", Boolean, nullable=False),
    Column("asks", JSON, nullable=False),
    Column("revoked", Boolean, nullable=False, server_default="0"),
    Column("signs", Boolean, nullable=False, server_default="0"),
    Column("away", Boolean, nullable=False, server_default="0"),
    # The names of others at the same device.
    Column("beside", JSON, nullable=False, server_default="[]"),
    Column("beside_told", Boolean, nullable=False, server_default="0"),
    Column("beside_agreed", Boolean, nullable=False, server_default="0"),
    # What others have said of them, yes or no by seat.
    Column("beside_answers", JSON, nullable=False, server_default="{}"),
    # The number of the last thing this seat was told.
    Column("told", Integer, nullable=False, default=0),
    # A claim that is over: its row stays for what refers to it.
    Column("dropped_at", UtcDateTime()),
    created(),
)

seat_event = Table(
    "seat_event",
    metadata,
    to("seat", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("fact", JSON, nullable=False),
)

command = Table(
    "command",
    metadata,
    to("seat", primary_key=True),
    Column("id", Id(), primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("answer", JSON, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    to("session", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    to("seat", index=True),
    Column("purpose", word(), nullable=False),
    Column("text_version", Integer, nullable=False),
    Column("text_hash", String(80), nullable=False),
    Column("given_at", UtcDateTime(), nullable=False),
    Column("withdrawn_at", UtcDateTime()),
    # Whose, of several at one device.
    Column("person", Text, nullable=False, server_default=""),
    created(),
)

attendance = Table(
    "attendance",
    metadata,
    own_id(),
    to("session", index=True),
    to("seat"),
    Column("space", Id(), nullable=False),
    Column("kind", word(), nullable=False),
    Column("device", Id()),
    Column("entered_at", UtcDateTime(), nullable=False),
    Column("left_at", UtcDateTime()),
    created(),
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
    own_id(),
    to("seat", index=True),
    Column("secret_hash", String(80), nullable=False),
    Column("link_version", Integer, nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False, index=True),
    created(),
)
