"""The codes by which parties ask how their matter stands."""

from __future__ import annotations

from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId
from server.store import tables

_code = tables.matter_code


async def insert(conn: AsyncConnection, case_id: CaseId, hashed: str, sealed: str) -> None:
    row = {"case": case_id, "hash": hashed, "sealed": sealed}
    await conn.execute(insert_into(_code).values(**row))


async def case_of(conn: AsyncConnection, hashed: str) -> CaseId | None:
    found = await conn.scalar(select(_code.c.case).where(_code.c.hash == hashed))
    return None if found is None else CaseId(found)


async def sealed(conn: AsyncConnection, case_id: CaseId) -> str:
    """Empty if the case has none (from before there were codes)."""
    return await conn.scalar(select(_code.c.sealed).where(_code.c.case == case_id)) or ""
