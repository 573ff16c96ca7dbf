"""The exceptions from the working week that people have entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, delete, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import tables

_workday = tables.workday


@dataclass(frozen=True, slots=True)
class Special:
    """A day off that would be worked, or worked that would be off."""

    on: date
    works: bool
    why: str


async def of(conn: AsyncConnection, country: str) -> list[Special]:
    """By date."""
    found = select(_workday).where(_workday.c.country == country).order_by(_workday.c.on)
    rows = (await conn.execute(found)).mappings()
    return [Special(row["on"], row["works"], row["why"]) for row in rows]


async def replace_year(
    conn: AsyncConnection, country: str, year: int, days: Mapping[date, tuple[bool, str]]
) -> None:
    """What was entered for the year before is gone; without `days` nothing is entered for it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    then = and_(_workday.c.country == country, _workday.c.on.between(first, last))
    await conn.execute(delete(_workday).where(then))
    for day, (works, why) in sorted(days.items()):
        row = {"country": country, "on": day, "works": works, "why": why}
        await conn.execute(insert_into(_workday).values(**row))
