"""People in a meeting, without sockets: they open their links, connect and are let in."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.domain.consent import asked
from server.domain.ids import DeviceId, SeatId, SpaceId
from server.domain.session import Destination, Session
from server.security.ids import new_id
from server.security.tokens import link_token
from server.services import arrivals, sealed, sessions, texts
from server.services.context import Context
from server.services.sessions import Caller
from tests.store.world import World


@dataclass
class Ears:
    """In place of pages: what each was told there is news of."""

    heard: list[tuple[SeatId, str]] = field(default_factory=list)

    def told(self, *_: object) -> None: ...

    def cut(self, *_: object) -> None: ...

    def news(self, seat: SeatId, what: str) -> None:
        self.heard.append((seat, what))


@dataclass
class Seated:
    """A meeting going on. `cookies`: what each device shows for its seat."""

    ctx: Context
    world: World
    ears: Ears
    cookies: dict[SeatId, str] = field(default_factory=dict)
    devices: dict[SeatId, DeviceId] = field(default_factory=dict)

    @property
    def host(self) -> SeatId:
        return self.world.host

    @property
    def alice(self) -> SeatId:
        return self.world.alice

    @property
    def opponent(self) -> SeatId:
        return self.world.opponent

    async def state(self) -> Session:
        return await sessions.state(self.ctx, self.world.session.id)

    async def space(self, seat: SeatId) -> SpaceId:
        found = (await self.state()).seats[seat].space
        assert found is not None
        return found

    def by(self, seat: SeatId, command: str = "") -> Caller:
        return Caller(seat, self.devices[seat], command or new_id())

    async def comes(self, seat: SeatId) -> SeatId:
        """From a device of its own; returns the seat it got: a claim, if somebody has it."""
        known = await sessions.state(self.ctx, await sessions.session_of(self.ctx, seat))
        token = link_token(self.ctx.keys.link_key, seat, known.seats[seat].link_version)
        arrival = await arrivals.exchange(self.ctx, seat, token, None, "here", "en")
        assert arrival.cookie is not None
        device = await arrivals.device_of(self.ctx, seat, arrival.cookie)
        got = await sessions.connect(self.ctx, seat, device, lambda _: None)
        self.cookies[got], self.devices[got] = arrival.cookie, device.id
        return got

    async def arrives(self, seat: SeatId) -> None:
        """Comes, and is ready to be let in."""
        got = await self.comes(seat)
        await sessions.say_name(self.ctx, self.by(got), "Somebody")
        for purpose in asked((await self.state()).seats[got].role):
            agreed = texts.current(purpose, "en")
            await sessions.consent(self.ctx, self.by(got), agreed.purpose, agreed.hash)

    async def admit(self, seat: SeatId) -> None:
        await sessions.admit(self.ctx, self.by(self.host), seat)

    async def enters(self, seat: SeatId) -> None:
        await self.arrives(seat)
        await self.admit(seat)

    async def move(self, to: Destination, *seats: SeatId) -> None:
        await sessions.move(self.ctx, self.by(self.host), list(seats), to)

    async def caucus(self, *seats: SeatId) -> None:
        await self.move(Destination.CAUCUS, *seats)

    async def joint(self) -> None:
        await self.move(Destination.JOINT)

    def news(self) -> set[tuple[SeatId, str]]:
        """Since the last time it was asked for."""
        found, self.ears.heard = set(self.ears.heard), []
        return found


async def seated(ctx: Context, world: World, *guests: SeatId) -> Seated:
    """The host and these, in the joint space."""
    ears = Ears()
    ctx.publish = ears
    await sealed.new_key(ctx, world.case.id, world.bureau.id)
    meeting = Seated(ctx, world, ears)
    await meeting.comes(world.host)
    for guest in guests:
        await meeting.enters(guest)
    return meeting
