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


async def test_no_limit_ends_on_new_year_though_its_year_is_not_known(
    ctx: Context, staff: Staff, world: World
) -> None:
    year = await _unknown(ctx, staff)
    async with ctx.store.read() as conn:
        china = await workdays.calendar(ctx, conn, world.station)
    first = date(year, 1, 1)
    assert not china.works(first)
    assert not china.works(date(year, 4, 4)) or not china.works(date(year, 4, 5))
    assert not china.certain(china.on_or_after(first))


async def _unknown(ctx: Context, staff: Staff) -> int:
    """The first year that nobody knows."""
    year = 2027
    while (await workdays.year(ctx, staff.administrator, year)).known:
        year += 1
    return year


async def test_whoever_can_enter_a_year_is_asked_to(ctx: Context, staff: Staff) -> None:
    admin = staff.administrator
    year = await _unknown(ctx, staff)
    before, after = date(year - 1, 10, 31), date(year - 1, 11, 1)
    assert await workdays.unknown_year(ctx, admin, before) is None
    assert await workdays.unknown_year(ctx, admin, after) == year
    assert await workdays.unknown_year(ctx, staff.wang, after) is None
    await workdays.enter(ctx, admin, year, {date(year, 1, 1): (False, "test")})
    assert await workdays.unknown_year(ctx, admin, after) is None


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
