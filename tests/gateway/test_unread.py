"""A page that does not read what it is sent: memory stays bounded, and nobody waits for it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.gateway.cast import card
from tests.gateway.house import House, on_sqlite, until
from tests.gateway.raw import a_raw

pytestmark = on_sqlite


async def test_a_page_that_does_not_read_is_disconnected_and_memory_stays_bounded(
    house: House,
) -> None:
    most = 20
    house.ctx.settings = house.ctx.settings.model_copy(update={"max_queued_messages": most})
    eio = house.gateway.server.eio
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(house.page(house.world.host))
        await host.sees(lambda view: view["hosting"])
        await stack.enter_async_context(a_raw(house, house.world.alice))
        await host.sees(lambda view: card(view, house.world.alice)["present"])
        connection = house.gateway.presence.of(house.world.alice)
        assert connection is not None
        mine = list(eio.sockets.values())[-1]
        large, sent = {"slots": ["x" * 200_000], "heard_by": []}, 0
        while house.gateway.presence.of(house.world.alice) is connection:
            connection.outbox.put("routes", large)
            await until(connection.outbox._queue.empty)
            await asyncio.sleep(0)
            assert mine.queue.qsize() <= most + 1
            sent += 1
            assert sent < 1000, "it reads, or is waited for without end"
        assert sent > most
        await host.sees(lambda view: not card(view, house.world.alice)["present"])
        await until(lambda: mine.closed)
        for _ in range(10 * most):
            connection.outbox.put("routes", large)
        assert mine.queue.qsize() <= most + 1
        assert await host.command("camera", on=True) == {"ok": True}


async def test_cutting_a_page_that_does_not_read_keeps_nobody_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.gateway.GOODBYE_S", 0.1)
    eio = house.gateway.server.eio
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(house.page(house.world.host))
        await stack.enter_async_context(a_raw(house, house.world.alice))
        await host.sees(lambda view: card(view, house.world.alice)["present"])
        connection = house.gateway.presence.of(house.world.alice)
        assert connection is not None
        large = {"slots": ["x" * 1_000_000], "heard_by": []}
        for _ in range(30):
            connection.outbox.put("routes", large)
        assert (await host.command("remove", seat=house.world.alice))["ok"]
        await until(lambda: len(eio.sockets) == 1)
