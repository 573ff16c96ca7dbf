"""A meeting that is booked is moved, cancelled, given more people; whoever is invited is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from server.domain.case import HandlerRole
from server.domain.ids import DeviceId, PartyId
from server.domain.notice import Channel, ToKind
from server.domain.seat import Role
from server.domain.seating import SessionPurpose
from server.domain.session import Session
from server.security.ids import new_id
from server.services import (
    arrivals,
    booked,
    bookings,
    clashes,
    entries,
    meetings,
    sealed,
    session_reminders,
    sessions,
)
from server.services.bookings import NewSeat
from server.services.clashes import Clash
from server.services.context import Context
from server.services.live import carry_out
from server.store import due, parties
from server.words import speaking
from tests.services.booking import (
    HOUR,
    LAWYER,
    WEDNESDAY,
    a_case,
    a_meeting,
    entry_in,
    held,
    seat_of,
    seats_of,
    words_of,
)
from tests.services.come_in import give
from tests.services.conftest import Clock, Staff
from tests.services.matters import matter
from tests.services.refusing import refused
from tests.services.telling import MAIL, Providers, of, with_providers, working
from tests.store.world import World


@pytest.fixture
async def providers(ctx: Context) -> AsyncIterator[Providers]:
    async with with_providers(ctx) as found:
        yield found


async def test_all_that_was_booked_is_kept(ctx: Context, world: World, staff: Staff) -> None:
    case, session = await a_meeting(ctx, world, staff)
    found = await held(ctx, session)
    assert [(s.name, s.party, s.speaker is not None) for s in found.seats.values()] == [
        ("王敏", None, False),
        ("Alice", case.parties[0].id, False),
        ("Lee", case.parties[0].id, True),
        ("Bob", case.parties[1].id, False),
        ("Irma", None, False),
    ]
    irma, bob = (found.seats[seat_of(found, name)] for name in ("Irma", "Bob"))
    assert (irma.side, irma.language, irma.signs) == (None, "Zhuang", True)
    assert (bob.beside, bob.beside_told) == (("Bob's son",), False)
    assert (found.purpose, found.length) == (SessionPurpose.MEETING, HOUR)


async def test_who_speaks_for_a_party_is_told_too_and_with_their_own_link(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, box, _ = providers
    case, session = await a_meeting(ctx, world, staff)
    await working(ctx)
    found = await held(ctx, session)
    mails = {mail["To"]: mail for mail in box.mails}
    assert mails.keys() == {MAIL, LAWYER}
    for address, name in ((MAIL, "Alice"), (LAWYER, "Lee")):
        _, event = entry_in(mails[address])
        link = bookings.seat_link(ctx, found.seats[seat_of(found, name)])
        assert link in event["description"]
        assert link in words_of(mails[address])
    to = {n.to_kind: n.to_id for n in await of(ctx, case) if n.channel is Channel.EMAIL}
    assert to[ToKind.REPRESENTATIVE] == found.seats[seat_of(found, "Lee")].speaker


async def test_who_speaks_for_somebody_no_more_is_not_booked(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case = await a_case(ctx, world)
    seats = await seats_of(ctx, case)
    async with ctx.store.write() as conn:
        assert seats[1].speaker
        await parties.end_representative(conn, seats[1].speaker, clock())
    with refused("status_changed"):
        await bookings.book(ctx, staff.wang, case.id, WEDNESDAY, seats, new_id())


async def test_a_preparation_is_with_one_side(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, box, _ = providers
    case = await a_case(ctx, world)
    seats = await seats_of(ctx, case)
    alone = SessionPurpose.PREPARATION
    with refused("one_side_only"):
        await bookings.book(ctx, staff.wang, case.id, WEDNESDAY, seats, new_id(), purpose=alone)
    session = await bookings.book(
        ctx, staff.wang, case.id, WEDNESDAY, seats[:2], new_id(), purpose=alone
    )
    with refused("one_side_only"):
        await booked.add_seat(ctx, staff.wang, session, seats[2], "form")
    await working(ctx)
    assert {mail["Subject"] for mail in box.mails} == {"会前和调解员单独谈"}


# ---- two at once ------------------------------------------------------------------------------


async def test_whoever_is_taken_is_named_until_it_is_wanted_all_the_same(
    ctx: Context, world: World, staff: Staff
) -> None:
    _, first = await a_meeting(ctx, world, staff)
    case = await a_case(ctx, world)
    seats, at = await seats_of(ctx, case), WEDNESDAY + timedelta(minutes=59)
    with pytest.raises(Clash) as clash:
        await bookings.book(ctx, staff.wang, case.id, at, seats, "form", seen=())
    (conflict,) = clash.value.conflicts
    assert (conflict.session, conflict.names) == (first, ("王敏",))
    assert conflict.title
    second = await bookings.book(ctx, staff.wang, case.id, at, seats, "form", seen=[first])
    found = await meetings.page(ctx, staff.wang, second)
    assert [one.session for one in found.conflicts] == [first]
    # Another one of the same case: its parties are taken too.
    with pytest.raises(Clash) as clash:
        await bookings.book(ctx, staff.wang, case.id, at, seats, "again", seen=[first])
    assert {one.session for one in clash.value.conflicts} == {first, second}
    by = {one.session: one.names for one in clash.value.conflicts}
    assert set(by[second]) == {"王敏", "Alice", "Bob"}


async def test_one_after_the_other_is_no_conflict(ctx: Context, world: World, staff: Staff) -> None:
    _, first = await a_meeting(ctx, world, staff)
    case = await a_case(ctx, world)
    seats = await seats_of(ctx, case)
    await bookings.book(ctx, staff.wang, case.id, WEDNESDAY + HOUR, seats, new_id(), seen=())
    await booked.cancel(ctx, staff.wang, first)
    await bookings.book(ctx, staff.wang, case.id, WEDNESDAY, seats, new_id(), seen=())


async def test_who_does_not_come_any_more_is_not_taken(
    ctx: Context, world: World, staff: Staff
) -> None:
    case, first = await a_meeting(ctx, world, staff)
    seats = await seats_of(ctx, case)
    second = await bookings.book(ctx, staff.wang, case.id, WEDNESDAY, seats, new_id(), seen=[first])

    async def taken() -> list[tuple[str, ...]]:
        meeting = await held(ctx, second)
        async with ctx.store.read() as conn:
            return [one.names for one in await clashes.of(conn, staff.wang, meeting, ())]

    assert await taken() == [("Alice", "Bob")]
    for seat in (await held(ctx, second)).seats.values():
        if seat.party:
            await booked.revoke(ctx, staff.wang, second, seat.id)
    assert await taken() == []


async def test_what_one_may_not_read_is_not_named(ctx: Context, world: World, staff: Staff) -> None:
    """Li helps Wang with a case, and hosts one of her own at the same time."""
    _, wangs = await a_meeting(ctx, world, staff)
    lis = await matter(ctx, world.station, world.li)
    seat = [NewSeat(Role.PARTY, "A", "Alice", party=lis.parties[0].id)]
    await bookings.book(ctx, staff.li, lis.id, WEDNESDAY, seat, new_id())
    case = await matter(ctx, world.station, world.wang)
    await give(ctx, staff.clerk, case.id, world.li, HandlerRole.CO_MEDIATOR)
    both = [NewSeat(Role.CO_MEDIATOR, None, "李强", user=world.li)]
    with pytest.raises(Clash) as clash:
        await bookings.book(ctx, staff.wang, case.id, WEDNESDAY, both, new_id(), seen=())
    titles = {one.names: bool(one.title) for one in clash.value.conflicts}
    assert titles == {("王敏",): True, ("李强",): False}
    assert wangs in {one.session for one in clash.value.conflicts}


# ---- moved, cancelled -------------------------------------------------------------------------


async def test_everybody_is_told_the_new_time(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, box, _ = providers
    _, session = await a_meeting(ctx, world, staff)
    await working(ctx)
    before = {mail["To"]: entry_in(mail)[1] for mail in box.mails}
    box.mails.clear()
    later = WEDNESDAY + timedelta(days=1)
    for _ in range(2):
        # Twice is once.
        await booked.reschedule(ctx, staff.wang, session, later, HOUR * 2)
        await working(ctx)
    assert {mail["To"] for mail in box.mails} == {MAIL, LAWYER}
    assert len(box.mails) == 2
    for mail in box.mails:
        calendar, event = entry_in(mail)
        text = words_of(mail)
        assert "11月25日周三 09:00" in text
        assert "11月26日周四 09:00" in text
        assert event["uid"] == before[mail["To"]]["uid"]
        assert event["sequence"] > before[mail["To"]]["sequence"]
        assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
        assert event["dtstart"].dt == later
        assert event["dtend"].dt == later + HOUR * 2
        assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
        assert event["attendee"] == f"mailto:{mail['To']}"
    page = await meetings.page(ctx, staff.wang, session)
    assert (page.starts_at, page.length) == (later, HOUR * 2)
    assert [seat.name for seat in page.by_hand] == ["Bob", "Irma"]


async def test_everybody_is_told_that_it_is_cancelled_and_why(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, box, _ = providers
    _, session = await a_meeting(ctx, world, staff)
    found = await held(ctx, session)
    await booked.revoke(ctx, staff.wang, session, seat_of(found, "Lee"))
    await working(ctx)
    box.mails.clear()
    await booked.cancel(ctx, staff.wang, session, "  道路不通 ")
    await working(ctx)
    (mail,) = box.mails
    assert mail["To"] == MAIL, "the lawyer's link was taken away before"
    assert "道路不通" in words_of(mail)
    calendar, event = entry_in(mail)
    assert (calendar["method"], event["status"]) == ("CANCEL", "CANCELLED")
    async with ctx.store.read() as conn:
        assert await due.waiting(conn, session, session_reminders.REMIND) == []
    with refused("session_not_planned"):
        await booked.reschedule(ctx, staff.wang, session, WEDNESDAY + HOUR, HOUR)


async def test_who_books_for_another_tells_them(
    providers: Providers, world: World, staff: Staff
) -> None:
    """The mediator is sent the way to the page of the meeting, and never the host's link."""
    ctx, _, _ = providers
    case = await a_case(ctx, world)
    seats = await seats_of(ctx, case)
    session = await bookings.book(ctx, staff.clerk, case.id, WEDNESDAY, seats, new_id())
    (notice,) = [n for n in await of(ctx, case) if n.to_kind is ToKind.STAFF]
    assert notice.to_id == world.wang
    body = sealed.unseal(ctx, case.id, f"notice:{notice.id}", notice.body)
    assert f"https://heyi.example/sessions/{session}" in body["text"]
    assert "/j/" not in body["text"]


