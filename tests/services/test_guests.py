"""Guests of a meeting are reached like parties: what is known of them is sealed at their seat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.domain.case import Case
from server.domain.ids import SessionId
from server.domain.notice import NoticeState, ToKind
from server.domain.seat import Role
from server.security.ids import new_id
from server.services import booked, bookings, calling, guests, meetings, notice_log, sessions
from server.services.bookings import NewSeat
from server.services.context import Context
from server.store import deadlines, tables
from tests.services.booking import (
    HOUR,
    WEDNESDAY,
    a_case,
    entry_in,
    held,
    seat_of,
    words_of,
)
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.services.telling import Providers, forward, of, page_of, with_providers, working
from tests.services.test_progress import cookie, sit
from tests.store.world import World

HERS = "irma@example.com"
PHONE = "13800000009"
IRMA = NewSeat(
    Role.INTERPRETER, None, "Irma", language="Zhuang", phone="138 0000 0009", email=f" {HERS} "
)
WILL = NewSeat(Role.WITNESS, "B", "Will")


@pytest.fixture
async def providers(ctx: Context) -> AsyncIterator[Providers]:
    async with with_providers(ctx) as found:
        yield found


async def a_meeting(ctx: Context, world: World, staff: Staff) -> tuple[Case, SessionId]:
    case = await a_case(ctx, world)
    seats = [NewSeat(Role.PARTY, "B", "Bob", party=case.parties[1].id), IRMA, WILL]
    return case, await bookings.book(ctx, staff.wang, case.id, WEDNESDAY, seats, new_id())


async def test_a_guest_is_told_whatever_a_party_is(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, box, _ = providers
    case, session = await a_meeting(ctx, world, staff)
    seat = seat_of(await held(ctx, session), "Irma")
    later_on = WEDNESDAY + timedelta(days=7)

    async def told() -> list[str]:
        await working(ctx)
        found = [mail for mail in box.mails if mail["To"] == HERS]
        box.mails.clear()
        link = bookings.seat_link(ctx, (await held(ctx, session)).seats[seat])
        for mail in found:
            if mail["Subject"] != "视频调解取消了":
                assert link in words_of(mail), "her own, and the one that is good now"
        if found and "提醒" not in str(found[0]["Subject"]):
            methods.extend(entry_in(m)[0]["method"] for m in found if list(m.iter_attachments()))
        return [str(mail["Subject"]) for mail in found]

    methods: list[str] = []
    assert len(await told()) == 1
    await booked.reschedule(ctx, staff.wang, session, later_on, HOUR)
    assert len(await told()) == 1
    await forward(ctx, clock)
    assert await told() == ["明天的视频调解，请先试一试链接"]
    await forward(ctx, clock)
    assert await told() == ["视频调解快开始了"]
    await sessions.reissue(ctx, staff.wang, session, seat)
    await booked.send_again(ctx, staff.wang, session, seat, "form")
    assert len(await told()) == 1
    await booked.cancel(ctx, staff.wang, session)
    assert len(await told()) == 1
    assert methods == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    mine = [n for n in await of(ctx, case) if n.to_id == seat]
    assert {n.to_kind for n in mine} == {ToKind.GUEST}
    assert {n.state for n in mine} == {NoticeState.SENT}


async def test_what_is_known_of_them_is_sealed_and_shown_masked(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, *_ = providers
    _, session = await a_meeting(ctx, world, staff)
    async with ctx.store.read() as conn:
        rows = (await conn.execute(select(tables.seat))).mappings().all()
    assert HERS not in str(rows)
    assert PHONE not in str(rows)
    page = await meetings.page(ctx, staff.wang, session)
    lines = {line.name: line for line in page.seats}
    assert lines["Irma"].contact == ("138****0009", "i***@example.com")
    assert lines["Irma"].reach == "email"
    assert [line.name for line in page.seats if line.guest] == ["Irma", "Will"]
    assert [line.name for line in page.by_hand] == ["Bob", "Will"]
    # A party's own is kept with the party, whatever a form says.
    assert bookings.checked(replace(IRMA, user=world.li)).phone == ""


async def test_whoever_books_gives_another_address_and_it_is_used_from_then_on(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, box, _ = providers
    case, session = await a_meeting(ctx, world, staff)
    found = await held(ctx, session)
    will, bob, host = seat_of(found, "Will"), seat_of(found, "Bob"), found.main_host.id
    await working(ctx)
    box.mails.clear()
    for phone, email, why in (("12", "", "phone_unusable"), ("", "will@", "email_unusable")):
        with refused(why):
            await guests.change(ctx, staff.wang, session, will, phone, email)
    for seat in (bob, host):
        with refused("not_a_guest"):
            await guests.change(ctx, staff.wang, session, seat, PHONE, "")
    with refused("not_found"):
        await guests.change(ctx, staff.far_clerk, session, will, PHONE, "")
    await guests.change(ctx, staff.wang, session, will, PHONE, "will@example.com")
    # What could not be sent before goes now, and to his own address.
    page = await page_of(ctx, staff, case)
    (his,) = [one.line.notice for one in page.notices if one.line.to == "Will"]
    assert his.state is NoticeState.NO_ADDRESS
    await notice_log.again(ctx, staff.wang, case.id, his.id, "form")
    await working(ctx)
    assert [mail["To"] for mail in box.mails] == ["will@example.com"]
    shown = await cookie(ctx, host)
    await sit(ctx, host, shown)
    assert await calling.number(ctx, host, shown, will) == PHONE
    await guests.change(ctx, staff.wang, session, will, "", "")
    assert await calling.number(ctx, host, shown, will) == ""
    lines = {line.name: line for line in (await meetings.page(ctx, staff.wang, session)).seats}
    assert lines["Will"].contact == ()
    assert lines["Will"].reach is None


async def test_a_guest_told_by_hand_is_not_a_party_spoken_to(
    ctx: Context, world: World, staff: Staff
) -> None:
    """The time in which parties have to be spoken to is not met by telling their witness."""
    case, _ = await a_meeting(ctx, world, staff)
    his = [n for n in await of(ctx, case) if n.to_kind is ToKind.GUEST]

    async def contacts() -> int:
        async with ctx.store.read() as conn:
            return len(await deadlines.contacts(conn, case.id))

    before = await contacts()
    await notice_log.told(ctx, staff.wang, case.id, his[0].id)
    assert await contacts() == before
    bobs = [n for n in await of(ctx, case) if n.to_kind is ToKind.PARTY]
    await notice_log.told(ctx, staff.wang, case.id, bobs[0].id)
    assert await contacts() == before + 1
