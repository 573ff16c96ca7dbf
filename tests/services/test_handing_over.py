"""A case goes to another mediator, with its meetings; who works on it beside its mediator."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.domain.case import CaseStatus, HandlerRole
from server.domain.ids import DeviceId
from server.domain.rights import Verb
from server.domain.seat import Role
from server.domain.session import Session
from server.security.ids import new_id
from server.services import (
    bookings,
    cases,
    handling,
    notes,
    offers,
    screenings,
)
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.live import carry_out
from server.store import sessions
from tests.services.come_in import (
    accepted,
    assigned,
    give,
    load,
    notices_of,
    offered,
    roles_in,
)
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store.world import World

MEDIATOR, CO, CLERK = HandlerRole.MEDIATOR, HandlerRole.CO_MEDIATOR, HandlerRole.CLERK


async def test_a_clerk_of_the_case_opens_it_and_reads_no_screening(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    with refused("mediator_first"):
        await give(ctx, staff.clerk, case, staff.li.id, CO)
    await give(ctx, staff.clerk, case, staff.wang.id)
    await give(ctx, staff.clerk, case, staff.li.id, CLERK)
    with refused("handles_already"):
        await give(ctx, staff.clerk, case, staff.li.id, CLERK)
    assert (await cases.page(ctx, staff.li, case)).case.id == case
    with refused("not_allowed"):
        await screenings.page(ctx, staff.li, case, "A")
    # Nor do they make themself who does.
    with refused("not_allowed"):
        await give(ctx, staff.li, case, staff.li.id, CO)
    await give(ctx, staff.clerk, case, staff.li.id, CO)
    with refused("not_allowed"):
        await give(ctx, staff.li, case, staff.li.id, MEDIATOR, "why")
    assert await roles_in(ctx, case) == {staff.wang.id: MEDIATOR, staff.li.id: CO}
    assert (await screenings.page(ctx, staff.li, case, "A")).side == "A"
    await handling.end(ctx, staff.wang, case, staff.li.id)
    await handling.end(ctx, staff.wang, case, staff.li.id)
    with refused("not_found"):
        await cases.page(ctx, staff.li, case)
    with refused("mediator_stays"):
        await handling.end(ctx, staff.clerk, case, staff.wang.id)


async def test_its_mediator_is_nothing_less_beside(
    ctx: Context, staff: Staff, world: World
) -> None:
    """Or the case would be left without one."""
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    for role in (HandlerRole.CO_MEDIATOR, HandlerRole.CLERK):
        with refused("handles_already"):
            await handling.assign(
                ctx, staff.clerk, case, staff.wang.id, role, new_id(), agreed=True
            )


async def test_handed_over_at_once_with_its_planned_meetings(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    party = NewSeat(Role.PARTY, "A", "周丽华")
    session = await bookings.book(
        ctx, staff.clerk, case, clock() + timedelta(days=1), [party], new_id()
    )
    with refused("words_missing"):
        await give(ctx, staff.wang, case, staff.li.id)
    await give(ctx, staff.wang, case, staff.li.id, why="休产假")
    assert await roles_in(ctx, case) == {staff.li.id: MEDIATOR}
    assert (await load(ctx, case)).status is CaseStatus.ASSIGNED
    assert (await notices_of(ctx, case)).count("handed_over") == 2
    with refused("not_found"):
        await cases.page(ctx, staff.wang, case)
    async with ctx.store.read() as conn:
        held = await sessions.load(conn, session)
        thing = await sessions.thing(conn, session)
        (note,) = await notes.of_case(ctx, conn, staff.li, case)
    assert held is not None
    assert thing is not None
    assert (held.main_host.name, held.main_host.link_version) == ("李强", 2)
    assert thing.host == staff.li.id
    assert note.note.body == "休产假"
    with refused("not_found"):
        await bookings.require(ctx, staff.wang, Verb.HOST, session)


async def test_handed_over_by_an_offer_it_stays_until_it_is_taken(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    offer = await offered(ctx, staff.wang, case, staff.li, why="工作调动")
    assert await roles_in(ctx, case) == {staff.wang.id: MEDIATOR}
    await offers.accept(ctx, staff.li, offer, knows_none=True, words="")
    assert await roles_in(ctx, case) == {staff.li.id: MEDIATOR}


async def test_nobody_takes_over_in_the_middle_of_a_meeting(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    offer = await offered(ctx, staff.wang, case, staff.li, why="工作调动")
    party = NewSeat(Role.PARTY, "A", "周丽华")
    session = await bookings.book(ctx, staff.wang, case, clock(), [party], new_id())

    def begin(held: Session, now: datetime) -> None:
        held.connect(held.main_host.id, DeviceId(new_id()), now)

    await carry_out(ctx, session, begin)
    with refused("meeting_open"):
        await offers.accept(ctx, staff.li, offer, knows_none=True, words="")
    with refused("meeting_open"):
        await give(ctx, staff.clerk, case, staff.li.id, why="病假")


async def test_the_host_is_the_mediator_whoever_books(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    await give(ctx, staff.clerk, case, staff.li.id, CO)
    party = NewSeat(Role.PARTY, "A", "周丽华")
    session = await bookings.book(ctx, staff.li, case, clock(), [party], new_id())
    async with ctx.store.read() as conn:
        thing = await sessions.thing(conn, session)
    assert thing is not None
    assert thing.host == staff.wang.id
