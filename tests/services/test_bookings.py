from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from server.domain.ids import CaseId, DeviceId, SeatId, SessionId
from server.domain.party import NAME_LENGTH
from server.domain.result import Result, ResultKind
from server.domain.rights import Verb
from server.domain.seat import Role
from server.domain.seating import SessionState
from server.domain.session import Session
from server.domain.user import User
from server.security.ids import new_id, new_secret_id
from server.security.tokens import check
from server.services import arrivals, audit, booked, bookings, meetings, sessions
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.live import carry_out
from server.store import sessions as stored
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store.world import NOON, World, matter

SEATS = [NewSeat(Role.PARTY, "A", "周丽华"), NewSeat(Role.PARTY, "B", " 孙 国强")]


async def book(
    ctx: Context,
    user: User,
    case: CaseId,
    starts_at: datetime = NOON,
    seats: list[NewSeat] | None = None,
    key: str | None = None,
) -> SessionId:
    return await bookings.book(
        ctx, user, case, starts_at, SEATS if seats is None else seats, key or new_id()
    )


async def test_whoever_may_be_a_party_can_be_booked(
    ctx: Context, staff: Staff, world: World
) -> None:
    name = "龘" * NAME_LENGTH
    seats = [NewSeat(Role.PARTY, "A", name), NewSeat(Role.PARTY, "B", "孙国强", beside=(name,))]
    session = await book(ctx, staff.wang, world.case.id, seats=seats)
    page = await meetings.page(ctx, staff.wang, session)
    assert page.seats[1].name == name


async def test_a_booked_session_has_a_seat_and_a_link_for_each(
    ctx: Context, staff: Staff, world: World
) -> None:
    session = await book(ctx, staff.wang, world.case.id)
    page = await meetings.page(ctx, staff.wang, session)
    assert [(s.role, s.side, s.name) for s in page.seats] == [
        (Role.HOST, None, "王敏"),
        (Role.PARTY, "A", "周丽华"),
        (Role.PARTY, "B", "孙 国强"),
    ]
    assert (page.state, page.starts_at) == (SessionState.PLANNED, NOON)
    assert (page.may_book, page.may_host) == (True, True)
    assert page.organisation == world.station
    for seat in page.seats:
        assert seat.link is not None
        address, _, token = seat.link.partition("#")
        assert address == f"https://heyi.example/j/{seat.id}"
        assert check(ctx.keys.link_key, seat.id, 1, token)
    assert await audit.verify(ctx) == []


async def test_who_hosts(ctx: Context, staff: Staff, world: World) -> None:
    """The user if the case is theirs, else who handles it."""
    for booker in (staff.wang, staff.clerk):
        session = await book(ctx, booker, world.case.id)
        async with ctx.store.read() as conn:
            thing = await stored.thing(conn, session)
        assert thing is not None
        assert thing.host == staff.wang.id


async def test_nobody_hosts_a_case_without_a_mediator(
    ctx: Context, staff: Staff, world: World
) -> None:
    async with ctx.store.write() as conn:
        case = await matter(conn, world.station, None)
    with refused("not_bookable"):
        await book(ctx, staff.clerk, case.id)


async def test_who_may_book(ctx: Context, staff: Staff, world: World) -> None:
    codes = {
        "li": "not_found",
        "zhao": "not_found",
        "far_clerk": "not_found",
        "lawyer": "not_found",
        "administrator": "not_found",
        "supervisor": "not_allowed",
    }
    for name, code in codes.items():
        with refused(code):
            await book(ctx, getattr(staff, name), world.case.id)


async def test_who_sees_a_session_and_its_links(ctx: Context, staff: Staff, world: World) -> None:
    for user, links, may_host in [
        (staff.wang, True, True),
        (staff.clerk, True, False),
        (staff.supervisor, False, False),
    ]:
        page = await meetings.page(ctx, user, world.session.id)
        assert [seat.link is not None for seat in page.seats] == [may_host, *[links] * 3]
        assert page.may_host == may_host
    for user in (staff.li, staff.zhao, staff.far_clerk, staff.lawyer, staff.administrator):
        with refused("not_found"):
            await meetings.page(ctx, user, world.session.id)


