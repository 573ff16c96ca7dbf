"""The face of who invites: shown before anything is connected, if its owner shows it publicly."""

from __future__ import annotations

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.services import arrivals, profiles
from server.services.context import Context
from server.services.profiles import Photo
from server.store import sessions


async def photo(ctx: Context, seat_id: SeatId, cookie: str | None) -> Photo:
    """Of the mediator, for who was invited. Raises Refused: no_seat, not_found."""
    async with ctx.store.read() as conn:
        session, _ = await arrivals.known(ctx, conn, seat_id, cookie)
        host = await sessions.person(conn, session.main_host.id)
    if host is None:
        raise Refused("not_found")
    return await profiles.photo(ctx, None, host)
