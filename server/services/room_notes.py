"""The hosts' notes in a meeting: written for the space they are in, and read in such a one only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import room_note
from server.domain.errors import Refused
from server.domain.ids import RoomNoteId, SeatId, SpaceId
from server.domain.release import Release, scope
from server.domain.room_note import RoomNote
from server.domain.session import Session
from server.security.ids import new_id
from server.services import sealed
from server.services.context import Context
from server.services.live import Also, news
from server.services.sessions import Caller, command, weighed
from server.services.sitting import sitting
from server.store import room_notes

NEWS = "notes"


@dataclass(frozen=True, slots=True)
class RoomNoteLine:
    """`by`: the name of who wrote it, as booked."""

    id: RoomNoteId
    scope: str
    by: str
    at: datetime
    text: str
    struck: bool
    release: Release


@dataclass(frozen=True, slots=True)
class RoomNotes:
    """`scope`: whose notes these are, from where the host is now; None: nowhere."""

    scope: str | None
    notes: list[RoomNoteLine]


async def write(ctx: Context, by: Caller, text: str, written_for: SpaceId) -> None:
    """`written_for`: the space it was typed in; in another one it would be another side's.

    Raises Refused.
    """
    body = room_note.checked_body(text)

    def decide(session: Session, now: datetime) -> Also:
        here = room_note.scope_of(session, by.seat)
        seat = session.seats[by.seat]
        if seat.space != written_for:
            raise Refused("moved_meanwhile")
        new = RoomNoteId(new_id())
        hidden = sealed.seal(ctx, session.case, _field(new), body)
        made = RoomNote(new, session.id, here, by.seat, hidden, now)
        digest = sha256(hidden.encode()).hexdigest()
        session.note("noted", now, by=seat, space=seat.space, detail=f"{new}:{digest}")

        async def keep(conn: AsyncConnection) -> None:
            await room_notes.insert(conn, made)

        return Also(keep, news(readers(session, {here}), NEWS))

    await command(ctx, by, decide)


async def strike(ctx: Context, by: Caller, note_id: RoomNoteId) -> None:
    """It stays, struck out. Twice is once. Raises Refused."""

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also | None:
        here = room_note.scope_of(session, by.seat)
        note = await room_notes.find(conn, session.id, note_id)
        if note is None:
            raise Refused("no_such_note")
        room_note.strike(note, here)
        if note.struck_at is not None:
            return None
        seat = session.seats[by.seat]
        session.note("note_struck", now, by=seat, space=seat.space, detail=note.id)

        async def write(conn: AsyncConnection) -> None:
            await room_notes.strike(conn, note_id, now)

        return Also(write, news(readers(session, {here}), NEWS))

    await weighed(ctx, by, weigh)


async def listed(ctx: Context, seat_id: SeatId, cookie: str | None) -> RoomNotes:
    """Those of the space this host is in; what was released, in the joint one. Raises Refused."""
    async with ctx.store.read() as conn:
        asking = await sitting(ctx, conn, seat_id, cookie)
        session, seat = asking.session, asking.seat
        if not seat.hosting:
            raise Refused("not_host")
        space = session.space_of(seat)
        if space is None:
            return RoomNotes(None, [])
        here, found = scope(session, space), await room_notes.of_session(conn, session.id)
    return RoomNotes(
        here, [_line(ctx, session, note) for note in found if room_note.may_read(note, here)]
    )


def readers(session: Session, scopes: Iterable[str]) -> set[SeatId]:
    """The hosts who are in a space of such a scope now."""
    wanted = set(scopes)
    places = {i: scope(session, space) for i, space in session.spaces.items()}
    return {
        s.id
        for s in session.seats.values()
        if s.hosting and s.present and s.space in places and places[s.space] in wanted
    }


def _field(note_id: RoomNoteId) -> str:
    return f"room_note:{note_id}"


def _line(ctx: Context, session: Session, note: RoomNote) -> RoomNoteLine:
    by = session.seats.get(note.by)
    return RoomNoteLine(
        id=note.id,
        scope=note.scope,
        by=by.name if by else "",
        at=note.at,
        text=sealed.unseal(ctx, session.case, _field(note.id), note.body) or "",
        struck=note.struck_at is not None,
        release=note.release,
    )
