"""Sessions as staff see them: booked, shown with their links, today's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import BOOKABLE, Case, HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, PartyId, SeatId, SessionId, SpaceId, UserId
from server.domain.organisation import Organisation
from server.domain.result import Result
from server.domain.rights import Thing, Verb, may, scope
from server.domain.seat import Role, Seat, booked_side
from server.domain.seating import SessionState
from server.domain.session import NAME_LENGTH, Session
from server.domain.space import SpaceKind
from server.domain.text import checked_text
from server.domain.user import User
from server.security.ids import new_id, new_secret_id
from server.security.tokens import link_token
from server.services import deadlines, forms, inviting
from server.services.cases import allowed
from server.services.context import Context
from server.store import audit, cases, organisations, sessions, users

MOST_SEATS = 30
LATE = timedelta(minutes=30)
"""How long ago the start of a session may be: people may be on the telephone already."""

EARLY = timedelta(days=366)
"""How far ahead a session is booked."""

AHEAD = timedelta(days=14)
"""How far ahead the page of today looks."""


@dataclass(frozen=True, slots=True)
class NewSeat:
    """`party`: for which party of the case; `user`: for whom of those who work on it."""

    role: Role
    side: str | None
    name: str
    party: PartyId | None = None
    user: UserId | None = None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """`link` is None for who may not see it, and when the session is over.

    `waiting_since`: how long somebody at this seat, or claiming it, has been in a lobby.
    """

    id: SeatId
    role: Role
    side: str | None
    name: str
    present: bool
    admitted: bool
    waiting_since: datetime | None
    link: str | None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """`seats` begin with the host's. `may_host`: this user opens the host's seat themselves."""

    id: SessionId
    case: Case
    organisation: Organisation
    starts_at: datetime
    state: SessionState
    result: Result | None
    seats: tuple[SeatLine, ...]
    may_book: bool
    may_host: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    seat: SeatId
    name: str
    side: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class TodayLine:
    """`waiting`: who is in a lobby, the longest waiting first."""

    id: SessionId
    case: CaseId
    title: str
    starts_at: datetime
    organisation: Organisation
    state: SessionState
    result: Result | None
    host_name: str
    waiting: tuple[Waiting, ...]
    may_host: bool


async def require(ctx: Context, user: User, verb: Verb, session_id: SessionId) -> Thing:
    """Raises Refused: `not_found` for what one may not even read, else `not_allowed`."""
    async with ctx.store.read() as conn:
        return allowed(user, verb, await sessions.thing(conn, session_id))


def checked(new: NewSeat) -> NewSeat:
    """The same, tidied. Raises Refused for what can't be booked."""
    side = booked_side(new.role, new.side)
    name = checked_text(new.name, NAME_LENGTH, "name_missing", "name_unusable")
    return replace(new, side=side, name=name)


def seat_link(ctx: Context, seat: Seat) -> str:
    """The link that opens this seat, until it is issued anew."""
    token = link_token(ctx.keys.link_key, seat.id, seat.link_version)
    return f"{ctx.settings.origin}/j/{seat.id}#{token}"


async def book(
    ctx: Context,
    user: User,
    case_id: CaseId,
    starts_at: datetime,
    seats: Sequence[NewSeat],
    key: str,
) -> SessionId:
    """A session with a seat for its mediator and one for each of `seats`.

    The host is the case's mediator; where it has none, the user if they may host. `key` is the
    form's own: sent twice, it makes one session. Raises Refused.
    """
    now = ctx.clock()
    if not now - LATE <= starts_at <= now + EARLY:
        raise Refused("starts_in_the_past" if starts_at < now else "starts_too_far")
    if not seats:
        raise Refused("nobody_booked")
    if len(seats) > MOST_SEATS:
        raise Refused("too_many_seats")
    # Ids sort by time and seats by id: the host's comes first.
    chair = SeatId(new_id())
    guests = [_seat(new) for new in seats]

    async def make(conn: AsyncConnection) -> str:
        thing = allowed(user, Verb.BOOK, await cases.thing(conn, case_id))
        case = await cases.load(conn, case_id, lock=True)
        if case is None or case.status not in BOOKABLE:
            raise Refused("not_bookable")
        _still_there(case, seats)
        host = await _host(conn, user, thing, case_id)
        name = (await users.names(conn, [host]))[host]
        places = [Seat(chair, Role.HOST, None, name, chair=True), *guests]
        session = await _session(conn, case_id, starts_at, places)
        people = {seat.id: new.user for seat, new in zip(guests, seats, strict=True) if new.user}
        people[chair] = host
        await sessions.insert(conn, session, people=people, at=now)
        body = {"seats": list(session.seats), "host": host}
        await audit.append(
            conn, f"case:{case_id}", "session.booked", now, user.id, session.id, body
        )
        # To have invited them is to have been in touch.
        await deadlines.refresh(ctx, conn, case)
        await inviting.invite(ctx, conn, case, session, lambda seat: seat_link(ctx, seat))
        return session.id

    return SessionId(await forms.once(ctx, user.id, key, make))


