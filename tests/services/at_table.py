"""A meeting in which people sit: the host, Alice (side A) and Opponent (side B), all in joint."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.domain.consent import Purpose
from server.domain.ids import SeatId
from server.domain.session import Destination, Session
from server.security.ids import new_id
from server.security.tokens import link_token
from server.services import arrivals, sealed, sessions, texts
from server.services.context import Context
from server.services.live import load
from server.services.sessions import Caller
from server.store.devices import Device
from tests.store.world import World


class Publish:
    def __init__(self) -> None:
        self.heard: list[tuple[SeatId, str]] = []

    def told(self, *_: object) -> None: ...

    def cut(self, *_: object) -> None: ...

    def news(self, seat: SeatId, what: str) -> None:
        self.heard.append((seat, what))


@dataclass
class Meeting:
    ctx: Context
    world: World
    publish: Publish
    cookies: dict[SeatId, str] = field(default_factory=dict)
    devices: dict[SeatId, Device] = field(default_factory=dict)

    @property
    def host(self) -> SeatId:
        return self.world.host

    @property
    def alice(self) -> SeatId:
        return self.world.alice

    @property
    def opponent(self) -> SeatId:
        return self.world.opponent

    def caller(self, seat: SeatId) -> Caller:
        return Caller(seat, self.devices[seat].id, new_id())

    async def arrive(self, seat: SeatId) -> None:
        """In the lobby, ready; the host at the table."""
        token = link_token(self.ctx.keys.link_key, seat, 1)
        arrival = await arrivals.exchange(self.ctx, seat, token, None, "127.0.0.1", "en")
        assert arrival.cookie is not None
        self.cookies[seat] = arrival.cookie
        self.devices[seat] = await arrivals.device_of(self.ctx, seat, arrival.cookie)
        await sessions.connect(self.ctx, seat, self.devices[seat], lambda _: None)
        if seat != self.host:
            await sessions.say_name(self.ctx, self.caller(seat), "Somebody")
            agreed = texts.current(Purpose.ONLINE_MEDIATION, "en")
            await sessions.consent(self.ctx, self.caller(seat), agreed.purpose, agreed.hash)

    async def admit(self, seat: SeatId) -> None:
        await sessions.admit(self.ctx, self.caller(self.host), seat)

    async def move(self, to: Destination, *seats: SeatId) -> None:
        await sessions.move(self.ctx, self.caller(self.host), list(seats), to)

    async def session(self) -> Session:
        async with self.ctx.store.read() as conn:
            return await load(self.ctx, conn, self.world.session.id)


async def a_meeting(ctx: Context, world: World) -> Meeting:
    publish = Publish()
    ctx.publish = publish
    await sealed.new_key(ctx, world.case.id, world.bureau.id)
    meeting = Meeting(ctx, world, publish)
    for seat in (meeting.host, meeting.alice, meeting.opponent):
        await meeting.arrive(seat)
    for seat in (meeting.alice, meeting.opponent):
        await meeting.admit(seat)
    return meeting
