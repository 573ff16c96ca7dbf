"""The hosts' notes of a meeting; what they say comes and goes sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import RoomNoteId, SeatId, SessionId
from server.domain.release import Release
from server.domain.room_note import RoomNote
from server.store import tables

_note = tables.room_note


async def insert(conn: AsyncConnection, note: RoomNote) -> None:
    """`note.body` is sealed."""
    row = {"scope": note.scope, "by": note.by, "body": note.body, "at": note.at}
    row |= {"id": note.id, "session": note.session, "release": note.release}
    await conn.execute(insert_into(_note).values(**row))


async def find(
    conn: AsyncConnection, session_id: SessionId, note_id: RoomNoteId
) -> RoomNote | None:
    where = (_note.c.session == session_id) & (_note.c.id == note_id)
    row = (await conn.execute(select(_note).where(where))).mappings().first()
    return _to_note(row) if row else None


async def of_session(conn: AsyncConnection, session_id: SessionId) -> list[RoomNote]:
    """The oldest first, with sealed bodies."""
    found = select(_note).where(_note.c.session == session_id).order_by(_note.c.id)
    return [_to_note(row) for row in (await conn.execute(found)).mappings()]


async def strike(conn: AsyncConnection, note_id: RoomNoteId, at: datetime) -> None:
    struck = update(_note).where(_note.c.id == note_id, _note.c.struck_at.is_(None))
    await conn.execute(struck.values(struck_at=at))


def _to_note(row: RowMapping) -> RoomNote:
    return RoomNote(
        id=RoomNoteId(row["id"]),
        session=SessionId(row["session"]),
        scope=row["scope"],
        by=SeatId(row["by"]),
        body=row["body"],
        at=row["at"],
        struck_at=row["struck_at"],
        release=Release(row["release"]),
        answered_at=row["answered_at"],
    )
