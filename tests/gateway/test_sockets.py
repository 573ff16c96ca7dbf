"""Which pages may open a socket at all, and for whom links stay open."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from server.security.ids import new_id
from tests.gateway.cast import admitted
from tests.gateway.house import House, a_house, on_sqlite, until

pytestmark = on_sqlite
PUBLIC = "https://heyi.example"
FOREIGN = ("https://evil.example", "http://heyi.example", f"{PUBLIC}.evil.example", "null")


async def opens(house: House, origin: str, transport: str) -> bool:
    """Whether a browser's page of this origin gets a socket."""
    headers, path = {"Origin": origin}, f"/socket.io/?EIO=4&transport={transport}"
    if transport == "websocket":
        headers |= {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        headers["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    async with ClientSession(house.url) as http, http.get(path, headers=headers) as answer:
        assert answer.status in (101, 200, 400)
        return answer.status != 400


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_page_of_another_origin_gets_no_socket(house: House, transport: str) -> None:
    own = house.url.rstrip("/")
    assert await opens(house, own, transport)
    for foreign in (*FOREIGN, PUBLIC, own.replace("http:", "https:")):
        assert not await opens(house, foreign, transport), foreign


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_the_public_address_is_the_origin_behind_a_proxy(
    database_url: str, tmp_path: Path, transport: str
) -> None:
    async with a_house(database_url, tmp_path, public_url=PUBLIC) as house:
        assert await opens(house, PUBLIC, transport)
        for foreign in (*FOREIGN, house.url.rstrip("/")):
            assert not await opens(house, foreign, transport), foreign


# ---- links ------------------------------------------------------------------------------------


async def test_after_the_end_no_links_are_opened(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice = await admitted(house, stack, house.world.host, house.world.alice)
        assert (await host.command("end", result="agreed", reason="Paid."))["ok"]
        await alice.sees(lambda view: view["state"] == "ended")
        await until(lambda: not house.plane.links)
        opened = house.plane.opened
        for page in (host, alice):
            assert await page.send("rebuild", {}) == {"ok": True}
        assert house.plane.links == {}
        await alice.socket.disconnect()
        alice.told.clear()
        await alice.connect()
        assert (await alice.is_told("cut"))["code"] == "session_over"
        assert (house.plane.links, house.plane.opened) == ({}, opened)


@pytest.mark.parametrize("event", ["cut", "over"])
async def test_links_for_which_the_page_waited_too_long_do_not_stay(
    house: House, monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    waiting, go_on = asyncio.Event(), asyncio.Event()
    real = house.plane.open

    async def slowly(*args: Any, **options: Any) -> Any:
        if asyncio.current_task() is rebuild:
            waiting.set()
            await go_on.wait()
        return await real(*args, **options)

    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(house.page(house.world.host))
        alice = await stack.enter_async_context(house.page(house.world.alice))
        await alice.is_told("links")
        connection = house.gateway.presence.of(alice.seat)
        assert connection is not None
        monkeypatch.setattr(house.plane, "open", slowly)
        rebuild = asyncio.create_task(house.gateway.trigger_event("rebuild", connection.sid, {}))
        await waiting.wait()
        if event == "cut":
            assert (await host.command("remove", seat=alice.seat))["ok"]
        else:
            assert (await host.command("end", new_id(), result="agreed", reason="Paid."))["ok"]
        await until(lambda: alice.seat not in house.plane.links)
        go_on.set()
        await rebuild
        assert alice.seat not in house.plane.links


async def test_a_socket_that_never_says_whose_it_is_is_closed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.sockets.ARRIVE_S", 0.2)
    eio = house.gateway.server.eio
    async with house.page(house.world.host) as host, ClientSession(house.url) as stranger:
        async with stranger.ws_connect("/socket.io/?EIO=4&transport=websocket"):
            assert len(eio.sockets) == 2
            await until(lambda: len(eio.sockets) == 1)
        assert (await host.command("camera", on=True))["ok"]
