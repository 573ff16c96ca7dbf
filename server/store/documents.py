"""Documents of cases; their names come and go sealed, their contents are blobs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.document import DocumentKind, FileType
from server.domain.ids import CaseId, DocumentId, UserId
from server.store import exhibits, tables

_document, _user, _job = tables.document, tables.user, tables.import_job


@dataclass(frozen=True, slots=True)
class Document:
    """`case` may be an application that is not sent yet. `name` is sealed."""

    id: DocumentId
    case: CaseId
    kind: DocumentKind
    name: str
    type: FileType
    size: int
    sha256: str
    blob: str
    by: UserId | None
    at: datetime
    removed_at: datetime | None = None


async def insert(conn: AsyncConnection, document: Document) -> None:
    row = {"kind": document.kind, "name": document.name, "media_type": document.type}
    await conn.execute(
        insert_into(_document).values(
            id=document.id,
            case=document.case,
            size=document.size,
            sha256=document.sha256,
            blob=document.blob,
            by=document.by,
            at=document.at,
            **row,
        )
    )


async def find(conn: AsyncConnection, document_id: DocumentId) -> Document | None:
    found = select(_document).where(_document.c.id == document_id)
    row = (await conn.execute(found)).mappings().first()
    return None if row is None else _to_document(row)


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[Document]:
    """Also those that were removed; oldest first."""
    found = select(_document).where(_document.c.case == case_id)
    rows = await conn.execute(found.order_by(_document.c.at, _document.c.id))
    return [_to_document(row) for row in rows.mappings()]


async def from_outside(conn: AsyncConnection, case_id: CaseId) -> int:
    """How many were brought by somebody without an account and are still there."""
    count = select(func.count()).select_from(_document).where(_document.c.case == case_id)
    count = count.where(_document.c.by.is_(None), _document.c.removed_at.is_(None))
    return await conn.scalar(count) or 0


async def set_removed(conn: AsyncConnection, document_id: DocumentId, at: datetime | None) -> None:
    """`None`: it is there again."""
    where = _document.c.id == document_id
    await conn.execute(update(_document).where(where).values(removed_at=at))


async def named_blobs(conn: AsyncConnection, blobs: Iterable[str]) -> set[str]:
    """Those of them that something in the database refers to."""
    asked = list(blobs)
    found: set[str] = set()
    for column in (_document.c.blob, _user.c.photo, _job.c.file):
        found.update(await conn.scalars(select(column).where(column.in_(asked))))
    return found | await exhibits.named_blobs(conn, asked)


def _to_document(row: RowMapping) -> Document:
    return Document(
        id=DocumentId(row["id"]),
        case=CaseId(row["case"]),
        kind=DocumentKind(row["kind"]),
        name=row["name"],
        type=FileType(row["media_type"]),
        size=row["size"],
        sha256=row["sha256"],
        blob=row["blob"],
        by=UserId(row["by"]) if row["by"] else None,
        at=row["at"],
        removed_at=row["removed_at"],
    )
