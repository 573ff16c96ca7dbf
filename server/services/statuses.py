"""The one way in which a case's status changes: history, number, audit and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, CaseStatus, changed
from server.domain.ids import CaseId, UserId
from server.domain.number import series, written
from server.services import deadlines
from server.services.context import Context
from server.store import audit, cases, numbers, organisations, search

CLOCK = "clock"
"""The actor in the audit when nobody did it."""


async def change(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    status: CaseStatus,
    by: UserId | None,
    why: str = "",
    body: Mapping[str, Any] | None = None,
) -> Case:
    """Within a writing transaction, of a case loaded in it with `lock=True`.

    Accepting gives the number. Returns the case as it is now. Raises Refused("status_changed")
    when somebody else was quicker and this step is not possible any more.
    """
    now = ctx.clock()
    step = changed(case.status, status, now, by, why)
    await cases.add_status(conn, case.id, len(case.history) + 1, step)
    if status is CaseStatus.ACCEPTED and not case.number:
        await _number(ctx, conn, case)
    verb, chain = f"case.{status}", f"case:{case.id}"
    await audit.append(conn, chain, verb, now, by or CLOCK, case.id, body or {})
    after = await cases.load(conn, case.id)
    assert after is not None
    await deadlines.refresh(ctx, conn, after)
    return after


async def _number(ctx: Context, conn: AsyncConnection, case: Case) -> None:
    organisation = await organisations.get(conn, case.organisation)
    today = ctx.clock().astimezone(organisation.zone).date()
    n = await numbers.take(conn, organisation.id, today.year, series(case.kind, case.regime))
    number = written(organisation, case.kind, case.regime, today.year, n)
    await cases.set_fields(conn, case.id, number=number, accepted_on=today)
    await search.refresh(conn, case.id)


async def advance(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, begins: Mapping[CaseStatus, CaseStatus]
) -> None:
    """Let a meeting move its case on, where it stands at one of the keys; else leave it."""
    case = await cases.load(conn, case_id, lock=True)
    if case is not None and case.status in begins:
        await change(ctx, conn, case, begins[case.status], None)
