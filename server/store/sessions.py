"""Load and save the domain's Session, with its seats, open spaces and consents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, OrganisationId, SeatId, SessionId, SpaceId, UserId
from server.domain.patience import Patience
from server.domain.rights import Scope, Thing
from server.domain.seat import Role
from server.domain.seating import SessionPurpose, SessionState
from server.domain.session import Session
from server.security.ids import new_id, new_secret_id
from server.store import cases, session_parts, tables
from server.store.session_parts import Parts
from server.store.session_rows import (
    from_session,
    to_consent,
    to_recording,
    to_result,
    to_seat,
    to_space,
)
from server.store.types import now

_session, _seat, _space = tables.session, tables.seat, tables.space


class Stale(Exception):
    """Somebody else saved this session in the meantime: load it again and decide anew."""


@dataclass(slots=True)
class Stored(Session):
    """A session, and the rows that it was made of: what differs from them is to be saved."""

    parts: Parts = field(default_factory=Parts, repr=False)


_PATIENCE = Patience()

OVERDUE = timedelta(days=7)
"""How long a session that has not begun is still shown as waiting to."""


def _new_space_id() -> SpaceId:
    return SpaceId(new_secret_id())


def _new_seat_id() -> SeatId:
    return SeatId(new_id())


async def load(
    conn: AsyncConnection,
    session_id: SessionId,
    *,
    lock: bool = False,
    new_space_id: Callable[[], SpaceId] = _new_space_id,
    new_seat_id: Callable[[], SeatId] = _new_seat_id,
    patience: Patience = _PATIENCE,
) -> Stored | None:
    """The session as it was saved: its seats and claims, open spaces, every consent.

    `lock` holds it against other writers until the transaction ends.
    """
    found = select(_session).where(_session.c.id == session_id)
    row = (await conn.execute(found.with_for_update() if lock else found)).mappings().first()
    if row is None:
        return None
    parts = await session_parts.load(conn, session_id)
    return Stored(
        id=session_id,
        case=CaseId(row["case"]),
        organisation=OrganisationId(row["organisation"]),
        starts_at=row["starts_at"],
        seats={seat.id: seat for seat in map(to_seat, parts.seats.values())},
        new_space_id=new_space_id,
        new_seat_id=new_seat_id,
        patience=patience,
        state=SessionState(row["state"]),
        spaces={space.id: space for space in map(to_space, parts.spaces.values())},
        consents=[to_consent(one) for one in parts.consents.values()],
        recordings={r.id: r for r in map(to_recording, parts.recordings.values())},
        result=to_result(dict(row)),
        shuttle_only=row["shuttle_only"],
        purpose=SessionPurpose(row["purpose"]),
        length=timedelta(minutes=row["minutes"]),
        locked=row["locked"],
        break_until=row["break_until"],
        edition=row["edition"],
        version=row["version"],
        parts=parts,
    )


async def insert(
    conn: AsyncConnection,
    session: Session,
    *,
    people: Mapping[SeatId, UserId] | None = None,
    at: datetime | None = None,
) -> None:
    """A new session. `people`: whose account opens which seat (hosts). `at`: when it was booked;
    None: now.
    """
    row = {"id": session.id, "case": session.case, "organisation": session.organisation}
    await conn.execute(
        insert_into(_session).values(
            **row, **from_session(session), version=session.version, created_at=at or now()
        )
    )
    await session_parts.save(conn, session, Parts())
    for seat_id, user_id in (people or {}).items():
        await set_person(conn, seat_id, user_id)


async def set_person(conn: AsyncConnection, seat_id: SeatId, user_id: UserId) -> None:
    """Whose account opens this seat."""
    await conn.execute(update(_seat).where(_seat.c.id == seat_id).values(user=user_id))


async def person(conn: AsyncConnection, seat_id: SeatId) -> UserId | None:
    """Whose account opens this seat, if it is somebody's on the staff."""
    found = await conn.scalar(select(_seat.c.user).where(_seat.c.id == seat_id))
    return UserId(found) if found else None


async def version_of(conn: AsyncConnection, session_id: SessionId) -> int | None:
    """How often it was saved; None if there is no such session."""
    found = await conn.scalar(select(_session.c.version).where(_session.c.id == session_id))
    return None if found is None else int(found)


