"""A case with its key, its deadlines and two people who can be told apart."""

from __future__ import annotations

from server.domain.case import Case, CaseStatus, DisputeType, HandlerRole, Source
from server.domain.ids import UserId
from server.domain.organisation import Organisation
from server.domain.party import Details
from server.domain.statement import Statement
from server.services import opening, statuses
from server.services.context import Context
from server.services.opening import NewCase, NewParty
from server.store import cases

ALICE = NewParty("Alice", "A", details=Details(phone="13800000001", address="一号院"))
BOB = NewParty("Bob", "B", details=Details(phone="13800000002"))


async def matter(
    ctx: Context,
    where: Organisation,
    handler: UserId | None,
    *,
    parties: tuple[NewParty, ...] = (ALICE, BOB),
    source: Source = Source.VISIT,
    accepted: bool = True,
    title: str = "漏水",
) -> Case:
    """Accepted, and given to the handler if there is one."""
    new = NewCase(
        organisation=where,
        dispute_type=DisputeType.NEIGHBOURS,
        title=title,
        parties=parties,
        source=source,
        by=handler,
        statement=Statement("屋顶漏水", "修好"),
    )
    await opening.prepare(ctx, new)
    async with ctx.store.write() as conn:
        case = await opening.insert(ctx, conn, new)
        if accepted:
            case = await statuses.change(ctx, conn, case, CaseStatus.ACCEPTED, handler)
        if handler:
            role = HandlerRole.MEDIATOR
            await cases.add_handler(conn, case.id, handler, role, ctx.clock())
        if handler and accepted:
            case = await statuses.change(ctx, conn, case, CaseStatus.ASSIGNED, handler)
    return await fresh(ctx, case)


async def fresh(ctx: Context, case: Case) -> Case:
    async with ctx.store.read() as conn:
        found = await cases.load(conn, case.id)
    assert found is not None
    return found
