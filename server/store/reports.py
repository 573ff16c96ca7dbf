"""Reports of grid workers. A report has the id of the case it has become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import CaseStatus, DisputeType
from server.domain.ids import CaseId, UserId
from server.store import tables

_report, _case, _user = tables.report, tables.case, tables.user


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What who reported may know of it: how it stands, not what came to be in it."""

    id: CaseId
    at: datetime
    danger: bool
    title: str
    dispute_type: DisputeType
    status: CaseStatus
    number: str


@dataclass(frozen=True, slots=True)
class Found:
    """`by`: the name of who reported it."""

    at: datetime
    danger: bool
    by: str
    phone: str


async def insert(
    conn: AsyncConnection, case_id: CaseId, by: UserId, at: datetime, *, danger: bool
) -> None:
    await conn.execute(insert_into(_report).values(id=case_id, by=by, at=at, danger=danger))


async def of_user(conn: AsyncConnection, user: UserId, limit: int = 200) -> list[ReportLine]:
    """Their newest."""
    found = (
        select(
            _report.c.id,
            _report.c.at,
            _report.c.danger,
            _case.c.title,
            _case.c.dispute_type,
            _case.c.status,
            _case.c.number,
        )
        .join(_case, _case.c.id == _report.c.id)
        .where(_report.c.by == user)
        .order_by(_report.c.at.desc(), _report.c.id.desc())
        .limit(limit)
    )
    return [
        ReportLine(
            CaseId(row.id),
            row.at,
            row.danger,
            row.title,
            DisputeType(row.dispute_type),
            CaseStatus(row.status),
            row.number,
        )
        for row in await conn.execute(found)
    ]


async def of_case(conn: AsyncConnection, case_id: CaseId) -> Found | None:
    found = (
        select(_report.c.at, _report.c.danger, _user.c.name, _user.c.phone)
        .join(_user, _user.c.id == _report.c.by)
        .where(_report.c.id == case_id)
    )
    row = (await conn.execute(found)).first()
    return None if row is None else Found(row.at, row.danger, row.name, row.phone)
