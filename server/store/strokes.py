"""Strokes on the pages of exhibits; their shapes come and go sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import delete as delete_from
from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import ExhibitId, SeatId, SpaceId, StrokeId
from server.domain.stroke import Stroke
from server.store import tables

_stroke = tables.stroke


async def insert(conn: AsyncConnection, stroke: Stroke) -> None:
    await conn.execute(insert_into(_stroke).values(**asdict(stroke)))


async def of_page(
    conn: AsyncConnection, exhibit: ExhibitId, page: int, space: SpaceId
) -> list[Stroke]:
    """Those drawn in that space, oldest first."""
    found = select(_stroke).where(
        _stroke.c.exhibit == exhibit, _stroke.c.page == page, _stroke.c.space == space
    )
    rows = await conn.execute(found.order_by(_stroke.c.at, _stroke.c.id))
    return [
        Stroke(
            id=StrokeId(row["id"]),
            exhibit=ExhibitId(row["exhibit"]),
            page=row["page"],
            space=SpaceId(row["space"]),
            by=SeatId(row["by"]),
            shape=row["shape"],
            at=row["at"],
        )
        for row in rows.mappings()
    ]


async def delete(conn: AsyncConnection, strokes: Iterable[StrokeId]) -> None:
    await conn.execute(delete_from(_stroke).where(_stroke.c.id.in_(list(strokes))))
