"""How well people are connected: kept by the minute, told to the hosts of the meeting in words, and
to everybody of themselves; the worst calls for those who look after the service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.ids import SeatId, SessionId
from server.domain.quality import Cause, Grade, Judgement
from server.domain.rights import Verb, scope
from server.domain.user import User
from server.services.context import Context
from server.services.sitting import sitting
from server.store import quality
from server.store.quality import Blamed, Kept, Worst

__all__ = ["Blamed", "Call", "Found", "Kept", "Line", "Own", "Standing", "keep", "seen_by", "worst"]

SHOWN = timedelta(minutes=30)
"""Of the meeting until now; hosts see so much of each person."""
FRESH = timedelta(minutes=2)
"""What was so before is nothing that one could do anything about now."""
MOST_CALLS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A minute of somebody, as hosts see it."""

    at: datetime
    grade: Grade
    cause: Cause | None
    loss: float | None
    """On the way up or down, the worse."""
    round_trip_ms: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    seat: SeatId
    minutes: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """One's own, in words; None while there is nothing fresh."""

    grade: Grade
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class Found:
    """`people`: for hosts alone, everybody's; empty for others."""

    own: Own | None
    people: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`title`: of the case, for who may read it."""

    call: Worst
    blamed: Blamed
    title: str | None


@dataclass(frozen=True, slots=True)
class Calls:
    days: int
    totals: dict[Grade, int]
    causes: dict[Cause, int]
    worst: tuple[Call, ...]


async def keep(ctx: Context, found: Sequence[Kept]) -> None:
    async with ctx.store.write() as conn:
        await quality.keep(conn, found)


async def seen_by(ctx: Context, seat_id: SeatId, cookie: str | None) -> Found:
    """Raises Refused("no_seat")."""
    now = ctx.clock()
    async with ctx.store.read() as conn:
        here = await sitting(ctx, conn, seat_id, cookie)
        if here.seat.hosting:
            kept = await quality.of_session(conn, here.session.id, now - SHOWN)
        else:
            kept = await quality.of_seat(conn, here.seat.id, now - FRESH)
    mine = [one for one in kept if one.seat == here.seat.id and one.at >= now - FRESH]
    own = _own(mine[-1].judgement, hosting=here.seat.hosting) if mine else None
    return Found(own, _people(kept) if here.seat.hosting else ())


def _own(judgement: Judgement, *, hosting: bool) -> Own:
    """How the others are connected is no party's business, not even that somebody is badly."""
    hidden = judgement.cause is Cause.OTHERS and not hosting
    return Own(judgement.grade, None if hidden else judgement.cause)


def _people(kept: Sequence[Kept]) -> tuple[Standing, ...]:
    lines: dict[SeatId, list[Line]] = {}
    for one in kept:
        lines.setdefault(one.seat, []).append(_line(one))
    return tuple(Standing(seat, tuple(minutes)) for seat, minutes in lines.items())


def _line(one: Kept) -> Line:
    carried = one.minute.carried
    known = [loss for loss in (carried.up_loss, carried.down_loss) if loss is not None]
    loss = max(known, default=None)
    return Line(one.at, one.judgement.grade, one.judgement.cause, loss, carried.round_trip_ms)


async def worst(ctx: Context, user: User, days: int) -> Calls:
    """Of the last days, in the organisations this person looks after."""
    since, there = ctx.clock() - timedelta(days=days), scope(user, Verb.SEE_QUALITY)
    async with ctx.store.read() as conn:
        calls = await quality.worst(conn, there, since, MOST_CALLS)
        sessions: list[SessionId] = [call.session for call in calls]
        blamed = await quality.blamed(conn, sessions, since)
        titles = await quality.readable(conn, scope(user, Verb.READ_CASE), sessions)
        return Calls(
            days,
            await quality.totals(conn, there, since),
            await quality.causes(conn, there, since),
            tuple(Call(c, blamed[c.session], titles.get(c.session)) for c in calls),
        )
