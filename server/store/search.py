"""The column that search reads: tokens of a case's number, title and names."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId
from server.domain.search import tokens
from server.store import tables

_case, _party, _representative = tables.case, tables.party, tables.representative


async def refresh(conn: AsyncConnection, case_id: CaseId) -> None:
    """In the transaction that changed a number, a title or a name."""
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
    found = " ".join(tokens("\n".join(words)))
    await conn.execute(update(_case).where(_case.c.id == case_id).values(search=found))
