"""One change to many cases: each by one's own rights; *Undo* puts back what nobody has touched."""

from __future__ import annotations

import pytest

from server.domain.bulk import MOST, Bulk
from server.domain.case import Case, Difficulty, DisputeType, HandlerRole
from server.domain.ids import CaseId, UserId
from server.domain.user import StaffRole, User
from server.security.ids import new_id
from server.services import bulk, deciding, offers, sealed
from server.services.context import Context
from server.store import audit, cases
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store.world import World, matter, member, rename


@pytest.fixture
async def own(ctx: Context, world: World) -> list[CaseId]:
    """Two cases of Wang, one of her colleague, one of another station."""
    async with ctx.store.write() as conn:
        second = await matter(conn, world.station, world.wang)
        colleague = await matter(conn, world.station, world.li)
        elsewhere = await matter(conn, world.elsewhere, world.zhao)
    return [world.case.id, second.id, colleague.id, elsewhere.id]


async def loaded(ctx: Context, case_id: CaseId) -> Case:
    async with ctx.store.read() as conn:
        case = await cases.load(conn, case_id)
    assert case is not None
    return case


async def do(ctx: Context, user: User, change: str, chosen: list[CaseId]) -> Bulk:
    done = await bulk.do(ctx, user, change, chosen, new_id())
    told = await bulk.told(ctx, user, done)
    assert told is not None
    return told[0]


async def test_each_case_by_ones_own_rights(ctx: Context, staff: Staff, own: list[CaseId]) -> None:
    done = await do(ctx, staff.wang, "difficulty:major", [*own, CaseId("none")])
    assert {item.case for item in done.done} == set(own[:2])
    assert {item.refused for item in done.refused} == {"not_found"}
    found = [(await loaded(ctx, case)).difficulty for case in own]
    assert found == [Difficulty.MAJOR, Difficulty.MAJOR, Difficulty.SIMPLE, Difficulty.SIMPLE]
    clerk = await do(ctx, staff.clerk, "type:labour", own)
    assert {item.case for item in clerk.done} == set(own[:3])
    assert [(await loaded(ctx, case)).dispute_type for case in own].count(DisputeType.LABOUR) == 3


@pytest.mark.parametrize("name", ["zhao", "far_clerk", "lawyer", "supervisor", "administrator"])
@pytest.mark.parametrize("change", ["difficulty:major", "type:labour", "clerk:CLERK"])
async def test_nothing_happens_to_what_one_may_not_change(
    ctx: Context, staff: Staff, own: list[CaseId], name: str, change: str
) -> None:
    before = [await loaded(ctx, case) for case in own[:3]]
    user = getattr(staff, name)
    done = await do(ctx, user, change.replace("CLERK", staff.clerk.id), own[:3])
    assert done.done == ()
    assert [await loaded(ctx, case) for case in own[:3]] == before
    assert not await bulk.undo(ctx, user, done.id)


async def test_titles_are_told_of_readable_cases_only(
    ctx: Context, staff: Staff, own: list[CaseId]
) -> None:
    done = await bulk.do(ctx, staff.wang, "difficulty:major", own, new_id())
    told = await bulk.told(ctx, staff.wang, done)
    assert told is not None
    assert set(told[1]) == set(own[:2])
    assert await bulk.told(ctx, staff.clerk, done) is None


async def test_undo_puts_back_what_nobody_has_changed_since(
    ctx: Context, staff: Staff, own: list[CaseId]
) -> None:
    done = await do(ctx, staff.clerk, "type:labour", own[:3])
    await do(ctx, staff.wang, "difficulty:complex", [own[0]])
    assert await bulk.undo(ctx, staff.clerk, done.id)
    types = [(await loaded(ctx, case)).dispute_type for case in own[:3]]
    assert types == [DisputeType.LABOUR, DisputeType.NEIGHBOURS, DisputeType.NEIGHBOURS]
    told = await bulk.told(ctx, staff.clerk, done.id)
    assert told is not None
    assert {item.case for item in told[0].items if item.undone} == set(own[1:3])
    assert not await bulk.undo(ctx, staff.clerk, done.id)


async def test_undo_is_ones_own_and_for_ten_minutes(
    ctx: Context, staff: Staff, clock: Clock, own: list[CaseId]
) -> None:
    done = await do(ctx, staff.clerk, "difficulty:major", own[:1])
    assert not await bulk.undo(ctx, staff.wang, done.id)
    clock.forward(minutes=10)
    assert not await bulk.undo(ctx, staff.clerk, done.id)
    assert (await loaded(ctx, own[0])).difficulty is Difficulty.MAJOR


async def test_undo_asks_for_the_rights_of_now(
    ctx: Context, staff: Staff, own: list[CaseId]
) -> None:
    done = await do(ctx, staff.wang, "difficulty:major", own[:2])
    async with ctx.store.write() as conn:
        await cases.end_handler(conn, own[0], staff.wang.id, ctx.clock())
    assert await bulk.undo(ctx, staff.wang, done.id)
    found = [(await loaded(ctx, case)).difficulty for case in own[:2]]
    assert found == [Difficulty.MAJOR, Difficulty.SIMPLE]


