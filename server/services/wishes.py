"""Whom each side wishes for: said in the application, or to staff."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import BOOKABLE, OVER
from server.domain.errors import Refused
from server.domain.ids import CaseId, UserId
from server.domain.party import checked_side
from server.domain.rights import Verb
from server.domain.user import User
from server.services import cases as case_pages
from server.services import deadlines, forms
from server.services.context import Context
from server.services.opening import APPLICANT
from server.store import audit, cases, profiles, wishes


async def wish(
    ctx: Context,
    conn: AsyncConnection,
    case_id: CaseId,
    side: str,
    user_id: UserId | None,
    by: UserId | None = None,
) -> None:
    """Within a writing transaction, in place of what this side wished for before; None: nobody.

    Whether they can be given it is looked at when it is given. `by`: None for the applicant.
    Raises Refused: side_unknown, mediator_unknown.
    """
    side = checked_side(side)
    if user_id is not None and await profiles.get(conn, user_id) is None:
        raise Refused("mediator_unknown")
    now, actor = ctx.clock(), by or APPLICANT
    await wishes.put(conn, case_id, side, user_id, now)
    body = {"side": side, "user": user_id}
    await audit.append(conn, f"case:{case_id}", "case.wished", now, actor, case_id, body)
    await deadlines.refresh_of(ctx, conn, case_id)


async def record(
    ctx: Context, user: User, case_id: CaseId, side: str, user_id: UserId | None, key: str
) -> None:
    """What a side has told staff, while the case has no mediator yet. Raises Refused."""

    async def make(conn: AsyncConnection) -> str:
        await case_pages.require(conn, user, Verb.DECIDE, case_id)
        case = await cases.load(conn, case_id, lock=True)
        assert case is not None
        if case.status in OVER or case.status in BOOKABLE:
            raise Refused("status_changed")
        await wish(ctx, conn, case_id, side, user_id, user.id)
        return case_id

    await forms.once(ctx, user.id, key, make)
