"""Who stands before a locked door with the link of a seat that another device has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SeatId, SessionId
from server.store import tables

_outside, _seat = tables.outside, tables.seat


async def keep(conn: AsyncConnection, seat: SeatId, at: datetime | None) -> bool:
    """`at`: since when it has been seen there last; None: it is there no more. Whether anything
    is another now."""
    gone = await conn.execute(delete(_outside).where(_outside.c.seat == seat))
    if at is not None:
        await conn.execute(insert(_outside).values(seat=seat, at=at))
    return at is not None or gone.rowcount > 0


async def of_session(conn: AsyncConnection, session: SessionId) -> dict[SeatId, datetime]:
    """By seat, when it was seen there last."""
    rows = select(_outside.c.seat, _outside.c.at).join(_seat, _seat.c.id == _outside.c.seat)
    found = await conn.execute(rows.where(_seat.c.session == session))
    return {SeatId(row.seat): row.at for row in found}
