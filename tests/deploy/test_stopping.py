"""A server that is told to stop in the middle of a meeting, as an upgrade at noon does it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import socketio
from yarl import URL

from server.domain.ids import SeatId
from server.security.ids import new_id
from tests.deploy.server import Server, furnish, running
from tests.gateway.house import WAIT_S, House, Page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


async def opened(server: Server, seat: SeatId, stack: AsyncExitStack) -> Page:
    """Whoever opens this seat's link in a browser of their own."""
    # All that a page needs of a house is where it is, and the link.
    page = await stack.enter_async_context(Page.opened(cast(House, server), seat))
    await page.connect()
    return page


@dataclass
class Talk:
    """Somebody who switches the microphone on and off for as long as there is a server."""

    page: Page
    acknowledged: list[str]
    refused: list[str]
    unanswered: str = ""

    async def go_on(self) -> None:
        while not self.refused:
            command = new_id()
            self.unanswered = command
            try:
                answer = await self.page.command("microphone", command, on=True)
            except (socketio.exceptions.SocketIOError, OSError):
                return
            self.unanswered = ""
            if answer["ok"]:
                self.acknowledged.append(command)
            elif answer["code"] != "too_quick":
                assert answer["code"] == "restarting"
                self.refused.append(command)
            await asyncio.sleep(0.02)


class Half:
    """A request of which half has come when the server is told to stop."""

    def __init__(self, server: Server, seat: SeatId) -> None:
        self._url = URL(server.url)
        self._body = json.dumps({"token": server.token(seat)}).encode()
        self._head = (
            f"POST /j/{seat}/exchange HTTP/1.1\r\nHost: {self._url.authority}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(self._body)}\r\n\r\n"
        ).encode()

    async def begin(self) -> None:
        self._from, self._to = await asyncio.open_connection(self._url.host, self._url.port)
        self._to.write(self._head + self._body[:5])
        await self._to.drain()

    def finish(self) -> None:
        self._to.write(self._body[5:])

    async def answer(self) -> bytes:
        line = await asyncio.wait_for(self._from.readline(), WAIT_S)
        self._to.close()
        return line


def done(data: Path) -> set[str]:
    with sqlite3.connect(data / "heyi.sqlite3") as database:
        return {row[0] for row in database.execute("SELECT id FROM command")}


async def test_everybody_is_told_and_nothing_acknowledged_is_lost(
    sqlite_template: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    world = await furnish(data, sqlite_template)
    async with AsyncExitStack() as stack:
        async with running(data) as server:
            port = URL(server.url).port or 0
            host, alice = [await opened(server, seat, stack) for seat in (world.host, world.alice)]
            await alice.ready()
            assert (await host.command("admit", seat=alice.seat))["ok"]
            space = (await alice.sees(lambda view: view["place"] == "joint"))["space"]
            half = Half(server, world.opponent)
            await half.begin()
            talks = [Talk(page, [], []) for page in (host, alice)]
            talking = [asyncio.create_task(talk.go_on()) for talk in talks]
            while not all(talk.acknowledged for talk in talks):
                await asyncio.sleep(0.05)

            server.process.terminate()
            half.finish()
            for page in (host, alice):
                cut = await page.is_told("cut")
                assert cut["code"] == "restarting"
                assert cut["text"] == "The service is restarting. You will be back in a moment."
            assert (await half.answer()).startswith(b"HTTP/1.1 200")
            await asyncio.gather(*talking)
            assert await server.process.wait() == 0

        kept = done(data)
        for talk in talks:
            assert set(talk.acknowledged) <= kept
            assert not set(talk.refused) & kept

        async with running(data, port) as server:
            await alice.connect(last=alice.numbers[-1])
            assert (await alice.command("microphone", on=False))["ok"]
            again = await alice.sees(lambda view: view["place"] == "joint")
            assert again["space"] == space
            for command in talks[1].refused:
                assert await alice.command("microphone", command, on=False) == {"ok": True}
                assert command in done(data)
            await alice.socket.disconnect()
            server.process.terminate()
            assert await server.process.wait() == 0
