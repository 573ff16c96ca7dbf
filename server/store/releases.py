"""What a side was asked to release, be it a note or an exhibit: the same columns of two tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SeatId, SessionId
from server.domain.release import Releasable, Release, ReleaseKind
from server.store import tables

_TABLES = {ReleaseKind.NOTE: tables.room_note, ReleaseKind.EXHIBIT: tables.exhibit}
_WORDS = {ReleaseKind.NOTE: "body", ReleaseKind.EXHIBIT: "name"}
_GONE = {ReleaseKind.NOTE: "struck_at", ReleaseKind.EXHIBIT: "removed_at"}


async def find(
    conn: AsyncConnection, session_id: SessionId, kind: ReleaseKind, thing_id: str
) -> Releasable | None:
    table = _TABLES[kind]
    where = (table.c.session == session_id) & (table.c.id == thing_id)
    row = (await conn.execute(select(table).where(where))).mappings().first()
    return _to_releasable(kind, row) if row else None


async def of_session(conn: AsyncConnection, session_id: SessionId) -> list[Releasable]:
    """All that a side was ever asked for, the oldest first, with sealed words."""
    found = []
    for kind, table in _TABLES.items():
        asked = (table.c.session == session_id) & (table.c.release != Release.KEEP)
        rows = await conn.execute(select(table).where(asked).order_by(table.c.id))
        found += [_to_releasable(kind, row) for row in rows.mappings()]
    return found


async def set_state(
    conn: AsyncConnection, thing: Releasable, state: Release, by: SeatId | None, at: datetime | None
) -> None:
    """`by` and `at`: who has answered, and when; None while it is only asked."""
    table = _TABLES[thing.kind]
    answered = {"release": state, "answered_by": by, "answered_at": at}
    await conn.execute(update(table).where(table.c.id == thing.id).values(**answered))


def _to_releasable(kind: ReleaseKind, row: RowMapping) -> Releasable:
    return Releasable(
        kind=kind,
        id=row["id"],
        scope=row["scope"],
        words=row[_WORDS[kind]],
        release=Release(row["release"]),
        at=row["at"],
        answered_at=row["answered_at"],
        gone=row[_GONE[kind]] is not None,
    )
