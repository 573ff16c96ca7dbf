"""Lists, searches and quick jumps: what one finds is what one may read, and nothing beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.case import CaseStatus, DisputeType
from server.domain.ids import CaseId
from server.domain.listing import BUILT_IN, Wanted
from server.domain.party import Details
from server.domain.user import User
from server.security.ids import new_id
from server.services import finding, intake, jump
from server.services.context import Context
from server.services.intake import Intake
from server.services.opening import NewParty
from server.store import audit, saved_filters
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.services.test_sealed import everything
from tests.store.world import World, matter

ID_NUMBER, PHONE = "11010519491231002X", "138 0000 0001"
ANNA = NewParty("Anna", "A", details=Details(phone=PHONE, id_number=ID_NUMBER))
OUTSIDE = ("li", "zhao", "far_clerk", "lawyer", "administrator")


@pytest.fixture
async def case(ctx: Context, staff: Staff) -> CaseId:
    new = Intake("租赁押金", DisputeType.HOUSING, [ANNA, NewParty("㼆某", "B")])
    return await intake.create(ctx, staff.wang, new, new_id())


async def found(ctx: Context, user: User, text: str) -> set[CaseId]:
    result = await finding.find(ctx, user, replace(Wanted(), text=text))
    return {line.id for line in result.lines}


async def by_number(ctx: Context, user: User, number: str) -> set[CaseId]:
    result = await finding.find_number(ctx, user, number, Wanted())
    return {line.id for line in result.lines}


@pytest.mark.parametrize("words", ["租赁", "押金 anna", "㼆", "Ａｎｎａ"])
async def test_whoever_may_read_a_case_finds_it_and_nobody_else(
    ctx: Context, staff: Staff, case: CaseId, words: str
) -> None:
    for user in (staff.wang, staff.clerk, staff.supervisor):
        assert await found(ctx, user, words) == {case}
    for name in OUTSIDE:
        assert await found(ctx, getattr(staff, name), words) == set(), name


@pytest.mark.parametrize(
    "typed", [ID_NUMBER, "11010519491231002x", "13800000001", "+8613800000001"]
)
async def test_an_exact_number_finds_within_ones_scope_only(
    ctx: Context, staff: Staff, case: CaseId, typed: str
) -> None:
    for user in (staff.wang, staff.clerk, staff.supervisor):
        assert await by_number(ctx, user, typed) == {case}
    for name in OUTSIDE:
        assert await by_number(ctx, getattr(staff, name), typed) == set(), name


@pytest.mark.parametrize("typed", ["1101051949123100", "13800000002", "3800000001"])
async def test_a_part_of_a_number_finds_nothing(
    ctx: Context, staff: Staff, case: CaseId, typed: str
) -> None:
    assert await by_number(ctx, staff.wang, typed) == set()


async def test_a_search_by_number_is_audited_without_the_number(
    ctx: Context, staff: Staff, case: CaseId
) -> None:
    await by_number(ctx, staff.clerk, ID_NUMBER)
    async with ctx.store.read() as conn:
        entries = await audit.of_chain(conn, f"org:{staff.clerk.organisation}")
    [entry] = [entry for entry in entries if entry.verb == "cases.sought"]
    assert (entry.actor, entry.body) == (staff.clerk.id, {"found": 1})
    assert ID_NUMBER not in await everything(ctx)


async def test_the_list_counts_and_goes_on(
    ctx: Context, staff: Staff, case: CaseId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE", 1)
    first = await finding.find(ctx, staff.clerk, Wanted())
    assert (len(first.lines), first.count) == (1, 2)
    second = await finding.find(ctx, staff.clerk, Wanted(), first.after)
    assert (len(second.lines), second.count, second.after) == (1, 2, "")
    assert first.lines[0].id != second.lines[0].id
    monkeypatch.setattr(finding, "COUNTED", 1)
    assert (await finding.find(ctx, staff.clerk, Wanted())).count == 2


async def test_the_lists_that_everybody_has(ctx: Context, staff: Staff, world: World) -> None:
    async with ctx.store.write() as conn:
        applied = (await matter(conn, world.station, None)).id

    async def ids(name: str, user: User) -> set[CaseId]:
        return {line.id for line in (await finding.find(ctx, user, BUILT_IN[name])).lines}

    assert await ids("mine", staff.wang) == {world.case.id}
    assert await ids("to_decide", staff.clerk) == {applied}
    assert await ids("without_mediator", staff.clerk) == set()
    result = await finding.find(ctx, staff.clerk, replace(Wanted(), status=CaseStatus.APPLIED))
    assert [line.handlers for line in result.lines] == [()]


async def test_filters_are_kept_by_name_and_are_ones_own(ctx: Context, staff: Staff) -> None:
    await finding.save(ctx, staff.clerk, " 我的  清单 ", replace(Wanted(), text="租赁"))
    await finding.save(ctx, staff.clerk, "我的 清单", replace(Wanted(), text="押金"))
    [mine] = (await finding.choices(ctx, staff.clerk, Wanted())).saved
    assert (mine.name, mine.query) == ("我的 清单", "text=%E6%8A%BC%E9%87%91")
    assert (await finding.choices(ctx, staff.li, Wanted())).saved == ()
    await finding.forget(ctx, staff.li, mine.id)
    assert (await finding.choices(ctx, staff.clerk, Wanted())).saved == (mine,)
    await finding.forget(ctx, staff.clerk, mine.id)
    await finding.forget(ctx, staff.clerk, mine.id)
    assert (await finding.choices(ctx, staff.clerk, Wanted())).saved == ()


async def test_filters_that_are_not_kept(ctx: Context, staff: Staff) -> None:
    with refused("filter_name_missing"):
        await finding.save(ctx, staff.clerk, " ", Wanted())
    with refused("filter_name_unusable"):
        await finding.save(ctx, staff.clerk, "x" * 61, Wanted())
    async with ctx.store.write() as conn:
        for n in range(finding.MOST_SAVED):
            await saved_filters.save(conn, staff.clerk.id, str(n), "")
    with refused("too_many_filters"):
        await finding.save(ctx, staff.clerk, "x", Wanted())


async def test_one_is_offered_the_places_and_people_of_ones_scope(
    ctx: Context, staff: Staff, world: World
) -> None:
    clerk = await finding.choices(ctx, staff.clerk, Wanted())
    assert [place.id for place in clerk.places] == [world.station.id]
    assert {name for _, name in clerk.handlers} == {"王敏", "李强", "lawyer"}
    above = await finding.choices(ctx, staff.supervisor, Wanted())
    assert [(place.name, place.depth) for place in above.places] == [
        ("局", 0),
        ("河东所", 1),
        ("河西所", 1),
    ]
    assert {name for _, name in above.handlers} == {"王敏", "李强", "lawyer", "赵云"}
    there = replace(Wanted(), organisation=world.elsewhere.id)
    assert [name for _, name in (await finding.choices(ctx, staff.supervisor, there)).handlers] == [
        "赵云"
    ]
    assert (await finding.choices(ctx, staff.wang, Wanted())).handlers == ()


async def test_of_a_large_tree_the_upper_part_and_what_is_near_is_offered(
    ctx: Context, staff: Staff, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_CHOICES", 2)
    above = await finding.choices(ctx, staff.supervisor, Wanted())
    assert [place.name for place in above.places] == ["局"]
    near = replace(Wanted(), organisation=world.station.id)
    shown = (await finding.choices(ctx, staff.supervisor, near)).places
    assert [place.name for place in shown] == ["局", "河东所"]


async def test_a_jump_finds_what_the_list_would(
    ctx: Context, staff: Staff, case: CaseId, world: World
) -> None:
    for user in (staff.wang, staff.clerk, staff.supervisor):
        assert [line[0] for line in (await jump.look(ctx, user, "租赁")).cases] == [case]
    for name in OUTSIDE:
        assert (await jump.look(ctx, getattr(staff, name), "租赁")).cases == (), name
    assert (await jump.look(ctx, staff.clerk, "王")).people == ((world.wang, "王敏"),)
    assert (await jump.look(ctx, staff.far_clerk, "王")).people == ()
    assert (await jump.look(ctx, staff.wang, "王")).people == ()
    for nothing in ("", " ", "%", ID_NUMBER, PHONE):
        assert await jump.look(ctx, staff.clerk, nothing) == jump.Jump()
