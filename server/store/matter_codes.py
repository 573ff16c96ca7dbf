"""The codes by which parties ask how their matter stands."""

from __future__ import annotations

from sqlalchemy import insert as insert_into
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId
from server.store import tables

_code, _case = tables.matter_code, tables.case


async def insert(conn: AsyncConnection, case_id: CaseId, hashed: str, sealed: str) -> None:
    row = {"case": case_id, "hash": hashed, "sealed": sealed}
    await conn.execute(insert_into(_code).values(**row))


async def replace(conn: AsyncConnection, case_id: CaseId, hashed: str, sealed: str) -> bool:
    """The old one finds nothing any more. False if the case has none."""
    mine = update(_code).where(_code.c.case == case_id)
    return (await conn.execute(mine.values(hash=hashed, sealed=sealed))).rowcount == 1


async def case_of(conn: AsyncConnection, hashed: str) -> CaseId | None:
    found = await conn.scalar(select(_code.c.case).where(_code.c.hash == hashed))
    return None if found is None else CaseId(found)


async def sealed(conn: AsyncConnection, case_id: CaseId) -> str:
    """Empty if the case has none (from before there were codes)."""
    return await conn.scalar(select(_code.c.sealed).where(_code.c.case == case_id)) or ""


async def without(conn: AsyncConnection, limit: int) -> list[CaseId]:
    """Cases that have none: they are from before there were codes."""
    coded = select(_code.c.case)
    found = select(_case.c.id).where(_case.c.id.not_in(coded)).order_by(_case.c.id).limit(limit)
    return [CaseId(i) for i in await conn.scalars(found)]
