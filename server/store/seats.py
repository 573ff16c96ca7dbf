"""Seats of meetings that are planned or going on, by who is to sit there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, PartyId, SeatId, SessionId, UserId
from server.domain.seat import Role
from server.domain.seating import SessionState
from server.store import tables

_session, _seat = tables.session, tables.seat


@dataclass(frozen=True, slots=True)
class Booked:
    """`version`: of the link that is good now."""

    seat: SeatId
    session: SessionId
    version: int


async def of_party(conn: AsyncConnection, case_id: CaseId, party: PartyId) -> list[Booked]:
    return await _booked(conn, case_id, _seat.c.party == party)


async def of_user(conn: AsyncConnection, case_id: CaseId, user: UserId, role: Role) -> list[Booked]:
    return await _booked(conn, case_id, _seat.c.user == user, _seat.c.role == role)


async def people(conn: AsyncConnection, session: SessionId) -> dict[SeatId, UserId]:
    """Who of the staff sits where in a meeting."""
    found = select(_seat.c.id, _seat.c.user).where(_seat.c.session == session)
    rows = await conn.execute(found.where(_seat.c.user.is_not(None)))
    return {SeatId(row.id): UserId(row.user) for row in rows}


async def user_of(conn: AsyncConnection, seat: SeatId) -> UserId | None:
    """Who of the staff sits there."""
    found = await conn.scalar(select(_seat.c.user).where(_seat.c.id == seat))
    return None if found is None else UserId(found)


async def contacts(conn: AsyncConnection, session: SessionId) -> dict[SeatId, str]:
    """By what the guests of a meeting are reached, sealed; of whom that is known."""
    found = select(_seat.c.id, _seat.c.contact).where(_seat.c.session == session)
    rows = await conn.execute(found.where(_seat.c.contact != ""))
    return {SeatId(row.id): row.contact for row in rows}


async def set_contact(conn: AsyncConnection, seat: SeatId, hidden: str) -> None:
    """`hidden`: sealed; empty when nothing is known any more."""
    await conn.execute(update(_seat).where(_seat.c.id == seat).values(contact=hidden))


async def _booked(
    conn: AsyncConnection, case_id: CaseId, *whose: ColumnElement[bool]
) -> list[Booked]:
    rows = await conn.execute(
        select(_seat.c.id, _seat.c.session, _seat.c.link_version)
        .join(_session, _seat.c.session == _session.c.id)
        .where(_session.c.case == case_id, *whose)
        .where(_session.c.state.in_([SessionState.PLANNED, SessionState.OPEN]))
        .where(_seat.c.claim_of.is_(None), _seat.c.dropped_at.is_(None))
        .order_by(_seat.c.id)
    )
    return [Booked(SeatId(row.id), SessionId(row.session), row.link_version) for row in rows]
