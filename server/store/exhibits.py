"""Exhibits: their names come and go sealed, their contents are blobs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.document import FileType
from server.domain.exhibit import Exhibit
from server.domain.ids import DocumentId, ExhibitId, SeatId, SessionId, SpaceId
from server.domain.release import Release
from server.store import tables

_exhibit, _reader, _page = tables.exhibit, tables.exhibit_reader, tables.exhibit_page


async def insert(conn: AsyncConnection, exhibit: Exhibit) -> None:
    await conn.execute(insert_into(_exhibit).values(**asdict(exhibit)))


async def find(conn: AsyncConnection, exhibit_id: ExhibitId) -> Exhibit | None:
    found = select(_exhibit).where(_exhibit.c.id == exhibit_id)
    row = (await conn.execute(found)).mappings().first()
    return None if row is None else _to_exhibit(row)


async def of_session(conn: AsyncConnection, session_id: SessionId) -> list[Exhibit]:
    """Also those that were removed; oldest first."""
    found = select(_exhibit).where(_exhibit.c.session == session_id).order_by(_exhibit.c.id)
    return [_to_exhibit(row) for row in (await conn.execute(found)).mappings()]


async def counts(conn: AsyncConnection, session_id: SessionId) -> dict[SeatId, int]:
    """How many there are from each seat, without those that were removed."""
    here = (_exhibit.c.session == session_id) & _exhibit.c.removed_at.is_(None)
    by = _exhibit.c.by
    found = await conn.execute(select(by, func.count()).where(here).group_by(by))
    return {SeatId(seat): number for seat, number in found}


async def set_removed(conn: AsyncConnection, exhibit_id: ExhibitId, at: datetime) -> None:
    await conn.execute(update(_exhibit).where(_exhibit.c.id == exhibit_id).values(removed_at=at))


async def set_document(conn: AsyncConnection, exhibit_id: ExhibitId, document: DocumentId) -> None:
    where = _exhibit.c.id == exhibit_id
    await conn.execute(update(_exhibit).where(where).values(document=document))


async def add_readers(
    conn: AsyncConnection, exhibit_id: ExhibitId, seats: Iterable[SeatId]
) -> None:
    """These, who might not read it until now, may from now on."""
    if rows := [{"exhibit": exhibit_id, "seat": seat} for seat in seats]:
        await conn.execute(insert_into(_reader), rows)


async def readers(conn: AsyncConnection, exhibit_id: ExhibitId) -> list[SeatId]:
    found = await conn.scalars(select(_reader.c.seat).where(_reader.c.exhibit == exhibit_id))
    return [SeatId(seat) for seat in found]


async def read_by(conn: AsyncConnection, seat: SeatId) -> set[ExhibitId]:
    """Those at which this seat was there."""
    found = await conn.scalars(select(_reader.c.exhibit).where(_reader.c.seat == seat))
    return {ExhibitId(exhibit) for exhibit in found}


async def page_blob(
    conn: AsyncConnection, exhibit_id: ExhibitId, page: int, width: int
) -> str | None:
    """The picture of a page that was looked at before."""
    found = select(_page.c.blob).where(
        _page.c.exhibit == exhibit_id, _page.c.n == page, _page.c.width == width
    )
    blob: str | None = await conn.scalar(found)
    return blob


async def insert_page(
    conn: AsyncConnection, exhibit_id: ExhibitId, page: int, width: int, blob: str
) -> None:
    row = {"exhibit": exhibit_id, "n": page, "width": width, "blob": blob}
    await conn.execute(insert_into(_page).values(**row))


async def named_blobs(conn: AsyncConnection, blobs: Iterable[str]) -> set[str]:
    """Those of them that an exhibit needs: its file, the PDF made of it, its pages' pictures.

    Not those of what was removed: it is gone.
    """
    asked = list(blobs)
    there = _exhibit.c.removed_at.is_(None)
    found: set[str] = set()
    for column in (_exhibit.c.blob, _exhibit.c.pdf):
        found.update(await conn.scalars(select(column).where(column.in_(asked), there)))
    pages = select(_page.c.blob).join(_exhibit, _exhibit.c.id == _page.c.exhibit)
    found.update(await conn.scalars(pages.where(_page.c.blob.in_(asked), there)))
    return found


def _to_exhibit(row: RowMapping) -> Exhibit:
    return Exhibit(
        id=ExhibitId(row["id"]),
        session=SessionId(row["session"]),
        space=SpaceId(row["space"]),
        scope=row["scope"],
        by=SeatId(row["by"]),
        name=row["name"],
        type=FileType(row["type"]),
        size=row["size"],
        sha256=row["sha256"],
        blob=row["blob"],
        pdf=row["pdf"],
        pages=row["pages"],
        at=row["at"],
        release=Release(row["release"]),
        document=DocumentId(row["document"]) if row["document"] else None,
        removed_at=row["removed_at"],
    )
