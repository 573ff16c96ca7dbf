from __future__ import annotations

import asyncio

import pytest

from server.domain.assignment import Answer, Offer
from server.domain.case import HandlerRole
from server.domain.errors import Refused
from server.domain.ids import OfferId
from server.domain.user import StaffRole, User
from server.security import passwords
from server.security.ids import new_id
from server.services import audit, handling, leaving, profiles, users
from server.services import offers as answering
from server.services.context import Context
from server.services.leaving import SuccessorUnfit
from server.services.staff import sign_in, who
from server.store import accounts, cases, offers, sessions, tables
from server.store import users as stored
from tests.services.come_in import accepted, assigned, load
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.services.test_users import ADDRESS, PASSWORD, member, user
from tests.store import world as worlds
from tests.store.world import World


async def handlers(ctx: Context, world: World) -> dict[str, HandlerRole]:
    async with ctx.store.read() as conn:
        return {str(who): role for who, role in await cases.handlers(conn, world.case.id)}


async def verbs(ctx: Context, world: World) -> list[str]:
    async with ctx.store.read() as conn:
        found = tables.audit_entry.select().where(
            tables.audit_entry.c.chain == f"case:{world.case.id}"
        )
        return [row.verb for row in await conn.execute(found)]


async def test_what_is_still_to_do_is_shown_without_its_content(
    ctx: Context, world: World, staff: Staff
) -> None:
    left = await leaving.look(ctx, staff.administrator, staff.wang.id)
    assert [case.case for case in left.cases] == [world.case.id]
    assert [meeting.session for meeting in left.meetings] == [world.session.id]
    assert world.case.title not in str(left)
    names = {one.name for one in left.successors}
    assert "李强" in names
    assert not names & {"王敏", "赵云", "supervisor"}


async def test_everything_goes_to_a_successor_in_one_go(
    ctx: Context, world: World, staff: Staff
) -> None:
    await leaving.leave(ctx, staff.administrator, staff.wang.id, staff.li.id)
    assert await handlers(ctx, world) == {staff.li.id: HandlerRole.MEDIATOR}
    async with ctx.store.read() as conn:
        thing = await sessions.thing(conn, world.session.id)
        session = await sessions.load(conn, world.session.id)
        named = await stored.names(conn, [staff.wang.id])
    assert thing is not None
    assert session is not None
    assert thing.host == staff.li.id
    assert session.main_host.name == "李强"
    assert session.main_host.link_version > 1
    assert named == {staff.wang.id: "王敏"}
    gone = await user(ctx, staff.wang.id)
    assert gone.left
    assert gone.grants == ()
    assert {"case.handed_over", "session.host_changed"} <= set(await verbs(ctx, world))
    assert await audit.verify(ctx) == []
    await leaving.leave(ctx, staff.administrator, staff.wang.id)
    with refused("has_left"):
        await leaving.look(ctx, staff.administrator, staff.wang.id)


async def test_nothing_opens_any_more(ctx: Context, world: World, staff: Staff) -> None:
    async with ctx.store.write() as conn:
        hashed = await passwords.hash_password(PASSWORD)
        await accounts.set_password(conn, staff.wang.id, hashed)
    token = await sign_in(ctx, "wang", PASSWORD, ADDRESS)
    assert await who(ctx, token)
    await leaving.leave(ctx, staff.administrator, staff.wang.id, staff.li.id)
    assert await who(ctx, token) is None
    with refused("sign_in_failed"):
        await sign_in(ctx, "wang", PASSWORD, ADDRESS)
    with refused("has_left"):
        await users.give(ctx, staff.administrator, staff.wang.id, StaffRole.CLERK, world.station.id)


@pytest.mark.parametrize("successor", [None, "nobody", "wang"])
async def test_without_a_successor_nothing_happens(
    ctx: Context, world: World, staff: Staff, successor: str | None
) -> None:
    chosen = staff.wang.id if successor == "wang" else successor
    with refused("successor_missing"):
        await leaving.leave(ctx, staff.administrator, staff.wang.id, chosen)  # type: ignore[arg-type]
    assert not (await user(ctx, staff.wang.id)).left
    assert await handlers(ctx, world) == {staff.wang.id: HandlerRole.MEDIATOR}


