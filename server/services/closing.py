"""Closing a case, and opening it again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, CaseStatus, Outcome
from server.domain.closing import CLOSABLE, checked_told, checked_why, reopens_as
from server.domain.errors import Refused
from server.domain.ids import CaseId, UserId
from server.domain.notice import NoticeName
from server.domain.rights import Verb
from server.domain.user import User
from server.services import forms, notices, statuses
from server.services.cases import require
from server.services.context import Context
from server.store import cases, organisations, sessions


async def close(
    ctx: Context,
    user: User,
    case_id: CaseId,
    outcome: Outcome,
    why: str,
    told: Collection[str],
    key: str,
) -> None:
    """Raises Refused: meeting_planned while one is still to come or going on."""
    why, remedies = checked_why(why), checked_told(outcome, told)

    async def make(conn: AsyncConnection) -> str:
        await require(conn, user, Verb.WORK, case_id)
        case = await locked(conn, case_id)
        if case.status not in CLOSABLE:
            raise Refused("status_changed")
        body = {"outcome": outcome, "told": list(remedies)}
        await end(ctx, conn, case, outcome, user.id, why, body)
        await _tell(ctx, conn, case, NoticeName.CASE_CLOSED, key)
        return case_id

    await forms.once(ctx, user.id, key, make)


async def end(
    ctx: Context,
    conn: AsyncConnection,
    case: Case,
    outcome: Outcome,
    by: UserId,
    why: str,
    body: Mapping[str, object],
) -> Case:
    """Within a writing transaction, of a case loaded in it with `lock=True`. Raises Refused."""
    if await sessions.next_of(conn, [case.id]):
        raise Refused("meeting_planned")
    organisation = await organisations.get(conn, case.organisation)
    today = ctx.clock().astimezone(organisation.zone).date()
    await cases.set_fields(conn, case.id, outcome=outcome, closed_on=today)
    return await statuses.change(ctx, conn, case, CaseStatus.CLOSED, by, why, body)


async def reopen(ctx: Context, user: User, case_id: CaseId, why: str, key: str) -> None:
    """Deadlines begin anew. Raises Refused."""
    why = checked_why(why)

    async def make(conn: AsyncConnection) -> str:
        await require(conn, user, Verb.WORK, case_id)
        case = await locked(conn, case_id)
        status = reopens_as(case)
        await cases.set_fields(conn, case_id, outcome=None, closed_on=None)
        await statuses.change(ctx, conn, case, status, user.id, why, {"reopened": True})
        await _tell(ctx, conn, case, NoticeName.CASE_REOPENED, key)
        return case_id

    await forms.once(ctx, user.id, key, make)


async def locked(conn: AsyncConnection, case_id: CaseId) -> Case:
    """One that exists, held until the transaction ends."""
    case = await cases.load(conn, case_id, lock=True)
    if case is None:
        raise Refused("not_found")
    return case


async def _tell(
    ctx: Context, conn: AsyncConnection, case: Case, name: NoticeName, key: str
) -> None:
    """That it ended, not how: that is for the mediator to say."""
    for party in case.present_parties:
        await notices.to_party(ctx, conn, case, party.id, name, {}, key)
