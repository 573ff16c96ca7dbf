from __future__ import annotations

from datetime import date

import pytest

from server.domain.organisation import Organisation, OrganisationKind
from server.services import workdays
from server.services.context import Context
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.store.world import World


async def test_what_is_published_for_china_is_known(ctx: Context, world: World) -> None:
    async with ctx.store.read() as conn:
        china = await workdays.calendar(ctx, conn, world.station)
    assert china.country == "CN"
    assert not china.works(date(2026, 2, 17))
    assert china.works(date(2026, 2, 14)), "a Saturday worked for Spring Festival"
    assert china.certain(date(2026, 12, 31))
    assert not china.certain(date(2030, 1, 1))


async def test_elsewhere_it_is_monday_to_friday(ctx: Context, world: World) -> None:
    berlin = Organisation(
        world.station.id, world.station.path, OrganisationKind.STATION, "Berlin", "Europe/Berlin"
    )
    async with ctx.store.read() as conn:
        found = await workdays.calendar(ctx, conn, berlin)
    assert (found.country, found.works(date(2026, 2, 17))) == ("DE", True)
    assert found.certain(date(2030, 1, 1))


async def test_what_is_entered_stands_for_its_year(ctx: Context, staff: Staff) -> None:
    entered = {date(2026, 12, 25): (False, "test")}
    before = await workdays.year(ctx, staff.administrator, 2026)
    assert (before.known, before.entered, len(before.days) > 20) == (True, False, True)
    await workdays.enter(ctx, staff.administrator, 2026, entered)
    found = await workdays.year(ctx, staff.administrator, 2026)
    assert (found.days, found.entered) == (((date(2026, 12, 25), False, "test"),), True)
    await workdays.enter(ctx, staff.administrator, 2026, {})
    assert await workdays.year(ctx, staff.administrator, 2026) == before


async def test_a_year_nobody_knows_says_so(ctx: Context, staff: Staff) -> None:
    found = await workdays.year(ctx, staff.administrator, 2031)
    assert (found.known, found.days) == (False, ())


@pytest.mark.parametrize("who", ["wang", "clerk", "supervisor"])
async def test_they_are_for_administrators(ctx: Context, staff: Staff, who: str) -> None:
    user = getattr(staff, who)
    with refused("not_allowed"):
        await workdays.year(ctx, user, 2026)
    with refused("not_allowed"):
        await workdays.enter(ctx, user, 2026, {})