@pytest.mark.parametrize("session_id", ["", "nothing", "\0", "\udcff"])
async def test_no_session_under_a_wrong_address(
    ctx: Context, staff: Staff, session_id: str
) -> None:
    with refused("not_found"):
        await meetings.page(ctx, staff.wang, SessionId(session_id))


async def test_what_is_required_of_a_session(ctx: Context, staff: Staff, world: World) -> None:
    ours = world.session.id
    assert (await bookings.require(ctx, staff.wang, Verb.HOST, ours)).host == world.wang
    await bookings.require(ctx, staff.clerk, Verb.BOOK, ours)
    with refused("not_allowed"):
        await bookings.require(ctx, staff.clerk, Verb.HOST, ours)
    with refused("not_allowed"):
        await bookings.require(ctx, staff.supervisor, Verb.BOOK, ours)
    with refused("not_found"):
        await bookings.require(ctx, staff.zhao, Verb.HOST, ours)


async def test_only_those_who_may_book_cancel_and_reissue(
    ctx: Context, staff: Staff, world: World
) -> None:
    ours, before = world.session.id, await meetings.page(ctx, staff.wang, world.session.id)
    for user, code in [(staff.zhao, "not_found"), (staff.supervisor, "not_allowed")]:
        with refused(code):
            await sessions.reissue(ctx, user, ours, world.alice)
        with refused(code):
            await booked.cancel(ctx, user, ours)
    await sessions.reissue(ctx, staff.clerk, ours, world.alice)
    after = await meetings.page(ctx, staff.wang, ours)
    changed = [a.id for a, b in zip(before.seats, after.seats, strict=True) if a.link != b.link]
    assert changed == [world.alice]
    await booked.cancel(ctx, staff.clerk, ours)
    page = await meetings.page(ctx, staff.wang, ours)
    assert page.state is SessionState.CANCELLED
    assert [seat.link for seat in page.seats] == [None] * 4
    assert not page.may_host


async def test_a_form_sent_twice_books_once(ctx: Context, staff: Staff, world: World) -> None:
    made = await asyncio.gather(
        *(book(ctx, staff.wang, world.case.id, key="the form") for _ in range(5))
    )
    assert len(set(made)) == 1
    assert await audit.verify(ctx) == []


@pytest.mark.parametrize(
    ("seats", "code"),
    [
        ([], "nobody_booked"),
        ([NewSeat(Role.PARTY, "A", "人")] * 31, "too_many_seats"),
        ([NewSeat(Role.HOST, None, "人")], "role_unusable"),
        ([NewSeat(Role.RECORDER, None, "人")], "role_unusable"),
        ([NewSeat(Role.PARTY, None, "人")], "side_missing"),
        ([NewSeat(Role.REPRESENTATIVE, "", "人")], "side_missing"),
        ([NewSeat(Role.PARTY, "Z", "人")], "side_unknown"),
        ([NewSeat(Role.PARTY, "A", " ")], "name_missing"),
        ([NewSeat(Role.PARTY, "A", "人" * 201)], "name_unusable"),
        ([NewSeat(Role.PARTY, "A", "人\0")], "name_unusable"),
    ],
)
async def test_seats_that_cannot_be(
    ctx: Context, staff: Staff, world: World, seats: list[NewSeat], code: str
) -> None:
    with refused(code):
        await book(ctx, staff.wang, world.case.id, seats=seats)


@pytest.mark.parametrize("role", [Role.CO_MEDIATOR, Role.INTERPRETER, Role.CLERK, Role.OBSERVER])
async def test_neutral_people_are_of_no_side(
    ctx: Context, staff: Staff, world: World, role: Role
) -> None:
    session = await book(ctx, staff.wang, world.case.id, seats=[NewSeat(role, "A", "人")])
    page = await meetings.page(ctx, staff.wang, session)
    assert page.seats[1].side is None


async def test_times_that_cannot_be(ctx: Context, staff: Staff, world: World) -> None:
    for minutes, code in ((-31, "starts_in_the_past"), (400 * 24 * 60, "starts_too_far")):
        with refused(code):
            await book(ctx, staff.wang, world.case.id, NOON + timedelta(minutes=minutes))
    just_now = NOON - timedelta(minutes=30)
    assert await book(ctx, staff.wang, world.case.id, just_now), "they are on the telephone already"


async def come(ctx: Context, world: World, seat: SeatId) -> None:
    def connect(session: Session, now: datetime) -> None:
        session.connect(seat, DeviceId(new_secret_id()), now)

    await carry_out(ctx, world.session.id, connect)


