"""What those who have a seat in a meeting are told of it: their link, another time, its end.

Parties are told, whoever speaks for one and has a seat, guests, and staff who sit there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.ids import SeatId, UserId
from server.domain.notice import Channel, NoticeName
from server.domain.party import Details
from server.domain.seat import Role, Seat
from server.domain.seating import SessionPurpose, SessionState
from server.domain.session import Session
from server.services import guests, ics, notices
from server.services.context import Context
from server.services.ics import Entry, Method
from server.services.notices import Guest
from server.services.refusing import in_language
from server.services.seat_links import seat_link
from server.store import cases, seats, sessions
from server.store.notices import Notice

EVENTS = {
    NoticeName.SESSION_BOOKED: Method.REQUEST,
    NoticeName.SESSION_PREPARATION: Method.REQUEST,
    NoticeName.SESSION_MOVED: Method.REQUEST,
    NoticeName.SESSION_CANCELLED: Method.CANCEL,
}
"""What changes the entry in people's own calendars."""

REMINDERS = (NoticeName.SESSION_REMINDER, NoticeName.SESSION_SOON)


def invitation(session: Session) -> NoticeName:
    """By which notice people are invited to it."""
    if session.purpose is SessionPurpose.PREPARATION:
        return NoticeName.SESSION_PREPARATION
    return NoticeName.SESSION_BOOKED


async def invite(
    ctx: Context,
    conn: AsyncConnection,
    session: Session,
    by: UserId,
    only: Iterable[Seat] | None = None,
    key: str = "",
) -> None:
    """In the transaction that books it, or adds seats to it. A `key` sends it once more."""
    await tell(ctx, conn, session, invitation(session), by=by, only=only, key=key)


async def tell(
    ctx: Context,
    conn: AsyncConnection,
    session: Session,
    name: NoticeName,
    *,
    key: str = "",
    by: UserId | None = None,
    only: Iterable[Seat] | None = None,
    **more: str,
) -> None:
    """Everybody who has a seat, or those of `only`, but not `by`. Once for each key."""
    case = await cases.load(conn, session.case)
    assert case is not None
    staff = await seats.people(conn, session.id)
    contacts = await guests.known(ctx, conn, session)
    for seat in list(session.seats.values()) if only is None else only:
        if seat.claim_of or seat.revoked:
            continue
        told = values(ctx, session, seat) | more
        once = f"{seat.id}{key}"
        if seat.party is not None:
            await _tell_side(ctx, conn, case, seat, name, told, once)
        elif seat.id in staff:
            if staff[seat.id] != by and name not in REMINDERS:
                await notices.to_staff(ctx, conn, staff[seat.id], name, told, once, case)
        elif guests.is_guest(seat):
            guest = Guest(seat.id, seat.name, contacts.get(seat.id, Details()))
            await notices.to_guest(ctx, conn, case, guest, name, told, once)


async def _tell_side(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    seat: Seat,
    name: NoticeName,
    values: dict[str, str],
    key: str,
) -> None:
    if seat.party is None or seat.party not in {p.id for p in case.present_parties}:
        return
    if seat.speaker is not None:
        await notices.to_speaker(ctx, conn, case, seat.speaker, name, values, key)
    else:
        await notices.to_party(ctx, conn, case, seat.party, name, values, key)


async def reached(
    ctx: Context, conn: AsyncConnection, case: Case, session: Session
) -> dict[SeatId, Channel]:
    """How those who are told are reached; who is not in it has to be told by hand."""
    name, found = invitation(session), {}
    contacts = await guests.known(ctx, conn, session)
    for seat in session.seats.values():
        channel = None
        if seat.party is not None and not seat.claim_of:
            channel = await notices.way_to(ctx, conn, case, seat.party, seat.speaker, name)
        elif seat.id in contacts:
            guest = Guest(seat.id, seat.name, contacts[seat.id])
            channel = await notices.way_to_guest(ctx, conn, case, guest, name)
        if channel is not None:
            found[seat.id] = channel
    return found


async def called_off(
    ctx: Context, conn: AsyncConnection, name: NoticeName, given: dict[str, str]
) -> bool:
    """Whether a notice that waited, for the morning or the network, is of no use any more."""
    if "seat" not in given or name is NoticeName.SESSION_CANCELLED:
        return False
    session = await _session(conn, given)
    if session is None:
        return True
    if name in REMINDERS and (
        session.state is not SessionState.PLANNED or ctx.clock() >= session.starts_at
    ):
        return True
    # Whoever was told of another time meanwhile would be told the wrong one now.
    return datetime.fromisoformat(given["at"]) != session.starts_at


async def as_now(
    ctx: Context, conn: AsyncConnection, name: NoticeName, given: dict[str, str]
) -> dict[str, str] | None:
    """A notice's values once more, with the link and the time that are good today; None when the
    session is over, the party has left, or the link was taken away.
    """
    if "seat" not in given or name is NoticeName.SESSION_CANCELLED:
        return given
    session = await _session(conn, given)
    if session is None:
        return None
    return given | values(ctx, session, session.seats[SeatId(given["seat"])])


def entry(ctx: Context, notice: Notice, given: dict[str, str], text: str, about: Where) -> str:
    """What goes with a mail for people's own calendars, in its language; empty for most."""
    method = EVENTS.get(notice.template)
    if method is None or "sequence" not in given:
        return ""
    zone, organisation, to = about
    made = Entry(
        seat=SeatId(given["seat"]),
        sequence=int(given["sequence"]),
        starts_at=datetime.fromisoformat(given["at"]),
        length=timedelta(minutes=int(given["minutes"])),
        zone=zone,
        organisation=organisation,
        text=text,
        at=ctx.clock(),
    )
    with in_language(notice.language):
        return ics.written(ctx.settings, method, made, to)


Where = tuple[ZoneInfo, str, str]
"""The zone and the name of the organisation, and the address it is sent to."""


async def _session(conn: AsyncConnection, given: dict[str, str]) -> Session | None:
    """The session of a notice, while its seat is somebody's who is still to come."""
    seat_id = SeatId(given["seat"])
    session_id = await sessions.of_seat(conn, seat_id)
    session = await sessions.load(conn, session_id) if session_id else None
    if session is None or session.over or session.seats[seat_id].revoked:
        return None
    case, party = await cases.load(conn, session.case), session.seats[seat_id].party
    if party and case and party not in {p.id for p in case.present_parties}:
        return None
    return session


def values(ctx: Context, session: Session, seat: Seat) -> dict[str, str]:
    """What the notices about a meeting tell the person of this seat."""
    # A host signs in: the link that opens the meeting as its mediator is sent nowhere.
    page = f"{ctx.settings.origin}/sessions/{session.id}"
    return {
        "seat": seat.id,
        "mediator": session.main_host.name,
        "at": session.starts_at.isoformat(),
        "minutes": str(session.length // timedelta(minutes=1)),
        "link": page if seat.role is Role.HOST else seat_link(ctx, seat),
        "sequence": str(session.edition),
    }
