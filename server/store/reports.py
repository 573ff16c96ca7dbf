"""Reports of grid workers. A report has the id of the case it has become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER, CaseStatus, DisputeType
from server.domain.ids import CaseId, UserId
from server.domain.rights import Scope
from server.store import cases, tables

_report, _case, _user = tables.report, tables.case, tables.user
_organisation = tables.organisation


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
    return await _lines(conn, [_report.c.by == user], limit)


async def of_user_case(conn: AsyncConnection, user: UserId, case_id: CaseId) -> ReportLine | None:
    found = await _lines(conn, [_report.c.by == user, _report.c.id == case_id], 1)
    return found[0] if found else None


async def dangers(conn: AsyncConnection, scope: Scope, limit: int) -> list[ReportLine]:
    """What may become dangerous among the cases in scope, the newest first; not what is over."""
    still = [_report.c.danger.is_(True), _case.c.status.not_in(sorted(OVER))]
    return await _lines(conn, [*still, cases.in_scope(scope)], limit)


async def of_case(conn: AsyncConnection, case_id: CaseId) -> Found | None:
    found = (
        select(_report.c.at, _report.c.danger, _user.c.name, _user.c.phone)
        .join(_user, _user.c.id == _report.c.by)
        .where(_report.c.id == case_id)
    )
    row = (await conn.execute(found)).first()
    return None if row is None else Found(row.at, row.danger, row.name, row.phone)


async def _lines(
    conn: AsyncConnection, where: list[ColumnElement[bool]], limit: int
) -> list[ReportLine]:
    case = (_case.c[name] for name in ("title", "dispute_type", "status", "number"))
    found = (
        select(_report.c.id, _report.c.at, _report.c.danger, *case)
        .join(_case, _case.c.id == _report.c.id)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(*where)
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
