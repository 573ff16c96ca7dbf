"""What the log tells of notices, and whom."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from server import logs
from server.domain.ids import PartyId
from server.domain.notice import Channel, Filter, NoticeName, NoticeState, Reason
from server.services import cases as case_service
from server.services import notice_log, notices, status
from server.services.context import Context
from server.store import audit as stored_audit
from server.store import deadlines as stored_deadlines
from server.store import notices as stored
from tests.services.applying import apply
from tests.services.conftest import Clock, Staff
from tests.services.providers import (
    SECRET,
)
from tests.services.refusing import refused
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


# ---- the log ----------------------------------------------------------------------------------


async def test_everyone_sees_the_notices_of_the_cases_they_may_read(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await case_of(ctx, world, phone=MOBILE)
    await tell(ctx, case)
    seen = {
        user.name: [line.to for line in (await notice_log.listing(ctx, user, Filter())).lines]
        for user in (
            staff.wang,
            staff.li,
            staff.zhao,
            staff.clerk,
            staff.far_clerk,
            staff.supervisor,
            staff.administrator,
        )
    }
    assert seen == {
        staff.wang.name: ["Alice"],
        staff.li.name: [],
        staff.zhao.name: [],
        "clerk": ["Alice"],
        "far_clerk": [],
        "supervisor": ["Alice"],
        "administrator": [],
    }


async def test_the_words_are_for_those_who_may_send_them(
    ctx: Context, world: World, staff: Staff
) -> None:
    """A link to a meeting opens it: a supervisor sees that it was sent, and not the link."""
    case = await case_of(ctx, world, phone=MOBILE)
    await tell(ctx, case, "session_booked", at="2026-11-30T01:30:00+00:00", link=LINK)
    assert LINK in (await page_of(ctx, staff, case)).notices[0].texts["zh"]
    supervisors = await case_service.page(ctx, staff.supervisor, case.id)
    found = await notice_log.of_case(ctx, staff.supervisor, supervisors)
    assert (found.may_send, found.notices[0].texts) == (False, {})


async def test_a_matter_code_is_copied_only_by_who_works_on_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    """It opens the matter to whoever has it; a copy tells the one that is good today."""
    case, code = await apply(ctx, world.station.id)
    for user, may in ((staff.clerk, True), (staff.supervisor, False)):
        page = await case_service.page(ctx, user, case)
        (found,) = (await notice_log.of_case(ctx, user, page)).notices
        assert [code in text for text in found.texts.values()] == [True, True] * may
        assert code not in str(await notice_log.listing(ctx, user, Filter()))
    await status.renew(ctx, staff.clerk, case, "form")
    new = await status.code(ctx, staff.clerk, case)
    page = await case_service.page(ctx, staff.clerk, case)
    (found,) = (await notice_log.of_case(ctx, staff.clerk, page)).notices
    assert [(new in text, code in text) for text in found.texts.values()] == [(True, False)] * 2
    await notice_log.again(ctx, staff.clerk, case, found.line.notice.id, "another form")
    async with ctx.store.read() as conn:
        sent, _ = await stored.of_case(conn, case)
    assert notices.unseal(ctx, sent, "notice")["given"]["code"] == new


async def test_the_log_is_filtered_and_read_page_by_page(
    ctx: Context, world: World, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_log, "A_PAGE", 2)
    case = await case_of(ctx, world, phone=MOBILE)
    for n in range(3):
        await tell(ctx, case, key=str(n))
    await tell_staff(ctx, world.wang, case=case)
    first = await notice_log.listing(ctx, staff.clerk, Filter())
    assert [line.to for line in first.lines] == ["王敏", "Alice"]
    second = await notice_log.listing(ctx, staff.clerk, Filter(), first.older)
    assert [line.to for line in second.lines] == ["Alice", "Alice"]
    assert second.older == ""
    for wanted in (
        Filter(state=NoticeState.NO_ADDRESS),
        Filter(channel=Channel.COPY),
        Filter(template=NoticeName.DEADLINE_PASSED),
    ):
        lines = (await notice_log.listing(ctx, staff.clerk, wanted)).lines
        assert [line.to for line in lines] == ["王敏"]


async def test_sent_again_it_goes_to_where_they_are_reached_today(
    providers: Providers, ctx: Context, world: World, staff: Staff
) -> None:
    with_provider, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case, "mediator_assigned", mediator="王敏")
    notice = await only(ctx, case)
    assert notice.state is NoticeState.NO_PROVIDER
    for _ in range(2):
        await notice_log.again(with_provider, staff.wang, case.id, notice.id, "form")
    await working(with_provider)
    assert len(box.mails) == 1
    assert "王敏" in box.mails[0].get_content()
    assert [n.state for n in await of(ctx, case)] == [NoticeState.SENT, NoticeState.NO_PROVIDER]


async def test_what_could_not_be_sent_is_told_by_hand(
    providers: Providers, ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    with_provider, *_ = providers
    case = await case_of(ctx, world, email=MAIL)
    await tell(ctx, case, "mediator_assigned", mediator="王敏")
    notice = await only(ctx, case)
    for user, code in ((staff.li, "not_found"), (staff.supervisor, "not_allowed")):
        with refused(code):
            await notice_log.told(ctx, user, case.id, notice.id)
    with refused("not_found"):
        await notice_log.told(ctx, staff.wang, world.case.id, notice.id)
    clock.forward(minutes=5)
    for _ in range(2):
        await notice_log.told(ctx, staff.wang, case.id, notice.id)
    by_hand = await only(ctx, case)
    assert (by_hand.state, by_hand.settled_at) == (NoticeState.BY_HAND, clock.now)
    async with ctx.store.read() as conn:
        assert await stored_deadlines.contacts(conn, case.id) == [clock.now]
        chain = await stored_audit.of_chain(conn, f"case:{case.id}")
    assert [x.verb for x in chain].count("case.notice_told") == 1
    await notice_log.again(with_provider, staff.wang, case.id, notice.id, "form")
    await working(with_provider)
    sent = next(n for n in await of(ctx, case) if n.state is NoticeState.SENT)
    with refused("notice_went_out"):
        await notice_log.told(ctx, staff.wang, case.id, sent.id)


async def test_only_who_works_on_a_case_sends_again_and_chooses(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await case_of(ctx, world, phone=MOBILE)
    await tell(ctx, case)
    notice, alice = await only(ctx, case), case.parties[0].id
    for user, code in (
        (staff.li, "not_found"),
        (staff.zhao, "not_found"),
        (staff.far_clerk, "not_found"),
        (staff.administrator, "not_found"),
        (staff.supervisor, "not_allowed"),
    ):
        with refused(code):
            await notice_log.again(ctx, user, case.id, notice.id, "form")
        with refused(code):
            await notice_log.choose_language(ctx, user, case.id, alice, "en")
    # Nor by the way of a case that is one's own.
    with refused("not_found"):
        await notice_log.again(ctx, staff.wang, world.case.id, notice.id, "form")
    with refused("not_found"):
        await notice_log.choose_language(ctx, staff.wang, world.case.id, alice, "en")
    with refused("not_found"):
        await notice_log.choose_language(ctx, staff.wang, case.id, PartyId("x"), "en")
    with refused("bad_request"):
        await notice_log.choose_language(ctx, staff.wang, case.id, alice, "fr")
    assert len(await of(ctx, case)) == 1


async def test_how_sending_goes(providers: Providers, world: World, clock: Clock) -> None:
    ctx, _, _ = providers
    ways, given_up = await notice_log.health(ctx)
    assert [(w.channel, w.configured, w.health.waiting, w.health.last_sent) for w in ways] == [
        (Channel.EMAIL, True, 0, None),
        (Channel.SMS, True, 0, None),
    ]
    await tell(ctx, await case_of(ctx, world, email="nobody@example.com"))
    await working(ctx)
    clock.forward(minutes=1)
    await tell(ctx, await case_of(ctx, world, email=MAIL))
    await working(ctx)
    await tell(ctx, await case_of(ctx, world, email=MAIL))
    ways, given_up = await notice_log.health(ctx)
    mail = ways[0].health
    assert (mail.waiting, mail.last_sent) == (1, clock.now)
    assert mail.last_failed == clock.now - timedelta(minutes=1)
    assert (mail.last_reason, given_up) == (Reason.ADDRESS_REFUSED, 0)


async def test_nothing_of_it_is_in_the_logs_or_readable_in_the_database(
    providers: Providers, world: World, clock: Clock
) -> None:
    ctx, box, centre = providers
    logged = io.StringIO()
    logs.setup("debug", stream=logged)
    await words_for(ctx, world, NoticeName.CASE_ACCEPTED, "SMS_7")
    case = await case_of(ctx, world, phone=MOBILE, email=MAIL)
    secret = "SECRET-NUMBER"
    box.answer, centre.says = "451 alice@example.com busy", ["isv.OUT_OF_SERVICE"]
    await tell(ctx, case, "case_accepted", number=secret)
    await tell(ctx, case, "session_booked", at="2026-11-30T09:30", link=LINK)
    await working(ctx)
    while await next_due(ctx):
        await forward(ctx, clock)
    texts = logged.getvalue()
    async with ctx.store.read() as conn:
        for table in ("notice", "due", "audit_entry"):
            rows = (await conn.exec_driver_sql(f"SELECT * FROM {table}")).all()
            assert rows
            texts += str(rows)
    assert "later work failed" in texts
    for hidden in (secret, LINK, "secret-token", "13800000001", MAIL, "Alice", SECRET):
        assert hidden not in texts
