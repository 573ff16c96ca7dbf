"""The one way in which a case's status changes: history, number, audit and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import refusal
from server.domain.assignment import Answer
from server.domain.case import OVER, Case, CaseStatus, changed
from server.domain.ids import CaseId, UserId
from server.domain.number import series, written
from server.domain.refusal import Refusal
from server.services import deadlines, refusing, sealed
from server.services.context import Context
from server.store import audit, cases, numbers, offers, organisations, search

CLOCK = "clock"
"""The actor in the audit when nobody did it."""


async def change(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    status: CaseStatus,
    by: UserId | None,
    why: str | Refusal = "",
    body: Mapping[str, Any] | None = None,
) -> Case:
    """Within a writing transaction, of a case loaded in it with `lock=True`.

    Accepting gives the number; when it is over, what is still offered is taken back. `why` is
    kept sealed. Returns the case as it is now. Raises
    Refused("status_changed") when somebody else was quicker and this step is not possible any more.
    """
    now, n = ctx.clock(), len(case.history) + 1
    said = refusal.as_kept(why) if isinstance(why, Refusal) else why
    hidden = sealed.seal(ctx, case.id, _field(case.id, n), said) if said else ""
    step = changed(case.status, status, now, by, hidden)
    await cases.add_status(conn, case.id, n, step)
    if status is CaseStatus.ACCEPTED and not case.number:
        await _number(ctx, conn, case)
    verb, chain = f"case.{status}", f"case:{case.id}"
    await audit.append(conn, chain, verb, now, by or CLOCK, case.id, body or {})
    if status in OVER:
        await _offers_over(ctx, conn, case.id, by)
    after = await cases.load(conn, case.id)
    assert after is not None
    await deadlines.refresh(ctx, conn, after)
    return after


async def _offers_over(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, by: UserId | None
) -> None:
    """Nobody is asked to take on what is over."""
    now, verb = ctx.clock(), "case.offer_taken_back"
    for offer in await offers.of_case(conn, case_id):
        if offer.answer is None:
            await offers.answer(conn, offer.id, Answer.TAKEN_BACK, now)
            body = {"user": offer.user, "role": offer.role}
            await audit.append(conn, f"case:{case_id}", verb, now, by or CLOCK, offer.id, body)


def why(ctx: Context, case: Case, n: int | None = None) -> str:
    """What was said with the `n`th change of its history, counted from 1, or with the last; a
    refusal in the language being spoken.
    """
    n = n or len(case.history)
    said = sealed.unseal(ctx, case.id, _field(case.id, n), case.history[n - 1].why)
    return refusing.told(refusal.from_kept(said)) if said else ""


def _field(case_id: CaseId, n: int) -> str:
    return f"status:{case_id}:{n}"


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