async def today(ctx: Context, user: User) -> list[SessionId]:
    return [line.id for line in await meetings.today(ctx, user)]


async def test_today_is_the_day_in_the_organisations_zone(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    """In Shanghai the day begins at four in the afternoon, UTC."""
    case = world.case.id
    clock.forward(hours=-12)
    first = await book(ctx, staff.wang, case, datetime(2026, 11, 22, 16, 0, tzinfo=UTC))
    last = await book(ctx, staff.wang, case, datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    over = await book(ctx, staff.wang, case, datetime(2026, 11, 22, 15, 59, tzinfo=UTC))
    await carry_out(ctx, over, Session.cancel)
    coming = await book(ctx, staff.wang, case, datetime(2026, 12, 6, 15, 59, tzinfo=UTC))
    later = await book(ctx, staff.wang, case, datetime(2026, 12, 6, 16, 0, tzinfo=UTC))
    clock.forward(hours=12)
    mine = [first, world.session.id, last]
    assert await today(ctx, staff.wang) == [*mine, coming]
    for session in mine:
        await carry_out(ctx, session, Session.cancel)
    assert await today(ctx, staff.wang) == [*mine, coming]
    clock.forward(days=1)
    assert await today(ctx, staff.wang) == [coming, later]


async def test_a_session_that_has_not_begun_waits_for_a_week(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    clock.forward(days=7)
    assert await today(ctx, staff.wang) == [world.session.id]
    clock.forward(days=1)
    assert await today(ctx, staff.wang) == []


async def test_today_shows_what_one_may_see(ctx: Context, staff: Staff, world: World) -> None:
    ours, theirs = world.session.id, world.other_session.id
    assert await today(ctx, staff.wang) == [ours]
    assert await today(ctx, staff.zhao) == [theirs]
    assert await today(ctx, staff.clerk) == [ours]
    assert set(await today(ctx, staff.supervisor)) == {ours, theirs}
    for user in (staff.li, staff.lawyer, staff.administrator):
        assert await today(ctx, user) == []


async def test_today_says_who_waits_since_when(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    for seat in (world.opponent, world.alice):
        await come(ctx, world, seat)
        clock.forward(minutes=1)
    (line,) = await meetings.today(ctx, staff.clerk)
    assert [(w.seat, w.name, w.side, w.since) for w in line.waiting] == [
        (world.opponent, "Opponent", "B", NOON),
        (world.alice, "Alice", "A", NOON + timedelta(minutes=1)),
    ]
    page = await meetings.page(ctx, staff.clerk, world.session.id)
    assert [seat.waiting_since for seat in page.seats] == [
        None,
        NOON + timedelta(minutes=1),
        None,
        NOON,
    ]


async def test_a_session_still_open_stays_on_the_page(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    await come(ctx, world, world.host)
    clock.forward(days=2)
    assert await today(ctx, staff.wang) == [world.session.id]
    result = Result(ResultKind.AGREED, "谈成了")
    await carry_out(ctx, world.session.id, lambda s, now: s.end(world.host, result, now))
    assert await today(ctx, staff.wang) == []


async def test_a_link_opens_its_seat_and_no_other(ctx: Context, staff: Staff, world: World) -> None:
    page = await meetings.page(ctx, staff.wang, world.session.id)
    tokens = {seat.id: str(seat.link).partition("#")[2] for seat in page.seats}
    for seat in (world.alice, world.bob):
        assert (await arrivals.exchange(ctx, seat, tokens[seat], None, "192.0.2.1", "zh")).cookie
    with refused("link_invalid"):
        await arrivals.exchange(ctx, world.bob, tokens[world.alice], None, "192.0.2.1", "zh")
    with refused("link_invalid"):
        await arrivals.exchange(ctx, world.charlie, tokens[world.alice], None, "192.0.2.1", "zh")


async def test_the_session_of_a_case_belongs_to_its_organisation(
    ctx: Context, staff: Staff, world: World
) -> None:
    session_id = await book(ctx, staff.wang, world.case.id)
    async with ctx.store.read() as conn:
        session = await stored.load(conn, session_id)
    assert isinstance(session, Session)
    assert (session.case, session.organisation) == (world.case.id, world.station.id)
