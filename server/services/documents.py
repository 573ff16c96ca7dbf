"""Files of cases: taken in, listed, opened, removed and put back. Who opened which is audited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.document import LARGEST, MOST_FROM_OUTSIDE, DocumentKind, FileType, file_name
from server.domain.errors import Refused
from server.domain.ids import CaseId, DocumentId, UserId
from server.domain.rights import Verb
from server.domain.user import User
from server.security import file_types, pictures
from server.security.ids import new_id
from server.services import cases, sealed
from server.services.context import Context
from server.services.opening import APPLICANT
from server.store import audit, documents, due, users
from server.store import cases as stored_cases
from server.store.documents import Document
from server.store.due import Due

SWEEP = "files_sweep"
GIVEN_UP_S = 24 * 3600
"""A file that has no row after so long will never have one."""

Given = tuple[str, AsyncIterator[bytes]]
"""A file's name and content, as they came."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """`by`: the name of the member of staff; None: who applied."""

    id: DocumentId
    kind: DocumentKind
    name: str
    type: FileType
    size: int
    by: str | None
    at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opened:
    name: str
    type: FileType
    size: int
    chunks: AsyncIterator[bytes]


async def add(
    ctx: Context,
    case_id: CaseId,
    kind: DocumentKind,
    name: str,
    media_type: str,
    chunks: AsyncIterator[bytes],
    by: UserId | None,
) -> DocumentId:
    """Keep a file with a case, or with an application that is not sent yet and has its key.

    Whether one may is for the caller to know. What browsers say of its type (`media_type`) is not
    believed. Raises Refused: file_type, file_too_large, file_empty, too_many_files.
    """
    return (await add_all(ctx, case_id, kind, [(name, chunks)], by))[0]


async def add_all(
    ctx: Context, case_id: CaseId, kind: DocumentKind, files: Iterable[Given], by: UserId | None
) -> list[DocumentId]:
    """All of them or none; otherwise as `add`."""
    made: list[Document] = []
    try:
        for name, chunks in files:
            made.append(await prepare(ctx, case_id, kind, name, chunks, by))
        async with ctx.store.write() as conn:
            for document in made:
                await insert(ctx, conn, document)
    except BaseException:
        await discard(ctx, made)
        raise
    return [document.id for document in made]


async def prepare(
    ctx: Context,
    case_id: CaseId,
    kind: DocumentKind,
    name: str,
    chunks: AsyncIterator[bytes],
    by: UserId | None,
) -> Document:
    """Before a transaction that `insert`s it: checked, cleaned and sealed in its place."""
    content = await whole(chunks)
    found, clean = await asyncio.to_thread(checked, content)
    key = ctx.keys.data.get(case_id)
    if key is None:
        raise LookupError(case_id)
    stored = await ctx.blobs.put_bytes(key, clean)
    made_id = DocumentId(new_id())
    hidden = sealed.seal(ctx, case_id, f"document:{made_id}", file_name(name, found))
    return Document(
        id=made_id,
        case=case_id,
        kind=kind,
        name=hidden,
        type=found,
        size=stored.size,
        sha256=stored.sha256,
        blob=stored.id,
        by=by,
        at=ctx.clock(),
    )


async def discard(ctx: Context, prepared: Iterable[Document]) -> None:
    """What was prepared and is not inserted after all."""
    for document in prepared:
        await ctx.blobs.delete(document.blob)


async def insert(ctx: Context, conn: AsyncConnection, made: Document) -> None:
    """Within a transaction. Raises Refused("too_many_files")."""
    outside = made.by is None
    if outside and await documents.from_outside(conn, made.case) >= MOST_FROM_OUTSIDE:
        raise Refused("too_many_files")
    await documents.insert(conn, made)
    await sweep_later(conn, made.at)
    if await stored_cases.thing(conn, made.case) is not None:
        await _audit(ctx, conn, "document.added", made.by or APPLICANT, made)


async def listed(ctx: Context, case_id: CaseId) -> list[DocumentLine]:
    """`of_case` by itself."""
    async with ctx.store.read() as conn:
        return await of_case(ctx, conn, case_id)


