"""How each of the demo's matters came to where it stands, by the same rules as any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import BOOKABLE, Case, CaseStatus, HandlerRole, Outcome, Source
from server.domain.closing import Remedy
from server.domain.consent import asked
from server.domain.ids import CaseId, DeviceId, OrganisationId, SessionId
from server.domain.note import NoteKind, Readers
from server.domain.progress import Network, Progress, Step, Transport
from server.domain.referral import Referral
from server.domain.refusal import Elsewhere, RefusalGround
from server.domain.result import Result, ResultKind
from server.domain.seat import Role
from server.domain.seating import SessionPurpose, SessionState
from server.domain.session import Session
from server.domain.user import User
from server.security.ids import new_id, new_secret_id
from server.services import (
    bookings,
    closing,
    deciding,
    forms,
    intake,
    notes,
    offers,
    opening,
    reports,
    texts,
    wishes,
)
from server.services.bookings import NewSeat
from server.services.context import Context, NoGate, NoPublish
from server.services.demo import matters
from server.services.demo.bureau import LIUHE_COMMITTEE, Bureau
from server.services.demo.matters import Matter
from server.services.intake import Intake
from server.services.live import carry_out
from server.services.opening import NewCase
from server.services.reports import NewReport
from server.store import cases, parties, progress, sessions

ZONE = ZoneInfo("Asia/Shanghai")


async def due_now(ctx: Context, bureau: Bureau) -> Session:
    """The mediation of the day; a new one when the last is over or its links have expired.

    When the case is over too, the same people have fallen out again.
    """
    user, matter = bureau.people["mediator"], matters.TODAY
    for again in count(2):
        if (await _case(ctx, await _taken_in(ctx, user, matter))).status in BOOKABLE:
            break
        matter = matters.TODAY._replace(title=f"{matters.TODAY.title}（{again}）")
    for number in count(1):
        made = await _meeting(ctx, user, matter, ctx.clock(), number)
        session = await _session(ctx, made)
        good_until = session.starts_at + timedelta(days=ctx.settings.link_ttl_days)
        live = session.state in (SessionState.PLANNED, SessionState.OPEN)
        if live and ctx.clock() < good_until:
            return session
    raise AssertionError("numbers end")


async def all_of_them(ctx: Context, bureau: Bureau) -> Session:
    """In the order in which they came in, as their numbers are. Returns the meeting due now."""
    people = bureau.people
    await _failed(ctx, bureau)
    await _overdue(ctx, bureau)
    await _agreed(ctx, bureau)
    await _adjourned(ctx, bureau)
    await _coming(ctx, people["mediator"])
    await _refused(ctx, bureau)
    session = await due_now(ctx, bureau)
    in_two_days = ctx.clock() + timedelta(days=2)
    await _meeting(ctx, people["mediator3"], matters.MAJOR, in_two_days)
    await _taken_in(ctx, people["lawyer"], matters.CONSULTATION)
    await _referred(ctx, bureau)
    await _applied(ctx, bureau)
    await _reported(ctx, bureau)
    return session


# ---- one by one -------------------------------------------------------------------------------


async def _agreed(ctx: Context, bureau: Bureau) -> None:
    user = bureau.people["mediator"]
    result = Result(ResultKind.AGREED, "押金退还八成，十日内付清。")
    case = await _held(ctx, 20, user, matters.AGREED, result)
    if (await _case(ctx, case)).status is CaseStatus.SIGNING:
        key = "demo agreed, closed"
        await closing.close(_ago(ctx, 19), user, case, Outcome.AGREED, "已签协议。", [], key)


async def _adjourned(ctx: Context, bureau: Bureau) -> None:
    user = bureau.people["mediator"]
    until = (ctx.clock() + timedelta(days=5)).date()
    result = Result(ResultKind.ADJOURNED, "长子需与家人商量，下次再谈。", until)
    case = await _held(ctx, 4, user, matters.ADJOURNED, result)
    words = "电话联系郑海，他说周末和爱人商量后答复。"
    key = "demo adjourned, call"
    await notes.write(_ago(ctx, 2), user, case, NoteKind.CALL, Readers.HANDLERS, words, key)


async def _coming(ctx: Context, user: User) -> None:
    """Tomorrow, after a private talk with one side, who has tried the link today."""
    day = ctx.clock().astimezone(ZONE).date() + timedelta(days=1)
    case = await _taken_in(ctx, user, matters.COMING)
    seats, key = await _everybody(ctx, case), _key(matters.COMING)
    first, then = (datetime.combine(day, time(hour), ZONE) for hour in (9, 10))
    alone = await bookings.book(
        ctx,
        user,
        case,
        first,
        [seat for seat in seats if seat.side == "A"],
        f"{key} alone",
        purpose=SessionPurpose.PREPARATION,
        length=timedelta(minutes=30),
    )
    await bookings.book(ctx, user, case, then, seats, f"{key} 1", length=timedelta(minutes=90))
    session = await _session(ctx, alone)
    seat = next(s.id for s in session.seats.values() if s.role is Role.PARTY)
    tried = Progress(
        step=Step.DEVICES,
        rehearsal=True,
        at=ctx.clock(),
        browser="WeChat · iPhone",
        microphone=True,
        camera=True,
        speaker=True,
        network=Network(Transport.UDP, 48, 0.0),
    )
    async with ctx.store.write() as conn:
        if not await progress.of_seat(conn, seat):
            await progress.keep(conn, seat, tried)


async def _applied(ctx: Context, bureau: Bureau) -> None:
    """As from the public page, with a wish for a mediator."""
    then, matter = _ago(ctx, matters.APPLIED.days_ago), matters.APPLIED
    new = NewCase(
        organisation=bureau.units[LIUHE_COMMITTEE],
        dispute_type=matter.dispute_type,
        title=matter.title,
        parties=matter.parties,
        source=Source.APPLICATION,
        by=None,
        statement=matter.statement,
        id=CaseId(new_id()),
    )
    await opening.prepare(then, new)

    async def make(conn: AsyncConnection) -> str:
        case = await opening.insert(then, conn, new)
        await wishes.wish(then, conn, case.id, "A", bureau.people["mediator"].id)
        return case.id

    made = await forms.once(then, bureau.people["administrator"].id, _key(matter), make)
    if made != new.id:
        ctx.keys.data.destroy(new.id)


async def _reported(ctx: Context, bureau: Bureau) -> None:
    matter, then = matters.REPORTED, _at(ctx, ctx.clock() - timedelta(hours=3))
    report = NewReport(
        matter.dispute_type, matter.title, matter.statement, matter.parties, danger=False
    )
    await reports.make(then, bureau.people["grid_worker"], report, [], _key(matter))


async def _referred(ctx: Context, bureau: Bureau) -> None:
    """From the court, offered to a mediator who has not answered yet."""
    clerk, then = bureau.people["clerk"], _ago(ctx, 1)
    unit = bureau.units[LIUHE_COMMITTEE].id
    case = await _taken_in(ctx, clerk, matters.REFERRED, unit=unit)
    if (await _case(ctx, case)).status is CaseStatus.ACCEPTED:
        taker, role = bureau.people["mediator2"].id, HandlerRole.MEDIATOR
        await offers.offer(then, clerk, case, taker, role, "demo referred, offered")


async def _refused(ctx: Context, bureau: Bureau) -> None:
    clerk = bureau.people["clerk"]
    case = await _taken_in(ctx, clerk, matters.REFUSED, accept=False)
    if (await _case(ctx, case)).status is CaseStatus.APPLIED:
        await deciding.refuse(
            _ago(ctx, 7),
            clerk,
            case,
            "demo refused",
            RefusalGround.COURT_DECIDED,
            "法院已有生效判决，可在法定期限内申请再审。",
            [Elsewhere.COURT, Elsewhere.LEGAL_AID],
        )


async def _overdue(ctx: Context, bureau: Bureau) -> None:
    result = Result(ResultKind.ADJOURNED, "等林业站的界线图。", (ctx.clock()).date())
    await _held(ctx, 38, bureau.people["mediator3"], matters.OVERDUE, result)


async def _failed(ctx: Context, bureau: Bureau) -> None:
    user = bureau.people["mediator3"]
    result = Result(ResultKind.NOT_AGREED, "双方对退费比例相差太远。")
    case = await _held(ctx, 50, user, matters.FAILED, result)
    if (await _case(ctx, case)).status is CaseStatus.MEDIATING:
        await closing.close(
            _ago(ctx, 49),
            user,
            case,
            Outcome.TOO_FAR_APART,
            "两次沟通后仍无法达成一致。",
            list(Remedy),
            "demo failed, closed",
        )


# ---- what they have in common -----------------------------------------------------------------


async def _taken_in(
    ctx: Context,
    user: User,
    matter: Matter,
    *,
    accept: bool = True,
    unit: OrganisationId | None = None,
) -> CaseId:
    then = _ago(ctx, matter.days_ago)
    today = then.clock().date()
    new = Intake(
        matter.title,
        matter.dispute_type,
        matter.parties,
        matter.kind,
        matter.source,
        statement=matter.statement,
        difficulty=matter.difficulty,
        accept=accept,
        organisation=unit,
        referral=Referral("云溪县人民法院", "（2026）云1024诉前调318号", today)
        if matter.source is Source.COURT
        else None,
    )
    return await intake.create(then, user, new, _key(matter))


async def _meeting(
    ctx: Context, user: User, matter: Matter, starts_at: datetime, number: int = 1
) -> SessionId:
    case = await _taken_in(ctx, user, matter)
    seats = await _everybody(ctx, case)
    return await bookings.book(ctx, user, case, starts_at, seats, f"{_key(matter)} {number}")


async def _everybody(ctx: Context, case: CaseId) -> list[NewSeat]:
    async with ctx.store.read() as conn:
        found = await parties.of_cases(conn, [case])
    return [NewSeat(Role.PARTY, p.side, p.name, party=p.id) for p in found[case]]


async def _held(ctx: Context, days_ago: int, user: User, matter: Matter, result: Result) -> CaseId:
    """With a meeting that took place then."""
    then = _ago(ctx, days_ago)
    start = then.clock()
    case = await _taken_in(ctx, user, matter)
    seats = await _everybody(ctx, case)
    session_id = await bookings.book(then, user, case, start, seats, f"{_key(matter)} 1")

    def begin(session: Session, now: datetime) -> None:
        host = session.main_host.id
        for seat in list(session.seats.values()):
            session.connect(seat.id, DeviceId(new_secret_id()), now)
            if seat.id != host:
                session.say_name(seat.id, seat.name, now)
                for purpose in asked(seat.role):
                    session.consent(seat.id, texts.current(purpose, "zh"), now)
                session.admit(host, seat.id, now)

    def end(session: Session, now: datetime) -> None:
        host = session.main_host
        session.connect(host.id, host.device or DeviceId(new_secret_id()), now)
        session.end(host.id, result, now)

    if (await _session(ctx, session_id)).state is SessionState.PLANNED:
        await carry_out(then, session_id, begin)
    if (await _session(ctx, session_id)).state is SessionState.OPEN:
        await carry_out(_at(ctx, start + timedelta(minutes=50)), session_id, end)
    return case


def _key(matter: Matter) -> str:
    return f"demo {matter.title}"


def _ago(ctx: Context, days: int) -> Context:
    return _at(ctx, ctx.clock() - timedelta(days=days))


def _at(ctx: Context, moment: datetime) -> Context:
    """The same server at another moment, with nobody connected."""
    return replace(ctx, clock=lambda: moment, gate=NoGate(), publish=NoPublish())


async def _session(ctx: Context, session_id: SessionId) -> Session:
    async with ctx.store.read() as conn:
        session = await sessions.load(conn, session_id)
    assert session is not None
    return session


async def _case(ctx: Context, case_id: CaseId) -> Case:
    async with ctx.store.read() as conn:
        case = await cases.load(conn, case_id)
    assert case is not None
    return case
