"""Meetings as staff see them: one with its links, and those of today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.booking import Span
from server.domain.case import Case
from server.domain.ids import CaseId, SessionId, UserId
from server.domain.organisation import Organisation
from server.domain.result import Result
from server.domain.rights import Verb, may, scope
from server.domain.seat import Role
from server.domain.seating import SessionPurpose, SessionState
from server.domain.session import Session
from server.domain.user import User
from server.services import clashes, guests, inviting, progress
from server.services.cases import allowed
from server.services.clashes import Conflict
from server.services.context import Context
from server.services.seat_lines import Known, Reader, SeatLine, Waiting, seat_lines, waiting
from server.store import calendar, cases, organisations, seats, sessions

AHEAD = timedelta(days=14)
"""How far ahead the page of today looks."""


@dataclass(frozen=True, slots=True)
class SessionPage:
    """`seats` begin with the host's. `may_host`: this user opens the host's seat themselves."""

    id: SessionId
    case: Case
    organisation: Organisation
    starts_at: datetime
    length: timedelta
    purpose: SessionPurpose
    state: SessionState
    result: Result | None
    seats: tuple[SeatLine, ...]
    conflicts: tuple[Conflict, ...]
    may_book: bool
    may_host: bool

    @property
    def span(self) -> Span:
        return Span.of(self.starts_at, self.length)

    @property
    def by_hand(self) -> list[SeatLine]:
        """Who has to be told by hand of whatever changes."""
        return [s for s in self.seats if s.reach is None and s.role is not Role.HOST]


@dataclass(frozen=True, slots=True)
class TodayLine:
    """`waiting`: who is in a lobby, the longest waiting first. `conflict`: somebody of it has to
    be elsewhere at the same time. `untried`: who has not opened their link yet, of a meeting of
    tomorrow.
    """

    id: SessionId
    case: CaseId
    title: str
    starts_at: datetime
    length: timedelta
    purpose: SessionPurpose
    organisation: Organisation
    state: SessionState
    result: Result | None
    host_name: str
    waiting: tuple[Waiting, ...]
    conflict: bool
    untried: tuple[str, ...]
    may_host: bool

    @property
    def minutes(self) -> int:
        return self.length // timedelta(minutes=1)


async def page(ctx: Context, user: User, session_id: SessionId) -> SessionPage:
    """Raises Refused("not_found") for a session that isn't there or is not this user's to see."""
    async with ctx.store.read() as conn:
        thing = allowed(user, Verb.READ_CASE, await sessions.thing(conn, session_id))
        session = await sessions.load(conn, session_id)
        assert session is not None
        case = await cases.load(conn, session.case)
        assert case is not None
        organisation = await organisations.get(conn, case.organisation)
        reach = await inviting.reached(ctx, conn, case, session)
        tried = await progress.of_session(ctx, conn, session_id)
        people = await seats.people(conn, session_id)
        contacts = await guests.masked_of(ctx, conn, session)
        planned = session.state is SessionState.PLANNED
        busy = list(people.values())
        conflicts = await clashes.of(conn, user, session, busy) if planned else ()
    may_host = may(user, Verb.HOST, thing) and not session.over
    links = may(user, Verb.SEE_LINKS, thing) and not session.over
    known = Known(reach, tried, frozenset(people), contacts)
    return SessionPage(
        id=session_id,
        case=case,
        organisation=organisation,
        starts_at=session.starts_at,
        length=session.length,
        purpose=session.purpose,
        state=session.state,
        result=session.result,
        seats=seat_lines(ctx, session, Reader(links, may_host), known),
        conflicts=conflicts,
        may_book=may(user, Verb.BOOK, thing),
        may_host=may_host,
    )


async def today(ctx: Context, user: User) -> list[TodayLine]:
    """Sessions of the coming fortnight, those still going on, and those not begun in time.

    Today begins at midnight in the zone of the user's organisation. One sees those of
    the cases one may read, and those one hosts.
    """
    async with ctx.store.read() as conn:
        home = await organisations.get(conn, user.organisation)
        local = ctx.clock().astimezone(home.zone)
        start = local.replace(hour=0, minute=0, second=0, microsecond=0)
        end = (start + AHEAD).replace(hour=0)
        tomorrow = local.date() + timedelta(days=1)
        lines = []
        mine = scope(user, Verb.READ_CASE) + scope(user, Verb.HOST)
        for session_id in await sessions.between(conn, mine, start, end):
            lines.append(await _today_line(ctx, conn, user, session_id, tomorrow))
    next_day = start + timedelta(days=1)
    # What was cancelled is news on its day only.
    return [x for x in lines if x.state is not SessionState.CANCELLED or x.starts_at < next_day]


async def _today_line(
    ctx: Context, conn: AsyncConnection, user: User, session_id: SessionId, tomorrow: date
) -> TodayLine:
    session, thing = await sessions.load(conn, session_id), await sessions.thing(conn, session_id)
    assert session is not None
    assert thing is not None
    case = await cases.load(conn, session.case)
    assert case is not None
    where = await organisations.get(conn, case.organisation)
    people = (await seats.people(conn, session_id)).values()
    planned = session.state is SessionState.PLANNED
    soon = session.starts_at.astimezone(where.zone).date() <= tomorrow
    conflict = planned and soon and await _taken(conn, session, people)
    awaited = planned and session.starts_at.astimezone(where.zone).date() == tomorrow
    untried = await _untried(ctx, conn, session) if awaited else ()
    return TodayLine(
        id=session_id,
        case=case.id,
        title=case.title,
        starts_at=session.starts_at,
        length=session.length,
        purpose=session.purpose,
        organisation=where,
        state=session.state,
        result=session.result,
        host_name=session.main_host.name,
        waiting=tuple(waiting(session)),
        conflict=conflict,
        untried=untried,
        may_host=may(user, Verb.HOST, thing) and not session.over,
    )


async def _taken(conn: AsyncConnection, session: Session, people: Collection[UserId]) -> bool:
    span = Span.of(session.starts_at, session.length)
    return bool(await calendar.taken(conn, span, people, but=session.id))


async def _untried(ctx: Context, conn: AsyncConnection, session: Session) -> tuple[str, ...]:
    """Parties and who speaks for them, who have not opened their link yet."""
    tried = await progress.of_session(ctx, conn, session.id)
    booked = [s for s in session.seats.values() if s.side and not s.claim_of and not s.revoked]
    return tuple(s.name for s in booked if s.id not in tried and not s.device)
