"""Sending and counting on bare sockets, cheap enough for 26,000 packets a second on one core."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pylibsrtp._binding import ffi as _ffi
from pylibsrtp._binding import lib as _lib

from bench.link import Link
from bench.media import AUDIO_CLOCK, AUDIO_RATE, DESCRIPTOR, FRAME_RATE, VIDEO_CLOCK, Reel
from bench.sdp import AUDIO_LEVEL, MID, OPUS, TRANSPORT_CC, VP8

ffi: Any = _ffi
lib: Any = _lib

PACING = 0.005
"""Seconds between packets of one picture, as Chromium's pacer spreads them at this rate."""
NTP_EPOCH = 2_208_988_800
SAMPLED = 64
"""One packet of so many is decrypted and compared with what was sent; all are counted."""

_packet: Any = ffi.new("unsigned char[2048]")
_bytes = memoryview(ffi.buffer(_packet))
_length: Any = ffi.new("int *")
_received = bytearray(2048)
_view = memoryview(_received)
_rtp = struct.Struct("!BBHII")


class Transport:
    """What both streams of an up link share: the socket, the counter of TWCC, RTCP both ways."""

    def __init__(self, link: Link, accepted: dict[str, dict[str, int]]) -> None:
        self.link = link
        self.accepted = accepted
        self.count = 0
        self.keyframe_wanted = False

    def drain(self) -> None:
        """Take what the server says: keyframe requests are obeyed, checks answered."""
        for size in _datagrams(self.link):
            if 127 < _received[0] < 192 and 191 < _received[1] < 224:
                self._feedback(bytes(_view[:size]))

    def _feedback(self, data: bytes) -> None:
        plain = self.link.unprotect.unprotect_rtcp(data)
        at = 0
        while at + 4 <= len(plain):
            kind, form = plain[at + 1], plain[at] & 31
            # RFC 4585 and 5104: a picture was lost (PLI), or a full one is asked for (FIR).
            if kind == 206 and form in (1, 4):
                self.keyframe_wanted = True
            at += 4 + 4 * int.from_bytes(plain[at + 2 : at + 4], "big")


class Source:
    """One stream a person sends; `steps` is its endless schedule."""

    def __init__(self, transport: Transport, kind: str, ssrc: int, reel: Reel) -> None:
        self.transport, self.ssrc, self.reel = transport, ssrc, reel
        self.video = kind == "video"
        self.payload_type = VP8 if self.video else OPUS
        self.clock = VIDEO_CLOCK if self.video else AUDIO_CLOCK
        self.sequence = random.randrange(30_000)
        self.picture = random.randrange(30_000)
        self.base = random.randrange(1 << 31)
        self.packets = self.octets = 0
        self.report_due = 0.0
        self.extension, self._twcc_at = _extension(transport.accepted.get(kind, {}), kind)

    def steps(self, start: float) -> Iterator[float]:
        """Send when resumed; yields the time when it wants to be resumed."""
        yield from self._pictures(start) if self.video else self._sounds(start)

    def _sounds(self, due: float) -> Iterator[float]:
        while True:
            for payload in self.reel.audio:
                yield due
                self._send(payload, due, last=False)
                due += 1 / AUDIO_RATE

    def _pictures(self, due: float) -> Iterator[float]:
        while True:
            self.transport.keyframe_wanted = False
            for frame in self.reel.video:
                self.picture = (self.picture + 1) & 0x7FFF
                count = len(frame.payloads)
                gap = min(PACING, 1 / FRAME_RATE / count)
                for index, payload in enumerate(frame.payloads):
                    yield due + index * gap
                    self._send(payload, due, last=index == count - 1)
                due += 1 / FRAME_RATE
                if self.transport.keyframe_wanted:
                    break  # the reel begins with one

    def _send(self, payload: bytes, due: float, *, last: bool) -> None:
        timestamp = (self.base + int(due * self.clock)) & 0xFFFFFFFF
        self.sequence = (self.sequence + 1) & 0xFFFF
        kind = self.payload_type | (0x80 if last else 0)
        first = 0x90 if self.extension else 0x80
        _rtp.pack_into(_bytes, 0, first, kind, self.sequence, timestamp, self.ssrc)
        at = 12 + len(self.extension)
        _bytes[12:at] = self.extension
        if self._twcc_at:
            self.transport.count = (self.transport.count + 1) & 0xFFFF
            struct.pack_into("!H", _bytes, self._twcc_at, self.transport.count)
        end = at + len(payload)
        _bytes[at:end] = payload
        if self.video:
            struct.pack_into("!H", _bytes, at + 2, 0x8000 | self.picture)
        _length[0] = end
        link = self.transport.link
        if lib.srtp_protect(link.protect._srtp[0], _packet, _length):
            raise RuntimeError("SRTP refused to protect a packet")
        link.sock.send(_bytes[: _length[0]])
        self.packets += 1
        self.octets += len(payload)
        if due >= self.report_due:
            self.report_due = due + 1
            self._report(timestamp)

    def _report(self, timestamp: int) -> None:
        """A sender report each second, as browsers send (RFC 3550, section 6.4.1)."""
        now = time.time() + NTP_EPOCH
        ntp = int(now), int(now % 1 * (1 << 32))
        counts = timestamp, self.packets & 0xFFFFFFFF, self.octets & 0xFFFFFFFF
        plain = struct.pack("!BBHIIIIII", 0x80, 200, 6, self.ssrc, *ntp, *counts)
        link = self.transport.link
        link.sock.send(link.protect.protect_rtcp(plain))


