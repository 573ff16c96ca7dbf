"""A seat's page without a browser and without a library: a bare websocket, so that two thousand of
them leave the machine to the server."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bench.meeting import Place
from server.domain.consent import Purpose
from server.security.ids import new_id
from signaling.protocol import NAMESPACE

PATIENCE_S = 60


class Sitting:
    """`arrive`, then `ask` and `say`; `told` counts what came."""

    def __init__(self, http: ClientSession, place: Place) -> None:
        self.place, self._http = place, http
        self.told: Counter[str] = Counter()
        self.view: dict[str, Any] = {}
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count()
        self._here = asyncio.Event()
        self._socket: ClientWebSocketResponse
        self._reading: asyncio.Task[None]

    async def arrive(self) -> None:
        path = f"/j/{self.place.seat}/exchange"
        origin = {"Origin": str(self._http._base_url).rstrip("/")}
        async with self._http.post(path, json={"token": self.place.token}, headers=origin) as got:
            got.raise_for_status()
            cookies = "; ".join(f"{c.key}={c.value}" for c in got.cookies.values())
        self._socket = await self._http.ws_connect(
            "/socket.io/?EIO=4&transport=websocket", headers={"Cookie": cookies, **origin}
        )
        self._reading = asyncio.create_task(self._read())
        auth = {"seat": self.place.seat, "last": 0, "lang": "en"}
        await self._socket.send_str(f"40{NAMESPACE},{json.dumps(auth)}")
        await asyncio.wait_for(self._here.wait(), PATIENCE_S)

    async def ready(self, text_hash: str) -> None:
        await self.ask("say_name", name=self.place.name)
        await self.ask("consent", purpose=Purpose.ONLINE_MEDIATION, hash=text_hash)

    async def ask(self, event: str, **body: Any) -> None:
        """A command, and its answer. Raises RuntimeError when it is refused."""
        await self._send(event, {"id": new_id(), **body})

    async def say(self, event: str, **body: Any) -> None:
        """What is not kept, and its answer. Raises RuntimeError when it is refused."""
        await self._send(event, body)

    async def leave(self) -> None:
        await self._socket.close()
        await self._reading

    async def _send(self, event: str, body: dict[str, Any]) -> None:
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        await self._socket.send_str(f"42{NAMESPACE},{number}{json.dumps([event, body])}")
        told = await asyncio.wait_for(answer, PATIENCE_S)
        if not told["ok"]:
            raise RuntimeError(f"{event}: {told['code']}")

    async def _read(self) -> None:
        event, answer = f"42{NAMESPACE},", f"43{NAMESPACE},"
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                return
            text = message.data
            if text == "2":
                await self._socket.send_str("3")
            elif text.startswith(event):
                name = text[len(event) + 2 : text.index('"', len(event) + 2)]
                self.told[name] += 1
                if name == "changed":
                    self.view = json.loads(text[len(event) :])[1]["view"]
                    self._here.set()
            elif text.startswith(answer):
                at = text.index("[")
                self._asked.pop(int(text[len(answer) : at])).set_result(json.loads(text[at:])[0])
