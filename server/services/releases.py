"""Releases: a host asks a side for exact words, or a paper, and the side says yes or no.

The same for notes and exhibits: both are kept for their side until it has said yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import exhibit, release
from server.domain.errors import Refused
from server.domain.ids import ExhibitId, SeatId
from server.domain.release import Releasable, Release, ReleaseKind
from server.domain.session import Session
from server.services import exhibits, room_notes, sealed
from server.services.context import Context
from server.services.live import Also
from server.services.sessions import Caller, weighed
from server.services.sitting import Sitting, sitting
from server.store import exhibits as stored_exhibits
from server.store import releases

NEWS = "releases"
_NEWS_OF = {ReleaseKind.NOTE: room_notes.NEWS, ReleaseKind.EXHIBIT: exhibits.NEWS}
_FIELD_OF = {ReleaseKind.NOTE: "room_note", ReleaseKind.EXHIBIT: "exhibit"}
"""Under which name their words are sealed."""


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """`words`: what the side is asked for, to the letter; the name of a paper."""

    kind: ReleaseKind
    id: str
    scope: str
    words: str
    release: Release
    at: datetime
    answered_at: datetime | None


async def ask(ctx: Context, by: Caller, kind: ReleaseKind, thing_id: str) -> None:
    """A host asks the side that is with them. Twice is once. Raises Refused."""

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also | None:
        seat = session.host(by.seat)
        thing = await _found(conn, session, kind, thing_id)
        release.ask(session, seat.id, thing.scope, thing.release)
        if thing.release is Release.ASKED:
            return None
        session.note("release_asked", now, by=seat, space=seat.space, detail=_words_of(thing))

        async def write(conn: AsyncConnection) -> None:
            await releases.set_state(conn, thing, Release.ASKED, None, None)

        return Also(write, _news_of(session, thing, thing.release))

    await weighed(ctx, by, weigh)


async def answer(ctx: Context, by: Caller, kind: ReleaseKind, thing_id: str, yes: bool) -> None:
    """Somebody of the side that was asked says yes or no. A paper taken back is put away wherever
    it is shown to others, and read by those only who read it before. Raises Refused."""

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also | None:
        release.speaker(session, by.seat)
        thing = await _found(conn, session, kind, thing_id)
        state = release.answer(session, by.seat, thing.scope, thing.release, yes)
        if state is thing.release:
            return None
        paper = await stored_exhibits.find(conn, ExhibitId(thing_id))
        if paper is not None and not yes:
            exhibit.take_back(session, by.seat, paper, now)
        seat, verb = session.seats[by.seat], "released" if yes else "kept"
        session.note(verb, now, by=seat, space=seat.space, detail=_words_of(thing))

        async def write(conn: AsyncConnection) -> None:
            await releases.set_state(conn, thing, state, by.seat, now)

        return Also(write, _news_of(session, thing, state))

    await weighed(ctx, by, weigh)


async def listed(ctx: Context, seat_id: SeatId, cookie: str | None) -> list[ReleaseLine]:
    """What may be seen of this where the seat is now.

    In a private talk: what was asked there and how it was answered, for those who may answer and
    for the host. In the joint space: what was released, for hosts. Raises Refused.
    """
    async with ctx.store.read() as conn:
        asking = await sitting(ctx, conn, seat_id, cookie)
        found = await releases.of_session(conn, asking.session.id)
    return [_line(ctx, asking.session, thing) for thing in found if _may_read(asking, thing)]


def _may_read(asking: Sitting, thing: Releasable) -> bool:
    session, seat = asking.session, asking.seat
    if thing.gone:
        return False
    if release.asked_here(session, seat.id) == thing.scope:
        return seat.hosting or release.may_answer(session, seat.id, thing.scope)
    space = session.space_of(seat)
    joint = space is not None and release.scope(session, space) == ""
    return seat.hosting and joint and thing.release is Release.RELEASED


def _line(ctx: Context, session: Session, thing: Releasable) -> ReleaseLine:
    field = f"{_FIELD_OF[thing.kind]}:{thing.id}"
    return ReleaseLine(
        kind=thing.kind,
        id=thing.id,
        scope=thing.scope,
        words=sealed.unseal(ctx, session.case, field, thing.words) or "",
        release=thing.release,
        at=thing.at,
        answered_at=thing.answered_at,
    )


async def _found(
    conn: AsyncConnection, session: Session, kind: ReleaseKind, thing_id: str
) -> Releasable:
    thing = await releases.find(conn, session.id, kind, thing_id)
    if thing is None or thing.gone:
        raise Refused("nothing_to_release")
    return thing


def _words_of(thing: Releasable) -> str:
    """Which words it was, to the letter, for the audit."""
    return f"{thing.id}:{sha256(thing.words.encode()).hexdigest()}"


def _news_of(session: Session, thing: Releasable, state: Release) -> set[tuple[SeatId, str]]:
    """Who is told, and of which list: nobody outside the talk, but for the hosts who read what is
    released, once it is or is no more. A paper is everybody's then, or no more."""
    with_them = {
        s.id
        for s in session.seats.values()
        if s.present and release.asked_here(session, s.id) == thing.scope
    }
    passed_on = Release.RELEASED in (thing.release, state)
    hosts = room_notes.readers(session, {""}) if passed_on else set()
    kind = _NEWS_OF[thing.kind]
    told = {(seat, what) for seat in with_them | hosts for what in (NEWS, kind)}
    if passed_on and thing.kind is ReleaseKind.EXHIBIT:
        told |= {(s.id, kind) for s in session.seats.values() if s.admitted}
    return told
