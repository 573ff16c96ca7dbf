"""Rule 8: how a command of a live session is carried out.

Under the session's lock: decide → stop what must stop and wait for it → commit state, events,
attendance and audit together → start what may start → tell. A commit that fails puts the routes
back as they were. Waiting for the gate happens outside the transaction, so the session's version
is checked again inside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import attendance, recording
from server.domain.case import CaseStatus
from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId, SpaceId, UserId
from server.domain.patience import Patience
from server.domain.result import ResultKind
from server.domain.session import Session
from server.domain.view import View
from server.security.ids import new_id, new_secret_id
from server.services import statuses
from server.services.context import Context
from server.services.gating import Gating, Picture
from server.settings import Settings
from server.store import attendance as stays
from server.store import audit, cases, commands, sessions, told
from server.store.sessions import Stale, Stored
from server.store.store import clashed

log = structlog.get_logger()

TRIES = 5
"""How often a command is decided again when another process changed the session meanwhile."""

_VIEW = TypeAdapter(View)

_MOVES_CASE = {
    ("opened", ""): {CaseStatus.ASSIGNED: CaseStatus.MEDIATING},
    ("ended", ResultKind.AGREED): {CaseStatus.MEDIATING: CaseStatus.SIGNING},
}
"""What of a meeting, with which result, moves its case on, and from where to where. A preparation
moves nothing: it is between one side and the mediator.
"""

Write = Callable[[AsyncConnection], Awaitable[None]]
"""It may still refuse, for what is not the session's own: another meeting, a form sent twice."""


@dataclass(frozen=True, slots=True)
class Also:
    """What a command does besides changing the session: written in its transaction, and told to
    these seats, by its kind, when that is committed."""

    write: Write | None = None
    news: Iterable[tuple[SeatId, str]] = ()


def news(seats: Iterable[SeatId], what: str) -> list[tuple[SeatId, str]]:
    """Something of this kind, which these seats may read, is another now."""
    return [(seat, what) for seat in seats]


Decide = Callable[[Session, datetime], Also | None]
Weigh = Callable[[AsyncConnection, Session, datetime], Awaitable[Also | None]]
"""Decides by more than the session: reads with the connection, and sees what the session's own
commands have written as it was when the session was loaded. What they write meanwhile is found
out as the session's own change is."""

Telling = tuple[SeatId, int, dict[str, Any]]
"""Whom, the number, and the fact."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose command this is. `command` makes it idempotent; `user` is staff acting from a page."""

    seat: SeatId | None = None
    command: str | None = None
    user: UserId | None = None


def patience(settings: Settings) -> Patience:
    return Patience(
        host_silence=timedelta(seconds=settings.host_silence_s),
        host_grace=timedelta(seconds=settings.host_grace_s),
        seat_grace=timedelta(seconds=settings.seat_grace_s),
    )


async def load(ctx: Context, conn: AsyncConnection, session_id: SessionId) -> Stored:
    session = await sessions.load(
        conn,
        session_id,
        new_space_id=lambda: SpaceId(new_secret_id()),
        new_seat_id=lambda: SeatId(new_id()),
        patience=patience(ctx.settings),
    )
    if session is None:
        raise Refused("unknown_session")
    return session


async def carry_out(
    ctx: Context, session_id: SessionId, decide: Decide, origin: Origin | None = None
) -> None:
    """Carry out one command, whole: once begun, a vanished caller does not stop it half-way.

    Raises Refused, with nothing changed.
    """

    async def weigh(_: AsyncConnection, session: Session, now: datetime) -> Also | None:
        return decide(session, now)

    await carry_out_weighed(ctx, session_id, weigh, origin)


async def carry_out_weighed(
    ctx: Context, session_id: SessionId, weigh: Weigh, origin: Origin | None = None
) -> None:
    """Likewise, what is decided by more than the session."""
    work = asyncio.ensure_future(_locked(ctx, session_id, weigh, origin or Origin()))
    await asyncio.shield(work)


async def _locked(ctx: Context, session_id: SessionId, weigh: Weigh, origin: Origin) -> None:
    async with ctx.locks.of(session_id):
        for tries_left in reversed(range(TRIES)):
            try:
                await _once(ctx, session_id, weigh, origin)
                return
            except Stale:
                if not tries_left:
                    raise
            except DBAPIError as error:
                if not tries_left or not clashed(error):
                    raise


@dataclass(frozen=True, slots=True)
class _Change:
    """What a command makes of a session, at one moment."""

    session: Stored
    before: Picture
    after: Picture
    now: datetime
    origin: Origin
    also: Also


