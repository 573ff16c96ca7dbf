"""From what a service says in its transaction to what arrives, and what the log tells of it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from server import logs
from server.domain.case import Case, DisputeType, Source
from server.domain.ids import CaseId, PartyId, UserId
from server.domain.notice import FORMS, Channel, Filter, NoticeName, NoticeState, Reason, places
from server.domain.party import Details
from server.services import cases as case_service
from server.services import later, notice_log, notice_texts, notice_wordings, notices, opening
from server.services.context import Context
from server.services.jobs import JOBS
from server.services.notice_log import OfCase
from server.services.opening import NewCase, NewParty
from server.settings import load
from server.store import audit, due, profiles
from server.store import notice_templates as templates
from server.store import notices as stored
from server.store.notices import Notice
from server.words import LANGUAGES
from tests.services.conftest import Clock, Staff
from tests.services.providers import (
    APP,
    KEY_ID,
    SECRET,
    SIGN,
    Mailbox,
    SmsCentre,
    mailbox,
    sms_centre,
)
from tests.services.refusing import refused
from tests.store.world import World

MOBILE, MAIL = "138 0000 0001", "alice@example.com"
LINK = "https://heyi.example/j/seat#secret-token"


@pytest.fixture
async def providers(ctx: Context) -> AsyncIterator[tuple[Context, Mailbox, SmsCentre]]:
    """The server with a mail server and a provider of SMS."""
    async with mailbox() as (box, smtp), sms_centre() as centre:
        settings = load(
            {},
            **ctx.settings.model_dump(exclude_unset=True),
            smtp_url=smtp,
            mail_from="notices@heyi.example",
            sms_provider="aliyun",
            sms_key_id=KEY_ID,
            sms_key_secret=SECRET,
            sms_sign=SIGN,
            sms_app=APP,
            sms_url=centre.url,
        )
        yield replace(ctx, settings=settings), box, centre


async def case_of(ctx: Context, world: World, phone: str = "", email: str = "") -> Case:
    """Alice on side A, who can be reached like this, against Bob, who can't."""
    parties = [NewParty("Alice", "A", details=Details(phone=phone, email=email))]
    new = NewCase(
        organisation=world.station,
        dispute_type=DisputeType.NEIGHBOURS,
        title="Boundary wall",
        parties=[*parties, NewParty("Bob", "B")],
        source=Source.VISIT,
        by=world.wang,
        handlers=frozenset({world.wang}),
    )
    await opening.prepare(ctx, new)
    async with ctx.store.write() as conn:
        case = await opening.insert(ctx, conn, new)
        # Time limits write notices of their own.
        await due.drop(conn, case.id)
        return case


async def tell(
    ctx: Context, case: Case, name: str = "case_reopened", key: str = "k", **values: str
) -> None:
    async with ctx.store.write() as conn:
        await notices.to_party(ctx, conn, case, case.parties[0].id, name, values, key)


async def tell_staff(
    ctx: Context, user: UserId, name: str = "deadline_passed", case: Case | None = None
) -> None:
    async with ctx.store.write() as conn:
        await notices.to_staff(ctx, conn, user, name, {"on": "2026-11-30"}, "k", case)


async def of(ctx: Context, case: Case) -> list[Notice]:
    async with ctx.store.read() as conn:
        return await stored.of_case(conn, case.id)


async def only(ctx: Context, case: Case) -> Notice:
    found = await of(ctx, case)
    assert len(found) == 1
    return found[0]


async def working(ctx: Context) -> None:
    await later.do_all(ctx, JOBS)


async def words_for(ctx: Context, world: World, name: NoticeName, template: str) -> None:
    """The bureau tells the id under which the provider knows our words."""
    async with ctx.store.write() as conn:
        words = replace(notice_texts.ours(name, "zh"), body="", provider_template=template)
        key = (name, "zh")
        await templates.insert_next(conn, world.bureau.id, key, words, world.wang, ctx.clock())


Providers = tuple[Context, Mailbox, SmsCentre]


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
    assert "您的调解员是王敏,电话0571-1" in shown.texts["zh"]
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


# ---- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NoticeName)
def test_our_own_words_tell_what_they_must(name: NoticeName, language: str) -> None:
    words = notice_texts.ours(name, language)
    assert words.version >= 1
    assert set(places(words.body)) <= set(FORMS[name].allowed)
    assert set(places(words.body)) >= {*FORMS[name].must, "organisation"}
    assert places(words.subject) == ()
    # A message without a telephone looks like fraud; staff see where to sign in instead.
    assert {"telephone", "address", "link"} & set(places(words.body))


@pytest.mark.parametrize("name", NoticeName)
def test_chinese_words_fit_into_one_message(name: NoticeName, ctx_free: Any) -> None:
    """Apart from addresses of pages, which take what they take."""
    given = notice_wordings.EXAMPLES["zh"] | {"link": "", "at": "2026-11-30T09:30"}
    text = ctx_free(name, given)
    assert len(text) <= 75, text


