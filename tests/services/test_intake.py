"""Matters taken in by staff: by visit, by call, or passed on; and those that are there already."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from server.domain.case import CaseStatus, DisputeType, Source
from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId
from server.domain.listing import Wanted
from server.domain.organisation import OrganisationKind
from server.domain.party import Details
from server.domain.referral import Referral
from server.domain.user import StaffRole, User
from server.security.ids import new_id
from server.services import cases, finding, intake, similar
from server.services.context import Context
from server.services.intake import Intake
from server.services.opening import NewParty, ReferenceKnown
from server.store import audit, profiles, users
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store.world import World, member, organisation

ANNA = NewParty("Anna", "A", details=Details(phone="13800000001", id_number="11010519491231002X"))
BERT = NewParty("Bert", "B")
VISIT = Intake("Wall", DisputeType.NEIGHBOURS, [ANNA, BERT])
COURT = replace(
    VISIT,
    source=Source.COURT,
    referral=Referral("云溪县人民法院", "（2026）云0101民诉前调12号", date(2026, 11, 20)),
)


async def enter(ctx: Context, user: User, new: Intake = VISIT) -> CaseId:
    return await intake.create(ctx, user, new, new_id())


async def top_clerk(ctx: Context, world: World) -> User:
    async with ctx.store.write() as conn:
        user_id = await member(conn, world.bureau, StaffRole.CLERK, "top", "总台")
        found = await users.find(conn, user_id)
    assert found is not None
    return found


async def test_accepted_at_once_or_left_as_applied(ctx: Context, staff: Staff) -> None:
    for accept, status in ((True, CaseStatus.ACCEPTED), (False, CaseStatus.APPLIED)):
        case_id = await enter(ctx, staff.clerk, replace(VISIT, accept=accept))
        assert (await cases.page(ctx, staff.clerk, case_id)).case.status is status
    case_id = await enter(ctx, staff.wang, replace(VISIT, accept=False))
    mine = (await cases.page(ctx, staff.wang, case_id)).case
    assert (mine.status, mine.number) == (CaseStatus.APPLIED, "")
    assert mine.handlers == {staff.wang.id}


async def test_it_is_given_to_a_mediator_only_when_it_is_accepted(
    ctx: Context, staff: Staff
) -> None:
    with refused("accept_first"):
        await enter(ctx, staff.clerk, replace(VISIT, accept=False, mediator=staff.li.id))


async def test_whom_names_speak_against_is_not_given_it(
    ctx: Context, staff: Staff, world: World
) -> None:
    people = [NewParty("李强", "A"), BERT]
    for mediator in (staff.li.id, staff.wang.id):
        with refused("mediator_may_know"):
            await enter(ctx, staff.clerk, replace(VISIT, parties=people, mediator=mediator))
    own = replace(VISIT, parties=people)
    for user in (staff.li, staff.wang):
        with refused("you_may_know"):
            await enter(ctx, user, own)
    namesake = await enter(ctx, staff.li, replace(own, other_person=True))
    assert (await cases.page(ctx, staff.li, namesake)).case.handlers == {staff.li.id}
    case_id = await enter(ctx, staff.clerk, replace(VISIT, mediator=staff.li.id))
    case = (await cases.page(ctx, staff.li, case_id)).case
    assert case.status is CaseStatus.ASSIGNED
    assert case.handlers == {staff.li.id}


async def test_where_it_belongs(ctx: Context, staff: Staff, world: World) -> None:
    top = await top_clerk(ctx, world)
    offered = {one.id for one in await intake.places(ctx, top)}
    assert offered == {world.bureau.id, world.station.id, world.elsewhere.id}
    assert await intake.places(ctx, staff.clerk) == []
    case_id = await enter(ctx, top, replace(VISIT, organisation=world.elsewhere.id))
    assert (await cases.page(ctx, top, case_id)).organisation == world.elsewhere
    assert (await cases.page(ctx, staff.far_clerk, case_id)).organisation == world.elsewhere


async def test_left_open_it_belongs_to_the_nearest_unit_with_mediators(
    ctx: Context, staff: Staff, world: World
) -> None:
    top = await top_clerk(ctx, world)
    nearest = await intake.usual(ctx, top)
    assert nearest in (world.station, world.elsewhere)
    case_id = await enter(ctx, top)
    assert (await cases.page(ctx, top, case_id)).organisation == nearest
    given = await enter(ctx, top, replace(VISIT, mediator=world.zhao))
    assert (await cases.page(ctx, top, given)).organisation == world.elsewhere
    assert await intake.usual(ctx, staff.clerk) == world.station
    async with ctx.store.write() as conn:
        await member(conn, world.bureau, StaffRole.MEDIATOR, "their own", "局调解员")
    assert await intake.usual(ctx, top) == world.bureau


async def test_it_belongs_nowhere_else(ctx: Context, staff: Staff, world: World) -> None:
    for wrong in (world.elsewhere.id, OrganisationId(new_id()), OrganisationId("\0")):
        with refused("organisation_not_yours"):
            await enter(ctx, staff.clerk, replace(VISIT, organisation=wrong))
    top = await top_clerk(ctx, world)
    there = replace(VISIT, organisation=world.elsewhere.id, mediator=world.wang)
    with refused("mediator_elsewhere"):
        await enter(ctx, top, there)


async def test_nobody_who_has_left_is_given_one(ctx: Context, staff: Staff, clock: Clock) -> None:
    async with ctx.store.write() as conn:
        await profiles.set_fields(conn, staff.li.id, {"left_at": clock()})
    assert staff.li.id not in {user for user, _ in await intake.mediators(ctx, staff.clerk)}
    with refused("mediator_unknown"):
        await enter(ctx, staff.clerk, replace(VISIT, mediator=staff.li.id))


async def test_the_same_person_twice_is_refused(ctx: Context, staff: Staff) -> None:
    again = NewParty("Anna A.", "B", details=Details(id_number="11010519491231002X"))
    phone = NewParty(" anna ", "B", details=Details(phone="13800000001"))
    for other in (again, phone):
        with refused("same_person_twice"):
            await enter(ctx, staff.clerk, replace(VISIT, parties=[ANNA, other]))
    family = NewParty("Ben", "A", details=Details(phone="13800000001"))
    assert await enter(ctx, staff.clerk, replace(VISIT, parties=[ANNA, family]))


# ---- passed on ----------------------------------------------------------------------------------


async def test_a_courts_matter_keeps_its_reference(ctx: Context, staff: Staff) -> None:
    case = (await cases.page(ctx, staff.clerk, await enter(ctx, staff.clerk, COURT))).case
    assert case.source is Source.COURT
    assert (case.referred_by, case.reference) == ("云溪县人民法院", "（2026）云0101民诉前调12号")
    assert case.received_on == date(2026, 11, 20)


async def test_one_reference_makes_one_case(ctx: Context, staff: Staff, world: World) -> None:
    first = await enter(ctx, staff.clerk, COURT)
    for user in (staff.clerk, staff.far_clerk):
        with pytest.raises(ReferenceKnown) as known:
            await enter(ctx, user, COURT)
        assert known.value.case == first
        told = await intake.known(ctx, user, known.value)
        assert told.organisation == world.station
        assert (told.case, told.title) == ((first, "Wall") if user is staff.clerk else (None, ""))
    assert COURT.referral is not None
    other = replace(COURT.referral, body="云山县人民法院")
    police = replace(COURT, source=Source.POLICE)
    assert await enter(ctx, staff.clerk, replace(COURT, referral=other))
    assert await enter(ctx, staff.clerk, police)


async def test_entered_at_once_it_is_still_one_case(ctx: Context, staff: Staff) -> None:
    both = await asyncio.gather(
        *(enter(ctx, user, COURT) for user in (staff.clerk, staff.far_clerk)),
        return_exceptions=True,
    )
    assert [type(result) for result in both if isinstance(result, Exception)] == [ReferenceKnown]


# ---- look-alikes --------------------------------------------------------------------------------


async def test_who_is_shown_what_is_alike(ctx: Context, staff: Staff, world: World) -> None:
    first = await enter(ctx, staff.clerk)
    same = [NewParty("A. Anna", "A", details=Details(phone="138 0000 0001"))]
    seen = await similar.before_entering(ctx, staff.clerk, same, DisputeType.LABOUR)
    assert [(one.case.id, one.people, one.exact) for one in seen.known] == [
        (first, ("Anna",), True)
    ]
    assert seen.elsewhere == ()
    for other in (staff.far_clerk, staff.wang):
        # There is one, and whom to call: not a word more.
        told = await similar.before_entering(ctx, other, same, DisputeType.LABOUR)
        assert told.known == ()
        assert [place.id for place in told.elsewhere] == [world.station.id]


async def test_a_number_found_elsewhere_is_audited_and_cannot_be_tried_for_ever(
    ctx: Context, staff: Staff
) -> None:
    await enter(ctx, staff.clerk)

    async def sought(user: User, person: NewParty) -> list[dict[str, object]]:
        await similar.before_entering(ctx, user, [person], DisputeType.LABOUR)
        async with ctx.store.read() as conn:
            found = await audit.of_chain(conn, f"org:{user.organisation}")
        return [entry.body for entry in found if entry.verb == "cases.sought"]

    same = NewParty("?", "A", details=Details(phone="138 0000 0001"))
    nobody = NewParty("?", "A", details=Details(phone="138 0000 0999"))
    # One's own, and what isn't found, is no news to anybody.
    assert await sought(staff.clerk, same) == []
    assert await sought(staff.far_clerk, nobody) == []
    assert await sought(staff.far_clerk, same) == [{"found": 1}]
    with pytest.raises(Refused, match="too_many"):
        for _ in range(200):
            await sought(staff.far_clerk, nobody)
    assert await similar.before_entering(ctx, staff.clerk, [same], DisputeType.LABOUR)


async def test_a_name_counts_in_the_same_type_and_lately(
    ctx: Context, staff: Staff, clock: Clock
) -> None:
    await enter(ctx, staff.clerk)
    for kind, found in ((DisputeType.NEIGHBOURS, True), (DisputeType.LABOUR, False)):
        assert bool(await similar.before_entering(ctx, staff.clerk, [BERT], kind)) is found
    clock.forward(days=731)
    for person, found in ((BERT, False), (ANNA, True)):
        alike = await similar.before_entering(ctx, staff.clerk, [person], DisputeType.NEIGHBOURS)
        assert bool(alike) is found


async def test_what_is_like_a_case_is_not_itself(ctx: Context, staff: Staff) -> None:
    first = await enter(ctx, staff.clerk)
    second = await enter(ctx, staff.clerk)
    async with ctx.store.read() as conn:
        found = await similar.similar(ctx, conn, second)
        assert {match.case for match in found} == {first}
        assert await similar.similar(ctx, conn, CaseId(new_id())) == []


async def test_another_tenant_knows_nothing(ctx: Context, staff: Staff) -> None:
    await enter(ctx, staff.clerk, COURT)
    async with ctx.store.write() as conn:
        other = await organisation(conn, None, OrganisationKind.BUREAU, "外县局")
        stranger = await users.find(
            conn, await member(conn, other, StaffRole.CLERK, "stranger", "外人")
        )
    assert stranger is not None
    assert not await similar.before_entering(ctx, stranger, [ANNA, BERT], DisputeType.NEIGHBOURS)
    assert await enter(ctx, stranger, COURT)


async def test_what_was_refused_left_nothing(ctx: Context, staff: Staff) -> None:
    before = (await finding.find(ctx, staff.clerk, Wanted())).count
    with pytest.raises(Refused):
        await enter(ctx, staff.clerk, replace(VISIT, parties=[]))
    assert (await finding.find(ctx, staff.clerk, Wanted())).count == before
