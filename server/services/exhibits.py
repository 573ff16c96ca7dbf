"""Papers that are put before people in a meeting: brought, listed, opened, and taken away.

Who may read one is decided anew each time: who was there when it was brought or shown, and
everybody admitted once it is for everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.documents.paper import Paper, open_paper
from server.domain import exhibit as rules
from server.domain import showing
from server.domain.document import FileType, file_name
from server.domain.errors import Refused
from server.domain.exhibit import Exhibit
from server.domain.ids import CaseId, ExhibitId, SeatId, SpaceId
from server.domain.release import Release, may_answer, scope
from server.domain.seat import Seat
from server.domain.session import Session
from server.domain.space import Space, SpaceKind
from server.security.ids import new_id
from server.services import documents, sealed
from server.services.context import Context
from server.services.live import Also, Origin, carry_out_weighed, news
from server.services.sessions import Caller, command, weighed
from server.services.sitting import Sitting, sitting
from server.store import exhibits

NEWS = "exhibits"
_UNSHOWABLE = {"paper_no_pages", "paper_needs_office"}
"""What is kept all the same, and can be saved."""


@dataclass(frozen=True, slots=True)
class ExhibitLine:
    """As one seat sees it now. `open`: it is for everybody. `side` and `release`: whose privacy it
    is, and what they said; empty, and "keep", for whom that is none of their business. `kept`: it
    is one of the case's papers. What `may_…` say holds for the space that the seat is in."""

    id: ExhibitId
    name: str
    type: FileType
    size: int
    pages: int
    by: str
    mine: bool
    at: datetime
    open: bool
    side: str
    release: Release
    kept: bool
    may_show: bool
    may_remove: bool
    may_keep: bool
    may_ask: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """A file to save."""

    name: str
    type: FileType
    size: int
    chunks: AsyncIterator[bytes]


async def ready(ctx: Context, seat_id: SeatId, cookie: str | None) -> SpaceId:
    """Before a long upload is read: the space that what comes will belong to.

    Raises Refused: too_many_uploads, too_many_of_yours, too_many_exhibits, and what `place` does.
    """
    async with ctx.store.read() as conn:
        who = await sitting(ctx, conn, seat_id, cookie)
        _, space = rules.place(who.session, who.seat.id)
        await _room_left(conn, who.session, who.seat)
    if not ctx.limiter.allowed(ctx.settings.upload_limit, "upload", who.seat.id):
        raise Refused("too_many_uploads")
    return space.id


async def add(
    ctx: Context,
    seat_id: SeatId,
    cookie: str | None,
    name: str,
    chunks: AsyncIterator[bytes],
    into: SpaceId,
) -> ExhibitId:
    """Keep a paper for those who are in the space now. `into`: as `ready` said.

    Raises Refused: file_type, file_too_large, file_empty, moved_meanwhile, too_many_of_yours,
    too_many_exhibits, and what a paper can be refused with (`server.documents.CODES`).
    """
    async with ctx.store.read() as conn:
        who = await sitting(ctx, conn, seat_id, cookie)
    content = await documents.whole(chunks)
    found, clean = await asyncio.to_thread(documents.checked, content)
    paper = await opened(clean, found)
    made = await _sealed(ctx, who, file_name(name, found), found, clean, paper, into)
    try:
        await bring(ctx, who, made)
    except Refused:
        # After anything else, a caller gone away, too, a row may name them: left to the sweeper.
        for blob in (made.blob, made.pdf):
            if blob is not None:
                await ctx.blobs.delete(blob)
        raise
    return made.id


async def _sealed(
    ctx: Context,
    who: Sitting,
    name: str,
    found: FileType,
    clean: bytes,
    paper: Paper,
    into: SpaceId,
) -> Exhibit:
    """Its files lie in their places, and no row names them yet. Whose it is, `bring` says."""
    case = who.session.case
    key = ctx.keys.data.get(case)
    if key is None:
        raise Refused("not_found")
    made_id = ExhibitId(new_id())
    stored = await ctx.blobs.put_bytes(key, clean)
    pdf = await ctx.blobs.put_bytes(key, paper.pdf) if paper.pdf else None
    return Exhibit(
        id=made_id,
        session=who.session.id,
        space=into,
        scope="",
        by=who.seat.id,
        name=sealed_name(ctx, case, made_id, name),
        type=found,
        size=stored.size,
        sha256=stored.sha256,
        blob=stored.id,
        pdf=pdf.id if pdf else None,
        pages=paper.pages,
        at=ctx.clock(),
    )


