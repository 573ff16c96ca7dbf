"""Notes of cases; what they say comes and goes sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, NoteId, UserId
from server.domain.note import Note, NoteKind, Readers
from server.store import tables

_note = tables.note


async def insert(conn: AsyncConnection, case_id: CaseId, note: Note) -> None:
    """`note.body` is sealed."""
    row = {"kind": note.kind, "readers": note.readers, "body": note.body, "by": note.by}
    await conn.execute(insert_into(_note).values(id=note.id, case=case_id, at=note.at, **row))


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[Note]:
    """The newest first, with sealed bodies."""
    found = select(_note).where(_note.c.case == case_id)
    rows = await conn.execute(found.order_by(_note.c.at.desc(), _note.c.id.desc()))
    return [_to_note(row) for row in rows.mappings()]


async def find(conn: AsyncConnection, case_id: CaseId, note_id: NoteId) -> Note | None:
    where = (_note.c.case == case_id) & (_note.c.id == note_id)
    row = (await conn.execute(select(_note).where(where))).mappings().first()
    return _to_note(row) if row else None


async def strike(conn: AsyncConnection, note_id: NoteId, at: datetime) -> None:
    await conn.execute(update(_note).where(_note.c.id == note_id).values(struck_at=at))


def _to_note(row: RowMapping) -> Note:
    return Note(
        id=NoteId(row["id"]),
        kind=NoteKind(row["kind"]),
        readers=Readers(row["readers"]),
        body=row["body"],
        by=UserId(row["by"]) if row["by"] else None,
        at=row["at"],
        struck_at=row["struck_at"],
    )
