"""Conflicts are found by names, however they are written here and in other matters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.case import CaseKind
from server.domain.conflict import Ground
from server.domain.ids import CaseId, UserId
from server.domain.user import User
from server.security.ids import new_id
from server.services import deciding, proposals, speakers
from server.services.context import Context
from server.services.opening import NewParty
from server.services.parties import Typed
from server.store import parties, profiles
from tests.services.come_in import accepted, applied, give, load
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.store import world as worlds
from tests.store.world import World

SPELLINGS = pytest.mark.parametrize(
    ("before", "now"),
    [
        ("买买提阿不都", "买买提·阿不都"),
        ("买买提·阿不都", "买买提阿不都"),
        ("钱 强", "钱强"),
        ("ＡＢＣ公司", "abc 公司"),
    ],
)


async def spoken_for(ctx: Context, clerk: User, case: CaseId, name: str) -> None:
    """Somebody of this name speaks for the first party."""
    party = (await load(ctx, case)).parties[0].id
    new = speakers.TypedSpeaker(Typed(name, {}), "lawyer", "general")
    await speakers.add(ctx, clerk, case, party, new, new_id())


async def aside(ctx: Context, staff: Staff, case: CaseId) -> dict[UserId, list[tuple[Ground, str]]]:
    """Who is not proposed for it."""
    choice = await proposals.choice(ctx, staff.clerk, case)
    return {a.profile.user: [(c.ground, c.name) for c in a.conflicts] for a in choice.aside}


@pytest.mark.parametrize(
    ("speaker", "ground"), [("王敏", Ground.SAME_NAME), ("李 强", Ground.COLLEAGUE)]
)
async def test_who_speaks_for_a_party_counts_as_the_party_does(
    ctx: Context, world: World, staff: Staff, speaker: str, ground: Ground
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    await spoken_for(ctx, staff.clerk, case, speaker)
    assert (await aside(ctx, staff, case))[staff.wang.id] == [(ground, speaker)]
    with refused("conflict_found"):
        await give(ctx, staff.clerk, case, staff.wang.id)


@SPELLINGS
async def test_who_advised_one_of_them_is_barred_however_the_name_was_written(
    ctx: Context, world: World, staff: Staff, before: str, now: str
) -> None:
    old = (NewParty(before, "A"), NewParty("孙国强", "B"))
    advised = await applied(ctx, world.station, old, CaseKind.CONSULTATION)
    await deciding.accept(ctx, staff.clerk, advised, new_id())
    await give(ctx, staff.clerk, advised, staff.lawyer.id)
    case = await accepted(ctx, staff.clerk, world.station, (NewParty(now, "A"),))
    found = (await aside(ctx, staff, case))[staff.lawyer.id]
    assert (Ground.ADVISED, now) in found


@SPELLINGS
async def test_who_spoke_for_one_of_them_is_barred_however_the_name_was_written(
    ctx: Context, world: World, staff: Staff, before: str, now: str
) -> None:
    other = await accepted(ctx, staff.clerk, world.station, (NewParty(before, "A"),))
    await spoken_for(ctx, staff.clerk, other, "王 敏")
    case = await accepted(ctx, staff.clerk, world.station, (NewParty(now, "A"),))
    assert (Ground.REPRESENTED, now) in (await aside(ctx, staff, case))[staff.wang.id]


async def test_whoever_is_renamed_is_known_by_the_new_name(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await accepted(ctx, staff.clerk, world.station)
    party = (await load(ctx, case)).parties[0]
    async with ctx.store.write() as conn:
        await worlds.rename(conn, staff.li.id, f" {party.name} ")
    colleague = (Ground.COLLEAGUE, party.name)
    assert (await aside(ctx, staff, case))[staff.wang.id] == [colleague]
    async with ctx.store.write() as conn:
        await profiles.set_fields(conn, staff.li.id, {"name": "钱 多"})
    assert await aside(ctx, staff, case) == {}
    async with ctx.store.write() as conn:
        await parties.replace(conn, replace(party, name="钱·多"), "", {})
    await spoken_for(ctx, staff.clerk, case, "somebody")
    async with ctx.store.write() as conn:
        ((speaker, hidden),) = await parties.representatives(conn, case)
        await parties.replace_representative(conn, replace(speaker, name="王·敏"), hidden)
    later = await accepted(ctx, staff.clerk, world.station, (NewParty("钱多", "A"),))
    assert (await aside(ctx, staff, later))[staff.wang.id] == [
        (Ground.COLLEAGUE, "钱多"),
        (Ground.REPRESENTED, "钱多"),
    ]
