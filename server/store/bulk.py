"""What was done to many cases at once, so that it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert as insert_into
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.bulk import Bulk, BulkItem, BulkVerb
from server.domain.ids import CaseId, UserId
from server.store import tables

_bulk, _case, _handler = tables.bulk, tables.case, tables.case_handler


async def insert(conn: AsyncConnection, bulk: Bulk) -> None:
    row = {"id": bulk.id, "user": bulk.user, "verb": bulk.verb, "at": bulk.at}
    await conn.execute(insert_into(_bulk).values(items=[asdict(i) for i in bulk.items], **row))


async def of(
    conn: AsyncConnection, user: UserId, bulk_id: str, *, lock: bool = False
) -> Bulk | None:
    """Only what this user did."""
    mine = select(_bulk).where(_bulk.c.id == bulk_id, _bulk.c.user == user)
    row = (await conn.execute(mine.with_for_update() if lock else mine)).mappings().first()
    if row is None:
        return None
    items = tuple(BulkItem(**item) for item in row["items"])
    return Bulk(row["id"], user, BulkVerb(row["verb"]), row["at"], items, row["undone_at"])


async def undone(
    conn: AsyncConnection, bulk_id: str, at: datetime, items: Sequence[BulkItem]
) -> None:
    changed = update(_bulk).where(_bulk.c.id == bulk_id)
    await conn.execute(changed.values(undone_at=at, items=[asdict(item) for item in items]))


async def titles(conn: AsyncConnection, cases: Sequence[CaseId]) -> dict[CaseId, str]:
    rows = select(_case.c.id, _case.c.title).where(_case.c.id.in_(list(cases)))
    return {CaseId(row.id): row.title for row in await conn.execute(rows)}
