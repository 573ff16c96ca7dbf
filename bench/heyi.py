"""Our own forwarding plane, as the server runs it: this process, and its media worker."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import defaultdict
from typing import Any

from bench.signalling import host
from server.domain.ids import SeatId, SessionId, SpaceId
from signaling.media.embedded import EmbeddedPlane
from signaling.media.plane import LinkId, Links, Signal, Signalled


class Ours:
    """A `Signalling`: every room is a session with one space, every person a seat in it."""

    def __init__(self, plane: EmbeddedPlane) -> None:
        self._plane = plane
        self._ups: dict[SeatId, asyncio.Future[LinkId]] = defaultdict(_future)
        self._described: dict[tuple[SeatId, str], asyncio.Future[Signal]] = defaultdict(_future)

    async def read(self) -> None:
        """Hand the plane's links and descriptions to whoever waits for them, until cancelled."""
        async for event in self._plane.events():
            match event:
                case Links(seat, up):
                    self._ups[seat].set_result(up)
                case Signalled(seat, signal) if signal.kind != "candidate":
                    self._described[seat, signal.kind].set_result(signal)

    async def publish(self, room: int, who: int, offer: str) -> str:
        seat = _seat(room, who)
        await self._plane.open(SessionId(f"session-{room}"), seat)
        await self._plane.enter(SpaceId(f"space-{room}"), seat, microphone=True)
        await self._plane.signal(seat, Signal(await self._ups[seat], "offer", offer))
        return (await self._described[seat, "answer"]).sdp

    async def subscribe(self, room: int, who: int) -> str:
        return (await self._described[_seat(room, who), "offer"]).sdp

    async def accept(self, room: int, who: int, answer: str) -> None:
        seat = _seat(room, who)
        link = (await self._described[seat, "offer"]).link
        await self._plane.signal(seat, Signal(link, "answer", answer))

    async def leave(self, room: int, who: int) -> None:
        seat = _seat(room, who)
        await self._plane.leave(SpaceId(f"space-{room}"), seat)
        await self._plane.close(seat)
        self._ups.pop(seat, None)
        for kind in ("offer", "answer"):
            self._described.pop((seat, kind), None)


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


def _seat(room: int, who: int) -> SeatId:
    return SeatId(f"seat-{room}-{who}")


async def main(workers: int = 1) -> None:
    plane = EmbeddedPlane(workers=workers)
    await plane.start()
    ours = Ours(plane)
    reader = asyncio.create_task(ours.read())
    try:
        pids = plane.worker_pids
        await host(ours, {"server": pids, "with_parent": [*pids, os.getpid()]})
    finally:
        reader.cancel()
        await plane.stop()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
