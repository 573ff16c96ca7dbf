"""People who send, without a network and without waiting: packets with clocks of their own."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recordings.record import RTP, pack
from recordings.recording import Draft, Kept, Recording
from recordings.track import Track

KEY = bytes(range(32))
START = 5_000_000_000
"""The monotonic clock when recordings of tests begin."""
AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ABOUT = {"recording": "rec-1", "case": "case-1", "space": "space-1", "purpose": "reading"}
SECOND = 1_000_000


def unsafe(path: Path, content: bytes) -> None:
    """Write without waiting for the disk: thousands of segments in a test."""
    path.write_bytes(content)


def recording(folder: Path, **about: Any) -> Recording:
    return Recording(folder / "rec-1", KEY, {**ABOUT, **about}, START, AT, unsafe)


def rtp(
    seq: int, stamp: int, payload: bytes, *, ssrc: int = 7, marker: bool = False, kind: int = 96
) -> bytes:
    second = kind | (0x80 if marker else 0)
    return struct.pack(">BBHII", 0x80, second, seq & 0xFFFF, stamp & 0xFFFFFFFF, ssrc) + payload


def sender_report(ntp: float, stamp: int, ssrc: int = 7) -> bytes:
    high, low = int(ntp), int((ntp % 1) * (1 << 32))
    return struct.pack(">BBHIIIIII", 0x80, 200, 6, ssrc, high, low, stamp & 0xFFFFFFFF, 0, 0)


def voice(number: int = 1, person: str = "ann") -> Track:
    return Track(number, person, "audio", "opus", 48000, f"link-{person}")


def picture(number: int = 2, person: str = "ann") -> Track:
    return Track(number, person, "video", "vp8", 90000, f"link-{person}")


def vp8_packets(frame: bytes, seq: int, stamp: int, ssrc: int = 9) -> list[bytes]:
    """One picture in as many packets as it takes."""
    chunks = [frame[i : i + 1000] for i in range(0, len(frame), 1000)]
    return [
        rtp(
            seq + i, stamp, bytes([0x10 if i == 0 else 0x00]) + chunk, ssrc=ssrc,
            marker=i == len(chunks) - 1,
        )
        for i, chunk in enumerate(chunks)
    ]  # fmt: skip


def fake_frame(size: int = 2500, *, key: bool = False) -> bytes:
    """Looks like a picture to whoever takes packets apart."""
    head = b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", 640, 360) if key else b"\x11\x02\x00"
    return head + bytes(size - len(head))


def add(into: Recording, track: int, packet: bytes, at: int) -> None:
    into.add(track, pack(RTP, at, packet))


def keep(into: Recording, draft: Draft) -> Kept:
    return into.keep(draft)


@dataclass
class Sender:
    """One person's clock and network. All times are in microseconds."""

    seed: int
    ahead: float = 0.0
    """Seconds that their NTP clock is off ours."""
    drift: float = 0.0
    """Parts of a million that it runs fast."""
    delay: int = 20_000
    jitter: int = 10_000
    loss: float = 0.0
    stamp0: int = 0
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def ntp(self, at: int) -> float:
        return 3_900_000_000 + at / 1e6 * (1 + self.drift / 1e6) + self.ahead

    def stamp(self, at: int, rate: int) -> int:
        """The timestamp of what is captured at that moment of ours."""
        return self.stamp0 + int((at - START) / 1e6 * (1 + self.drift / 1e6) * rate)

    def arrives(self, at: int) -> int | None:
        """When what is sent at that moment arrives; None: lost."""
        if self._random.random() < self.loss:
            return None
        return at + self.delay + int(self._random.expovariate(1) * self.jitter)


def minute(seconds: int) -> Iterator[int]:
    """Moments, 20 ms apart."""
    return iter(range(START, START + seconds * SECOND, 20_000))
