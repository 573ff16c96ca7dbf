"""Those who are to come are reminded, the day before and an hour before; the night is quiet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from server.domain.notice import Channel, NoticeName, NoticeState, Reason
from server.domain.seating import SessionState
from server.services import (
    booked,
    session_reminders,
)
from server.services.context import Context
from server.store import due
from tests.services.booking import (
    HOUR,
    LAWYER,
    WEDNESDAY,
    a_meeting,
    held,
)
from tests.services.conftest import Clock, Staff
from tests.services.telling import MAIL, Providers, forward, of, with_providers, working
from tests.store.world import World


@pytest.fixture
async def providers(ctx: Context) -> AsyncIterator[Providers]:
    async with with_providers(ctx) as found:
        yield found


async def test_the_day_before_and_an_hour_before(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, box, _ = providers
    await a_meeting(ctx, world, staff)
    await working(ctx)
    box.mails.clear()
    await forward(ctx, clock)
    assert clock.now == datetime(2026, 11, 24, 2, tzinfo=UTC), "ten in the morning there"
    assert {mail["Subject"] for mail in box.mails} == {"明天的视频调解，请先试一试链接"}
    assert {mail["To"] for mail in box.mails} == {MAIL, LAWYER}
    box.mails.clear()
    await forward(ctx, clock)
    assert clock.now == WEDNESDAY - HOUR
    assert {mail["Subject"] for mail in box.mails} == {"视频调解快开始了"}
    assert not any(list(mail.iter_attachments()) for mail in box.mails)


async def test_reminders_move_with_the_meeting(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, box, _ = providers
    _, session = await a_meeting(ctx, world, staff)
    await booked.reschedule(ctx, staff.wang, session, WEDNESDAY + timedelta(days=7), HOUR)
    await working(ctx)
    box.mails.clear()
    await forward(ctx, clock)
    assert clock.now == datetime(2026, 12, 1, 2, tzinfo=UTC)
    assert "12月2日周三 09:00" in box.mails[0].get_content()


async def test_nobody_is_reminded_of_what_they_heard_of_just_now(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    _, session = await a_meeting(ctx, world, staff, clock.now + timedelta(minutes=90))
    async with ctx.store.read() as conn:
        assert await due.waiting(conn, session, session_reminders.REMIND) == []


async def test_quiet_hours_hold_for_reminders(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    """A meeting at eight: at seven it is still quiet, and at eight it is too late to say."""
    ctx, box, _ = providers
    case, _ = await a_meeting(ctx, world, staff, WEDNESDAY - HOUR)
    await working(ctx)
    await forward(ctx, clock)
    box.mails.clear()
    await forward(ctx, clock)
    assert box.mails == []
    await forward(ctx, clock)
    assert clock.now == WEDNESDAY - HOUR
    assert box.mails == []
    soon = [n for n in await of(ctx, case) if n.template is NoticeName.SESSION_SOON]
    by_mail = {(n.state, n.error) for n in soon if n.channel is Channel.EMAIL}
    assert by_mail == {(NoticeState.FAILED, Reason.CALLED_OFF)}


async def test_an_invitation_that_waited_is_not_sent_with_the_old_time(
    providers: Providers, world: World, staff: Staff, clock: Clock
) -> None:
    ctx, box, _ = providers
    clock.forward(hours=10)
    _, session = await a_meeting(ctx, world, staff)
    await booked.reschedule(ctx, staff.wang, session, WEDNESDAY + timedelta(days=3), HOUR)
    await forward(ctx, clock)
    assert {mail["Subject"] for mail in box.mails} == {"视频调解改了时间"}


async def test_nothing_comes_of_a_meeting_that_is_gone(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    """A reminder that was taken when the meeting was just being cancelled."""
    case, session = await a_meeting(ctx, world, staff)
    async with ctx.store.read() as conn:
        (work, *_) = await due.waiting(conn, session, session_reminders.REMIND)
    await booked.cancel(ctx, staff.wang, session)
    before = await of(ctx, case)
    await session_reminders.remind(ctx, work)
    assert await of(ctx, case) == before
    assert (await held(ctx, session)).state is SessionState.CANCELLED
