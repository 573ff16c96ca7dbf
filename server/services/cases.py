"""Cases: opened, listed, and read with all that happened in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import BOOKABLE, Case, CaseKind, CaseStatus, DisputeType, Source
from server.domain.errors import Refused
from server.domain.ids import CaseId, SeatId, SessionId, UserId
from server.domain.organisation import Organisation
from server.domain.result import Result
from server.domain.rights import Thing, Verb, may, scope
from server.domain.seating import SessionState
from server.domain.session import Session
from server.domain.user import StaffRole, User
from server.services import forms, opening, statuses
from server.services.context import Context
from server.services.opening import NewCase, NewParty
from server.store import audit, cases, organisations, sessions, users

HANDLERS = (StaffRole.MEDIATOR, StaffRole.LAWYER)
"""Whose cases are their own."""

SHOWN = frozenset(
    {
        "case.created",
        "case.accepted",
        "case.assigned",
        "session.booked",
        "session.cancelled",
        "session.reissued",
        "session.opened",
        "session.consented",
        "session.withdrew",
        "session.took_chair",
        "session.ended",
    }
)
"""What the time line shows of the audit.

Who spoke with whom in private is nobody's business here: comings, moves and the rest of a
meeting's inside stay out.
"""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """`next_session`: when its next planned session starts, or an open one has started."""

    case: Case
    organisation: Organisation
    handlers: tuple[str, ...]
    next_session: datetime | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    id: SessionId
    starts_at: datetime
    state: SessionState
    result: Result | None
    host_name: str
    seats: int


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """`who`: the name of the member of staff or of the person in the seat; None for the clock."""

    at: datetime
    verb: str
    who: str | None
    session: SessionId | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """`sessions` by their start, `time_line` oldest first."""

    case: Case
    organisation: Organisation
    handlers: tuple[str, ...]
    sessions: tuple[SessionLine, ...]
    time_line: tuple[TimeEntry, ...]
    may_book: bool


async def mediators(ctx: Context, user: User) -> list[tuple[UserId, str]]:
    """Whom this user may give a new case to, by name; empty for who handles their own cases."""
    if _handles(user):
        return []
    async with ctx.store.read() as conn:
        found = await users.below(conn, user.path, HANDLERS)
        known = [await users.find(conn, user_id) for user_id, _ in found]
    return [(u.id, u.name) for u in known if u and _may_give(user, u)]


async def create(
    ctx: Context,
    user: User,
    title: str,
    kind: CaseKind,
    dispute_type: DisputeType,
    parties: Sequence[NewParty],
    key: str,
    mediator: UserId | None = None,
) -> CaseId:
    """A case of the user, if they are one who handles cases; else of the `mediator`, if given.

    It belongs to the organisation of whose case it is, and with a mediator it is accepted and
    theirs at once. `key` is the form's own: sent twice, it makes one case. Raises Refused.
    """
    if not may(user, Verb.CREATE_CASE, Thing(user.path)):
        raise Refused("not_allowed")
    handler = user if _handles(user) else await _chosen(ctx, user, mediator)
    async with ctx.store.read() as conn:
        where = await organisations.get(conn, (handler or user).organisation)
    new = NewCase(
        organisation=where,
        dispute_type=dispute_type,
        title=title,
        parties=parties,
        source=Source.VISIT,
        by=user.id,
        kind=kind,
        handlers=frozenset({handler.id} if handler else ()),
    )
    await opening.prepare(ctx, new)

    async def make(conn: AsyncConnection) -> str:
        case = await opening.insert(ctx, conn, new)
        if handler:
            for status in (CaseStatus.ACCEPTED, CaseStatus.ASSIGNED):
                case = await statuses.change(ctx, conn, case, status, user.id)
        return case.id

    return CaseId(await forms.once(ctx, user.id, key, make))


async def listing(ctx: Context, user: User) -> list[CaseLine]:
    """The newest cases that this user may read."""
    async with ctx.store.read() as conn:
        found = await cases.listing(conn, scope(user, Verb.READ_CASE))
        names = await users.names(conn, {h for case in found for h in case.handlers})
        places = {i: await organisations.get(conn, i) for i in {c.organisation for c in found}}
        coming = await sessions.next_of(conn, [case.id for case in found])
    return [
        CaseLine(case, places[case.organisation], _named(case, names), coming.get(case.id))
        for case in found
    ]


async def page(ctx: Context, user: User, case_id: CaseId) -> CasePage:
    """Raises Refused("not_found") for a case that isn't there or that this user may not read."""
    async with ctx.store.read() as conn:
        thing = await require(conn, user, Verb.READ_CASE, case_id)
        case = await cases.load(conn, case_id)
        assert case is not None
        organisation = await organisations.get(conn, case.organisation)
        ids = await sessions.of_case(conn, case_id)
        held = [s for i in ids if (s := await sessions.load(conn, i))]
        names = await users.names(conn, case.handlers)
        time_line = await _time_line(conn, case_id, held)
    return CasePage(
        case=case,
        organisation=organisation,
        handlers=_named(case, names),
        sessions=tuple(_line(session) for session in held),
        time_line=time_line,
        may_book=may(user, Verb.BOOK, thing) and case.status in BOOKABLE,
    )


async def require(conn: AsyncConnection, user: User, verb: Verb, case_id: CaseId) -> Thing:
    """Raises Refused: `not_found` for what one may not even read, else `not_allowed`."""
    thing = await cases.thing(conn, case_id)
    return allowed(user, verb, thing)


def allowed(user: User, verb: Verb, thing: Thing | None) -> Thing:
    if thing is None:
        raise Refused("not_found")
    if not may(user, verb, thing):
        raise Refused("not_allowed" if may(user, Verb.READ_CASE, thing) else "not_found")
    return thing


def _handles(user: User) -> bool:
    """Whether their own cases are theirs to read, so that they are their handler from the start."""
    mine = Thing(user.path, handlers=frozenset({user.id}))
    return may(user, Verb.HOST, Thing(user.path, host=user.id)) and may(user, Verb.BOOK, mine)


def _may_give(user: User, handler: User) -> bool:
    return _handles(handler) and may(user, Verb.CREATE_CASE, Thing(handler.path))


async def _chosen(ctx: Context, user: User, mediator: UserId | None) -> User | None:
    if mediator is None:
        return None
    async with ctx.store.read() as conn:
        handler = await users.find(conn, mediator)
    if handler is None or not _may_give(user, handler):
        raise Refused("mediator_unknown")
    return handler


def _named(case: Case, names: dict[UserId, str]) -> tuple[str, ...]:
    return tuple(names[handler] for handler in sorted(case.handlers))


def _line(session: Session) -> SessionLine:
    return SessionLine(
        id=session.id,
        starts_at=session.starts_at,
        state=session.state,
        result=session.result,
        host_name=session.main_host.name,
        seats=sum(1 for seat in session.seats.values() if not seat.claim_of),
    )


async def _time_line(
    conn: AsyncConnection, case_id: CaseId, held: list[Session]
) -> tuple[TimeEntry, ...]:
    entries = [e for e in await audit.of_chain(conn, f"case:{case_id}") if e.verb in SHOWN]
    staff = await users.names(conn, {UserId(e.actor) for e in entries})
    seats = {seat.id: seat.name for session in held for seat in session.seats.values()}
    known = {session.id for session in held}
    return tuple(
        TimeEntry(
            at=entry.at,
            verb=entry.verb,
            who=staff.get(UserId(entry.actor)) or seats.get(SeatId(entry.actor)),
            session=SessionId(entry.thing) if SessionId(entry.thing) in known else None,
        )
        for entry in entries
    )
