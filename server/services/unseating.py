"""Who is in a case no more has no seat in its meetings: their link opens nothing, they are cut.

It is noted in the transaction in which they go and done right after it; should the server die in
between, it is made up for as later work.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, PartyId, SeatId, SessionId, UserId
from server.domain.seat import Role
from server.domain.session import Session
from server.services.context import Context
from server.services.live import carry_out
from server.store import due, seats, sessions
from server.store.due import Due
from server.store.seats import Booked

FOLLOW = "unseat"
"""Later work: a seat whose link is still the one they were given."""


async def party(ctx: Context, conn: AsyncConnection, case_id: CaseId, party_id: PartyId) -> None:
    """In the transaction in which a party leaves; after it, `now`."""
    await _note(ctx, conn, case_id, await seats.of_party(conn, case_id, party_id))


async def co_mediator(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, user_id: UserId
) -> None:
    """In the transaction in which they stop to mediate it; after it, `now`."""
    held = await seats.of_user(conn, case_id, user_id, Role.CO_MEDIATOR)
    await _note(ctx, conn, case_id, held)


async def now(ctx: Context, case_id: CaseId) -> None:
    """Do at once what was noted about this case."""
    async with ctx.store.read() as conn:
        noted = await due.waiting(conn, case_id, FOLLOW)
    for work in noted:
        await follow(ctx, work)


async def follow(ctx: Context, work: Due) -> None:
    """Done again, or when somebody has given the seat a new link meanwhile, it does nothing."""
    session_id, seat_id = SessionId(work.body["session"]), SeatId(work.body["seat"])
    version = work.body["version"]

    def stands(session: Session) -> bool:
        return not session.over and session.seats[seat_id].link_version == version

    def decide(session: Session, now: datetime) -> None:
        if stands(session):
            session.reissue(seat_id, now)

    async with ctx.store.read() as conn:
        session = await sessions.load(conn, session_id)
    if session is not None and stands(session):
        await carry_out(ctx, session_id, decide)


async def _note(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, held: Iterable[Booked]
) -> None:
    for one in held:
        key = f"{FOLLOW} {one.seat} {one.version}"
        body = {"session": one.session, "seat": one.seat, "version": one.version}
        await due.add(conn, at=ctx.clock(), kind=FOLLOW, thing=case_id, key=key, body=body)
