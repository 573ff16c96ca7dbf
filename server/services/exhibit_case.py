"""Between a meeting and its case: a paper of the case is shown, a paper shown is kept in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import exhibit as rules
from server.domain.document import DocumentKind, FileType
from server.domain.errors import Refused
from server.domain.exhibit import Exhibit
from server.domain.ids import CaseId, DocumentId, ExhibitId, SeatId
from server.domain.seat import Seat
from server.domain.session import Session
from server.security.ids import new_id
from server.services import documents, exhibits, sealed
from server.services.context import Context
from server.services.live import Also, load, news
from server.services.sessions import Caller, session_of, weighed
from server.services.sitting import Sitting, sitting
from server.store import documents as stored_documents
from server.store import exhibits as stored
from server.store import seats
from server.store.documents import Document


@dataclass(frozen=True, slots=True)
class CasePaper:
    id: DocumentId
    name: str
    type: FileType
    at: datetime


async def papers(ctx: Context, seat_id: SeatId, cookie: str | None) -> list[CasePaper]:
    """The papers of the case, for whoever hosts. Raises Refused."""
    async with ctx.store.read() as conn:
        who = await sitting(ctx, conn, seat_id, cookie)
        who.session.host(who.seat.id)
        lines = await documents.of_case(ctx, conn, who.session.case)
    return [
        CasePaper(line.id, line.name, line.type, line.at)
        for line in lines
        if line.removed_at is None
    ]


async def bring(ctx: Context, by: Caller, document_id: DocumentId) -> None:
    """A paper of the case becomes an exhibit of the host's space. Raises Refused.

    Its file stays where it is. If it can be shown there already, nothing changes.
    """
    who, found, known = await _asked(ctx, by, document_id)
    case = who.session.case
    _, space = who.session.inside(by.seat)
    if any(rules.fits(who.session, exhibit, space) for exhibit in known):
        return
    key = ctx.keys.data.get(case)
    name = sealed.unseal(ctx, case, f"document:{found.id}", found.name)
    if key is None or name is None:
        raise Refused("not_found")
    content = b"".join([chunk async for chunk in ctx.blobs.get(key, found.blob)])
    paper = await exhibits.opened(content, found.type)
    pdf = await ctx.blobs.put_bytes(key, paper.pdf) if paper.pdf else None
    made_id = ExhibitId(new_id())
    made = Exhibit(
        id=made_id,
        session=who.session.id,
        space=space.id,
        scope="",
        by=by.seat,
        name=exhibits.sealed_name(ctx, case, made_id, name),
        type=found.type,
        size=found.size,
        sha256=found.sha256,
        blob=found.blob,
        pdf=pdf.id if pdf else None,
        pages=paper.pages,
        at=ctx.clock(),
        document=found.id,
    )
    await exhibits.bring(ctx, who, made, by.command)


async def _asked(
    ctx: Context, by: Caller, document_id: DocumentId
) -> tuple[Sitting, Document, list[Exhibit]]:
    """Who asks, which paper, and what it is in this meeting already."""
    session_id = await session_of(ctx, by.seat)
    async with ctx.store.read() as conn:
        session = await load(ctx, conn, session_id)
        seat = session.host(by.seat)
        if seat.device != by.device:
            raise Refused("no_seat")
        found = await stored_documents.find(conn, document_id)
        known = await stored.of_session(conn, session_id)
    if found is None or found.case != session.case or found.removed_at is not None:
        raise Refused("not_found")
    return Sitting(session, seat), found, [e for e in known if e.document == document_id]


async def keep(ctx: Context, by: Caller, wanted: ExhibitId) -> None:
    """Into the papers of the case, once. Raises Refused."""

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also:
        found = await exhibits.existing(conn, wanted)
        rules.keep(session, by.seat, found, now)
        document = await _document(ctx, conn, session, session.seat(by.seat), found, now)

        async def write(conn: AsyncConnection) -> None:
            await documents.insert(ctx.at(now), conn, document)
            await stored.set_document(conn, wanted, document.id)

        readers = await exhibits.readers_of(conn, session, found)
        return Also(write, news(readers, exhibits.NEWS))

    await weighed(ctx, by, weigh)


async def _document(
    ctx: Context,
    conn: AsyncConnection,
    session: Session,
    host: Seat,
    found: Exhibit,
    now: datetime,
) -> Document:
    """The same file, under the name it has; brought in by who hosts."""
    case: CaseId = session.case
    name = exhibits.name_of(ctx, case, found)
    if not name:
        raise Refused("exhibit_missing")
    made_id = DocumentId(new_id())
    user = await seats.user_of(conn, host.id) or await seats.user_of(conn, session.main_host.id)
    return Document(
        id=made_id,
        case=case,
        kind=DocumentKind.EVIDENCE,
        name=sealed.seal(ctx, case, f"document:{made_id}", name),
        type=found.type,
        size=found.size,
        sha256=found.sha256,
        blob=found.blob,
        by=user,
        at=now,
    )
