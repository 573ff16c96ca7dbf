"""Counters of case numbers. A number is taken in the transaction that uses it, or not at all."""

from __future__ import annotations

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import OrganisationId
from server.store import tables

_counter = tables.number_counter


async def take(
    conn: AsyncConnection, organisation: OrganisationId, year: int, series: str, count: int = 1
) -> int:
    """The last of the next `count` numbers, from 1. Holds the counter until the commit, so that
    none is left out.
    """
    mine = await _begun(conn, organisation, year, series)
    counted = update(_counter).where(*mine).values(n=_counter.c.n + count)
    return int((await conn.execute(counted.returning(_counter.c.n))).scalar_one())


async def raise_to(
    conn: AsyncConnection, organisation: OrganisationId, year: int, series: str, n: int
) -> None:
    """Numbers up to `n` were given out elsewhere: none of them is given out again."""
    mine = await _begun(conn, organisation, year, series)
    await conn.execute(update(_counter).where(*mine, _counter.c.n < n).values(n=n))


async def _begun(
    conn: AsyncConnection, organisation: OrganisationId, year: int, series: str
) -> list[ColumnElement[bool]]:
    row = {"organisation": organisation, "year": year, "kind": series}
    engine = postgresql if conn.dialect.name == "postgresql" else sqlite
    await conn.execute(engine.insert(_counter).values(**row, n=0).on_conflict_do_nothing())
    return [_counter.c[name] == value for name, value in row.items()]
