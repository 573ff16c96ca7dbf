"""The end at which packets go in: beside whoever receives them, without ever holding them up.

Packets are gathered for a tenth of a second, track by track, and sent to the writer as one message
of them all.
Where the writer does not keep up, they are dropped and the hole is told: a recording must never be
what stops a voice.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from time import monotonic_ns

from recordings.record import HEAD, REPORT_BYTES, RTP
from recordings.track import Track

RECORDS, SENDER_REPORT, JSON = 1, 2, ord("{")
"""The first byte of a message; JSON's is its own."""

MESSAGE = struct.Struct(">BIHQ")
"""What it is, the recording's number, the track's of a report (else 0), when it was sent. A report
follows, or of each track its number, how many bytes, and its records."""

PART = struct.Struct(">HI")

GATHER = 100_000
"""Microseconds."""
_LARGEST = 60_000
ROOM = 8 * 1024 * 1024
"""Bytes that may wait in the socket, where the system allows as many."""


def connect(path: Path) -> socket.socket:
    """To the writer's socket. Raises OSError."""
    to = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        to.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        to.connect(str(path))
    except OSError:
        to.close()
        raise
    to.setblocking(False)
    return to


def now() -> int:
    """Monotonic microseconds: the same clock in every process of this machine."""
    return monotonic_ns() // 1000


class Tap:
    """Of one recording, in one process. Nothing here waits or fails."""

    def __init__(self, to: socket.socket, recording: int, clock: Callable[[], int] = now) -> None:
        self._to, self._recording, self._clock = to, recording, clock
        self._gathered: dict[int, bytearray] = {}
        self._since = self._size = 0
        self._lost_since: int | None = None
        self._untold: list[bytes] = []
        self.dropped = 0
        """Messages that the writer did not take."""

    def track(self, track: Track) -> None:
        """Tell whose stream this number is. Before its first packet."""
        self._tell({
            "do": "track", "number": track.number, "person": track.person, "kind": track.kind,
            "codec": track.codec, "rate": track.rate, "clock": track.clock,
        })  # fmt: skip

    def packet(self, track: int, packet: bytes | memoryview, at: int) -> None:
        """An RTP packet as it was received, and when."""
        gathered = self._gathered.get(track)
        if gathered is None:
            gathered = self._gathered[track] = bytearray()
            self._since = self._since or at
        gathered += HEAD.pack(RTP, len(packet), at)
        gathered += packet
        self._size += HEAD.size + len(packet)
        if self._size > _LARGEST or at - self._since > GATHER:
            self.flush()

    def report(self, track: int, report: bytes | memoryview, at: int) -> None:
        """A sender report: the RTCP packet of type 200 that is about this track."""
        if len(report) >= REPORT_BYTES:
            head = MESSAGE.pack(SENDER_REPORT, self._recording, track, at)
            self._send(head + bytes(report[:REPORT_BYTES]))

    def flush(self) -> None:
        """Send what is gathered. To be called from time to time, and last of all when one stops."""
        if not self._gathered:
            return
        message = bytearray(MESSAGE.pack(RECORDS, self._recording, 0, self._clock()))
        for track, records in self._gathered.items():
            message += PART.pack(track, len(records))
            message += records
        self._gathered, self._since, self._size = {}, 0, 0
        self._send(message)

    def _tell(self, message: dict[str, object]) -> None:
        message |= {"recording": self._recording, "at": self._clock()}
        self._send(json.dumps(message).encode(), must=True)

    def _send(self, message: bytes | bytearray, *, must: bool = False) -> None:
        if not self._caught_up() or not self._sent(message):
            if must:
                self._untold.append(bytes(message))
            else:
                self.dropped += 1
                self._lost_since = self._lost_since or self._clock()

    def _caught_up(self) -> bool:
        """Whether the writer has been told of what it missed, and all that it must know."""
        if self._lost_since is not None and not self._untold:
            gap = {"do": "gap", "recording": self._recording, "from": self._lost_since}
            self._untold.append(json.dumps({**gap, "at": self._clock(), "why": "behind"}).encode())
            self._lost_since = None
        while self._untold:
            if not self._sent(self._untold[0]):
                return False
            self._untold.pop(0)
        return True

    def _sent(self, message: bytes | bytearray) -> bool:
        try:
            self._to.send(message)
        except OSError:  # It is full, or the writer is gone; whoever started it notices that.
            return False
        return True
