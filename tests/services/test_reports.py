from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.case import CaseStatus, DisputeType, Source
from server.domain.errors import Refused
from server.domain.listing import Wanted
from server.domain.party import Details
from server.domain.report import checked_place, checked_position
from server.domain.statement import Statement
from server.domain.user import StaffRole, User
from server.services import cases, finding, reports, statuses
from server.services.context import Context
from server.services.opening import NewParty
from server.services.reports import NewReport
from server.store import cases as stored_cases
from server.store import users
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.services.test_documents import files, listed, pieces
from tests.store import world as worlds
from tests.store.world import World

REPORT = NewReport(
    DisputeType.NEIGHBOURS,
    "漏水",
    Statement(facts="吵起来了", place="村口"),
    [NewParty("张三", "A", details=Details(phone="13800000001"))],
    danger=True,
)


@pytest.fixture
async def grid(ctx: Context, world: World) -> User:
    async with ctx.store.write() as conn:
        made = await worlds.member(conn, world.station, StaffRole.GRID_WORKER, "grid", "网格员")
        found = await users.find(conn, made)
    assert found is not None
    return found


async def test_a_report_becomes_a_case_of_the_station(
    ctx: Context, grid: User, staff: Staff
) -> None:
    photo = ("a.pdf", pieces(b"%PDF-1.7"))
    case_id = await reports.make(ctx, grid, REPORT, [photo], "k")
    page = await cases.page(ctx, staff.clerk, case_id)
    assert page.case.source is Source.DISCOVERY
    assert page.case.organisation == staff.clerk.organisation
    assert page.case.status is CaseStatus.APPLIED
    found = await reports.found(ctx, case_id)
    assert found is not None
    assert (found.by, found.danger) == ("网格员", True)
    assert len(await listed(ctx, case_id)) == 1
    with refused("not_found"):
        await cases.page(ctx, staff.far_clerk, case_id)


async def test_who_reported_sees_how_it_stands_and_no_more(
    ctx: Context, grid: User, staff: Staff
) -> None:
    case_id = await reports.make(ctx, grid, REPORT, [], "k")
    (line,) = await reports.mine(ctx, grid)
    assert (line.id, line.title, line.status) == (case_id, "漏水", CaseStatus.APPLIED)
    with refused("not_found"):
        await cases.page(ctx, grid, case_id)
    assert await reports.mine(ctx, staff.clerk) == []


async def test_what_may_become_dangerous_is_before_those_who_work_on_it(
    ctx: Context, grid: User, staff: Staff
) -> None:
    await reports.make(ctx, grid, replace(REPORT, danger=False), [], "calm")
    case_id = await reports.make(ctx, grid, REPORT, [], "k")
    assert [line.id for line in await reports.dangers(ctx, staff.clerk)] == [case_id]
    for other in (staff.wang, staff.far_clerk, staff.supervisor, grid):
        assert await reports.dangers(ctx, other) == []
    listed_cases = (await finding.find(ctx, staff.clerk, Wanted())).lines
    assert [line.id for line in listed_cases if line.danger] == [case_id]
    async with ctx.store.write() as conn:
        case = await stored_cases.load(conn, case_id, lock=True)
        assert case is not None
        await statuses.change(ctx, conn, case, CaseStatus.WITHDRAWN, staff.clerk.id)
    assert await reports.dangers(ctx, staff.clerk) == []
    assert not any(line.danger for line in (await finding.find(ctx, staff.clerk, Wanted())).lines)


async def test_sent_twice_it_is_one(ctx: Context, grid: User) -> None:
    made = [
        await reports.make(ctx, grid, REPORT, [("a.pdf", pieces(b"%PDF-1.7"))], "k")
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert len(await reports.mine(ctx, grid)) == len(files(ctx)) == 1


async def test_with_a_photo_that_is_none_nothing_is_kept(ctx: Context, grid: User) -> None:
    with refused("file_type"):
        await reports.make(ctx, grid, REPORT, [("a.jpg", pieces(b"MZ"))], "k")
    assert await reports.mine(ctx, grid) == []
    assert files(ctx) == []


async def test_others_do_not_report(ctx: Context, staff: Staff) -> None:
    for user in (staff.clerk, staff.supervisor, staff.administrator):
        with refused("not_allowed"):
            await reports.make(ctx, user, REPORT, [], "k")


@pytest.mark.parametrize(
    ("typed", "position", "place"),
    [
        ("村口", "", "村口"),
        ("村口", "31.2304, 121.47370", "村口 (31.23040, 121.47370)"),
        ("", "-31.2304，121", "-31.23040, 121.00000"),
    ],
)
def test_a_place_in_words_or_figures(typed: str, position: str, place: str) -> None:
    assert checked_place(typed, checked_position(position)) == place


@pytest.mark.parametrize(
    ("typed", "position", "code"),
    [
        (" ", "", "report_place_missing"),
        ("x", "91, 0", "position_unusable"),
        ("x", "here", "position_unusable"),
        ("x" * 201, "", "place_unusable"),
        ("x" * 190, "31.2304, 121.4737", "place_unusable"),
    ],
)
def test_a_place_that_is_none(typed: str, position: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_place(typed, checked_position(position))
    assert caught.value.code == code


async def test_the_same_told_twice_is_known_already(ctx: Context, grid: User) -> None:
    first = await reports.make(ctx, grid, REPORT, [], "k")
    assert not await reports.known_already(ctx, grid, REPORT, first, "?")
    second = await reports.make(ctx, grid, REPORT, [], "another")
    assert await reports.known_already(ctx, grid, REPORT, second, "?")
    nameless = replace(REPORT, parties=[NewParty("?", "A")])
    for key in ("x", "y"):
        made = await reports.make(ctx, grid, nameless, [], key)
        assert not await reports.known_already(ctx, grid, nameless, made, "?")
    # What another office has is none of theirs.
    elsewhere = replace(grid, path=f"{grid.path}x/")
    assert not await reports.known_already(ctx, elsewhere, REPORT, second, "?")


async def test_photos_are_added_until_it_is_decided(ctx: Context, grid: User, staff: Staff) -> None:
    case_id = await reports.make(ctx, grid, REPORT, [], "k")
    await reports.add_photos(ctx, grid, case_id, [("a.pdf", pieces(b"%PDF-1.7"))])
    assert len(await listed(ctx, case_id)) == 1
    with refused("file_missing"):
        await reports.add_photos(ctx, grid, case_id, [])
    for other in (staff.clerk, staff.wang):
        with refused("not_found"):
            await reports.add_photos(ctx, other, case_id, [("a.pdf", pieces(b"%PDF-1.7"))])
    async with ctx.store.write() as conn:
        case = await stored_cases.load(conn, case_id, lock=True)
        assert case is not None
        await statuses.change(ctx, conn, case, CaseStatus.WITHDRAWN, staff.clerk.id)
    with refused("report_decided"):
        await reports.add_photos(ctx, grid, case_id, [("a.pdf", pieces(b"%PDF-1.7"))])
    assert len(files(ctx)) == 1
