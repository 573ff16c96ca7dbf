"""RTCP (RFC 3550, RFC 4585, REMB, transport-wide feedback): what the plane says and understands."""

from __future__ import annotations

import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

OUR_SSRC = 1
"""As whom we report; streams get random numbers above it."""

_SR, _RR, _SDES, _RTPFB, _PSFB = 200, 201, 202, 205, 206
_NTP_OFFSET = 2208988800
_MOST_MISSING = 512
"""Numbers that are read from one packet; what else is missing is asked for again."""
_CLOCK_OFFSET = time.time() - time.monotonic()


def ntp(at: float) -> int:
    """Monotonic seconds as a 64-bit NTP time that never jumps when the wall clock is set."""
    return int((at + _CLOCK_OFFSET + _NTP_OFFSET) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF


@dataclass(slots=True)
class SenderReport:
    """A source's clock: at NTP second `ntp` (its own) the timestamp was `timestamp`."""

    ssrc: int
    ntp: float
    middle: int
    """The 32 bits that a receiver report gives back."""
    timestamp: int


@dataclass(slots=True)
class Block:
    """One stream in a receiver report."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(slots=True)
class Heard:
    """What a compound packet said."""

    reports: list[SenderReport] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    """SSRCs for which a keyframe is asked."""
    missing: list[tuple[int, int]] = field(default_factory=list)
    """(SSRC, sequence number) of packets that did not arrive."""
    bits: int | None = None
    """What the receiver believes its network carries, in bits a second (REMB)."""


def read(data: bytes) -> Heard:
    """Read a compound packet; what is malformed ends it, what is unknown is passed over."""
    heard = Heard()
    at = 0
    while at + 8 <= len(data):
        first, kind, words = struct.unpack_from(">BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            break
        if kind == _SR and end - at >= 28:
            ssrc, high, low, stamp = struct.unpack_from(">IIII", data, at + 4)
            middle = (high & 0xFFFF) << 16 | low >> 16
            heard.reports.append(SenderReport(ssrc, high + low / (1 << 32), middle, stamp))
            _read_blocks(heard, data, at + 28, end)
        elif kind == _RR:
            _read_blocks(heard, data, at + 8, end)
        elif kind == _RTPFB and first & 31 == 1:
            _read_missing(heard, data, at + 8, end)
        elif kind == _PSFB:
            _read_payload_feedback(heard, first & 31, data, at, end)
        at = end
    return heard


def _read_blocks(heard: Heard, data: bytes, at: int, end: int) -> None:
    for block in range(at, end - 23, 24):
        ssrc, word, *rest = struct.unpack_from(">IIIIII", data, block)
        heard.blocks.append(Block(ssrc, word >> 24, word & 0xFFFFFF, *rest))


def _read_missing(heard: Heard, data: bytes, at: int, end: int) -> None:
    """A number, and which of the sixteen after it are missing too."""
    if end - at < 4:
        return
    (ssrc,) = struct.unpack_from(">I", data, at)
    for entry in range(at + 4, end - 3, 4):
        if len(heard.missing) > _MOST_MISSING:
            return
        number, more = struct.unpack_from(">HH", data, entry)
        heard.missing.append((ssrc, number))
        heard.missing += [(ssrc, number + 1 + n & 0xFFFF) for n in range(16) if more >> n & 1]


def _read_payload_feedback(heard: Heard, form: int, data: bytes, at: int, end: int) -> None:
    if form == 1 and end - at >= 12:
        heard.pictures += struct.unpack_from(">I", data, at + 8)
    elif form == 4:  # FIR names its streams in entries of 8 bytes.
        for entry in range(at + 12, end - 7, 8):
            heard.pictures += struct.unpack_from(">I", data, entry)
    elif form == 15 and end - at >= 20 and data[at + 12 : at + 16] == b"REMB":
        (word,) = struct.unpack_from(">I", data, at + 16)
        heard.bits = (word & 0x3FFFF) << (word >> 18 & 63)


def receiver_report(blocks: Sequence[Block] = ()) -> bytes:
    """A receiver report; empty, it is the smallest thing that shows we are there."""
    parts = [struct.pack(">BBHI", 0x80 | len(blocks), _RR, 1 + 6 * len(blocks), OUR_SSRC)]
    for b in blocks:
        lost = b.lost & 0xFFFFFF
        word = b.fraction << 24 | lost
        parts.append(
            struct.pack(">IIIIII", b.ssrc, word, b.highest, b.jitter, b.last_report, b.delay)
        )
    return b"".join(parts)


def sender_report(ssrc: int, at: float, timestamp: int, packets: int, octets: int) -> bytes:
    """A stream's clock in the server's time (`at`, monotonic seconds)."""
    return struct.pack(
        ">BBHIQIII",
        0x80, _SR, 6, ssrc, ntp(at),
        timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF,
    )  # fmt: skip


def name(ssrc: int, cname: str) -> bytes:
    """The SDES packet that goes with a sender report."""
    text = cname.encode()
    chunk = struct.pack(">IBB", ssrc, 1, len(text)) + text + b"\0"
    chunk += b"\0" * (-len(chunk) % 4)
    return struct.pack(">BBH", 0x81, _SDES, len(chunk) // 4) + chunk


def picture_request(ssrc: int) -> bytes:
    """PLI: send a keyframe."""
    return struct.pack(">BBHII", 0x81, _PSFB, 2, OUR_SSRC, ssrc)


def missing(ssrc: int, numbers: Sequence[int]) -> bytes:
    """NACK: send these again; `numbers` are unwrapped sequence numbers, ascending, not empty."""
    entries: list[tuple[int, int]] = []
    for number in numbers:
        if entries and 0 < number - entries[-1][0] <= 16:
            base, more = entries[-1]
            entries[-1] = base, more | 1 << number - base - 1
        else:
            entries.append((number, 0))
    body = b"".join(struct.pack(">HH", base & 0xFFFF, more) for base, more in entries)
    return struct.pack(">BBHII", 0x81, _RTPFB, 2 + len(entries), OUR_SSRC, ssrc) + body


def round_trip(block: Block, now: float) -> float | None:
    """Seconds there and back, by a block that answers a report of ours; None if it answers none."""
    if not block.last_report:
        return None
    ticks = (ntp(now) >> 16) - block.last_report - block.delay & 0xFFFFFFFF
    return ticks / 65536 if ticks < 0x80000000 else 0.0


def bitrate(ssrcs: Sequence[int], bits_per_second: int) -> bytes:
    """REMB: the receiver's estimate, for senders without transport-wide feedback."""
    exponent = max(0, bits_per_second.bit_length() - 18)
    mantissa = bits_per_second >> exponent
    body = struct.pack(">II", OUR_SSRC, 0) + b"REMB"
    body += struct.pack(">I", len(ssrcs) << 24 | exponent << 18 | mantissa)
    body += b"".join(struct.pack(">I", s) for s in ssrcs)
    return struct.pack(">BBH", 0x8F, _PSFB, len(body) // 4) + body


def transport_feedback(
    media_ssrc: int, count: int, first: int, arrivals: Sequence[tuple[int, float]]
) -> bytes:
    """Arrival times by transport-wide number (draft-holmer-rmcat-transport-wide-cc-extensions-01).

    `arrivals` are (number, monotonic seconds), numbers unwrapped and ascending, not empty; what is
    missing from `first` on did not arrive. `count` numbers the feedback packets.
    """
    known = dict(arrivals)
    last, earliest = arrivals[-1][0], arrivals[0][1]
    reference = int(earliest * 1000) // 64
    before = reference * 256  # Ticks of 250 µs.
    symbols: list[int] = []
    deltas = bytearray()
    for number in range(first, last + 1):
        at = known.get(number)
        if at is None:
            symbols.append(0)
            continue
        tick = int(at * 4000)
        delta = tick - before
        before = tick
        if 0 <= delta < 256:
            symbols.append(1)
            deltas.append(delta)
        else:
            symbols.append(2)
            deltas += struct.pack(">h", max(-32768, min(32767, delta)))
    chunks = b"".join(_two_bits(symbols[i : i + 7]) for i in range(0, len(symbols), 7))
    head = struct.pack(
        ">IIHHI",
        OUR_SSRC, media_ssrc, first & 0xFFFF, len(symbols),
        (reference & 0xFFFFFF) << 8 | count & 0xFF,
    )  # fmt: skip
    body = head + chunks + bytes(deltas)
    body += b"\0" * (-len(body) % 4)
    return struct.pack(">BBH", 0x8F, _RTPFB, len(body) // 4) + body


def _two_bits(symbols: Sequence[int]) -> bytes:
    word = 0xC000
    for index, symbol in enumerate(symbols):
        word |= symbol << 12 - 2 * index
    return struct.pack(">H", word)
