"""What was recorded: of which meeting, and what of it lies on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, RecordingId, SessionId, UserId
from server.domain.recorded import Recording
from server.store import tables
from server.store.session_rows import to_recording

_recording, _file, _session = tables.recording, tables.recording_file, tables.session


@dataclass(frozen=True, slots=True)
class File:
    """On the disk, or what is left of it. `ms`: how long what was recorded lasts."""

    head: str
    segments: int
    bytes: int
    ms: int
    keep_until: datetime
    held_why: str | None
    held_by: UserId | None
    held_at: datetime | None
    destroyed_at: datetime | None
    destroyed_why: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    recording: Recording
    session: SessionId
    case: CaseId
    file: File | None


async def of_session(conn: AsyncConnection, session: SessionId) -> list[Kept]:
    """That began, the earliest first."""
    return await _found(conn, _recording.c.session == session, _recording.c.began_at.is_not(None))


async def of_case(conn: AsyncConnection, case: CaseId) -> list[Kept]:
    """Likewise."""
    return await _found(conn, _session.c.case == case, _recording.c.began_at.is_not(None))


async def get(conn: AsyncConnection, recording: RecordingId) -> Kept | None:
    found = await _found(conn, _recording.c.id == recording)
    return found[0] if found else None


async def unfinished(conn: AsyncConnection) -> list[RecordingId]:
    """That are over, and of which it is not known yet what lies on the disk."""
    known = exists().where(_file.c.recording == _recording.c.id)
    over = and_(_recording.c.began_at.is_not(None), _recording.c.ended.is_not(None))
    found = await conn.scalars(select(_recording.c.id).where(over, ~known))
    return [RecordingId(one) for one in found]


async def keep(conn: AsyncConnection, recording: RecordingId, **values: Any) -> None:
    await conn.execute(insert(_file).values(recording=recording, **values))


async def change(conn: AsyncConnection, recording: RecordingId, **values: Any) -> None:
    await conn.execute(update(_file).where(_file.c.recording == recording).values(**values))


async def _found(conn: AsyncConnection, *where: ColumnElement[bool]) -> list[Kept]:
    rows = await conn.execute(
        select(
            _recording,
            _session.c.case,
            *(c.label(f"file_{c.name}") for c in _file.c if c.name != "created_at"),
        )
        .join(_session, _recording.c.session == _session.c.id)
        .outerjoin(_file, _file.c.recording == _recording.c.id)
        .where(*where)
        .order_by(_recording.c.asked_at, _recording.c.id)
    )
    return [_to_kept(dict(row)) for row in rows.mappings()]


def _to_kept(row: dict[str, Any]) -> Kept:
    file = None
    if row["file_recording"] is not None:
        by = row["file_held_by"]
        file = File(
            head=row["file_head"],
            segments=row["file_segments"],
            bytes=row["file_bytes"],
            ms=row["file_ms"],
            keep_until=row["file_keep_until"],
            held_why=row["file_held_why"],
            held_by=UserId(by) if by else None,
            held_at=row["file_held_at"],
            destroyed_at=row["file_destroyed_at"],
            destroyed_why=row["file_destroyed_why"],
        )
    return Kept(to_recording(row), SessionId(row["session"]), CaseId(row["case"]), file)