async def _decided(
    ctx: Context, session_id: SessionId, weigh: Weigh, origin: Origin
) -> _Change | None:
    """None for what was done before."""
    async with ctx.store.read() as conn:
        if await _done_before(conn, origin):
            return None
        session = await load(ctx, conn, session_id)
        before, now = Picture.of(session), ctx.clock()
        also = await weigh(conn, session, now)
        recording.settle(session, now)
    return _Change(session, before, Picture.of(session), now, origin, also or Also())


async def _once(ctx: Context, session_id: SessionId, weigh: Weigh, origin: Origin) -> None:
    change = await _decided(ctx, session_id, weigh, origin)
    if change is None:
        return
    gating, version = Gating(ctx, change.before, change.after), change.session.version
    tellings: list[Telling] = []
    try:
        await gating.stop()
        async with ctx.store.write() as conn:
            tellings = await _commit(ctx, conn, change)
    except BaseException as failure:
        if isinstance(failure, Stale):
            await gating.restore()
            raise
        if not await _stands(ctx, session_id, version, gating):
            raise
    await gating.start()
    _tell(ctx, change, tellings)
    wind(ctx, change.session)


def _tell(ctx: Context, change: _Change, tellings: list[Telling]) -> None:
    for seat, n, fact in tellings:
        ctx.publish.told(seat, n, change.now, fact)
    for seat, code in change.session.cut.items():
        ctx.publish.cut(seat, code)
    for seat, what in sorted(set(change.also.news)):
        ctx.publish.news(seat, what)


async def _stands(ctx: Context, session_id: SessionId, version: int, gating: Gating) -> bool:
    """Whether a change whose commit failed was committed all the same, its answer being lost.

    If it was not, the routes are put back. If that cannot be known they are not: silence is safe,
    and the next command begins from what the database says then.
    """
    try:
        async with ctx.store.read() as conn:
            committed = await sessions.version_of(conn, session_id) == version + 1
    except Exception:
        log.exception("commit_unknown", session=session_id)
        return False
    if not committed:
        await gating.restore()
    return committed


async def _done_before(conn: AsyncConnection, origin: Origin) -> bool:
    if origin.seat is None or origin.command is None:
        return False
    return await commands.answer(conn, origin.seat, origin.command) is not None


async def _commit(ctx: Context, conn: AsyncConnection, change: _Change) -> list[Telling]:
    """Everything that stands or falls together: the session, what else the command writes, who was
    where, the case, the audit, and who is told what."""
    session, now, origin = change.session, change.now, change.origin
    steps = [s for e in session.happened if (s := _MOVES_CASE.get((e.verb, e.detail)))]
    if steps:
        # In the order in which all do who hold both: the case, then its meetings.
        await cases.load(conn, session.case, lock=True)
    await sessions.save(conn, session)
    if change.also.write is not None:
        await change.also.write(conn)
    await stays.exit(conn, attendance.left(change.before.places, session), now)
    await stays.enter(conn, session.id, attendance.entered(change.before.places, session, now))
    await audit.append_all(conn, f"case:{session.case}", _acts(session, origin))
    for step in steps:
        await statuses.advance(ctx.at(now), conn, session.case, step)
    facts = _facts(change)
    numbers = await told.append(conn, facts, now)
    if origin.seat is not None and origin.command is not None:
        await commands.remember(conn, origin.seat, origin.command, {"ok": True}, now)
    return [(seat, numbers[seat], fact) for seat, fact in facts.items()]


def _acts(session: Session, origin: Origin) -> list[audit.Act]:
    return [
        audit.Act(
            verb=f"session.{event.verb}",
            at=event.at,
            actor=origin.user or event.by or event.seat or "clock",
            thing=session.id,
            body={"seat": event.seat, "space": event.space, "detail": event.detail},
        )
        for event in session.happened
    ]


def _facts(change: _Change) -> dict[SeatId, dict[str, Any]]:
    """The views that are others now. With the device that is told: whoever holds the seat later
    did not hear it."""
    return {
        seat: {
            "view": _VIEW.dump_python(seen, mode="json"),
            "device": change.session.seats[seat].device,
        }
        for seat, seen in change.after.views.items()
        if change.before.views.get(seat) != seen
    }


def wind(ctx: Context, session: Session) -> None:
    """Set the alarm for what the session's clocks want next."""
    due, session_id = session.due(), session.id

    async def ring() -> None:
        try:
            await carry_out(ctx, session_id, Session.tick)
        except Exception:
            log.exception("tick_failed", session=session_id)
            again = ctx.settings.host_silence_s
            ctx.alarms.set(session_id, again, ring)

    seconds = None if due is None else (due - ctx.clock()).total_seconds()
    ctx.alarms.set(session_id, seconds, ring)
