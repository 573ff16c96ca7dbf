"""The link that opens a seat."""

from __future__ import annotations

from server.domain.seat import Seat
from server.security.tokens import link_token
from server.services.context import Context


def seat_link(ctx: Context, seat: Seat) -> str:
    """Until it is issued anew or taken away."""
    token = link_token(ctx.keys.link_key, seat.id, seat.link_version)
    return f"{ctx.settings.origin}/j/{seat.id}#{token}"
