"""A live session, one verb a function. The rules are in `server.domain.session`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import DeviceId, SeatId, SessionId
from server.domain.result import Result, ResultKind
from server.domain.rights import Verb
from server.domain.seat import Ask
from server.domain.session import Destination, Session
from server.domain.user import User
from server.services import bookings, texts
from server.services.context import Context
from server.services.live import (
    Also,
    Decide,
    Origin,
    Weigh,
    carry_out,
    carry_out_weighed,
    load,
)
from server.store import sessions, told
from server.store.devices import Device


async def session_of(ctx: Context, seat: SeatId) -> SessionId:
    async with ctx.store.read() as conn:
        session = await sessions.of_seat(conn, seat)
    if session is None:
        raise Refused("unknown_seat")
    return session


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose command it is, and its id. The seat may have changed hands since it was sent.
    `session`: None where it is not known."""

    seat: SeatId
    device: DeviceId
    command: str
    session: SessionId | None = None


async def command(ctx: Context, by: Caller, decide: Decide) -> None:
    """Carry out what this caller decides, if the seat is still theirs. Raises Refused."""

    async def weigh(_: AsyncConnection, session: Session, now: datetime) -> Also | None:
        return decide(session, now)

    await weighed(ctx, by, weigh)


async def weighed(ctx: Context, by: Caller, weigh: Weigh) -> None:
    """Likewise, what is decided by more than the session."""

    async def theirs(conn: AsyncConnection, session: Session, now: datetime) -> Also | None:
        if session.seat(by.seat).device != by.device:
            raise Refused("no_seat")
        return await weigh(conn, session, now)

    session_id = by.session or await session_of(ctx, by.seat)
    await carry_out_weighed(ctx, session_id, theirs, Origin(by.seat, by.command))


# ---- connections ------------------------------------------------------------------------------


async def connect(
    ctx: Context, seat: SeatId, knocking: Device, hold: Callable[[SeatId], None]
) -> SeatId:
    """A device connects with a seat's cookie. Returns the seat it got: that one, or a claim.

    `hold` is called with it under the session's lock, so that a connection that is lost at the
    same moment is not mistaken for the new one. A link that was replaced since the cookie was
    looked at opens nothing any more.
    """
    got: list[SeatId] = []
    device = knocking.id

    def decide(session: Session, now: datetime) -> None:
        if session.seat(seat).link_version != knocking.link_version:
            raise Refused("no_seat")
        arrived = session.connect(seat, device, now).id
        hold(arrived)
        got.append(arrived)

    await carry_out(ctx, knocking.session, decide)
    return got[-1]


async def lost(ctx: Context, seat: SeatId, still_connected: Callable[[SeatId], bool]) -> None:
    """A connection of this seat is gone; nothing happens if another has come meanwhile."""

    def decide(session: Session, now: datetime) -> None:
        if seat in session.seats and not still_connected(seat):
            session.lost(seat, now)

    try:
        await carry_out(ctx, await session_of(ctx, seat), decide)
    except Refused:
        return  # a claim that is over


async def missed(
    ctx: Context, seat: SeatId, device: DeviceId, last: int
) -> list[tuple[int, datetime, dict[str, Any]]]:
    """What the seat was told after `last`, or its newest state if that number isn't its own.

    Never what it was told while another device held it: that was for somebody else.
    """
    async with ctx.store.read() as conn:
        newest = await told.last(conn, seat)
        if newest == 0:
            return []
        rows = await told.since(conn, seat, last if 0 < last < newest else newest - 1)
    theirs = [n for n, _, fact in rows if fact.get("device") != device]
    return [row for row in rows if row[0] > max(theirs, default=0)]


async def restart(ctx: Context) -> None:
    """At start everyone is lost, and rule 7's clocks begin.

    Before anybody can come, the sides are kept apart where their case has it so: the server may
    have died between the two.
    """
    async with ctx.store.read() as conn:
        ids = await sessions.with_people(conn)
        unlike = await sessions.unlike_their_case(conn)
    for session_id in ids:
        await carry_out(ctx, session_id, Session.restart)
    for session_id, only in unlike.items():
        await carry_out(ctx, session_id, _keeping_apart(only))


def _keeping_apart(only: bool) -> Decide:
    return lambda session, now: session.shuttle(only, now)


async def state(ctx: Context, session_id: SessionId) -> Session:
    async with ctx.store.read() as conn:
        return await load(ctx, conn, session_id)


# ---- commands of a seat -----------------------------------------------------------------------


async def say_name(ctx: Context, by: Caller, name: str) -> None:
    await command(ctx, by, lambda s, now: s.say_name(by.seat, name, now))


async def consent(
    ctx: Context, by: Caller, purpose: Purpose, text_hash: str, person: str = ""
) -> None:
    text = texts.by_hash(purpose, text_hash)
    await command(ctx, by, lambda s, now: s.consent(by.seat, text, now, person))


async def withdraw(ctx: Context, by: Caller, purpose: Purpose) -> None:
    await command(ctx, by, lambda s, now: s.withdraw(by.seat, purpose, now))


async def microphone(ctx: Context, by: Caller, on: bool) -> None:
    await command(ctx, by, lambda s, now: s.microphone(by.seat, on))


async def camera(ctx: Context, by: Caller, on: bool) -> None:
    await command(ctx, by, lambda s, now: s.camera(by.seat, on))


async def away(ctx: Context, by: Caller, on: bool) -> None:
    await command(ctx, by, lambda s, now: s.away(by.seat, on))


async def ask(ctx: Context, by: Caller, ask: Ask, on: bool) -> None:
    await command(ctx, by, lambda s, now: s.ask(by.seat, ask, on, now))


async def answer(ctx: Context, by: Caller, seat: SeatId, ask: Ask) -> None:
    await command(ctx, by, lambda s, now: s.answer(by.seat, seat, ask, now))


async def admit(ctx: Context, by: Caller, seat: SeatId) -> None:
    await command(ctx, by, lambda s, now: s.admit(by.seat, seat, now))


async def move(ctx: Context, by: Caller, seats: list[SeatId], to: Destination) -> None:
    await command(ctx, by, lambda s, now: s.move(by.seat, seats, to, now))


async def mute(ctx: Context, by: Caller, seat: SeatId) -> None:
    await command(ctx, by, lambda s, now: s.mute(by.seat, seat, now))


async def remove(ctx: Context, by: Caller, seat: SeatId) -> None:
    await command(ctx, by, lambda s, now: s.remove(by.seat, seat, now))


async def take_chair(ctx: Context, by: Caller) -> None:
    await command(ctx, by, lambda s, now: s.take_chair(by.seat, now))


async def leave(ctx: Context, by: Caller) -> None:
    await command(ctx, by, lambda s, now: s.leave(by.seat, now))


async def end(ctx: Context, by: Caller, kind: ResultKind, reason: str, until: date | None) -> None:
    result = Result(kind, reason.strip(), until)
    await command(ctx, by, lambda s, now: s.end(by.seat, result, now))


# ---- commands of staff, from a page -----------------------------------------------------------


async def reissue(ctx: Context, user: User, session_id: SessionId, seat: SeatId) -> None:
    """A new link for a seat; who came with the old one is cut off within the second."""
    await bookings.require(ctx, user, Verb.BOOK, session_id)
    await carry_out(ctx, session_id, lambda s, now: s.reissue(seat, now), Origin(user=user.id))