async def opened(content: bytes, found: FileType) -> Paper:
    """Without pages, where none can be made of it here. Raises Refused."""
    try:
        return await open_paper(content, found)
    except Refused as refused:
        if refused.code in _UNSHOWABLE:
            return Paper(pages=0)
        raise


async def bring(ctx: Context, who: Sitting, made: Exhibit, by: str | None = None) -> None:
    """Commit what was prepared, if its seat is still the same person's and still there.

    `by`: the id of the command that it was asked with.
    """

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also:
        seat = session.seat(who.seat.id)
        if seat.device != who.seat.device:
            raise Refused("no_seat")
        space = rules.bring(session, seat.id, made.space, made.sha256, now)
        await _room_left(conn, session, seat)
        kept = replace(made, scope=scope(session, space), at=now)
        there = [seat.id, *rules.present(session, space.id)]
        everybody = [s.id for s in session.seats.values() if s.admitted]

        async def write(conn: AsyncConnection) -> None:
            await exhibits.insert(conn, kept)
            await exhibits.add_readers(conn, kept.id, rules.new_readers(kept, there, ()))
            await documents.sweep_later(conn, now)

        return Also(write, news(everybody if kept.open else there, NEWS))

    await carry_out_weighed(ctx, who.session.id, weigh, Origin(who.seat.id, by))


async def listed(ctx: Context, seat_id: SeatId, cookie: str | None) -> list[ExhibitLine]:
    """What this seat may read, oldest first. Raises Refused.

    With one side alone, what another side has kept to itself is not there, for hosts neither.
    """
    async with ctx.store.read() as conn:
        who = await sitting(ctx, conn, seat_id, cookie)
        space = who.session.space_of(who.seat)
        if who.session.over or space is None or not who.seat.admitted:
            return []
        there = scope(who.session, space)
        was_there = await exhibits.read_by(conn, who.seat.id)
        found = await exhibits.of_session(conn, who.session.id)
    return [
        _line(ctx, who, space, exhibit)
        for exhibit in found
        if exhibit.may_read(
            who.seat, space, there, {who.seat.id} if exhibit.id in was_there else ()
        )
        and (space.kind is not SpaceKind.CAUCUS or exhibit.belongs_in(space, there))
    ]


async def readable(
    ctx: Context, conn: AsyncConnection, seat_id: SeatId, cookie: str | None, wanted: ExhibitId
) -> tuple[Sitting, Exhibit]:
    """An exhibit that this seat may read now. Raises Refused("exhibit_missing") for all others."""
    who = await sitting(ctx, conn, seat_id, cookie)
    found = await exhibits.find(conn, wanted)
    if found is None or found.session != who.session.id or who.session.over:
        raise Refused("exhibit_missing")
    space = who.session.space_of(who.seat)
    there = scope(who.session, space) if space else ""
    if not found.may_read(who.seat, space, there, await exhibits.readers(conn, wanted)):
        raise Refused("exhibit_missing")
    return who, found


async def saved(ctx: Context, seat_id: SeatId, cookie: str | None, wanted: ExhibitId) -> Saved:
    """The file as it was brought. Raises Refused."""
    async with ctx.store.read() as conn:
        who, found = await readable(ctx, conn, seat_id, cookie, wanted)
    key = ctx.keys.data.get(who.session.case)
    if key is None:
        raise Refused("exhibit_missing")
    name = name_of(ctx, who.session.case, found)
    return Saved(name, found.type, found.size, ctx.blobs.get(key, found.blob))