async def page(ctx: Context, user: User, session_id: SessionId) -> SessionPage:
    """Raises Refused("not_found") for a session that isn't there or is not this user's to see."""
    async with ctx.store.read() as conn:
        thing = allowed(user, Verb.READ_CASE, await sessions.thing(conn, session_id))
        session = await sessions.load(conn, session_id)
        assert session is not None
        case = await cases.load(conn, session.case)
        assert case is not None
        organisation = await organisations.get(conn, case.organisation)
    may_host = may(user, Verb.HOST, thing) and not session.over
    links = may(user, Verb.SEE_LINKS, thing) and not session.over
    booked = [seat for seat in session.seats.values() if not seat.claim_of]
    waiting = {w.seat: w.since for w in reversed(_waiting(session))}
    return SessionPage(
        id=session_id,
        case=case,
        organisation=organisation,
        starts_at=session.starts_at,
        state=session.state,
        result=session.result,
        seats=tuple(
            SeatLine(
                id=seat.id,
                role=seat.role,
                side=seat.side,
                name=seat.name,
                present=seat.present,
                admitted=seat.admitted,
                waiting_since=waiting.get(seat.id),
                # Whoever opens the host's link is the host.
                link=seat_link(ctx, seat) if links and (may_host or not seat.chair) else None,
            )
            for seat in booked
        ),
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
        lines = []
        mine = scope(user, Verb.READ_CASE) + scope(user, Verb.HOST)
        for session_id in await sessions.between(conn, mine, start, end):
            lines.append(await _today_line(conn, user, session_id))
    tomorrow = start + timedelta(days=1)
    # What was cancelled is news on its day only.
    return [x for x in lines if x.state is not SessionState.CANCELLED or x.starts_at < tomorrow]


async def _today_line(conn: AsyncConnection, user: User, session_id: SessionId) -> TodayLine:
    session, thing = await sessions.load(conn, session_id), await sessions.thing(conn, session_id)
    assert session is not None
    assert thing is not None
    case = await cases.load(conn, session.case)
    assert case is not None
    return TodayLine(
        id=session_id,
        case=case.id,
        title=case.title,
        starts_at=session.starts_at,
        organisation=await organisations.get(conn, case.organisation),
        state=session.state,
        result=session.result,
        host_name=session.main_host.name,
        waiting=tuple(_waiting(session)),
        may_host=may(user, Verb.HOST, thing) and not session.over,
    )


def _waiting(session: Session) -> list[Waiting]:
    """Whoever is in a lobby; a claim waits for the seat it wants."""
    found = [
        Waiting(seat.claim_of or seat.id, seat.name, seat.side, seat.since)
        for seat in session.seats.values()
        if seat.present and seat.since and session.kind_of(seat) is SpaceKind.LOBBY
    ]
    return sorted(found, key=lambda waiting: waiting.since)


def _seat(new: NewSeat) -> Seat:
    it = checked(new)
    return Seat(SeatId(new_id()), it.role, it.side, it.name, party=it.party)


def _still_there(case: Case, seats: Sequence[NewSeat]) -> None:
    """Those invited are as the form has shown them, and work on the case as it said."""
    sides = {party.id: party.side for party in case.present_parties}
    for new in seats:
        if new.party is not None and new.party not in sides:
            raise Refused("party_has_left")
        if new.party is not None and new.side != sides[new.party]:
            raise Refused("status_changed")
        if new.user is not None and new.user not in case.handlers:
            raise Refused("status_changed")


async def _host(conn: AsyncConnection, user: User, thing: Thing, case_id: CaseId) -> UserId:
    mediators = [u for u, r in await cases.handlers(conn, case_id) if r is HandlerRole.MEDIATOR]
    if mediators:
        return user.id if user.id in mediators else mediators[0]
    if may(user, Verb.HOST, Thing(thing.path, host=user.id)):
        return user.id
    raise Refused("no_mediator")


async def _session(
    conn: AsyncConnection, case_id: CaseId, starts_at: datetime, seats: list[Seat]
) -> Session:
    case = await cases.load(conn, case_id)
    assert case is not None
    return Session(
        id=SessionId(new_id()),
        case=case_id,
        organisation=case.organisation,
        starts_at=starts_at,
        seats={seat.id: seat for seat in seats},
        shuttle_only=case.shuttle_only,
        new_space_id=lambda: SpaceId(new_secret_id()),
        new_seat_id=lambda: SeatId(new_id()),
    )
