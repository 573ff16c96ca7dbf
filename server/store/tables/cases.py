"""Cases: what they are about, whose they are, and how they stand."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, text

from server.store.tables.columns import created, own_id, plain_name, to, word
from server.store.types import Id, UtcDateTime, metadata

case = Table(
    "case",
    metadata,
    own_id(),
    to("organisation"),
    Column("kind", word(), nullable=False),
    Column("dispute_type", word(), nullable=False),
    Column("title", Text, nullable=False),
    # As the newest row of case_status says; here for lists.
    Column("status", word(), nullable=False, server_default="applied"),
    # Empty until accepted.
    Column("number", Text, nullable=False, default="", server_default=""),
    Column("source", word(), nullable=False, server_default="visit"),
    # The number of the court, the police or whoever passed the matter on.
    Column("reference", Text, nullable=False, default="", server_default=""),
    Column("referred_by", Text, nullable=False, default="", server_default=""),
    # When it reached us, if that was not the day it was entered.
    Column("received_on", Date),
    Column("difficulty", word(), nullable=False, server_default="simple"),
    Column("regime", word(), nullable=False, server_default="peoples"),
    # Sealed JSON: facts, request, place (domain.statement).
    Column("statement", Text, nullable=False, default="", server_default=""),
    Column("outcome", word()),
    Column("accepted_on", Date),
    Column("closed_on", Date),
    # What is due next, as the deadline table says; here for lists.
    Column("due_kind", word()),
    Column("due_on", Date),
    Column("shuttle_only", Boolean, nullable=False, default=False, server_default="0"),
    # Two people editing: who comes second is told.
    Column("version", Integer, nullable=False, default=1, server_default="1"),
    # What lists and search read: tokens of number, title and names.
    Column("search", Text, nullable=False, default="", server_default=""),
    # The number so that it sorts as people count.
    Column("number_order", Text, nullable=False, default="", server_default=""),
    created(),
)
# Lists are filtered and sorted in these alone, whatever is asked within one's organisations;
# the four after it for those who see much of what there is and want the first page.
Index(
    "ix_case_list",
    case.c.organisation,
    case.c.created_at,
    case.c.id,
    case.c.status,
    case.c.dispute_type,
    case.c.source,
    case.c.difficulty,
    case.c.accepted_on,
    case.c.due_on,
    case.c.number_order,
)
Index("ix_case_came_in", case.c.created_at, case.c.id, case.c.organisation)
Index(
    "ix_case_accepted",
    case.c.accepted_on,
    case.c.id,
    case.c.organisation,
    sqlite_where=text("accepted_on IS NOT NULL"),
    postgresql_where=text("accepted_on IS NOT NULL"),
)
Index(
    "ix_case_due",
    case.c.due_on,
    case.c.id,
    case.c.organisation,
    sqlite_where=text("due_on IS NOT NULL"),
    postgresql_where=text("due_on IS NOT NULL"),
)
Index(
    "ix_case_number_order",
    case.c.number_order,
    case.c.id,
    case.c.organisation,
    sqlite_where=text("number_order <> ''"),
    postgresql_where=text("number_order <> ''"),
)
Index(
    "uq_case_number",
    case.c.organisation,
    case.c.number,
    unique=True,
    sqlite_where=text("number <> ''"),
    postgresql_where=text("number <> ''"),
)

Index(
    "ix_case_reference",
    case.c.reference,
    sqlite_where=text("reference <> ''"),
    postgresql_where=text("reference <> ''"),
)

case_status = Table(
    "case_status",
    metadata,
    to("case", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("before", word()),
    Column("status", word(), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    to("user", "by", nullable=True),
    Column("why", Text, nullable=False, default=""),
    created(),
)

number_counter = Table(
    "number_counter",
    metadata,
    to("organisation", primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("kind", word(), primary_key=True),
    Column("n", Integer, nullable=False),
    created(),
)

case_handler = Table(
    "case_handler",
    metadata,
    own_id(),
    to("case", index=True),
    to("user", index=True),
    # mediator, co_mediator, clerk
    Column("role", word(), nullable=False, server_default="mediator"),
    Column("since", UtcDateTime(), nullable=False),
    Column("until", UtcDateTime()),
    created(),
)

case_offer = Table(
    "case_offer",
    metadata,
    own_id(),
    to("case", index=True),
    to("user", index=True),
    Column("role", word(), nullable=False),
    to("user", "by", nullable=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("answer_by", Date, nullable=False),
    Column("answered_at", UtcDateTime()),
    # accepted, disclosed, declined, taken_back
    Column("answer", word()),
    Column("why", Text, nullable=False, default=""),
    created(),
)

case_wish = Table(
    "case_wish",
    metadata,
    to("case", primary_key=True),
    Column("side", String(8), primary_key=True),
    to("user"),
    Column("at", UtcDateTime(), nullable=False),
    created(),
)

case_link = Table(
    "case_link",
    metadata,
    own_id(),
    to("case", index=True),
    to("case", "other", index=True),
    # joined_into: `case` goes on in `other`; split_from: `case` was part of `other`
    Column("kind", word(), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    to("user", "by", nullable=True),
    Column("why", Text, nullable=False, default=""),
    created(),
)

party = Table(
    "party",
    metadata,
    own_id(),
    to("case", index=True),
    Column("side", String(8), nullable=False),
    Column("name", Text, nullable=False, index=True),
    plain_name(),
    Column("kind", word(), nullable=False, server_default="person"),
    # From before fields were sealed; emptied at the first start after that.
    Column("contact", Text, nullable=False, default=""),
    # Sealed JSON (domain.party.Details).
    Column("details", Text, nullable=False, default="", server_default=""),
    # In which they are written to; empty: the server's own.
    Column("language", String(8), nullable=False, default="", server_default=""),
    Column("left_at", UtcDateTime()),
    # Sealed.
    Column("left_why", Text, nullable=False, default="", server_default=""),
    created(),
)

party_lookup = Table(
    "party_lookup",
    metadata,
    to("party", primary_key=True),
    # id_number, phone
    Column("kind", word(), primary_key=True),
    # HMAC of the normalised value: found exactly, read by nobody.
    Column("hash", String(80), primary_key=True, index=True),
    created(),
)

representative = Table(
    "representative",
    metadata,
    own_id(),
    to("party", index=True),
    Column("name", Text, nullable=False),
    plain_name(),
    # legal, lawyer, relative, other
    Column("kind", word(), nullable=False),
    # general or special power (一般授权, 特别授权)
    Column("power", word(), nullable=False),
    Column("details", Text, nullable=False, default=""),
    Column("since", UtcDateTime(), nullable=False),
    Column("until", UtcDateTime()),
    created(),
)

form = Table(
    "form",
    metadata,
    to("user", primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("made", Id(), nullable=False),
    created(),
)
