"""What leaves as a file is what one may read, with sealed fields only where one may see them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.case import DisputeType
from server.domain.errors import Refused
from server.domain.export import ExportWhy, checked_why
from server.domain.ids import CaseId
from server.domain.listing import Wanted
from server.domain.party import Details
from server.domain.user import StaffRole, User
from server.security.ids import new_id
from server.services import exports, intake
from server.services.context import Context
from server.services.exports import Exported
from server.services.intake import Intake
from server.services.opening import NewParty
from server.store import audit, users
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.services.test_sealed import everything
from tests.store.world import World

ID_NUMBER = "11010519491231002X"
ANNA = NewParty("Anna", "A", details=Details(phone="13800000001", id_number=ID_NUMBER))


@pytest.fixture
async def case(ctx: Context, staff: Staff) -> CaseId:
    new = Intake("租赁押金", DisputeType.HOUSING, [ANNA, NewParty("㼆某", "B")])
    return await intake.create(ctx, staff.wang, new, new_id())


async def exported(
    ctx: Context, user: User, *, sealed: bool = False, text: str = ""
) -> list[Exported]:
    wanted = replace(Wanted(), text=text)
    await exports.begin(ctx, user, wanted, ExportWhy.FIGURES, "csv", sealed)
    lines = exports.lines(ctx, user, wanted, ExportWhy.FIGURES, sealed)
    return [line async for chunk in lines for line in chunk]


async def test_one_takes_along_what_one_may_export(
    ctx: Context, staff: Staff, case: CaseId, world: World
) -> None:
    for user in (staff.wang, staff.clerk):
        found = {line.line.id for line in await exported(ctx, user)}
        assert found == {case, world.case.id}
    assert len(await exported(ctx, staff.supervisor)) == 3
    for user in (staff.li, staff.far_clerk):
        assert case not in {line.line.id for line in await exported(ctx, user)}
    for user in (staff.administrator,):
        with refused("not_allowed"):
            await exported(ctx, user)


async def test_the_filters_hold(ctx: Context, staff: Staff, case: CaseId) -> None:
    assert [line.line.id for line in await exported(ctx, staff.clerk, text="押金")] == [case]


async def test_it_goes_on_chunk_by_chunk(
    ctx: Context, staff: Staff, case: CaseId, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await exported(ctx, staff.supervisor)
    monkeypatch.setattr(exports, "CHUNK", 1)
    assert await exported(ctx, staff.supervisor) == whole


async def test_sealed_fields_come_only_when_asked_for_and_allowed(
    ctx: Context, staff: Staff, case: CaseId
) -> None:
    [plain] = await exported(ctx, staff.clerk, text="押金")
    assert plain.people == ()
    [line] = await exported(ctx, staff.clerk, text="押金", sealed=True)
    people = dict(line.people)
    assert people["Anna"].id_number == ID_NUMBER
    assert people["㼆某"] == Details()
    with refused("not_allowed"):
        await exported(ctx, staff.supervisor, sealed=True)


async def test_sealed_fields_are_those_of_where_one_may_see_them(
    ctx: Context, staff: Staff, case: CaseId, world: World
) -> None:
    """Who is clerk of one station and supervises all takes along all, and sees the clerk's."""
    new = Intake("租赁押金", DisputeType.HOUSING, [ANNA, NewParty("㼆某", "B")])
    far = await intake.create(ctx, staff.zhao, new, new_id())
    async with ctx.store.write() as conn:
        await users.give(conn, staff.supervisor.id, StaffRole.CLERK, world.station.id)
        both = await users.find(conn, staff.supervisor.id)
    assert both is not None
    found = await exported(ctx, both, text="押金", sealed=True)
    assert {line.line.id: bool(line.people) for line in found} == {case: True, far: False}
    async with ctx.store.read() as conn:
        said = {entry.verb for entry in await audit.of_chain(conn, f"case:{far}")}
    assert exports.EXPORTED not in said


async def test_it_is_audited_before_the_first_row_and_in_each_case_that_was_opened(
    ctx: Context, staff: Staff, case: CaseId, world: World
) -> None:
    wanted = replace(Wanted(), text="押金")
    why = ExportWhy.FIGURES
    await exports.begin(ctx, staff.clerk, wanted, why, "csv", True)
    async with ctx.store.read() as conn:
        of_house = await audit.of_chain(conn, f"org:{staff.clerk.organisation}")
        assert exports.EXPORTED not in {e.verb for e in await audit.of_chain(conn, f"case:{case}")}
    lines = exports.lines(ctx, staff.clerk, wanted, why, True)
    [first] = await anext(lines)
    assert first.people
    # It has not gone further than that: what follows is as it was when the first row came.
    async with ctx.store.read() as conn:
        of_case = await audit.of_chain(conn, f"case:{case}")
        of_other = await audit.of_chain(conn, f"case:{world.case.id}")
    [entry] = [entry for entry in of_house if entry.verb == "cases.exported"]
    assert (entry.actor, entry.body["why"], entry.body["sealed"]) == (
        staff.clerk.id,
        "figures",
        True,
    )
    assert [entry.body for entry in of_case if entry.verb == exports.EXPORTED] == [
        {"why": "figures"}
    ]
    assert exports.EXPORTED not in {entry.verb for entry in of_other}
    assert [chunk async for chunk in lines] == []
    assert ID_NUMBER not in await everything(ctx)


async def test_many_sealed_fields_are_not_exported_at_once(
    ctx: Context, staff: Staff, case: CaseId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_SEALED", 1)
    with refused("export_too_large"):
        await exported(ctx, staff.clerk, sealed=True)
    assert len(await exported(ctx, staff.clerk)) == 2


def test_a_reason_is_asked() -> None:
    assert checked_why("archive") is ExportWhy.ARCHIVE
    with pytest.raises(Refused, match="export_reason_missing"):
        checked_why("")