async def remove(ctx: Context, by: Caller, wanted: ExhibitId) -> None:
    """Gone for everybody, and its files with the next sweep. Twice is once. Raises Refused."""

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also | None:
        found = await existing(conn, wanted)
        if found.removed_at is not None:
            return None
        rules.remove(session, by.seat, found, now)

        async def write(conn: AsyncConnection) -> None:
            await exhibits.set_removed(conn, wanted, now)

        return Also(write, news(await readers_of(conn, session, found), NEWS))

    await weighed(ctx, by, weigh)


async def show(ctx: Context, by: Caller, wanted: ExhibitId | None, page: int) -> None:
    """Put a page before everybody in one's space; None puts it away. Raises Refused.

    Who is there then may read it later, too.
    """
    if wanted is None:
        await command(ctx, by, lambda s, now: showing.show(s, by.seat, None, page, now))
        return

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also:
        found = await existing(conn, wanted)
        had = await exhibits.readers(conn, wanted)
        new = rules.show(session, by.seat, found, had, page, now)

        async def write(conn: AsyncConnection) -> None:
            await exhibits.add_readers(conn, wanted, new)

        return Also(write, news(new, NEWS))

    await weighed(ctx, by, weigh)


async def existing(conn: AsyncConnection, wanted: ExhibitId) -> Exhibit:
    found = await exhibits.find(conn, wanted)
    if found is None:
        raise Refused("exhibit_missing")
    return found


async def readers_of(conn: AsyncConnection, session: Session, found: Exhibit) -> list[SeatId]:
    """Everybody who may have it in a list on their page."""
    if found.open:
        return [seat.id for seat in session.seats.values() if seat.admitted]
    return await exhibits.readers(conn, found.id)


def name_of(ctx: Context, case: CaseId, found: Exhibit) -> str:
    """Empty once the case's key was destroyed."""
    return sealed.unseal(ctx, case, _field(found.id), found.name) or ""


def sealed_name(ctx: Context, case: CaseId, exhibit: ExhibitId, name: str) -> str:
    return sealed.seal(ctx, case, _field(exhibit), name)


def _field(exhibit: ExhibitId) -> str:
    return f"exhibit:{exhibit}"


async def _room_left(conn: AsyncConnection, session: Session, seat: Seat) -> None:
    counts = await exhibits.counts(conn, session.id)
    hosts = {s.id for s in session.seats.values() if s.hosting}
    alike = sum(n for by, n in counts.items() if (by in hosts) is seat.hosting)
    rules.room_left(seat, counts.get(seat.id, 0), alike)


def _line(ctx: Context, who: Sitting, space: Space, found: Exhibit) -> ExhibitLine:
    session, seat = who.session, who.seat
    brought = session.seats.get(found.by)
    host = seat.hosting and seat.present
    asked = found.release in (Release.ASKED, Release.RELEASED)
    there = scope(session, space)
    with_them = space.kind is SpaceKind.CAUCUS and there == found.scope
    told = _tells(session, seat, found, there)
    leads = showing.may_lead(seat, space)
    return ExhibitLine(
        id=found.id,
        name=name_of(ctx, session.case, found),
        type=found.type,
        size=found.size,
        pages=found.pages,
        by=brought.name if brought else "",
        mine=found.by == seat.id,
        at=found.at,
        open=found.open,
        side=found.scope if told and not found.open else "",
        release=found.release if told else Release.KEEP,
        kept=found.document is not None,
        may_show=found.pages > 0 and leads and rules.fits(session, found, space),
        may_remove=found.by == seat.id or host,
        may_keep=host and found.open and found.document is None,
        may_ask=host and with_them and not found.open and not asked and _sided(found),
    )


def _tells(session: Session, seat: Seat, found: Exhibit, there: str) -> bool:
    """Whether whose it is, and what they said to being asked, is this seat's to know: as of notes,
    for hosts who are with them, or in joint if it was released; and for who answers for them."""
    if seat.hosting:
        return found.scope == there or (there == "" and found.release is Release.RELEASED)
    return may_answer(session, seat.id, found.scope)


def _sided(found: Exhibit) -> bool:
    """Of one side alone: somebody who can say yes for it."""
    return found.scope != "-" and "," not in found.scope
