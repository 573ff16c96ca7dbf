"""The telephone of who isn't there, for who hosts: read on request, and everybody knows who did."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SeatId
from server.domain.seat import Seat
from server.domain.session import Session
from server.services import guests, sealed
from server.services.context import Context
from server.services.sitting import sitting
from server.store import audit, parties, profiles, seats

SEEN = "session.number_seen"


async def number(ctx: Context, seat_id: SeatId, cookie: str | None, of: SeatId) -> str:
    """By which the person of the other seat is called; empty where none is known. Audited first.

    Raises Refused: no_seat, not_host, unknown_seat.
    """
    async with ctx.store.write() as conn:
        here = await sitting(ctx, conn, seat_id, cookie)
        host, session = here.session.host(here.seat.id), here.session
        seat = session.seat(of)
        body = {"seat": seat.id}
        chain = f"case:{session.case}"
        await audit.append(conn, chain, SEEN, ctx.clock(), host.id, session.id, body)
        return await _known(ctx, conn, session, seat)


async def _known(ctx: Context, conn: AsyncConnection, session: Session, seat: Seat) -> str:
    if seat.claim_of is not None:
        # Somebody has its link; who that is, nobody knows yet.
        return ""
    if seat.speaker is not None:
        speakers = await parties.representatives(conn, session.case)
        found = next((hidden for one, hidden in speakers if one.id == seat.speaker), "")
        return sealed.details(ctx, session.case, seat.speaker, found).phone
    if seat.party is not None:
        hidden = (await parties.sealed(conn, session.case)).get(seat.party, "")
        return sealed.details(ctx, session.case, seat.party, hidden).phone
    person = (await seats.people(conn, session.id)).get(seat.id)
    if person is None:
        return (await guests.of(ctx, conn, session, seat.id)).phone
    profile = await profiles.get(conn, person)
    return profile.phone if profile else ""
