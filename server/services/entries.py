"""A seat's meeting as an entry of a calendar, in the language being spoken."""

from __future__ import annotations

from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.domain.organisation import Organisation
from server.domain.session import Session
from server.services import arrivals, inviting, notice_texts, notices
from server.services.context import Context
from server.services.ics import Entry
from server.store import organisations, sessions
from server.words import N_, gettext, speaking

OWN = N_(
    "Open the link that the mediator sent you by message or WeChat. It is yours alone: please"
    " don't pass it on."
)


async def of_seat(ctx: Context, session_id: SessionId, seat_id: SeatId) -> Entry:
    """With the words of the invitation, and the link. Who may have it is the caller's to know.

    Raises Refused: unknown_session, unknown_seat, session_over.
    """
    async with ctx.store.read() as conn:
        session = await sessions.load(conn, session_id)
        if session is None:
            raise Refused("unknown_session")
        seat, language = session.seat(seat_id), speaking.get()
        where = await organisations.get(conn, session.organisation)
        name = inviting.invitation(session)
        words = await notice_texts.wording(conn, where.path, name, language)
    given = inviting.values(ctx, session, seat)
    said = notices.content(ctx, where, seat.name, language, words, given)
    return _entry(ctx, session, seat_id, where, said["text"])


async def own(ctx: Context, seat_id: SeatId, cookie: str | None) -> Entry:
    """Of the seat whose cookie a device has: in words that name nobody, for a link gets into other
    hands, and without it, for whoever asks has it. Raises Refused: no_seat, session_over.
    """
    async with ctx.store.read() as conn:
        session, _device = await arrivals.known(ctx, conn, seat_id, cookie)
        where = await organisations.get(conn, session.organisation)
    return _entry(ctx, session, seat_id, where, gettext(OWN))


def _entry(
    ctx: Context, session: Session, seat_id: SeatId, where: Organisation, text: str
) -> Entry:
    if session.over:
        raise Refused("session_over")
    return Entry(
        seat=seat_id,
        sequence=session.edition,
        starts_at=session.starts_at,
        length=session.length,
        zone=where.zone,
        organisation=where.name,
        text=text,
        at=ctx.clock(),
    )
