"""Who is told that somebody speaks: measured in the worker, told to those of the space alone."""

from __future__ import annotations

import asyncio
import os
import signal
from itertools import pairwise
from typing import Any

from server.domain.ids import SeatId
from signaling.media.level import DEAD_S
from signaling.media.member import Member
from signaling.media.plane import PlaneEvent, Speaking
from signaling.media.speakers import Speakers
from tests.media.peer import Peer, Room


def told(room: Room, peer: Peer) -> list[tuple[SeatId, ...]]:
    return [e.speakers for e in room.log if isinstance(e, Speaking) and e.seat == peer.seat]


async def test_those_of_a_space_are_told_who_speaks_loudest_first(room: Room) -> None:
    a, b, c = await room.join("a", "b", "c", quiet=True)
    for peer in (a, b, c):
        await peer.enter("joint")
    a.speak(0.01)
    await room.until(lambda: all(p.speakers == ("a",) for p in (a, b, c)))
    b.speak(0.5)
    await room.until(lambda: all(p.speakers == ("b", "a") for p in (a, b, c)))
    b.rest()
    await room.until(lambda: all(p.speakers == ("a",) for p in (a, b, c)))
    a.speak(0)  # Packets that say nothing.
    await room.until(lambda: not any(p.speakers for p in (a, b, c)))


async def test_a_closed_microphone_speaks_no_more_whatever_is_sent(room: Room) -> None:
    a, b = await room.join("a", "b")
    await a.enter("joint", microphone=False)
    await b.enter("joint")
    await room.until(lambda: b.speakers == ("b",))
    await room.plane.microphone(a.seat, True)
    await room.until(lambda: set(b.speakers) == {"a", "b"})
    await room.plane.microphone(a.seat, False)
    await room.until(lambda: b.speakers == ("b",))


async def test_nobody_outside_a_space_is_told_who_speaks_in_it(room: Room) -> None:
    """Also not in the moment of moving, nor in a lobby, where all send what they like."""
    a, b, c, lobby = await room.join("a", "b", "c", "lobby")
    c.rest()
    for peer in (a, b, c):
        await peer.enter("joint")
    await room.until(lambda: set(c.speakers) == {"a", "b"})
    for peer in (a, b):
        await peer.leave("joint")
        await peer.enter("caucus")
    await room.until(lambda: not c.speakers)
    c.speak()
    await room.until(lambda: c.speakers == ("c",))
    await room.until(lambda: set(a.speakers) == {"a", "b"} == set(b.speakers))

    before = len(room.log)
    for _ in range(3):
        a.rest()
        await room.until(lambda: b.speakers == ("b",))
        a.speak()
        await room.until(lambda: set(b.speakers) == {"a", "b"})
    await b.leave("caucus")
    await room.until(lambda: not b.speakers)
    await b.enter("joint")
    await room.until(lambda: set(c.speakers) == {"b", "c"} == set(b.speakers))
    later = [e for e in room.log[before:] if isinstance(e, Speaking)]
    assert not [e for e in later if e.seat == "c" and "a" in e.speakers]
    assert not [e for e in later if e.seat == "b" and {"a", "c"} <= set(e.speakers)]
    assert not told(room, lobby)


class Clocked(list[PlaneEvent]):
    """The log of a room, and when each event came."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def append(self, event: PlaneEvent) -> None:
        super().append(event)
        self.at.append(asyncio.get_running_loop().time())


async def test_it_is_told_on_a_change_and_four_times_a_second_at_most(room: Room) -> None:
    room.log = clocked = Clocked()
    people = await room.join("a", "b", "c", quiet=True)
    for peer in people:
        await peer.enter("joint")
    for _ in range(3):
        for peer in people:
            peer.speak()
            await room.until(lambda: people[0].seat in people[0].speakers)
        for peer in people:
            peer.rest()
        await room.until(lambda: not people[0].speakers)
    news = told(room, people[0])
    assert all(x != y for x, y in pairwise(news))
    times = [
        at
        for at, event in zip(clocked.at, clocked, strict=True)
        if isinstance(event, Speaking) and event.seat == "a"
    ]
    assert len(times) >= 6
    # They may be read a little later than they were told.
    assert sum(later - at < 0.2 for at, later in pairwise(times)) <= len(times) / 4


async def test_when_the_worker_dies_nobody_speaks_and_afterwards_they_do(room: Room) -> None:
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: set(a.speakers) == {"a", "b"})
    before = len(room.log)
    os.kill(room.plane.worker_pids[0], signal.SIGKILL)
    await room.until(lambda: Speaking(a.seat, ()) in room.log[before:])
    await room.until(lambda: set(a.speakers) == {"a", "b"} and set(b.speakers) == {"a", "b"})


class Up:
    """An up link on which one packet of silence has come."""

    connected = tells_levels = True

    def __init__(self) -> None:
        self.levels = b"\x7f"
        self.voice = self
        self.top_at = 0.0


def test_a_dead_microphone_is_told_to_its_own_seat_and_its_end_too() -> None:
    """The rule itself is in test_level."""
    news: list[dict[str, Any]] = []
    speakers = Speakers(news.append)
    ups: list[Any] = [Up(), Up()]
    dead, well = (
        Member(seat, up=up, space="joint", microphone=True)
        for seat, up in zip(("dead", "well"), ups, strict=True)
    )

    def listen(since: float, seconds: float) -> float:
        for now in (since + 0.1 * n for n in range(1, round(seconds * 10) + 1)):
            ups[0].top_at = ups[1].top_at = now
            speakers.listen("joint", [dead, well], now)
        return now

    ups[1].levels = b"\x28"
    now = listen(100.0, 1)
    ups[1].levels = b"\x7f"
    now = listen(now, DEAD_S - 2)
    assert [n for n in news if n["event"] == "microphone"] == []
    now = listen(now, 2)
    silent = {"event": "microphone", "seat": "dead", "silent": True}
    assert [n for n in news if n["event"] == "microphone"] == [silent]
    news.clear()
    dead.microphone = False
    now = listen(now, 0.1)
    assert news == [{**silent, "silent": False}]
    news.clear()
    dead.microphone = True
    listen(now, DEAD_S + 1)
    assert news == [silent]
    speakers.left(dead)
    assert news == [silent, {**silent, "silent": False}]
