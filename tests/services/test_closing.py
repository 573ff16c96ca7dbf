from __future__ import annotations

from datetime import date

import pytest

from server.domain.case import CaseStatus, Outcome
from server.domain.closing import Remedy
from server.domain.deadlines import DeadlineKind
from server.domain.ids import CaseId, DeviceId
from server.domain.notice import NoticeName
from server.domain.result import Result, ResultKind
from server.domain.session import Session
from server.domain.user import User
from server.security.ids import new_id, new_secret_id
from server.services import closing, statuses
from server.services.context import Context
from server.services.live import Origin, carry_out
from server.store import cases, notices, tables
from tests.services.conftest import Clock, Staff
from tests.services.matters import fresh, matter
from tests.services.refusing import refused
from tests.store.world import World


async def close(
    ctx: Context, user: User, case: CaseId, outcome: Outcome, told: tuple[str, ...] = ()
) -> None:
    await closing.close(ctx, user, case, outcome, "谈成了", told, new_id())


async def counters(ctx: Context) -> list[object]:
    """How far the numbers of cases have come."""
    async with ctx.store.read() as conn:
        return list(await conn.execute(tables.number_counter.select()))


async def test_closed_only_its_confirmation_is_due_and_the_parties_know(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    await close(ctx, staff.wang, case.id, Outcome.AGREED)
    after = await fresh(ctx, case)
    assert (after.status, after.outcome) == (CaseStatus.CLOSED, Outcome.AGREED)
    assert (after.closed_on, after.due_on) == (date(2026, 11, 23), date(2026, 12, 23))
    assert after.due_kind == DeadlineKind.CONFIRM
    assert statuses.why(ctx, after) == "谈成了"
    async with ctx.store.read() as conn:
        told = [x.to_id for x in await notices.of_case(conn, case.id)]
    assert sorted(told) == sorted(party.id for party in case.parties)
    with refused("status_changed"):
        await close(ctx, staff.wang, case.id, Outcome.AGREED)


async def test_without_an_agreement_the_parties_hear_what_else_is_open(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    with refused("remedies_missing"):
        await close(ctx, staff.wang, case.id, Outcome.TOO_FAR_APART, (Remedy.COURT,))
    await close(ctx, staff.wang, case.id, Outcome.TOO_FAR_APART, tuple(Remedy))
    assert (await fresh(ctx, case)).outcome is Outcome.TOO_FAR_APART


async def test_a_meeting_still_to_come_is_held_or_cancelled_first(
    ctx: Context, world: World, staff: Staff
) -> None:
    with refused("meeting_planned"):
        await close(ctx, staff.wang, world.case.id, Outcome.AGREED)
    assert (await fresh(ctx, world.case)).status is CaseStatus.ASSIGNED


async def test_opened_again_its_limit_begins_anew(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    with refused("not_closed"):
        await closing.reopen(ctx, staff.wang, case.id, "又漏了", new_id())
    await close(ctx, staff.wang, case.id, Outcome.AGREED)
    clock.forward(days=7)
    with refused("why_missing"):
        await closing.reopen(ctx, staff.wang, case.id, " ", new_id())
    await closing.reopen(ctx, staff.wang, case.id, "又漏了", new_id())
    after = await fresh(ctx, case)
    assert (after.status, after.outcome, after.closed_on) == (CaseStatus.MEDIATING, None, None)
    assert (after.due_kind, after.due_on) == ("conclude", date(2026, 12, 30))
    assert after.number == case.number
    async with ctx.store.read() as conn:
        told = {x.template for x in await notices.of_case(conn, case.id)}
    assert NoticeName.CASE_REOPENED in told


async def test_without_a_mediator_it_waits_for_one_again_with_its_number(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await matter(ctx, world.station, None)
    await close(ctx, staff.clerk, case.id, Outcome.SETTLED_THEMSELVES, tuple(Remedy))
    before, counted = await fresh(ctx, case), await counters(ctx)
    clock.forward(days=7)
    await closing.reopen(ctx, staff.clerk, case.id, "又漏了", new_id())
    after = await fresh(ctx, case)
    assert after.status is CaseStatus.ACCEPTED
    assert after.number
    assert (after.number, after.accepted_on) == (before.number, before.accepted_on)
    assert await counters(ctx) == counted


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (ResultKind.AGREED, CaseStatus.SIGNING),
        (ResultKind.PARTLY_AGREED, CaseStatus.MEDIATING),
        (ResultKind.NOT_AGREED, CaseStatus.MEDIATING),
    ],
)
async def test_what_was_agreed_in_a_meeting_is_to_be_signed(
    ctx: Context, world: World, clock: Clock, kind: ResultKind, status: CaseStatus
) -> None:
    def begin(session: Session, now: object) -> None:
        session.connect(world.host, DeviceId(new_secret_id()), clock())
        session.connect(world.alice, DeviceId(new_secret_id()), clock())

    await carry_out(ctx, world.session.id, begin)
    result = Result(kind, "谈完了")
    await carry_out(
        ctx, world.session.id, lambda s, now: s.end(world.host, result, now), Origin(world.host)
    )
    assert (await fresh(ctx, world.case)).status is status


async def test_only_who_works_on_the_case_ends_it(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    users = ((staff.supervisor, "not_allowed"), (staff.li, "not_found"))
    for user, code in users:
        with refused(code):
            await close(ctx, user, case.id, Outcome.AGREED)
    await close(ctx, staff.clerk, case.id, Outcome.AGREED)
    for user, code in users:
        with refused(code):
            await closing.reopen(ctx, user, case.id, "x", new_id())
    async with ctx.store.read() as conn:
        found = await cases.load(conn, case.id)
    assert found is not None
    assert len(found.history) == 4
