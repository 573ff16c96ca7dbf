"""Matters that have come in, and what is done with them: by the services, as people do it."""

from __future__ import annotations

from collections.abc import Sequence

from server.domain.case import Case, CaseKind, DisputeType, HandlerRole, Source
from server.domain.ids import CaseId, OfferId, UserId
from server.domain.organisation import Organisation
from server.domain.user import User
from server.security.ids import new_id
from server.services import deciding, handling, offers, opening
from server.services.context import Context
from server.services.opening import NewCase, NewParty
from server.store import cases, notices

PARTIES = (NewParty("周丽华", "A"), NewParty("孙国强", "B"))


async def applied(
    ctx: Context,
    where: Organisation,
    parties: Sequence[NewParty] = PARTIES,
    kind: CaseKind = CaseKind.MEDIATION,
    source: Source = Source.VISIT,
) -> CaseId:
    new = NewCase(
        organisation=where,
        dispute_type=DisputeType.NEIGHBOURS,
        title="楼上漏水",
        parties=parties,
        source=source,
        by=None,
        kind=kind,
    )
    await opening.prepare(ctx, new)
    async with ctx.store.write() as conn:
        return (await opening.insert(ctx, conn, new)).id


async def accepted(
    ctx: Context, clerk: User, where: Organisation, parties: Sequence[NewParty] = PARTIES
) -> CaseId:
    case = await applied(ctx, where, parties)
    await deciding.accept(ctx, clerk, case, new_id())
    return case


async def assigned(
    ctx: Context,
    clerk: User,
    where: Organisation,
    mediator: UserId,
    parties: Sequence[NewParty] = PARTIES,
) -> CaseId:
    case = await accepted(ctx, clerk, where, parties)
    await give(ctx, clerk, case, mediator)
    return case


async def give(
    ctx: Context,
    clerk: User,
    case: CaseId,
    taker: UserId,
    role: HandlerRole = HandlerRole.MEDIATOR,
    why: str = "",
) -> None:
    await handling.assign(ctx, clerk, case, taker, role, new_id(), agreed=True, why=why)


async def load(ctx: Context, case: CaseId) -> Case:
    async with ctx.store.read() as conn:
        found = await cases.load(conn, case)
    assert found is not None
    return found


async def offered(
    ctx: Context,
    clerk: User,
    case: CaseId,
    who: User,
    role: HandlerRole = HandlerRole.MEDIATOR,
    why: str = "",
) -> OfferId:
    return await offers.offer(ctx, clerk, case, who.id, role, new_id(), why=why)


async def roles_in(ctx: Context, case: CaseId) -> dict[UserId, HandlerRole]:
    async with ctx.store.read() as conn:
        return dict(await cases.handlers(conn, case))


async def notices_of(ctx: Context, case: CaseId) -> list[str]:
    async with ctx.store.read() as conn:
        return sorted(n.template for n in await notices.of_case(conn, case))
