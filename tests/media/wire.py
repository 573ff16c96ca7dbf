"""A lane with keys of its own, whose packets can be read: for tests without a network."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass

from pylibsrtp import Policy, Session

from signaling.media import vp8
from signaling.media.packet import context
from signaling.media.slot import Lane
from signaling.media.source import Picture, UpClock, Voice

_KEY = os.urandom(44)


@dataclass(frozen=True)
class Packet:
    marker: bool
    payload_type: int
    seq: int
    stamp: int
    ssrc: int
    payload: bytes


def _session(direction: int) -> Session:
    policy = Policy(
        key=_KEY, ssrc_type=direction, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM
    )
    policy.window_size = 1024
    return Session(policy)


class Wire:
    """Where lanes send to, as a browser reads it: what is replayed or forged is not there."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self._sending = _session(Policy.SSRC_ANY_OUTBOUND)
        self._receiving = _session(Policy.SSRC_ANY_INBOUND)

    def lane(self, rate: int) -> Lane:
        lane = Lane(111 if rate == 48000 else 96, rate, "slot-0")
        lane.context = context(self._sending)
        lane.send = self._read
        return lane

    def _read(self, datagram: memoryview) -> None:
        data = self._receiving.unprotect(bytes(datagram))
        flags, kind, seq, stamp, ssrc = struct.unpack_from(">BBHII", data)
        assert flags == 0x80  # No extension, no padding, no contributors.
        self.packets.append(Packet(kind > 127, kind & 127, seq, stamp, ssrc, data[12:]))


def voice() -> Voice:
    source = Voice("a", UpClock())
    source.ssrc = 7
    return source


def picture(asked: list[int] | None = None) -> Picture:
    source = Picture("a", UpClock(), (asked if asked is not None else []).append)
    source.ssrc = 8
    return source


def vp8_payload(
    picture_id: int, *, key: bool, tl0: int | None = None, narrow: bool = False
) -> bytes:
    """The first packet of a frame."""
    flags = 0x80 | (0x40 if tl0 is not None else 0)
    number = bytes([picture_id & 0x7F]) if narrow else struct.pack(">H", 0x8000 | picture_id)
    rest = b"" if tl0 is None else bytes([tl0])
    return bytes([0x90, flags]) + number + rest + (b"\x00" if key else b"\x01") + b"frame"


def picture_id(payload: bytes) -> int:
    described = vp8.describe(payload)
    assert described is not None
    assert described.wide
    return described.picture


def feedback(data: bytes) -> dict[int, float]:
    """Read transport-wide feedback as a sender does: number → seconds since the reference."""
    first, count = struct.unpack_from(">HH", data, 12)
    (reference,) = struct.unpack_from(">I", data, 16)
    symbols: list[int] = []
    at = 20
    while len(symbols) < count:
        (word,) = struct.unpack_from(">H", data, at)
        assert word >> 14 == 3
        symbols += [word >> 12 - 2 * i & 3 for i in range(7)]
        at += 2
    arrived: dict[int, float] = {}
    ticks = (reference >> 8) * 256
    for number, symbol in enumerate(symbols[:count], first):
        if symbol == 1:
            ticks += data[at]
        elif symbol == 2:
            ticks += struct.unpack_from(">h", data, at)[0]
        at += symbol
        if symbol:
            arrived[number & 0xFFFF] = ticks / 4000
    assert len(data) - at < 4
    assert len(data) == 4 * (struct.unpack_from(">H", data, 2)[0] + 1)
    return arrived