async def test_a_successor_whose_role_does_not_reach_there_gets_nothing(
    ctx: Context, world: World, staff: Staff
) -> None:
    for unfit in (staff.zhao, staff.clerk, staff.supervisor, staff.administrator):
        with pytest.raises(SuccessorUnfit) as caught:
            await leaving.leave(ctx, staff.administrator, staff.wang.id, unfit.id)
        assert [one.case for one in caught.value.unfit] == [world.case.id]
    assert await handlers(ctx, world) == {staff.wang.id: HandlerRole.MEDIATOR}
    assert not (await user(ctx, staff.wang.id)).left


async def test_a_successor_has_no_conflict(ctx: Context, world: World, staff: Staff) -> None:
    async with ctx.store.write() as conn:
        await worlds.rename(conn, staff.li.id, f" {world.case.parties[0].name}")
    with pytest.raises(SuccessorUnfit) as caught:
        await leaving.leave(ctx, staff.administrator, staff.wang.id, staff.li.id)
    assert [one.case for one in caught.value.unfit] == [world.case.id]
    assert await handlers(ctx, world) == {staff.wang.id: HandlerRole.MEDIATOR}
    assert not (await user(ctx, staff.wang.id)).left


async def test_what_goes_over_keeps_its_number(ctx: Context, world: World, staff: Staff) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    before = await load(ctx, case)
    async with ctx.store.read() as conn:
        counted = list(await conn.execute(tables.number_counter.select()))
    await leaving.leave(ctx, staff.administrator, staff.wang.id, staff.li.id)
    after = await load(ctx, case)
    assert after.handlers == {staff.li.id}
    assert after.number
    assert (after.number, after.accepted_on) == (before.number, before.accepted_on)
    async with ctx.store.read() as conn:
        assert list(await conn.execute(tables.number_counter.select())) == counted


