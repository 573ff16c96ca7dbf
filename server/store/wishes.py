"""Whom the sides of a case wish for as their mediator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, UserId
from server.store import tables

_wish = tables.case_wish


async def of_case(conn: AsyncConnection, case_id: CaseId) -> dict[str, UserId]:
    """By side."""
    found = select(_wish.c.side, _wish.c.user).where(_wish.c.case == case_id)
    rows = await conn.execute(found.order_by(_wish.c.side))
    return {row.side: UserId(row.user) for row in rows}


async def put(
    conn: AsyncConnection, case_id: CaseId, side: str, user_id: UserId | None, at: datetime
) -> None:
    """In place of what this side wished for before; None: it has no wish any more."""
    mine = (_wish.c.case == case_id) & (_wish.c.side == side)
    await conn.execute(delete(_wish).where(mine))
    if user_id is not None:
        row = {"case": case_id, "side": side, "user": user_id, "at": at}
        await conn.execute(insert_into(_wish).values(**row))
