"""The helper link: how somebody's way to their seat goes, for who helps them there.

A child far away or a grid worker beside them sees one seat's joining and nothing else: no name, not
who else is there, nothing of the meeting. The link hangs on the seat's own and is void with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.progress import Progress, Step
from server.domain.seat import Seat
from server.domain.seating import SessionState
from server.domain.session import Session
from server.services import seat_links
from server.services.context import Context
from server.services.live import load
from server.store import organisations, sessions
from server.store import progress as kept

_BEFORE = (Step.LANDING, Step.DEVICES, Step.DOOR)
"""Nothing but the page knows of these."""


class Stand(StrEnum):
    """Where somebody is on the way."""

    NOT_OPENED = "not_opened"
    LANDING = "landing"
    DEVICES = "devices"
    DOOR = "door"
    """Outside: the meeting is locked."""
    NAME = "name"
    CONSENT = "consent"
    """In the lobby, with something left to read and agree to."""
    LOBBY = "lobby"
    INSIDE = "inside"
    LOST = "lost"
    """Was there; the connection is lost or the page closed."""
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Joining:
    """`progress`: what the page said last, on the day; `rehearsal`: at the try before it."""

    stand: Stand
    starts_at: datetime
    zone: ZoneInfo
    organisation: str
    phone: str
    progress: Progress | None
    rehearsal: Progress | None
    lost_at: datetime | None


def helper_link(ctx: Context, seat: Seat) -> str:
    """To be given to who helps the person of this seat; void when the seat's link is replaced."""
    return f"{ctx.settings.origin}/h/{seat.id}#{seat_links.token_of(ctx, seat, _link(seat.id))}"


async def exchange(ctx: Context, seat_id: SeatId, token: str, address: str) -> str:
    """The link's token for the value of a cookie.

    Raises Refused: too_many, link_invalid, link_replaced, link_revoked, link_expired.
    """
    if not ctx.limiter.allowed(ctx.settings.join_limit, "helper", address):
        raise Refused("too_many")
    session = await _session(ctx, seat_id)
    seat = seat_links.check(ctx, session, seat_id, token, _link(seat_id))
    return seat_links.token_of(ctx, seat, _cookie(seat_id))


async def joining(ctx: Context, seat_id: SeatId, cookie: str) -> Joining:
    """How it goes now. Raises Refused: link_invalid, link_replaced, link_revoked, link_expired."""
    session = await _session(ctx, seat_id)
    seat = seat_links.check(ctx, session, seat_id, cookie, _cookie(seat_id))
    async with ctx.store.read() as conn:
        organisation = await organisations.get(conn, session.organisation)
        said = {one.rehearsal: one for one in await kept.of_seat(conn, seat_id)}
    return Joining(
        stand=_stand(session, seat, said.get(False)),
        starts_at=session.starts_at,
        zone=organisation.zone,
        organisation=organisation.name,
        phone=organisation.phone or ctx.settings.help_phone,
        progress=said.get(False),
        rehearsal=said.get(True),
        lost_at=None if seat.present else seat.lost_at,
    )


def _stand(session: Session, seat: Seat, said: Progress | None) -> Stand:
    """The session knows best; what the page said counts until it is connected."""
    if session.over:
        cancelled = session.state is SessionState.CANCELLED
        return Stand.CANCELLED if cancelled else Stand.OVER
    if seat.present and seat.admitted:
        return Stand.INSIDE
    if seat.present and seat.said_name is None:
        return Stand.NAME
    if seat.present:
        return Stand.LOBBY if session.ready(seat) else Stand.CONSENT
    on_the_way = said is not None and (seat.lost_at is None or said.at > seat.lost_at)
    if said is not None and on_the_way and said.step in _BEFORE:
        return Stand(said.step)
    return Stand.NOT_OPENED if said is None and seat.lost_at is None else Stand.LOST


async def _session(ctx: Context, seat_id: SeatId) -> Session:
    async with ctx.store.read() as conn:
        session_id = await sessions.of_seat(conn, seat_id)
        if session_id is None:
            raise Refused("link_invalid")
        return await load(ctx, conn, session_id)


def _link(seat_id: SeatId) -> str:
    return f"helper:{seat_id}"


def _cookie(seat_id: SeatId) -> str:
    return f"helper cookie:{seat_id}"
