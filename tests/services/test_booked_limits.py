"""Meetings that are over, full or moved meanwhile; and helpers whose time is up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.domain.case import HandlerRole
from server.domain.notice import NoticeName
from server.domain.release import Release, ReleaseKind
from server.domain.seat import Role
from server.security.ids import new_id
from server.security.tokens import link_token
from server.services import (
    arrivals,
    booked,
    helping,
    releases,
    session_reminders,
    session_texts,
    sessions,
)
from server.services.bookings import NewSeat
from server.services.context import Context
from server.store import due, seats, tables
from tests.services.booking import HOUR, LAWYER, WEDNESDAY, a_meeting, held, seat_of
from tests.services.come_in import give
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.services.seated import seated
from tests.services.telling import Providers, of, with_providers, working
from tests.services.test_progress import _link, _token
from tests.services.test_talk import asked, note
from tests.store.world import World


@pytest.fixture
async def providers(ctx: Context) -> AsyncIterator[Providers]:
    async with with_providers(ctx) as found:
        yield found


async def test_a_full_meeting_takes_nobody_more(
    ctx: Context, world: World, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, session = await a_meeting(ctx, world, staff)
    monkeypatch.setattr(booked, "MOST_SEATS", 4)
    with refused("too_many_seats"):
        await booked.add_seat(ctx, staff.wang, session, NewSeat(Role.WITNESS, "A", "Ann"), "form")


async def test_a_colleague_who_joins_later_is_known_as_such(
    ctx: Context, world: World, staff: Staff
) -> None:
    case, session = await a_meeting(ctx, world, staff)
    await give(ctx, staff.clerk, case.id, world.li, HandlerRole.CO_MEDIATOR)
    new = NewSeat(Role.CO_MEDIATOR, None, "李强", user=world.li)
    made = await booked.add_seat(ctx, staff.wang, session, new, "form")
    async with ctx.store.read() as conn:
        assert (await seats.people(conn, session))[made] == world.li


async def test_nobody_is_invited_to_what_is_over(ctx: Context, world: World, staff: Staff) -> None:
    _, session = await a_meeting(ctx, world, staff)
    alice = seat_of(await held(ctx, session), "Alice")
    await booked.cancel(ctx, staff.wang, session)
    with refused("session_over"):
        await booked.send_again(ctx, staff.wang, session, alice, "form")


async def test_a_reminder_taken_too_late_or_of_another_time_says_nothing(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    case, session = await a_meeting(ctx, world, staff)
    async with ctx.store.read() as conn:
        (work, *_) = await due.waiting(conn, session, session_reminders.REMIND)
    before, noon = await of(ctx, case), clock.now
    clock.now = WEDNESDAY
    await session_reminders.remind(ctx, work)
    assert await of(ctx, case) == before
    clock.now = noon
    await booked.reschedule(ctx, staff.wang, session, WEDNESDAY + timedelta(days=7), HOUR)
    before = await of(ctx, case)
    await session_reminders.remind(ctx, work)
    assert await of(ctx, case) == before


async def test_who_is_there_already_is_not_reminded(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, box, _ = providers
    _, session = await a_meeting(ctx, world, staff)
    await working(ctx)
    alice = seat_of(await held(ctx, session), "Alice")
    token = link_token(ctx.keys.link_key, alice, 1)
    arrival = await arrivals.exchange(ctx, alice, token, None, "here", "en")
    device = await arrivals.device_of(ctx, alice, arrival.cookie)
    await sessions.connect(ctx, alice, device, lambda _: None)
    box.mails.clear()
    clock.now = WEDNESDAY - HOUR
    async with ctx.store.read() as conn:
        waiting = await due.waiting(conn, session, session_reminders.REMIND)
    (soon,) = [work for work in waiting if work.body["name"] == NoticeName.SESSION_SOON]
    await session_reminders.remind(ctx, soon)
    await working(ctx)
    assert {mail["To"] for mail in box.mails} == {LAWYER}


async def test_a_helper_link_opens_nothing_after_its_time_and_is_not_guessed(
    ctx: Context, world: World, clock: Clock
) -> None:
    token = _token(await _link(ctx, world))
    ctx.settings = ctx.settings.model_copy(update={"join_limit": "2/minute"})
    for code in ("link_invalid", "link_invalid", "too_many"):
        with refused(code):
            await helping.exchange(ctx, world.alice, "guessed", "192.0.2.1")
    clock.forward(days=ctx.settings.link_ttl_days + 1)
    with refused("link_expired"):
        await helping.exchange(ctx, world.alice, token, "192.0.2.2")


async def test_whoever_writes_on_without_a_pause_leaves_a_version_a_minute(
    ctx: Context, world: World, clock: Clock
) -> None:
    meeting = await seated(ctx, world)
    for version in range(3):
        await session_texts.write_minutes(ctx, meeting.by(world.host), version, new_id())
        clock.forward(seconds=40)
    async with ctx.store.read() as conn:
        kept = await conn.scalar(select(func.count()).select_from(tables.session_text))
    assert kept == 2


async def test_in_joint_a_host_sees_what_was_released_and_not_what_was_asked(
    ctx: Context, world: World
) -> None:
    meeting = await seated(ctx, world, world.alice)
    await meeting.caucus(world.alice)
    words = await note(meeting, "2,000 by Friday")
    await releases.ask(ctx, meeting.by(world.host), ReleaseKind.NOTE, words)
    await meeting.joint()
    assert await asked(meeting, world.host) == {}
    await meeting.caucus(world.alice)
    await releases.answer(ctx, meeting.by(world.alice), ReleaseKind.NOTE, words, True)
    await meeting.joint()
    assert await asked(meeting, world.host) == {"2,000 by Friday": Release.RELEASED}
    assert await asked(meeting, world.alice) == {}
