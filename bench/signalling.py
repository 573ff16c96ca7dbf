"""How a generator joins a server: one small interface, and HTTP on loopback to carry it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from types import TracebackType
from typing import Protocol, runtime_checkable

from aiohttp import ClientSession, ClientTimeout, web


class Signalling(Protocol):
    """What any server must answer. Rooms and people are numbered; texts are SDP."""

    async def publish(self, room: int, who: int, offer: str) -> str:
        """Send from this person; returns the server's answer."""

    async def subscribe(self, room: int, who: int) -> str:
        """Receive everyone else in the room, all of whom publish; returns the server's offer."""

    async def accept(self, room: int, who: int, answer: str) -> None:
        """The answer to that offer."""


@runtime_checkable
class Leaving(Protocol):
    """A server that lets people go, too."""

    async def leave(self, room: int, who: int) -> None: ...


class Remote:
    """A server that `host` serves."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/"

    async def __aenter__(self) -> Remote:
        self._http = ClientSession(timeout=ClientTimeout(total=20))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.close()

    async def publish(self, room: int, who: int, offer: str) -> str:
        return await self._call("publish", room, who, offer)

    async def subscribe(self, room: int, who: int) -> str:
        return await self._call("subscribe", room, who, "")

    async def accept(self, room: int, who: int, answer: str) -> None:
        await self._call("accept", room, who, answer)

    async def leave(self, room: int, who: int) -> None:
        """Of servers that let people go."""
        await self._call("leave", room, who, "")

    async def _call(self, verb: str, room: int, who: int, text: str) -> str:
        async with self._http.post(f"{self._base}{verb}/{room}/{who}", data=text) as response:
            response.raise_for_status()
            return await response.text()


async def host(server: Signalling, groups: dict[str, list[int]]) -> None:
    """Serve until the standard input ends; says its port and processes first.

    `groups` are the processes whose time is measured, by the name of the measure.
    """

    async def answer(request: web.Request) -> web.Response:
        room, who = int(request.match_info["room"]), int(request.match_info["who"])
        text = await request.text()
        match request.match_info["verb"]:
            case "publish":
                return web.Response(text=await server.publish(room, who, text))
            case "subscribe":
                return web.Response(text=await server.subscribe(room, who))
            case "accept":
                await server.accept(room, who, text)
                return web.Response()
            case "leave" if isinstance(server, Leaving):
                await server.leave(room, who)
                return web.Response()
        raise web.HTTPNotFound

    app = web.Application()
    app.router.add_post(r"/{verb}/{room:\d+}/{who:\d+}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        print(json.dumps({"port": port, "groups": groups}), flush=True)
        await _input_end()
    finally:
        await runner.cleanup()


async def _input_end() -> None:
    """Wait until whoever started this process closes its input, or is gone."""
    ended = asyncio.Event()

    def look() -> None:
        if not os.read(sys.stdin.fileno(), 1024):
            ended.set()

    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin.fileno(), look)
    await ended.wait()
    loop.remove_reader(sys.stdin.fileno())
