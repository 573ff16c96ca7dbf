"""Agenda and minutes of meetings, version by version; what they say comes and goes sealed."""

from __future__ import annotations

from sqlalchemy import RowMapping, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SeatId, SessionId
from server.domain.session_text import SessionText, TextKind
from server.store import tables

_text = tables.session_text


async def newest(
    conn: AsyncConnection, session_id: SessionId, kind: TextKind
) -> SessionText | None:
    """With a sealed body; None before anything was written."""
    found = select(_text).where(_text.c.session == session_id, _text.c.kind == kind)
    last = found.order_by(_text.c.version.desc()).limit(1)
    row = (await conn.execute(last)).mappings().first()
    return _to_text(row) if row else None


async def insert(conn: AsyncConnection, text: SessionText) -> None:
    row = {"kind": text.kind, "version": text.version, "body": text.body, "by": text.by}
    row |= {"id": text.id, "session": text.session, "at": text.at, "created_at": text.begun_at}
    await conn.execute(insert_into(_text).values(**row))


async def replace(conn: AsyncConnection, text: SessionText) -> None:
    """The version of this id goes on, under its new number."""
    changed = {"version": text.version, "body": text.body, "at": text.at}
    await conn.execute(update(_text).where(_text.c.id == text.id).values(**changed))


def _to_text(row: RowMapping) -> SessionText:
    return SessionText(
        id=row["id"],
        session=SessionId(row["session"]),
        kind=TextKind(row["kind"]),
        version=row["version"],
        body=row["body"],
        by=SeatId(row["by"]),
        at=row["at"],
        begun_at=row["created_at"],
    )
