from __future__ import annotations

import asyncio

import pytest

from server.domain.case import CaseStatus, DisputeType, HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, DeviceId, UserId
from server.domain.listing import Wanted
from server.domain.party import Details
from server.domain.result import Result, ResultKind
from server.domain.session import Session
from server.domain.user import StaffRole, User
from server.security.ids import new_id, new_secret_id
from server.services import audit, cases, finding, intake
from server.services.context import Context
from server.services.intake import Intake
from server.services.live import Origin, carry_out
from server.services.opening import NewParty
from server.store import users
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store.world import NOON, World, member

PARTIES = [
    NewParty("周丽华", "A", details=Details(phone="138 0000 0001")),
    NewParty(" 孙 国强 ", "B"),
]


async def create(ctx: Context, user: User, key: str | None = None) -> CaseId:
    new = Intake(" 楼上 漏水\t赔偿 ", DisputeType.NEIGHBOURS, PARTIES)
    return await intake.create(ctx, user, new, key or new_id())


async def titles(ctx: Context, user: User) -> set[str]:
    return {line.id for line in (await finding.find(ctx, user, Wanted())).lines}


async def test_a_mediators_case_is_theirs_from_the_start(ctx: Context, staff: Staff) -> None:
    case = (await cases.page(ctx, staff.wang, await create(ctx, staff.wang))).case
    assert case.title == "楼上 漏水 赔偿"
    assert case.organisation == staff.wang.organisation
    assert case.handlers == {staff.wang.id}
    assert case.created_at == NOON
    assert [(p.side, p.name) for p in case.parties] == [("A", "周丽华"), ("B", "孙 国强")]
    assert [change.status for change in case.history] == ["applied", "accepted", "assigned"]
    assert {(change.at, change.by) for change in case.history} == {(NOON, staff.wang.id)}
    assert case.number == "（2026）人调字第1号"
    assert await audit.verify(ctx) == []


async def test_a_clerks_case_waits_for_a_mediator(ctx: Context, staff: Staff) -> None:
    new = Intake("案", DisputeType.OTHER, PARTIES, accept=False)
    case_id = await intake.create(ctx, staff.clerk, new, new_id())
    page = await cases.page(ctx, staff.clerk, case_id)
    assert page.case.handlers == frozenset()
    assert page.case.status is CaseStatus.APPLIED
    assert not page.may_book


async def test_who_may_create_a_case(ctx: Context, staff: Staff) -> None:
    for user in (staff.wang, staff.lawyer, staff.clerk):
        assert await create(ctx, user)
    for user in (staff.supervisor, staff.administrator):
        with refused("not_allowed"):
            await create(ctx, user)


async def test_who_sees_which_cases(ctx: Context, staff: Staff, world: World) -> None:
    wangs, zhaos = world.case.id, world.other_session.case
    assert await titles(ctx, staff.wang) == {wangs}
    assert await titles(ctx, staff.li) == set()
    assert await titles(ctx, staff.zhao) == {zhaos}
    assert await titles(ctx, staff.clerk) == {wangs}
    assert await titles(ctx, staff.far_clerk) == {zhaos}
    assert await titles(ctx, staff.lawyer) == set()
    assert await titles(ctx, staff.supervisor) == {wangs, zhaos}
    assert await titles(ctx, staff.administrator) == set()


async def test_a_case_opens_for_those_who_see_it_in_the_list(
    ctx: Context, staff: Staff, world: World
) -> None:
    for name in Staff.__dataclass_fields__:
        user = getattr(staff, name)
        for case_id in (world.case.id, world.other_session.case):
            if case_id in await titles(ctx, user):
                page = await cases.page(ctx, user, case_id)
                assert page.may_book == (name != "supervisor")
            else:
                with refused("not_found"):
                    await cases.page(ctx, user, case_id)


@pytest.mark.parametrize("case_id", ["", "nothing", "\0", "\udcff", "和", "x" * 1000])
async def test_no_case_under_a_wrong_address(ctx: Context, staff: Staff, case_id: str) -> None:
    with refused("not_found"):
        await cases.page(ctx, staff.wang, CaseId(case_id))


async def test_a_form_sent_twice_makes_one_case(ctx: Context, staff: Staff) -> None:
    made = await asyncio.gather(*(create(ctx, staff.wang, "the form") for _ in range(5)))
    assert len(set(made)) == 1
    assert await create(ctx, staff.wang, "the form") == made[0]
    assert await create(ctx, staff.wang, "another form") != made[0]
    assert await create(ctx, staff.li, "the form") != made[0]
    assert await audit.verify(ctx) == []


