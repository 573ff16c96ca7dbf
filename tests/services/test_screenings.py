"""What a side says alone: kept sealed, read by its mediators only, and able to keep sides apart."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from server.domain.case import HandlerRole
from server.domain.consent import Purpose
from server.domain.ids import CaseId, DeviceId, SessionId
from server.domain.screening import Authority, Screening, Told
from server.domain.seat import Role
from server.domain.session import Session
from server.domain.space import SpaceKind
from server.security.ids import new_id
from server.services import bookings, later, parties, screenings, texts
from server.services import sessions as live
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.jobs import JOBS
from server.services.live import carry_out
from server.store import audit, cases, sessions, tables
from tests.services.come_in import assigned, give, load
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store.world import World

TOLD = Screening(
    violence=Told.YES, authority=Authority.ASKS, decides="哥哥", code_word="月亮", shuttle_only=True
)


async def keep(ctx: Context, staff: Staff, case: CaseId, told: Screening, side: str = "A") -> None:
    await screenings.keep(ctx, staff.wang, case, side, told, new_id())


@pytest.fixture
async def case(ctx: Context, world: World, staff: Staff) -> CaseId:
    return await assigned(ctx, staff.clerk, world.station, staff.wang.id)


async def test_kept_sealed_read_again_and_never_changed(
    ctx: Context, staff: Staff, case: CaseId
) -> None:
    await keep(ctx, staff, case, TOLD)
    await keep(ctx, staff, case, Screening(violence=Told.NO))
    page = await screenings.page(ctx, staff.wang, case, "A")
    assert [e.screening for e in page.entries] == [Screening(violence=Told.NO), TOLD]
    assert (page.names, page.entries[0].by_name) == (("周丽华",), "王敏")
    assert (await screenings.page(ctx, staff.wang, case, "B")).entries == ()
    async with ctx.store.read() as conn:
        kept = " ".join(await conn.scalars(select(tables.screening.c.body)))
        entries = await audit.of_chain(conn, f"case:{case}")
    assert "月亮" not in kept
    assert "yes" not in kept
    mine = [e for e in entries if e.verb.startswith("case.screen")]
    assert [e.verb for e in mine] == ["case.screened"] * 2 + ["case.screening_read"]
    assert all(set(e.body) == {"side"} for e in mine)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("clerk", "not_allowed"),
        ("supervisor", "not_allowed"),
        ("li", "not_found"),
        ("zhao", "not_found"),
        ("lawyer", "not_found"),
        ("administrator", "not_found"),
    ],
)
async def test_nobody_else_reads_or_writes_it(
    ctx: Context, staff: Staff, case: CaseId, who: str, code: str
) -> None:
    await keep(ctx, staff, case, TOLD)
    charlie = getattr(staff, who)
    with refused(code):
        await screenings.page(ctx, charlie, case, "A")
    with refused(code):
        await screenings.keep(ctx, charlie, case, "A", TOLD, new_id())
    assert await screenings.overview(ctx, charlie, await load(ctx, case)) == []


async def test_a_co_mediator_reads_it_until_they_are_none(
    ctx: Context, staff: Staff, case: CaseId
) -> None:
    await keep(ctx, staff, case, TOLD)
    await give(ctx, staff.clerk, case, staff.li.id, HandlerRole.CO_MEDIATOR)
    assert (await screenings.page(ctx, staff.li, case, "A")).entries
    await give(ctx, staff.clerk, case, staff.li.id, HandlerRole.CLERK)
    with refused("not_allowed"):
        await screenings.page(ctx, staff.li, case, "A")


async def test_only_sides_there_are(ctx: Context, staff: Staff, case: CaseId) -> None:
    for side, code in (("C", "not_found"), ("Z", "side_unknown")):
        with refused(code):
            await keep(ctx, staff, case, TOLD, side)


async def test_a_side_whose_last_party_went_is_read_and_lifted_all_the_same(
    ctx: Context, staff: Staff, case: CaseId
) -> None:
    await keep(ctx, staff, case, TOLD)
    first = next(p.id for p in (await load(ctx, case)).parties if p.side == "A")
    await parties.leave(ctx, staff.wang, case, first, "不是当事人")
    lines = await screenings.overview(ctx, staff.wang, await load(ctx, case))
    assert [(x.side, x.names) for x in lines] == [("A", ()), ("B", ("孙国强",))]
    (entry,) = (await screenings.page(ctx, staff.wang, case, "A")).entries
    assert entry.screening == TOLD
    await keep(ctx, staff, case, Screening())
    assert not (await load(ctx, case)).shuttle_only


async def test_a_server_that_died_in_between_follows_before_anybody_comes(
    ctx: Context, staff: Staff, case: CaseId, clock: Clock
) -> None:
    planned = await book(ctx, staff, case, clock())
    async with ctx.store.write() as conn:
        await cases.set_fields(conn, case, shuttle_only=True)
    await live.restart(ctx)
    assert await apart(ctx, planned)


async def test_any_side_can_make_it_shuttle_only_and_all_must_end_it(
    ctx: Context, staff: Staff, case: CaseId
) -> None:
    await keep(ctx, staff, case, TOLD)
    await keep(ctx, staff, case, Screening(), "B")
    assert (await load(ctx, case)).shuttle_only
    await keep(ctx, staff, case, Screening(), "A")
    assert not (await load(ctx, case)).shuttle_only


async def test_planned_meetings_follow_and_new_ones_begin_so(
    ctx: Context, staff: Staff, case: CaseId, clock: Clock
) -> None:
    planned = await book(ctx, staff, case, clock())
    assert not await apart(ctx, planned)
    await keep(ctx, staff, case, TOLD)
    assert await apart(ctx, planned)
    assert await apart(ctx, await book(ctx, staff, case, clock()))
    await keep(ctx, staff, case, Screening())
    assert not await apart(ctx, planned)


async def test_an_open_meeting_is_parted_at_once(
    ctx: Context, staff: Staff, case: CaseId, clock: Clock
) -> None:
    session_id = await open_meeting(ctx, staff, case, clock)
    await keep(ctx, staff, case, TOLD)
    assert await places(ctx, session_id) == [SpaceKind.JOINT, SpaceKind.SIDE, SpaceKind.SIDE]


async def test_an_open_meeting_is_parted_though_the_server_died_before(
    ctx: Context, staff: Staff, case: CaseId, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await open_meeting(ctx, staff, case, clock)

    async def dies(*_: object) -> None:
        raise SystemError

    with monkeypatch.context() as dying:
        dying.setattr(screenings, "meetings_follow", dies)
        with pytest.raises(SystemError):
            await keep(ctx, staff, case, TOLD)
    assert await places(ctx, session_id) == [SpaceKind.JOINT] * 3
    await later.do_all(ctx, JOBS)
    assert await places(ctx, session_id) == [SpaceKind.JOINT, SpaceKind.SIDE, SpaceKind.SIDE]


async def open_meeting(ctx: Context, staff: Staff, case: CaseId, clock: Clock) -> SessionId:
    """Everybody is there and together."""
    session_id = await book(ctx, staff, case, clock() + timedelta(minutes=1))
    text = texts.current(Purpose.ONLINE_MEDIATION, "zh")

    def everybody_comes(session: Session, now: datetime) -> None:
        for seat in list(session.seats.values()):
            session.connect(seat.id, DeviceId(new_id()), now)
            if not seat.hosting:
                session.say_name(seat.id, seat.name, now)
                session.consent(seat.id, text, now)
                session.admit(session.main_host.id, seat.id, now)

    await carry_out(ctx, session_id, everybody_comes)
    assert await places(ctx, session_id) == [SpaceKind.JOINT] * 3
    return session_id


async def book(ctx: Context, staff: Staff, case: CaseId, at: datetime) -> SessionId:
    seats = [NewSeat(Role.PARTY, "A", "周丽华"), NewSeat(Role.PARTY, "B", "孙国强")]
    return await bookings.book(ctx, staff.wang, case, at, seats, new_id())


async def held(ctx: Context, session_id: SessionId) -> Session:
    async with ctx.store.read() as conn:
        found = await sessions.load(conn, session_id)
    assert found is not None
    return found


async def apart(ctx: Context, session_id: SessionId) -> bool:
    return (await held(ctx, session_id)).shuttle_only


async def places(ctx: Context, session_id: SessionId) -> list[SpaceKind | None]:
    session = await held(ctx, session_id)
    return [session.kind_of(seat) for seat in session.seats.values()]
