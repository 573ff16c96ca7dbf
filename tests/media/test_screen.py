"""A shared screen: one line of its own, in the sharer's space and nowhere else."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from server.domain.ids import SpaceId
from tests.media.peer import Peer, Room


def watches(viewer: Peer, sharer: Peer) -> Callable[[], bool]:
    """The sharer's screen comes out of the viewer's screen line, and the plane says so."""

    def comes() -> bool:
        shade, sent = viewer.screen.shade, sharer.screen_shade
        assert sent is not None
        return viewer.shown == sharer.seat and shade is not None and abs(shade - sent) < 12

    return comes


async def dark(room: Room, viewer: Peer, others: list[Peer]) -> None:
    """Nothing comes out of the screen line while others' screens go on."""
    assert viewer.shown is None
    frames, sent = viewer.screen.picture_frames, [p.sent for p in others]
    await room.until(lambda: all(p.sent > n + 25 for p, n in zip(others, sent, strict=True)))
    assert viewer.screen.picture_frames <= frames + 1  # One may have been on its way.


async def test_a_screen_is_seen_in_its_space_while_it_is_on(room: Room) -> None:
    a, b, c = await room.join("a", "b", "c", screens=True)
    for peer in (a, b):
        await peer.enter("joint")
    await c.enter("caucus")
    await dark(room, b, [a])  # It is sent, but nobody switched it on.

    await room.plane.screen(a.seat, True)
    await room.until(watches(b, a))
    assert a.shown is None
    assert await room.plane.routes(SpaceId("joint")) == {("a", "b"), ("b", "a")}
    await dark(room, c, [a])

    await c.leave("caucus")
    await c.enter("joint")
    assert await room.until(watches(c, a)) < 2.0  # A late-comer gets a keyframe.

    await room.plane.screen(a.seat, False)
    await room.until(lambda: b.shown is None and c.shown is None)
    await dark(room, b, [a])


async def test_leaving_takes_the_screen_along_nowhere(room: Room) -> None:
    a, b, c = await room.join("a", "b", "c", screens=True)
    await a.enter("joint")
    await b.enter("joint")
    await c.enter("caucus")
    await room.plane.screen(a.seat, True)
    await room.until(watches(b, a))
    await a.leave("joint")
    await room.until(lambda: b.shown is None)
    await a.enter("caucus")
    await room.until(lambda: a.seat in c.hears)
    await dark(room, c, [a])
    await room.plane.screen(c.seat, True)
    await room.until(watches(a, c))
    await room.plane.close(c.seat)
    await room.until(lambda: a.shown is None)
    await room.reload(c)
    await room.until(lambda: c.seat in a.hears)
    await dark(room, a, [c])


async def test_the_newest_of_two_is_shown_and_the_other_comes_back(room: Room) -> None:
    a, b, c = await room.join("a", "b", "c", screens=True)
    for peer in (a, b, c):
        await peer.enter("joint")
    await room.plane.screen(a.seat, True)
    await room.until(watches(b, a))
    await room.plane.screen(c.seat, True)
    await room.until(lambda: watches(b, c)() and watches(a, c)())
    assert c.shown is None
    await room.plane.screen(a.seat, True)  # It was on already.
    os.kill(room.plane.worker_pids[0], signal.SIGKILL)
    await room.until(lambda: b.shown is None)
    await room.until(lambda: watches(b, c)() and watches(a, c)())  # Remembered, in this order.
    await room.plane.screen(c.seat, False)
    await room.until(lambda: watches(b, a)() and watches(c, a)())


async def test_a_link_that_is_made_anew_goes_on_showing(room: Room) -> None:
    a, b = await room.join("a", "b", screens=True)
    await a.enter("joint")
    await b.enter("joint")
    await room.plane.screen(a.seat, True)
    await room.until(watches(b, a))
    for peer in (a, b):
        await room.reload(peer)
        await room.until(watches(b, a))


async def test_in_no_space_there_is_no_screen(room: Room) -> None:
    a, b = await room.join("a", "b", screens=True)
    await room.plane.screen(a.seat, True)
    await room.plane.screen(room.seat("nobody"), True)
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: a.seat in b.hears)
    await dark(room, b, [a])
