from __future__ import annotations

from datetime import date

from sqlalchemy import select

from server.domain.case import Case, CaseStatus, Outcome
from server.domain.extension import How
from server.domain.ids import ExtensionId
from server.domain.link import Goes
from server.domain.notice import NoticeName
from server.security.ids import new_id
from server.services import closing, extensions, joining, parties
from server.services.context import Context
from server.services.parties import Typed
from server.store import notices, tables
from tests.services.conftest import Clock, Staff
from tests.services.matters import fresh, matter
from tests.services.refusing import refused
from tests.store.world import World

UNTIL = date(2027, 1, 29)


async def ask(ctx: Context, staff: Staff, case: Case, until: date = UNTIL) -> ExtensionId:
    return await extensions.ask(ctx, staff.wang, case.id, until, "等鉴定结果", new_id())


async def answer(
    ctx: Context, staff: Staff, case: Case, asked: ExtensionId, side: str, yes: bool
) -> bool | None:
    return await extensions.answer(ctx, staff.wang, case.id, asked, side, yes, How.PHONE)


async def test_with_every_sides_consent_the_limit_moves(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    asked = await ask(ctx, staff, case)
    assert await answer(ctx, staff, case, asked, "A", yes=True) is None
    assert (await fresh(ctx, case)).due_on == date(2026, 12, 23)
    assert await answer(ctx, staff, case, asked, "B", yes=True)
    assert (await fresh(ctx, case)).due_on == UNTIL
    with refused("extension_decided"):
        await answer(ctx, staff, case, asked, "B", yes=False)
    async with ctx.store.read() as conn:
        (line,) = await extensions.of_case(ctx, conn, await fresh(ctx, case))
        told = {x.template for x in await notices.of_case(conn, case.id)}
        (kept,) = await conn.scalars(select(tables.extension.c.why))
    assert (line.extension.why, line.waiting, line.extension.granted) == ("等鉴定结果", (), True)
    assert line.extension.answers["A"].by == staff.wang.id
    assert {NoticeName.EXTENSION_ASKED, NoticeName.EXTENSION_DECIDED} <= told
    assert "鉴定" not in kept


async def test_one_refusal_keeps_the_limit(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    asked = await ask(ctx, staff, case)
    with refused("extension_open"):
        await ask(ctx, staff, case)
    assert await answer(ctx, staff, case, asked, "B", yes=False) is False
    assert (await fresh(ctx, case)).due_on == date(2026, 12, 23)
    assert await ask(ctx, staff, case) != asked


async def test_who_is_no_party_any_more_is_not_waited_for(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Bob leaves, or goes over to the side that consents: all who are there have consented."""
    for goes_over in (False, True):
        case = await matter(ctx, world.station, staff.wang.id)
        asked = await ask(ctx, staff, case)
        await answer(ctx, staff, case, asked, "A", yes=True)
        bob = next(p.id for p in case.parties if p.side == "B")
        if goes_over:
            async with ctx.store.read() as conn:
                *_, line = await parties.one(ctx, conn, staff.wang, case.id, bob)
            typed = Typed("Bob", {}, side="A")
            await parties.change(ctx, staff.wang, case.id, bob, typed, line.stamp)
        else:
            await parties.leave(ctx, staff.wang, case.id, bob, "认错了人")
        assert (await fresh(ctx, case)).due_on == UNTIL


async def test_split_off_a_side_is_not_waited_for(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    await answer(ctx, staff, case, await ask(ctx, staff, case), "A", yes=True)
    goes = {p.id: Goes.MOVES for p in case.parties if p.side == "B"}
    await joining.split(ctx, staff.wang, case.id, "围栏", goes, "是另一件事", new_id())
    assert (await fresh(ctx, case)).due_on == UNTIL


async def test_what_was_asked_can_be_taken_back(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    asked = await ask(ctx, staff, case)
    with refused("not_found"):
        await extensions.take_back(ctx, staff.li, case.id, asked)
    await extensions.take_back(ctx, staff.wang, case.id, asked)
    with refused("extension_decided"):
        await answer(ctx, staff, case, asked, "A", yes=True)
    with refused("extension_decided"):
        await extensions.take_back(ctx, staff.wang, case.id, asked)
    async with ctx.store.read() as conn:
        (line,) = await extensions.of_case(ctx, conn, await fresh(ctx, case))
    assert (line.waiting, line.extension.taken_back) == ((), True)
    await ask(ctx, staff, case)


async def test_the_date_is_later_and_not_out_of_sight(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    with refused("extension_too_early"):
        await ask(ctx, staff, case, date(2026, 12, 23))
    with refused("extension_too_far"):
        await ask(ctx, staff, case, date(2028, 1, 1))
    with refused("side_unknown"):
        await answer(ctx, staff, case, await ask(ctx, staff, case), "C", yes=True)


async def test_what_was_asked_before_the_end_does_not_stand_in_the_way_after(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    asked = await ask(ctx, staff, case)
    why = ("未达成", ("court", "arbitration", "administrative"), new_id())
    await closing.close(ctx, staff.wang, case.id, Outcome.UNWILLING, *why)
    with refused("extension_decided"):
        await answer(ctx, staff, case, asked, "A", yes=True)
    with refused("nothing_to_extend"):
        await ask(ctx, staff, case)
    clock.forward(days=1)
    await closing.reopen(ctx, staff.wang, case.id, "又漏了", new_id())
    assert (await fresh(ctx, case)).status is CaseStatus.MEDIATING
    assert await ask(ctx, staff, case) != asked


async def test_only_who_works_on_the_case_asks(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    asked = await ask(ctx, staff, case)
    for user, code in ((staff.supervisor, "not_allowed"), (staff.li, "not_found")):
        with refused(code):
            await extensions.ask(ctx, user, case.id, UNTIL, "x", new_id())
        with refused(code):
            await extensions.answer(ctx, user, case.id, asked, "A", True, How.PAPER)
