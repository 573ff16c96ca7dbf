"""A socket without a library: sends any frame, and reads only when asked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from server.domain.ids import SeatId
from signaling.protocol import NAMESPACE
from tests.gateway.house import House, Page


class Raw:
    def __init__(self, ws: ClientWebSocketResponse) -> None:
        self.ws = ws

    async def send(self, frame: str | bytes) -> None:
        await (self.ws.send_str(frame) if isinstance(frame, str) else self.ws.send_bytes(frame))

    async def answer(self) -> Any:
        """The next acknowledgement, leaving out what comes before."""
        while True:
            frame = await self.frame()
            if frame is None:
                return None
            if frame.startswith(f"43{NAMESPACE},"):
                return json.loads(frame[frame.index("[") :])[0]

    async def frame(self) -> str | None:
        """The next frame; None when the server has hung up. Answers pings."""
        while True:
            message = await self.ws.receive(timeout=10)
            if message.type is not WSMsgType.TEXT or message.data == "1":
                return None
            if message.data != "2":
                return str(message.data)
            await self.ws.send_str("3")

    async def until_closed(self) -> None:
        while await self.frame() is not None:
            pass


@asynccontextmanager
async def a_raw(house: House, seat: SeatId, auth: Any = None) -> AsyncIterator[Raw]:
    """Connected with this seat's cookie, and with nothing read but that it is so."""
    async with Page.opened(house, seat) as page, opened(page, auth) as raw:
        yield raw


@asynccontextmanager
async def opened(page: Page, auth: Any = None) -> AsyncIterator[Raw]:
    """The same with the cookies of a page that is there already."""
    async with page.http.ws_connect("/socket.io/?EIO=4&transport=websocket") as ws:
        raw = Raw(ws)
        await raw.frame()
        auth = {"seat": page.seat, "last": 0, "lang": "en"} if auth is None else auth
        await raw.send(f"40{NAMESPACE},{json.dumps(auth)}")
        await raw.frame()
        yield raw
