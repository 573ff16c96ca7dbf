"""What each side told its mediator before the first meeting: rows are added, none is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, UserId
from server.store import tables

_screening = tables.screening


@dataclass(frozen=True, slots=True)
class Kept:
    """`body` is sealed. `shuttle_only`: whether this asks for the side to be kept apart; None:
    it came from another case, and leaves that to what was kept in this one.
    """

    id: str
    side: str
    body: str
    shuttle_only: bool | None
    by: UserId
    at: datetime


async def insert(conn: AsyncConnection, case_id: CaseId, kept: Kept) -> None:
    row = {"id": kept.id, "side": kept.side, "body": kept.body, "by": kept.by, "at": kept.at}
    values = {"case": case_id, "shuttle_only": kept.shuttle_only}
    await conn.execute(insert_into(_screening).values(**row, **values))


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[Kept]:
    """The newest first."""
    found = select(_screening).where(_screening.c.case == case_id)
    rows = await conn.execute(found.order_by(_screening.c.at.desc(), _screening.c.id.desc()))
    return [
        Kept(
            row["id"],
            row["side"],
            row["body"],
            row["shuttle_only"],
            UserId(row["by"]),
            row["at"],
        )
        for row in rows.mappings()
    ]
