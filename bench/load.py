"""The generator: a process of its own that plays all the people of all the rooms.

It joins them to one server, then waits for bursts: everyone sends for so many seconds, and what
arrives at everyone is counted beside the server's processor time. Between bursts it is silent.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import json
import os
import random
import select
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aiortc import RTCCertificate

from bench import sdp
from bench.cpu import cpu_seconds, machine_seconds
from bench.janus import Videoroom
from bench.link import Link
from bench.media import FRAME_RATE, Reel, make_reel
from bench.signalling import Remote, Signalling
from bench.streams import Sink, Source, Transport

DRAIN = 0.005
"""Seconds between looks at what arrived; looking does not depend on it, so nobody is woken."""
CHECKS = 2.5
"""Seconds between the signs of life of an end, as in browsers."""
SETTLE = 0.4
"""Seconds without a packet, after which what has not arrived is lost."""
DEADLINE = 10.0
"""Seconds for everyone to hear and see everyone, before the load is given up."""


@dataclass(slots=True)
class Crowd:
    """Everyone, connected."""

    size: int
    """People in a room."""
    transports: list[Transport] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    sinks: list[Sink] = field(default_factory=list)
    profiles: set[str] = field(default_factory=set)

    @property
    def ends(self) -> list[Transport | Sink]:
        """Everyone's two ends."""
        return [*self.transports, *self.sinks]

    @property
    def delivered(self) -> int:
        return sum(sink.delivered for sink in self.sinks)

    @property
    def sent(self) -> int:
        return sum(source.packets for source in self.sources)

    @property
    def complete(self) -> bool:
        """Whether everyone has received every voice and picture."""
        return all(len(sink.flows) >= 2 * (self.size - 1) for sink in self.sinks)


async def uplink(
    server: Signalling, certificate: RTCCertificate, room: int, who: int, ssrcs: dict[str, int]
) -> tuple[Link, dict[str, dict[str, int]]]:
    """Somebody's, connected; and the header extensions that the server takes."""
    link = Link(certificate, offers=True)
    offer = sdp.offer(await link.here(), ssrcs, f"bench-{room}-{who}")
    there = sdp.read(await server.publish(room, who, offer))
    await link.connect(there)
    return link, there.accepted


async def downlink(server: Signalling, certificate: RTCCertificate, room: int, who: int) -> Link:
    """Somebody's, connected."""
    link = Link(certificate, offers=False)
    offered = await server.subscribe(room, who)
    answer = sdp.answer(await link.here(), offered)
    await asyncio.gather(server.accept(room, who, answer), link.connect(sdp.read(offered)))
    return link


async def join(server: Signalling, rooms: int, people: int, reel: Reel) -> Crowd:
    """Connect everyone's up link, then everyone's down link."""
    certificate = RTCCertificate.generateCertificate()
    crowd, known = Crowd(people), reel.known()
    places = [(room, who) for room in range(rooms) for who in range(people)]

    async def up(room: int, who: int) -> None:
        ssrcs = {"audio": random.getrandbits(31), "video": random.getrandbits(31)}
        link, accepted = await uplink(server, certificate, room, who, ssrcs)
        transport = Transport(link, accepted)
        crowd.transports.append(transport)
        crowd.sources += [Source(transport, kind, ssrcs[kind], reel) for kind in ssrcs]

    async def down(room: int, who: int) -> None:
        link = await downlink(server, certificate, room, who)
        crowd.sinks.append(Sink(link, known, random.getrandbits(31)))

    await asyncio.gather(*(up(*place) for place in places))
    await asyncio.gather(*(down(*place) for place in places))
    for end in crowd.ends:
        end.link.seize()
        crowd.profiles.add(end.link.profile)
    return crowd


