"""Booking a meeting: who sits in it, as what, on which side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import beside, booking
from server.domain.case import BOOKABLE, Case, HandlerRole
from server.domain.errors import Refused
from server.domain.identity import email_or_none, phone_or_none
from server.domain.ids import (
    CaseId,
    PartyId,
    RepresentativeId,
    SeatId,
    SessionId,
    SpaceId,
    UserId,
)
from server.domain.party import NAME_LENGTH, Details
from server.domain.rights import Thing, Verb, may
from server.domain.seat import Role, Seat, booked_side
from server.domain.seating import SessionPurpose
from server.domain.session import Session
from server.domain.text import checked_text
from server.domain.user import User
from server.security.ids import new_id, new_secret_id
from server.services import clashes, deadlines, forms, guests, inviting, session_reminders
from server.services.cases import allowed
from server.services.context import Context
from server.services.seat_links import seat_link
from server.store import audit, cases, parties, sessions, users

__all__ = ["NewSeat", "book", "checked", "checked_start", "host_of", "require", "seat_link"]

MOST_SEATS = 30
LATE = timedelta(minutes=30)
"""How long ago the start of a session may be: people may be on the telephone already."""

EARLY = timedelta(days=366)
"""How far ahead a session is booked."""

HOUR = timedelta(minutes=60)
LANGUAGE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class NewSeat:
    """`party`: for which party of the case, `speaker`: who speaks for it; `user`: for whom of
    those who work on it. `language`: what is interpreted; `signs`: into sign language. `beside`:
    others at the same device. `phone` and `email`: of a guest; the others' are known.
    """

    role: Role
    side: str | None
    name: str
    party: PartyId | None = None
    user: UserId | None = None
    speaker: RepresentativeId | None = None
    language: str = ""
    signs: bool = False
    beside: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""

    @property
    def guest(self) -> bool:
        return self.party is None and self.user is None


async def require(ctx: Context, user: User, verb: Verb, session_id: SessionId) -> Thing:
    """Raises Refused: `not_found` for what one may not even read, else `not_allowed`."""
    async with ctx.store.read() as conn:
        return allowed(user, verb, await sessions.thing(conn, session_id))


def checked(new: NewSeat) -> NewSeat:
    """As it is kept. Raises Refused for what can't be booked."""
    interprets = new.role is Role.INTERPRETER
    language = new.language.strip() if interprets else ""
    if language:
        language = checked_text(language, LANGUAGE_LENGTH, "", "language_unusable")
    return replace(
        new,
        side=booked_side(new.role, new.side),
        name=checked_text(new.name, NAME_LENGTH, "name_missing", "name_unusable"),
        language=language,
        signs=new.signs and interprets,
        beside=beside.checked(new.beside),
        phone=phone_or_none(new.phone) if new.guest else "",
        email=email_or_none(new.email) if new.guest else "",
    )


def checked_start(starts_at: datetime, now: datetime) -> None:
    """Raises Refused."""
    if not now - LATE <= starts_at <= now + EARLY:
        raise Refused("starts_in_the_past" if starts_at < now else "starts_too_far")


async def book(
    ctx: Context,
    user: User,
    case_id: CaseId,
    starts_at: datetime,
    seats: Sequence[NewSeat],
    key: str,
    *,
    purpose: SessionPurpose = SessionPurpose.MEETING,
    length: timedelta = HOUR,
    seen: Collection[SessionId] | None = None,
) -> SessionId:
    """A session with a seat for its mediator and one for each of `seats`.

    The host is the case's mediator; where it has none, the user if they may host. `key` is the
    form's own: sent twice, it makes one session. `seen`: the meetings at the same time of which
    the user knows and wants it all the same; None: nobody is asked. Raises Refused, and Clash.
    """
    checked_start(starts_at, ctx.clock())
    if not seats:
        raise Refused("nobody_booked")
    if len(seats) > MOST_SEATS:
        raise Refused("too_many_seats")

    async def make(conn: AsyncConnection) -> str:
        thing = allowed(user, Verb.BOOK, await cases.thing(conn, case_id))
        case = await cases.load(conn, case_id, lock=True)
        if case is None or case.status not in BOOKABLE:
            raise Refused("not_bookable")
        await still_there(ctx, conn, case, seats)
        host = await host_of(conn, user, thing, case_id)
        session, people, contacts = await _session(conn, case, host, starts_at, seats)
        session.purpose, session.length = purpose, length
        booking.checked_purpose(purpose, session.seats.values())
        if seen is not None:
            await clashes.refuse(conn, user, session, people.values(), seen)
        await _insert(ctx, conn, user, case, session, people, contacts)
        return session.id

    return SessionId(await forms.once(ctx, user.id, key, make))


