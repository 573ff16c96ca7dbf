"""How a matter stands, for who has its code: nothing of the other side, and taken back in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from server.domain.case import CaseStatus, HandlerRole, Outcome, Source
from server.domain.errors import Refused
from server.domain.ids import CaseId, DeviceId, SessionId
from server.domain.matter_code import written
from server.domain.seat import Role
from server.domain.seating import SessionPurpose, SessionState
from server.domain.session import Session
from server.security.ids import new_id
from server.services import bookings, notes, status, statuses, wishes
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.live import carry_out
from server.services.status import Ended, Stage
from server.store import applications, audit, cases, profiles, sessions
from tests.services.applying import apply
from tests.services.booking import held
from tests.services.conftest import Clock, Staff
from tests.services.matters import fresh, matter
from tests.services.refusing import refused
from tests.store.world import NOON, World


async def move(ctx: Context, case_id: CaseId, *steps: CaseStatus, why: str = "") -> None:
    async with ctx.store.write() as conn:
        for step in steps:
            case = await cases.load(conn, case_id, lock=True)
            assert case is not None
            await statuses.change(ctx, conn, case, step, None, why)


async def test_a_code_is_read_however_it_is_typed(ctx: Context, world: World) -> None:
    case, code = await apply(ctx, world.station.id)
    for typed in (code, written(code).lower(), f" {code[:4]} {code[4:]} "):
        assert await status.entered(ctx, await status.enter(ctx, typed, "127.0.0.1")) == case


async def test_wrong_and_unknown_codes_are_answered_alike(ctx: Context, world: World) -> None:
    for typed in ("0000000000", "", "no code at all", "<script>", "𠮷" * 10):
        with refused("code_unknown"):
            await status.enter(ctx, typed, "127.0.0.1")


async def test_tries_are_counted_by_address_and_by_code(ctx: Context, world: World) -> None:
    _, code = await apply(ctx, world.station.id)
    with pytest.raises(Refused) as last:
        for _ in range(20):
            await status.enter(ctx, "0000000000", "10.0.0.1")
    assert last.value.code == "code_unknown"
    for n in range(20):
        with pytest.raises(Refused) as last:
            await status.enter(ctx, f"000000000{n % 10}", "10.0.0.2")
        if last.value.code == "too_many":
            break
    assert last.value.code == "too_many"
    # From many addresses at one code: it is closed for a while, and the others are not.
    for n in range(10):
        await status.enter(ctx, code, f"10.0.1.{n}")
    with refused("too_many"):
        await status.enter(ctx, code, "10.0.1.99")


async def test_it_is_shown_for_half_an_hour(ctx: Context, world: World, clock: Clock) -> None:
    case, code = await apply(ctx, world.station.id)
    token = await status.enter(ctx, code, "127.0.0.1")
    assert code not in token
    clock.forward(minutes=29)
    assert await status.entered(ctx, token) == case
    clock.forward(minutes=1)
    for wrong in (token, None, "", "x", token[:-4] + "AAAA", "𠮷"):
        with refused("status_over"):
            await status.entered(ctx, wrong)


async def test_parties_sent_by_a_court_see_among_whom_they_choose(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    """While they may still choose: of ours only those who wish to be seen."""
    case = (await matter(ctx, world.station, None, source=Source.COURT)).id
    async with ctx.store.write() as conn:
        for person in (staff.li.id, staff.zhao.id):
            await profiles.set_fields(conn, person, {"listed": True})
    found = (await status.standing(ctx, case)).choice
    assert found is not None
    assert (found.by, [one.user for one in found.people]) == (date(2026, 11, 25), [staff.li.id])
    clock.forward(days=3)
    assert (await status.standing(ctx, case)).choice is None
    clock.forward(days=-3)
    async with ctx.store.write() as conn:
        for side in "AB":
            await wishes.wish(ctx, conn, case, side, staff.li.id)
    assert (await status.standing(ctx, case)).choice is None
    other = (await matter(ctx, world.station, None)).id
    assert (await status.standing(ctx, other)).choice is None


async def test_the_way_of_a_matter(ctx: Context, world: World, clock: Clock) -> None:
    case, _ = await apply(ctx, world.station.id)
    found = await status.standing(ctx, case)
    assert (list(found.reached), found.may_withdraw) == ([Stage.APPLIED], True)
    await move(ctx, case, CaseStatus.ACCEPTED, CaseStatus.ASSIGNED)
    found = await status.standing(ctx, case)
    assert list(found.reached) == [Stage.APPLIED, Stage.ACCEPTED, Stage.MEDIATOR]
    assert (bool(found.number), found.may_withdraw, found.may_write) == (True, False, True)
    # Handed over and nobody has taken it yet: there is no mediator any more.
    await move(ctx, case, CaseStatus.ACCEPTED)
    assert Stage.MEDIATOR not in (await status.standing(ctx, case)).reached
    await move(ctx, case, CaseStatus.ASSIGNED, CaseStatus.MEDIATING, CaseStatus.CLOSED)
    async with ctx.store.write() as conn:
        await cases.set_fields(conn, case, outcome=Outcome.UNWILLING)
    found = await status.standing(ctx, case)
    assert (list(found.reached), found.ended) == (list(Stage), Ended.OTHERWISE)
    assert not found.may_write


async def test_the_next_meeting_and_whom_to_call(ctx: Context, world: World) -> None:
    found = await status.standing(ctx, world.case.id)
    assert found.next_meeting == world.session.starts_at
    assert found.mediators == ("王敏",)
    async with ctx.store.write() as conn:
        await cases.add_handler(conn, world.case.id, world.li, HandlerRole.CLERK, ctx.clock())
    assert (await status.standing(ctx, world.case.id)).mediators == ("王敏",)


async def test_a_talk_with_one_side_is_nobody_elses_to_know(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    sides = [NewSeat(Role.PARTY, p.side, p.name, party=p.id) for p in case.parties]
    day, alone = timedelta(days=1), SessionPurpose.PREPARATION

    async def begin(session_id: SessionId) -> None:
        def come(session: Session, now: datetime) -> None:
            for seat in list(session.seats):
                session.connect(seat, DeviceId(new_id()), now)

        await carry_out(ctx, session_id, come)
        assert (await held(ctx, session_id)).state is SessionState.OPEN

    first = await bookings.book(
        ctx, staff.wang, case.id, NOON + day, sides[:1], new_id(), purpose=alone
    )
    quiet = await status.standing(ctx, case.id)
    assert quiet.next_meeting is None
    async with ctx.store.read() as conn:
        assert await sessions.next_of(conn, [case.id]) == {case.id: NOON + day}, "staff see both"
    await begin(first)
    assert await status.standing(ctx, case.id) == quiet
    assert (await fresh(ctx, case)).status is CaseStatus.ASSIGNED
    second = await bookings.book(ctx, staff.wang, case.id, NOON + 2 * day, sides, new_id())
    assert (await status.standing(ctx, case.id)).next_meeting == NOON + 2 * day
    await begin(second)
    assert list((await status.standing(ctx, case.id)).reached)[-1] is Stage.MEETING


async def test_nothing_of_the_other_side_is_told(ctx: Context, world: World) -> None:
    case, _ = await apply(ctx, world.station.id)
    told = str(await status.standing(ctx, case))
    assert not [word for word in ("安居", "电梯", "退钱", "冯", "138") if word in told]


async def test_a_refusal_says_why(ctx: Context, world: World) -> None:
    case, _ = await apply(ctx, world.station.id)
    await move(ctx, case, CaseStatus.DECLINED, why="A court decides it. Go to the court.")
    found = await status.standing(ctx, case)
    assert found.refusal == "A court decides it. Go to the court."
    with refused("status_changed"):
        await status.withdraw(ctx, case, "")


async def test_taken_back_before_it_is_accepted(ctx: Context, world: World, staff: Staff) -> None:
    case, _ = await apply(ctx, world.station.id)
    assert await status.withdraw(ctx, case, "We have made peace.")
    assert await status.withdraw(ctx, case, "Twice")
    assert (await status.standing(ctx, case)).status is CaseStatus.WITHDRAWN
    async with ctx.store.read() as conn:
        (note,) = await notes.of_case(ctx, conn, staff.clerk, case)
        chain = await audit.of_chain(conn, f"case:{case}")
    assert "We have made peace." in note.note.body
    assert (note.note.by, note.by_name) == (None, "")
    assert "peace" not in str(chain)


async def test_later_it_is_a_word_to_the_mediator(ctx: Context, world: World, staff: Staff) -> None:
    case, _ = await apply(ctx, world.station.id)
    await move(ctx, case, CaseStatus.ACCEPTED)
    assert not await status.withdraw(ctx, case, "")
    assert (await status.standing(ctx, case)).status is CaseStatus.ACCEPTED
    async with ctx.store.read() as conn:
        assert len(await notes.of_case(ctx, conn, staff.clerk, case)) == 1
    with refused("withdraw_reason_unusable"):
        await status.withdraw(ctx, case, "a" * 501)


async def test_who_works_on_it_may_tell_the_code_again(
    ctx: Context, world: World, staff: Staff
) -> None:
    case, code = await apply(ctx, world.station.id)
    assert await status.code(ctx, staff.clerk, case) == code
    for user, why in ((staff.supervisor, "not_allowed"), (staff.far_clerk, "not_found")):
        with refused(why):
            await status.code(ctx, user, case)
        assert not await status.may_tell(ctx, user, case)
    async with ctx.store.read() as conn:
        told = [e for e in await audit.of_chain(conn, f"case:{case}") if e.verb == "case.code_told"]
    assert [entry.actor for entry in told] == [staff.clerk.id]
    # One from before there were codes gets one now, and keeps it.
    first = await status.code(ctx, staff.wang, world.case.id)
    assert await status.code(ctx, staff.wang, world.case.id) == first


async def test_a_code_that_leaked_is_replaced(ctx: Context, world: World, staff: Staff) -> None:
    case, old = await apply(ctx, world.station.id)
    cookie = await status.enter(ctx, old, "127.0.0.1")
    for user, why in ((staff.supervisor, "not_allowed"), (staff.far_clerk, "not_found")):
        with refused(why):
            await status.renew(ctx, user, case, "form")
    for _ in range(2):
        await status.renew(ctx, staff.clerk, case, "form")
    new = await status.code(ctx, staff.clerk, case)
    assert new != old
    # The old one finds nothing, nor does a device on which it had been typed.
    with refused("code_unknown"):
        await status.enter(ctx, old, "127.0.0.1")
    with refused("status_over"):
        await status.entered(ctx, cookie)
    assert await status.entered(ctx, await status.enter(ctx, new, "127.0.0.1")) == case
    async with ctx.store.read() as conn:
        chain = await audit.of_chain(conn, f"case:{case}")
        # The device it was applied from showed the code of its application.
        assert await applications.by_id(conn, case) is None
    assert [e.actor for e in chain if e.verb == "case.code_renewed"] == [staff.clerk.id]
    assert new not in str(chain)
    # A case from before there were codes gets its first one by it.
    await status.renew(ctx, staff.wang, world.case.id, "another form")
    assert len(await status.code(ctx, staff.wang, world.case.id)) == len(new)
