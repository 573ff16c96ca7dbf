"""What grid workers find: a report becomes a case of their organisation at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import CaseStatus, DisputeType, Source
from server.domain.document import DocumentKind
from server.domain.errors import Refused
from server.domain.ids import CaseId, UserId
from server.domain.organisation import Organisation
from server.domain.rights import Thing, Verb, may, scope
from server.domain.statement import Statement
from server.domain.user import User
from server.services import documents, forms, opening, similar
from server.services.context import Context
from server.services.documents import Given
from server.services.opening import NewCase, NewParty
from server.store import audit, organisations, reports
from server.store.documents import Document
from server.store.reports import Found, ReportLine

__all__ = [
    "Found",
    "NewReport",
    "ReportLine",
    "add_photos",
    "dangers",
    "found",
    "known_already",
    "make",
    "mine",
    "place_of",
    "to_be_decided",
]

MOST_DANGERS = 30


@dataclass(frozen=True, slots=True)
class NewReport:
    """Checked already. `danger`: somebody is in danger now."""

    dispute_type: DisputeType
    title: str
    statement: Statement
    parties: Sequence[NewParty]
    danger: bool


async def make(
    ctx: Context, user: User, report: NewReport, photos: Sequence[Given], key: str
) -> CaseId:
    """The case it has become, with its photographs: all of it or nothing. Sent twice, it is one.

    Raises Refused: not_allowed, and what `documents.prepare` refuses.
    """
    where = await place_of(ctx, user)
    new = NewCase(
        organisation=where,
        dispute_type=report.dispute_type,
        title=report.title,
        parties=report.parties,
        source=Source.DISCOVERY,
        by=user.id,
        statement=report.statement,
    )
    await opening.prepare(ctx, new)
    taken = await _photos(ctx, new.id, photos, user.id)

    async def work(conn: AsyncConnection) -> str:
        case = await opening.insert(ctx, conn, new)
        await reports.insert(conn, case.id, user.id, case.created_at, danger=report.danger)
        body = {"danger": report.danger}
        chain = f"case:{case.id}"
        await audit.append(conn, chain, "case.reported", ctx.clock(), user.id, case.id, body)
        for photo in taken:
            await documents.insert(ctx, conn, photo)
        return case.id

    made = None
    try:
        made = await forms.once(ctx, user.id, key, work)
    finally:
        if made != new.id:
            await documents.discard(ctx, taken)
    return CaseId(made)


async def known_already(
    ctx: Context, user: User, report: NewReport, made: CaseId, nameless: str
) -> bool:
    """Whether their own office seems to know of it. `nameless`: what stands for a name that is not
    known; such people are like nobody."""
    people = [replace(p, name="" if p.name == nameless else p.name) for p in report.parties]
    return await similar.at_office(ctx, user, people, report.dispute_type, made)


async def add_photos(ctx: Context, user: User, case_id: CaseId, photos: Sequence[Given]) -> None:
    """More photographs of what one has reported, until it is decided.

    Raises Refused: not_found, report_decided, file_missing, and what `documents.add_all` refuses.
    """
    await to_be_decided(ctx, user, case_id)
    if not photos:
        raise Refused("file_missing")
    await documents.add_all(ctx, case_id, DocumentKind.PHOTO, photos, user.id)


async def to_be_decided(ctx: Context, user: User, case_id: CaseId) -> ReportLine:
    """What this person has reported. Raises Refused: not_found, report_decided."""
    async with ctx.store.read() as conn:
        report = await reports.of_user_case(conn, user.id, case_id)
    if report is None:
        raise Refused("not_found")
    if report.status is not CaseStatus.APPLIED:
        raise Refused("report_decided")
    return report


async def mine(ctx: Context, user: User) -> list[ReportLine]:
    """What this person has reported, newest first, and how each stands."""
    async with ctx.store.read() as conn:
        return await reports.of_user(conn, user.id)


async def found(ctx: Context, case_id: CaseId) -> Found | None:
    """Who reported this case; None if it came in another way."""
    async with ctx.store.read() as conn:
        return await reports.of_case(conn, case_id)


async def dangers(ctx: Context, user: User) -> list[ReportLine]:
    """Of the cases this person works on: what may become dangerous, and is not over."""
    async with ctx.store.read() as conn:
        return await reports.dangers(conn, scope(user, Verb.WORK), MOST_DANGERS)


async def place_of(ctx: Context, user: User) -> Organisation:
    """To whom this person reports: where they work. Raises Refused("not_allowed")."""
    if not may(user, Verb.REPORT, Thing(user.path)):
        raise Refused("not_allowed")
    async with ctx.store.read() as conn:
        return await organisations.get(conn, user.organisation)


async def _photos(
    ctx: Context, case_id: CaseId, photos: Sequence[Given], by: UserId
) -> list[Document]:
    taken: list[Document] = []
    try:
        for name, chunks in photos:
            kind = DocumentKind.PHOTO
            taken.append(await documents.prepare(ctx, case_id, kind, name, chunks, by))
    except BaseException:
        await documents.discard(ctx, taken)
        raise
    return taken
