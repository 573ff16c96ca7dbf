"""Judicial confirmation: once it is applied for nobody is reminded, unless that was not so."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from server.domain.case import Case, Outcome
from server.domain.confirmation import checked_court
from server.domain.errors import Refused
from server.domain.ids import ConfirmationId
from server.domain.notice import NoticeName
from server.security.ids import new_id
from server.services import closing, confirmations, later, time_line
from server.services.context import Context
from server.services.jobs import JOBS
from server.services.time_line import TimeKind
from server.store import notices, tables
from tests.services.conftest import Clock, Staff
from tests.services.matters import fresh, matter
from tests.services.refusing import refused
from tests.store.world import World

TODAY, COURT = date(2026, 11, 23), "柳河区人民法院"


async def agreed(
    ctx: Context, world: World, staff: Staff, outcome: Outcome = Outcome.AGREED
) -> Case:
    case = await matter(ctx, world.station, staff.wang.id)
    told = ("court", "arbitration", "administrative")
    await closing.close(ctx, staff.wang, case.id, outcome, "说开了", told, new_id())
    return await fresh(ctx, case)


async def apply(ctx: Context, staff: Staff, case: Case, on: date = TODAY) -> ConfirmationId:
    return await confirmations.apply(ctx, staff.wang, case.id, on, COURT, new_id())


async def reminded(ctx: Context, case: Case) -> int:
    async with ctx.store.read() as conn:
        found = await notices.of_case(conn, case.id)
    about = (NoticeName.CONFIRM_AGREEMENT, NoticeName.DEADLINE_NEAR)
    return sum(notice.template in about for notice in found)


async def test_applied_for_nothing_is_due_and_nobody_reminded(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await agreed(ctx, world, staff)
    assert case.due_on == date(2026, 12, 23)
    key = new_id()
    for _ in range(2):
        await confirmations.apply(ctx, staff.wang, case.id, TODAY, COURT, key)
    assert (await fresh(ctx, case)).due_on is None
    for day in (18, 23, 24):
        clock.now = datetime(2026, 12, day, 4, tzinfo=UTC)
        await later.do_all(ctx, JOBS)
    assert await reminded(ctx, case) == 0
    line = await confirmations.current(ctx, await fresh(ctx, case))
    assert line is not None
    assert (line.confirmation.applied_on, line.confirmation.court) == (TODAY, COURT)
    told = await time_line.of_case(ctx, staff.wang, await fresh(ctx, case), TimeKind.DEADLINES)
    assert [(x.verb, x.on, x.text, x.struck) for x in told] == [
        ("case.confirmation_applied", TODAY, COURT, False)
    ]
    async with ctx.store.read() as conn:
        kept = list(await conn.scalars(select(tables.confirmation.c.court)))
    assert not any("法院" in court for court in kept)


async def test_it_was_not_so_and_is_due_again(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await agreed(ctx, world, staff)
    made = await apply(ctx, staff, case)
    with refused("confirmation_known"):
        await apply(ctx, staff, case)
    for _ in range(2):
        await confirmations.take_back(ctx, staff.wang, case.id, made)
    assert (await fresh(ctx, case)).due_on == date(2026, 12, 23)
    clock.now = datetime(2026, 12, 18, 4, tzinfo=UTC)
    await later.do_all(ctx, JOBS)
    assert await reminded(ctx, case) == 1 + len(case.parties)
    told = await time_line.of_case(ctx, staff.wang, await fresh(ctx, case), TimeKind.DEADLINES)
    assert sorted((x.verb, x.struck) for x in told) == [
        ("case.confirmation_applied", True),
        ("case.confirmation_taken_back", False),
    ]
    assert await apply(ctx, staff, case, date(2026, 12, 1)) != made


async def test_opened_and_closed_again_it_is_another_agreement(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await agreed(ctx, world, staff)
    await apply(ctx, staff, case)
    clock.forward(days=7)
    await closing.reopen(ctx, staff.wang, case.id, "又漏了", new_id())
    clock.forward(days=1)
    await closing.close(ctx, staff.wang, case.id, Outcome.AGREED, "又谈成", (), new_id())
    after = await fresh(ctx, case)
    assert await confirmations.current(ctx, after) is None
    assert after.due_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 11, 24), "confirmation_in_future"),
        (date(2026, 11, 22), "confirmation_too_early"),
    ],
)
async def test_on_a_day_on_which_it_can_have_been(
    ctx: Context, world: World, staff: Staff, on: date, code: str
) -> None:
    case = await agreed(ctx, world, staff)
    with refused(code):
        await apply(ctx, staff, case, on)
    assert (await fresh(ctx, case)).due_on == date(2026, 12, 23)


async def test_what_was_not_agreed_is_not_confirmed(
    ctx: Context, world: World, staff: Staff
) -> None:
    with refused("not_agreed"):
        await apply(ctx, staff, await agreed(ctx, world, staff, Outcome.TOO_FAR_APART))
    with refused("not_agreed"):
        await apply(ctx, staff, await matter(ctx, world.station, staff.wang.id))


async def test_by_those_who_work_on_it(ctx: Context, world: World, staff: Staff) -> None:
    case, other = await agreed(ctx, world, staff), await agreed(ctx, world, staff)
    for user, code in ((staff.supervisor, "not_allowed"), (staff.zhao, "not_found")):
        with refused(code):
            await confirmations.apply(ctx, user, case.id, TODAY, COURT, new_id())
    made = await confirmations.apply(ctx, staff.clerk, other.id, TODAY, COURT, new_id())
    with refused("not_found"):
        await confirmations.take_back(ctx, staff.wang, case.id, made)


@pytest.mark.parametrize("typed", ["", "  ", "法" * 101, "法\0院"])
def test_a_court_has_a_name(typed: str) -> None:
    with pytest.raises(Refused):
        checked_court(typed)
