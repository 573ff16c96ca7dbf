"""A thousand pages that come and go: the server is afterwards what it was before."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from pathlib import Path

import pytest

from tests.gateway.house import House, Page, a_house, on_sqlite, until
from tests.leftovers import GROWTH, Holding, holding

pytestmark = [pytest.mark.beyond, pytest.mark.timeout(3600)]

JOINS, WARM = 1000, 200

log = logging.getLogger(__name__)


@on_sqlite
async def test_a_thousand_pages_leave_nothing(database_url: str, tmp_path: Path) -> None:
    async with (
        a_house(database_url, tmp_path) as house,
        house.page(house.world.host) as host,
        Page.opened(house, house.world.alice) as alice,
    ):
        await come_and_go(house, host, alice, WARM)
        before, tasks = await settled()
        await come_and_go(house, host, alice, JOINS)
        after, tasks_then = await settled()
        log.info("server and its pages: %s, then %s", before, after)
        assert after.memory <= before.memory * GROWTH
        assert after.files == before.files
        assert tasks_then == tasks
        assert house.plane.links.keys() <= {host.seat}


async def come_and_go(house: House, host: Page, alice: Page, times: int) -> None:
    for _ in range(times):
        await alice.connect()
        await alice.is_told_something()
        assert house.gateway.presence.of(alice.seat) is not None
        await alice.socket.disconnect()
        await until(lambda: house.gateway.presence.of(alice.seat) is None)
        await until(lambda: alice.seat not in house.plane.links)
        alice.told.clear()
        host.told.clear()


async def settled() -> tuple[Holding, int]:
    """What is left when all that ends by itself has ended: the same at two looks in a row."""
    seen: tuple[int, int] | None = None
    while True:
        await asyncio.sleep(1)
        gc.collect()
        now, tasks = holding(os.getpid()), len(asyncio.all_tasks())
        if seen == (now.files, tasks):
            return now, tasks
        seen = now.files, tasks
