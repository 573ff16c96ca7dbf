"""Rule 8: how a command of a live session is carried out.

Under the session's lock: decide → stop what must stop and wait for it → commit state, events,
attendance and audit together → start what may start → tell. A commit that fails puts the routes
back as they were. Waiting for the gate happens outside the transaction, so the session's version
is checked again inside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import attendance
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
from server.store.sessions import Stale
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

Decide = Callable[[Session, datetime], None]
Content = Callable[[AsyncConnection, Session], Awaitable[None]]
"""What a command writes besides the session itself, in its transaction; it may still refuse."""

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


async def load(ctx: Context, conn: AsyncConnection, session_id: SessionId) -> Session:
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
    ctx: Context,
    session_id: SessionId,
    decide: Decide,
    origin: Origin | None = None,
    content: Content | None = None,
) -> None:
    """Carry out one command, whole: once begun, a vanished caller does not stop it half-way.

    Raises Refused, with nothing changed.
    """
    work = asyncio.ensure_future(_locked(ctx, session_id, decide, origin or Origin(), content))
    await asyncio.shield(work)


async def _locked(
    ctx: Context, session_id: SessionId, decide: Decide, origin: Origin, content: Content | None
) -> None:
    async with ctx.locks.of(session_id):
        for tries_left in reversed(range(TRIES)):
            try:
                await _once(ctx, session_id, decide, origin, content)
                return
            except Stale:
                if not tries_left:
                    raise
            except DBAPIError as error:
                if not tries_left or not clashed(error):
                    raise


async def _once(
    ctx: Context, session_id: SessionId, decide: Decide, origin: Origin, content: Content | None
) -> None:
    async with ctx.store.read() as conn:
        if await _done_before(conn, origin):
            return
        session = await load(ctx, conn, session_id)
    before, version, now = Picture.of(session), session.version, ctx.clock()
    decide(session, now)
    after = Picture.of(session)
    gating = Gating(ctx, before, after)
    tellings: list[Telling] = []
    try:
        await gating.stop()
        async with ctx.store.write() as conn:
            if any((event.verb, event.detail) in _MOVES_CASE for event in session.happened):
                # In the order in which all do who hold both: the case, then its meetings.
                await cases.load(conn, session.case, lock=True)
            await sessions.save(conn, session, loaded_version=version)
            if content is not None:
                await content(conn, session)
            tellings = await _record(ctx, conn, session, before, after, now, origin)
    except BaseException as failure:
        if isinstance(failure, Stale):
            await gating.restore()
            raise
        if not await _stands(ctx, session_id, version, gating):
            raise
    await gating.start()
    for seat, n, fact in tellings:
        ctx.publish.told(seat, n, now, fact)
    for seat, code in session.cut.items():
        ctx.publish.cut(seat, code)
    wind(ctx, session)


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


async def _record(
    ctx: Context,
    conn: AsyncConnection,
    session: Session,
    before: Picture,
    after: Picture,
    now: datetime,
    origin: Origin,
) -> list[Telling]:
    """Everything that stands or falls with the change: who was where, who is told, the audit."""
    for seat, space in attendance.left(before.places, session).items():
        await stays.exit(conn, seat, space, now)
    for stay in attendance.entered(before.places, session, now):
        await stays.enter(conn, stay)
    for event in session.happened:
        if steps := _MOVES_CASE.get((event.verb, event.detail)):
            await statuses.advance(ctx, conn, session.case, steps)
        await audit.append(
            conn,
            f"case:{session.case}",
            verb=f"session.{event.verb}",
            at=event.at,
            actor=origin.user or event.by or event.seat or "clock",
            thing=session.id,
            body={"seat": event.seat, "space": event.space, "detail": event.detail},
        )
    # With the device it was told to: whoever holds the seat later did not hear it.
    facts = {
        seat: {
            "view": _VIEW.dump_python(seen, mode="json"),
            "device": session.seats[seat].device,
        }
        for seat, seen in after.views.items()
        if before.views.get(seat) != seen
    }
    numbers = await told.append(conn, facts, now)
    if origin.seat is not None and origin.command is not None:
        await commands.remember(conn, origin.seat, origin.command, {"ok": True}, now)
    return [(seat, numbers[seat], fact) for seat, fact in facts.items()]


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
