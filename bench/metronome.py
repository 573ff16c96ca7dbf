"""Two people, one of whom sends a packet of sound every 20 ms; how long each was on its way.

The receiver's kernel says when a packet came, so what this process does meanwhile does not matter.
Where it was itself interrupted while it sent, the packet tells nothing and is left out.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import select
import socket
import struct
import sys
import time

from bench.load import Crowd, join, say
from bench.media import make_reel
from bench.signalling import Remote
from bench.streams import Sink

_SO_TIMESTAMPNS = 35
INTERRUPTED_NS = 500_000
NICENESS = -10
"""As our worker: others on the machine are not what is measured."""
_TIMES = struct.Struct("@ll")


class Receiver:
    """A down link whose packets come with the time of their arrival."""

    def __init__(self, sink: Sink) -> None:
        self.link = sink.link
        self.link.sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.at: dict[int, int] = {}
        """Nanoseconds, by sequence number."""

    def drain(self) -> None:
        while True:
            try:
                data, extra, _, _ = self.link.sock.recvmsg(2048, 64)
            except BlockingIOError:
                return
            if data and data[0] < 4:
                self.link.stun(data)
            elif len(data) > 11 and not 191 < data[1] < 224:
                seconds, rest = _TIMES.unpack(extra[0][2])
                number = data[2] << 8 | data[3]
                self.at.setdefault(number, seconds * 1_000_000_000 + rest)


class Metronome:
    """Sends; `play` so many seconds."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._source = next(source for source in crowd.sources if not source.video)
        self._receivers = [Receiver(sink) for sink in crowd.sinks]
        self._check_at = 0.0

    def play(self, seconds: float) -> tuple[list[float], int]:
        """How long packets took, in ms; and how many got lost."""
        for receiver in self._receivers:
            receiver.at.clear()
        sent: dict[int, int | None] = {}
        now = time.monotonic()
        end, steps = now + seconds, self._source.steps(now)
        due = next(steps)
        while due < end:
            self._wait(due)
            before = time.time_ns()
            due = next(steps)
            whole = time.time_ns() - before < INTERRUPTED_NS
            sent[self._source.sequence] = before if whole else None
        self._wait(end + 0.5)
        return self._compare(sent)

    def asked(self) -> str:
        """The next line of the standard input; until then the links are kept."""
        while not select.select([sys.stdin], [], [], 0)[0]:
            self._wait(time.monotonic() + 0.1)
        return sys.stdin.readline()

    def _compare(self, sent: dict[int, int | None]) -> tuple[list[float], int]:
        # Whoever hears the source got most of it; its numbers are the source's, moved.
        came = max(self._receivers, key=lambda receiver: len(receiver.at)).at
        moved = next(reversed(came), 0) - next(reversed(sent))
        took, lost = [], 0
        for number, at in sent.items():
            arrived = came.get(number + moved & 0xFFFF)
            if arrived is None:
                lost += 1
            elif at is not None:
                took.append((arrived - at) / 1e6)
        return took, lost

    def _wait(self, until: float) -> None:
        sockets = [end.link.sock for end in self._crowd.ends]
        while (left := until - time.monotonic()) > 0:
            self._look(time.monotonic())
            select.select(sockets, [], [], min(left, 0.5))
            for receiver in self._receivers:
                receiver.drain()
            for transport in self._crowd.transports:
                transport.drain()

    def _look(self, now: float) -> None:
        if now >= self._check_at:
            self._check_at = now + 2.5
            for end in self._crowd.ends:
                end.link.check()


async def main(port: int) -> None:
    async with Remote(port) as server:
        crowd = await join(server, 1, 2, make_reel())
    metronome = Metronome(crowd)
    metronome.play(1.0)  # Until they hear each other.
    gc.collect()
    gc.freeze()
    gc.disable()
    say({"ready": True})
    while line := metronome.asked():
        took, lost = metronome.play(json.loads(line)["seconds"])
        say({"took": took, "lost": lost})


if __name__ == "__main__":
    with contextlib.suppress(PermissionError):
        os.nice(NICENESS)
    asyncio.run(main(int(sys.argv[1])))
