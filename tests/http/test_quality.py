from __future__ import annotations

from datetime import timedelta

import pytest

from server.domain.quality import Carried, Cause, Grade, Judgement, Minute
from server.services import quality
from server.services.quality import Kept
from tests.http.house import House
from tests.store.world import NOON

BAD = Judgement(Grade.WEAK, Cause.UP_LOSS)


async def page(house: House, who: str, address: str = "/quality") -> str:
    async with house.browser(who) as browser, browser.get(address) as answer:
        assert answer.status == 200
        return await answer.text()


@pytest.mark.parametrize("who", ["supervisor", "administrator"])
async def test_without_calls_it_says_so(house: House, who: str) -> None:
    assert "No calls in this time." in await page(house, who)


async def test_calls_that_went_well_are_no_worst_ones(house: House) -> None:
    fine = Kept(house.world.alice, NOON, Minute(Carried()), Judgement(Grade.GOOD))
    await quality.keep(house.ctx, [fine])
    text = await page(house, "supervisor")
    assert "Every call went well in this time." in text
    assert "The worst calls" not in text


async def test_a_title_is_for_who_may_read_the_case(house: House) -> None:
    world = house.world
    rows = [
        Kept(world.alice, NOON - timedelta(minutes=n), Minute(Carried()), BAD) for n in range(3)
    ]
    await quality.keep(house.ctx, rows)
    read, looked_after = await page(house, "supervisor"), await page(house, "administrator")
    link = f'href="/sessions/{world.session.id}"'
    assert link in read
    assert world.case.title in read
    assert link not in looked_after
    assert world.case.title not in looked_after
    for text in (read, looked_after):
        assert "3 of 3" in text
        assert "The network loses part of what is sent." in text
        assert "Alice" not in text, "whose network it was is told by role and side"


async def test_only_known_periods(house: House) -> None:
    for asked in ("30", "31", "x", "-1", "9" * 400):
        text = await page(house, "supervisor", f"/quality?days={asked}")
        chosen = 30 if asked == "30" else 7
        assert f'href="/quality?days={chosen}" aria-current="page"' in text
