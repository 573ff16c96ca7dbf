"""The invitation to a session: every party who has a seat in it is sent their own link."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.ids import SeatId
from server.domain.notice import NoticeName
from server.domain.seat import Seat
from server.domain.session import Session
from server.services import notices
from server.services.context import Context
from server.store import cases, organisations, sessions

Link = Callable[[Seat], str]


async def invite(
    ctx: Context, conn: AsyncConnection, case: Case, session: Session, link: Link
) -> None:
    """In the transaction that books it. Others who take part get their links from the page."""
    organisation = await organisations.get(conn, case.organisation)
    for seat in session.seats.values():
        if seat.party is not None:
            values = _values(session, seat, link) | {"phone": organisation.phone}
            name = NoticeName.SESSION_BOOKED
            await notices.to_party(ctx, conn, case, seat.party, name, values, seat.id)


async def as_now(
    conn: AsyncConnection, given: dict[str, str], link: Link | None = None
) -> dict[str, str] | None:
    """An invitation's values once more, with the link that is good today; None when the session
    is over, or the party has left.
    """
    session_id = await sessions.of_seat(conn, SeatId(given["seat"]))
    session = await sessions.load(conn, session_id) if session_id else None
    if session is None or session.over:
        return None
    seat = session.seats[SeatId(given["seat"])]
    case = await cases.load(conn, session.case)
    if seat.party and case and seat.party not in {p.id for p in case.present_parties}:
        return None
    return given | _values(session, seat, link) if link else given


def _values(session: Session, seat: Seat, link: Link) -> dict[str, str]:
    return {
        "seat": seat.id,
        "mediator": session.main_host.name,
        "at": session.starts_at.isoformat(),
        "link": link(seat),
    }
