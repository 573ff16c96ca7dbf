from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.domain.listing import Wanted
from server.domain.organisation import Organisation, OrganisationKind, Particulars
from server.domain.user import StaffRole, User
from server.services import audit, finding, organisations
from server.services.context import Context
from server.services.organisations import Branch, HandledFromAbove
from server.store import cases, sessions, tables, users
from server.store import organisations as stored
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.store import world as worlds
from tests.store.world import World

NEW = Particulars("河心所", OrganisationKind.STATION, short="心")
LOWER = Particulars("河底所", OrganisationKind.STATION, short="底")


async def administrator(ctx: Context, where: Organisation, login: str = "local") -> User:
    """One of this organisation only."""
    async with ctx.store.write() as conn:
        made = await worlds.member(conn, where, StaffRole.ADMINISTRATOR, login, "Dora")
        found = await users.find(conn, made)
    assert found is not None
    return found


async def path_of(ctx: Context, unit: Organisation) -> str:
    async with ctx.store.read() as conn:
        return (await stored.get(conn, unit.id)).path


def flat(branches: list[Branch] | tuple[Branch, ...], depth: int = 0) -> list[tuple[int, str]]:
    found = []
    for branch in branches:
        found.append((depth, branch.organisation.name))
        found += flat(branch.branches, depth + 1)
    return found


async def test_the_tree_is_what_one_manages(ctx: Context, world: World, staff: Staff) -> None:
    tree = await organisations.tree(ctx, staff.administrator)
    assert flat(tree) == [(0, "局"), (1, "河东所"), (1, "河西所")]
    assert tree[0].branches[0].staff == 4
    found = await organisations.tree(ctx, staff.administrator, "河西")
    assert flat(found) == [(0, "局"), (1, "河西所")]
    local = await administrator(ctx, world.station)
    assert flat(await organisations.tree(ctx, local)) == [(0, "河东所")]
    assert await organisations.tree(ctx, staff.clerk) == []


async def test_no_two_units_number_alike(ctx: Context, world: World, staff: Staff) -> None:
    """One tenant's, at any height; saying the same of oneself again is no clash."""
    made = await organisations.make(ctx, staff.administrator, world.station.id, NEW, "one")
    with refused("short_taken"):
        await organisations.make(ctx, staff.administrator, world.bureau.id, NEW, "two")
    with refused("short_taken"):
        await organisations.change(ctx, staff.administrator, world.elsewhere.id, NEW)
    await organisations.change(ctx, staff.administrator, made, replace(NEW, name="河心司法所"))


async def test_a_new_unit_is_made_once(ctx: Context, world: World, staff: Staff) -> None:
    made = await organisations.make(ctx, staff.administrator, world.station.id, NEW, "key")
    again = await organisations.make(ctx, staff.administrator, world.station.id, NEW, "key")
    assert made == again
    page = await organisations.page(ctx, staff.administrator, made)
    assert page.organisation.path == f"{world.station.path}{made}/"
    assert page.organisation.short == "心"
    assert [above.name for above in page.above] == ["局", "河东所"]
    with refused("not_found"):
        local = await administrator(ctx, world.elsewhere)
        await organisations.make(ctx, local, world.station.id, NEW, "other")


async def test_nobody_changes_what_is_not_theirs(ctx: Context, world: World, staff: Staff) -> None:
    local, unit = await administrator(ctx, world.elsewhere), world.station.id
    for user in (local, staff.clerk, staff.supervisor, staff.wang):
        for attempt in (
            organisations.page(ctx, user, unit),
            organisations.change(ctx, user, unit, NEW),
            organisations.move(ctx, user, unit, world.elsewhere.id),
            organisations.close(ctx, user, unit),
            organisations.reopen(ctx, user, unit),
        ):
            with refused("not_found"):
                await attempt


