"""Giving a matter to somebody: offered, answered, handed over, and never across a conflict."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from server.domain.assignment import Answer, Offer
from server.domain.case import CaseKind, CaseStatus, HandlerRole, Outcome
from server.domain.conflict import Ground
from server.domain.errors import Refused
from server.domain.ids import CaseId, DeviceId, OfferId, UserId
from server.domain.proposal import Reason
from server.domain.rights import Verb
from server.domain.seat import Role
from server.domain.session import Session
from server.domain.user import User
from server.security.ids import new_id
from server.services import (
    bookings,
    cases,
    closing,
    deciding,
    handling,
    joining,
    notes,
    offers,
    proposals,
    screenings,
    status,
    wishes,
)
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.live import carry_out
from server.services.opening import NewParty
from server.store import cases as stored
from server.store import deadlines, notices, sessions
from server.store import offers as stored_offers
from tests.services.come_in import accepted, applied, assigned, give, load
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store.world import World

MEDIATOR, CO, CLERK = HandlerRole.MEDIATOR, HandlerRole.CO_MEDIATOR, HandlerRole.CLERK


async def ask(
    ctx: Context, clerk: User, case: CaseId, who: User, role: HandlerRole = MEDIATOR, why: str = ""
) -> OfferId:
    return await offers.offer(ctx, clerk, case, who.id, role, new_id(), why=why)


async def roles(ctx: Context, case: CaseId) -> dict[UserId, HandlerRole]:
    async with ctx.store.read() as conn:
        return dict(await stored.handlers(conn, case))


async def told(ctx: Context, case: CaseId) -> list[str]:
    async with ctx.store.read() as conn:
        return sorted(n.template for n in await notices.of_case(conn, case))


# ---- offered and answered ---------------------------------------------------------------------


async def test_offered_seen_taken_on(ctx: Context, world: World, staff: Staff) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    offer = await ask(ctx, staff.clerk, case, staff.wang)
    (asked,) = await offers.mine(ctx, staff.wang)
    assert (asked.id, asked.title, asked.place) == (offer, "楼上漏水", "河东所")
    assert asked.people == ("周丽华", "孙国强")
    # Monday noon: Thursday is the third working day.
    assert str(asked.answer_by) == "2026-11-26"
    with refused("not_found"):
        await cases.page(ctx, staff.wang, case)
    assert await roles(ctx, case) == {}
    await offers.accept(ctx, staff.wang, offer, knows_none=True, words="")
    assert (await load(ctx, case)).status is CaseStatus.ASSIGNED
    assert await roles(ctx, case) == {staff.wang.id: MEDIATOR}
    page = await cases.page(ctx, staff.wang, case)
    assert [(h.name, h.role) for h in page.handlers] == [("王敏", MEDIATOR)]
    assert (await told(ctx, case)).count("mediator_assigned") == 2
    assert "mediator_offered" in await told(ctx, case)
    assert await offers.mine(ctx, staff.wang) == []


@pytest.mark.parametrize("who", ["li", "zhao", "clerk", "supervisor", "lawyer"])
async def test_nobody_else_sees_or_answers_it(
    ctx: Context, world: World, staff: Staff, who: str
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    offer = await ask(ctx, staff.clerk, case, staff.wang)
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
    offer = await ask(ctx, staff.clerk, case, staff.wang)
    with refused("words_missing"):
        await offers.accept(ctx, staff.wang, offer, knows_none=False, words=" ")
    answer = await offers.accept(ctx, staff.wang, offer, knows_none=False, words="邻居")
    assert answer is Answer.DISCLOSED
    assert await roles(ctx, case) == {}
    (line,) = await offers.of_case(ctx, staff.clerk, await load(ctx, case))
    assert (line.offer.answer, line.why) == (Answer.DISCLOSED, "邻居")
    assert "邻居" not in line.offer.why
    with refused("offer_over"):
        await offers.accept(ctx, staff.wang, offer, knows_none=True, words="")


async def test_declined_overdue_and_taken_back(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    first = await ask(ctx, staff.clerk, case, staff.wang)
    with refused("offered_already"):
        await ask(ctx, staff.clerk, case, staff.li)
    await offers.decline(ctx, staff.wang, first, "手上案子太多")
    second = await ask(ctx, staff.clerk, case, staff.li)
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
    offer = await ask(ctx, staff.clerk, case, staff.wang)
    answers = await asyncio.gather(
        offers.accept(ctx, staff.wang, offer, knows_none=True, words=""),
        offers.take_back(ctx, staff.clerk, case, offer),
        return_exceptions=True,
    )
    assert [a.code for a in answers if isinstance(a, Refused)] == ["offer_over"]
    given = await roles(ctx, case) == {staff.wang.id: MEDIATOR}
    assert given == (answers[0] is Answer.ACCEPTED)


async def test_given_at_once_nobody_else_is_asked_any_more(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    offer = await ask(ctx, staff.clerk, case, staff.wang)
    await give(ctx, staff.clerk, case, staff.li.id)
    assert await offers.mine(ctx, staff.wang) == []
    with refused("offer_over"):
        await offers.accept(ctx, staff.wang, offer, knows_none=True, words="")
    assert await roles(ctx, case) == {staff.li.id: MEDIATOR}


@pytest.mark.parametrize("joined", [False, True])
async def test_a_case_that_is_over_is_offered_to_nobody_and_nothing_is_due(
    ctx: Context, world: World, staff: Staff, joined: bool
) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    offer = await ask(ctx, staff.clerk, case, staff.li, CO)
    if joined:
        into = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
        await joining.join(ctx, staff.wang, case, into, "同一面墙", new_id())
    else:
        await closing.close(ctx, staff.wang, case, Outcome.AGREED, "谈成了", [], new_id())
    await shows_nothing(ctx, staff.li, offer)
    assert await offers.waiting(ctx, staff.clerk) == []
    async with ctx.store.read() as conn:
        assert [d for d in await deadlines.of_case(conn, case) if d.open] == []
    assert (await load(ctx, case)).due_on is None


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
        await ask(ctx, staff.clerk, case, staff.wang)
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


# ---- proposals, wishes, conflicts -------------------------------------------------------------


async def test_wishes_and_load_order_the_proposals(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    names = [p.candidate.profile.name for p in (await choose(ctx, staff, case)).proposals]
    # Wang has a case already.
    assert names == ["lawyer", "李强", "王敏"]
    for side in ("A", "B"):
        await wishes.record(ctx, staff.clerk, case, side, staff.wang.id, new_id())
    choice = await choose(ctx, staff, case)
    best = choice.proposals[0]
    assert best.candidate.profile.name == "王敏"
    assert Reason.ALL_WISH in best.reasons
    assert choice.wishes == {"A": "王敏", "B": "王敏"}
    await wishes.record(ctx, staff.clerk, case, "B", None, new_id())
    best = (await choose(ctx, staff, case)).proposals[0]
    assert Reason.ONE_WISHES in best.reasons
    with refused("side_unknown"):
        await wishes.record(ctx, staff.clerk, case, "Z", staff.wang.id, new_id())
    with refused("mediator_unknown"):
        await wishes.record(ctx, staff.clerk, case, "A", UserId(new_id()), new_id())


@pytest.mark.parametrize(
    ("parties", "who", "ground"),
    [
        ((NewParty("王 敏", "A"), NewParty("孙国强", "B")), "wang", Ground.SAME_NAME),
        ((NewParty("李强", "A"), NewParty("孙国强", "B")), "wang", Ground.COLLEAGUE),
        ((NewParty("李 强", "A"), NewParty("孙国强", "B")), "wang", Ground.COLLEAGUE),
        ((NewParty("李·强", "A"), NewParty("孙国强", "B")), "wang", Ground.COLLEAGUE),
        ((NewParty("孙国强", "A"), NewParty("河东所", "B")), "wang", Ground.OWN_UNIT),
    ],
)
async def test_nobody_with_a_conflict_is_proposed_or_given_it(
    ctx: Context,
    world: World,
    staff: Staff,
    parties: tuple[NewParty, ...],
    who: str,
    ground: Ground,
) -> None:
    case = await accepted(ctx, staff.clerk, world.station, parties)
    barred = getattr(staff, who)
    choice = await choose(ctx, staff, case)
    assert barred.name not in [p.candidate.profile.name for p in choice.proposals]
    aside = {a.profile.user: [c.ground for c in a.conflicts] for a in choice.aside}
    assert aside[barred.id] == [ground]
    with refused("conflict_found"):
        await ask(ctx, staff.clerk, case, barred)
    with refused("conflict_found"):
        await give(ctx, staff.clerk, case, barred.id)
    # Somebody has looked: it is another person of the same name.
    await offers.offer(ctx, staff.clerk, case, barred.id, MEDIATOR, new_id(), other_person=True)


async def test_who_has_advised_one_of_them_before_is_barred_and_who_mediated_is_named(
    ctx: Context, world: World, staff: Staff
) -> None:
    advised = await applied(ctx, world.station, (NewParty("孙国强", "A"),), CaseKind.CONSULTATION)
    await deciding.accept(ctx, staff.clerk, advised, new_id())
    await give(ctx, staff.clerk, advised, staff.wang.id)
    await assigned(ctx, staff.clerk, world.station, staff.li.id, (NewParty("周丽华", "A"),))
    case = await accepted(ctx, staff.clerk, world.station)
    choice = await choose(ctx, staff, case)
    assert [(a.profile.name, a.conflicts[0].ground) for a in choice.aside] == [
        ("王敏", Ground.ADVISED)
    ]
    li = next(p for p in choice.proposals if p.candidate.profile.user == staff.li.id)
    assert [(c.ground, c.name) for c in li.conflicts] == [(Ground.HANDLED, "周丽华")]


# ---- several on one case ----------------------------------------------------------------------


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
    assert await roles(ctx, case) == {staff.wang.id: MEDIATOR, staff.li.id: CO}
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
    assert await roles(ctx, case) == {staff.li.id: MEDIATOR}
    assert (await load(ctx, case)).status is CaseStatus.ASSIGNED
    assert (await told(ctx, case)).count("handed_over") == 2
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
    offer = await ask(ctx, staff.wang, case, staff.li, why="工作调动")
    assert await roles(ctx, case) == {staff.wang.id: MEDIATOR}
    await offers.accept(ctx, staff.li, offer, knows_none=True, words="")
    assert await roles(ctx, case) == {staff.li.id: MEDIATOR}


async def test_nobody_takes_over_in_the_middle_of_a_meeting(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    offer = await ask(ctx, staff.wang, case, staff.li, why="工作调动")
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


async def choose(ctx: Context, staff: Staff, case: CaseId) -> proposals.Choice:
    return await proposals.choice(ctx, staff.clerk, case)


async def test_only_who_decides_is_shown_proposals(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    for user, code in ((staff.wang, "not_found"), (staff.supervisor, "not_allowed")):
        with refused(code):
            await proposals.choice(ctx, user, case)
        with refused(code):
            await wishes.record(ctx, user, case, "A", staff.wang.id, new_id())


# ---- at the same moment -------------------------------------------------------------------------

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
        offer = await ask(ctx, staff.clerk, case, staff.wang)
        await outcomes(
            offers.take_back(ctx, staff.clerk, case, offer),
            handling.assign(ctx, staff.clerk, case, staff.li.id, MEDIATOR, new_id(), agreed=True),
        )
        assert await roles(ctx, case) == {staff.li.id: MEDIATOR}


async def test_taken_on_while_another_is_given_it(ctx: Context, world: World, staff: Staff) -> None:
    for _ in range(AT_ONCE):
        case = await accepted(ctx, staff.clerk, world.station)
        offer = await ask(ctx, staff.clerk, case, staff.wang)
        given = handling.assign(
            ctx, staff.clerk, case, staff.li.id, MEDIATOR, new_id(), agreed=True
        )
        await outcomes(offers.accept(ctx, staff.wang, offer, knows_none=True, words=""), given)
        assert list((await roles(ctx, case)).values()) == [MEDIATOR]


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
        assert await roles(ctx, case) == {host.id: MEDIATOR}
        assert session.main_host.name == host.name
