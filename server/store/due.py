"""What is to be done later. Written in the transaction that makes it due; done outside of it.

Whoever takes something has it for LEASE and may ask for longer; if they die, it is taken again.
So what is done may be done twice, and every job says by its own rows what has been done already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.security.ids import new_id
from server.store import tables

LEASE = timedelta(minutes=1)
MOST_TRIES = 8
ADDED = "due added"
"""Marks a connection in whose transaction something was added."""

_due = tables.due
_open = _due.c.done_at.is_(None)


@dataclass(frozen=True, slots=True)
class Due:
    """`thing`: the id of what it is about. `taken`: how often it was, this time included, and
    `early` how often of these it was too early.
    """

    id: str
    kind: str
    thing: str
    body: Mapping[str, Any]
    taken: int = 1
    early: int = 0

    @property
    def tries(self) -> int:
        return self.taken - self.early

    @property
    def last_try(self) -> bool:
        return self.tries >= MOST_TRIES


async def add(
    conn: AsyncConnection,
    *,
    at: datetime,
    kind: str,
    thing: str,
    key: str,
    body: Mapping[str, Any] | None = None,
) -> None:
    """To be done at `at` or soon after. With a `key` that was used before, nothing is added."""
    row = {"id": new_id(), "at": at, "kind": kind, "thing": thing, "key": key}
    engine = postgresql if conn.dialect.name == "postgresql" else sqlite
    added = engine.insert(_due).values(**row, body=dict(body or {}), tries=0, error="")
    await conn.execute(added.on_conflict_do_nothing(index_elements=[_due.c.key]))
    conn.info[ADDED] = True


async def drop(conn: AsyncConnection, thing: str, kind: str | None = None) -> None:
    """Call off what is not done yet. Its keys may be used again."""
    where = [_due.c.thing == thing, _open]
    if kind is not None:
        where.append(_due.c.kind == kind)
    await conn.execute(delete(_due).where(*where))


async def waiting(conn: AsyncConnection, thing: str, kind: str) -> list[Due]:
    """What is not done yet of this kind about this thing, whoever has taken it."""
    found = select(_due).where(_due.c.thing == thing, _due.c.kind == kind, _open)
    rows = await conn.execute(found.order_by(_due.c.at, _due.c.id))
    return [_to_due(row) for row in rows.mappings()]


async def next_at(conn: AsyncConnection) -> datetime | None:
    """When the next thing is due; None if there is none."""
    found = select(_due.c.at).where(_open).order_by(_due.c.at).limit(1)
    at: datetime | None = await conn.scalar(found)
    return at


async def take(conn: AsyncConnection, now: datetime) -> Due | None:
    """What has been due the longest; nobody else takes it before the lease is over."""
    first = (
        select(_due.c.id)
        .where(_open, _due.c.at <= now)
        .order_by(_due.c.at, _due.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(_due)
        .where(_due.c.id == first.scalar_subquery())
        .values(at=now + LEASE, tries=_due.c.tries + 1)
        .returning(_due)
    )
    row = (await conn.execute(taken)).mappings().first()
    return None if row is None else _to_due(row)


async def hold(conn: AsyncConnection, due: Due, now: datetime) -> bool:
    """Have it for another lease. False: somebody else has it, or it was called off."""
    return await _mine(conn, due, at=now + LEASE)


async def finish(conn: AsyncConnection, due: Due, now: datetime, error: str = "") -> bool:
    """Done, or given up with an error."""
    return await _mine(conn, due, done_at=now, error=error)


async def again(conn: AsyncConnection, due: Due, at: datetime, *, early: bool = False) -> bool:
    """To be tried again at `at`. Early: it has not failed."""
    return await _mine(conn, due, at=at, early=due.early + early)


async def given_up(conn: AsyncConnection) -> int:
    """How many things were given up."""
    found = select(func.count()).select_from(_due).where(_due.c.error != "")
    return int(await conn.scalar(found) or 0)


async def _mine(conn: AsyncConnection, due: Due, **values: Any) -> bool:
    mine = and_(_due.c.id == due.id, _due.c.tries == due.taken, _open)
    return (await conn.execute(update(_due).where(mine).values(**values))).rowcount == 1


def _to_due(row: RowMapping) -> Due:
    return Due(row["id"], row["kind"], row["thing"], row["body"], row["tries"], row["early"])