async def test_what_is_changed_is_named_in_the_audit_and_not_told(
    ctx: Context, world: World, staff: Staff
) -> None:
    await organisations.change(ctx, staff.administrator, world.station.id, NEW)
    await organisations.change(ctx, staff.administrator, world.station.id, NEW)
    async with ctx.store.read() as conn:
        rows = (await conn.execute(tables.audit_entry.select())).all()
    changed = [row for row in rows if row.verb == "organisation.changed"]
    assert len(changed) == 1
    assert "name" in changed[0].body
    assert "河心所" not in changed[0].body
    assert await audit.verify(ctx) == []


async def test_a_unit_moves_with_all_below_it_and_rights_follow_at_once(
    ctx: Context, world: World, staff: Staff
) -> None:
    below = await organisations.make(ctx, staff.administrator, world.station.id, NEW, "key")
    far = await finding.find(ctx, staff.far_clerk, Wanted())
    assert world.case.id not in [line.id for line in far.lines]
    await organisations.move(ctx, staff.administrator, world.station.id, world.elsewhere.id)
    assert await path_of(ctx, world.station) == f"{world.elsewhere.path}{world.station.id}/"
    found = await organisations.page(ctx, staff.administrator, below)
    assert found.organisation.path == f"{world.elsewhere.path}{world.station.id}/{below}/"
    # The clerk above it now reads its case, which is still the station's own.
    near = await finding.find(ctx, staff.far_clerk, Wanted())
    lines = {line.id: line for line in near.lines}
    assert lines[world.case.id].organisation == world.station.id
    await organisations.move(ctx, staff.administrator, world.station.id, world.bureau.id)
    far = await finding.find(ctx, staff.far_clerk, Wanted())
    assert world.case.id not in [line.id for line in far.lines]
    async with ctx.store.read() as conn:
        parents = {row.id: row.parent for row in await conn.execute(tables.organisation.select())}
    assert parents[world.station.id] == world.bureau.id
    assert parents[below] == world.station.id


async def test_a_unit_is_moved_only_between_what_one_manages(
    ctx: Context, world: World, staff: Staff
) -> None:
    local = await administrator(ctx, world.station)
    with refused("not_allowed"):
        # Its place is not for its own administrator to choose.
        await organisations.move(ctx, local, world.station.id, world.station.id)
    with refused("not_found"):
        await organisations.move(ctx, local, world.station.id, world.elsewhere.id)
    with refused("organisation_is_root"):
        await organisations.move(ctx, staff.administrator, world.bureau.id, world.station.id)
    below = await organisations.make(ctx, staff.administrator, world.station.id, NEW, "key")
    with refused("organisation_below_itself"):
        await organisations.move(ctx, staff.administrator, world.station.id, below)
    await organisations.move(ctx, staff.administrator, below, world.station.id)


