"""The link that opens a seat, and what hangs on it; and whether one that was opened is good."""

from __future__ import annotations

from datetime import timedelta

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.seat import Seat
from server.domain.session import Session
from server.security import tokens
from server.services.context import Context

OLDER_LINKS = 20
"""So many replaced links of a seat are still known as such."""


def seat_link(ctx: Context, seat: Seat) -> str:
    """Until it is issued anew or taken away."""
    return f"{ctx.settings.origin}/j/{seat.id}#{token_of(ctx, seat, seat.id)}"


def token_of(ctx: Context, seat: Seat, about: str) -> str:
    """For the seat, or for what else hangs on its link: void when that is replaced."""
    return tokens.link_token(ctx.keys.link_key, SeatId(about), seat.link_version)


def link_ttl(ctx: Context) -> timedelta:
    """After the meeting's beginning."""
    return timedelta(days=ctx.settings.link_ttl_days)


def check(ctx: Context, session: Session, seat_id: SeatId, token: str, about: str = "") -> Seat:
    """The seat that this token opens today; `about`: what the token is for, if not for the seat.

    Who has an older one is told so: for them it is not a wrong link, and there is a newer message.
    Raises Refused: link_invalid, link_replaced, link_revoked, link_expired.
    """
    seat = session.seats.get(seat_id)
    if seat is None or seat.claim_of:
        raise Refused("link_invalid")
    key, named, present = ctx.keys.link_key, SeatId(about or seat_id), seat.link_version
    if seat.revoked or not tokens.check(key, named, present, token):
        known = range(max(1, present - OLDER_LINKS), present + 1)
        if any(tokens.check(key, named, version, token) for version in known):
            raise Refused("link_revoked" if seat.revoked else "link_replaced")
        raise Refused("link_invalid")
    if ctx.clock() > session.starts_at + link_ttl(ctx):
        raise Refused("link_expired")
    return seat
