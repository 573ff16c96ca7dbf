"""Several workers: who is where, and that nobody notices what happens to another one."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from server.domain.ids import SessionId, SpaceId
from signaling.media import fleet, process
from signaling.media.embedded import EmbeddedPlane, WorkerStats, divided
from signaling.media.plane import BadSignal, Links, LinkState, PlaneEvent, Signal, Slots
from tests.media.peer import Peer, Room, hears, running, silent
from tests.media.test_worker import is_running

TWO = SessionId("two")


@pytest.fixture
async def pair() -> AsyncIterator[Room]:
    """Two workers, each with eight ports."""
    plane = EmbeddedPlane(addresses=["127.0.0.1"], workers=2, ports=(42500, 42515))
    async for started in running(plane):
        yield started


def felt(room: Room, since: int, *peers: Peer) -> list[PlaneEvent]:
    """What these were told since then of their links and of who is forwarded."""
    seats = {peer.seat for peer in peers}
    kinds = (Links, LinkState, Slots)
    return [e for e in room.log[since:] if e.seat in seats and isinstance(e, kinds)]


async def by_worker(room: Room) -> dict[int, WorkerStats]:
    return {stats.pid: stats for stats in await room.plane.stats()}


async def test_sessions_are_spread_and_a_killed_worker_is_felt_by_its_own_only(pair: Room) -> None:
    a, b = await pair.join("a", "b")
    c, d = await pair.join("c", "d", session=TWO)
    for peer in (a, b):
        await peer.enter("joint")
    for peer in (c, d):
        await peer.enter("their joint")
    await pair.until(lambda: hears(a, b) and hears(b, a) and hears(c, d) and hears(d, c))
    await pair.until(lambda: silent(a, c) and hears(a, b))

    first, second = pair.plane.worker_pids
    stats = await by_worker(pair)
    assert [(stats[pid].sessions, stats[pid].members) for pid in (first, second)] == [(1, 2)] * 2
    assert set(stats[first].forwarded) == {("a", "b"), ("b", "a")}
    assert set(stats[second].forwarded) == {("c", "d"), ("d", "c")}
    assert a.server_ports() | b.server_ports() <= set(range(42500, 42508))
    assert c.server_ports() | d.server_ports() <= set(range(42508, 42516))

    since, links, heard = len(pair.log), (c.links, d.links), (a.received, b.received)
    os.kill(second, signal.SIGKILL)
    await pair.until(lambda: c.links is not links[0] and d.links is not links[1])
    await pair.until(lambda: c.ready and d.ready and hears(c, d) and hears(d, c))
    assert await pair.plane.routes(SpaceId("their joint")) == {("c", "d"), ("d", "c")}
    assert felt(pair, since, a, b) == []
    assert a.received > heard[0]
    assert b.received > heard[1]
    assert first in pair.plane.worker_pids
    assert second not in pair.plane.worker_pids


async def test_the_next_session_goes_where_the_least_is(pair: Room) -> None:
    """By what may be forwarded: one of three weighs more than two of one."""
    for seat, session in (("a", "1"), ("b", "1"), ("c", "2"), ("d", "3"), ("e", "4")):
        await pair.plane.open(SessionId(session), pair.seat(seat))
    stats = [(s.sessions, s.members) for s in await pair.plane.stats()]
    assert stats == [(1, 2), (3, 3)]
    await pair.plane.close(pair.seat("a"))
    await pair.plane.close(pair.seat("b"))  # Nothing is left of that session.
    assert [s.sessions for s in await pair.plane.stats()] == [0, 3]
    await pair.plane.open(SessionId("1"), pair.seat("a"))
    assert [s.sessions for s in await pair.plane.stats()] == [1, 3]


async def test_a_worker_that_is_replaced_keeps_what_has_begun(room: Room) -> None:
    a, b = await room.join("a", "b")
    for peer in (a, b):
        await peer.enter("joint")
    await room.until(lambda: hears(a, b))
    [old] = room.plane.worker_pids
    since = len(room.log)
    room.plane.renew()
    await room.until(lambda: len(room.plane.worker_pids) == 2)
    new, _ = room.plane.worker_pids

    c, d = await room.join("c", "d", session=TWO)
    for peer in (c, d):
        await peer.enter("their joint")
    await room.until(lambda: hears(c, d) and hears(a, b) and hears(b, a))
    stats = await by_worker(room)
    assert (stats[old].draining, stats[old].members) == (1, 2)
    assert (stats[new].draining, stats[new].members) == (0, 2)
    assert felt(room, since, a, b) == []

    for peer in (a, b):
        await peer.leave("joint")
        await room.plane.close(peer.seat)
    await room.until(lambda: room.plane.worker_pids == [new])
    assert not is_running(old)
    assert hears(c, d)


async def test_what_outlasts_the_limit_is_moved(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "QUIET_S", 0.3)  # They never stop to speak.
    a, b = await room.join("a", "b")
    for peer in (a, b):
        await peer.enter("joint")
    await room.plane.microphone(b.seat, False)
    await room.until(lambda: hears(b, a))
    [old] = room.plane.worker_pids
    links = (a.links, b.links)
    room.plane.renew(limit=0.0)
    await room.until(lambda: a.links is not links[0] and b.links is not links[1])
    await room.until(lambda: a.ready and b.ready and hears(b, a))
    await room.until(lambda: not is_running(old))
    assert old not in room.plane.worker_pids
    assert await room.plane.routes(SpaceId("joint")) == {("a", "b"), ("b", "a")}
    await room.until(lambda: silent(a, b) and hears(b, a))
    await b.leave("joint")
    assert await room.plane.routes(SpaceId("joint")) == set()


async def test_a_worker_killed_while_it_ends_hands_over_to_the_new_one(room: Room) -> None:
    a, b = await room.join("a", "b")
    for peer in (a, b):
        await peer.enter("joint")
    await room.until(lambda: hears(a, b))
    [old] = room.plane.worker_pids
    room.plane.renew()
    await room.until(lambda: len(room.plane.worker_pids) == 2)
    links = (a.links, b.links)
    os.kill(old, signal.SIGKILL)
    await room.until(lambda: a.links is not links[0] and b.links is not links[1])
    await room.until(lambda: a.ready and b.ready and hears(a, b) and hears(b, a))
    [new] = room.plane.worker_pids
    assert new != old


async def test_who_is_in_a_space_before_their_page_came_is_connected_when_it_comes(
    room: Room,
) -> None:
    [a] = await room.join("a")
    await a.enter("joint")
    await room.plane.enter(SpaceId("joint"), room.seat("b"), microphone=True)
    await room.plane.enter(SpaceId("joint"), room.seat("c"), microphone=True)
    await room.plane.leave(SpaceId("joint"), room.seat("c"))
    b, c = await room.join("b", "c")
    await room.until(lambda: hears(a, b) and hears(b, a))
    assert await room.plane.routes(SpaceId("joint")) == {("a", "b"), ("b", "a")}
    await room.until(lambda: silent(a, c) and hears(a, b))


async def test_a_worker_that_leaves_too_much_unanswered_is_killed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signals wait for as long as they take: only their number shows that it hangs."""
    links = await room.links("a")
    [pid] = room.plane.worker_pids
    monkeypatch.setattr(process, "MOST_ASKED", 2)
    os.kill(pid, signal.SIGSTOP)
    tried = [
        asyncio.create_task(room.plane.signal(links.seat, Signal(links.up, "candidate", "")))
        for _ in range(3)
    ]
    for refused in await asyncio.gather(*tried, return_exceptions=True):
        assert isinstance(refused, BadSignal)
    assert not is_running(pid)


def test_ports_are_divided_without_a_gap() -> None:
    assert divided((50000, 50199), 1) == [(50000, 50199)]
    parts = divided((50000, 50199), 3)
    assert parts[0][0] == 50000
    assert parts[-1][1] == 50199
    assert all(a[1] + 1 == b[0] for a, b in pairwise(parts))
    assert {last - first + 1 for first, last in parts} == {66, 67}
    with pytest.raises(ValueError, match="fewer"):
        divided((50000, 50001), 3)
