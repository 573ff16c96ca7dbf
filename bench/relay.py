"""The stock way: aiortc's own peer connections and MediaRelay, which decode and encode again."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.contrib.media import MediaRelay

from bench.signalling import host


@dataclass(slots=True)
class Person:
    up: RTCPeerConnection
    tracks: list[MediaStreamTrack] = field(default_factory=list)
    down: RTCPeerConnection | None = None


class Stock:
    """A `Signalling` as the examples of aiortc would write it."""

    def __init__(self) -> None:
        self._relay = MediaRelay()
        self._people: dict[tuple[int, int], Person] = {}

    async def publish(self, room: int, who: int, offer: str) -> str:
        person = self._people[room, who] = Person(_connection())
        person.up.on("track", person.tracks.append)
        await person.up.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await person.up.setLocalDescription(await person.up.createAnswer())
        return person.up.localDescription.sdp

    async def subscribe(self, room: int, who: int) -> str:
        connection = self._people[room, who].down = _connection()
        for (their_room, them), person in self._people.items():
            if their_room == room and them != who:
                for track in person.tracks:
                    # Unbuffered: with a queue it would fall behind for ever when too slow.
                    connection.addTrack(self._relay.subscribe(track, buffered=False))
        await connection.setLocalDescription(await connection.createOffer())
        return connection.localDescription.sdp

    async def accept(self, room: int, who: int, answer: str) -> None:
        down = self._people[room, who].down
        assert down is not None
        await down.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def close(self) -> None:
        for person in self._people.values():
            await person.up.close()
            if person.down is not None:
                await person.down.close()


def _connection() -> RTCPeerConnection:
    # With the default policy aiortc leaves a second video on a transport that it has closed.
    policy = RTCBundlePolicy.MAX_BUNDLE
    return RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=policy))


async def main() -> None:
    stock = Stock()
    try:
        await host(stock, {"server": [os.getpid()]})
    finally:
        await stock.close()


if __name__ == "__main__":
    asyncio.run(main())
