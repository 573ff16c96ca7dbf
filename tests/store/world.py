"""A small world for tests: two stations, their staff, a case, and a meeting of it.

Alice is a party on side A, Bob is of her side, Charlie has no access: his seat is in another
meeting. Wang handles the case; Li is her colleague at the station; Zhao works at another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import (
    Case,
    CaseKind,
    CaseStatus,
    DisputeType,
    StatusChange,
)
from server.domain.conflict import plain
from server.domain.ids import (
    CaseId,
    OrganisationId,
    PartyId,
    SeatId,
    SessionId,
    SpaceId,
    UserId,
)
from server.domain.organisation import Organisation, OrganisationKind, path_under
from server.domain.party import Party
from server.domain.seat import Role, Seat
from server.domain.session import Session
from server.domain.user import StaffRole
from server.security.ids import new_id, new_secret_id
from server.store import cases, organisations, parties, search, sessions, tables, users

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class World:
    bureau: Organisation
    station: Organisation
    elsewhere: Organisation
    wang: UserId
    li: UserId
    zhao: UserId
    case: Case
    session: Session
    other_session: Session
    host: SeatId
    alice: SeatId
    bob: SeatId
    opponent: SeatId
    charlie: SeatId


async def make(conn: AsyncConnection) -> World:
    bureau = await organisation(conn, None, OrganisationKind.BUREAU, "局")
    station = await organisation(conn, bureau, OrganisationKind.STATION, "河东所")
    elsewhere = await organisation(conn, bureau, OrganisationKind.STATION, "河西所")
    wang = await member(conn, station, StaffRole.MEDIATOR, "wang", "王敏")
    li = await member(conn, station, StaffRole.MEDIATOR, "li", "李强")
    zhao = await member(conn, elsewhere, StaffRole.MEDIATOR, "zhao", "赵云")
    case = await matter(conn, station, wang)
    session = await meeting(conn, case, wang, ["Alice", "Bob", "Opponent"])
    other = await meeting(conn, await matter(conn, elsewhere, zhao), zhao, ["Charlie"])
    host, alice, bob, opponent = session.seats
    charlie = list(other.seats)[1]
    return World(
        bureau=bureau,
        station=station,
        elsewhere=elsewhere,
        wang=wang,
        li=li,
        zhao=zhao,
        case=case,
        session=session,
        other_session=other,
        host=host,
        alice=alice,
        bob=bob,
        opponent=opponent,
        charlie=charlie,
    )


async def organisation(
    conn: AsyncConnection, parent: Organisation | None, kind: OrganisationKind, name: str
) -> Organisation:
    made_id = OrganisationId(new_id())
    made = Organisation(made_id, path_under(parent, made_id), kind, name)
    await organisations.insert(conn, made, parent.id if parent else None)
    return made


async def member(
    conn: AsyncConnection, where: Organisation, role: StaffRole, login: str, name: str
) -> UserId:
    user_id = UserId(new_id())
    await users.insert(conn, user_id, where.id, login, name, "no password", [(role, where.id)])
    return user_id


async def matter(conn: AsyncConnection, where: Organisation, handler: UserId | None) -> Case:
    """With a handler it is accepted and theirs; without one it has only come in."""
    given = (CaseStatus.ACCEPTED, CaseStatus.ASSIGNED) if handler else ()
    history = [StatusChange(None, CaseStatus.APPLIED, NOON, handler)]
    for status in given:
        history.append(StatusChange(history[-1].status, status, NOON, handler))
    case = Case(
        id=CaseId(new_id()),
        organisation=where.id,
        kind=CaseKind.MEDIATION,
        dispute_type=DisputeType.NEIGHBOURS,
        title="漏水",
        created_at=NOON,
        handlers=frozenset({handler} if handler else ()),
        parties=(
            Party(PartyId(new_id()), "A", "Alice"),
            Party(PartyId(new_id()), "B", "Opponent"),
        ),
        history=tuple(history),
    )
    await cases.insert(conn, case)
    for party in case.parties:
        await parties.insert(conn, case.id, party)
    await search.refresh(conn, case.id)
    return case


async def meeting(conn: AsyncConnection, case: Case, host: UserId, names: list[str]) -> Session:
    """The host, then a seat each: the first two on side A, the rest on side B."""
    seats = [Seat(SeatId(new_id()), Role.HOST, None, "王敏", chair=True)]
    for n, name in enumerate(names):
        role = Role.REPRESENTATIVE if name == "Bob" else Role.PARTY
        seats.append(Seat(SeatId(new_id()), role, "A" if n < 2 else "B", name))
    session = Session(
        id=SessionId(new_id()),
        case=case.id,
        organisation=case.organisation,
        starts_at=NOON,
        seats={s.id: s for s in seats},
        new_space_id=lambda: SpaceId(new_secret_id()),
        new_seat_id=lambda: SeatId(new_id()),
    )
    await sessions.insert(conn, session, people={seats[0].id: host})
    return session


async def rename(conn: AsyncConnection, user: UserId, name: str) -> None:
    """Somebody of the staff has another name, by which conflicts are found."""
    named = {"name": name, "plain_name": plain(name)}
    await conn.execute(update(tables.user).where(tables.user.c.id == user).values(**named))
