"""Who works where."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from server.store.tables.columns import created, own_id, plain_name, to, word
from server.store.types import Id, UtcDateTime, metadata

organisation = Table(
    "organisation",
    metadata,
    own_id(),
    to("organisation", "parent", nullable=True, index=True),
    Column("path", Text, nullable=False, unique=True),
    Column("kind", word(), nullable=False),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("phone", Text, nullable=False, default=""),
    Column("email", Text, nullable=False, default="", server_default=""),
    Column("address", Text, nullable=False, default="", server_default=""),
    # Opening hours in words of the organisation's own, one line a day or rule.
    Column("hours", Text, nullable=False, default="", server_default=""),
    # How its case numbers are written; empty: the usual form with `short`, its one-letter name.
    Column("short", String(16), nullable=False, default="", server_default=""),
    Column("number_form", Text, nullable=False, default="", server_default=""),
    Column("closed_at", UtcDateTime()),
    created(),
)

user = Table(
    "user",
    metadata,
    own_id(),
    to("organisation", index=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    plain_name(),
    # Empty until an invitation is accepted: nothing matches it.
    Column("password_hash", Text, nullable=False),
    Column("phone", Text, nullable=False, default="", server_default=""),
    Column("email", Text, nullable=False, default="", server_default=""),
    Column("licence", Text, nullable=False, default="", server_default=""),
    Column("introduction", Text, nullable=False, default="", server_default=""),
    # Dispute types; languages and dialects in the person's own words.
    Column("expertise", JSON, nullable=False, default=list, server_default="[]"),
    Column("languages", JSON, nullable=False, default=list, server_default="[]"),
    Column("photo", Id()),
    # Whether visitors may choose them from the public list.
    Column("listed", Boolean, nullable=False, default=False, server_default="0"),
    # Sealed under the server's own key; in use once confirmed.
    Column("totp_secret", Text),
    Column("totp_confirmed_at", UtcDateTime()),
    # The last time step whose code was used: a code counts once.
    Column("totp_step", Integer),
    Column("left_at", UtcDateTime()),
    created(),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    to("user", primary_key=True),
    Column("code_hash", String(80), primary_key=True),
    Column("used_at", UtcDateTime()),
    created(),
)

invitation = Table(
    "invitation",
    metadata,
    own_id(),
    to("user", index=True),
    Column("secret_hash", String(80), nullable=False, unique=True),
    to("user", "by", nullable=True),
    Column("expires_at", UtcDateTime(), nullable=False),
    Column("used_at", UtcDateTime()),
    created(),
)

grant = Table(
    "role_grant",
    metadata,
    to("user", primary_key=True),
    to("organisation", primary_key=True),
    Column("role", word(), primary_key=True),
    created(),
)
Index(None, grant.c.organisation)

staff_session = Table(
    "staff_session",
    metadata,
    Column("secret_hash", String(80), primary_key=True),
    # By this one it is listed and ended; the other opens it.
    Column("id", Id(), unique=True),
    to("user", index=True),
    Column("device", Text, nullable=False, default="", server_default=""),
    Column("address", Text, nullable=False, default="", server_default=""),
    Column("seen_at", UtcDateTime(), nullable=False),
    # When the password was last shown in it: exports ask for it anew.
    Column("confirmed_at", UtcDateTime()),
    Column("ends_at", UtcDateTime(), nullable=False, index=True),
    created(),
)
