"""From what a service says in its transaction to what arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from server.domain.ids import UserId
from server.domain.notice import Channel, NoticeName, NoticeState, Reason
from server.services import (
    notices,
)
from server.services.context import Context
from server.services.jobs import JOBS
from server.store import audit, due
from tests.services.conftest import Clock, Staff
from tests.services.telling import (
    LINK,
    MAIL,
    MOBILE,
    Providers,
    case_of,
    forward,
    next_due,
    of,
    only,
    page_of,
    reachable,
    tell,
    tell_staff,
    with_providers,
    words_for,
    working,
)
from tests.store.world import World


@pytest.fixture
async def providers(ctx: Context) -> AsyncIterator[Providers]:
    async with with_providers(ctx) as found:
        yield found


# ---- ways -------------------------------------------------------------------------------------


async def test_a_mail_is_sent_and_logged(providers: Providers, world: World, clock: Clock) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case, "case_accepted", number="（2026）12号", mediator="王敏")
    assert (await only(ctx, case)).state is NoticeState.WAITING
    clock.forward(seconds=1)
    await working(ctx)
    sent = await only(ctx, case)
    assert (sent.state, sent.channel, sent.sent_at) == (NoticeState.SENT, Channel.EMAIL, clock.now)
    mail = box.mails[0]
    assert mail["To"] == MAIL
    assert "（2026）12号" in mail.get_content()
    assert world.station.name in mail.get_content()
    async with ctx.store.read() as conn:
        entries = await audit.of_chain(conn, f"case:{case.id}")
    assert entries[-1].verb == "case.notice_sent"
    assert entries[-1].actor == "clock"


async def test_an_sms_is_sent_and_its_arrival_asked_for(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, _, centre = providers
    await words_for(ctx, world, NoticeName.CASE_ACCEPTED, "SMS_7")
    case = await case_of(ctx, world, phone=MOBILE, email=MAIL)
    await tell(ctx, case, "case_accepted", number="（2026）12号")
    await working(ctx)
    assert centre.sent[0]["PhoneNumbers"] == "13800000001"
    assert centre.sent[0]["TemplateCode"] == "SMS_7"
    assert centre.sent[0]["TemplateParam"] == {
        "organisation": world.station.name,
        "number": "（2026）12号",
        "mediator": "",
        "telephone": "",
    }
    centre.delivered = ["waiting", "waiting", "arrived"]
    for _ in range(3):
        assert (await only(ctx, case)).state is NoticeState.SENT
        await forward(ctx, clock)
    arrived = await only(ctx, case)
    assert (arrived.state, arrived.settled_at) == (NoticeState.ARRIVED, clock.now)
    assert await next_due(ctx) is None


async def test_an_sms_that_does_not_arrive_has_failed(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, _, centre = providers
    await words_for(ctx, world, NoticeName.CASE_REOPENED, "SMS_7")
    case = await case_of(ctx, world, phone=MOBILE)
    await tell(ctx, case)
    centre.delivered = ["failed"]
    await working(ctx)
    await forward(ctx, clock)
    failed = await only(ctx, case)
    assert (failed.state, failed.error) == (NoticeState.FAILED, Reason.NOT_DELIVERED)


async def test_asking_stops_after_three_days(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, _, centre = providers
    await words_for(ctx, world, NoticeName.CASE_REOPENED, "SMS_7")
    case = await case_of(ctx, world, phone=MOBILE)
    await tell(ctx, case)
    await working(ctx)
    start = clock.now
    while await next_due(ctx):
        await forward(ctx, clock)
    assert (await only(ctx, case)).state is NoticeState.SENT
    assert timedelta(days=3) < clock.now - start < timedelta(days=7)
    assert len(centre.asked) < 20


async def test_a_text_the_provider_does_not_know_goes_by_mail(
    providers: Providers, world: World
) -> None:
    ctx, box, centre = providers
    case = await case_of(ctx, world, phone=MOBILE, email=MAIL)
    await tell(ctx, case)
    await working(ctx)
    assert (len(box.mails), centre.sent) == (1, [])


async def test_without_a_provider_it_is_logged_with_words_to_copy(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await case_of(ctx, world, phone=MOBILE)
    await tell(ctx, case, "mediator_assigned", mediator="王敏", phone="0571-1")
    await working(ctx)
    notice = await only(ctx, case)
    assert (notice.state, notice.channel) == (NoticeState.NO_PROVIDER, Channel.SMS)
    shown = (await page_of(ctx, staff, case)).notices[0]
    assert (shown.line.to, shown.line.address) == ("Alice", "138****0001")
    assert "您的调解员是王敏，电话0571-1" in shown.texts["zh"]
    assert "your mediator is 王敏, telephone 0571-1" in shown.texts["en"]


async def test_who_has_no_address_is_named_so(ctx: Context, world: World) -> None:
    case = await case_of(ctx, world, phone="0571-12345678")
    await tell(ctx, case)
    notice = await only(ctx, case)
    assert (notice.state, notice.channel) == (NoticeState.NO_ADDRESS, Channel.COPY)


async def test_nobody_is_told_when_what_it_tells_did_not_happen(
    providers: Providers, world: World
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    with pytest.raises(RuntimeError):
        async with ctx.store.write() as conn:
            party = case.parties[0].id
            await notices.to_party(ctx, conn, case, party, "case_reopened", {}, "k")
            raise RuntimeError
    await working(ctx)
    assert (await of(ctx, case), box.mails) == ([], [])


async def test_told_twice_is_sent_once(providers: Providers, world: World) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case, key="once")
    await tell(ctx, case, key="once")
    await working(ctx)
    await tell(ctx, case, key="once")
    await tell(ctx, case, key="again")
    await working(ctx)
    assert len(box.mails) == 2


async def test_a_case_whose_data_was_destroyed_tells_nobody(
    providers: Providers, world: World
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case, key="before")
    ctx.keys.data.destroy(case.id)
    await tell(ctx, case, key="after")
    await working(ctx)
    assert box.mails == []
    assert {(n.state, n.error) for n in await of(ctx, case)} == {
        (NoticeState.FAILED, Reason.UNREADABLE)
    }


# ---- failing ----------------------------------------------------------------------------------


async def test_a_refused_address_is_not_tried_again(providers: Providers, world: World) -> None:
    ctx, _, _ = providers
    case = await case_of(ctx, world, email="nobody@example.com")
    await tell(ctx, case)
    await working(ctx)
    failed = await only(ctx, case)
    assert (failed.state, failed.error) == (NoticeState.FAILED, Reason.ADDRESS_REFUSED)
    assert await next_due(ctx) is None


async def test_a_busy_provider_is_tried_again(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case)
    box.answer = "451 busy"
    await working(ctx)
    await forward(ctx, clock)
    assert (await only(ctx, case)).state is NoticeState.WAITING
    box.answer = "250 OK"
    await forward(ctx, clock)
    assert (await only(ctx, case)).state is NoticeState.SENT
    assert len(box.mails) == 1


async def test_a_provider_that_stays_away_is_given_up_and_the_log_says_so(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, box, _ = providers
    ctx = replace(ctx, settings=ctx.settings.model_copy(update={"quiet_hours": ""}))
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case)
    box.answer = "451 busy"
    await working(ctx)
    while await next_due(ctx):
        await forward(ctx, clock)
    failed = await only(ctx, case)
    assert (failed.state, failed.error) == (NoticeState.FAILED, Reason.PROVIDER_REFUSED)
    assert failed.settled_at == clock.now


async def test_sent_and_not_finished_is_not_sent_again(
    providers: Providers, world: World, clock: Clock
) -> None:
    """Killed after the notice says sent, before the later work says done."""
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case)
    async with ctx.store.write() as conn:
        taken = await due.take(conn, clock.now)
    assert taken is not None
    await JOBS[taken.kind](ctx, taken)
    clock.now += due.LEASE
    await working(ctx)
    assert len(box.mails) == 1


async def test_taken_and_not_sent_is_sent_later(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case)
    async with ctx.store.write() as conn:
        assert await due.take(conn, clock.now)
    await working(ctx)
    assert box.mails == []
    clock.now += due.LEASE
    await working(ctx)
    assert len(box.mails) == 1


async def test_a_provider_taken_away_meanwhile(
    providers: Providers, ctx: Context, world: World
) -> None:
    with_provider, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(with_provider, case)
    await working(ctx)
    assert (await only(ctx, case)).state is NoticeState.NO_PROVIDER
    assert box.mails == []


# ---- at night ---------------------------------------------------------------------------------


async def test_at_night_parties_are_left_alone_until_morning(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    clock.forward(hours=10)  # 22:00 in China
    await tell(ctx, case)
    await working(ctx)
    assert box.mails == []
    morning = clock.now + timedelta(hours=10)
    assert await next_due(ctx) == morning
    clock.now = morning
    await working(ctx)
    assert len(box.mails) == 1


async def test_what_failed_in_the_evening_is_not_tried_at_night(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    clock.forward(hours=8, minutes=59, seconds=55)
    box.answer = "451 busy"
    await tell(ctx, case)
    await working(ctx)
    box.answer = "250 OK"
    await forward(ctx, clock)
    assert (box.mails, (await only(ctx, case)).state) == ([], NoticeState.WAITING)
    await forward(ctx, clock)
    assert len(box.mails) == 1
    assert (clock.now.hour, clock.now.minute) == (0, 0)


@pytest.mark.parametrize(
    ("hours", "waits"), [(1, False), (9, True)], ids=["today", "tomorrow morning"]
)
async def test_the_link_to_a_meeting_of_today_goes_at_any_hour(
    providers: Providers, world: World, clock: Clock, hours: int, waits: bool
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    clock.forward(hours=10)
    at = (clock.now + timedelta(hours=hours)).isoformat()
    await tell(ctx, case, "session_booked", mediator="王敏", at=at, link=LINK)
    await working(ctx)
    assert (box.mails == []) is waits


async def test_staff_are_written_to_at_any_hour(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, box, _ = providers
    await reachable(ctx, world.wang)
    clock.forward(hours=10)
    await tell_staff(ctx, world.wang)
    await working(ctx)
    assert box.mails[0]["To"] == "wang@example.com"


async def test_staff_of_no_address_and_nobody(ctx: Context, world: World) -> None:
    await tell_staff(ctx, world.wang, case=world.case)
    await tell_staff(ctx, UserId("nobody"), case=world.case)
    assert [n.to_id for n in await of(ctx, world.case)] == [world.wang]
