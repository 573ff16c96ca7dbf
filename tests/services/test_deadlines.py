from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from server.domain.case import Case, CaseStatus, HandlerRole, Outcome, Source
from server.domain.deadlines import Deadline, DeadlineKind
from server.domain.note import NoteKind, Readers
from server.domain.notice import NoticeName
from server.domain.seat import Role
from server.domain.user import StaffRole
from server.security.ids import new_id
from server.services import (
    bookings,
    closing,
    deadlines,
    due_next,
    later,
    notes,
    offers,
    reminders,
    statuses,
    wishes,
    workdays,
)
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.jobs import JOBS
from server.store import deadlines as kept
from server.store import notices
from tests.services.conftest import Clock, Staff
from tests.services.matters import fresh, matter
from tests.store import world as worlds
from tests.store.world import World


async def test_what_is_due_next_stands_at_the_case(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Noon of Monday the 23rd of November 2026."""
    case = await matter(ctx, world.station, staff.wang.id, accepted=False)
    assert (case.due_kind, case.due_on) == ("decide", date(2026, 11, 26))
    async with ctx.store.write() as conn:
        case = await statuses.change(ctx, conn, case, CaseStatus.ACCEPTED, staff.wang.id)
    case = await fresh(ctx, case)
    assert (case.due_kind, case.due_on) == ("conclude", date(2026, 12, 23))
    async with ctx.store.write() as conn:
        await statuses.change(ctx, conn, case, CaseStatus.CLOSED, staff.wang.id)
    case = await fresh(ctx, case)
    assert (case.due_kind, case.due_on) == ("", None)


async def test_a_refresh_leaves_the_version_to_those_who_edit(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    async with ctx.store.write() as conn:
        await deadlines.refresh(ctx, conn, case)
    assert (await fresh(ctx, case)).version == case.version


async def test_a_call_meets_what_a_court_wants(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id, source=Source.COURT)
    assert (case.due_kind, case.due_on) == ("contact", date(2026, 11, 26))
    async with ctx.store.write() as conn:
        said = (NoteKind.CALL, Readers.CASE, "打过电话")
        await notes.add(ctx, conn, case.id, *said, staff.wang.id)
    case = await fresh(ctx, case)
    assert (case.due_kind, case.due_on) == ("conclude", date(2026, 12, 23))


async def test_a_booked_meeting_is_getting_in_touch(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    """At the moment that our clock showed, whatever the machine's does."""
    case = await matter(ctx, world.station, staff.wang.id, source=Source.COURT)
    clock.forward(hours=3)
    party = NewSeat(Role.PARTY, "B", "Bob")
    at = clock.now + timedelta(days=1)
    await bookings.book(ctx, staff.wang, case.id, at, [party], new_id())
    assert (await contact(ctx, case)).met_at == clock.now


async def test_a_note_that_was_struck_is_no_getting_in_touch(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id, source=Source.COURT)
    call = (NoteKind.CALL, Readers.CASE, "打错了")
    note = await notes.write(ctx, staff.wang, case.id, *call, new_id())
    assert (await contact(ctx, case)).met_at == ctx.clock()
    await notes.strike(ctx, staff.wang, case.id, note)
    assert (await contact(ctx, case)).open
    async with ctx.store.write() as conn:
        said = (NoteKind.NOTE, Readers.CASE, "想一想")
        await notes.add(ctx, conn, case.id, *said, staff.wang.id)
    assert (await contact(ctx, case)).open


async def test_parties_are_reminded_that_a_court_can_confirm_what_they_agreed(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    """Before its last day, and who handled it on that day; after it nobody is told off."""
    case = await matter(ctx, world.station, staff.wang.id)
    await closing.close(ctx, staff.wang, case.id, Outcome.AGREED, "说开了", (), new_id())
    assert await due_next_kind(ctx, case) is DeadlineKind.CONFIRM
    near = (NoticeName.DEADLINE_NEAR, staff.wang.id)
    parties = [(NoticeName.CONFIRM_AGREEMENT, party.id) for party in case.parties]
    for day, expected in ((17, []), (18, [*parties, near]), (23, [*parties, near, near])):
        clock.now = datetime(2026, 12, day, 4, tzinfo=UTC)
        await later.do_all(ctx, JOBS)
        assert await told(ctx, case.id) == expected
    clock.now = datetime(2026, 12, 24, 4, tzinfo=UTC)
    await later.do_all(ctx, JOBS)
    assert await told(ctx, case.id) == [*parties, near, near]
    assert await due_next_kind(ctx, case) is None


async def due_next_kind(ctx: Context, case: Case) -> DeadlineKind | None:
    found = await due_next.first(ctx, await fresh(ctx, case))
    return found.kind if found else None


async def contact(ctx: Context, case: Case) -> Deadline:
    async with ctx.store.read() as conn:
        found = await kept.of_case(conn, case.id)
    return next(x for x in found if x.kind is DeadlineKind.CONTACT)


async def told(ctx: Context, case_id: str) -> list[tuple[NoticeName, str]]:
    async with ctx.store.read() as conn:
        found = await notices.of_case(conn, case_id)  # type: ignore[arg-type]
    about = (
        NoticeName.DEADLINE_NEAR,
        NoticeName.DEADLINE_PASSED,
        NoticeName.MEDIATION_ENDS,
        NoticeName.CONFIRM_AGREEMENT,
    )
    return [(x.template, x.to_id) for x in reversed(found) if x.template in about]


async def test_who_handles_it_is_reminded_before_on_the_day_and_after(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    wang = staff.wang.id
    near, passed = (NoticeName.DEADLINE_NEAR, wang), (NoticeName.DEADLINE_PASSED, wang)
    parties = [(NoticeName.MEDIATION_ENDS, party.id) for party in case.parties]
    # Due on Wednesday the 23rd of December; three working days before is Friday the 18th.
    for day, expected in (
        (17, []),
        (18, [*parties, near]),
        (22, [*parties, near]),
        (23, [*parties, near, near]),
        (24, [*parties, near, near, passed]),
    ):
        clock.now = datetime(2026, 12, day, 4, tzinfo=UTC)
        await later.do_all(ctx, JOBS)
        await later.do_all(ctx, JOBS)
        assert await told(ctx, case.id) == expected


async def test_a_server_that_was_away_tells_only_how_it_stands(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    clock.forward(days=60)
    await later.do_all(ctx, JOBS)
    assert await told(ctx, case.id) == [(NoticeName.DEADLINE_PASSED, staff.wang.id)]


async def test_what_is_done_or_moved_is_not_reminded_of(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    async with ctx.store.write() as conn:
        await statuses.change(ctx, conn, case, CaseStatus.CLOSED, staff.wang.id)
    clock.forward(days=60)
    await later.do_all(ctx, JOBS)
    assert await told(ctx, case.id) == []


async def test_where_nobody_handles_it_the_nearest_clerks_are_told(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.write() as conn:
        top = await worlds.member(conn, world.bureau, StaffRole.CLERK, "top", "总台")
    near = await matter(ctx, world.station, None)
    async with ctx.store.read() as conn:
        assert await reminders.responsible(conn, near, world.station) == [staff.clerk.id]
        at_top = await reminders.responsible(conn, near, world.bureau)
    assert {staff.clerk.id, staff.far_clerk.id, top} >= set(at_top) >= {top}


async def test_days_that_become_known_move_what_is_open(
    ctx: Context, world: World, staff: Staff, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accepted on the 10th of January 2027: due on the 10th of February, which nobody knows yet
    to be in Spring Festival.
    """
    monkeypatch.setattr(workdays, "_PUBLISHED", frozenset({2026}))
    clock.now = datetime(2027, 1, 10, 4, tzinfo=UTC)
    case = await matter(ctx, world.station, staff.wang.id)
    async with ctx.store.read() as conn:
        (due,) = await due_next.of_case(ctx, conn, case)
    assert (due.on, due.provisional) == (date(2027, 2, 10), True)
    holidays = {date(2027, 2, day): (False, "春节") for day in range(8, 13)}
    worked = {date(2027, 2, 14): (True, "春节")}
    await workdays.enter(ctx, staff.administrator, 2027, holidays | worked)
    await later.do_all(ctx, JOBS)
    async with ctx.store.read() as conn:
        (due,) = await due_next.of_case(ctx, conn, await fresh(ctx, case))
        (stored,) = [x for x in await kept.of_case(conn, case.id) if x.open]
    # Sunday the 14th is worked.
    assert (due.on, due.provisional, due.kind) == (
        date(2027, 2, 14),
        False,
        DeadlineKind.CONCLUDE,
    )
    assert stored.due_on == due.on


async def test_today_shows_what_is_urgent_in_ones_own_cases(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    await matter(ctx, world.elsewhere, staff.zhao.id)
    assert await due_next.soon(ctx, staff.wang) == []
    clock.forward(days=32)
    (line,) = await due_next.soon(ctx, staff.wang)
    assert (line.case, line.kind, line.days) == (case.id, DeadlineKind.CONCLUDE, -2)
    assert [x.case for x in await due_next.soon(ctx, staff.clerk)] == [case.id]
    for nobody in (staff.li, staff.supervisor, staff.administrator):
        assert await due_next.soon(ctx, nobody) == []


async def test_whoever_is_asked_to_take_it_has_three_working_days(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, None)
    asked = await offers.offer(
        ctx, staff.clerk, case.id, staff.li.id, HandlerRole.MEDIATOR, new_id()
    )
    case = await fresh(ctx, case)
    assert (case.due_kind, case.due_on) == ("answer", date(2026, 11, 26))
    await offers.decline(ctx, staff.li, asked, "太忙")
    assert (await fresh(ctx, case)).due_kind == "conclude"


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        # Friday, Monday and Tuesday.
        (date(2026, 11, 26), date(2026, 12, 1)),
        # Friday, the Saturday that is worked, and the Tuesday after Spring Festival.
        (date(2026, 2, 12), date(2026, 2, 24)),
    ],
)
async def test_they_are_days_that_are_worked(
    ctx: Context, world: World, staff: Staff, clock: Clock, asked: date, until: date
) -> None:
    clock.now = datetime(asked.year, asked.month, asked.day, 4, tzinfo=UTC)
    case = await matter(ctx, world.station, None)
    role = HandlerRole.MEDIATOR
    await offers.offer(ctx, staff.clerk, case.id, staff.li.id, role, new_id())
    (line,) = await offers.of_case(ctx, staff.clerk, case)
    assert line.offer.answer_by == until


async def test_a_side_alone_has_not_chosen_together(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, None, source=Source.COURT)
    assert case.due_kind == "choose"
    for side, mediator, kind in (
        ("A", staff.wang, "choose"),
        ("B", staff.li, "choose"),
        ("B", staff.wang, "take"),
    ):
        async with ctx.store.write() as conn:
            await wishes.wish(ctx, conn, case.id, side, mediator.id)
        assert (await fresh(ctx, case)).due_kind == kind
