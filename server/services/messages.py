"""Messages: said into a space, and read by those who were there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import message
from server.domain.errors import Refused
from server.domain.ids import CaseId, MessageId, SeatId, SpaceId
from server.domain.message import Message
from server.domain.seat import Role
from server.domain.session import Session
from server.domain.space import SpaceKind
from server.security.ids import new_id
from server.services import sealed
from server.services.context import Context
from server.services.live import Also, news
from server.services.sessions import Caller, command
from server.services.sitting import Sitting, sitting
from server.store import messages
from server.store.messages import Written

NEWS = "messages"
MOST = 300
"""How many a page is given, the newest."""


@dataclass(frozen=True, slots=True)
class MessageLine:
    """As one seat may see it. `to`: in whose lobby it was written, told to hosts.

    In a lobby there is nobody's name but the host's, not even one's own, and nobody's side.
    """

    id: MessageId
    space: SpaceId
    kind: SpaceKind
    at: datetime
    mine: bool
    name: str
    role: Role
    side: str | None
    claim: bool
    to: SeatId | None
    text: str


async def say(
    ctx: Context, by: Caller, text: str, to: SeatId | None, written_for: SpaceId | None
) -> None:
    """Raises Refused: message_missing, message_unusable, too_fast, and what `address` does."""
    body = message.checked_body(text)

    def decide(session: Session, now: datetime) -> Also:
        where = message.address(session, by.seat, to, written_for)
        # Counted here, and not before: what was done already is answered and not counted again.
        if not ctx.limiter.allowed(ctx.settings.chat_limit, "chat", by.seat):
            raise Refused("too_fast")
        new = MessageId(new_id())
        hidden = sealed.seal(ctx, session.case, _field(new), body)
        made = Message(new, where.space, where.kind, by.seat, hidden, now, where.to_lobby)
        seat, digest = session.seats[by.seat], sha256(hidden.encode()).hexdigest()
        session.note("said", now, by=seat, space=where.space, detail=digest)

        async def keep(conn: AsyncConnection) -> None:
            await messages.insert(conn, session.id, made, where.readers)

        return Also(keep, news(where.readers, NEWS))

    await command(ctx, by, decide)


async def listed(ctx: Context, seat_id: SeatId, cookie: str | None) -> list[MessageLine]:
    """Those that whoever holds this seat may read, the oldest first. Raises Refused."""
    async with ctx.store.read() as conn:
        asking = await sitting(ctx, conn, seat_id, cookie)
        found = await messages.read_by(conn, asking.seat.id, MOST)
    mine = [one for one in found if message.may_read(asking.seat, one.message)]
    return [_line(ctx, asking, one) for one in mine]


def _line(ctx: Context, asking: Sitting, one: Written) -> MessageLine:
    it, seat, host = one.message, asking.seat, asking.session.main_host
    mine, waits = it.by == seat.id, not seat.admitted
    named = not waits or it.by == host.id
    return MessageLine(
        id=it.id,
        space=it.space,
        kind=it.kind,
        at=it.at,
        mine=mine,
        name=one.name if named else "",
        role=Role.HOST if waits and not mine else one.role,
        side=None if waits else one.side,
        claim=one.claim,
        to=it.to_lobby if seat.hosting else None,
        text=_text(ctx, asking.session.case, it),
    )


def _text(ctx: Context, case: CaseId, it: Message) -> str:
    """Empty where its key was destroyed."""
    return sealed.unseal(ctx, case, _field(it.id), it.body) or ""


def _field(message_id: MessageId) -> str:
    return f"message:{message_id}"
