"""Two hundred random moves with real media: nothing is ever heard or seen outside its space."""

from __future__ import annotations

import asyncio
import random

import pytest

from server.domain.ids import SeatId, SpaceId
from tests.media.peer import Peer, Room, blind, hears, moved, sees, silent

SPACES = ("joint", "caucus", "side")
MOVES = 200
LISTEN_EVERY = 10


def expected(where: dict[Peer, str | None]) -> set[tuple[SeatId, SeatId]]:
    return {
        (x.seat, y.seat)
        for x in where
        for y in where
        if x is not y and where[x] is not None and where[x] == where[y]
    }


@pytest.mark.slow
async def test_two_hundred_moves(room: Room) -> None:
    pick = random.Random(20261123)
    peers = await room.join("a", "b", "c", "d", "e", shades=True)
    where: dict[Peer, str | None] = dict.fromkeys(peers)
    for number in range(MOVES):
        peer = pick.choice(peers)
        old, new = where[peer], pick.choice([*SPACES, None])
        if old is not None:
            await peer.leave(old)
        if new is not None:
            await peer.enter(new)
        where[peer] = new

        allowed = expected(where)
        before = await room.forwarded()
        found: set[tuple[SeatId, SeatId]] = set()
        for space in SPACES:
            found |= await room.plane.routes(SpaceId(space))
        assert found == allowed, number
        await told(room, peers, allowed)
        await forwarding(room, before, allowed)
        if number % LISTEN_EVERY == LISTEN_EVERY - 1:
            await listen(room, peers, allowed)


async def told(room: Room, peers: list[Peer], allowed: set[tuple[SeatId, SeatId]]) -> None:
    await room.until(lambda: shown(peers) == allowed)


def shown(peers: list[Peer]) -> set[tuple[SeatId, SeatId]]:
    """The routes as the browsers were told them."""
    return {(speaker, p.seat) for p in peers for speaker in p.hears}


async def forwarding(
    room: Room, before: dict[tuple[SeatId, SeatId], int], allowed: set[tuple[SeatId, SeatId]]
) -> None:
    """Between all who may, packets pass; between all others, none, however long one waits."""
    while True:
        passed = moved(before, await room.forwarded())
        assert passed <= allowed
        if passed == allowed:
            return
        await asyncio.sleep(0.02)


async def listen(room: Room, peers: list[Peer], allowed: set[tuple[SeatId, SeatId]]) -> None:
    """The same by ear and eye."""

    def as_allowed(x: Peer, y: Peer) -> bool:
        if (x.seat, y.seat) in allowed:
            return hears(y, x) and sees(y, x)
        return silent(y, x) and blind(y, x)

    pairs = [(x, y) for x in peers for y in peers if x is not y]
    await room.until(lambda: all(as_allowed(x, y) for x, y in pairs))
