"""Who hears whom, with real media: a tone per person, looked for at every receiver."""

from __future__ import annotations

from server.domain.ids import SpaceId
from tests.media.peer import Peer, Room

LOUD = -30.0
SILENT = -60.0


def hears(listener: Peer, speaker: Peer) -> bool:
    return listener.level(speaker) > LOUD


def silent(listener: Peer, speaker: Peer) -> bool:
    return listener.level(speaker) < SILENT


async def test_people_in_one_space_hear_and_see_each_other(room: Room) -> None:
    a, b, c = await room.join("a", "b", "c", shades=True)
    for peer in (a, b, c):
        await peer.enter("joint")
    pairs = [(x, y) for x in (a, b, c) for y in (a, b, c) if x is not y]
    await room.until(lambda: all(hears(x, y) for x, y in pairs))

    def sees(x: Peer, y: Peer) -> bool:
        shade = x.ears[x.slots.index(y.seat)].shade
        return shade is not None and y.shade is not None and abs(shade - y.shade) < 12

    await room.until(lambda: all(sees(x, y) for x, y in pairs))
    assert await room.plane.routes(SpaceId("joint")) == {(y.seat, x.seat) for x, y in pairs}
    assert a.heard_by == {b.seat, c.seat}
