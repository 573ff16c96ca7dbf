"""Messages, and who reads them; what they say comes and goes sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import RowMapping, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import MessageId, SeatId, SessionId, SpaceId
from server.domain.message import Message
from server.domain.seat import Role
from server.domain.space import SpaceKind
from server.store import tables

_message, _reader, _seat = tables.message, tables.message_reader, tables.seat


@dataclass(frozen=True, slots=True)
class Written:
    """A message, and who wrote it, as they were booked. `claim`: at another device's wish for the
    seat."""

    message: Message
    name: str
    role: Role
    side: str | None
    claim: bool


async def insert(
    conn: AsyncConnection, session_id: SessionId, message: Message, readers: Iterable[SeatId]
) -> None:
    """`message.body` is sealed."""
    row = {
        "id": message.id,
        "session": session_id,
        "space": message.space,
        "kind": message.kind,
        "by": message.by,
        "to_lobby": message.to_lobby,
        "body": message.body,
        "at": message.at,
    }
    await conn.execute(insert_into(_message).values(**row))
    rows = [{"message": message.id, "seat": seat} for seat in readers]
    await conn.execute(insert_into(_reader), rows)


async def read_by(conn: AsyncConnection, seat_id: SeatId, most: int) -> list[Written]:
    """The newest `most` that reached this seat, the oldest of them first."""
    found = (
        select(_message, _seat.c.name, _seat.c.role, _seat.c.side, _seat.c.claim_of)
        .join(_reader, _reader.c.message == _message.c.id)
        .join(_seat, _seat.c.id == _message.c.by)
        .where(_reader.c.seat == seat_id)
        .order_by(_message.c.id.desc())
        .limit(most)
    )
    return [_to_written(row) for row in (await conn.execute(found)).mappings()][::-1]


def _to_written(row: RowMapping) -> Written:
    message = Message(
        id=MessageId(row["id"]),
        space=SpaceId(row["space"]),
        kind=SpaceKind(row["kind"]),
        by=SeatId(row["by"]),
        body=row["body"],
        at=row["at"],
        to_lobby=SeatId(row["to_lobby"]) if row["to_lobby"] else None,
    )
    claim = row["claim_of"] is not None
    return Written(message, row["name"], Role(row["role"]), row["side"], claim)
