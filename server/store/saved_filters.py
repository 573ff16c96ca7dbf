"""Lists that a member of staff has named, to come back to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import UserId
from server.security.ids import new_id
from server.store import tables

_filter = tables.saved_filter


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """`query` is what stands in the address."""

    id: str
    name: str
    query: str


async def of(conn: AsyncConnection, user: UserId) -> list[SavedFilter]:
    rows = select(_filter).where(_filter.c.user == user).order_by(_filter.c.name, _filter.c.id)
    return [SavedFilter(row.id, row.name, row.query) for row in await conn.execute(rows)]


async def count(conn: AsyncConnection, user: UserId) -> int:
    return await conn.scalar(select(func.count()).where(_filter.c.user == user)) or 0


async def save(conn: AsyncConnection, user: UserId, name: str, query: str) -> None:
    """The same name again replaces what it meant."""
    await conn.execute(delete(_filter).where(_filter.c.user == user, _filter.c.name == name))
    row = {"id": new_id(), "user": user, "name": name, "query": query}
    await conn.execute(insert_into(_filter).values(**row))


async def remove(conn: AsyncConnection, user: UserId, filter_id: str) -> None:
    """Twice is once; somebody else's stays."""
    mine = (_filter.c.id == filter_id, _filter.c.user == user)
    await conn.execute(delete(_filter).where(*mine))
