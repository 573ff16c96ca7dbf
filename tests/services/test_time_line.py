from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from server.domain.case import Case, CaseStatus, HandlerRole, Outcome
from server.domain.closing import Remedy
from server.domain.deadlines import DeadlineKind
from server.domain.extension import How
from server.domain.ids import DeviceId
from server.domain.note import NoteKind, Readers
from server.domain.result import Result, ResultKind
from server.domain.session import Session
from server.domain.user import User
from server.security.ids import new_id, new_secret_id
from server.services import closing, extensions, handling, joining, notes, offers, time_line
from server.services.context import Context
from server.services.live import Origin, carry_out
from server.services.time_line import TimeEntry, TimeKind
from server.store import audit
from tests.services.conftest import Clock, Staff
from tests.services.matters import fresh, matter
from tests.store.world import NOON, World


async def told(
    ctx: Context, user: User, case: Case, kind: TimeKind | None = None
) -> list[TimeEntry]:
    return await time_line.of_case(ctx, user, await fresh(ctx, case), kind)


async def test_it_tells_of_meetings_and_how_they_ended(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    result = Result(ResultKind.NOT_AGREED, "差距太大")

    def begin(session: Session, now: object) -> None:
        session.connect(world.host, DeviceId(new_secret_id()), clock())
        session.connect(world.alice, DeviceId(new_secret_id()), clock())

    await carry_out(ctx, world.session.id, begin)
    clock.forward(minutes=40)
    await carry_out(
        ctx, world.session.id, lambda s, now: s.end(world.host, result, now), Origin(world.host)
    )
    ended, opened = await told(ctx, staff.supervisor, world.case, TimeKind.MEETINGS)
    assert (ended.verb, ended.who, ended.label) == ("session.ended", "王敏", result.kind)
    assert (ended.text, ended.session) == ("差距太大", world.session.id)
    assert ended.at == NOON + timedelta(minutes=40)
    assert (opened.verb, opened.who) == ("session.opened", None)


async def test_it_tells_the_whole_life_of_a_case(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    clock.forward(days=1)
    said = (NoteKind.CALL, Readers.HANDLERS, "愿意谈", new_id())
    await notes.write(ctx, staff.wang, case.id, *said)
    clock.now = datetime(2027, 1, 4, 4, tzinfo=UTC)
    until = (clock.now + timedelta(days=30)).date()
    asked = await extensions.ask(ctx, staff.wang, case.id, until, "鉴定", new_id())
    await extensions.answer(ctx, staff.wang, case.id, asked, "A", False, How.PHONE)
    clock.forward(days=1)
    why = ("说开了", (), new_id())
    await closing.close(ctx, staff.clerk, case.id, Outcome.AGREED, *why)
    found = await told(ctx, staff.wang, case)
    assert [x.verb for x in found] == [
        "case.closed",
        "case.extension_refused",
        "case.extension_answered",
        "case.extension_asked",
        "case.deadline_passed",
        "case.noted",
        "case.assigned",
        "case.accepted",
        "case.created",
    ]
    by_verb = {x.verb: x for x in found}
    closed, passed = by_verb["case.closed"], by_verb["case.deadline_passed"]
    assert (closed.text, closed.label, closed.who) == ("说开了", Outcome.AGREED, "clerk")
    assert (passed.label, passed.on) == (DeadlineKind.CONCLUDE, date(2026, 12, 23))
    assert by_verb["case.extension_asked"].on == until
    assert found == sorted(found, key=lambda x: x.at, reverse=True)


async def test_it_says_to_whom_a_case_was_offered_and_given(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    """By a clerk, who is told beside, and is not who has it."""
    case, role = await matter(ctx, world.station, None), HandlerRole.MEDIATOR
    clock.forward(minutes=1)
    asked = await offers.offer(ctx, staff.clerk, case.id, staff.li.id, role, new_id())
    clock.forward(minutes=1)
    await offers.decline(ctx, staff.li, asked, "太忙")
    clock.forward(minutes=1)
    await handling.assign(ctx, staff.clerk, case.id, staff.wang.id, role, new_id(), agreed=True)
    by_verb = {x.verb: (x.name, x.who) for x in await told(ctx, staff.clerk, case)}
    assert by_verb["case.offered"] == (staff.li.name, "clerk")
    assert by_verb["case.offer_declined"] == (staff.li.name, staff.li.name)
    assert by_verb["case.assigned"] == (staff.wang.name, "clerk")
    assert by_verb["case.accepted"] == ("", None)


async def test_a_note_is_told_to_those_it_is_for(ctx: Context, staff: Staff, world: World) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    for readers in Readers:
        await notes.write(ctx, staff.wang, case.id, NoteKind.NOTE, readers, readers, new_id())
    for user, expected in (
        (staff.wang, {"case", "handlers", "own"}),
        (staff.clerk, {"case"}),
        (staff.supervisor, {"case"}),
    ):
        found = await told(ctx, user, case, TimeKind.NOTES)
        assert {x.text for x in found} == expected


async def test_opened_again_it_says_so_and_not_where_it_stands(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    await closing.close(ctx, staff.wang, case.id, Outcome.AGREED, "好了", (), new_id())
    clock.forward(days=1)
    await closing.reopen(ctx, staff.wang, case.id, "又漏了", new_id())
    reopened, closed, *_ = await told(ctx, staff.wang, case, TimeKind.STATUS)
    assert (reopened.verb, reopened.text) == ("case.reopened", "又漏了")
    assert (closed.verb, closed.label) == ("case.closed", None)


async def test_closed_without_an_agreement_it_says_of_what_the_parties_were_told(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    clock.forward(days=1)
    far = Outcome.TOO_FAR_APART
    await closing.close(ctx, staff.wang, case.id, far, "谈不拢", tuple(Remedy), new_id())
    (closed, *before) = await told(ctx, staff.wang, case, TimeKind.STATUS)
    assert (closed.verb, closed.label, closed.told) == ("case.closed", far, tuple(Remedy))
    assert {entry.told for entry in before} == {()}


async def test_both_ends_of_a_join_say_it(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    case, into = [await matter(ctx, world.station, staff.wang.id) for _ in range(2)]
    clock.forward(days=1)
    await joining.join(ctx, staff.wang, case.id, into.id, "同一件事", new_id())
    here = await told(ctx, staff.wang, case, TimeKind.STATUS)
    there = await told(ctx, staff.wang, into, TimeKind.STATUS)
    assert (here[0].verb, here[0].label, here[0].text) == (
        "case.closed",
        Outcome.JOINED,
        "同一件事",
    )
    assert (there[0].verb, there[0].case) == ("case.joined", case.id)


async def test_of_a_meeting_what_goes_on_inside_stays_there(
    ctx: Context, staff: Staff, world: World
) -> None:
    chain, session = f"case:{world.case.id}", world.session.id
    async with ctx.store.write() as conn:
        for verb in ("entered", "moved", "admitted", "closed", "unattended", "lost"):
            body = {"seat": world.alice, "space": "x", "detail": "caucus"}
            await audit.append(conn, chain, f"session.{verb}", NOON, world.host, session, body)
    assert await told(ctx, staff.wang, world.case, TimeKind.MEETINGS) == []


@pytest.mark.parametrize("status", list(CaseStatus))
def test_every_status_has_its_kind(status: CaseStatus) -> None:
    assert TimeEntry(NOON, f"case.{status}").kind is TimeKind.STATUS
