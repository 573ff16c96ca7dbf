"""A bad network, as a process: it carries packets between two namespaces as it is told to.

    python -m bench.wire NAMESPACE DEVICE NAMESPACE DEVICE

Each device is a TUN interface that this process makes and holds, so both ends go when it ends. A
line of JSON on its standard input holds the fields of `Wire`; each is answered with one.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import json
import os
import random
import struct
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 1, 0x1000
_LARGEST = 65_536
_UDP = 17
_QUEUE_S = 0.4
"""What a slow line keeps of what is too much; the rest is lost, as in the boxes people have."""
_NICENESS = -10


@dataclass(frozen=True, slots=True)
class Wire:
    """What happens to packets, in either direction."""

    loss: float = 0.0
    """The share that is lost."""
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    """More than the delay, at most; packets stay in their order."""
    kbit_s: float = 0.0
    """As many as fit; 0 is no limit."""
    udp: bool = True
    """Whether UDP passes."""
    up: bool = True
    """Whether anything does."""


class Direction:
    """From one end to the other."""

    def __init__(self, source: int, sink: int) -> None:
        self._source, self._sink = source, sink
        self._free = self._last = 0.0
        self.wire = Wire()

    def readable(self) -> None:
        with suppress(BlockingIOError):
            while True:
                self._take(os.read(self._source, _LARGEST))

    def _take(self, packet: bytes) -> None:
        wire, now = self.wire, asyncio.get_running_loop().time()
        if not wire.up or random.random() < wire.loss or (not wire.udp and _is_udp(packet)):
            return
        at = now
        if wire.kbit_s:
            at = max(now, self._free)
            if at - now > _QUEUE_S:
                return
            self._free = at = at + len(packet) / (125 * wire.kbit_s)
        at += (wire.delay_ms + random.random() * wire.jitter_ms) / 1000
        if at <= now:
            self._put(packet)
            return
        self._last = at = max(at, self._last)
        asyncio.get_running_loop().call_at(at, self._put, packet)

    def _put(self, packet: bytes) -> None:
        with suppress(OSError):  # The other end is down: the packet is lost.
            os.write(self._sink, packet)


def _is_udp(packet: bytes) -> bool:
    return packet[6 if packet[0] >> 4 == 6 else 9] == _UDP


async def carry(one: int, other: int) -> None:
    """Until the standard input ends."""
    loop = asyncio.get_running_loop()
    directions = [Direction(one, other), Direction(other, one)]
    for descriptor, direction in zip((one, other), directions, strict=True):
        loop.add_reader(descriptor, direction.readable)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    print(json.dumps({"ready": True}), flush=True)
    while line := await orders.readline():
        wire = replace(Wire(), **json.loads(line))
        for direction in directions:
            direction.wire = wire
        print(json.dumps({"at": time.time()}), flush=True)


def end(namespace: str, device: str) -> int:
    """Make that device there; returns its descriptor."""
    with Path(f"/run/netns/{namespace}").open() as there:
        if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    asked = struct.pack("16sH22x", device.encode(), _IFF_TUN | _IFF_NO_PI)
    fcntl.ioctl(descriptor, _TUNSETIFF, asked)
    return descriptor


if __name__ == "__main__":
    with suppress(PermissionError):
        os.nice(_NICENESS)
    asyncio.run(carry(end(*sys.argv[1:3]), end(*sys.argv[3:5])))