async def test_moved_onto_another_one(ctx: Context, world: World, staff: Staff) -> None:
    _, first = await a_meeting(ctx, world, staff)
    _, second = await a_meeting(ctx, world, staff, WEDNESDAY + HOUR)
    with pytest.raises(Clash):
        await booked.reschedule(ctx, staff.wang, second, WEDNESDAY, HOUR, ())
    assert (await held(ctx, second)).starts_at == WEDNESDAY + HOUR, "nothing has changed"
    await booked.reschedule(ctx, staff.wang, second, WEDNESDAY, HOUR, [first])
    for starts_at, code in ((WEDNESDAY - timedelta(days=9), "starts_in_the_past"),):
        with refused(code):
            await booked.reschedule(ctx, staff.wang, second, starts_at, HOUR)


# ---- seats ------------------------------------------------------------------------------------


async def test_somebody_more_comes_while_the_others_talk(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    _, session = await a_meeting(ctx, world, staff)
    clock.now = WEDNESDAY
    await arrivals.enter_as_host(ctx, staff.wang, session, {})
    new = NewSeat(Role.COMPANION, "A", "Ann")
    made = await asyncio.gather(
        *(booked.add_seat(ctx, staff.wang, session, new, "the form") for _ in range(3))
    )
    assert len(set(made)) == 1
    found = await held(ctx, session)
    assert [seat.name for seat in found.seats.values()][-1] == "Ann"
    with refused("party_has_left"):
        gone = NewSeat(Role.PARTY, "A", "X", party=PartyId(new_id()))
        await booked.add_seat(ctx, staff.wang, session, gone, "another")
    with refused("too_many_beside"):
        many = replace(new, beside=tuple("abcdef"))
        await booked.add_seat(ctx, staff.wang, session, many, "another")
    with refused("not_found"):
        await booked.add_seat(ctx, staff.zhao, session, new, "another")
    with refused("not_allowed"):
        await booked.add_seat(ctx, staff.supervisor, session, new, "another")


async def test_a_link_that_was_taken_away_opens_nothing_until_there_is_a_new_one(
    ctx: Context, world: World, staff: Staff
) -> None:
    _, session = await a_meeting(ctx, world, staff)
    page = await meetings.page(ctx, staff.wang, session)
    irma = next(seat for seat in page.seats if seat.name == "Irma")
    token = str(irma.link).partition("#")[2]
    await booked.revoke(ctx, staff.wang, session, irma.id)
    with refused("link_revoked"):
        await arrivals.exchange(ctx, irma.id, token, None, "192.0.2.1", "zh")
    after = await meetings.page(ctx, staff.wang, session)
    line = next(seat for seat in after.seats if seat.id == irma.id)
    assert (line.revoked, line.link, line.helper) == (True, None, None)
    with refused("link_invalid"):
        await booked.send_again(ctx, staff.wang, session, irma.id, "form")
    with refused("host_stays"):
        await booked.revoke(ctx, staff.wang, session, page.seats[0].id)
    await sessions.reissue(ctx, staff.wang, session, irma.id)
    fresh = await meetings.page(ctx, staff.wang, session)
    assert next(seat for seat in fresh.seats if seat.id == irma.id).link not in (None, irma.link)


async def test_the_invitation_once_more_with_the_link_of_today(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, box, _ = providers
    _, session = await a_meeting(ctx, world, staff)
    await working(ctx)
    box.mails.clear()
    page = await meetings.page(ctx, staff.wang, session)
    lee = next(seat for seat in page.seats if seat.name == "Lee")
    assert {seat.name: seat.reach for seat in page.seats} == {
        "王敏": None,
        "Alice": Channel.EMAIL,
        "Lee": Channel.EMAIL,
        "Bob": None,
        "Irma": None,
    }
    await sessions.reissue(ctx, staff.wang, session, lee.id)
    for _ in range(2):
        await booked.send_again(ctx, staff.wang, session, lee.id, "form")
    await working(ctx)
    (mail,) = box.mails
    fresh = (await held(ctx, session)).seats[lee.id]
    assert bookings.seat_link(ctx, fresh) in entry_in(mail)[1]["description"]


# ---- for people's own calendars ---------------------------------------------------------------


async def test_the_entry_that_somebody_takes_with_them(
    ctx: Context, world: World, staff: Staff
) -> None:
    _, session = await a_meeting(ctx, world, staff)
    page = await meetings.page(ctx, staff.wang, session)
    alice = next(seat for seat in page.seats if seat.name == "Alice")
    token = str(alice.link).partition("#")[2]
    arrival = await arrivals.exchange(ctx, alice.id, token, None, "192.0.2.1", "en")
    speaking.set("en")
    theirs = await entries.of_seat(ctx, session, alice.id)
    assert str(alice.link) in theirs.text
    assert "Dear Alice" in theirs.text
    # A link gets into other hands: to whom it opens, it does not say whose it is.
    entry = await entries.own(ctx, alice.id, arrival.cookie)
    assert replace(entry, text="") == replace(theirs, text="")
    assert not [word for word in ("Alice", "http", token, "王敏") if word in entry.text]
    assert entry.text.startswith("Open the link that the mediator sent you")
    with refused("no_seat"):
        await entries.own(ctx, alice.id, None)
    await booked.cancel(ctx, staff.wang, session)
    with refused("session_over"):
        await entries.of_seat(ctx, session, alice.id)


async def test_the_number_of_an_entry_does_not_count_what_happens_in_the_meeting(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, box, _ = providers
    _, session = await a_meeting(ctx, world, staff)
    alice = seat_of(await held(ctx, session), "Alice")

    async def sequence() -> int:
        return (await entries.of_seat(ctx, session, alice)).sequence

    def waits(one: Session, now: datetime) -> None:
        one.connect(alice, DeviceId(new_id()), now)

    first, version = await sequence(), (await held(ctx, session)).version
    await carry_out(ctx, session, waits)
    await carry_out(ctx, session, lambda one, now: one.lost(alice, now))
    assert (await held(ctx, session)).version == version + 2
    assert await sequence() == first
    for at, length in ((WEDNESDAY + HOUR, HOUR), (WEDNESDAY + HOUR, HOUR * 2), (WEDNESDAY, HOUR)):
        before = await sequence()
        await booked.reschedule(ctx, staff.wang, session, at, length)
        assert await sequence() == before + 1
    last = await sequence()
    await working(ctx)
    box.mails.clear()
    await booked.cancel(ctx, staff.wang, session)
    await working(ctx)
    assert {entry_in(mail)[1]["sequence"] for mail in box.mails} == {last + 1}
