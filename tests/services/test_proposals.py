"""Who is proposed for a matter, and who is not: load, wishes, and conflicts."""

from __future__ import annotations

import pytest

from server.domain.case import CaseKind, HandlerRole
from server.domain.conflict import Ground
from server.domain.ids import CaseId, UserId
from server.domain.proposal import Reason
from server.security.ids import new_id
from server.services import (
    deciding,
    offers,
    proposals,
    wishes,
)
from server.services.context import Context
from server.services.opening import NewParty
from tests.services.come_in import (
    accepted,
    applied,
    assigned,
    give,
    offered,
)
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.store.world import World

MEDIATOR, CO, CLERK = HandlerRole.MEDIATOR, HandlerRole.CO_MEDIATOR, HandlerRole.CLERK


async def test_wishes_and_load_order_the_proposals(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    names = [p.candidate.profile.name for p in (await choose(ctx, staff, case)).proposals]
    # Wang has a case already.
    assert names == ["lawyer", "李强", "王敏"]
    for side in ("A", "B"):
        await wishes.record(ctx, staff.clerk, case, side, staff.wang.id, new_id())
    choice = await choose(ctx, staff, case)
    best = choice.proposals[0]
    assert best.candidate.profile.name == "王敏"
    assert Reason.ALL_WISH in best.reasons
    assert choice.wishes == {"A": "王敏", "B": "王敏"}
    await wishes.record(ctx, staff.clerk, case, "B", None, new_id())
    best = (await choose(ctx, staff, case)).proposals[0]
    assert Reason.ONE_WISHES in best.reasons
    with refused("side_unknown"):
        await wishes.record(ctx, staff.clerk, case, "Z", staff.wang.id, new_id())
    with refused("mediator_unknown"):
        await wishes.record(ctx, staff.clerk, case, "A", UserId(new_id()), new_id())


@pytest.mark.parametrize(
    ("parties", "who", "ground"),
    [
        ((NewParty("王 敏", "A"), NewParty("孙国强", "B")), "wang", Ground.SAME_NAME),
        ((NewParty("李强", "A"), NewParty("孙国强", "B")), "wang", Ground.COLLEAGUE),
        ((NewParty("李 强", "A"), NewParty("孙国强", "B")), "wang", Ground.COLLEAGUE),
        ((NewParty("李·强", "A"), NewParty("孙国强", "B")), "wang", Ground.COLLEAGUE),
        ((NewParty("孙国强", "A"), NewParty("河东所", "B")), "wang", Ground.OWN_UNIT),
    ],
)
async def test_nobody_with_a_conflict_is_proposed_or_given_it(
    ctx: Context,
    world: World,
    staff: Staff,
    parties: tuple[NewParty, ...],
    who: str,
    ground: Ground,
) -> None:
    case = await accepted(ctx, staff.clerk, world.station, parties)
    barred = getattr(staff, who)
    choice = await choose(ctx, staff, case)
    assert barred.name not in [p.candidate.profile.name for p in choice.proposals]
    aside = {a.profile.user: [c.ground for c in a.conflicts] for a in choice.aside}
    assert aside[barred.id] == [ground]
    with refused("conflict_found"):
        await offered(ctx, staff.clerk, case, barred)
    with refused("conflict_found"):
        await give(ctx, staff.clerk, case, barred.id)
    # Somebody has looked: it is another person of the same name.
    await offers.offer(ctx, staff.clerk, case, barred.id, MEDIATOR, new_id(), other_person=True)


async def test_who_has_advised_one_of_them_before_is_barred_and_who_mediated_is_named(
    ctx: Context, world: World, staff: Staff
) -> None:
    advised = await applied(ctx, world.station, (NewParty("孙国强", "A"),), CaseKind.CONSULTATION)
    await deciding.accept(ctx, staff.clerk, advised, new_id())
    await give(ctx, staff.clerk, advised, staff.wang.id)
    await assigned(ctx, staff.clerk, world.station, staff.li.id, (NewParty("周丽华", "A"),))
    case = await accepted(ctx, staff.clerk, world.station)
    choice = await choose(ctx, staff, case)
    assert [(a.profile.name, a.conflicts[0].ground) for a in choice.aside] == [
        ("王敏", Ground.ADVISED)
    ]
    li = next(p for p in choice.proposals if p.candidate.profile.user == staff.li.id)
    assert [(c.ground, c.name) for c in li.conflicts] == [(Ground.HANDLED, "周丽华")]


async def choose(ctx: Context, staff: Staff, case: CaseId) -> proposals.Choice:
    return await proposals.choice(ctx, staff.clerk, case)


async def test_only_who_decides_is_shown_proposals(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    for user, code in ((staff.wang, "not_found"), (staff.supervisor, "not_allowed")):
        with refused(code):
            await proposals.choice(ctx, user, case)
        with refused(code):
            await wishes.record(ctx, user, case, "A", staff.wang.id, new_id())