@pytest.mark.parametrize("key", ["", "\0", "x" * 65])
async def test_a_form_without_a_usable_key(ctx: Context, staff: Staff, key: str) -> None:
    with pytest.raises(Refused):
        await intake.create(ctx, staff.wang, Intake("案", DisputeType.OTHER, PARTIES), key)


@pytest.mark.parametrize(
    ("title", "parties", "code"),
    [
        ("", PARTIES, "title_missing"),
        ("x" * 201, PARTIES, "title_unusable"),
        ("a\0b", PARTIES, "title_unusable"),
        ("案", [], "parties_missing"),
        ("案", [NewParty("", "A")], "party_name_missing"),
        ("案", [NewParty("x" * 201, "A")], "party_name_unusable"),
        ("案", [NewParty("人", "Z")], "side_unknown"),
        ("案", [NewParty("人", "A")] * 201, "too_many_parties"),
    ],
)
async def test_what_cannot_be_a_case(
    ctx: Context, staff: Staff, title: str, parties: list[NewParty], code: str
) -> None:
    before = await titles(ctx, staff.wang)
    with refused(code):
        new = Intake(title, DisputeType.OTHER, parties)
        await intake.create(ctx, staff.wang, new, new_id())
    assert await titles(ctx, staff.wang) == before


@pytest.mark.parametrize("name", ["𠮷野家", "㼆", "<script>alert(1)</script>", "O'Brien; --"])
async def test_rare_names_stay_as_they_are(ctx: Context, staff: Staff, name: str) -> None:
    new = Intake(name, DisputeType.OTHER, [NewParty(name, "A")])
    case_id = await intake.create(ctx, staff.wang, new, new_id())
    case = (await cases.page(ctx, staff.wang, case_id)).case
    assert (case.title, case.parties[0].name) == (name, name)


async def test_the_page_tells_what_happened(
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
    page = await cases.page(ctx, staff.supervisor, world.case.id)
    (line,) = page.sessions
    assert (line.id, line.result, line.host_name) == (world.session.id, result, "王敏")
    assert line.seats == 4
    assert [(h.name, h.role) for h in page.handlers] == [("王敏", HandlerRole.MEDIATOR)]


async def test_the_list_says_when_people_meet_next(
    ctx: Context, staff: Staff, world: World
) -> None:
    (line,) = (await finding.find(ctx, staff.wang, Wanted())).lines
    assert line.next_meeting == NOON
    await carry_out(ctx, world.session.id, Session.cancel)
    (line,) = (await finding.find(ctx, staff.wang, Wanted())).lines
    assert line.next_meeting is None
    assert line.handlers == ("王敏",)
    assert line.organisation == world.station.id


async def give(ctx: Context, user: User, mediator: UserId) -> CaseId:
    new = Intake("案", DisputeType.OTHER, PARTIES, mediator=mediator)
    return await intake.create(ctx, user, new, new_id())


async def test_a_clerk_gives_a_case_to_a_mediator(ctx: Context, staff: Staff) -> None:
    offered = await intake.mediators(ctx, staff.clerk)
    assert {user for user, _ in offered} == {staff.wang.id, staff.li.id, staff.lawyer.id}
    assert offered == sorted(offered, key=lambda pair: pair[1])
    case_id = await give(ctx, staff.clerk, staff.li.id)
    page = await cases.page(ctx, staff.li, case_id)
    assert [one.name for one in page.handlers] == ["李强"]
    assert page.may_book


async def test_a_case_belongs_where_its_mediator_works(
    ctx: Context, staff: Staff, world: World
) -> None:
    """So that they may read it: their role counts there and below."""
    async with ctx.store.write() as conn:
        top = await users.find(
            conn, await member(conn, world.bureau, StaffRole.CLERK, "top", "总台")
        )
    assert top is not None
    case_id = await give(ctx, top, staff.zhao.id)
    assert (await cases.page(ctx, staff.zhao, case_id)).organisation == world.elsewhere


async def test_a_case_is_given_to_nobody_else(ctx: Context, staff: Staff) -> None:
    for wrong in (staff.zhao, staff.clerk, staff.supervisor):
        with refused("mediator_unknown"):
            await give(ctx, staff.clerk, wrong.id)
    for nobody in ("", "\0", new_id()):
        with refused("mediator_unknown"):
            await give(ctx, staff.clerk, UserId(nobody))


async def test_who_handles_cases_keeps_their_own(ctx: Context, staff: Staff) -> None:
    assert await intake.mediators(ctx, staff.wang) == []
    case_id = await give(ctx, staff.wang, staff.li.id)
    page = await cases.page(ctx, staff.wang, case_id)
    assert [one.name for one in page.handlers] == ["王敏"]
    assert await intake.mediators(ctx, staff.supervisor) == []
    assert await intake.mediators(ctx, staff.administrator) == []
