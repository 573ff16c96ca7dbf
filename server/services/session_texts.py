"""Agenda and minutes: written on in the meeting, version by version, and nothing overwritten."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import session_text
from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.domain.rights import Verb, may
from server.domain.session import Session
from server.domain.session_text import Item, SessionText, TextKind
from server.domain.user import User
from server.security.ids import new_id
from server.services import sealed
from server.services.context import Context
from server.services.live import Also, load, news
from server.services.sessions import Caller, weighed
from server.services.sitting import sitting
from server.store import session_texts, sessions


@dataclass(frozen=True, slots=True)
class TextPage:
    """The newest version. `content`: a list of items, or the minutes' text. `version` 0: nothing
    was written yet. `by`: the name of who wrote last."""

    version: int
    content: Any
    by: str
    at: datetime | None
    may_write: bool


_EMPTY: dict[TextKind, Any] = {TextKind.AGENDA: [], TextKind.MINUTES: ""}


async def write_agenda(ctx: Context, by: Caller, version: int, items: list[Item]) -> None:
    """`version`: the one that was changed. Raises Refused: edited_meanwhile, agenda_unusable."""
    content = [asdict(item) for item in session_text.checked_items(items)]
    await _write(ctx, by, TextKind.AGENDA, version, content)


async def write_minutes(ctx: Context, by: Caller, version: int, typed: str) -> None:
    """Likewise. Raises Refused: edited_meanwhile, minutes_too_long, not_writer."""
    await _write(ctx, by, TextKind.MINUTES, version, session_text.checked_minutes(typed))


async def _write(ctx: Context, by: Caller, kind: TextKind, seen: int, content: Any) -> None:
    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also:
        if kind is TextKind.AGENDA:
            session.host(by.seat)
        seat = session_text.writer(session, by.seat)
        last = await session_texts.newest(conn, session.id, kind)
        version = session_text.next_version(last, seen)
        again = last if last and session_text.replaces(last, seat.id, now) else None
        text_id = again.id if again else new_id()
        begun = again.begun_at if again else now
        hidden = sealed.seal(ctx, session.case, _field(text_id), content)
        text = SessionText(text_id, session.id, kind, version, hidden, seat.id, now, begun)
        digest = sha256(hidden.encode()).hexdigest()
        session.note(f"{kind}_written", now, by=seat, detail=digest)

        async def keep(conn: AsyncConnection) -> None:
            await (session_texts.replace if again else session_texts.insert)(conn, text)

        return Also(keep, news(session_text.readers(session, kind), kind))

    await weighed(ctx, by, weigh)


async def read(ctx: Context, seat_id: SeatId, cookie: str | None, kind: TextKind) -> TextPage:
    """Raises Refused: not_writer, not_in_joint."""
    async with ctx.store.read() as conn:
        asking = await sitting(ctx, conn, seat_id, cookie)
        if not session_text.may_read(asking.session, asking.seat, kind):
            raise Refused("not_writer" if kind is TextKind.MINUTES else "not_in_joint")
        agenda = kind is TextKind.AGENDA
        writes = asking.seat.hosting if agenda else session_text.writes_minutes(asking.seat)
        return await _page(ctx, conn, asking.session, kind, writes)


async def minutes_for_staff(ctx: Context, user: User, session_id: SessionId) -> TextPage | None:
    """For the meeting's page: None for who doesn't work on the case, and where there are none."""
    async with ctx.store.read() as conn:
        thing = await sessions.thing(conn, session_id)
        if thing is None or not may(user, Verb.WORK, thing):
            return None
        session = await load(ctx, conn, session_id)
        page = await _page(ctx, conn, session, TextKind.MINUTES, False)
    return page if page.version else None


async def _page(
    ctx: Context, conn: AsyncConnection, session: Session, kind: TextKind, writes: bool
) -> TextPage:
    last = await session_texts.newest(conn, session.id, kind)
    if last is None:
        return TextPage(0, _EMPTY[kind], "", None, writes)
    content = sealed.unseal(ctx, session.case, _field(last.id), last.body)
    by = session.seats.get(last.by)
    return TextPage(last.version, content or _EMPTY[kind], by.name if by else "", last.at, writes)


def _field(text_id: str) -> str:
    return f"session_text:{text_id}"
