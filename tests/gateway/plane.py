"""A media plane without media: it remembers who is where, and can be slow or broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence, Set

from server.domain.ids import SeatId, SessionId, SpaceId
from signaling.media.plane import SLOTS, BadSignal, LinkId, Links, PlaneEvent, Signal, Slots


class PaperPlane:
    """Obeys `signaling.media.plane.MediaPlane`; `log` tells in which order it was asked."""

    def __init__(self) -> None:
        self.places: dict[SeatId, SpaceId] = {}
        self.microphones: dict[SeatId, bool] = {}
        self.screens: frozenset[SeatId] = frozenset()
        self.links: dict[SeatId, Links] = {}
        self.log: list[tuple[str, SeatId]] = []
        self.broken: Set[str | tuple[str, SeatId]] = frozenset()
        """Names of calls that fail, for everyone or for one seat."""
        self.free = asyncio.Event()
        """While it is not set, nothing can be stopped."""
        self.free.set()
        self._events: asyncio.Queue[PlaneEvent] = asyncio.Queue()
        self.opened = 0

    async def open(self, session: SessionId, seat: SeatId, *, beside: bool = False) -> None:
        self.opened += 1
        links = Links(seat, LinkId(f"up-{self.opened}"), LinkId(f"down-{self.opened}"))
        self.links[seat] = links
        self._events.put_nowait(links)
        self._tell()

    async def close(self, seat: SeatId) -> None:
        self.links.pop(seat, None)

    async def enter(self, space: SpaceId, seat: SeatId, *, microphone: bool) -> None:
        if self.places.get(seat, space) != space:
            raise RuntimeError("leave first")
        self.log.append(("enter", seat))
        self.places[seat] = space
        self.microphones[seat] = microphone
        self._tell()
        self._fail("enter", seat)

    async def leave(self, space: SpaceId, seat: SeatId) -> None:
        self.log.append(("leave", seat))
        await self.free.wait()
        self._fail("leave", seat)
        if self.places.get(seat) == space:
            del self.places[seat]
        self._tell()

    async def microphone(self, seat: SeatId, on: bool) -> None:
        self.microphones[seat] = on
        self._fail("microphone", seat)

    async def screen(self, seat: SeatId, on: bool) -> None:
        self.screens = self.screens | {seat} if on else self.screens - {seat}

    async def tape(
        self, space: SpaceId, seats: frozenset[SeatId], number: int, socket: str
    ) -> None:
        pass

    async def untape(self, space: SpaceId) -> None:
        pass

    async def pin(self, seat: SeatId, others: Sequence[SeatId]) -> None:
        pass

    async def tiles(self, seat: SeatId, sizes: Mapping[SeatId, int]) -> None:
        pass

    async def echo(self, seat: SeatId, sdp: str) -> str:
        if not sdp.startswith("v=0"):
            raise BadSignal("bad_sdp")
        return "v=0 answer"

    async def signal(self, seat: SeatId, signal: Signal) -> None:
        links = self.links.get(seat)
        if links is None or signal.link not in (links.up, links.down):
            raise BadSignal("not_your_link")
        if not signal.sdp.startswith("v=0"):
            raise BadSignal("bad_sdp")

    async def routes(self, space: SpaceId) -> set[tuple[SeatId, SeatId]]:
        here = [s for s, p in self.places.items() if p == space]
        return {(a, b) for a in here for b in here if a != b}

    async def events(self) -> AsyncIterator[PlaneEvent]:
        while True:
            yield await self._events.get()

    def tell(self, event: PlaneEvent) -> None:
        """As if the worker had noticed it."""
        self._events.put_nowait(event)

    def _fail(self, call: str, seat: SeatId) -> None:
        if call in self.broken or (call, seat) in self.broken:
            raise OSError("the worker is gone")

    def _tell(self) -> None:
        for seat in self.links:
            mine = self.places.get(seat)
            others = [s for s, p in self.places.items() if p == mine and s != seat]
            slots = (*others, *([None] * SLOTS))[:SLOTS]
            self._events.put_nowait(Slots(seat, slots, frozenset(others)))
