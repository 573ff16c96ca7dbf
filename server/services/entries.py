"""A seat's meeting as an entry of a calendar, in the language being spoken."""

from __future__ import annotations

from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.domain.seat import Seat
from server.domain.session import Session
from server.services import arrivals, inviting, notice_texts, notices
from server.services.context import Context
from server.services.ics import Entry
from server.store import organisations, sessions
from server.words import speaking


async def of_seat(ctx: Context, session_id: SessionId, seat_id: SeatId) -> Entry:
    """Who may have its link is the caller's to know. Raises Refused: unknown_seat, session_over."""
    async with ctx.store.read() as conn:
        session = await sessions.load(conn, session_id)
    if session is None:
        raise Refused("unknown_session")
    return await _entry(ctx, session, session.seat(seat_id))


async def own(ctx: Context, seat_id: SeatId, cookie: str | None) -> Entry:
    """Of the seat whose cookie a device has. Raises Refused: no_seat, session_over."""
    async with ctx.store.read() as conn:
        session, _ = await arrivals.known(ctx, conn, seat_id, cookie)
    return await _entry(ctx, session, session.seat(seat_id))


async def _entry(ctx: Context, session: Session, seat: Seat) -> Entry:
    if session.over:
        raise Refused("session_over")
    language = speaking.get()
    async with ctx.store.read() as conn:
        where = await organisations.get(conn, session.organisation)
        name = inviting.invitation(session)
        words = await notice_texts.wording(conn, where.path, name, language)
    given = inviting.values(ctx, session, seat)
    said = notices.content(ctx, where, seat.name, language, words, given)
    return Entry(
        seat=seat.id,
        sequence=session.version,
        starts_at=session.starts_at,
        length=session.length,
        zone=where.zone,
        organisation=where.name,
        text=said["text"],
        at=ctx.clock(),
    )
