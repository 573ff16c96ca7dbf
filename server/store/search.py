"""The column that search reads: tokens of a case's number, title, reference and names.

PostgreSQL has an index over the tokens as an array. SQLite has a full-text table beside, which
triggers keep in step (migration 0005). Tokens are compared whole, never as patterns.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId
from server.domain.search import in_order, tokens
from server.store import tables

_case, _party, _representative = tables.case, tables.party, tables.representative

FEW, MANY = 1_000, 30_000
"""How SQLite goes about a word that so many cases have, for it keeps no figures of its own.

Few: it takes them one by one. More: it goes through the list and looks who is among them. Beyond
many it goes through the list and reads, for most of them have it.
"""


async def refresh(conn: AsyncConnection, case_id: CaseId) -> None:
    """In the transaction that changed a number, a title, a reference or a name."""
    row = (
        await conn.execute(
            select(_case.c.number, _case.c.title, _case.c.reference).where(_case.c.id == case_id)
        )
    ).one()
    parties = select(_party.c.name).where(_party.c.case == case_id)
    speakers = (
        select(_representative.c.name)
        .join(_party, _party.c.id == _representative.c.party)
        .where(_party.c.case == case_id)
    )
    words = [*row, *await conn.scalars(parties), *await conn.scalars(speakers)]
    found = {"search": " ".join(tokens("\n".join(words))), "number_order": in_order(row.number)}
    await conn.execute(update(_case).where(_case.c.id == case_id).values(**found))


async def has(conn: AsyncConnection, words: list[str]) -> ColumnElement[bool]:
    """That a case has all these tokens (domain.search.asked)."""
    if conn.dialect.name == "postgresql":
        # Written as in the index, or it would not be used.
        held = func.string_to_array(_case.c.search, literal_column("' '"), type_=ARRAY(Text))
        return held.contains(words)
    asked = " ".join(f'"{word}"' for word in words)
    counted = text(
        "SELECT count(*) FROM (SELECT 1 FROM case_fts WHERE case_fts MATCH :asked LIMIT :most)"
    )
    number = await conn.scalar(counted, {"asked": asked, "most": MANY + 1}) or 0
    if number <= FEW:
        return _case.c.id.in_(_matching(asked))
    if number <= MANY:
        # With the sign it doesn't look them up by their ids.
        return literal_column('+"case".id', String).in_(_matching(asked))
    padded = literal_column("' '").concat(_case.c.search).concat(literal_column("' '"))
    held_all: ColumnElement[bool] = func.instr(padded, f" {words[0]} ") > 0
    for word in words[1:]:
        held_all = held_all & (func.instr(padded, f" {word} ") > 0)
    return held_all


def _matching(asked: str) -> Any:
    row = table("case_word", column("n"), column("case"))
    words = text("SELECT rowid FROM case_fts WHERE case_fts MATCH :asked").bindparams(
        bindparam("asked", asked)
    )
    return select(row.c.case).where(row.c.n.in_(words.columns(column("rowid"))))
