"""Applications for judicial confirmation; which court comes and goes sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.confirmation import Confirmation
from server.domain.ids import CaseId, ConfirmationId, UserId
from server.store import tables

_confirmation = tables.confirmation


async def insert(conn: AsyncConnection, case_id: CaseId, made: Confirmation) -> None:
    """`made.court` is sealed."""
    row = {"applied_on": made.applied_on, "court": made.court, "by": made.by, "at": made.at}
    await conn.execute(insert_into(_confirmation).values(id=made.id, case=case_id, **row))


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[Confirmation]:
    """The newest first, with sealed courts."""
    found = select(_confirmation).where(_confirmation.c.case == case_id)
    rows = await conn.execute(found.order_by(_confirmation.c.at.desc(), _confirmation.c.id.desc()))
    return [_to_confirmation(row) for row in rows.mappings()]


async def take_back(conn: AsyncConnection, confirmation: ConfirmationId, at: datetime) -> None:
    one = update(_confirmation).where(_confirmation.c.id == confirmation)
    await conn.execute(one.values(taken_back_at=at))


def _to_confirmation(row: RowMapping) -> Confirmation:
    return Confirmation(
        id=ConfirmationId(row["id"]),
        applied_on=row["applied_on"],
        court=row["court"],
        by=UserId(row["by"]),
        at=row["at"],
        taken_back_at=row["taken_back_at"],
    )
