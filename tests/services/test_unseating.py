"""Who is in a case no more has no seat in its meetings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.domain.case import Case, HandlerRole
from server.domain.ids import DeviceId, SessionId
from server.domain.link import Goes
from server.domain.notice import NoticeName
from server.domain.seat import Role, Seat
from server.domain.session import Session
from server.domain.user import StaffRole
from server.security.ids import new_id, new_secret_id
from server.services import (
    booked,
    bookings,
    handling,
    inviting,
    joining,
    later,
    leaving,
    notice_log,
    parties,
    sessions,
    unseating,
    users,
)
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.jobs import JOBS
from server.services.live import carry_out
from server.services.opening import NewParty
from server.services.parties import Typed
from server.store import cases, notices
from server.store import users as users_stored
from tests.services.come_in import give
from tests.services.conftest import Staff
from tests.services.matters import ALICE, BOB, fresh, matter
from tests.services.refusing import refused
from tests.store.world import World, meeting

DAN = NewParty("Dan", "A")


async def a_meeting(ctx: Context, world: World, staff: Staff) -> tuple[Case, SessionId]:
    """A meeting of Alice, Bob and Dan, who has come and waits in the lobby."""
    case = await matter(ctx, world.station, world.wang, parties=(ALICE, BOB, DAN))
    seats = [NewSeat(Role.PARTY, p.side, p.name, party=p.id) for p in case.parties]
    at = ctx.clock() + timedelta(hours=1)
    session = await bookings.book(ctx, staff.wang, case.id, at, seats, new_id())
    dan = (await seat_of(ctx, session, "Dan")).id

    def come(session: Session, now: object) -> None:
        session.connect(dan, DeviceId(new_secret_id()), ctx.clock())

    await carry_out(ctx, session, come)
    return case, session


async def seat_of(ctx: Context, session: SessionId, name: str) -> Seat:
    found = await sessions.state(ctx, session)
    return next(seat for seat in found.seats.values() if seat.name == name)


async def versions(ctx: Context, session: SessionId) -> dict[str, int]:
    found = await sessions.state(ctx, session)
    return {seat.name: seat.link_version for seat in found.seats.values()}


NEW = {"王敏": 1, "Alice": 1, "Bob": 1, "Dan": 2}
"""Dan's link has been replaced, and nobody else's."""


async def test_a_party_who_leaves_is_cut_and_their_link_opens_nothing(
    ctx: Context, world: World, staff: Staff
) -> None:
    case, session = await a_meeting(ctx, world, staff)
    dan = case.parties[2]
    assert (await seat_of(ctx, session, "Dan")).present
    await parties.leave(ctx, staff.wang, case.id, dan.id, "Not involved")
    assert await versions(ctx, session) == NEW
    seat = await seat_of(ctx, session, "Dan")
    assert (seat.present, seat.device) == (False, None)
    # The later work finds it done; so it does when the mediator has given the seat a new link.
    await later.do_all(ctx, JOBS)
    assert await versions(ctx, session) == NEW
    async with ctx.store.read() as conn:
        sent = [n for n in await notices.of_case(conn, case.id) if n.to_id == dan.id]
    with refused("party_has_left"):
        await notice_log.again(ctx, staff.wang, case.id, sent[0].id, new_id())
    # Nor are they sent the invitation that was still to go out.
    async with ctx.store.read() as conn:
        assert await inviting.called_off(ctx, conn, NoticeName.SESSION_BOOKED, {"seat": seat.id})


async def test_once_more_after_they_came_back(ctx: Context, world: World, staff: Staff) -> None:
    case, session = await a_meeting(ctx, world, staff)
    dan = case.parties[2].id
    await parties.leave(ctx, staff.wang, case.id, dan, "Not involved")
    await parties.come_back(ctx, staff.wang, case.id, dan)
    await parties.leave(ctx, staff.wang, case.id, dan, "Not involved after all")
    assert (await versions(ctx, session))["Dan"] == 3


async def test_a_party_that_a_split_moves_away_is_cut_too(
    ctx: Context, world: World, staff: Staff
) -> None:
    case, session = await a_meeting(ctx, world, staff)
    goes = {case.parties[2].id: Goes.MOVES}
    await joining.split(ctx, staff.wang, case.id, "Another", goes, "why", new_id())
    assert await versions(ctx, session) == NEW


async def test_a_crash_in_between_is_caught_up(
    ctx: Context, world: World, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, session = await a_meeting(ctx, world, staff)

    class Killed(Exception):
        pass

    async def killed(ctx: Context, case: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(unseating, "now", killed)
        with pytest.raises(Killed):
            await parties.leave(ctx, staff.wang, case.id, case.parties[2].id, "Not involved")
    assert (await versions(ctx, session))["Dan"] == 1
    await later.do_all(ctx, JOBS)
    assert await versions(ctx, session) == NEW


async def test_nobody_changes_side_while_they_have_a_seat(
    ctx: Context, world: World, staff: Staff
) -> None:
    case, session = await a_meeting(ctx, world, staff)
    dan = case.parties[2].id
    async with ctx.store.read() as conn:
        _, _, line = await parties.one(ctx, conn, staff.wang, case.id, dan)
    with refused("party_booked"):
        await parties.change(ctx, staff.wang, case.id, dan, Typed("Dan", {}, side="B"), line.stamp)
    assert [p.side for p in (await fresh(ctx, case)).parties] == ["A", "B", "A"]
    await booked.cancel(ctx, staff.wang, session)
    await parties.change(ctx, staff.wang, case.id, dan, Typed("Dan", {}, side="B"), line.stamp)
    assert [p.side for p in (await fresh(ctx, case)).parties] == ["A", "B", "B"]


async def together(ctx: Context, world: World, staff: Staff) -> tuple[Case, SessionId]:
    """A meeting of Wang with Li as co-mediator, and Alice."""
    case = await matter(ctx, world.station, world.wang)
    await give(ctx, staff.clerk, case.id, staff.li.id, HandlerRole.CO_MEDIATOR)
    seats = [
        NewSeat(Role.PARTY, "A", "Alice", party=case.parties[0].id),
        NewSeat(Role.CO_MEDIATOR, None, staff.li.name, user=staff.li.id),
    ]
    at = ctx.clock() + timedelta(hours=1)
    return case, await bookings.book(ctx, staff.wang, case.id, at, seats, new_id())


async def test_a_co_mediator_whose_work_ends_is_cut(
    ctx: Context, world: World, staff: Staff
) -> None:
    case, session = await together(ctx, world, staff)
    await handling.end(ctx, staff.clerk, case.id, staff.li.id)
    assert await versions(ctx, session) == {"王敏": 1, "Alice": 1, "李强": 2}


async def test_and_one_who_goes_on_as_its_clerk(ctx: Context, world: World, staff: Staff) -> None:
    case, session = await together(ctx, world, staff)
    await give(ctx, staff.clerk, case.id, staff.li.id, HandlerRole.CLERK)
    assert await versions(ctx, session) == {"王敏": 1, "Alice": 1, "李强": 2}


async def test_but_not_one_who_takes_it_over(ctx: Context, world: World, staff: Staff) -> None:
    case, session = await together(ctx, world, staff)
    await give(ctx, staff.clerk, case.id, staff.li.id, HandlerRole.MEDIATOR, "ill")
    found = (await sessions.state(ctx, session)).seats.values()
    assert {seat.role: seat.link_version for seat in found} == {
        Role.HOST: 2,
        Role.CO_MEDIATOR: 1,
        Role.PARTY: 1,
    }


async def test_and_one_who_leaves(ctx: Context, world: World, staff: Staff) -> None:
    _, session = await together(ctx, world, staff)
    await leaving.leave(ctx, staff.administrator, staff.li.id, staff.lawyer.id)
    assert await versions(ctx, session) == {"王敏": 1, "Alice": 1, "李强": 2}


async def test_who_hosts_a_meeting_is_not_taken_off_its_case(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.write() as conn:
        co, case = HandlerRole.CO_MEDIATOR, world.case.id
        await cases.add_handler(conn, case, staff.lawyer.id, co, ctx.clock())
        await meeting(conn, world.case, staff.lawyer.id, ["Alice"])
    with refused("hosts_meeting"):
        await handling.end(ctx, staff.clerk, case, staff.lawyer.id)


async def test_a_role_stays_while_open_matters_or_meetings_need_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    role = (StaffRole.MEDIATOR, world.station.id)
    with refused("role_at_work"):
        await users.revoke(ctx, staff.administrator, staff.wang.id, *role)
    # With another role that reaches there as well, nothing is lost.
    await users.give(ctx, staff.administrator, staff.wang.id, StaffRole.LAWYER, world.station.id)
    await users.revoke(ctx, staff.administrator, staff.wang.id, *role)
    async with ctx.store.read() as conn:
        found = await users_stored.find(conn, staff.wang.id)
    assert found is not None
    assert [grant.role for grant in found.grants] == [StaffRole.LAWYER]
