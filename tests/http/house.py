"""A server's HTTP side for tests, and browsers that are somebody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.connector import Connection

from server.domain.ids import CaseId, SeatId, SessionId, UserId
from server.http.cookies import SEAT, STAFF
from server.security import tokens
from server.services import arrivals, sealed, sessions
from server.services.context import Context
from server.store import cases, sign_ins
from tests.store import world as worlds
from tests.store.world import NOON, World


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Whole(ClientResponse):
    """An answer that is read to its end: a test that looks at its status only leaves no connection
    open behind it, whose warning would fail a later test.
    """

    async def start(self, connection: Connection) -> ClientResponse:
        await super().start(connection)
        await self.read()
        return self


@dataclass
class House:
    """`staff` by role; `colleague` is a mediator of the same station, `elsewhere` of another."""

    ctx: Context
    world: World
    clock: Clock
    staff: dict[str, UserId]
    url: str

    @asynccontextmanager
    async def browser(
        self, staff: str | None = None, seat: SeatId | None = None, lang: str = "en"
    ) -> AsyncIterator[ClientSession]:
        """A browser in which this member of staff is signed in, or this seat's link was opened."""
        cookies = {}
        if staff is not None:
            cookies[STAFF] = await self._signed_in(self.staff[staff])
        if seat is not None:
            cookies[SEAT + seat] = await self._arrived(seat)
        jar = CookieJar(unsafe=True)
        headers = {"Origin": self.url, "Accept-Language": lang}
        async with ClientSession(
            self.url, cookie_jar=jar, headers=headers, response_class=Whole
        ) as browser:
            browser.cookie_jar.update_cookies(cookies)
            yield browser

    def token(self, seat: SeatId, version: int = 1) -> str:
        return tokens.link_token(self.ctx.keys.link_key, seat, version)

    async def connect(self, seat: SeatId) -> None:
        """Somebody has opened this seat's link and is in its lobby."""
        device = await arrivals.device_of(self.ctx, seat, await self._arrived(seat))
        await sessions.connect(self.ctx, seat, device, lambda _: None)

    async def case_of(self, handler: UserId, *, elsewhere: bool = False) -> CaseId:
        where = self.world.elsewhere if elsewhere else self.world.station
        async with self.ctx.store.write() as conn:
            case = await worlds.matter(conn, where, handler)
        await sealed.new_key(self.ctx, case.id, where.tenant)
        return case.id

    async def session_of(self, case: CaseId, host: UserId) -> tuple[SessionId, SeatId, SeatId]:
        """A planned meeting with its host and one party."""
        async with self.ctx.store.write() as conn:
            found = await cases.load(conn, case)
            assert found is not None
            session = await worlds.meeting(conn, found, host, ["Alice"])
        host_seat, party = session.seats
        return session.id, host_seat, party

    async def _signed_in(self, user: UserId) -> str:
        token, ends = tokens.new_secret(), self.clock() + timedelta(hours=12)
        async with self.ctx.store.write() as conn:
            hashed = tokens.secret_hash(token)
            await sign_ins.open_one(conn, hashed, user, self.clock(), ends)
        return token

    async def _arrived(self, seat: SeatId) -> str:
        token = self.token(seat)
        arrival = await arrivals.exchange(self.ctx, seat, token, None, "127.0.0.1", "en")
        assert arrival.cookie is not None
        return arrival.cookie
