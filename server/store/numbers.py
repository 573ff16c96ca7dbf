"""Counters of case numbers. A number is taken in the transaction that uses it, or not at all."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import OrganisationId
from server.store import tables

_counter = tables.number_counter


async def take(conn: AsyncConnection, organisation: OrganisationId, year: int, series: str) -> int:
    """The next number, from 1. Holds the counter until the commit, so that none is left out."""
    row = {"organisation": organisation, "year": year, "kind": series}
    engine = postgresql if conn.dialect.name == "postgresql" else sqlite
    await conn.execute(engine.insert(_counter).values(**row, n=0).on_conflict_do_nothing())
    mine = [_counter.c[name] == value for name, value in row.items()]
    counted = update(_counter).where(*mine).values(n=_counter.c.n + 1).returning(_counter.c.n)
    return int((await conn.execute(counted)).scalar_one())