async def host_of(conn: AsyncConnection, user: User, thing: Thing, case_id: CaseId) -> UserId:
    """Who hosts what this user books. Raises Refused("no_mediator")."""
    mediators = [u for u, r in await cases.handlers(conn, case_id) if r is HandlerRole.MEDIATOR]
    if mediators:
        return user.id if user.id in mediators else mediators[0]
    if may(user, Verb.HOST, Thing(thing.path, host=user.id)):
        return user.id
    raise Refused("no_mediator")


async def still_there(
    ctx: Context, conn: AsyncConnection, case: Case, seats: Sequence[NewSeat]
) -> None:
    """Those invited are as the form has shown them, and work on the case as it said."""
    sides = {party.id: party.side for party in case.present_parties}
    found = await parties.representatives(conn, case.id)
    speakers = {one.id: one.party for one, _ in found if one.speaks(ctx.clock())}
    for new in seats:
        if new.party is not None and new.party not in sides:
            raise Refused("party_has_left")
        if new.party is not None and new.side != sides[new.party]:
            raise Refused("status_changed")
        if new.speaker is not None and speakers.get(new.speaker) != new.party:
            raise Refused("status_changed")
        if new.user is not None and new.user not in case.handlers:
            raise Refused("status_changed")


def made(new: NewSeat) -> tuple[Seat, Details]:
    """And by what this guest is reached. Raises Refused."""
    it = checked(new)
    seat = Seat(
        SeatId(new_id()),
        it.role,
        it.side,
        it.name,
        party=it.party,
        speaker=it.speaker,
        language=it.language,
        signs=it.signs,
        beside=it.beside,
    )
    return seat, Details(phone=it.phone, email=it.email)


async def _session(
    conn: AsyncConnection, case: Case, host: UserId, starts_at: datetime, seats: Sequence[NewSeat]
) -> tuple[Session, dict[SeatId, UserId], dict[SeatId, Details]]:
    """And who of the staff sits where, and by what guests are reached."""
    name = (await users.names(conn, [host]))[host]
    # Ids sort by time and seats by id: the host's comes first.
    chair = Seat(SeatId(new_id()), Role.HOST, None, name, chair=True)
    booked = [made(new) for new in seats]
    people = {seat.id: new.user for (seat, _), new in zip(booked, seats, strict=True) if new.user}
    session = Session(
        id=SessionId(new_id()),
        case=case.id,
        organisation=case.organisation,
        starts_at=starts_at,
        seats={seat.id: seat for seat in (chair, *(seat for seat, _ in booked))},
        shuttle_only=case.shuttle_only,
        new_space_id=lambda: SpaceId(new_secret_id()),
        new_seat_id=lambda: SeatId(new_id()),
    )
    return session, {chair.id: host, **people}, {seat.id: known for seat, known in booked}


async def _insert(
    ctx: Context,
    conn: AsyncConnection,
    user: User,
    case: Case,
    session: Session,
    people: Mapping[SeatId, UserId],
    contacts: Mapping[SeatId, Details],
) -> None:
    now = ctx.clock()
    await sessions.insert(conn, session, people=people, at=now)
    for seat, known in contacts.items():
        await guests.keep(ctx, conn, case.id, seat, known)
    body = {"seats": list(session.seats), "host": people[session.main_host.id]}
    await audit.append(conn, f"case:{case.id}", "session.booked", now, user.id, session.id, body)
    # To have invited them is to have been in touch.
    await deadlines.refresh(ctx, conn, case)
    await inviting.invite(ctx, conn, session, user.id)
    await session_reminders.schedule(ctx, conn, session)
