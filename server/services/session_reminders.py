"""Meetings remind those who are to come: the day before, with the try of the link, and just before.

What is to be sent is written when the meeting is booked, and anew when it is moved. Quiet hours
hold: what they would make late is not sent at all (`inviting.called_off`).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SessionId
from server.domain.notice import NoticeName
from server.domain.seating import SessionState
from server.domain.session import Session
from server.services import inviting
from server.services.context import Context
from server.store import due, organisations, sessions
from server.store.due import Due

REMIND = "session_remind"
"""Later work: a meeting that may be still to come."""

MORNING = time(10)
"""When people are reminded, the day before."""

SOON = timedelta(hours=1)
"""How long before it begins they are reminded once more."""

AFTER_BOOKING = timedelta(hours=2)
"""Whoever was invited just now is not reminded yet."""


async def schedule(ctx: Context, conn: AsyncConnection, session: Session) -> None:
    """In the transaction that books or moves it."""
    await drop(conn, session.id)
    where = await organisations.get(conn, session.organisation)
    now, at = ctx.clock(), session.starts_at.isoformat()
    for name, when in _times(session.starts_at, where.zone).items():
        if when - now >= AFTER_BOOKING:
            key = f"{REMIND}:{session.id}:{name}:{at}:{session.edition}"
            body = {"name": name, "at": at}
            await due.add(conn, at=when, kind=REMIND, thing=session.id, key=key, body=body)


async def drop(conn: AsyncConnection, session_id: SessionId) -> None:
    await due.drop(conn, session_id, REMIND)


async def remind(ctx: Context, work: Due) -> None:
    """Unless it was moved, has begun or is over. Done again, it sends nothing twice."""
    async with ctx.store.write() as conn:
        session = await sessions.load(conn, SessionId(work.thing))
        if session is None or session.state is not SessionState.PLANNED:
            return
        if session.starts_at != datetime.fromisoformat(work.body["at"]):
            return
        if ctx.clock() < session.starts_at:
            name = NoticeName(work.body["name"])
            absent = [seat for seat in session.seats.values() if not seat.present]
            await inviting.tell(ctx, conn, session, name, only=absent, key=f":{work.id}")


def _times(starts_at: datetime, zone: ZoneInfo) -> dict[NoticeName, datetime]:
    day_before = starts_at.astimezone(zone).date() - timedelta(days=1)
    return {
        NoticeName.SESSION_REMINDER: datetime.combine(day_before, MORNING, zone),
        NoticeName.SESSION_SOON: starts_at - SOON,
    }