async def test_a_co_mediators_part_and_meeting_go_over_too(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Zhao handles nothing here; the lawyer is co-mediator and hosts a meeting of it."""
    async with ctx.store.write() as conn:
        now = ctx.clock()
        await cases.add_handler(conn, world.case.id, staff.lawyer.id, HandlerRole.CO_MEDIATOR, now)
        meeting = await worlds.meeting(conn, world.case, staff.lawyer.id, ["Alice"])
    await leaving.leave(ctx, staff.administrator, staff.lawyer.id, staff.wang.id)
    assert await handlers(ctx, world) == {staff.wang.id: HandlerRole.MEDIATOR}
    async with ctx.store.read() as conn:
        thing = await sessions.thing(conn, meeting.id)
    assert thing is not None
    assert thing.host == staff.wang.id


async def test_what_they_were_asked_to_take_on_is_asked_of_nobody(
    ctx: Context, world: World, staff: Staff
) -> None:
    offer = Offer(
        id=OfferId(new_id()),
        case=world.case.id,
        user=staff.li.id,
        role=HandlerRole.CO_MEDIATOR,
        by=staff.clerk.id,
        at=ctx.clock(),
        answer_by=ctx.clock().date(),
    )
    async with ctx.store.write() as conn:
        await offers.insert(conn, offer)
    await leaving.leave(ctx, staff.administrator, staff.li.id)
    async with ctx.store.read() as conn:
        found = await offers.find(conn, offer.id)
    assert found is not None
    assert found.answer is Answer.TAKEN_BACK
    assert "case.offer_taken_back" in await verbs(ctx, world)


async def test_who_hosts_at_this_moment_cannot_leave(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.write() as conn:
        opened = tables.session.update().where(tables.session.c.id == world.session.id)
        await conn.execute(opened.values(state="open"))
    with refused("meeting_open"):
        await leaving.leave(ctx, staff.administrator, staff.wang.id, staff.li.id)
    assert await handlers(ctx, world) == {staff.wang.id: HandlerRole.MEDIATOR}


async def test_only_who_manages_the_account_lets_somebody_leave(
    ctx: Context, world: World, staff: Staff
) -> None:
    far = await member(ctx, world.elsewhere, StaffRole.ADMINISTRATOR, "far")
    local = await member(ctx, world.station, StaffRole.ADMINISTRATOR, "local")
    for other in (far, staff.clerk, staff.supervisor, staff.wang):
        with refused("not_found"):
            await leaving.leave(ctx, other, staff.wang.id, staff.li.id)
        with refused("not_found"):
            await leaving.come_back(ctx, other, staff.wang.id)
    with refused("not_found"):
        await leaving.leave(ctx, local, staff.administrator.id)


async def administrators(ctx: Context, world: World, staff: Staff) -> tuple[User, User]:
    return staff.administrator, await member(ctx, world.bureau, StaffRole.ADMINISTRATOR, "other")


async def test_the_last_administrator_does_not_leave(
    ctx: Context, world: World, staff: Staff
) -> None:
    one, other = await administrators(ctx, world, staff)
    await leaving.leave(ctx, one, one.id)
    with refused("last_administrator"):
        await leaving.leave(ctx, other, other.id)


async def test_not_even_two_at_once(ctx: Context, world: World, staff: Staff) -> None:
    one, other = await administrators(ctx, world, staff)
    done = await asyncio.gather(
        leaving.leave(ctx, one, other.id),
        leaving.leave(ctx, other, one.id),
        return_exceptions=True,
    )
    assert [one.code for one in done if isinstance(one, Refused)] == ["last_administrator"]


async def test_who_comes_back_begins_without_roles(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.write() as conn:
        await conn.execute(tables.user.update().values(listed=True))
    await leaving.leave(ctx, staff.administrator, staff.wang.id, staff.li.id)
    listed = await profiles.listed(ctx)
    assert "王敏" not in {one.name for one in listed.people}
    await leaving.come_back(ctx, staff.administrator, staff.wang.id)
    await leaving.come_back(ctx, staff.administrator, staff.wang.id)
    back = await user(ctx, staff.wang.id)
    assert not back.left
    assert back.grants == ()
    page = await users.page(ctx, staff.administrator, staff.wang.id)
    assert page.invited


async def test_who_leaves_is_given_nothing_at_the_same_moment(
    ctx: Context, world: World, staff: Staff
) -> None:
    for n in range(5):
        person = await member(ctx, world.station, StaffRole.MEDIATOR, f"going{n}")
        case = await accepted(ctx, staff.clerk, world.station)
        role, key = HandlerRole.MEDIATOR, new_id()
        left, given = await asyncio.gather(
            leaving.leave(ctx, staff.administrator, person.id),
            handling.assign(ctx, staff.clerk, case, person.id, role, key, agreed=True),
            return_exceptions=True,
        )
        async with ctx.store.read() as conn:
            mine = await cases.handlers(conn, case)
        if left is None:
            assert isinstance(given, Refused)
            assert given.code == "mediator_unknown"
            assert mine == []
        else:
            assert isinstance(left, Refused)
            assert left.code == "successor_missing"
            assert given is None
            assert mine == [(person.id, role)]


async def test_nor_an_offer_they_take_on_at_the_same_moment(
    ctx: Context, world: World, staff: Staff
) -> None:
    for n in range(5):
        person = await member(ctx, world.station, StaffRole.MEDIATOR, f"going{n}")
        case = await accepted(ctx, staff.clerk, world.station)
        role = HandlerRole.MEDIATOR
        offer = await answering.offer(ctx, staff.clerk, case, person.id, role, new_id())
        left, taken = await asyncio.gather(
            leaving.leave(ctx, staff.administrator, person.id),
            answering.accept(ctx, person, offer, knows_none=True, words=""),
            return_exceptions=True,
        )
        async with ctx.store.read() as conn:
            mine = await cases.handlers(conn, case)
        assert isinstance(left, Refused) != isinstance(taken, Refused)
        assert bool(mine) is isinstance(left, Refused)
