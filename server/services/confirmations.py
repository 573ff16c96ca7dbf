"""That judicial confirmation was applied for: written down, taken back, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.confirmation import (
    Confirmation,
    checked_applied_on,
    checked_court,
    may_apply,
    of_now,
)
from server.domain.errors import Refused
from server.domain.ids import CaseId, ConfirmationId
from server.domain.rights import Verb
from server.domain.user import User
from server.security.ids import new_id
from server.services import deadlines, forms, sealed
from server.services.cases import require
from server.services.closing import locked
from server.services.context import Context
from server.store import audit, confirmations, organisations, users


@dataclass(frozen=True, slots=True)
class ConfirmationLine:
    """`confirmation.court` is readable; empty where its key was destroyed."""

    confirmation: Confirmation
    by_name: str


async def apply(
    ctx: Context, user: User, case_id: CaseId, applied_on: date, court: str, key: str
) -> ConfirmationId:
    """What is due about it is done. Raises Refused: not_agreed, confirmation_known, …"""
    court = checked_court(court)

    async def make(conn: AsyncConnection) -> str:
        await require(conn, user, Verb.WORK, case_id)
        case = await locked(conn, case_id)
        if not may_apply(case):
            raise Refused("not_agreed")
        if await _now(conn, case):
            raise Refused("confirmation_known")
        now, where = ctx.clock(), await organisations.get(conn, case.organisation)
        checked_applied_on(applied_on, case, now.astimezone(where.zone).date())
        new = ConfirmationId(new_id())
        hidden = sealed.seal(ctx, case_id, _field(new), court)
        made = Confirmation(new, applied_on, hidden, user.id, now)
        await confirmations.insert(conn, case_id, made)
        body = {"on": applied_on.isoformat()}
        chain, verb = f"case:{case_id}", "case.confirmation_applied"
        await audit.append(conn, chain, verb, now, user.id, new, body)
        await deadlines.refresh(ctx, conn, case)
        return new

    return ConfirmationId(await forms.once(ctx, user.id, key, make))


async def take_back(
    ctx: Context, user: User, case_id: CaseId, confirmation_id: ConfirmationId
) -> None:
    """It was not so: what was due is due again. Twice is once. Raises Refused: not_found."""
    async with ctx.store.write() as conn:
        await require(conn, user, Verb.WORK, case_id)
        case = await locked(conn, case_id)
        found = {one.id: one for one in await confirmations.of_case(conn, case_id)}
        if confirmation_id not in found:
            raise Refused("not_found")
        if found[confirmation_id].taken_back_at:
            return
        now, chain = ctx.clock(), f"case:{case_id}"
        await confirmations.take_back(conn, confirmation_id, now)
        verb = "case.confirmation_taken_back"
        await audit.append(conn, chain, verb, now, user.id, confirmation_id, {})
        await deadlines.refresh(ctx, conn, case)


async def current(ctx: Context, case: Case) -> ConfirmationLine | None:
    """The one that holds."""
    async with ctx.store.read() as conn:
        found = await _now(conn, case)
        names = await users.names(conn, {found.by} if found else ())
    return _line(ctx, case, found, names[found.by]) if found else None


async def of_case(ctx: Context, conn: AsyncConnection, case: Case) -> Sequence[ConfirmationLine]:
    """All that were ever written down, the newest first."""
    found = await confirmations.of_case(conn, case.id)
    names = await users.names(conn, {one.by for one in found})
    return [_line(ctx, case, one, names[one.by]) for one in found]


async def _now(conn: AsyncConnection, case: Case) -> Confirmation | None:
    if not may_apply(case):
        return None
    return of_now(await confirmations.of_case(conn, case.id), case.history[-1].at)


def _line(ctx: Context, case: Case, one: Confirmation, by: str) -> ConfirmationLine:
    court = sealed.unseal(ctx, case.id, _field(one.id), one.court) or ""
    return ConfirmationLine(replace(one, court=court), by)


def _field(confirmation: ConfirmationId) -> str:
    return f"confirmation:{confirmation}"
