"""What each seat was told, numbered 1, 2, 3… per seat without gaps.

The number is the seat's own, so that nobody can count what happens where they are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SeatId
from server.store import tables

_seat, _event = tables.seat, tables.seat_event


Told = tuple[int, datetime, dict[str, Any]]
"""A number, when, and the fact."""


async def append(
    conn: AsyncConnection, facts: Mapping[SeatId, dict[str, Any]], at: datetime
) -> dict[SeatId, int]:
    """Returns each fact's number. Raises LookupError for a seat that never was."""
    if not facts:
        return {}
    # The update holds the seats' rows until the commit, so numbers come in order of commits.
    count = update(_seat).where(_seat.c.id.in_(facts)).values(told=_seat.c.told + 1)
    counted = await conn.execute(count.returning(_seat.c.id, _seat.c.told))
    numbers = {SeatId(row.id): int(row.told) for row in counted}
    if missing := facts.keys() - numbers.keys():
        raise LookupError(missing)
    rows = [{"seat": s, "n": numbers[s], "at": at, "fact": fact} for s, fact in facts.items()]
    await conn.execute(insert(_event), rows)
    return numbers


async def since(conn: AsyncConnection, seat: SeatId, n: int) -> list[Told]:
    """Everything after number `n`, oldest first."""
    later = select(_event.c.n, _event.c.at, _event.c.fact).where(_event.c.seat == seat)
    rows = await conn.execute(later.where(_event.c.n > n).order_by(_event.c.n))
    return [(row.n, row.at, row.fact) for row in rows]


async def last(conn: AsyncConnection, seat: SeatId) -> int:
    """The number of the last thing this seat was told; 0 for nothing yet."""
    return await conn.scalar(select(_seat.c.told).where(_seat.c.id == seat)) or 0