@dataclass(slots=True)
class Flow:
    """What came of one stream."""

    next: int
    count: int = 0


@dataclass(slots=True)
class Sink:
    """A down link: counts what comes by the clear SSRC and sequence number, decrypts a sample."""

    link: Link
    known: frozenset[bytes]
    ssrc: int
    delivered: int = 0
    broken: int = 0
    flows: dict[int, Flow] = field(default_factory=dict)

    def drain(self) -> None:
        flows = self.flows
        for size in _datagrams(self.link):
            if not 127 < _received[0] < 192 or 191 < _received[1] < 224:
                continue
            sequence = _received[2] << 8 | _received[3]
            ssrc = int.from_bytes(_received[8:12], "big")
            flow = flows.get(ssrc)
            if flow is None:
                flow = flows[ssrc] = Flow(next=sequence)
            # What comes twice or late is not counted.
            if (sequence - flow.next) & 0x8000:
                continue
            flow.next = (sequence + 1) & 0xFFFF
            flow.count += 1
            self.delivered += 1
            if not flow.count % SAMPLED:
                self._check(bytes(_view[:size]))

    def report(self) -> None:
        """A receiver report on every stream, as browsers send each second."""
        blocks = b"".join(
            struct.pack("!IIIIII", ssrc, 0, flow.next, 0, 0, 0) for ssrc, flow in self.flows.items()
        )
        count = len(self.flows)
        plain = struct.pack("!BBHI", 0x80 | count, 201, 1 + 6 * count, self.ssrc) + blocks
        self.link.sock.send(self.link.protect.protect_rtcp(plain))

    def _check(self, data: bytes) -> None:
        plain = self.link.unprotect.unprotect(data)
        at = 12 + 4 * (plain[0] & 15)
        if plain[0] & 16:
            at += 4 + 4 * int.from_bytes(plain[at + 2 : at + 4], "big")
        if plain[at:] not in self.known and plain[at + DESCRIPTOR :] not in self.known:
            self.broken += 1


def _datagrams(link: Link) -> Iterator[int]:
    """Sizes of the waiting datagrams, each in `_received`; STUN is answered on the way."""
    receive = link.sock.recv_into
    while True:
        try:
            size = receive(_received)
        except BlockingIOError:
            return
        if size and _received[0] < 4:
            link.stun(bytes(_view[:size]))
        elif size > 11:
            yield size


def _extension(accepted: dict[str, int], kind: str) -> tuple[bytes, int]:
    """The one-byte header extensions of a stream (RFC 8285), and where TWCC's number is."""
    block, twcc_at = b"", 0
    mid = b"1" if kind == "video" else b"0"
    for uri, value in ((AUDIO_LEVEL, b"\x9e"), (MID, mid), (TRANSPORT_CC, b"\0\0")):
        number = accepted.get(uri)
        if number is None or (uri == AUDIO_LEVEL and kind == "video"):
            continue
        block += bytes([number << 4 | len(value) - 1])
        if uri == TRANSPORT_CC:
            twcc_at = 12 + 4 + len(block)
        block += value
    if not block:
        return b"", 0
    block += bytes(-len(block) % 4)
    return struct.pack("!HH", 0xBEDE, len(block) // 4) + block, twcc_at
