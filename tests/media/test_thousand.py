"""A thousand joins and leaves, with real links: the worker is afterwards what it was before."""

from __future__ import annotations

import asyncio
import logging

import pytest

from signaling.media.embedded import WorkerStats
from tests.leftovers import GROWTH, Holding, holding
from tests.media.peer import SESSION, Peer, Room

pytestmark = [pytest.mark.beyond, pytest.mark.timeout(7200)]

JOINS = 1000
WARM = 200
"""Until then libraries fill what they keep for good."""

log = logging.getLogger(__name__)


async def test_a_thousand_joins_leave_nothing(room: Room) -> None:
    await come_and_go(room, WARM)
    before, stats = await settled(room)
    await come_and_go(room, JOINS)
    after, then = await settled(room)
    log.info("worker: %s, then %s", before, after)
    assert after.memory <= before.memory * GROWTH
    assert after.files == before.files
    assert then.tasks == stats.tasks
    assert then.forwarded == {}


async def come_and_go(room: Room, times: int) -> None:
    """So many, two at once, each a seat of its own; one of two with links rebuilt."""
    for first in range(0, times, 2):
        people = await room.join(f"p{first}", f"p{first + 1}")
        for peer in people:
            await peer.enter("joint")
        one, other = people
        await room.until(lambda one=one, other=other: one.received and other.received, 60)  # type: ignore[misc]
        await rebuilt(room, one)
        for peer in people:
            await peer.leave("joint")
            await room.plane.close(peer.seat)
            del room.peers[peer.seat]
            await peer.close()
        room.log.clear()


async def rebuilt(room: Room, peer: Peer) -> None:
    before, peer.keeps = peer.links, True
    await room.plane.open(SESSION, peer.seat, beside=True)
    await room.until(lambda: peer.links != before and peer.ready, 60)


async def settled(room: Room) -> tuple[Holding, WorkerStats]:
    """As soon as no link is left, in the worker's memory either."""
    async with asyncio.timeout(60):
        while True:
            [stats] = await room.plane.stats()
            if (stats.links, stats.members) == (0, 0):
                await asyncio.sleep(1)  # What was closed in the background is closed.
                [stats] = await room.plane.stats()
                return holding(room.plane.worker_pids[0]), stats
            await asyncio.sleep(0.1)
