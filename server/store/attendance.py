"""The rows of attendance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.attendance import Attendance
from server.domain.ids import DeviceId, SeatId, SessionId, SpaceId
from server.domain.space import SpaceKind
from server.security.ids import new_id
from server.store import tables

_attendance, _seat = tables.attendance, tables.seat


async def enter(conn: AsyncConnection, stay: Attendance) -> None:
    session = select(_seat.c.session).where(_seat.c.id == stay.seat).scalar_subquery()
    row = {"id": new_id(), "seat": stay.seat, "space": stay.space, "kind": stay.kind}
    when = {"entered_at": stay.entered_at, "device": stay.device}
    await conn.execute(insert(_attendance).values(session=session, **row, **when))


async def exit(  # noqa: A001 - the word for it
    conn: AsyncConnection, seat: SeatId, space: SpaceId, at: datetime
) -> None:
    stay = and_(_attendance.c.seat == seat, _attendance.c.space == space)
    lasting = and_(stay, _attendance.c.left_at.is_(None))
    await conn.execute(update(_attendance).where(lasting).values(left_at=at))


async def of_session(conn: AsyncConnection, session: SessionId) -> list[Attendance]:
    """Every stay, in the order of entering."""
    rows = await conn.execute(
        select(_attendance)
        .where(_attendance.c.session == session)
        .order_by(_attendance.c.entered_at, _attendance.c.id)
    )
    return [
        Attendance(
            SeatId(row["seat"]),
            SpaceId(row["space"]),
            SpaceKind(row["kind"]),
            DeviceId(row["device"]) if row["device"] else None,
            row["entered_at"],
            row["left_at"],
        )
        for row in rows.mappings()
    ]
