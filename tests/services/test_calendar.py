"""The week as it is shown, and the next hour at which somebody is free."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from server.domain.booking import Hint, Span
from server.domain.ids import SessionId
from server.domain.progress import Progress, Step
from server.domain.seat import Role
from server.domain.seating import SessionPurpose
from server.services import booked, bookings, calendar, meetings
from server.services.bookings import NewSeat
from server.services.calendar import Week
from server.services.context import Context
from server.store import progress
from tests.services.conftest import Clock, Staff
from tests.services.matters import matter
from tests.store.world import NOON, World

HOUR = timedelta(hours=1)
# Tuesday 24 November, 10:00 in Shanghai; now it is Monday noon.
TUESDAY = datetime(2026, 11, 24, 2, tzinfo=UTC)


async def book(ctx: Context, staff: Staff, world: World, at: datetime = TUESDAY) -> SessionId:
    seats = [NewSeat(Role.PARTY, "A", "Alice", party=world.case.parties[0].id)]
    return await bookings.book(ctx, staff.wang, world.case.id, at, seats, f"form {at}")


def shown(week: Week) -> list[tuple[date, int, SessionId, str]]:
    return [
        (day.on, slot.at.hour, entry.id, entry.title)
        for day in week.days
        for slot in day.slots
        for entry in slot.begin
    ]


async def test_one_sees_the_meetings_one_may_read(ctx: Context, staff: Staff, world: World) -> None:
    session = await book(ctx, staff, world)
    mine = {
        world.session.id: (date(2026, 11, 23), 12),
        session: (date(2026, 11, 24), 10),
    }
    for user in (staff.wang, staff.clerk):
        week = await calendar.week(ctx, user, None)
        assert {i: (on, hour) for on, hour, i, _ in shown(week)} == mine
        assert week.monday == date(2026, 11, 23)
    everybodys = await calendar.week(ctx, staff.supervisor, None)
    assert {i for _, _, i, _ in shown(everybodys)} == {*mine, world.other_session.id}
    assert not everybodys.may_book
    for user in (staff.li, staff.zhao, staff.lawyer):
        assert not {i for _, _, i, _ in shown(await calendar.week(ctx, user, None))} & mine.keys()
    assert shown(await calendar.week(ctx, staff.wang, date(2026, 12, 3))) == []


async def test_what_is_taken_is_not_free(ctx: Context, staff: Staff, world: World) -> None:
    await book(ctx, staff, world, TUESDAY + HOUR / 2)
    week = await calendar.week(ctx, staff.wang, None)
    monday, tuesday, *_, sunday = week.days
    assert (monday.today, monday.works, sunday.works) == (True, True, False)
    taken = {slot.at.hour for slot in tuesday.slots if slot.taken}
    assert taken == {10, 11}
    assert {slot.at.hour for slot in monday.slots if slot.bookable} == set(range(13, 17))
    assert not any(slot.open for slot in sunday.slots)


async def test_of_a_colleague_one_sees_when_they_are_taken_and_no_more(
    ctx: Context, staff: Staff, world: World
) -> None:
    """The clerk of the other station sees Zhao's meetings there; one of Wang's is only *taken*."""
    ours = await matter(ctx, world.station, world.zhao)
    seats = [NewSeat(Role.PARTY, "A", "Alice", party=ours.parties[0].id)]
    hidden = await bookings.book(ctx, staff.clerk, ours.id, TUESDAY, seats, "form")
    every = await calendar.week(ctx, staff.far_clerk, None)
    assert {i for _, _, i, _ in shown(every)} == {world.other_session.id}
    zhaos = await calendar.week(ctx, staff.far_clerk, None, world.zhao)
    assert zhaos.person == world.zhao
    titles = {i: bool(title) for _, _, i, title in shown(zhaos)}
    assert titles == {world.other_session.id: True, hidden: False}
    # Of somebody with whom one has nothing to do one sees nothing.
    assert (await calendar.week(ctx, staff.far_clerk, None, world.wang)).person is None


async def test_the_next_hour_proposed_is_one_at_which_the_host_is_free(
    ctx: Context, staff: Staff, world: World
) -> None:
    first = await calendar.propose(ctx, world.station, world.wang, HOUR, NOON)
    assert first == datetime(2026, 11, 23, 6, tzinfo=UTC), "after lunch"
    await book(ctx, staff, world, first)
    second = await calendar.propose(ctx, world.station, world.wang, HOUR, NOON)
    assert second == first + HOUR
    day = await calendar.day_of(ctx, staff.wang, world.wang, date(2026, 11, 23), world.station.zone)
    assert [(one.span.start, bool(one.title)) for one in day] == [(NOON, True), (first, True)]
    of_others = await calendar.day_of(
        ctx, staff.zhao, world.wang, date(2026, 11, 23), world.station.zone
    )
    assert [one.title for one in of_others] == ["", ""]


async def test_a_day_off_is_said(ctx: Context, world: World) -> None:
    sunday = Span.of(TUESDAY + timedelta(days=5), HOUR)
    assert await calendar.hints_of(ctx, world.station, sunday) == (Hint.NOT_WORKED,)


async def test_cases_for_which_one_may_book(ctx: Context, staff: Staff, world: World) -> None:
    await matter(ctx, world.station, None, title="not given to anybody")
    wall = await matter(ctx, world.station, world.wang, title="Boundary wall")
    found = {line.id for line in await calendar.cases_to_book(ctx, staff.wang, "")}
    assert found == {world.case.id, wall.id}
    assert [x.id for x in await calendar.cases_to_book(ctx, staff.wang, "wall")] == [wall.id]
    assert await calendar.cases_to_book(ctx, staff.supervisor, "") == []


async def test_today_says_who_has_not_tried_and_who_is_to_be_elsewhere(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    alice, opponent = world.case.parties
    seats = [
        NewSeat(Role.PARTY, "A", "Alice", party=alice.id),
        NewSeat(Role.PARTY, "B", "Opponent", party=opponent.id),
        NewSeat(Role.INTERPRETER, None, "Irma"),
    ]
    length = timedelta(minutes=90)
    session = await bookings.book(
        ctx, staff.wang, world.case.id, TUESDAY, seats, "form", length=length
    )
    alone = await bookings.book(
        ctx,
        staff.wang,
        world.case.id,
        TUESDAY + HOUR,
        seats[:1],
        "other form",
        purpose=SessionPurpose.PREPARATION,
    )
    page = await meetings.page(ctx, staff.wang, session)
    first = next(seat for seat in page.seats if seat.name == "Alice")
    async with ctx.store.write() as conn:
        tried = Progress(Step.DEVICES, rehearsal=True, at=clock(), microphone=True)
        await progress.keep(conn, first.id, tried)
    lines = {line.id: line for line in await meetings.today(ctx, staff.wang)}
    line = lines[session]
    assert (line.minutes, line.purpose, line.conflict) == (90, SessionPurpose.MEETING, True)
    assert line.untried == ("Opponent",)
    assert lines[alone].purpose is SessionPurpose.PREPARATION
    assert not lines[world.session.id].conflict
    again = await meetings.page(ctx, staff.wang, session)
    assert next(seat for seat in again.seats if seat.name == "Alice").tried == (tried,)
    await booked.cancel(ctx, staff.wang, alone)
    after = {line.id: line for line in await meetings.today(ctx, staff.wang)}
    assert not after[session].conflict
