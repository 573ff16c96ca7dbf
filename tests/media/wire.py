"""A lane with keys of its own, whose packets can be read: for tests without a network."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass

from pylibsrtp import Error, Policy, Session

from signaling.media import vp8
from signaling.media.packet import SEND_TIME_ID, context
from signaling.media.sdp import OPUS, VP8
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
    sent_at: int | None = None
    """The 24 bits that tell when it was sent, beside pictures only."""


def _session(direction: int) -> Session:
    policy = Policy(
        key=_KEY, ssrc_type=direction, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM
    )
    policy.window_size = 1024
    policy.allow_repeat_tx = True  # As aiortc has it.
    return Session(policy)


class Wire:
    """Where lanes send to, as a browser reads it: what is replayed or forged is not there."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.datagrams: list[bytes] = []
        """All that was sent, lost ones too."""
        self.lossy: Callable[[int], bool] = lambda seq: False
        """Which packets get lost, by their sequence number."""
        self._sending = _session(Policy.SSRC_ANY_OUTBOUND)
        self._receiving = _session(Policy.SSRC_ANY_INBOUND)

    def lane(self, rate: int) -> Lane:
        lane = Lane(OPUS if rate == 48000 else VP8, rate, "slot-0")
        lane.context = context(self._sending)
        lane.send = self._read
        return lane

    def _read(self, datagram: memoryview) -> None:
        self.datagrams.append(bytes(datagram))
        if self.lossy(struct.unpack_from(">H", datagram, 2)[0]):
            return
        try:
            data = self._receiving.unprotect(bytes(datagram))
        except Error:
            return
        flags, kind, seq, stamp, ssrc = struct.unpack_from(">BBHII", data)
        at, sent_at = 12, None
        if kind & 127 == VP8:
            profile, word = struct.unpack_from(">II", data, at)
            assert (flags, profile, word >> 24) == (0x90, 0xBEDE0001, SEND_TIME_ID << 4 | 2)
            at, sent_at = 20, word & 0xFFFFFF
        else:
            assert flags == 0x80  # No extension, no padding, no contributors.
        self.packets.append(Packet(kind > 127, kind & 127, seq, stamp, ssrc, data[at:], sent_at))


def voice() -> Voice:
    source = Voice("a", UpClock())
    source.ssrc = 7
    return source


def picture(
    asked: list[int] | None = None, missed: list[list[int]] | None = None, *, ssrc: int = 8
) -> Picture:
    """`asked` for keyframes by SSRC; `missed`: numbers asked for again."""
    wanted = missed if missed is not None else []
    source = Picture(
        "a", UpClock(), (asked if asked is not None else []).append, lambda _, n: wanted.append(n)
    )
    source.ssrc = ssrc
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
