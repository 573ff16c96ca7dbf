"""The rows of attendance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.attendance import Attendance
from server.domain.ids import DeviceId, SeatId, SessionId, SpaceId
from server.domain.space import SpaceKind
from server.security.ids import new_id
from server.store import tables

_attendance = tables.attendance


async def enter(conn: AsyncConnection, session: SessionId, stays: Iterable[Attendance]) -> None:
    if rows := [{"id": new_id(), "session": session, **asdict(stay)} for stay in stays]:
        await conn.execute(insert(_attendance), rows)


async def exit(  # noqa: A001 - the word for it
    conn: AsyncConnection, stays: Mapping[SeatId, SpaceId], at: datetime
) -> None:
    """These stays, of a seat in a space, are over."""
    if not stays:
        return
    stay = (_attendance.c.seat == bindparam("of")) & (_attendance.c.space == bindparam("there"))
    over = update(_attendance).where(stay, _attendance.c.left_at.is_(None)).values(left_at=at)
    await conn.execute(over, [{"of": seat, "there": space} for seat, space in stays.items()])


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
