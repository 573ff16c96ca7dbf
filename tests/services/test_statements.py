from __future__ import annotations

from dataclasses import replace

from server.domain.case import Case, Difficulty, DisputeType, Regime
from server.domain.statement import Statement
from server.security.ids import new_id
from server.services import audit, cases, intake, statements
from server.services.context import Context
from server.services.intake import Intake
from server.services.opening import NewParty
from server.services.statements import About
from server.store import cases as stored
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.services.test_sealed import everything

TOLD = Statement("楼上水管爆裂", "赔偿三千元", "西街")


async def opened(ctx: Context, staff: Staff, *, accept: bool = True) -> Case:
    people = [NewParty("Anna", "A")]
    new = Intake("Wall", DisputeType.NEIGHBOURS, people, statement=TOLD, accept=accept)
    case_id = await intake.create(ctx, staff.clerk, new, new_id())
    return (await cases.page(ctx, staff.clerk, case_id)).case


async def now(ctx: Context, case: Case) -> tuple[About, str]:
    async with ctx.store.read() as conn:
        loaded = await stored.load(conn, case.id)
        assert loaded is not None
        return await statements.of_case(ctx, conn, loaded)


async def test_it_is_changed_and_stays_sealed(ctx: Context, staff: Staff) -> None:
    case = await opened(ctx, staff)
    about, seen = await now(ctx, case)
    assert about.statement == TOLD
    new = replace(
        about,
        title="Pipe",
        dispute_type=DisputeType.PROPERTY,
        difficulty=Difficulty.COMPLEX,
        statement=replace(TOLD, request="修好水管"),
    )
    await statements.change(ctx, staff.clerk, case.id, new, seen)
    assert (await now(ctx, case))[0] == new
    text = await everything(ctx)
    assert not any(secret in text for secret in ("爆裂", "三千", "修好"))
    assert await audit.verify(ctx) == []


async def test_nobody_overwrites_what_they_have_not_seen(ctx: Context, staff: Staff) -> None:
    case = await opened(ctx, staff)
    about, seen = await now(ctx, case)
    await statements.change(ctx, staff.clerk, case.id, replace(about, title="First"), seen)
    with refused("edited_meanwhile"):
        await statements.change(ctx, staff.clerk, case.id, replace(about, title="Second"), seen)
    _, newer = await now(ctx, case)
    await statements.change(ctx, staff.clerk, case.id, replace(about, title="Second"), newer)
    assert (await now(ctx, case))[0].title == "Second"


async def test_the_number_says_which_regime(ctx: Context, staff: Staff) -> None:
    for accept in (True, False):
        case = await opened(ctx, staff, accept=accept)
        about, seen = await now(ctx, case)
        new = replace(about, regime=Regime.COMMERCIAL)
        if accept:
            with refused("regime_numbered"):
                await statements.change(ctx, staff.clerk, case.id, new, seen)
        else:
            await statements.change(ctx, staff.clerk, case.id, new, seen)


async def test_those_without_access_change_nothing(ctx: Context, staff: Staff) -> None:
    case = await opened(ctx, staff)
    about, seen = await now(ctx, case)
    for user, code in (
        (staff.far_clerk, "not_found"),
        (staff.zhao, "not_found"),
        (staff.administrator, "not_found"),
        (staff.supervisor, "not_allowed"),
    ):
        with refused(code):
            await statements.change(ctx, user, case.id, replace(about, title="Mine"), seen)