async def save(conn: AsyncConnection, session: Stored) -> None:
    """Everything that changed since it was loaded; `session.version` is then the new one.

    Raises Stale when somebody else saved it since.
    """
    at_version = and_(_session.c.id == session.id, _session.c.version == session.version)
    done = await conn.execute(
        update(_session)
        .where(at_version)
        .values(**from_session(session), version=session.version + 1)
    )
    if done.rowcount != 1:
        raise Stale(session.id)
    session.parts = await session_parts.save(conn, session, session.parts)
    session.version += 1


async def of_seat(conn: AsyncConnection, seat_id: SeatId) -> SessionId | None:
    """The session of this seat or live claim."""
    where = and_(_seat.c.id == seat_id, _seat.c.dropped_at.is_(None))
    found = await conn.scalar(select(_seat.c.session).where(where))
    return None if found is None else SessionId(found)


async def with_people(conn: AsyncConnection) -> list[SessionId]:
    """Sessions with somebody connected, a claim, or a space whose host is lost: for a restart."""
    seated = and_(
        _seat.c.session == _session.c.id,
        _seat.c.dropped_at.is_(None),
        or_(_seat.c.present, _seat.c.claim_of.is_not(None)),
    )
    unattended = and_(
        _space.c.session == _session.c.id,
        _space.c.closed_at.is_(None),
        _space.c.unattended_since.is_not(None),
    )
    live = _session.c.state.in_([SessionState.PLANNED, SessionState.OPEN])
    found = await conn.scalars(
        select(_session.c.id)
        .where(live, or_(exists().where(seated), exists().where(unattended)))
        .order_by(_session.c.id)
    )
    return [SessionId(i) for i in found]


async def unlike_their_case(conn: AsyncConnection) -> dict[SessionId, bool]:
    """Sessions not over that keep the sides apart where their case does not, or don't where it
    does; with what the case says.
    """
    case = tables.case
    live = _session.c.state.in_([SessionState.PLANNED, SessionState.OPEN])
    found = await conn.execute(
        select(_session.c.id, case.c.shuttle_only)
        .join(case, _session.c.case == case.c.id)
        .where(live, _session.c.shuttle_only != case.c.shuttle_only)
        .order_by(_session.c.id)
    )
    return {SessionId(row.id): row.shuttle_only for row in found}


async def thing(conn: AsyncConnection, session_id: SessionId) -> Thing | None:
    """What `may` is asked about: the case's organisation and handlers, and who hosts."""
    case_id = await conn.scalar(select(_session.c.case).where(_session.c.id == session_id))
    of_case = await cases.thing(conn, CaseId(case_id)) if case_id else None
    if of_case is None:
        return None
    hosts = and_(
        _seat.c.session == session_id, _seat.c.role == Role.HOST, _seat.c.user.is_not(None)
    )
    host = await conn.scalar(select(_seat.c.user).where(hosts))
    return replace(of_case, host=UserId(host) if host else None)


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[SessionId]:
    """Its sessions, the earliest first."""
    where = _session.c.case == case_id
    found = await conn.scalars(
        select(_session.c.id).where(where).order_by(_session.c.starts_at, _session.c.id)
    )
    return [SessionId(i) for i in found]


async def next_of(
    conn: AsyncConnection,
    case_ids: list[CaseId],
    purposes: Collection[SessionPurpose] = tuple(SessionPurpose),
) -> dict[CaseId, datetime]:
    """When the next planned session of each case starts, or its open one has started."""
    live = _session.c.state.in_([SessionState.PLANNED, SessionState.OPEN])
    coming = and_(live, _session.c.purpose.in_(purposes))
    starts = await conn.execute(
        select(_session.c.case, func.min(_session.c.starts_at).label("at"))
        .where(_session.c.case.in_(case_ids), coming)
        .group_by(_session.c.case)
    )
    return {CaseId(row.case): row.at for row in starts}


async def between(
    conn: AsyncConnection, scope: Scope, start: datetime, end: datetime
) -> list[SessionId]:
    """Sessions in scope that start then, are open, or should have begun in the days before.

    The earliest first.
    """
    case, organisation = tables.case, tables.organisation
    then = and_(_session.c.starts_at >= start, _session.c.starts_at < end)
    overdue = and_(_session.c.starts_at >= start - OVERDUE, _session.c.starts_at < start)
    waits = and_(_session.c.state == SessionState.PLANNED, overdue)
    found = await conn.scalars(
        select(_session.c.id)
        .join(case, _session.c.case == case.c.id)
        .join(organisation, case.c.organisation == organisation.c.id)
        .where(cases.in_scope(scope), or_(then, waits, _session.c.state == SessionState.OPEN))
        .order_by(_session.c.starts_at, _session.c.id)
    )
    return [SessionId(i) for i in found]