async def of_case(ctx: Context, conn: AsyncConnection, case_id: CaseId) -> list[DocumentLine]:
    """Everything in it, what was removed too; oldest first."""
    found = await documents.of_case(conn, case_id)
    names = await users.names(conn, {d.by for d in found if d.by})
    return [
        DocumentLine(
            id=d.id,
            kind=d.kind,
            name=_name(ctx, d),
            type=d.type,
            size=d.size,
            by=names.get(d.by) if d.by else None,
            at=d.at,
            removed_at=d.removed_at,
        )
        for d in found
    ]


async def require(ctx: Context, user: User, verb: Verb, case_id: CaseId) -> None:
    """Before a long upload is read. Raises Refused."""
    async with ctx.store.read() as conn:
        await cases.require(conn, user, verb, case_id)


async def opened(ctx: Context, user: User, case_id: CaseId, document_id: DocumentId) -> Opened:
    """The file, for who may read its case; that they did is in the audit. Raises Refused."""
    async with ctx.store.write() as conn:
        found = await _of_user(conn, user, Verb.READ_CASE, case_id, document_id)
        key = ctx.keys.data.get(found.case)
        if found.removed_at or key is None:
            raise Refused("not_found")
        await _audit(ctx, conn, "document.opened", user.id, found)
    chunks = ctx.blobs.get(key, found.blob)
    return Opened(_name(ctx, found), found.type, found.size, chunks)


async def remove(ctx: Context, user: User, case_id: CaseId, document_id: DocumentId) -> None:
    """Out of sight; `put_back` undoes it. Twice is once. Raises Refused."""
    async with ctx.store.write() as conn:
        found = await _of_user(conn, user, Verb.WORK, case_id, document_id)
        if found.removed_at is None:
            await documents.set_removed(conn, document_id, ctx.clock())
            await _audit(ctx, conn, "document.removed", user.id, found)


async def put_back(ctx: Context, user: User, case_id: CaseId, document_id: DocumentId) -> None:
    async with ctx.store.write() as conn:
        found = await _of_user(conn, user, Verb.WORK, case_id, document_id)
        if found.removed_at is not None:
            await documents.set_removed(conn, document_id, None)
            await _audit(ctx, conn, "document.put_back", user.id, found)


async def sweep(ctx: Context) -> int:
    """Delete the files that no row names and nobody is writing. Returns how many."""
    old = await ctx.blobs.older(GIVEN_UP_S)
    swept = 0
    for start in range(0, len(old), 500):
        some = old[start : start + 500]
        async with ctx.store.read() as conn:
            named = await documents.named_blobs(conn, some)
        for blob in set(some) - named:
            await ctx.blobs.delete(blob)
            swept += 1
    return swept


async def sweep_again(ctx: Context, job: Due) -> None:
    """Later work."""
    await sweep(ctx)


async def sweep_later(conn: AsyncConnection, now: datetime) -> None:
    """Once for each day on which files came in, when all that was broken off is old enough."""
    day = now.date()
    at, key = now + timedelta(days=2), f"{SWEEP}:{day}"
    await due.add(conn, at=at, kind=SWEEP, thing=str(day), key=key)


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    """No more of it is read than may be. Raises Refused: file_too_large, file_empty."""
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > LARGEST:
            raise Refused("file_too_large")
    if not content:
        raise Refused("file_empty")
    return bytes(content)


def checked(content: bytes) -> tuple[FileType, bytes]:
    """What it is, and it without what a photo tells of its place. Raises Refused("file_type")."""
    found = file_types.found(content)
    if found is None:
        raise Refused("file_type")
    try:
        return found, pictures.cleaned(found, content)
    except pictures.Broken:
        raise Refused("file_type") from None


async def _of_user(
    conn: AsyncConnection, user: User, verb: Verb, case_id: CaseId, document_id: DocumentId
) -> Document:
    await cases.require(conn, user, verb, case_id)
    found = await documents.find(conn, document_id)
    if found is None or found.case != case_id:
        raise Refused("not_found")
    return found


def _name(ctx: Context, found: Document) -> str:
    """Empty once the case's key was destroyed."""
    return sealed.unseal(ctx, found.case, f"document:{found.id}", found.name) or ""


async def _audit(
    ctx: Context, conn: AsyncConnection, verb: str, actor: str, found: Document
) -> None:
    body = {"kind": found.kind, "sha256": found.sha256}
    await audit.append(conn, f"case:{found.case}", verb, ctx.clock(), actor, found.id, body)
