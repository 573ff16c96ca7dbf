"""The rows of a session's seats, spaces and consents: only those that changed are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SessionId
from server.domain.session import Session
from server.store import tables
from server.store.session_rows import from_consent, from_recording, from_seat, from_space
from server.store.types import now

_seat, _space, _consent = tables.seat, tables.space, tables.consent
_recording = tables.recording

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """By id; consents by their number."""

    seats: dict[str, Row] = field(default_factory=dict)
    spaces: dict[str, Row] = field(default_factory=dict)
    consents: dict[int, Row] = field(default_factory=dict)
    recordings: dict[str, Row] = field(default_factory=dict)


async def load(conn: AsyncConnection, session: SessionId) -> Parts:
    """Its seats and claims, open spaces, every consent, recordings that are not ended."""
    seats = and_(_seat.c.session == session, _seat.c.dropped_at.is_(None))
    spaces = and_(_space.c.session == session, _space.c.closed_at.is_(None))
    of_session = _consent.c.session == session
    going_on = and_(_recording.c.session == session, _recording.c.ended.is_(None))
    return Parts(
        seats=await _rows(conn, select(_seat).where(seats).order_by(_seat.c.id), "id"),
        spaces=await _rows(conn, select(_space).where(spaces).order_by(_space.c.opened_at), "id"),
        consents=await _rows(conn, select(_consent).where(of_session).order_by(_consent.c.n), "n"),
        recordings=await _rows(conn, select(_recording).where(going_on), "id"),
    )


async def save(conn: AsyncConnection, session: Session, before: Parts) -> Parts:
    """Write what is another now than `before`. Returns the rows as they are now."""
    after = _of(session)
    await _write(conn, _space, before.spaces, after.spaces)
    await _close(conn, session, before.spaces.keys() - after.spaces.keys())
    await _write(conn, _seat, before.seats, after.seats)
    if gone := before.seats.keys() - after.seats.keys():
        dropped = update(_seat).where(_seat.c.id.in_(gone))
        await conn.execute(dropped.values(dropped_at=_moment(session), **_NOWHERE))
    await _write(conn, _consent, before.consents, after.consents)
    await _write(conn, _recording, before.recordings, after.recordings)
    return after


_NOWHERE: Row = {"present": False, "admitted": False, "space": None, "device": None}


def _of(session: Session) -> Parts:
    of = {"session": session.id}
    return Parts(
        seats={seat.id: of | from_seat(seat) for seat in session.seats.values()},
        spaces={space.id: of | from_space(space) for space in session.spaces.values()},
        consents={n: of | {"n": n} | from_consent(c) for n, c in enumerate(session.consents)},
        recordings={r.id: of | from_recording(r) for r in session.recordings.values()},
    )


async def _close(conn: AsyncConnection, session: Session, gone: set[str]) -> None:
    if not gone:
        return
    closed: dict[str | None, datetime] = {
        one.space: one.at for one in session.happened if one.verb == "closed"
    }
    when = update(_space).where(_space.c.id == bindparam("of")).values(closed_at=bindparam("at"))
    rows = [{"of": one, "at": closed.get(one, _moment(session))} for one in gone]
    await conn.execute(when, rows)


async def _write(
    conn: AsyncConnection, table: Table, before: Mapping[Any, Row], after: Mapping[Any, Row]
) -> None:
    """In two statements at most, however many rows."""
    if new := [row for key, row in after.items() if key not in before]:
        await conn.execute(insert(table), new)
    others = {key: row for key, row in after.items() if key in before}
    changed = {
        name
        for key, row in others.items()
        for name, value in row.items()
        if before[key][name] != value
    }
    if not changed:
        return
    keys = {column.name for column in table.primary_key.columns}
    these = [table.c[name] == bindparam(f"of_{name}") for name in keys]
    to: Row = {name: bindparam(f"to_{name}") for name in sorted(changed)}
    rows = [
        {f"of_{name}": row[name] for name in keys} | {f"to_{name}": row[name] for name in changed}
        for key, row in others.items()
        if any(before[key][name] != row[name] for name in changed)
    ]
    await conn.execute(update(table).where(*these).values(to), rows)


async def _rows(conn: AsyncConnection, asked: Any, key: str) -> dict[Any, Row]:
    return {row[key]: dict(row) for row in (await conn.execute(asked)).mappings()}


def _moment(session: Session) -> datetime:
    return session.happened[-1].at if session.happened else now()