async def test_no_case_is_moved_away_from_who_works_on_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Whose role was given further up would have it in their name, and not be able to open it."""
    unit = await organisations.make(ctx, staff.administrator, world.station.id, NEW, "key")
    async with ctx.store.write() as conn:
        below = await stored.get(conn, unit)
        mediator = StaffRole.MEDIATOR
        upper = await worlds.member(conn, world.station, mediator, "zhou", "周强")
        highest = await worlds.member(conn, world.bureau, mediator, "wu", "吴用")
        own = await worlds.member(conn, below, mediator, "sun", "孙立")
        case = await worlds.matter(conn, below, upper)
        await worlds.meeting(conn, case, upper, ["Alice"])
        for handler in (highest, own):
            await worlds.matter(conn, below, handler)
    with pytest.raises(HandledFromAbove) as stopped:
        await organisations.move(ctx, staff.administrator, unit, world.elsewhere.id)
    assert stopped.value.people == (("周强", 1, 1),)
    assert await path_of(ctx, below) == below.path
    await organisations.move(ctx, staff.administrator, world.elsewhere.id, unit)
    async with ctx.store.write() as conn:
        await cases.end_handler(conn, case.id, upper, ctx.clock())
        held = await sessions.of_case(conn, case.id)
        await sessions.set_person(conn, await _host_seat(conn, held[0]), own)
    await organisations.move(ctx, staff.administrator, world.elsewhere.id, world.bureau.id)
    await organisations.move(ctx, staff.administrator, unit, world.elsewhere.id)
    assert (await path_of(ctx, below)).startswith(world.elsewhere.path)


async def _host_seat(conn: AsyncConnection, session_id: SessionId) -> SeatId:
    session = await sessions.load(conn, session_id)
    assert session is not None
    return session.main_host.id


async def test_two_moves_at_once_make_no_circle(ctx: Context, world: World, staff: Staff) -> None:
    done = await asyncio.gather(
        organisations.move(ctx, staff.administrator, world.station.id, world.elsewhere.id),
        organisations.move(ctx, staff.administrator, world.elsewhere.id, world.station.id),
        return_exceptions=True,
    )
    codes = [one.code for one in done if isinstance(one, Refused)]
    assert codes == ["organisation_below_itself"]
    paths = {await path_of(ctx, world.station), await path_of(ctx, world.elsewhere)}
    assert all(path.startswith(world.bureau.path) for path in paths)


async def test_a_unit_closes_once_nothing_of_it_is_left(
    ctx: Context, world: World, staff: Staff
) -> None:
    with refused("organisation_in_use"):
        await organisations.close(ctx, staff.administrator, world.station.id)
    way = (await organisations.page(ctx, staff.administrator, world.station.id)).in_the_way
    assert way.open_cases == 1
    assert "王敏" in [name for _, name in way.staff]
    made = await organisations.make(ctx, staff.administrator, world.station.id, NEW, "key")
    way = (await organisations.page(ctx, staff.administrator, world.station.id)).in_the_way
    assert [unit.id for unit in way.units] == [made]
    await organisations.close(ctx, staff.administrator, made)
    await organisations.close(ctx, staff.administrator, made)
    way = (await organisations.page(ctx, staff.administrator, world.station.id)).in_the_way
    assert way.units == ()
    with refused("organisation_closed"):
        await organisations.make(ctx, staff.administrator, made, LOWER, "below")
    with refused("organisation_closed"):
        await organisations.move(ctx, staff.administrator, world.elsewhere.id, made)
    await organisations.reopen(ctx, staff.administrator, made)
    await organisations.make(ctx, staff.administrator, made, LOWER, "below")
    with refused("organisation_is_root"):
        await organisations.close(ctx, staff.administrator, world.bureau.id)


async def test_under_a_closed_unit_nothing_opens(ctx: Context, world: World, staff: Staff) -> None:
    upper = await organisations.make(ctx, staff.administrator, world.bureau.id, NEW, "upper")
    lower = await organisations.make(ctx, staff.administrator, upper, LOWER, "lower")
    await organisations.close(ctx, staff.administrator, lower)
    await organisations.close(ctx, staff.administrator, upper)
    with refused("organisation_closed"):
        await organisations.reopen(ctx, staff.administrator, lower)


async def test_a_thousand_units_are_one_page_and_two_questions(
    ctx: Context, world: World, staff: Staff
) -> None:
    def row(n: int) -> dict[str, Any]:
        unit = f"{n:036d}"
        path = f"{world.station.path}{unit}/"
        known = {"id": unit, "path": path, "parent": world.station.id, "name": f"{n:04}"}
        return known | {"kind": "studio", "time_zone": "UTC"}

    async with ctx.store.write() as conn:
        await conn.execute(tables.organisation.insert(), [row(n) for n in range(1100)])
    tree = await organisations.tree(ctx, staff.administrator)
    assert len(flat(tree)) == 1103
    names = [name for depth, name in flat(tree) if depth == 2]
    assert names == sorted(names)
    ordered = await organisations.mine(ctx, staff.administrator)
    assert [unit.name for unit in ordered] == [name for _, name in flat(tree)]


def test_nested_grants_are_one_scope(staff: Staff, world: World) -> None:
    grants = (*staff.administrator.grants, replace(staff.administrator.grants[0], path="x/y/"))
    nested = replace(grants[0], path=f"{grants[0].path}z/")
    assert organisations.managed(replace(staff.administrator, grants=(*grants, nested))) == sorted(
        [world.bureau.path, "x/y/"]
    )