async def test_cases_go_to_a_clerk_and_back(ctx: Context, staff: Staff, own: list[CaseId]) -> None:
    done = await do(ctx, staff.wang, f"clerk:{staff.clerk.id}", own[:2])
    assert len(done.done) == 2

    async def handlers(case: CaseId) -> list[tuple[UserId, HandlerRole]]:
        async with ctx.store.read() as conn:
            return await cases.handlers(conn, case)

    assert (staff.clerk.id, HandlerRole.CLERK) in await handlers(own[0])
    again = await do(ctx, staff.wang, f"clerk:{staff.clerk.id}", own[:1])
    assert [item.refused for item in again.refused] == ["already_so"]
    assert await bulk.undo(ctx, staff.wang, done.id)
    assert [user for user, _ in await handlers(own[0])] == [staff.wang.id]
    async with ctx.store.read() as conn:
        said = [(e.verb, e.thing) for e in await audit.of_chain(conn, f"case:{own[0]}")]
    clerk = staff.clerk.id
    assert said[-2:] == [("case.handler_added", clerk), ("case.handler_ended", clerk)]


async def test_no_case_goes_to_a_clerk_across_a_conflict(
    ctx: Context, staff: Staff, world: World, own: list[CaseId]
) -> None:
    async with ctx.store.write() as conn:
        await rename(conn, staff.clerk.id, f" {world.case.parties[0].name}")
    done = await do(ctx, staff.wang, f"clerk:{staff.clerk.id}", own[:1])
    assert [item.refused for item in done.items] == ["conflict_found"]
    assert staff.clerk.id not in (await loaded(ctx, own[0])).handlers


@pytest.mark.parametrize("who", ["far_clerk", "li", "none"])
async def test_only_a_clerk_of_the_place_is_given_a_case(
    ctx: Context, staff: Staff, own: list[CaseId], who: str
) -> None:
    taker = getattr(staff, who).id if who != "none" else "none"
    done = await do(ctx, staff.wang, f"clerk:{taker}", own[:1])
    assert [item.refused for item in done.items] == ["clerk_unknown"]


async def test_whom_one_may_hand_cases_to(ctx: Context, staff: Staff, world: World) -> None:
    async with ctx.store.write() as conn:
        second = await member(conn, world.station, StaffRole.CLERK, "second", "second")
    found = await bulk.takers(ctx, staff.clerk, (StaffRole.CLERK,))
    assert {user for user, _ in found} == {staff.clerk.id, second}
    assert await bulk.takers(ctx, staff.supervisor, (StaffRole.CLERK,)) == []


@pytest.mark.parametrize(
    ("change", "chosen", "code"),
    [
        ("difficulty:major", [], "nothing_ticked"),
        ("", ["a"], "change_missing"),
        ("difficulty:", ["a"], "change_missing"),
        ("status:closed", ["a"], "change_missing"),
        ("difficulty:major", [str(n) for n in range(MOST + 1)], "too_many_ticked"),
    ],
)
async def test_what_is_not_even_begun(
    ctx: Context, staff: Staff, change: str, chosen: list[str], code: str
) -> None:
    with refused(code):
        await bulk.do(ctx, staff.wang, change, chosen, new_id())


async def test_a_value_that_is_none_is_refused_for_each(
    ctx: Context, staff: Staff, own: list[CaseId]
) -> None:
    done = await do(ctx, staff.wang, "difficulty:easy", own[:2])
    assert [item.refused for item in done.items] == ["change_missing"] * 2


async def test_sent_twice_it_is_done_once_and_audited_once(
    ctx: Context, staff: Staff, own: list[CaseId]
) -> None:
    key = new_id()
    first = await bulk.do(ctx, staff.wang, "difficulty:major", own[:1], key)
    assert await bulk.do(ctx, staff.wang, "difficulty:major", own[:1], key) == first
    async with ctx.store.read() as conn:
        entries = await audit.of_chain(conn, f"case:{own[0]}")
    [entry] = [entry for entry in entries if entry.verb == "case.classified"]
    assert entry.body == {"field": "difficulty", "before": "simple", "after": "major"}


async def accepted(ctx: Context, world: World, clerk: User) -> CaseId:
    async with ctx.store.write() as conn:
        made = await matter(conn, world.station, None)
    await sealed.new_key(ctx, made.id, world.station.tenant)
    await deciding.accept(ctx, clerk, made.id, new_id())
    return made.id


async def test_cases_are_offered_and_the_offers_taken_back(
    ctx: Context, staff: Staff, world: World, own: list[CaseId]
) -> None:
    first, second = [await accepted(ctx, world, staff.clerk) for _ in range(2)]
    done = await do(ctx, staff.clerk, f"offer:{staff.li.id}", [first, second, own[3]])
    assert {item.case for item in done.done} == {first, second}
    assert [item.refused for item in done.refused] == ["not_found"]
    mine = {offer.case: offer.id for offer in await offers.mine(ctx, staff.li)}
    assert set(mine) == {first, second}
    await offers.decline(ctx, staff.li, mine[first], "on leave")
    assert await bulk.undo(ctx, staff.clerk, done.id)
    assert await offers.mine(ctx, staff.li) == []
    told = await bulk.told(ctx, staff.clerk, done.id)
    assert told is not None
    assert [item.case for item in told[0].items if item.undone] == [second]
    assert not await bulk.undo(ctx, staff.clerk, done.id)


async def test_an_offer_sent_twice_is_one_offer(ctx: Context, staff: Staff, world: World) -> None:
    case, key = await accepted(ctx, world, staff.clerk), new_id()
    first = await bulk.do(ctx, staff.clerk, f"offer:{staff.li.id}", [case], key)
    assert await bulk.do(ctx, staff.clerk, f"offer:{staff.li.id}", [case], key) == first
    told = await bulk.told(ctx, staff.clerk, first)
    assert told is not None
    assert len(told[0].done) == 1