@pytest.fixture
def ctx_free() -> Any:
    from server.domain.ids import OrganisationId
    from server.domain.notice import filled, spoken
    from server.domain.organisation import Organisation, OrganisationKind

    where = Organisation(
        OrganisationId("o"), "o/", OrganisationKind.COMMITTEE, "柳河镇人民调解委员会"
    )

    def text(name: NoticeName, given: dict[str, str]) -> str:
        common = {"organisation": where.name, "telephone": "0571-12345678", "address": ""}
        values = {k: spoken(v, "zh", where.zone) for k, v in (common | given).items()}
        return filled(notice_texts.ours(name, "zh").body, values)

    return text


async def test_words_are_in_the_partys_language(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    alice = case.parties[0].id
    await notice_log.choose_language(ctx, staff.wang, case.id, alice, "en")
    await tell(ctx, case, "session_booked", at="2026-11-30T01:30:00+00:00", link=LINK)
    await working(ctx)
    assert "on Mon 30 Nov 09:30. The link" in box.mails[0].get_content().replace("\n", " ")
    assert (await page_of(ctx, staff, case)).languages == {alice: "en"}


async def test_an_organisations_own_words_go_before_ours_below_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    admin, name = staff.administrator, "case_reopened"
    own = "{organisation}:我们重新办理您的事项。"
    found = await notice_wordings.one(ctx, admin, "", name, "zh")
    assert found.organisation.id == world.bureau.id
    await notice_wordings.save(ctx, admin, found, "重新办理", own, "", 0)
    case = await case_of(ctx, world)
    await tell(ctx, case)
    assert (await page_of(ctx, staff, case)).notices[0].texts["zh"] == (
        f"{world.station.name}:我们重新办理您的事项。"
    )
    # The station says it in its own way, the other station does not.
    below = await notice_wordings.one(ctx, admin, world.station.id, name, "zh")
    assert (below.words.body, below.version) == (own, 0)
    await notice_wordings.save(ctx, admin, below, "S", "{organisation} {telephone}", "", 0)
    lines = {}
    for where in (world.bureau, world.station, world.elsewhere):
        listing = await notice_wordings.listing(ctx, admin, where.id)
        line = next(x for x in listing.lines if (x.name, x.language) == (name, "zh"))
        lines[where.id] = (line.words.body, line.own)
    assert lines == {
        world.bureau.id: (own, world.bureau.id),
        world.station.id: ("{organisation} {telephone}", world.station.id),
        world.elsewhere.id: (own, world.bureau.id),
    }


async def test_back_to_ours_keeps_the_history(ctx: Context, staff: Staff) -> None:
    admin = staff.administrator
    ours = notice_texts.ours(NoticeName.CASE_CLOSED, "en")
    for version, body in enumerate(["{organisation} one", "{organisation} two", ""]):
        found = await notice_wordings.one(ctx, admin, "", "case_closed", "en")
        subject = "S" if body else ""
        await notice_wordings.save(ctx, admin, found, subject, body, "", version)
    found = await notice_wordings.one(ctx, admin, "", "case_closed", "en")
    assert found.words == ours
    assert [v.own.wording.body for v in found.versions] == [
        "",
        "{organisation} two",
        "{organisation} one",
    ]
    async with ctx.store.read() as conn:
        entries = await audit.of_chain(conn, f"org:{found.organisation.id}")
    assert [e.verb for e in entries].count("notice.worded") == 3


async def test_who_saves_second_is_told(ctx: Context, staff: Staff) -> None:
    admin = staff.administrator
    found = await notice_wordings.one(ctx, admin, "", "case_closed", "en")
    await notice_wordings.save(ctx, admin, found, "S", "{organisation} one", "", 0)
    # One who has not looked again, and one who was sending at the same moment.
    again = await notice_wordings.one(ctx, admin, "", "case_closed", "en")
    for was in (again, found):
        with refused("edited_meanwhile"):
            await notice_wordings.save(ctx, admin, was, "S", "{organisation} two", "", 0)


async def test_words_are_the_administrators(ctx: Context, world: World, staff: Staff) -> None:
    found = await notice_wordings.one(ctx, staff.administrator, "", "case_closed", "en")
    for user in (staff.clerk, staff.supervisor, staff.wang):
        with refused("not_allowed"):
            await notice_wordings.one(ctx, user, world.station.id, "case_closed", "en")
        with refused("not_allowed"):
            await notice_wordings.save(ctx, user, found, "S", "{organisation}", "", 0)
        with refused("not_allowed"):
            await notice_wordings.listing(ctx, user, world.bureau.id)
    for name, language in (("nothing", "en"), ("case_closed", "fr")):
        with refused("not_found"):
            await notice_wordings.one(ctx, staff.administrator, "", name, language)


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


# ---- helpers ----------------------------------------------------------------------------------


async def page_of(ctx: Context, staff: Staff, case: Case) -> OfCase:
    page = await case_service.page(ctx, staff.wang, CaseId(case.id))
    return await notice_log.of_case(ctx, staff.wang, page)


async def reachable(ctx: Context, user: UserId) -> None:
    async with ctx.store.write() as conn:
        await profiles.set_fields(conn, user, {"email": "wang@example.com"})


async def next_due(ctx: Context) -> Any:
    async with ctx.store.read() as conn:
        return await due.next_at(conn)


async def forward(ctx: Context, clock: Clock) -> None:
    """To when the next thing is due, and do it."""
    at = await next_due(ctx)
    assert at is not None
    clock.now = max(clock.now, at)
    await working(ctx)
