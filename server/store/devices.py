"""Devices that exchanged a seat's link for a cookie. Only hashes of the cookies are here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import DeviceId, SeatId, SessionId
from server.store import tables

_device, _seat = tables.device, tables.seat


@dataclass(frozen=True, slots=True)
class Device:
    """`link_version`: of the link it came with."""

    id: DeviceId
    seat: SeatId
    session: SessionId
    secret_hash: str
    link_version: int
    expires_at: datetime


async def insert(
    conn: AsyncConnection,
    device_id: DeviceId,
    seat: SeatId,
    secret_hash: str,
    link_version: int,
    at: datetime,
    expires_at: datetime,
) -> None:
    row = {"id": device_id, "seat": seat, "secret_hash": secret_hash, "created_at": at}
    await conn.execute(
        insert_into(_device).values(**row, link_version=link_version, expires_at=expires_at)
    )


async def find(conn: AsyncConnection, device_id: DeviceId) -> Device | None:
    with_session = select(_device, _seat.c.session).join(_seat, _seat.c.id == _device.c.seat)
    found = await conn.execute(with_session.where(_device.c.id == device_id))
    row = found.mappings().first()
    if row is None:
        return None
    return Device(
        DeviceId(row["id"]),
        SeatId(row["seat"]),
        SessionId(row["session"]),
        row["secret_hash"],
        row["link_version"],
        row["expires_at"],
    )
