"""A matter is offered, answered and taken back, and several do so at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from server.domain.assignment import Answer, Offer
from server.domain.case import CaseStatus, HandlerRole, Outcome
from server.domain.deadlines import DeadlineKind
from server.domain.errors import Refused
from server.domain.ids import OfferId
from server.domain.seat import Role
from server.domain.session import Session
from server.domain.user import User
from server.security.ids import new_id
from server.services import (
    bookings,
    cases,
    closing,
    handling,
    joining,
    offers,
    status,
)
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.live import carry_out
from server.store import deadlines, sessions
from server.store import offers as stored_offers
from tests.services.come_in import (
    accepted,
    applied,
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


async def test_offered_seen_taken_on(ctx: Context, world: World, staff: Staff) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    offer = await offered(ctx, staff.clerk, case, staff.wang)
    (asked,) = await offers.mine(ctx, staff.wang)
    assert (asked.id, asked.title, asked.place) == (offer, "楼上漏水", "河东所")
    assert asked.people == ("周丽华", "孙国强")
    # Monday noon: Thursday is the third working day.
    assert str(asked.answer_by) == "2026-11-26"
    with refused("not_found"):
        await cases.page(ctx, staff.wang, case)
    assert await roles_in(ctx, case) == {}
    await offers.accept(ctx, staff.wang, offer, knows_none=True, words="")
    assert (await load(ctx, case)).status is CaseStatus.ASSIGNED
    assert await roles_in(ctx, case) == {staff.wang.id: MEDIATOR}
    page = await cases.page(ctx, staff.wang, case)
    assert [(h.name, h.role) for h in page.handlers] == [("王敏", MEDIATOR)]
    assert (await notices_of(ctx, case)).count("mediator_assigned") == 2
    assert "mediator_offered" in await notices_of(ctx, case)
    assert await offers.mine(ctx, staff.wang) == []


@pytest.mark.parametrize("who", ["li", "zhao", "clerk", "supervisor", "lawyer"])
async def test_nobody_else_sees_or_answers_it(
    ctx: Context, world: World, staff: Staff, who: str
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    offer = await offered(ctx, staff.clerk, case, staff.wang)
    charlie = getattr(staff, who)
    assert await offers.mine(ctx, charlie) == []
    for answer in (
        offers.to_me(ctx, charlie, offer),
        offers.accept(ctx, charlie, offer, knows_none=True, words=""),
        offers.decline(ctx, charlie, offer, "不方便"),
    ):
        with refused("not_found"):
            await answer
    if who != "clerk":
        with pytest.raises(Refused):
            await offers.take_back(ctx, charlie, case, offer)


async def test_who_knows_somebody_does_not_get_it(ctx: Context, world: World, staff: Staff) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    offer = await offered(ctx, staff.clerk, case, staff.wang)
    with refused("words_missing"):
        await offers.accept(ctx, staff.wang, offer, knows_none=False, words=" ")
    answer = await offers.accept(ctx, staff.wang, offer, knows_none=False, words="邻居")
    assert answer is Answer.DISCLOSED
    assert await roles_in(ctx, case) == {}
    (line,) = await offers.of_case(ctx, staff.clerk, await load(ctx, case))
    assert (line.offer.answer, line.why) == (Answer.DISCLOSED, "邻居")
    assert "邻居" not in line.offer.why
    with refused("offer_over"):
        await offers.accept(ctx, staff.wang, offer, knows_none=True, words="")


async def test_declined_overdue_and_taken_back(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    first = await offered(ctx, staff.clerk, case, staff.wang)
    with refused("offered_already"):
        await offered(ctx, staff.clerk, case, staff.li)
    await offers.decline(ctx, staff.wang, first, "手上案子太多")
    second = await offered(ctx, staff.clerk, case, staff.li)
    assert [x.overdue for x in await offers.waiting(ctx, staff.clerk)] == [False]
    clock.now += timedelta(days=4)
    assert [x.overdue for x in await offers.waiting(ctx, staff.clerk)] == [True]
    assert await offers.waiting(ctx, staff.far_clerk) == []
    await offers.take_back(ctx, staff.clerk, case, second)
    assert await offers.waiting(ctx, staff.clerk) == []
    with refused("offer_over"):
        await offers.accept(ctx, staff.li, second, knows_none=True, words="")
    found = await offers.of_case(ctx, staff.clerk, await load(ctx, case))
    assert [x.offer.answer for x in found] == [Answer.TAKEN_BACK, Answer.DECLINED]


async def test_taken_back_and_taken_on_at_once_is_one_of_them(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    offer = await offered(ctx, staff.clerk, case, staff.wang)
    answers = await asyncio.gather(
        offers.accept(ctx, staff.wang, offer, knows_none=True, words=""),
        offers.take_back(ctx, staff.clerk, case, offer),
        return_exceptions=True,
    )
    assert [a.code for a in answers if isinstance(a, Refused)] == ["offer_over"]
    given = await roles_in(ctx, case) == {staff.wang.id: MEDIATOR}
    assert given == (answers[0] is Answer.ACCEPTED)


async def test_given_at_once_nobody_else_is_asked_any_more(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    offer = await offered(ctx, staff.clerk, case, staff.wang)
    await give(ctx, staff.clerk, case, staff.li.id)
    assert await offers.mine(ctx, staff.wang) == []
    with refused("offer_over"):
        await offers.accept(ctx, staff.wang, offer, knows_none=True, words="")
    assert await roles_in(ctx, case) == {staff.li.id: MEDIATOR}


@pytest.mark.parametrize("joined", [False, True])
async def test_a_case_that_is_over_is_offered_to_nobody(
    ctx: Context, world: World, staff: Staff, joined: bool
) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    offer = await offered(ctx, staff.clerk, case, staff.li, CO)
    if joined:
        into = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
        await joining.join(ctx, staff.wang, case, into, "同一面墙", new_id())
    else:
        await closing.close(ctx, staff.wang, case, Outcome.AGREED, "谈成了", [], new_id())
    await shows_nothing(ctx, staff.li, offer)
    assert await offers.waiting(ctx, staff.clerk) == []
    async with ctx.store.read() as conn:
        open_ones = [d.kind for d in await deadlines.of_case(conn, case) if d.open]
    # The agreement may still be confirmed by a court; that is nobody's of the office to do.
    assert open_ones == ([] if joined else [DeadlineKind.CONFIRM])


async def test_a_case_that_is_taken_back_is_offered_to_nobody_and_nothing_is_due(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await applied(ctx, world.station)
    now = ctx.clock()
    made = Offer(OfferId(new_id()), case, staff.li.id, MEDIATOR, None, now, now.date())
    async with ctx.store.write() as conn:
        await stored_offers.insert(conn, made)
    await status.withdraw(ctx, case, "")
    await shows_nothing(ctx, staff.li, made.id)
    async with ctx.store.read() as conn:
        assert [d for d in await deadlines.of_case(conn, case) if d.open] == []
    assert (await load(ctx, case)).due_on is None


async def shows_nothing(ctx: Context, user: User, offer: OfferId) -> None:
    assert await offers.mine(ctx, user) == []
    with refused("not_found"):
        await offers.to_me(ctx, user, offer)
    with refused("not_found"):
        await offers.accept(ctx, user, offer, knows_none=True, words="")
    async with ctx.store.read() as conn:
        kept = await stored_offers.find(conn, offer)
    assert kept is not None
    assert kept.answer is Answer.TAKEN_BACK


async def test_a_matter_that_is_not_accepted_is_nobodys(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await applied(ctx, world.station)
    with refused("status_changed"):
        await offered(ctx, staff.clerk, case, staff.wang)
    with refused("status_changed"):
        await give(ctx, staff.clerk, case, staff.wang.id)
    case = await accepted(ctx, staff.clerk, world.station)
    with refused("agreed_missing"):
        await handling.assign(
            ctx, staff.clerk, case, staff.wang.id, MEDIATOR, new_id(), agreed=False
        )
    # His role counts at another station: he could not open it.
    with refused("mediator_unknown"):
        await give(ctx, staff.clerk, case, staff.zhao.id)
    with refused("mediator_unknown"):
        await give(ctx, staff.clerk, case, staff.clerk.id)


AT_ONCE = 8
"""So many times: PostgreSQL ended one of two in about every other."""


async def outcomes(*both: Awaitable[object]) -> list[str]:
    """What two that go on at the same moment come to: refused, or "" for done."""
    done = await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), 30)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, Refused):
            raise one
    return [one.code if isinstance(one, Refused) else "" for one in done]


async def test_taken_back_while_another_is_given_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    for _ in range(AT_ONCE):
        case = await accepted(ctx, staff.clerk, world.station)
        offer = await offered(ctx, staff.clerk, case, staff.wang)
        await outcomes(
            offers.take_back(ctx, staff.clerk, case, offer),
            handling.assign(ctx, staff.clerk, case, staff.li.id, MEDIATOR, new_id(), agreed=True),
        )
        assert await roles_in(ctx, case) == {staff.li.id: MEDIATOR}


async def test_taken_on_while_another_is_given_it(ctx: Context, world: World, staff: Staff) -> None:
    for _ in range(AT_ONCE):
        case = await accepted(ctx, staff.clerk, world.station)
        offer = await offered(ctx, staff.clerk, case, staff.wang)
        given = handling.assign(
            ctx, staff.clerk, case, staff.li.id, MEDIATOR, new_id(), agreed=True
        )
        await outcomes(offers.accept(ctx, staff.wang, offer, knows_none=True, words=""), given)
        assert list((await roles_in(ctx, case)).values()) == [MEDIATOR]


async def test_a_meeting_opens_while_the_case_is_handed_over(
    ctx: Context, world: World, staff: Staff
) -> None:
    def opening(session: Session, now: datetime) -> None:
        session.open_joint(now)

    for _ in range(AT_ONCE):
        case = await accepted(ctx, staff.clerk, world.station)
        await give(ctx, staff.clerk, case, staff.wang.id)
        seats = [NewSeat(Role.PARTY, "A", "周丽华")]
        starts = ctx.clock() + timedelta(hours=1)
        meeting = await bookings.book(ctx, staff.wang, case, starts, seats, new_id())
        handed_over = handling.assign(
            ctx, staff.clerk, case, staff.li.id, MEDIATOR, new_id(), agreed=True, why="ill"
        )
        opened, handed = await outcomes(carry_out(ctx, meeting, opening), handed_over)
        assert opened != "unknown"
        async with ctx.store.read() as conn:
            session = await sessions.load(conn, meeting)
        assert session is not None
        host = staff.wang if handed == "meeting_open" else staff.li
        assert await roles_in(ctx, case) == {host.id: MEDIATOR}
        assert session.main_host.name == host.name
