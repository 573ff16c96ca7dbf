"""Our plane in a server that has much to do: it stands still for 300 ms in each second, and gives
its worker 500 commands a second all the while."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from bench.heyi import Ours
from bench.signalling import host
from server.domain.ids import SeatId, SessionId, SpaceId
from signaling.media.embedded import EmbeddedPlane

BLOCK_S, EVERY_S = 0.3, 1.0
COMMANDS, TICK_S = 500, 0.02
SEATS = 20


async def block() -> None:
    """As a query, a template or the collector would, only longer."""
    while True:
        await asyncio.sleep(EVERY_S - BLOCK_S)
        time.sleep(BLOCK_S)  # noqa: ASYNC251


async def command(plane: EmbeddedPlane) -> None:
    """Microphones on and off, of people in a meeting on the worker that is measured."""
    space, seats = SpaceId("talkers"), [SeatId(f"talker-{n}") for n in range(SEATS)]
    for seat in seats:
        await plane.open(SessionId("talkers"), seat)
        await plane.enter(space, seat, microphone=True)
    done, began = 0, time.monotonic()
    while True:
        await asyncio.sleep(TICK_S)
        due = int((time.monotonic() - began) * COMMANDS)
        turns = range(done, due)
        done = due
        await asyncio.gather(*(plane.microphone(seats[n % SEATS], n & 64 != 0) for n in turns))


async def main(busy: bool) -> None:
    plane = EmbeddedPlane()
    await plane.start()
    ours = Ours(plane)
    tasks = [asyncio.create_task(ours.read())]
    if busy:
        tasks += [asyncio.create_task(block()), asyncio.create_task(command(plane))]
    try:
        await host(ours, {"server": plane.worker_pids})
    finally:
        for task in tasks:
            task.cancel()
        await plane.stop()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
