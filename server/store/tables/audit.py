"""The audit chains, their heads, and the signatures over them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from server.store.types import UtcDateTime, metadata

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

# By which looks at what is sealed are found (store.looks).
Index(None, audit_entry.c.verb, audit_entry.c.at)

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
