"""A whole server without media and without browsers: real HTTP, real sockets, a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import socketio
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from pydantic import ValidationError
from sqlalchemy import select

from server.domain.ids import SeatId
from server.http.app import make_app
from server.http.cookies import seat_cookie
from server.security.ids import new_id
from server.security.keys import KeyStore
from server.security.tokens import link_token
from server.services import sealed, sessions
from server.services.context import Context
from server.settings import Settings
from server.store.types import metadata
from signaling.gateway import Gateway
from signaling.protocol import EVENTS, NAMESPACE
from signaling.sockets import make_sockets
from tests.gateway.breaking import BreakingStore
from tests.gateway.plane import PaperPlane
from tests.gateway.recorder import PaperRecorder
from tests.store.world import NOON, World, make

WAIT_S = 30.0

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what has nothing to do with the database: the quicker one."""


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class House:
    ctx: Context
    store: BreakingStore
    world: World
    plane: PaperPlane
    gateway: Gateway
    url: str
    clock: Clock
    recorder: PaperRecorder

    def token(self, seat: SeatId, version: int = 1) -> str:
        return link_token(self.ctx.keys.link_key, seat, version)

    @asynccontextmanager
    async def page(self, seat: SeatId) -> AsyncIterator[Page]:
        """A browser page that opened this seat's link and is connected."""
        async with Page.opened(self, seat) as page:
            await page.connect()
            yield page


@dataclass
class Page:
    """What a browser does: exchanges the link, connects, sends commands, keeps what it is told."""

    house: House
    seat: SeatId
    http: ClientSession
    socket: socketio.AsyncClient = field(default_factory=lambda: _client())
    told: list[tuple[str, Any]] = field(default_factory=list)
    undeclared: list[str] = field(default_factory=list)
    """What it was sent that is not as the protocol says."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    @asynccontextmanager
    async def opened(cls, house: House, seat: SeatId) -> AsyncIterator[Page]:
        async with ClientSession(house.url, cookie_jar=CookieJar(unsafe=True)) as http:
            page = cls(house, seat, http)
            await page.exchange(house.token(seat))
            try:
                yield page
            finally:
                await page.socket.disconnect()

    @asynccontextmanager
    async def another_tab(self) -> AsyncIterator[Page]:
        """The same browser, so the same cookies."""
        tab = Page(self.house, self.seat, self.http)
        try:
            await tab.connect()
            yield tab
        finally:
            await tab.socket.disconnect()

    async def exchange(self, token: str) -> dict[str, Any]:
        headers = {"Origin": self.house.url.rstrip("/")}
        async with self.http.post(
            f"/j/{self.seat}/exchange", json={"token": token}, headers=headers
        ) as answer:
            return {"status": answer.status, **(await answer.json())}

    async def connect(self, last: int = 0, **changes: Any) -> None:
        self.socket = _client()
        for event in EVENTS:
            self.socket.on(event, self._keep(event), namespace=NAMESPACE)
        cookies = "; ".join(f"{c.key}={c.value}" for c in self.http.cookie_jar)
        await self.socket.connect(
            self.house.url,
            headers={"Cookie": cookies},
            auth={"seat": self.seat, "last": last, "lang": "en", **changes},
            namespaces=[NAMESPACE],
            transports=["websocket"],
        )

    async def command(self, event: str, id_: str = "", /, **payload: Any) -> dict[str, Any]:
        return await self.send(event, {"id": id_ or new_id(), **payload})

    async def send(self, name: str, payload: Any) -> dict[str, Any]:
        answer = await self.socket.call(name, payload, namespace=NAMESPACE, timeout=WAIT_S)
        assert isinstance(answer, dict)
        return answer

    async def ready(self) -> None:
        """Has a name and has agreed: may be admitted."""
        text = (await self._welcome())["texts"][0]
        assert (await self.command("say_name", name="Somebody"))["ok"]
        answer = await self.command("consent", purpose=text["purpose"], hash=text["hash"])
        assert answer["ok"]

    async def _welcome(self) -> dict[str, Any]:
        async with self.http.get(f"/j/{self.seat}/welcome") as answer:
            body: dict[str, Any] = await answer.json()
            return body

    @property
    def views(self) -> list[dict[str, Any]]:
        return [payload["view"] for event, payload in self.told if event == "changed"]

    @property
    def numbers(self) -> list[int]:
        return [payload["n"] for event, payload in self.told if event == "changed"]

    async def sees(self, what: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The newest view, as soon as it is so."""

        def found() -> dict[str, Any] | None:
            return self.views[-1] if self.views and what(self.views[-1]) else None

        return await self._when(found)

    async def is_told(self, event: str, **values: Any) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            for name, payload in self.told:
                if name == event and values.items() <= payload.items():
                    return dict(payload)
            return None

        return await self._when(found)

    async def is_told_something(self) -> None:
        await self._when(lambda: {"told": True} if self.told else None)

    async def _when(self, found: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
        async with asyncio.timeout(WAIT_S):
            while (value := found()) is None:
                assert not self.undeclared
                self._news.clear()
                await self._news.wait()
        return value

    def _keep(self, event: str) -> Callable[[Any], Any]:
        async def keep(payload: Any) -> None:
            try:
                EVENTS[event].model_validate_json(json.dumps(payload))
            except ValidationError as wrong:
                self.undeclared.append(str(wrong))
            self.told.append((event, payload))
            self._news.set()

        return keep


def _client() -> socketio.AsyncClient:
    return socketio.AsyncClient(reconnection=False)


@asynccontextmanager
async def a_house(
    database_url: str, folder: Path, world: World | None = None, **settings: Any
) -> AsyncIterator[House]:
    """Opened a second time on the same database, it is the same server started again."""
    store, clock, plane = BreakingStore(database_url), Clock(), PaperPlane()
    if world is None:
        async with store.write() as conn:
            world = await make(conn)
    # A busy machine must not lose anybody whom the test did not lose.
    patient = {"ping_interval_s": WAIT_S, "ping_timeout_s": WAIT_S}
    config = Settings(data_dir=folder, **{**patient, **settings})
    ctx = Context(store=store, settings=config, keys=KeyStore(folder / "keys"), clock=clock)
    for case in (world.case.id, world.other_session.case):
        await sealed.new_key(ctx, case, world.bureau.id)
    gateway = Gateway(ctx, plane, seat_cookie)
    ctx.gate, ctx.publish, ctx.recorder = plane, gateway, (recorder := PaperRecorder())
    sockets = make_sockets(config)
    sockets.register_namespace(gateway)
    app: web.Application = make_app(ctx)
    sockets.attach(app)
    relay = asyncio.create_task(gateway.relay())
    await sessions.restart(ctx)
    server = TestServer(app)
    await server.start_server()
    try:
        yield House(ctx, store, world, plane, gateway, str(server.make_url("/")), clock, recorder)
    finally:
        await gateway.close()
        await ctx.alarms.close()
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        await server.close()
        await store.close()


async def until(so: Callable[[], bool]) -> None:
    """For what nobody is told: looks again at every turn of the loop."""
    async with asyncio.timeout(WAIT_S):
        while not so():
            await asyncio.sleep(0.005)


async def rows(house: House) -> dict[str, list[Any]]:
    """Everything in the database."""
    async with house.ctx.store.read() as conn:
        return {
            table.name: [tuple(row) for row in await conn.execute(select(table))]
            for table in metadata.sorted_tables
        }
