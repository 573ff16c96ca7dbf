"""The worst calls, for those who look after the service, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.domain.ids import SeatId
from server.domain.quality import Carried, Cause, Grade, Judgement, Minute, Pictures, Shown
from server.domain.seat import Role
from server.domain.user import StaffRole
from server.services import quality
from server.services.context import Context
from server.services.quality import Blamed, Kept
from server.store import quality as store
from server.store import users
from tests.services.conftest import Clock, Staff
from tests.store import world as worlds
from tests.store.world import NOON, World

GOOD = Judgement(Grade.GOOD)
LOSSY = Judgement(Grade.WEAK, Cause.UP_LOSS)
BARE = Judgement(Grade.AUDIO_ONLY, Cause.DOWN_SLOW)


def minutes(seat: SeatId, first: int, *judgements: Judgement) -> list[Kept]:
    return [
        Kept(seat, NOON + timedelta(minutes=first + n), Minute(Carried()), judgement)
        for n, judgement in enumerate(judgements)
    ]


@pytest.fixture
async def calls(ctx: Context, world: World, clock: Clock) -> None:
    clock.forward(minutes=30)
    found = [
        *minutes(world.alice, 0, LOSSY, LOSSY, GOOD, BARE),
        *minutes(world.opponent, 0, BARE, GOOD),
        *minutes(world.charlie, 0, BARE, BARE),
    ]
    await quality.keep(ctx, found)


@pytest.mark.usefixtures("calls")
async def test_by_how_many_minutes_were_not_good(ctx: Context, world: World, staff: Staff) -> None:
    found = await quality.worst(ctx, staff.supervisor, 7)
    assert found.totals == {Grade.GOOD: 2, Grade.WEAK: 2, Grade.AUDIO_ONLY: 4}
    assert found.causes == {Cause.DOWN_SLOW: 4, Cause.UP_LOSS: 2}
    line, other = found.worst
    assert other.call.session == world.other_session.id
    assert (other.call.minutes, other.call.bad, other.call.bare) == (2, 2, 2)
    assert line.call.session == world.session.id
    assert (line.call.minutes, line.call.bad, line.call.bare) == (6, 4, 2)
    assert line.blamed == Blamed(Role.PARTY, "A", Cause.UP_LOSS, 2)
    assert line.title == world.case.title


@pytest.mark.usefixtures("calls")
async def test_an_administrator_sees_how_it_went_and_not_what_it_was_about(
    ctx: Context, staff: Staff
) -> None:
    found = await quality.worst(ctx, staff.administrator, 7)
    assert [line.call.bad for line in found.worst] == [4, 2]
    assert [line.title for line in found.worst] == [None, None]


@pytest.mark.usefixtures("calls")
async def test_each_sees_the_calls_of_the_places_they_look_after(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.write() as conn:
        role = StaffRole.SUPERVISOR
        there = await worlds.member(conn, world.elsewhere, role, "far_supervisor", "远")
        user = await users.find(conn, there)
    assert user is not None
    found = await quality.worst(ctx, user, 7)
    assert found.totals == {Grade.AUDIO_ONLY: 2}
    assert [line.call.session for line in found.worst] == [world.other_session.id]


@pytest.mark.usefixtures("calls")
async def test_whoever_does_not_look_after_it_sees_nothing(ctx: Context, staff: Staff) -> None:
    for user in (staff.wang, staff.clerk, staff.lawyer):
        found = await quality.worst(ctx, user, 7)
        assert (found.totals, found.causes, found.worst) == ({}, {}, ())


@pytest.mark.usefixtures("calls")
async def test_what_was_before_is_not_of_this_time(
    ctx: Context, staff: Staff, clock: Clock
) -> None:
    clock.forward(days=6)
    assert (await quality.worst(ctx, staff.supervisor, 7)).worst
    clock.forward(days=1)
    found = await quality.worst(ctx, staff.supervisor, 7)
    assert (found.totals, found.worst) == ({}, ())


async def test_everything_comes_back_as_it_was_kept(ctx: Context, world: World) -> None:
    carried = Carried(0.125, 0.25, 12, 340, 800, 1_600, Pictures.SMALL, 7)
    shown = Shown(3, 4_000, 500, 0.5, 40)
    full = Kept(world.alice, NOON, Minute(carried, shown, 2), LOSSY)
    bare = Kept(world.opponent, NOON, Minute(Carried()), GOOD)
    await quality.keep(ctx, [full, bare])
    async with ctx.store.read() as conn:
        found = await store.of_session(conn, world.session.id, NOON)
        assert {one.seat: one for one in found} == {world.alice: full, world.opponent: bare}
        assert await store.of_seat(conn, world.alice, NOON + timedelta(minutes=1)) == []
