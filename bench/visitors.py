"""People who come and go without a pause: both links of each, connected, then a second's stay."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys

from aiortc import RTCCertificate

from bench.load import downlink, say, uplink
from bench.signalling import Remote

ROOM = 1
STAY_S = 1.0
NICENESS = 10
"""What is measured is how they disturb the server, not how they take the processor from it."""


async def visit(server: Remote, certificate: RTCCertificate, who: int) -> None:
    ssrcs = {"audio": 2 * who + 1, "video": 2 * who + 2}
    up, _ = await uplink(server, certificate, ROOM, who, ssrcs)
    down = await downlink(server, certificate, ROOM, who)
    await asyncio.sleep(STAY_S)
    await server.leave(ROOM, who)
    await up.close()
    await down.close()


async def main(port: int, people: int) -> None:
    """Until the standard input ends; says how often somebody came."""
    certificate, numbers, visits = RTCCertificate.generateCertificate(), itertools.count(1), 0

    async def come_and_go(server: Remote) -> None:
        nonlocal visits
        while True:
            await visit(server, certificate, next(numbers))
            visits += 1

    async with Remote(port) as server:
        tasks = [asyncio.create_task(come_and_go(server)) for _ in range(people)]
        ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        done, _ = await asyncio.wait([ended, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {ended}:
            task.result()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    say({"visits": visits})


if __name__ == "__main__":
    os.nice(NICENESS)
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
