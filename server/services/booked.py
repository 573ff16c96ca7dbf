"""What staff change about a meeting that is booked; whoever was invited is told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import booking
from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.domain.notice import NoticeName
from server.domain.rights import Verb
from server.domain.session import Session
from server.domain.text import checked_text
from server.domain.user import User
from server.services import bookings, clashes, forms, guests, inviting, session_reminders
from server.services.bookings import MOST_SEATS, NewSeat, made, require
from server.services.cases import allowed
from server.services.context import Context
from server.services.live import Also, Origin, carry_out
from server.store import cases, seats, sessions
from server.store import forms as sent

REASON_LENGTH = 200


async def reschedule(
    ctx: Context,
    user: User,
    session_id: SessionId,
    starts_at: datetime,
    length: timedelta,
    seen: Collection[SessionId] | None = None,
) -> None:
    """Another time, or another length. `seen`: as in booking. Raises Refused, and Clash."""
    await require(ctx, user, Verb.BOOK, session_id)
    bookings.checked_start(starts_at, ctx.clock())

    def decide(session: Session, now: datetime) -> Also | None:
        then, was = ctx.at(now), session.starts_at.isoformat()
        if not session.reschedule(starts_at, length, now):
            return None

        async def tell(conn: AsyncConnection) -> None:
            if seen is not None:
                people = (await seats.people(conn, session.id)).values()
                await clashes.refuse(conn, user, session, list(people), seen)
            await session_reminders.schedule(then, conn, session)
            name, key = NoticeName.SESSION_MOVED, f":edition {session.edition}"
            await inviting.tell(then, conn, session, name, key=key, by=user.id, was=was)

        return Also(tell)

    await carry_out(ctx, session_id, decide, Origin(user=user.id))


async def cancel(ctx: Context, user: User, session_id: SessionId, reason: str = "") -> None:
    """`reason`: told to everybody who was invited. Raises Refused."""
    reason = checked_text(reason, REASON_LENGTH, "", "reason_unusable") if reason.strip() else ""
    await require(ctx, user, Verb.BOOK, session_id)

    def decide(session: Session, now: datetime) -> Also:
        session.cancel(now)

        async def tell(conn: AsyncConnection) -> None:
            await session_reminders.drop(conn, session.id)
            name = NoticeName.SESSION_CANCELLED
            await inviting.tell(ctx.at(now), conn, session, name, by=user.id, reason=reason)

        return Also(tell)

    await carry_out(ctx, session_id, decide, Origin(user=user.id))


async def add_seat(
    ctx: Context, user: User, session_id: SessionId, new: NewSeat, key: str
) -> SeatId:
    """One more person, also while the others are talking. A form sent twice adds one.

    Returns the new seat. Raises Refused.
    """
    await require(ctx, user, Verb.BOOK, session_id)
    if not key or len(key) > forms.KEY_LENGTH or not key.isprintable():
        raise Refused("bad_request")
    if before := await _added(ctx, user, key):
        return before
    async with ctx.store.read() as conn:
        await _there(ctx, conn, session_id, new)
    seat, known = made(new)

    def decide(session: Session, now: datetime) -> Also:
        booked = [one for one in session.seats.values() if not one.claim_of]
        if len(booked) > MOST_SEATS:
            raise Refused("too_many_seats")
        booking.checked_purpose(session.purpose, [*booked, seat])
        session.add_seat(seat, now)

        async def invite(conn: AsyncConnection) -> None:
            await _there(ctx, conn, session_id, new)
            if await sent.made(conn, user.id, key):
                # Another request with the same form was quicker.
                raise Refused("bad_request")
            await sent.remember(conn, user.id, key, seat.id)
            if new.user is not None:
                await sessions.set_person(conn, seat.id, new.user)
            await guests.keep(ctx, conn, session.case, seat.id, known)
            await inviting.invite(ctx.at(now), conn, session, user.id, only=[session.seat(seat.id)])

        return Also(invite)

    try:
        await carry_out(ctx, session_id, decide, Origin(user=user.id))
    except Refused:
        if before := await _added(ctx, user, key):
            return before
        raise
    return seat.id


async def _there(ctx: Context, conn: AsyncConnection, session_id: SessionId, new: NewSeat) -> None:
    session = await sessions.load(conn, session_id)
    case = await cases.load(conn, session.case) if session else None
    assert case is not None
    await bookings.still_there(ctx, conn, case, [new])


async def _added(ctx: Context, user: User, key: str) -> SeatId | None:
    """The seat that this form has added already."""
    async with ctx.store.read() as conn:
        before = await sent.made(conn, user.id, key)
    return SeatId(before) if before else None


async def revoke(ctx: Context, user: User, session_id: SessionId, seat: SeatId) -> None:
    """The link opens nothing any more, and whoever came with it is cut off. Raises Refused."""
    await require(ctx, user, Verb.BOOK, session_id)
    await carry_out(ctx, session_id, lambda s, now: s.revoke(seat, now), Origin(user=user.id))


async def send_again(
    ctx: Context, user: User, session_id: SessionId, seat_id: SeatId, key: str
) -> None:
    """The invitation once more, with the link of today. `key` is the form's own. Raises Refused."""

    async def send(conn: AsyncConnection) -> str:
        allowed(user, Verb.BOOK, await sessions.thing(conn, session_id))
        session = await sessions.load(conn, session_id)
        assert session is not None
        if session.over:
            raise Refused("session_over")
        seat = session.seat(seat_id)
        if seat.revoked:
            raise Refused("link_invalid")
        await inviting.invite(ctx, conn, session, user.id, only=[seat], key=f":{key}")
        return seat_id

    await forms.once(ctx, user.id, key, send)