class Player:
    """Sends everything when it is due and looks at what arrived; one thread, no event loop."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self._due: list[tuple[float, int, Iterator[float]]] = []
        self._drain_at = self._report_at = self._check_at = 0.0

    def start(self) -> None:
        """Begin to send, each with a keyframe and at a moment of their own."""
        now, sources = time.monotonic(), self.crowd.sources
        for number, source in enumerate(sources):
            steps = source.steps(now + number / len(sources) / FRAME_RATE)
            self._due.append((next(steps), number, steps))
        heapq.heapify(self._due)

    def settle(self, target: int) -> None:
        """Stop sending; wait until so many packets in all have arrived, or no more come."""
        self._due.clear()
        seen, quiet = self.crowd.delivered, time.monotonic() + SETTLE
        while seen < target and time.monotonic() < quiet:
            self.play(time.monotonic() + DRAIN)
            if self.crowd.delivered > seen:
                seen, quiet = self.crowd.delivered, time.monotonic() + SETTLE

    def play(self, until: float, command: Iterable[int] = ()) -> bool:
        """Run to that time, or until one of these descriptors can be read (returns True)."""
        due, inputs = self._due, list(command)
        while (now := time.monotonic()) < until:
            while due and due[0][0] <= now:
                _, number, steps = due[0]
                heapq.heapreplace(due, (next(steps), number, steps))
            self._look(now)
            soon = min(due[0][0] if due else until, self._drain_at, until)
            wait = max(0.0, soon - time.monotonic())
            if inputs:
                if select.select(inputs, [], [], wait)[0]:
                    return True
            else:
                time.sleep(wait)
        return False

    def _look(self, now: float) -> None:
        if now < self._drain_at:
            return
        self._drain_at = now + DRAIN
        for transport in self.crowd.transports:
            transport.drain()
        for sink in self.crowd.sinks:
            sink.drain()
        if now >= self._report_at:
            self._report_at = now + 1
            for sink in self.crowd.sinks:
                sink.report()
        if now >= self._check_at:
            self._check_at = now + CHECKS
            for end in self.crowd.ends:
                end.link.check()


def warm_up(player: Player) -> None:
    """Send until everyone has everything, and a little longer. Raises TimeoutError."""
    deadline = time.monotonic() + DEADLINE
    player.start()
    while not player.crowd.complete:
        if time.monotonic() > deadline:
            raise TimeoutError("not everyone received every stream")
        player.play(time.monotonic() + 0.1)
    player.play(time.monotonic() + 0.5)
    player.settle(player.crowd.sent * (player.crowd.size - 1))


def burst(player: Player, seconds: float, groups: dict[str, list[int]]) -> dict[str, object]:
    """Everyone sends for so long; packets and the processor seconds of each group of processes."""
    crowd = player.crowd
    sent, delivered = crowd.sent, crowd.delivered
    everything = {pid for pids in groups.values() for pid in pids} | {os.getpid()}
    machine, ours, began = machine_seconds(), cpu_seconds(everything), time.monotonic()
    used = {name: cpu_seconds(pids) for name, pids in groups.items()}
    player.start()
    player.play(time.monotonic() + seconds)
    expected = (crowd.sent - sent) * (crowd.size - 1)
    player.settle(delivered + expected)
    cpu = {name: cpu_seconds(pids) - used[name] for name, pids in groups.items()}
    others = machine_seconds() - machine - (cpu_seconds(everything) - ours)
    return {
        "expected": expected,
        "delivered": crowd.delivered - delivered,
        "cpu": cpu,
        "others": max(0.0, others) / (time.monotonic() - began),
        "broken": sum(sink.broken for sink in crowd.sinks),
    }


def serve(crowd: Crowd) -> None:
    """Answer commands on the standard input, one JSON object a line, until it ends."""
    player = Player(crowd)
    warm_up(player)
    say({"profiles": sorted(crowd.profiles)})
    gc.collect()
    gc.freeze()
    gc.disable()
    while True:
        while not player.play(time.monotonic() + 1, [sys.stdin.fileno()]):
            pass
        line = sys.stdin.readline()
        if not line:
            return
        wanted = json.loads(line)
        say(burst(player, wanted["seconds"], wanted["groups"]))


def say(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)


async def main(peer: str, port: int, rooms: int, people: int) -> None:
    recording = peer == "janus_recording"
    janus = recording or peer == "janus"
    async with Videoroom(port, recording=recording) if janus else Remote(port) as server:
        serve(await join(server, rooms, people, make_reel()))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
