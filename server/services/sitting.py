"""Who asks for something of the room by HTTP: the seat that a device holds, or claims, just now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import claims
from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.seat import Seat
from server.domain.session import Session
from server.services import arrivals
from server.services.context import Context


@dataclass(frozen=True, slots=True)
class Sitting:
    session: Session
    seat: Seat


async def sitting(
    ctx: Context, conn: AsyncConnection, seat_id: SeatId, cookie: str | None
) -> Sitting:
    """By the cookie of the seat. A device that claims it has its claim's seat.

    Raises Refused: no_seat for whoever holds nothing here, also who left, and when somebody else
    took the seat.
    """
    session, device = await arrivals.known(ctx, conn, seat_id, cookie)
    seat = session.seats[seat_id]
    if seat.device != device.id or seat.left:
        claim = claims.by(session, seat_id, device.id)
        if claim is None:
            raise Refused("no_seat")
        seat = claim
    return Sitting(session, seat)
