"""Counts of what is under way, each by an index: asked for every few seconds, for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.notice import NoticeState
from server.domain.seating import SessionState
from server.store import tables

_session, _notice, _due = tables.session, tables.notice, tables.due


@dataclass(frozen=True, slots=True)
class Counts:
    """`due`: later work whose time has come; `overdue`: that of before the moment given."""

    sessions_open: int
    notices_waiting: int
    due: int
    overdue: int


async def counts(conn: AsyncConnection, now: datetime, late: datetime) -> Counts:
    open_ = _session.c.state == SessionState.OPEN
    waiting = _notice.c.state == NoticeState.WAITING
    undone = _due.c.done_at.is_(None)
    asked = [
        select(func.count()).select_from(_session).where(open_),
        select(func.count()).select_from(_notice).where(waiting),
        select(func.count()).select_from(_due).where(undone, _due.c.at <= now),
        select(func.count()).select_from(_due).where(undone, _due.c.at <= late),
    ]
    return Counts(*[int(await conn.scalar(one) or 0) for one in asked])
