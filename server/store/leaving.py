"""What somebody still has to do: open cases they work on, meetings they are to host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER, HandlerRole
from server.domain.ids import CaseId, SessionId, UserId
from server.domain.seat import Role
from server.domain.seating import SessionState
from server.store import tables

_case, _handler, _organisation = tables.case, tables.case_handler, tables.organisation
_session, _seat = tables.session, tables.seat


@dataclass(frozen=True, slots=True)
class Handled:
    """`number` is empty for one that is not accepted yet."""

    case: CaseId
    number: str
    role: HandlerRole
    organisation_name: str


@dataclass(frozen=True, slots=True)
class Hosted:
    session: SessionId
    case: CaseId
    state: SessionState
    starts_at: datetime


async def anything(conn: AsyncConnection, user_id: UserId) -> bool:
    return bool(await handled(conn, user_id) or await hosted(conn, user_id))


async def handled(conn: AsyncConnection, user_id: UserId) -> list[Handled]:
    """Open cases they work on now, the oldest first."""
    rows = await conn.execute(
        select(_case.c.id, _case.c.number, _handler.c.role, _organisation.c.name)
        .join(_handler, _handler.c.case == _case.c.id)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(
            _handler.c.user == user_id,
            _handler.c.until.is_(None),
            _case.c.status.not_in(list(OVER)),
        )
        .order_by(_case.c.created_at, _case.c.id)
    )
    return [Handled(CaseId(row.id), row.number, HandlerRole(row.role), row.name) for row in rows]


async def hosted(conn: AsyncConnection, user_id: UserId) -> list[Hosted]:
    """Meetings that are planned or going on and whose host's seat is theirs, the next first."""
    live = _session.c.state.in_([SessionState.PLANNED, SessionState.OPEN])
    theirs = and_(_seat.c.user == user_id, _seat.c.role == Role.HOST)
    rows = await conn.execute(
        select(_session.c.id, _session.c.case, _session.c.state, _session.c.starts_at)
        .join(_seat, _seat.c.session == _session.c.id)
        .where(theirs, live)
        .order_by(_session.c.starts_at, _session.c.id)
        .distinct()
    )
    return [
        Hosted(SessionId(row.id), CaseId(row.case), SessionState(row.state), row.starts_at)
        for row in rows
    ]
