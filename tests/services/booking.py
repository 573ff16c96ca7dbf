"""A case of people who are reached and people who are not, and a meeting of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar

from server.domain.case import Case
from server.domain.ids import RepresentativeId, SeatId, SessionId
from server.domain.party import Details, Power, Representative, RepresentativeKind
from server.domain.seat import Role
from server.domain.session import Session
from server.security.ids import new_id
from server.services import (
    bookings,
    sealed,
)
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.opening import NewParty
from server.store import due, parties
from server.store import sessions as stored
from tests.services.conftest import Staff
from tests.services.matters import BOB, matter
from tests.services.telling import MAIL
from tests.store.world import World

HOUR = timedelta(hours=1)
LAWYER = "lawyer@example.com"
# Wednesday 25 November, 09:00 in Shanghai; it is Monday noon.
WEDNESDAY = datetime(2026, 11, 25, 1, tzinfo=UTC)


async def a_case(ctx: Context, world: World) -> Case:
    """Alice, who is reached by mail like her lawyer, against Bob, who is reached by nobody."""
    alice = NewParty("Alice", "A", details=Details(email=MAIL))
    case = await matter(
        ctx, world.station, world.wang, parties=(alice, replace(BOB, details=Details()))
    )
    hers = Representative(
        id=RepresentativeId(new_id()),
        party=case.parties[0].id,
        name="Lee",
        kind=RepresentativeKind.LAWYER,
        power=Power.SPECIAL,
        since=ctx.clock(),
    )
    async with ctx.store.write() as conn:
        hidden = sealed.seal_details(ctx, case.id, hers.id, Details(email=LAWYER))
        await parties.insert_representative(conn, hers, hidden)
        await due.drop(conn, case.id)
    return case


async def seats_of(ctx: Context, case: Case) -> list[NewSeat]:
    async with ctx.store.read() as conn:
        ((lee, _),) = await parties.representatives(conn, case.id)
    alice, bob = case.parties
    return [
        NewSeat(Role.PARTY, "A", "Alice", party=alice.id),
        NewSeat(Role.LAWYER, "A", "Lee", party=alice.id, speaker=lee.id),
        NewSeat(Role.PARTY, "B", "Bob", party=bob.id, beside=("Bob's son",)),
        NewSeat(Role.INTERPRETER, "A", "Irma", language="Zhuang", signs=True),
    ]


async def a_meeting(
    ctx: Context, world: World, staff: Staff, at: datetime = WEDNESDAY
) -> tuple[Case, SessionId]:
    case = await a_case(ctx, world)
    seats = await seats_of(ctx, case)
    return case, await bookings.book(ctx, staff.wang, case.id, at, seats, new_id())


async def held(ctx: Context, session: SessionId) -> Session:
    async with ctx.store.read() as conn:
        found = await stored.load(conn, session)
    assert found is not None
    return found


def seat_of(session: Session, name: str) -> SeatId:
    return next(seat.id for seat in session.seats.values() if seat.name == name)


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "")


def entry_in(mail: Any) -> Any:
    """The entry of a mail, whole: the other form of the same, and once more as a file."""
    (part,) = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    (file,) = [p for p in mail.walk() if p.get_filename() == "meeting.ics"]
    text = part.get_payload(decode=True)
    assert Calendar.from_ical(text) == Calendar.from_ical(file.get_payload(decode=True))
    calendar = Calendar.from_ical(text)
    assert part.get_param("method") == calendar["method"]
    (event,) = calendar.walk("VEVENT")
    return calendar, event
