"""Who has a seat in a meeting is sent the link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from server.domain.case import Case, CaseStatus
from server.domain.ids import SessionId
from server.domain.notice import Channel, NoticeName, NoticeState, Reason
from server.domain.seat import Role
from server.services import (
    booked,
    bookings,
    meetings,
    notice_log,
    sessions,
    statuses,
)
from server.services import (
    parties as parties_of_case,
)
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.opening import NewParty
from server.store import cases, due
from server.store import sessions as sessions_stored
from server.store.notices import Notice
from tests.services.conftest import Clock, Staff
from tests.services.matters import BOB, matter
from tests.services.refusing import refused
from tests.services.telling import (
    MAIL,
    Providers,
    case_of,
    forward,
    of,
    page_of,
    with_providers,
    working,
)
from tests.store.world import World


@pytest.fixture
async def providers(ctx: Context) -> AsyncIterator[Providers]:
    async with with_providers(ctx) as found:
        yield found


async def by_mail(ctx: Context, case: Case) -> dict[NoticeName, Notice]:
    return {n.template: n for n in await of(ctx, case) if n.channel is Channel.EMAIL}


async def a_meeting(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> tuple[Case, SessionId]:
    """A meeting tomorrow, for Alice, Bob and an interpreter."""
    case = await case_of(ctx, world, email=MAIL)
    async with ctx.store.write() as conn:
        locked = await cases.load(conn, case.id, lock=True)
        assert locked is not None
        for status in (CaseStatus.ACCEPTED, CaseStatus.ASSIGNED):
            locked = await statuses.change(ctx, conn, locked, status, world.wang)
        await due.drop(conn, case.id)
    seats = [
        *(NewSeat(Role.PARTY, p.side, p.name, party=p.id) for p in case.parties),
        NewSeat(Role.INTERPRETER, None, "Irma"),
    ]
    at = clock.now + timedelta(days=1)
    return case, await bookings.book(ctx, staff.wang, case.id, at, seats, "form")


async def test_everybody_is_sent_their_own_link(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, box, _ = providers
    case, session = await a_meeting(ctx, world, staff, clock)
    page = await meetings.page(ctx, staff.wang, session)
    links = {seat.name: seat.link for seat in page.seats}
    found = (await page_of(ctx, staff, case)).notices
    assert {one.line.to for one in found} == {"Alice", "Bob", "Irma"}
    for one in found:
        for name, link in links.items():
            assert (str(link) in one.texts["zh"]) is (name == one.line.to)
    await working(ctx)
    assert [mail["To"] for mail in box.mails] == [MAIL]


async def test_sent_again_it_has_the_link_of_today(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, _, _ = providers
    case, session = await a_meeting(ctx, world, staff, clock)
    page = await meetings.page(ctx, staff.wang, session)
    alice = next(seat for seat in page.seats if seat.name == "Alice")
    await sessions.reissue(ctx, staff.wang, session, alice.id)
    notice = next(n for n in await of(ctx, case) if n.channel is Channel.EMAIL)
    await notice_log.again(ctx, staff.wang, case.id, notice.id, "again")
    page = await meetings.page(ctx, staff.wang, session)
    fresh = next(seat.link for seat in page.seats if seat.name == "Alice")
    assert fresh != alice.link
    texts = [one.texts["zh"] for one in (await page_of(ctx, staff, case)).notices]
    assert sum(str(fresh) in text for text in texts) == 1
    await booked.cancel(ctx, staff.wang, session)
    with refused("session_over"):
        await notice_log.again(ctx, staff.wang, case.id, notice.id, "too late")


async def test_nobody_is_invited_to_what_was_cancelled_meanwhile(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, box, _ = providers
    clock.forward(hours=10)
    case, session = await a_meeting(ctx, world, staff, clock)
    await working(ctx)
    await booked.cancel(ctx, staff.wang, session)
    await forward(ctx, clock)
    assert [mail["Subject"] for mail in box.mails] == ["视频调解取消了"]
    notice = (await by_mail(ctx, case))[NoticeName.SESSION_BOOKED]
    assert (notice.state, notice.error) == (NoticeState.FAILED, Reason.CALLED_OFF)


async def test_of_two_of_one_name_the_one_that_was_meant_is_invited(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    parties = (NewParty("Li", "A"), NewParty("Li", "A"), BOB)
    case = await matter(ctx, world.station, world.wang, parties=parties)
    second = case.parties[1]
    at = clock.now + timedelta(days=1)
    seats = [NewSeat(Role.PARTY, "A", "Li", party=second.id)]
    session = await bookings.book(ctx, staff.wang, case.id, at, seats, "form")
    assert {n.to_id for n in await of(ctx, case) if n.template == "session_booked"} == {second.id}
    async with ctx.store.read() as conn:
        held = await sessions_stored.load(conn, session)
    assert held is not None
    assert {seat.party for seat in held.seats.values()} == {None, second.id}
    await parties_of_case.leave(ctx, staff.wang, case.id, second.id, "Not they")
    with refused("party_has_left"):
        await bookings.book(ctx, staff.wang, case.id, at, seats, "another form")
