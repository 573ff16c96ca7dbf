"""From a link to a seat: the token is exchanged for a cookie, the cookie opens the page and socket.

Nothing here admits anybody. A cookie only says which device is knocking; who gets the seat is
decided by `Session.connect` when it connects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import DeviceId, SeatId, SessionId
from server.domain.rights import Verb
from server.domain.seating import SessionState
from server.domain.session import Session
from server.domain.user import User
from server.security import tokens
from server.security.ids import new_secret_id
from server.services import bookings, seat_links
from server.services import welcome as greeting
from server.services.context import Context
from server.services.live import Origin, carry_out, load
from server.store import devices, sessions
from server.store.devices import Device


class TurnedAway(Refused):
    """By a link that was good once: the code, and what its owner may know of the meeting."""

    def __init__(self, code: str, meeting: dict[str, Any]) -> None:
        super().__init__(code)
        self.meeting = meeting


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who has arrived: the page's welcome, and a cookie value if the device is a new one."""

    welcome: dict[str, Any]
    cookie: str | None = None


async def exchange(
    ctx: Context, seat_id: SeatId, token: str, cookie: str | None, address: str, lang: str
) -> Arrival:
    """A link's token for a cookie. A device that already holds one keeps it.

    Raises Refused: too_many, link_invalid; TurnedAway: link_replaced, link_revoked, link_expired,
    session_cancelled.
    """
    limit = ctx.settings.join_limit
    if not ctx.limiter.allowed(limit, "join", address):
        raise Refused("too_many")
    async with ctx.store.write() as conn:
        session = await _session(ctx, conn, seat_id)
        now = ctx.clock()
        try:
            seat_links.check(ctx, session, seat_id, token)
            if session.state is SessionState.CANCELLED:
                raise Refused("session_cancelled")
        except Refused as refused:
            raise await _turned_away(ctx, conn, session, refused) from None
        device = await _device(conn, session, seat_id, cookie, now)
        if device is not None:
            return Arrival(await greeting.said(ctx, conn, session, seat_id, device.id, lang))
        new, cookie = await _new_device(ctx, conn, session, seat_id, now)
        return Arrival(await greeting.said(ctx, conn, session, seat_id, new, lang), cookie)


async def _turned_away(
    ctx: Context, conn: AsyncConnection, session: Session, refused: Refused
) -> Refused:
    if refused.code == "link_invalid":
        return refused
    return TurnedAway(refused.code, await greeting.meeting(ctx, conn, session))


async def welcome(ctx: Context, seat_id: SeatId, cookie: str | None, lang: str) -> dict[str, Any]:
    """What the page of a seat shows before anything is connected.

    Raises Refused: no_seat; TurnedAway: link_replaced, link_revoked, for the device's link.
    """
    async with ctx.store.read() as conn:
        session = await _session(ctx, conn, seat_id)
        device = await _device(conn, session, seat_id, cookie, ctx.clock())
        if device is None:
            known = await _known(conn, seat_id, cookie)
            seat = session.seats.get(seat_id)
            if known is None or seat is None or known.link_version == seat.link_version:
                raise Refused("no_seat")
            code = "link_revoked" if seat.revoked else "link_replaced"
            raise await _turned_away(ctx, conn, session, Refused(code))
        return await greeting.said(ctx, conn, session, seat_id, device.id, lang)


async def device_of(ctx: Context, seat_id: SeatId, cookie: str | None) -> Device:
    """The device behind a seat's cookie, for the socket. Raises Refused("no_seat").

    Whether its link is still the seat's is seen when it connects.
    """
    async with ctx.store.read() as conn:
        device = await _known(conn, seat_id, cookie)
    if device is None or ctx.clock() > device.expires_at:
        raise Refused("no_seat")
    return device


async def known(
    ctx: Context, conn: AsyncConnection, seat_id: SeatId, cookie: str | None
) -> tuple[Session, Device]:
    """The session of a seat, and the device behind its cookie. Raises Refused("no_seat")."""
    session = await _session(ctx, conn, seat_id)
    device = await _device(conn, session, seat_id, cookie, ctx.clock())
    if device is None:
        raise Refused("no_seat")
    return session, device


async def echo(ctx: Context, seat_id: SeatId, cookie: str | None, address: str, sdp: str) -> str:
    """Let a device that has its cookie try its network: the answer to its offer, see `Gate.echo`.

    Raises Refused: too_many, no_seat, session_over, bad_sdp, no_ports.
    """
    if not ctx.limiter.allowed(ctx.settings.join_limit, "echo", address):
        raise Refused("too_many")
    async with ctx.store.read() as conn:
        session, _ = await known(ctx, conn, seat_id, cookie)
    if session.state in (SessionState.ENDED, SessionState.CANCELLED):
        raise Refused("session_over")
    return await ctx.gate.echo(seat_id, sdp)


async def enter_as_host(
    ctx: Context, user: User, session_id: SessionId, cookie_of: dict[SeatId, str]
) -> tuple[SeatId, str | None]:
    """The signed-in mediator takes the host's seat without a link, also from another device.

    Returns the seat and a new cookie value, or None where the device has one already.
    """
    await bookings.require(ctx, user, Verb.HOST, session_id)
    async with ctx.store.write() as conn:
        session = await load(ctx, conn, session_id)
        seat = session.main_host
        known = await _device(conn, session, seat.id, cookie_of.get(seat.id), ctx.clock())
        new: str | None = None
        if known is not None:
            device = known.id
        else:
            device, new = await _new_device(ctx, conn, session, seat.id, ctx.clock())
    if seat.device != device:
        await carry_out(
            ctx,
            session_id,
            lambda s, now: s.hand_over(seat.id, device, now),
            Origin(user=user.id),
        )
    return seat.id, new


async def _session(ctx: Context, conn: AsyncConnection, seat_id: SeatId) -> Session:
    session_id = await sessions.of_seat(conn, seat_id)
    if session_id is None:
        raise Refused("link_invalid")
    return await load(ctx, conn, session_id)


async def _device(
    conn: AsyncConnection, session: Session, seat_id: SeatId, cookie: str | None, now: datetime
) -> Device | None:
    """The device, if the cookie is one of this seat, of its present link, and not expired."""
    device, seat = await _known(conn, seat_id, cookie), session.seats.get(seat_id)
    if device is None or seat is None or device.link_version != seat.link_version:
        return None
    return device if now <= device.expires_at else None


async def _known(conn: AsyncConnection, seat_id: SeatId, cookie: str | None) -> Device | None:
    """The device whose cookie it is, though its link may be good no more."""
    named = tokens.split_cookie(cookie or "")
    if named is None:
        return None
    device_id, secret = named
    device = await devices.find(conn, device_id)
    if device is None or device.seat != seat_id:
        return None
    return device if tokens.secret_matches(secret, device.secret_hash) else None


async def _new_device(
    ctx: Context, conn: AsyncConnection, session: Session, seat_id: SeatId, now: datetime
) -> tuple[DeviceId, str]:
    """A device that has not been here before, and the value of its cookie."""
    device, secret = DeviceId(new_secret_id()), tokens.new_secret()
    await devices.insert(
        conn,
        device,
        seat=seat_id,
        secret_hash=tokens.secret_hash(secret),
        link_version=session.seats[seat_id].link_version,
        at=now,
        expires_at=max(session.starts_at, now) + seat_links.link_ttl(ctx),
    )
    return device, tokens.device_cookie(device, secret)
