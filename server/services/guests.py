"""By what guests of a meeting are reached, who are neither a party nor speak for one.

An interpreter, a companion, a witness: what is known of them hangs on their seat, sealed like that
of a party, and is asked for when they are invited.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.identity import email_or_none, phone_or_none
from server.domain.ids import CaseId, SeatId, SessionId
from server.domain.notice import masked
from server.domain.party import Details
from server.domain.rights import Verb
from server.domain.seat import Role, Seat
from server.domain.session import Session
from server.domain.user import User
from server.services import sealed
from server.services.cases import allowed
from server.services.context import Context
from server.store import audit, seats, sessions

CHANGED = "session.contact_changed"


async def keep(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, seat: SeatId, known: Details
) -> None:
    """What is known of this guest from now on, and nothing besides."""
    filled = known != Details()
    hidden = sealed.seal_details(ctx, case_id, seat, known) if filled else ""
    await seats.set_contact(conn, seat, hidden)


async def known(ctx: Context, conn: AsyncConnection, session: Session) -> dict[SeatId, Details]:
    """Of every guest of whom something is known."""
    hidden = await seats.contacts(conn, session.id)
    return {seat: sealed.details(ctx, session.case, seat, text) for seat, text in hidden.items()}


async def of(ctx: Context, conn: AsyncConnection, session: Session, seat: SeatId) -> Details:
    return (await known(ctx, conn, session)).get(seat, Details())


async def masked_of(
    ctx: Context, conn: AsyncConnection, session: Session
) -> dict[SeatId, tuple[str, ...]]:
    """Enough of each to see that it is the right one."""
    found = await known(ctx, conn, session)
    return {
        seat: tuple(masked(one) for one in (who.phone, who.email) if one)
        for seat, who in found.items()
    }


async def change(
    ctx: Context, user: User, session_id: SessionId, seat_id: SeatId, phone: str, email: str
) -> None:
    """Another telephone or address of a guest, in place of what was known; empty: none.

    Raises Refused: phone_unusable, email_unusable, not_a_guest, session_over.
    """
    fresh = Details(phone=phone_or_none(phone), email=email_or_none(email))
    async with ctx.store.write() as conn:
        allowed(user, Verb.BOOK, await sessions.thing(conn, session_id))
        session = await sessions.load(conn, session_id)
        assert session is not None
        if session.over:
            raise Refused("session_over")
        staff = await seats.people(conn, session_id)
        seat = session.seat(seat_id)
        if not is_guest(seat) or seat.id in staff:
            raise Refused("not_a_guest")
        await keep(ctx, conn, session.case, seat.id, fresh)
        chain, now = f"case:{session.case}", ctx.clock()
        await audit.append(conn, chain, CHANGED, now, user.id, session.id, {"seat": seat.id})


def is_guest(seat: Seat) -> bool:
    """Of those booked, but for staff, who are known by their accounts."""
    return seat.party is None and seat.claim_of is None and seat.role is not Role.HOST
